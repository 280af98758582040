"""Approximate boundaries where only village points are known.

Without the areas of the villages: Thiessen (Voronoi) cells within an outline that is grown around
the points until its area is the published one. With them: cells whose distances are divided by a
weight each, chosen so that every cell has its published area (a multiplicatively weighted Voronoi
diagram). The cells tile the outline without gaps, and each holds its point.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ..core.errors import ColumnProblem, mark

_HULL_RATIO: Final = 0.35
_AREA_TOLERANCE: Final = 1e-6
_SEGMENTS: Final = 8
# Bays of the outline that are narrower than this share of the root of its area are filled.
_BAY: Final = 0.2
# Discs of this many times their radius are larger than any outline asked for.
_MOST_SIZE: Final = 100.0
_HALVINGS: Final = 12
# Squares that areas are counted in while the weights are looked for, and how often they are mended.
_SQUARES: Final = 15_000
_ROUNDS: Final = 40
_STEP: Final = 0.25
# How far an edge may lie from the arc that it stands for, as a share of the root of the area.
_SAGITTA: Final = 0.001
# Two weights that differ by less have a straight line between them.
_LEAST_RATIO: Final = 1e-3
# Metres that corners of neighbouring cells are rounded to.
_GRID: Final = 1.0
Floats = NDArray[np.float64]


def approximate_boundaries(
    points: gpd.GeoSeries, *, area_km2: float, areas_km2: pd.Series | None = None
) -> gpd.GeoSeries:
    """Draw cells around points within an outline of a given area.

    Parameters
    ----------
    points : geopandas.GeoSeries of Point
        One point a place, in any coordinate system; all different.
    area_km2 : float
        Area of the outline, in square kilometres on the ellipsoid's
        equal-area projection centred on the points.
    areas_km2 : pandas.Series of float, optional
        Area of each place, by the index of ``points``, all above 0. Each cell then has about the
        share of the outline that its place has of their sum; without them every place on the
        ground goes to the nearest point.

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

    Aurenhammer, F. and Edelsbrunner, H. (1984), An optimal algorithm for constructing the weighted
    Voronoi diagram in the plane, Pattern Recognition 17(2).
    """
    _check_points(points)
    flat = points.to_crs(_equal_area(points))
    if areas_km2 is None:
        cells = _cells_in_order(flat, _grow_outline(flat, area_km2 * 1e6))
    else:
        shares = areas_km2.reindex(points.index).to_numpy("float64")
        cells = _cells_of_areas(flat, area_km2 * 1e6 * shares / shares.sum())
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
    """Buffer the concave hull until its area is ``area`` (m²)."""
    hull = shapely.concave_hull(points.union_all(), ratio=_HULL_RATIO)
    if hull.area >= area:
        raise ColumnProblem(
            mark("The points span {hull:.0f} km², more than the area given, {area:.0f} km²."),
            hull=hull.area / 1e6,
            area=area / 1e6,
        )
    return _grow_to(
        lambda radius: hull.buffer(radius, quad_segs=_SEGMENTS), area, float(np.sqrt(area))
    )


def _grow_to(
    draw: Callable[[float], shapely.Geometry], area: float, high: float
) -> shapely.Geometry:
    """Find by bisection the size, from 0 to ``high`` (m), whose drawing has an area (m²)."""
    low = 0.0
    while True:
        size = (low + high) / 2
        outline = draw(size)
        if abs(outline.area / area - 1) < _AREA_TOLERANCE:
            return outline
        low, high = (size, high) if outline.area < area else (low, size)


def _cells_in_order(points: gpd.GeoSeries, outline: shapely.Geometry) -> gpd.GeoSeries:
    """Voronoi cells cut to the outline, each under the index of its point."""
    cells = shapely.voronoi_polygons(
        shapely.MultiPoint(points.to_list()), extend_to=outline, ordered=True
    )
    cut = shapely.intersection(shapely.get_parts(cells), outline)
    return gpd.GeoSeries(cut, index=points.index, crs=points.crs)


def _cells_of_areas(points: gpd.GeoSeries, areas: Floats) -> gpd.GeoSeries:
    """Cut an outline into cells of these areas (m²), each around its point."""
    sites = np.column_stack([points.x, points.y])
    outline = _outline_of_areas(points, areas)
    cells = _cut(sites, _find_weights(sites, areas, outline), outline)
    return gpd.GeoSeries(
        _share_borders(cells, points.to_list()), index=points.index, crs=points.crs
    )


def _outline_of_areas(points: gpd.GeoSeries, areas: Floats) -> shapely.Geometry:
    """Draw a disc around each point, as large as its area, and fill the bays between them."""
    total = float(areas.sum())
    bay, radii = _BAY * np.sqrt(total), np.sqrt(areas / np.pi)

    def draw(size: float) -> shapely.Geometry:
        discs = shapely.union_all(shapely.buffer(points.array, radii * size, quad_segs=_SEGMENTS))
        return discs.buffer(bay, quad_segs=_SEGMENTS).buffer(-bay, quad_segs=_SEGMENTS)

    low, high = 0.0, _MOST_SIZE
    for _ in range(_HALVINGS):
        size = (low + high) / 2
        low, high = (size, high) if draw(size).area < total else (low, size)
    # A bay that closes makes the area leap; what the leap left over is grown evenly.
    discs = draw(low)
    if discs.area >= total or discs.is_empty:
        return _grow_outline(points, total)
    return _grow_to(lambda reach: discs.buffer(reach), total, float(np.sqrt(total)))


def _find_weights(sites: Floats, areas: Floats, outline: shapely.Geometry) -> Floats:
    """Find the weights whose cells have the areas, counted in squares of the outline."""
    width = np.sqrt(areas.sum() / _SQUARES)
    west, south, east, north = outline.bounds
    across, up = np.meshgrid(np.arange(west, east, width), np.arange(south, north, width))
    squares = np.column_stack([across.ravel(), up.ravel()])
    squares = squares[shapely.contains_xy(outline, squares[:, 0], squares[:, 1])]
    steps = squares[:, None, :] - sites[None, :, :]
    distances = np.log(np.maximum(np.hypot(steps[..., 0], steps[..., 1]), 1.0))
    square = areas.sum() / len(squares)
    weights: Floats = np.log(areas) / 2
    for _ in range(_ROUNDS):
        nearest = (distances - weights).argmin(axis=1)
        counted = np.bincount(nearest, minlength=len(sites)) * square
        wanted = np.log(areas / np.maximum(counted, square / 4))
        # A cell of less than a square cannot be counted: its first weight is its best.
        weights += _STEP * np.clip(wanted, -1, 1) * (areas > square)
    factors: Floats = np.exp(weights - weights.mean())
    return factors


def _cut(sites: Floats, weights: Floats, outline: shapely.Geometry) -> list[shapely.Geometry]:
    """Cut the outline: the lightest first, each nearer, by weight, than any heavier point."""
    order = np.argsort(weights, kind="stable")
    cells: list[shapely.Geometry] = [shapely.Polygon()] * len(sites)
    taken: shapely.Geometry = shapely.Polygon()
    root, span = float(np.sqrt(outline.area)), _furthest(outline, outline.bounds[:2])
    for rank, site in enumerate(order):
        cell, furthest = outline, span
        heavier = order[rank + 1 :]
        apart = np.hypot(*(sites[heavier] - sites[site]).T)
        for n in np.argsort(apart, kind="stable"):
            ratio = weights[site] / weights[heavier[n]]
            # All that is nearer than this to the point is nearer to it than to the heavier one.
            if ratio / (1 + ratio) * apart[n] >= furthest:
                continue
            reach = _reach(sites[site], sites[heavier[n]], ratio, span, root)
            cell = cell.intersection(reach)
            furthest = _furthest(cell, sites[site])
        cells[site] = cell.difference(taken)
        taken = taken.union(cell)
    return cells


def _furthest(shape: shapely.Geometry, point: Sequence[float] | Floats) -> float:
    """Measure how far (m) the furthest corner of a shape is from a point."""
    return float(np.hypot(*(shapely.get_coordinates(shape) - point).T).max(initial=0.0))


def _reach(site: Floats, other: Floats, ratio: float, span: float, root: float) -> shapely.Geometry:
    """Draw where a point is nearer, by weight, than a heavier one: a disc of Apollonius.

    Of a disc much larger than the outline, which spans ``span`` (m), only the part of its edge near
    the point is drawn, and what lies behind it.
    """
    apart = float(np.hypot(*(other - site)))
    towards = (other - site) / apart
    if ratio > 1 - _LEAST_RATIO:
        return _half_plane((site + other) / 2, towards, span)
    centre = (site - ratio**2 * other) / (1 - ratio**2)
    radius = ratio * apart / (1 - ratio**2)
    turn = 2 * float(np.arccos(1 - min(_SAGITTA * root / radius, 1)))
    half = min(np.pi, 2 * span / radius)
    first = float(np.arctan2(towards[1], towards[0]))
    angles = first + np.linspace(-half, half, max(int(2 * half / turn), 8) + 1)
    arc = centre + radius * np.column_stack([np.cos(angles), np.sin(angles)])
    if half == np.pi:
        return shapely.Polygon(arc[:-1])
    return shapely.Polygon([*arc, arc[-1] - 4 * span * towards, arc[0] - 4 * span * towards])


def _half_plane(middle: Floats, towards: Floats, span: float) -> shapely.Geometry:
    """Draw all within reach that lies behind a line through the middle."""
    along = 4 * span * np.array([-towards[1], towards[0]])
    back = 4 * span * towards
    corners = (middle + along, middle - along, middle - along - back, middle + along - back)
    return shapely.Polygon(corners)


def _share_borders(
    cells: list[shapely.Geometry], points: Sequence[shapely.Point]
) -> list[shapely.Geometry]:
    """Give neighbours the very same borders, and exclaves to the neighbour they border most."""
    edges = shapely.union_all(shapely.boundary(cells), grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize([edges]))
    within = shapely.STRtree(faces).nearest(points)
    whole = [faces[at] for at in within]
    owners = shapely.STRtree(cells).nearest(shapely.point_on_surface(faces))
    for at in sorted({*range(len(faces))} - {*within.tolist()}, key=lambda at: -faces[at].area):
        borders = shapely.length(shapely.intersection(faces[at].boundary, whole))
        if borders.max() > 0:
            owners[at] = int(np.argmax(borders))
        whole[owners[at]] = shapely.union(whole[owners[at]], faces[at])
    return whole
