"""Files for GIS programs: one choice of format and one button, so that the page stays quiet."""

from __future__ import annotations

import streamlit as st

from geo.core.codes import Level
from geo.core.i18n import Language
from geo.export.formats import FORMATS, build_layers, format_of
from geo.measures.dataset import Dataset
from geo.measures.query import Query


@st.fragment
def show_gis_downloads(
    data: Dataset,
    query: Query,
    level: Level,
    stem: str,
    language: Language,
    threshold: int | None,
) -> None:
    """A choice of the other formats, and the button that builds the file.

    With a threshold the file is a publication copy.
    """
    labels = {f.key: language(f.label) for f in FORMATS}
    with st.popover(language("More formats"), icon=":material/layers:"):
        key = st.selectbox(
            language("Format"), list(labels), format_func=labels.__getitem__, key="gis_format"
        )
        chosen = format_of(key)

        def build() -> bytes:
            layers = build_layers(data, query, level, chosen, language, threshold=threshold)
            return chosen.write(layers, language)

        st.download_button(
            language("Download"),
            build,
            file_name=f"{stem}{chosen.suffix}",
            mime=chosen.mime,
            key="download_gis",
            on_click="ignore",
            icon=":material/download:",
        )
