"""Step 4: the table of spellings; what is confirmed is used first from then on.

A component of our own rather than `st.data_editor`: that has one list of choices for a whole
column, where each spelling needs its own suggestions first and every village of the gazetteer
behind them, and its grid scrolls sideways on a phone.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from components.outcome import DATA_OUTCOME
from components.static_assets import build_part
from geo.audit.spelling_table import MOST_LISTED, build_spelling_table
from geo.audit.spellings import Spelling, to_aliases
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.workspace.periods import Workspace

_KEY: Final = "spelling_table"
_CONFIRMED: Final = "spellings_confirmed"
_mount = build_part("spellings")


def show_places(
    spellings: list[Spelling], data: Dataset, workspace: Workspace, language: Language
) -> None:
    """Each spelling that matching left open or only thinks likely, to confirm or correct."""
    if not spellings:
        return
    st.header(language("4. Spellings to confirm"))
    st.caption(
        language(
            "Choose the village each spelling means. Confirmed spellings are kept in the "
            "workspace (aliases.csv) and used first from now on."
        )
    )
    if len(spellings) > MOST_LISTED:
        st.caption(
            language(
                "The first {shown} of {count} spellings are listed, those with the most people "
                "before others; confirm them, and the next come.",
                shown=language.count(MOST_LISTED),
                count=language.count(len(spellings)),
            )
        )
    _show_table(spellings[:MOST_LISTED], data, workspace, language)


@st.fragment
def _show_table(
    spellings: list[Spelling], data: Dataset, workspace: Workspace, language: Language
) -> None:
    """A search among the villages runs this part of the page alone."""
    if st.session_state.pop(_CONFIRMED, False):
        st.rerun()
    held = st.session_state.get(_KEY)
    asked = str(held.get("asked") or "") if held else ""
    _mount(
        data=build_spelling_table(spellings, asked, data, language),
        key=_KEY,
        default={"asked": ""},
        on_asked_change=lambda: None,
        on_confirmed_change=partial(_confirm, spellings, data, workspace, language),
    )


def _confirm(
    spellings: list[Spelling], data: Dataset, workspace: Workspace, language: Language
) -> None:
    chosen = st.session_state[_KEY].confirmed
    if not chosen:
        return
    confirmed = to_aliases(chosen, spellings, data)
    words = language.plural(
        "{n} spelling is confirmed.", "{n} spellings are confirmed.", len(confirmed)
    )
    with DATA_OUTCOME.reporting(words, language):
        workspace.add_aliases(confirmed)
    st.session_state[_CONFIRMED] = True
