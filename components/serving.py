"""What the map's script fetches from the app: shape files to keep, figures for tooltips."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from os import PathLike, stat_result
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geo.dataset import Dataset
from geo.payload import Figures, list_figures, pack_figures
from geo.query import to_params
from geo.view import View

# A file is named by its content: whoever has it has it for good.
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_A_DAY: Final = "private, max-age=86400"
# Of a query, what changes no figure of a place.
_ONLY_LOOKS: Final = {"selected", "measure", "scheme", "palette", "circles", "tiles"}
_MOST_KEPT: Final = 64
_offered: OrderedDict[str, Figures] = OrderedDict()


class ShapeFolder(StaticFiles):
    """A folder of files that are compressed already and never change under their names."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, to be unpacked by the browser and kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Type"] = "application/octet-stream"
        response.headers["Cache-Control"] = _FOR_GOOD
        return response


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
