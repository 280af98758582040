"""The ranked table of villages, linked to the map both ways.

A component of our own: a real HTML table, so that keyboard, screen reader,
phone and print reach what the map shows.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components.state import change
from geo.dataset import Dataset
from geo.i18n import Language
from geo.ranking import build_ranking
from geo.view import View

_KEY = "ranked_table"
_ASSETS = Path(__file__).parent / "assets"
_mount = st.components.v2.component(
    "jangkau_table",
    js=(_ASSETS / "table.js").read_text(encoding="utf-8"),
    css=(_ASSETS / "table.css").read_text(encoding="utf-8"),
)


def show_table(data: Dataset, view: View, language: Language) -> None:
    """Villages that pass the filters, the largest gap first."""
    _mount(
        data=build_ranking(data, view, language),
        key=_KEY,
        on_chosen_change=_take_choice,
    )


def _take_choice() -> None:
    code = st.session_state[_KEY].chosen
    if code is not None:
        change(selected=code)
