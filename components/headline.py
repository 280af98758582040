"""The headline figures."""

from __future__ import annotations

import streamlit as st

from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.headline import headline_html


def show_headline(data: Dataset, view: View, language: Language) -> None:
    """Six figures: coverage, enrolled, eligible, not covered, below target, cost."""
    st.html(headline_html(data, view, language))
