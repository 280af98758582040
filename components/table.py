"""The ranked table of villages, linked to the map both ways.

A component of our own: a real HTML table, so that keyboard, screen reader,
phone and print reach what the map shows.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from components.state import change, is_behind
from geo.dataset import Dataset
from geo.i18n import Language
from geo.ranking import Page, build_ranking, read_page
from geo.view import View

_KEY = "ranked_table"
_PAGE = "ranked_table_page"
_SEEN = "ranked_table_query"
_ASSETS = Path(__file__).parent / "assets"
_mount = st.components.v2.component(
    "jangkau_table",
    js=(_ASSETS / "table.js").read_text(encoding="utf-8"),
    css=(_ASSETS / "table.css").read_text(encoding="utf-8"),
)


@st.fragment
def show_table(data: Dataset, view: View, language: Language) -> None:
    """Villages that pass the filters, the largest gap first.

    Another page or order of them runs this part alone; a village chosen runs all.
    """
    if is_behind():
        st.rerun()
    _mount(
        data=build_ranking(data, view, language, _page_of(view)),
        key=_KEY,
        on_chosen_change=_take_choice,
        on_asked_change=_take_page,
    )


def _page_of(view: View) -> Page:
    """The page asked for; in another view, or with another village singled out, the first."""
    page: Page = st.session_state.get(_PAGE, Page())
    if st.session_state.get(_SEEN) != view.query:
        page = replace(page, start=None)
    st.session_state[_PAGE], st.session_state[_SEEN] = page, view.query
    return page


def _take_page() -> None:
    asked = st.session_state[_KEY].asked
    if asked is not None:
        st.session_state[_PAGE] = read_page(asked)


def _take_choice() -> None:
    code = st.session_state[_KEY].chosen
    if code is not None:
        change(selected=code)
