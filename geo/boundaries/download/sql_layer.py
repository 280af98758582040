"""Boundaries in SQL: rows of ``INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path)``.

``path`` is a JSON array of rings of ``[latitude, longitude]``: a polygon, or
one level deeper several.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from ...core.errors import FileProblem, mark

# Names are short and nothing is tried twice: a text made for it must not hold up the search.
_TEXT: Final = r"'((?:[^'\\]|\\.|''){0,300}+)'"
_NUMBER: Final = r"\s*+(?:[-+.\deE]{1,40}+|NULL)\s*+"
_ROW: Final = re.compile(
    rf"\(\s*+'(\d\d[\d.]*+)'\s*+,\s*+(?:{_TEXT}|NULL)\s*+,{_NUMBER},{_NUMBER},"
    r"\s*+(?:'(\[[^']*+)'|''|NULL)\s*+(?:,[^()']*+)?\)"
)
_OPENED: Final = re.compile(r"\(\s*+'\d\d[\d.]*+'\s*+,")
_RING_POINTS: Final = 4


def read_sql_layer(path: Path, url: str) -> gpd.GeoDataFrame:
    """Rows of an SQL file as a layer with ``kode``, ``nama`` and geometry in EPSG:4326.

    Raises
    ------
    FileProblem
        If it is no such file, or ends in the middle.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(url) from error
    rows = _ROW.findall(text)
    if not rows:
        raise _wrong(url)
    if not _without_ending_comments(text).endswith(";") or len(rows) != len(_OPENED.findall(text)):
        raise FileProblem(
            mark("{url} is cut off: it has {count} whole rows and a broken end; fetch it again."),
            url=url,
            count=len(rows),
        )
    fields = {"kode": [row[0] for row in rows], "nama": [_unquoted(row[1]) for row in rows]}
    return gpd.GeoDataFrame(fields, geometry=[_shape(row[2], url) for row in rows], crs=4326)


def _without_ending_comments(text: str) -> str:
    """A text up to its last statement; some files end in a remark of what wrote them."""
    text = text.rstrip()
    while True:
        start = text.rfind("\n") + 1
        if text.endswith("*/") and "/*" in text:
            start = text.rfind("/*")
        elif not text[start:].lstrip().startswith(("--", "#")):
            return text
        text = text[:start].rstrip()


def _wrong(url: str) -> FileProblem:
    return FileProblem(
        mark("{url} is no SQL file of boundaries; rows of kode, nama, lat, lng, path are needed."),
        url=url,
    )


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text.replace("''", "'"))


def _shape(path: str, url: str) -> shapely.Geometry | None:
    if not path:
        return None
    try:
        polygons = [_polygon(rings) for rings in _polygons_of(json.loads(path))]
    except (ValueError, TypeError, IndexError, RecursionError, shapely.GEOSException) as error:
        raise _wrong(url) from error
    whole = [p for p in polygons if not p.is_empty]
    return shapely.union_all([shapely.make_valid(p) for p in whole]) if whole else None


def _polygons_of(nested: Any) -> Iterator[list[Any]]:
    """Lists of rings, however deep they are nested."""
    if _depth(nested) == 2:
        yield [nested]
    elif _depth(nested) == 3:
        yield nested
    else:
        for each in nested:
            yield from _polygons_of(each)


def _depth(nested: Any) -> int:
    return 1 + _depth(nested[0]) if isinstance(nested, list) and nested else 0


def _polygon(rings: list[Any]) -> shapely.Geometry:
    """Rings within rings are holes, rings beside each other islands."""
    areas = [
        shapely.make_valid(shapely.Polygon([(lng, lat) for lat, lng, *_ in ring]))
        for ring in rings
        if len(ring) >= _RING_POINTS
    ]
    return reduce(shapely.symmetric_difference, areas, shapely.Polygon())
