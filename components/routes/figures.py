"""The route of figures for tooltips, which the map's script fetches when it needs them."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from components.response_cache import ONLY_LOOKS, Offered, build_key
from geo.maps.payload import Figures, list_figures, pack_figures
from geo.measures.dataset import Dataset
from geo.measures.view import View

_A_DAY: Final = "private, max-age=86400"
_offered: Final = Offered[Figures]()


def offer_figures(data: Dataset, view: View) -> str:
    """Keep the figures of a view for the tooltips of its map.

    Returns
    -------
    str
        The key to fetch them by.
    """
    key = build_key(data, view, view.level, ONLY_LOOKS)
    _offered.keep(key, lambda: list_figures(view))
    return key


def send_figures(request: Request) -> Response:
    """Figures by their key; the script does without where they are not kept any more."""
    figures = _offered.get(request.path_params["key"])
    if figures is None:
        return Response(status_code=404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": _A_DAY}
    return Response(pack_figures(figures), media_type="application/json", headers=headers)
