"""The map and its breadcrumb. The base map never changes; views are swapped on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from components.routes.figures import offer_figures
from components.search import show_search
from components.state import change, current, put
from components.static_assets import MAP_SCRIPT, MAP_STYLE, part_name
from components.workarounds import let_map_paint
from geo.core import codes
from geo.core.i18n import Language
from geo.core.markup import render_template
from geo.maps.folium_layer import CoverageLayer, area_bounds, build_map, script_safe
from geo.maps.payload import build_payload
from geo.measures.basket import choose_box
from geo.measures.dataset import Dataset
from geo.measures.view import View

_CRUMB: Final = Path(__file__).parent / "templates" / "crumb.html"
_KEY = "coverage_map"
_CLICKED = "last_active_drawing"
_SHOWN = "shown_on_map"
# Relative to the frame that the map component is shown in: works behind any base path.
_ASSETS = "../../assets"


def draw_map(data: Dataset, view: View, language: Language) -> CoverageLayer:
    """What the map shows of a view."""
    payload = build_payload(
        data,
        view,
        language,
        source={"url": f"{_ASSETS}/shapes/{data.shapes.index}"},
        values={"url": f"{_ASSETS}/values/{offer_figures(data, view)}"},
        bounds=area_bounds(data, view.place, view.query.subdistricts),
    )
    return CoverageLayer(script_safe(payload))


def show_map(data: Dataset, view: View, drawn: CoverageLayer) -> None:
    """Choropleth of a view; a click goes into an area or singles a village out.

    A box chooses the villages inside.
    """
    st_folium(
        build_map(
            area_bounds(data, data.top),
            script=f"{_ASSETS}/parts/{part_name(MAP_SCRIPT)}",
            style=f"{_ASSETS}/parts/{part_name(MAP_STYLE)}",
        ),
        key=_KEY,
        height=620,
        use_container_width=True,
        returned_objects=[_CLICKED],
        feature_group_to_add=drawn,
        on_change=partial(_take_click, data, view),
    )
    before, st.session_state[_SHOWN] = st.session_state.get(_SHOWN), hash(drawn.payload)
    if before != st.session_state[_SHOWN]:
        let_map_paint()


def _take_click(data: Dataset, view: View) -> None:
    clicked = (st.session_state.get(_KEY) or {}).get(_CLICKED)
    if clicked and "box" in clicked:
        put(choose_box(data, view, current(), clicked["box"]))
    elif clicked:
        choose(clicked["code"])


def choose(code: str) -> None:
    """Go into an area, or single a village out."""
    if codes.level_of(code) == "village":
        change(selected=code)
    else:
        change(place=code, selected="", subdistricts=())


def place_breadcrumb() -> DeltaGenerator:
    """The line that `show_breadcrumb` fills."""
    return st.container(key="breadcrumb", horizontal=True, vertical_alignment="center")


def show_breadcrumb(data: Dataset, view: View, language: Language) -> None:
    """Where the map is, from the whole to the area looked at; each step goes back to it."""
    whole = ["", *codes.ancestors(view.place)] if view.place else [""]
    above = [code for code in whole if len(code) >= len(data.top)]
    for code in above[:-1]:
        st.button(
            data.names.get(code, "Indonesia"),
            key=f"crumb_{code}",
            type="tertiary",
            on_click=partial(choose, "" if code == data.top else code),
        )
        st.html('<span class="jk-crumb-mark" aria-hidden="true">›</span>')
    # Behind other steps there is no room for how to go on, and who took them knows.
    is_first = not above[:-1] and view.level != "village"
    here = render_template(
        _CRUMB,
        name=data.names.get(view.place, "Indonesia"),
        click=language("click an area to see its villages") if is_first else "",
        tap=language("tap an area to see its villages") if is_first else "",
    )
    st.html(here)
    show_search(data, view.place, language)
