"""The search for a place: a box whose list is answered by a route, and what choosing one does.

A route of our own, because a key pressed must not run the page again.
"""

from __future__ import annotations

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.caching import open_prepared, served_path
from components.state import change
from components.static_assets import build_part
from geo.core import codes
from geo.core.errors import JangkauError
from geo.core.i18n import LANGUAGES, Language, get_language
from geo.core.labels import LEVEL_LABELS
from geo.gazetteer.search import list_inside, search_places
from geo.measures.dataset import Dataset
from geo.workspace.settings import read_settings

_KEY = "place_search"
_TOP = "place_search_top"
_mount = build_part("search")


def answer_search(request: Request) -> Response:
    """Places that ``q`` may mean, as JSON, in words of the language ``lang``.

    Without a ``q`` the places inside the area ``within``. Nothing is found before the shapes
    of the boundaries are prepared.
    """
    asked = request.query_params.get("lang", "")
    language = get_language(asked if asked in LANGUAGES else LANGUAGES[0])
    try:
        data = open_prepared(read_settings())
    except JangkauError as error:
        return JSONResponse({"error": language.say(error)}, status_code=503)
    if data is None:
        return Response(status_code=404)
    text = request.query_params.get("q", "").strip()
    inside = request.query_params.get("within", "")
    found = search_places(data.search, text) if text else list_inside(data.search, inside)
    hits = [
        {
            "code": hit.code,
            "name": hit.name,
            "level": language(LEVEL_LABELS[hit.level]),
            "above": hit.above,
        }
        for hit in found
    ]
    return JSONResponse({"hits": hits}, headers={"Cache-Control": "no-store"})


def show_search(data: Dataset, place: str, language: Language) -> None:
    """A box to find any place of the data by name or code; empty it lists those of an area."""
    st.session_state[_TOP] = data.top
    with st.container(key="search"):
        _mount(
            data={
                "address": f"{served_path()}/places",
                "language": language.code,
                "within": place,
                "label": language("Search a place by name or code"),
                "none": language("No place is called so."),
                "failed": language("The search is not answered; try again."),
                "copy": language("Copy link"),
                "copied": language("Link copied"),
            },
            key=_KEY,
            on_chosen_change=_take_choice,
        )


def _take_choice() -> None:
    code = st.session_state[_KEY].chosen
    if code:
        go_to(code, st.session_state[_TOP])


def go_to(code: str, top: str) -> None:
    """Open an area; of a village its subdistrict, with the village singled out.

    Parameters
    ----------
    code : str
        Of the place.
    top : str
        Of the area that holds all the data: it, and what lies above it, is
        where nothing is asked for.
    """
    village = codes.level_of(code) == "village"
    area = codes.parent(code) if village else code
    change(
        place="" if top.startswith(area) else area,
        selected=code if village else "",
        subdistricts=(),
    )
