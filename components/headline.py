"""The headline figures."""

from __future__ import annotations

import streamlit as st

from geo.dataset import Dataset
from geo.headline import headline_html
from geo.i18n import Language
from geo.view import View


def show_headline(data: Dataset, view: View, language: Language) -> None:
    """Six figures: coverage, enrolled, eligible, not covered, below target, cost."""
    st.html(headline_html(data, view, language))
