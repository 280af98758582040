"""Spellings of places that were not matched to a village."""

from __future__ import annotations

import streamlit as st

from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.report import unmatched_html, unmatched_of


def show_unmatched(data: Dataset, view: View, language: Language) -> None:
    """How many people are on no village, and what their records say instead."""
    listed = unmatched_of(data, view.query.period)
    if listed.empty:
        return
    people = int(listed["people"].sum())
    title = language.plural(
        "{n} person is matched to no village",
        "{n} people are matched to no village",
        people,
    )
    with st.expander(title, icon=":material/wrong_location:"):
        st.html(unmatched_html(listed, language))
