"""Shapes as small files that a browser fetches once.

A file is named by the hash of its content, so it never changes under its
name and can be kept for good. It is GeoJSON with the code as each feature's
id, and a point inside each polygon for circles and labels.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely

from .files import write_atomically

_DIGITS: Final = 5


def to_collection(shapes: gpd.GeoSeries) -> dict[str, Any]:
    """Shapes as a GeoJSON object, positions rounded to 5 digits (about 1 m)."""
    points = shapely.point_on_surface(shapes.values)
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {"point": [round(point.x, _DIGITS), round(point.y, _DIGITS)]},
            "geometry": _rounded(shapely.geometry.mapping(shape)),
        }
        for code, shape, point in zip(shapes.index, shapes.values, points, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round_deep(geometry["coordinates"])}


def _round_deep(values: Any) -> Any:
    if isinstance(values, float):
        return round(values, _DIGITS)
    return [_round_deep(value) for value in values]


def write_shapes(shapes: gpd.GeoSeries, folder: Path) -> str:
    """Write shapes under the hash of their content, unless they are there.

    Returns
    -------
    str
        File name inside ``folder``.
    """
    body = json.dumps(to_collection(shapes), separators=(",", ":")).encode()
    name = f"{hashlib.sha256(body).hexdigest()[:20]}.json"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, body)
    return name
