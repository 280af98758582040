"""Files of what is filtered, built when they are asked for."""

from __future__ import annotations

import streamlit as st

from geo.core.i18n import Language
from geo.export.files import (
    Extract,
    build_extract,
    write_codebook,
    write_csv,
    write_geojson,
    write_xlsx,
)
from geo.maps.html_page import build_page
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.statement import build_statement, file_stem

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_downloads(data: Dataset, view: View, language: Language) -> None:
    """GeoJSON, XLSX, CSV, the map as a file, and the codebook."""
    query = view.query
    stem = file_stem(data, query, language)

    def extract() -> Extract:
        return build_extract(data, query, "village", language)

    files = (
        ("GeoJSON", "geojson", "application/geo+json", lambda: write_geojson(extract())),
        ("XLSX", "xlsx", _XLSX, lambda: write_xlsx(extract(), language)),
        ("CSV", "csv", "text/csv", lambda: write_csv(extract())),
        (
            language("Map (HTML)"),
            "html",
            "text/html",
            lambda: build_page(data, view, language).encode(),
        ),
        (language("Codebook"), "codebook.csv", "text/csv", lambda: write_codebook(language)),
    )
    count = len(view.found)
    title = language.plural("Download {n} village", "Download {n} villages", count)
    st.markdown(f"**{title}**")
    st.caption(build_statement(data, query, language).sentence)
    with st.container(key="downloads", horizontal=True):
        for label, suffix, mime, build in files:
            st.download_button(
                label,
                build,
                file_name=f"{stem}.{suffix}",
                mime=mime,
                key=f"download_{suffix}",
                on_click="ignore",
                icon=":material/download:",
            )
