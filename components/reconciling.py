"""The result of matching two lists: kept in this session alone, shown in counts, then in lists."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from components.importing.reading import isolated_readers
from geo.audit.reconciliation_html import outcomes_html, places_html
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.reconcile.lists import list_areas, name_list, select_people, write_list
from geo.reconcile.match import OUTCOMES
from geo.reconcile.reconcile import Reconciliation

_HELD: Final = "held_lists"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LISTED: Final = ("not_covered", "check")


def reconcile_uploads(candidates: Upload, enrolled: Upload, data: Dataset) -> Reconciliation:
    """Both files matched, once for these files in this session; others are forgotten."""
    key = f"{digest(candidates)} {digest(enrolled)} {data.key}"
    held = st.session_state.get(_HELD, {})
    if held.get("key") != key:
        forget_lists()
        with isolated_readers(f"{candidates.name}, {enrolled.name}", key) as readers:
            found = readers.reconcile(candidates, enrolled, data.gazetteer)
        st.session_state[_HELD] = {"key": key, "found": found}
    result: Reconciliation = st.session_state[_HELD]["found"]
    return result


def forget_lists() -> None:
    """Let go of every person that is still in memory."""
    st.session_state.pop(_HELD, None)


def show_outcomes(found: Reconciliation, data: Dataset, language: Language) -> None:
    """How many are covered, not covered and to be checked; and where."""
    st.subheader(language("Result"))
    st.html(outcomes_html(found, language))
    for note in found.notes:
        st.caption(language(note.message, **note.facts))
    st.html(places_html(found, data, language))


def show_lists(found: Reconciliation, data: Dataset, language: Language) -> None:
    """The people of an area as a file, built on the click."""
    st.subheader(language("Lists of people"))
    areas = list_areas(found.people, data.names)
    place, kind = st.columns(2)
    within: str = place.selectbox(
        language("Area"),
        ["", *areas],
        format_func=lambda code: data.describe(str(code)) if code else language("all areas"),
        key="list_area",
    )
    outcome: str = kind.selectbox(
        language("People"),
        _LISTED,
        format_func=lambda key: language(OUTCOMES[str(key)]),
        key="list_outcome",
    )
    count = len(select_people(found.people, outcome, within))
    st.caption(
        language(
            "The file holds names and identities, in the columns of the SIPP upload form. It is "
            "built when you press the button. Keep it as carefully as the lists themselves."
        )
    )
    stem = name_list(outcome, within, data.names, language)
    st.download_button(
        language.plural("Download {n} person (XLSX)", "Download {n} people (XLSX)", count),
        partial(write_list, found.people, outcome, within, data.names, language),
        file_name=f"{stem}.xlsx",
        mime=_XLSX,
        key="download_list",
        on_click="ignore",
        icon=":material/download:",
        disabled=not count,
    )
