"""Eligible workers of one's own: counted, or estimated from population, with the same audit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from components.importing.reading import isolated_readers
from components.outcome import DATA_OUTCOME
from geo.audit.denominators_html import denominators_html, villages_html
from geo.core.errors import mark
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.core.privacy import hide_numbers, label_file
from geo.counting.count import Counts
from geo.denominators.build import Denominators, build_denominators, keep_others
from geo.denominators.factors import FACTORS, Factor, change_factors
from geo.denominators.reading import Kind, read_denominators
from geo.enrolment.reading import check_answers
from geo.gazetteer.aliases import check_aliases
from geo.measures.dataset import Dataset
from geo.reporting.about import eligible_source
from geo.workspace.periods import Workspace
from geo.workspace.saved_eligible import SavedEligible

_HELD: Final = "held_denominators"
_KINDS: Final[dict[Kind, str]] = {
    "eligible": mark("eligible workers, as counted"),
    "population": mark("population, to estimate eligible workers from"),
}

_OTHERS: Final = {
    True: mark("keep the number they had"),
    False: mark("have no number any more"),
}


def show_denominators(data: Dataset, workspace: Workspace, language: Language) -> None:
    """What eligible workers are in force, and the way to others."""
    st.subheader(language("Eligible workers"))
    st.caption(language("source: {source}", source=eligible_source(data, language)))
    saved = SavedEligible(workspace.folder)
    shown = saved.path()
    if shown is not None:
        st.button(
            language("Undo"),
            key=f"undo_{shown.stem}",
            on_click=partial(_undo, saved, shown, language),
        )
    with st.expander(language("Use your own eligible workers")):
        file = st.file_uploader(
            language("A table by village or subdistrict: CSV, XLSX, XLS, ODS or Parquet"),
            key="eligible_file",
        )
        kind: Kind = st.radio(
            language("Its numbers are"),
            list(_KINDS),
            format_func=lambda key: language(_KINDS[key]),
            key="eligible_kind",
        )
        if file is not None:
            upload = Upload(file.name, file.getvalue())
            _show_file(upload, kind, data, workspace, language)


def _show_file(
    upload: Upload, kind: Kind, data: Dataset, workspace: Workspace, language: Language
) -> None:
    counts = _count(upload, kind, data, workspace)
    factors: tuple[Factor, ...] = FACTORS
    total = None
    if kind == "population":
        total = _ask_total(language)
        factors = _ask_factors(language) if total is None else FACTORS
    label = label_file(upload.name, digest(upload))
    source = hide_numbers(
        st.text_input(
            language("Source, as page and files say it"),
            value=label,
            key=f"eligible_source_{digest(upload)}",
        )
    )
    places = data.shapes.villages.index
    found = build_denominators(counts, places, kind, factors=factors, total=total, source=source)
    found = _ask_others(found, SavedEligible(workspace.folder), language)
    st.html(denominators_html(found, language))
    for note in found.notes:
        st.caption(language(note.message, **note.facts))
    st.html(villages_html(found, data, language))
    st.button(
        language("Use these eligible workers"),
        key="save_eligible",
        type="primary",
        icon=":material/save:",
        on_click=partial(_save, found, upload, workspace, language),
    )


def _ask_others(found: Denominators, saved: SavedEligible, language: Language) -> Denominators:
    """Whether villages that the file has no number of keep the one they have."""
    with_others = keep_others(found, saved.read())
    if with_others is found:
        return found
    keeps: bool = st.radio(
        language("Villages that are not in the file"),
        (True, False),
        format_func=lambda keep: language(_OTHERS[keep]),
        key="eligible_others",
    )
    return with_others if keeps else found


def _count(upload: Upload, kind: Kind, data: Dataset, workspace: Workspace) -> Counts:
    """The file read, matched and counted, once for this file in this session."""
    aliases, _ = check_aliases(workspace.aliases(), data.gazetteer)
    key = f"{digest(upload)} {kind} {data.key} {aliases.to_json()}"
    held = st.session_state.get(_HELD, {})
    if held.get("key") != key:
        with isolated_readers(upload.name, key) as readers:
            reading = read_denominators(readers.read_enrolment, upload, kind)
            check_answers(reading)
            counts = readers.count_people(reading, data.gazetteer, aliases)
        st.session_state[_HELD] = {"key": key, "counts": counts}
    result: Counts = st.session_state[_HELD]["counts"]
    return result


def _ask_total(language: Language) -> int | None:
    """A total of the area that is known, to be shared out by population."""
    text: str = st.text_input(
        language("Eligible workers of the whole area, if known (shared out by population)"),
        key="eligible_total",
    )
    number = language.read_decimal(text) if text else None
    return int(number) if number else None


def _ask_factors(language: Language) -> tuple[Factor, ...]:
    """Each share with its source, to be changed by who knows better."""
    given = {}
    for factor, place in zip(FACTORS, st.columns(len(FACTORS)), strict=True):
        given[factor.key] = place.number_input(
            language(factor.label),
            min_value=0.01,
            max_value=1.0,
            value=factor.value,
            step=0.01,
            format="%.3f",
            key=f"factor_{factor.key}",
        )
        place.caption(language(factor.source))
    return change_factors(given)


def _save(found: Denominators, upload: Upload, workspace: Workspace, language: Language) -> None:
    words = language(
        "Coverage uses these eligible workers now: {count} in {villages} villages.",
        count=language.count(found.total),
        villages=language.count(found.villages),
    )
    with DATA_OUTCOME.reporting(words, language):
        SavedEligible(workspace.folder).save(found.table, upload.name, digest(upload))
        st.session_state.pop(_HELD, None)


def _undo(saved: SavedEligible, shown: Path, language: Language) -> None:
    with DATA_OUTCOME.reporting(language("The eligible workers before are used again."), language):
        saved.undo(shown)
