"""Files for print and for a meeting: atlas, briefing, picture of the map; built on the click."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from geo.core import codes
from geo.core.errors import mark
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view

_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCX = f"{_OFFICE}wordprocessingml.document"
_PPTX = f"{_OFFICE}presentationml.presentation"
_ATLAS = mark("An overview, a page for each subdistrict, and a page for each chosen village.")
_NO_ATLAS = mark("An atlas is of one regency: choose one first.")
# What sets pages is large, and few visitors ask for it: it is loaded on the first click.
_PACKAGE = "geo.printing"


@st.fragment
def show_print_downloads(data: Dataset, query: Query, stem: str, language: Language) -> None:
    """A button for each file, in a panel of their own so that the page stays quiet."""
    in_regency = codes.level_of(query.place or data.top) in ("regency", "subdistrict", "village")
    atlas_help = language(_ATLAS if in_regency else _NO_ATLAS)
    with st.popover(language("For print"), icon=":material/print:"):
        files = (
            (language("Atlas (PDF)"), "pdf", "application/pdf", _write_atlas, atlas_help),
            (language("Briefing (DOCX)"), "docx", _DOCX, _write_document, None),
            (language("Briefing (PPTX)"), "pptx", _PPTX, _write_slides, None),
            (language("Map (PNG, 300 dpi)"), "png", "image/png", _paint_map, None),
            (language("Map (SVG)"), "svg", "image/svg+xml", _draw_map, None),
        )
        for label, suffix, mime, write, note in files:
            st.download_button(
                label,
                _later(write, data, query, language),
                file_name=f"{stem}.{suffix}",
                mime=mime,
                key=f"print_{suffix}",
                on_click="ignore",
                icon=":material/download:",
                help=note,
                disabled=suffix == "pdf" and not in_regency,
                width="stretch",
            )


def _later(
    write: Callable[[Dataset, Query, Language], bytes],
    data: Dataset,
    query: Query,
    language: Language,
) -> Callable[[], bytes]:
    """What builds a file when its button is clicked."""
    return lambda: write(data, query, language)


def _write_atlas(data: Dataset, query: Query, language: Language) -> bytes:
    villages = query.basket if query.chosen else ()
    atlas = import_module(f"{_PACKAGE}.atlas").build_atlas(data, query, language, villages=villages)
    return bytes(atlas.pdf)


def _write_document(data: Dataset, query: Query, language: Language) -> bytes:
    briefing = import_module(f"{_PACKAGE}.briefing").build_briefing(data, query, language)
    return bytes(import_module(f"{_PACKAGE}.word_file").write_word(briefing))


def _write_slides(data: Dataset, query: Query, language: Language) -> bytes:
    briefing = import_module(f"{_PACKAGE}.briefing").build_briefing(data, query, language)
    return bytes(import_module(f"{_PACKAGE}.slides_file").write_slides(briefing))


def _paint_map(data: Dataset, query: Query, language: Language) -> bytes:
    sheet = import_module(f"{_PACKAGE}.sheet").draw_sheet(data, build_view(data, query), language)
    return bytes(sheet.to_png())


def _draw_map(data: Dataset, query: Query, language: Language) -> bytes:
    sheet = import_module(f"{_PACKAGE}.sheet").draw_sheet(data, build_view(data, query), language)
    return bytes(sheet.to_svg())
