"""Parameters of a request for features, read strictly: what is not known is refused."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Collection as Names
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from starlette.datastructures import QueryParams

from .collections import CRS, CRS84, Collection
from .cql_filter import match_rows, read_filter
from .problems import wrong

DEFAULT_LIMIT: Final = 100
MOST_LIMIT: Final = 10_000
_KNOWN: Final = frozenset(
    {"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "f"}
    | {"filter", "filter-lang", "filter-crs"}
)
_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,15})?([eE][+-]?\d{1,2})?")
_WHOLE: Final = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Selection:
    """Rows of a page, and how many there are in all."""

    rows: NDArray[np.int64]
    matched: int
    limit: int
    offset: int
    crs: str


def refuse_unknown(params: QueryParams, known: Names[str]) -> None:
    """Refuse a parameter that is not known, or given twice.

    Raises
    ------
    RequestProblem
        If there is one.
    """
    for name in params:
        if name not in known:
            raise wrong(f"unknown parameter {name[:40]!r}; known are {', '.join(sorted(known))}")
        if len(params.getlist(name)) > 1:
            raise wrong(f"parameter {name!r} is given more than once")


def select_features(collection: Collection, params: QueryParams) -> Selection:
    """Select the rows that a request asks for.

    Raises
    ------
    RequestProblem
        If a parameter is unknown or has a value that it cannot take.
    """
    columns = list(collection.table.columns)
    refuse_unknown(params, {*_KNOWN, *columns})
    limit = min(_read_whole(params, "limit", DEFAULT_LIMIT, least=1), MOST_LIMIT)
    offset = _read_whole(params, "offset", 0, least=0)
    passing = np.ones(len(collection.table), dtype=bool)
    if "bbox" in params:
        passing &= _in_box(collection, params)
    elif "bbox-crs" in params:
        raise wrong("bbox-crs is given without bbox")
    if "datetime" in params:
        passing &= _in_time(collection, params["datetime"])
    for name in columns:
        if name in params:
            passing &= _equal(collection, name, params[name])
    passing &= _filtered(collection, params)
    rows = np.flatnonzero(passing)
    return Selection(rows[offset : offset + limit], len(rows), limit, offset, read_crs(params))


def read_crs(params: QueryParams, name: str = "crs") -> str:
    """Read the coordinate system that is asked for.

    Raises
    ------
    RequestProblem
        If positions are not sent in it.
    """
    crs = params.get(name, CRS84)
    if crs not in CRS:
        raise wrong(f"{name} is none of {', '.join(CRS)}")
    return crs


def _read_whole(params: QueryParams, name: str, default: int, *, least: int) -> int:
    text = params.get(name)
    if text is None:
        return default
    if not (text.isascii() and _WHOLE.fullmatch(text)) or int(text) < least:
        raise wrong(f"{name} must be a whole number, at least {least}")
    return int(text)


def _in_box(collection: Collection, params: QueryParams) -> NDArray[np.bool_]:
    texts = params["bbox"].split(",")
    if len(texts) not in (4, 6) or not all(t.isascii() and _NUMBER.fullmatch(t) for t in texts):
        raise wrong("bbox must be four or six numbers: west,south,east,north")
    edges = [float(text) for text in texts]
    if len(edges) == 6:
        edges = [*edges[:2], *edges[3:5]]
    number, latitude_first = CRS[read_crs(params, "bbox-crs")]
    if latitude_first:
        edges = [edges[1], edges[0], edges[3], edges[2]]
    west, south, east, north = edges
    if number != 4326:
        back = pyproj.Transformer.from_crs(number, 4326, always_xy=True)
        west, south, east, north = back.transform_bounds(west, south, east, north)
        if not np.isfinite([west, south, east, north]).all():
            raise wrong("bbox lies outside of its coordinate system")
    if south > north:
        raise wrong("bbox has its south above its north")
    # A box whose west is east of its east crosses the date line.
    boxes = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    inside = np.zeros(len(collection.table), dtype=bool)
    for left, right in boxes:
        area = shapely.box(left, south, right, north)
        inside[collection.tree.query(area, predicate="intersects")] = True
    return inside


def _in_time(collection: Collection, text: str) -> bool:
    """Whether the period of the collection and an instant or interval have a moment in common."""
    ends = text.split("/")
    if len(ends) > 2 or text in ("", "/"):
        raise wrong("datetime must be an instant or two with a slash between them")
    first, last = ends[0], ends[-1]
    begin = dt.datetime.min if first in ("", "..") and len(ends) == 2 else _instant(first, "start")
    end = dt.datetime.max if last in ("", "..") and len(ends) == 2 else _instant(last, "end")
    if begin > end:
        raise wrong("datetime begins after it ends")
    opens, closes = period_days(collection.extract.view.query.period)
    return begin <= dt.datetime.combine(closes, dt.time.max) and end >= dt.datetime.combine(
        opens, dt.time.min
    )


def _instant(text: str, side: str) -> dt.datetime:
    try:
        if len(text) == len("2024-10-01"):
            day = dt.date.fromisoformat(text)
            return dt.datetime.combine(day, dt.time.min if side == "start" else dt.time.max)
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise wrong("datetime must be in the form of RFC 3339, such as 2024-10-31") from error


def period_days(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of a period ``2024-10``."""
    year, month = int(period[:4]), int(period[5:7])
    return dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1])


def _equal(collection: Collection, name: str, text: str) -> NDArray[np.bool_]:
    column = collection.table[name]
    if column.dtype.kind in "if" or str(column.dtype) == "Int64":
        if not (text.isascii() and _NUMBER.fullmatch(text)):
            raise wrong(f"{name} must be a number")
        equal: Any = (column == float(text)).fillna(False)
    else:
        equal = column == text
    return np.asarray(equal, dtype=bool)


def _filtered(collection: Collection, params: QueryParams) -> NDArray[np.bool_]:
    language = params.get("filter-lang", "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise wrong("filter-lang is neither cql2-text nor cql2-json")
    if read_crs(params, "filter-crs") != CRS84:
        raise wrong(f"filter-crs must be {CRS84}")
    if "filter" not in params:
        return np.ones(len(collection.table), dtype=bool)
    tree = read_filter(params["filter"], language)
    return match_rows(tree, collection.table, collection.shapes)
