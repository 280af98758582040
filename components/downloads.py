"""Files of what is filtered or chosen, built when they are asked for."""

from __future__ import annotations

import streamlit as st

from components.gis_downloads import show_gis_downloads
from components.print_downloads import show_print_downloads
from geo.core import codes
from geo.core.codes import Level
from geo.core.errors import mark
from geo.core.i18n import Language
from geo.core.labels import LEVEL_LABELS
from geo.export.codebook import write_codebook
from geo.export.files import (
    Extract,
    build_extract,
    write_csv,
    write_geojson,
    write_xlsx,
)
from geo.export.publication import build_published, find_obstacle
from geo.export.suppression import DEFAULT_THRESHOLD
from geo.maps.html_page import build_page
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import View, build_view
from geo.reporting.statement import build_statement, file_stem

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHOSEN, _PASSING = "chosen", "passing"
_PUBLICATION = mark(
    "Counts of fewer than {threshold} people are left out, and as much more as is needed so that "
    "they cannot be computed. Maps and prints, which show every count, are not offered."
)


def show_downloads(data: Dataset, view: View, language: Language) -> None:
    """GeoJSON, XLSX, CSV, the map as a file, and the codebook."""
    title = language("Downloads")
    with st.container(key="download_title"):
        st.markdown(f"**{title}**")
    with st.container(key="download_choices", horizontal=True):
        query = _choose_villages(view, language)
        level = _choose_level(view, language)
        threshold = _choose_publication(query, language)
    st.caption(build_statement(data, query, language).sentence)
    stem = file_stem(data, query, language, level) + ("-publication" if threshold else "")

    def extract() -> Extract:
        if threshold:
            return build_published(data, query, level, language, threshold=threshold)
        return build_extract(data, query, level, language)

    def draw() -> bytes:
        return build_page(data, build_view(data, query), language).encode()

    files = [
        ("GeoJSON", "geojson", "application/geo+json", lambda: write_geojson(extract())),
        ("XLSX", "xlsx", _XLSX, lambda: write_xlsx(extract(), language)),
        ("CSV", "csv", "text/csv", lambda: write_csv(extract())),
        (language("Codebook"), "codebook.csv", "text/csv", write_codebook),
    ]
    if not threshold:
        # Maps and prints show every count.
        files.insert(3, (language("Map (HTML)"), "html", "text/html", draw))
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
        if not threshold:
            show_print_downloads(data, query, stem, language)
        show_gis_downloads(data, query, level, stem, language, threshold)


def _choose_publication(query: Query, language: Language) -> int | None:
    """Fewest people that a count of a copy for publication tells; None for all counts."""
    refused = find_obstacle(query) is not None
    published = st.checkbox(
        language("Publication copy"),
        key="download_publication",
        disabled=refused,
        help=language(_PUBLICATION, threshold=DEFAULT_THRESHOLD),
    )
    return DEFAULT_THRESHOLD if published and not refused else None


def _choose_villages(view: View, language: Language) -> Query:
    """The query of the chosen villages, where there are any, or of those that pass."""
    query, found = view.query, len(view.found)
    passing = language.plural("{n} village of the list", "{n} villages of the list", found)
    if not query.basket or query.chosen:
        st.caption(passing, width="content")
        return query
    count = len(query.basket)
    words = {
        _CHOSEN: language.plural("{n} chosen village", "{n} chosen villages", count),
        _PASSING: passing,
    }
    which = st.segmented_control(
        language("Which villages"),
        list(words),
        # Villages chosen before another filter was set are not what is looked at now.
        default=_CHOSEN if {*query.basket} <= {*view.found.index} else _PASSING,
        format_func=lambda key: words[key],
        required=True,
        key="download_which",
    )
    return query.of_basket() if which == _CHOSEN else query


def _choose_level(view: View, language: Language) -> Level:
    """Villages, or the areas that hold them."""
    levels = codes.levels_within(view.place)
    if len(levels) == 1:
        return levels[0]
    chosen: Level = st.segmented_control(
        language("One row for each"),
        levels,
        default=levels[0],
        format_func=lambda level: language(LEVEL_LABELS[level]).capitalize(),
        required=True,
        # Another one where other levels are offered.
        key=f"download_level_{len(levels)}",
    )
    return chosen
