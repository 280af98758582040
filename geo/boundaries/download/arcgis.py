"""Boundaries of an ArcGIS REST layer, page by page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
from shapely.errors import ShapelyError

from ...core.errors import FileProblem, mark
from .transfer import Progress, RetryPolicy, fetch_json

PAGE: Final = 200
MAX_VILLAGES: Final = 1_000_000
_FIELD: Final = "KDEPUM"


def fetch_arcgis(
    url: str, code: str, part: Path, progress: Progress, patience: RetryPolicy
) -> gpd.GeoDataFrame:
    """Villages of an area from a layer with BIG's fields.

    Parameters
    ----------
    url : str
        Address of the layer: ``…/MapServer/0``.
    code : str
        Dotted code of the area.
    part : pathlib.Path
        Where whole pages are kept, one a line, so that the next call goes on.
    progress : callable
        Is told villages fetched and villages in all.
    patience : RetryPolicy

    Raises
    ------
    FileProblem
        If the service refuses, has no village of the area, or stops early.
    """
    query = f"{url.rstrip('/').removesuffix('/query')}/query"
    # Codes are digits and dots (the caller has checked), so nothing needs escaping here.
    where = f"{_FIELD} LIKE '{code}%'"
    total = _count(query, where, patience)
    features = _begun(part, query, where, total)
    progress(len(features), total)
    while len(features) < total:
        page = _page(query, where, len(features), patience)
        _check_page(page, features, total, url)
        features += page
        _keep(part, page)
        progress(len(features), total)
    try:
        return gpd.GeoDataFrame.from_features(features, crs=4326)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, ShapelyError) as error:
        raise FileProblem(
            mark(
                "{url} answers with villages that are no GeoJSON; check the address of the layer."
            ),
            url=url,
        ) from error


def _count(query: str, where: str, patience: RetryPolicy) -> int:
    answer = fetch_json(query, {"where": where, "returnCountOnly": "true", "f": "json"}, patience)
    count = answer.get("count")
    if not isinstance(count, int) or not 0 < count <= MAX_VILLAGES:
        raise FileProblem(
            mark("{url} has no villages of this area ({where})."), url=query, where=where
        )
    return count


def _page(query: str, where: str, offset: int, patience: RetryPolicy) -> list[Any]:
    params: dict[str, str | int] = {
        "where": where,
        "outFields": "*",
        "orderByFields": _FIELD,
        "outSR": 4326,
        "resultOffset": offset,
        "resultRecordCount": PAGE,
        "f": "geojson",
    }
    features = fetch_json(query, params, patience).get("features")
    return features if isinstance(features, list) else []


def _check_page(page: list[Any], features: list[Any], total: int, url: str) -> None:
    """A server that stops early, or sends the same page again, would leave a hole."""
    seen = {json.dumps(feature, sort_keys=True) for feature in features[-PAGE:]}
    again = any(json.dumps(feature, sort_keys=True) in seen for feature in page)
    if not page or again or len(features) + len(page) > total:
        raise FileProblem(
            mark("{url} stopped after {count} of {total} villages; try again later."),
            url=url,
            count=len(features),
            total=total,
        )


def _begun(part: Path, query: str, where: str, total: int) -> list[Any]:
    """Pages of an earlier call that asked the same; else the file is begun anew."""
    head = json.dumps([query, where, total])
    try:
        first, *pages = part.read_text("utf-8").split("\n")
        # The last piece is empty, or a page that was not written to its end.
        whole = [json.loads(page) for page in pages[:-1]] if first == head else []
    except (FileNotFoundError, ValueError, RecursionError):
        whole = []
    if whole:
        part.write_text("\n".join([first, *pages[:-1], ""]), encoding="utf-8")
        return [feature for page in whole for feature in page]
    part.write_text(head + "\n", encoding="utf-8")
    return []


def _keep(part: Path, page: list[Any]) -> None:
    with part.open("a", encoding="utf-8") as file:
        file.write(json.dumps(page) + "\n")
