"""The ranked table of villages, linked to the map both ways, with the basket of chosen ones.

A component of our own: a real HTML table, so that keyboard, screen reader,
phone and print reach what the map shows. Its rows come from a route, so that
another page or order of them does not run the page again.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from components.caching import served_path
from components.response_cache import ONLY_LOOKS, Offered, build_key
from components.state import change, current, put
from components.static_assets import build_part
from geo.core.i18n import Language
from geo.measures.basket import Basket, change_basket
from geo.measures.dataset import Dataset
from geo.measures.order import read_order
from geo.measures.view import View
from geo.reporting.basket import basket_figures, basket_note
from geo.reporting.ranking import PAGE_ROWS, build_ranking, pack_ranking, read_page

_KEY: Final = "ranked_table"
_A_DAY: Final = "private, max-age=86400"
_offered: Final = Offered[tuple[Dataset, View, Language]]()
_mount = build_part("table")


def show_table(data: Dataset, view: View, basket: Basket | None, language: Language) -> None:
    """Villages that pass the filters, in the order of the query, and what the chosen come to."""
    query = view.query
    # The rows are of villages, whatever the map shows.
    key = build_key(data, view, f"rows {language.code}", ONLY_LOOKS | {"villages"})
    _offered.keep(key, lambda: (data, view, language))
    _mount(
        data={
            "address": f"{served_path()}/rows/{key}",
            "language": language.code,
            "rows": min(len(view.found), PAGE_ROWS),
            "selected": query.selected,
            "order": query.order,
            "basket": query.basket,
            "chosen": query.chosen,
            "bar": _bar(basket, query.target, language),
            "waiting": language("Reading the table …"),
            "failed": language("The table is not answered."),
            "again": language("Try again"),
        },
        key=_KEY,
        on_chosen_change=_take_choice,
        on_ordered_change=_take_order,
        on_basket_change=partial(_take_basket, view),
        # To run the page is all that is wanted: it offers the rows again.
        on_missed_change=lambda: None,
    )


def _bar(basket: Basket | None, target: float, language: Language) -> dict[str, Any] | None:
    if basket is None:
        return None
    return {
        "figures": basket_figures(basket, target, language),
        "note": basket_note(basket, language),
    }


def send_rows(request: Request) -> Response:
    """A page of the rows kept under a key; 404 where they are not kept any more."""
    kept = _offered.get(request.path_params["key"])
    if kept is None:
        return Response(status_code=404)
    table = build_ranking(*kept, read_page(request.query_params))
    headers = {"Content-Encoding": "gzip", "Cache-Control": _A_DAY}
    return Response(pack_ranking(table), media_type="application/json", headers=headers)


def _take_choice() -> None:
    code = st.session_state[_KEY].chosen
    if code is not None:
        change(selected=code)


def _take_order() -> None:
    order = st.session_state[_KEY].ordered
    if order is not None:
        change(order=read_order(order))


def _take_basket(view: View) -> None:
    asked = st.session_state[_KEY].basket
    if asked is not None:
        put(change_basket(view, current(), asked))
