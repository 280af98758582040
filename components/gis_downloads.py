"""Files for GIS programs: one choice of format and one button, so that the page stays quiet."""

from __future__ import annotations

import streamlit as st

from geo.core.codes import Level
from geo.core.errors import mark
from geo.core.i18n import Language
from geo.export.formats import FORMATS, build_layers, format_of
from geo.export.publication import find_obstacle
from geo.export.suppression import DEFAULT_THRESHOLD
from geo.measures.dataset import Dataset
from geo.measures.query import Query

_PUBLICATION = mark(
    "Counts of fewer than {threshold} people are left out, and as much more as is needed so that "
    "they cannot be computed."
)


@st.fragment
def show_gis_downloads(
    data: Dataset, query: Query, level: Level, stem: str, language: Language
) -> None:
    """A choice of the other formats, and the button that builds the file."""
    labels = {f.key: language(f.label) for f in FORMATS}
    with st.popover(language("More formats"), icon=":material/layers:"):
        key = st.selectbox(
            language("Format"), list(labels), format_func=labels.__getitem__, key="gis_format"
        )
        chosen = format_of(key)
        refused = find_obstacle(query) is not None
        published = st.checkbox(
            language("Publication copy"),
            key="gis_publication",
            disabled=refused,
            help=language(_PUBLICATION, threshold=DEFAULT_THRESHOLD),
        )
        threshold = DEFAULT_THRESHOLD if published and not refused else None

        def build() -> bytes:
            layers = build_layers(data, query, level, chosen, language, threshold=threshold)
            return chosen.write(layers, language)

        st.download_button(
            language("Download"),
            build,
            file_name=f"{stem}{'-publication' if threshold else ''}{chosen.suffix}",
            mime=chosen.mime,
            key="download_gis",
            on_click="ignore",
            icon=":material/download:",
        )
