"""What changed since the period compared with."""

from __future__ import annotations

import streamlit as st

from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.changes import changes_html, changes_title


def show_changes(data: Dataset, view: View, language: Language) -> None:
    """Gains, losses, and villages that crossed the target; nothing where nothing is compared."""
    if view.compared:
        st.subheader(changes_title(view, language))
        st.html(changes_html(data, view, language))
