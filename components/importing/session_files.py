"""What is read and counted of an upload, kept between reruns of one session.

A reading holds identities, so it is in the memory of this session only, one file at a time,
and is let go of as soon as the period is saved; never in a cache that sessions share.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from components.importing.reading import isolated_readers
from geo.audit.audit import Audit, audit_import, trace_of
from geo.audit.spellings import Spelling, list_spellings
from geo.core.files import Upload, digest
from geo.core.segments import Scope
from geo.counting.count import Counts
from geo.enrolment.reading import ColumnMissing, EnrolmentReading, Outline
from geo.gazetteer.aliases import check_aliases
from geo.measures.dataset import Dataset
from geo.workspace.periods import Workspace

_HELD: Final = "held_upload"


def read_upload(file: Upload, **options: Any) -> EnrolmentReading:
    """A file as read with these options (see `geo.enrolment.reading.read_enrolment`)."""
    held = _held(file)
    options = {name: value for name, value in options.items() if value}
    key = repr(sorted(options.items()))
    if key not in held:
        try:
            with isolated_readers(file.name, f"{held['file']} {key}") as readers:
                held[key] = readers.read_enrolment(file, **options)
        except ColumnMissing as missing:
            held[key] = missing
    if isinstance(held[key], ColumnMissing):
        raise held[key]
    reading: EnrolmentReading = held[key]
    return reading


def outline_upload(file: Upload, **options: Any) -> Outline:
    """What there is to choose among, also where a column that is needed was not found."""
    held = _held(file)
    key = f"outline {sorted(options.items())!r}"
    if key not in held:
        try:
            held[key] = read_upload(file, **options)
        except ColumnMissing as missing:
            held[key] = missing.outline
    outline: Outline = held[key]
    return outline


def place_upload(
    file: Upload, reading: EnrolmentReading, data: Dataset, nearest_km: float
) -> EnrolmentReading:
    """A reading whose records have the villages that their coordinates lie in."""
    # Not at the start: only files with coordinates need shapes.
    from geo.counting.points import place_reading

    held = _held(file)
    key = f"placed {id(reading)} {data.key} {nearest_km}"
    if key not in held:
        shapes = data.shapes.full("village")
        held[key] = place_reading(
            reading, data.gazetteer, shapes, data.names, nearest_km=nearest_km
        )
    result: EnrolmentReading = held[key]
    return result


def count_upload(
    file: Upload, reading: EnrolmentReading, data: Dataset, workspace: Workspace
) -> Counts:
    """People of a reading, matched with the confirmed spellings of the workspace."""
    held = _held(file)
    aliases, _ = check_aliases(workspace.aliases(), data.gazetteer)
    key = f"counts {id(reading)} {data.key} {aliases.to_json()}"
    if key not in held:
        with isolated_readers(file.name, f"{held['file']} {key}") as readers:
            held[key] = readers.count_people(reading, data.gazetteer, aliases)
    counts: Counts = held[key]
    return counts


def cover_upload(file: Upload, counts: Counts, scopes: dict[str, Scope]) -> Counts:
    """The same counts, of the segments that the user confirmed."""
    held = _held(file)
    key = f"covered {id(counts)} {sorted(scopes.items())!r}"
    if key not in held:
        held[key] = replace(counts, scopes=scopes)
    covered: Counts = held[key]
    return covered


def audit_upload(
    file: Upload, reading: EnrolmentReading, counts: Counts, data: Dataset, period: str
) -> Audit:
    """A period of the file, looked at from both sides."""
    held = _held(file)
    key = f"audit {id(counts)} {data.key} {period}"
    if key not in held:
        held[key] = audit_import(data, reading, counts, period)
    audit: Audit = held[key]
    return audit


def list_upload_spellings(
    file: Upload, reading: EnrolmentReading, counts: Counts, data: Dataset
) -> list[Spelling]:
    """Spellings of the file to confirm or review."""
    held = _held(file)
    key = f"spellings {id(counts)} {data.key}"
    if key not in held:
        held[key] = list_spellings(reading.records, trace_of(counts), data)
    spellings: list[Spelling] = held[key]
    return spellings


def forget_uploads() -> None:
    """Let go of every record that is still in memory."""
    st.session_state.pop(_HELD, None)


def _held(file: Upload) -> dict[str, Any]:
    """What is kept of this file; of another file nothing is kept any more."""
    name = digest(file)
    if st.session_state.get(_HELD, {}).get("file") != name:
        st.session_state[_HELD] = {"file": name}
    held: dict[str, Any] = st.session_state[_HELD]
    return held
