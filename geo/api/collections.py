"""Collections: the places of a level in a period, ready to be filtered and sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from ..core import codes
from ..core.i18n import Language
from ..export.files import Extract, build_extract, plain_rows
from ..export.typed_frame import LAYER_NAMES, build_table
from ..measures.dataset import Dataset
from ..measures.query import Query

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
# Systems that positions are sent in, by address: EPSG number, and whether latitude comes first.
CRS: Final = {
    CRS84: (4326, False),
    f"{_EPSG}4326": (4326, True),
    f"{_EPSG}3857": (3857, False),
    f"{_EPSG}32750": (32750, False),
}
_STEP: Final = 1e-7
_LEVELS: Final = {LAYER_NAMES[level]: level for level in codes.PLACE_LEVELS}


@dataclass(frozen=True)
class Collection:
    """Places of a level in a period.

    Attributes
    ----------
    key : str
        ``villages`` for the latest period, ``villages-2024-04`` for one of its own.
    extract : Extract
        The places, sorted by code.
    """

    key: str
    extract: Extract

    @cached_property
    def table(self) -> pd.DataFrame:
        """Properties, typed."""
        return build_table(self.extract)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Polygons in degrees, longitude first."""
        snapped = shapely.set_precision(self.extract.shapes.to_numpy(), _STEP)
        oriented: NDArray[np.object_] = shapely.orient_polygons(snapped, exterior_cw=False)
        return oriented

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the polygons by place."""
        return shapely.STRtree(self.shapes)

    @cached_property
    def rows(self) -> list[str]:
        """Properties of each place as JSON."""
        return [_json(row) for row in plain_rows(self.extract.table)]

    @cached_property
    def positions(self) -> dict[str, int]:
        """Row of each code."""
        return {code: row for row, code in enumerate(self.table["code"])}

    @cached_property
    def extent(self) -> list[float] | None:
        """West, south, east and north in degrees; None where nothing is drawn."""
        known = self.extract.shapes.dropna()
        return [round(float(edge), 7) for edge in known.total_bounds] if len(known) else None

    def features(self, rows: NDArray[np.int64], crs: str) -> list[str]:
        """Features as JSON, with positions in a coordinate system."""
        drawn = _geometries(self.shapes[rows], crs)
        return [
            f'{{"type":"Feature","id":{_json(self.table["code"].iat[row])},'
            f'"geometry":{shape or "null"},"properties":{self.rows[row]}}}'
            for row, shape in zip(rows, drawn, strict=True)
        ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _geometries(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    number, latitude_first = CRS[crs]
    if number != 4326:
        transformer = pyproj.Transformer.from_crs(4326, number, always_xy=True)
        shapes = shapely.transform(
            shapes, lambda at: np.column_stack(transformer.transform(at[:, 0], at[:, 1]))
        )
    if latitude_first:
        shapes = shapely.transform(shapes, lambda at: at[:, ::-1])
    written: NDArray[np.object_] = shapely.to_geojson(shapes)
    return written


def list_keys(data: Dataset) -> list[str]:
    """Keys of all collections: each level at the latest period, then at every period."""
    top = codes.LEVELS.index(codes.level_of(data.top))
    levels = [LAYER_NAMES[level] for level in codes.PLACE_LEVELS[max(top - 1, 0) :][::-1]]
    return levels + [f"{name}-{period}" for name in levels for period in data.options.periods]


def build_collection(data: Dataset, key: str, language: Language) -> Collection:
    """Find the collection of a key that `list_keys` gives.

    Parameters
    ----------
    data : Dataset
        What there is.
    key : str
        Of the collection.
    language : Language
        Of filters and notes in its properties.
    """
    name, _, period = key.partition("-")
    extract = build_extract(data, Query(period=period), _LEVELS[name], language)
    order = np.argsort(extract.table["code"].to_numpy(dtype="str"), kind="stable")
    ordered = Extract(
        extract.table.iloc[order].reset_index(drop=True),
        extract.shapes.iloc[order],
        extract.about,
        extract.view,
    )
    return Collection(key, ordered)
