"""The route of figures for tooltips, which the map's script fetches when it needs them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from geo.dataset import Dataset
from geo.payload import Figures, list_figures, pack_figures
from geo.query import to_params
from geo.view import View

_A_DAY: Final = "private, max-age=86400"
# Of a query, what changes no figure of a place.
_ONLY_LOOKS: Final = {"selected", "measure", "scheme", "palette", "circles", "tiles"}
_MOST_KEPT: Final = 64
_offered: OrderedDict[str, Figures] = OrderedDict()


def offer_figures(data: Dataset, view: View) -> str:
    """Keep the figures of a view for the tooltips of its map.

    Returns
    -------
    str
        The key to fetch them by: of this opening of the data, and not to be guessed.
    """
    asked = {k: v for k, v in to_params(view.query).items() if k not in _ONLY_LOOKS}
    key = hashlib.sha256(f"{data.key} {view.level} {asked}".encode()).hexdigest()[:32]
    if key not in _offered:
        _offered[key] = list_figures(view)
    _offered.move_to_end(key)
    while len(_offered) > _MOST_KEPT:
        _offered.popitem(last=False)
    return key


def send_figures(request: Request) -> Response:
    """Figures by their key; the script does without where they are not kept any more."""
    figures = _offered.get(request.path_params["key"])
    if figures is None:
        return Response(status_code=404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": _A_DAY}
    return Response(pack_figures(figures), media_type="application/json", headers=headers)
