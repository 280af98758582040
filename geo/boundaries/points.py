"""Records with coordinates: the village that each point lies in.

A point on a border lies in two polygons; it counts once, in the village of the lower code. A point
outside every village goes to the nearest one within a distance. Points are joined in pieces, so
that ten million of them take no more memory than one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

_PIECE: Final = 500_000
_METRES: Final = 1_000.0


@dataclass(frozen=True)
class Located:
    """Where points lie.

    Attributes
    ----------
    code : pandas.Series of str
        Code of the village by row; empty where a point is missing or too far from any.
    distance : pandas.Series of float
        Metres to the village: 0 inside, NaN where there is none.
    """

    code: pd.Series
    distance: pd.Series


def locate_points(
    longitude: pd.Series, latitude: pd.Series, villages: gpd.GeoSeries, *, nearest_km: float = 1.0
) -> Located:
    """Find the village of each point.

    Parameters
    ----------
    longitude, latitude : pandas.Series of float
        Degrees; NaN where a record has none.
    villages : geopandas.GeoSeries
        Polygons by code, EPSG:4326.
    nearest_km : float
        How far outside a village a point may lie to be given to it.
    """
    drawn = villages[villages.notna() & ~villages.is_empty].sort_index()
    frame = gpd.GeoDataFrame(geometry=drawn.to_numpy(), crs=4326)
    plane = frame.estimate_utm_crs() if len(frame) else None
    flat = frame.to_crs(plane) if plane else frame
    # By position: texts and labels of all points would be copied with each piece.
    village, distance = np.full(len(longitude), -1, dtype="int32"), np.full(len(longitude), np.nan)
    known = np.flatnonzero((longitude.notna() & latitude.notna()).to_numpy())
    for start in range(0, len(known) if len(frame) else 0, _PIECE):
        rows = known[start : start + _PIECE]
        shapes = gpd.points_from_xy(longitude.iloc[rows], latitude.iloc[rows], crs=4326)
        points = gpd.GeoDataFrame(geometry=shapes, index=rows)
        # The order of the villages is that of their codes.
        inside = gpd.sjoin(points, frame, predicate="intersects").sort_values("index_right")
        inside = inside[~inside.index.duplicated()]
        village[inside.index], distance[inside.index] = inside["index_right"], 0.0
        outside = points.drop(inside.index).to_crs(plane)
        near = gpd.sjoin_nearest(
            outside, flat, max_distance=nearest_km * _METRES, distance_col="metres"
        ).sort_values(["metres", "index_right"])
        near = near[~near.index.duplicated()]
        village[near.index], distance[near.index] = near["index_right"], near["metres"]
    codes = pd.Index([*drawn.index, ""], dtype="str").take(village)
    return Located(codes.to_series(index=longitude.index), pd.Series(distance, longitude.index))
