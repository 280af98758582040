"""The column beside the map: legend, the place singled out, and the finding in a sentence."""

from __future__ import annotations

import streamlit as st

from components.caching import cached_timeline
from components.state import change
from geo.core.i18n import Language
from geo.maps.legend import legend_html
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.area_panel import chosen_place, finding_html, place_html


def show_side(data: Dataset, view: View, language: Language) -> None:
    """Legend, then the place singled out (or the area), then the finding."""
    st.html(legend_html(view, language))
    timeline = cached_timeline(data, view.query, chosen_place(view))
    st.html(place_html(data, view, timeline, language))
    if view.query.selected:
        st.button(
            language("Clear selection"),
            key="unselect",
            type="tertiary",
            icon=":material/close:",
            on_click=lambda: change(selected=""),
        )
    st.html(finding_html(view, language))
