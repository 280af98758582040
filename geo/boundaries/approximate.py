"""Approximate boundaries where only village points are known.

Thiessen (Voronoi) cells within an outline that is grown around the points
until its area is the published one. Every place on the ground goes to the
nearest village point; the cells tile the outline without gaps.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from ..core.errors import ColumnProblem, mark

_HULL_RATIO: Final = 0.35
_AREA_TOLERANCE: Final = 1e-6
_QUADRANT_SEGMENTS: Final = 16


def approximate_boundaries(points: gpd.GeoSeries, *, area_km2: float) -> gpd.GeoSeries:
    """Thiessen cells of points within an outline of a given area.

    Parameters
    ----------
    points : geopandas.GeoSeries of Point
        One point a place, in any coordinate system; all different.
    area_km2 : float
        Area of the outline, in square kilometres on the ellipsoid's
        equal-area projection centred on the points.

    Returns
    -------
    geopandas.GeoSeries of Polygon or MultiPolygon
        Index of ``points``, EPSG:4326. The areas sum to ``area_km2``.

    Raises
    ------
    ColumnProblem
        If there are fewer than three points, two share a position, or the
        area is smaller than the hull of the points.

    References
    ----------
    Thiessen, A. H. (1911), Precipitation averages for large areas, Monthly
    Weather Review 39(7).
    """
    _check_points(points)
    flat = points.to_crs(_equal_area(points))
    outline = _grow_outline(flat, area_km2 * 1e6)
    cells = _cells_in_order(flat, outline)
    return cells.to_crs(4326)


def _check_points(points: gpd.GeoSeries) -> None:
    if len(points) < 3:
        raise ColumnProblem(
            mark("{count} points were given; approximate boundaries need at least three."),
            count=len(points),
        )
    shared = points.index[points.duplicated(keep=False)]
    if len(shared):
        raise ColumnProblem(
            mark("{places} have the same point; give each village a point of its own."),
            places=", ".join(map(str, shared[:4])),
        )


def _equal_area(points: gpd.GeoSeries) -> CRS:
    centre = points.to_crs(4326).union_all().centroid
    return CRS.from_proj4(f"+proj=laea +lat_0={centre.y:.4f} +lon_0={centre.x:.4f} +datum=WGS84")


def _grow_outline(points: gpd.GeoSeries, area: float) -> shapely.Geometry:
    """Buffer the concave hull until its area is ``area`` (m²), by bisection."""
    hull = shapely.concave_hull(points.union_all(), ratio=_HULL_RATIO)
    if hull.area >= area:
        raise ColumnProblem(
            mark("The points span {hull:.0f} km², more than the area given, {area:.0f} km²."),
            hull=hull.area / 1e6,
            area=area / 1e6,
        )
    low, high = 0.0, float(np.sqrt(area))
    while True:
        radius = (low + high) / 2
        outline = hull.buffer(radius, quad_segs=_QUADRANT_SEGMENTS)
        if abs(outline.area / area - 1) < _AREA_TOLERANCE:
            return outline
        low, high = (radius, high) if outline.area < area else (low, radius)


def _cells_in_order(points: gpd.GeoSeries, outline: shapely.Geometry) -> gpd.GeoSeries:
    """Voronoi cells cut to the outline, each under the index of its point."""
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(points.to_list()), extend_to=outline, ordered=True
    )
    cut = shapely.intersection(shapely.get_parts(cells), outline)
    return gpd.GeoSeries(cut, index=points.index, crs=points.crs)
