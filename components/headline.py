"""The headline figures."""

from __future__ import annotations

import streamlit as st

from geo.headline import headline_html
from geo.i18n import Language
from geo.view import View


def show_headline(view: View, language: Language) -> None:
    """Six figures: coverage, enrolled, eligible, not covered, below target, cost."""
    st.html(headline_html(view, language))
