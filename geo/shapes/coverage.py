"""A true coverage of villages, cleaned and simplified: neighbours share their edges exactly.

All in degrees: Indonesia lies within 12° of the equator, where a degree is as long
both ways within 2 %. Pieces are cleaned with the same constants, whatever their extent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..core import codes

Shapes = NDArray[np.object_]
Mask = NDArray[np.bool_]

METRES_A_DEGREE: Final = 111_320.0
# Holes between villages that are narrower than this are faults of the layer, not lakes.
GAP: Final = 50 / METRES_A_DEGREE
# Near vertices are joined. Where GEOS then loses a village (it can, seldom), another step is tried.
_SNAPS: Final = (1e-7, 1e-6, 3e-8)
_LOSS: Final = 0.02
_CIRCLE_STEP: Final = 0.02
# Shares of the work behind us when overlaps are parted, and when holes are found.
_PARTED, _FOUND = 0.65, 0.8


@dataclass(frozen=True)
class Coverage:
    """Villages cleaned, and what was done.

    Attributes
    ----------
    shapes : numpy.ndarray of Polygon or MultiPolygon
        In the order given, none empty.
    apart : numpy.ndarray of bool
        Villages that wholly lie in others and therefore are no part of the coverage.
    closed : int
        Narrow holes, and splinters that overlaps left, that were given to a neighbour.
    closed_km2, parted_km2 : float
        Area of these, and of the overlaps that went to one village.
    """

    shapes: Shapes
    apart: Mask
    closed: int
    closed_km2: float
    parted_km2: float


def clean_coverage(shapes: Shapes, tell: Callable[[float], None] = lambda share: None) -> Coverage:
    """Part overlaps, match edges, close narrow holes.

    Parameters
    ----------
    shapes : numpy.ndarray of Polygon or MultiPolygon
        Valid, in degrees, none missing.
    tell : callable
        Is told the share done.

    Returns
    -------
    Coverage
        An overlap goes to the smaller village, so that one that lies in another stays;
        a hole up to 50 m wide (the diameter of the largest circle in it) to the
        neighbour with the longest border on it.
    """
    parted = _part(shapes)
    apart = np.asarray(shapely.is_empty(parted))
    inside = parted[~apart]
    tell(_PARTED)
    slivers = _slivers(inside)
    tell(_FOUND)
    cleaned = np.where(apart, shapes, parted)
    inside, splinters = _take_splinters(inside)
    slivers = np.concatenate([slivers, splinters])
    cleaned[~apart] = _give_away(inside, slivers) if len(slivers) else inside
    parted_km2 = float(km2(shapes[~apart]).sum() - km2(parted[~apart]).sum())
    return Coverage(
        shapes=cleaned,
        apart=apart,
        closed=len(slivers),
        closed_km2=float(km2(slivers).sum()),
        parted_km2=max(parted_km2, 0.0),
    )


def km2(shapes: Shapes) -> NDArray[np.float64]:
    """Areas of shapes in degrees, near enough to report them."""
    if not len(shapes):
        return np.zeros(0)
    bounds = shapely.bounds(shapes)
    narrowing = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    return np.asarray(shapely.area(shapes) * narrowing * (METRES_A_DEGREE / 1000) ** 2)


def _part(shapes: Shapes) -> Shapes:
    """Edges matched and overlaps parted."""
    for snap in _SNAPS:
        # GEOS may reckon with NaN on its way, which NumPy takes for a fault of the result.
        with np.errstate(invalid="ignore"):
            cleaned = shapely.coverage_clean(
                shapes, snapping_distance=snap, merge_strategy="min_area"
            )
        parted = np.asarray(cleaned, dtype=object)
        if not _unexplained(shapes, parted).any():
            break
    return parted


def _unexplained(before: Shapes, after: Shapes) -> Mask:
    """Villages that lost more of their area than others have in common with them."""
    share = 1 - shapely.area(after) / shapely.area(before)
    lost: Mask = np.asarray(share > _LOSS)
    tree = shapely.STRtree(before)
    for index in np.flatnonzero(lost):
        near = tree.query(before[index])
        common = shapely.intersection(before[index], shapely.union_all(before[near[near != index]]))
        lost[index] = share[index] > shapely.area(common) / shapely.area(before[index]) + _LOSS
    return lost


def _slivers(shapes: Shapes) -> Shapes:
    """Narrow holes in the union of the polygons."""
    solid = shapely.get_parts(shapely.coverage_union_all(shapes))
    pierced = solid[shapely.get_num_interior_rings(solid) > 0]
    rings = np.concatenate([[], *map(_holes_of, pierced)])
    holes = _without_islands(shapely.polygons(rings), solid) if len(rings) else rings
    return holes[_are_narrow(holes)] if len(holes) else holes


def _take_splinters(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Take narrow parts that lie on others off the polygons, and give both.

    Parting an overlap can leave a strip cut off from its village; islets touch nobody.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    area = shapely.area(parts)
    largest = np.zeros(len(shapes))
    np.maximum.at(largest, owner, area)
    loose = np.flatnonzero((area < largest[owner]) & _are_narrow(parts))
    is_left = np.ones(len(parts), bool)
    is_left[loose] = False
    touching, _ = shapely.STRtree(parts[is_left]).query(parts[loose], predicate="touches")
    splinters = loose[np.unique(touching)]
    result = shapes.copy()
    for each in np.unique(owner[splinters]):
        own_parts = np.setdiff1d(np.flatnonzero(owner == each), splinters)
        result[each] = (
            shapely.multipolygons(parts[own_parts]) if len(own_parts) > 1 else parts[own_parts[0]]
        )
    return result, parts[splinters]


def _holes_of(shape: shapely.Polygon) -> Shapes:
    count = shapely.get_num_interior_rings(shape)
    return np.asarray(shapely.get_interior_ring(shape, np.arange(count)), dtype=object)


def _are_narrow(holes: Shapes) -> Mask:
    """Whether the largest circle in each hole is no wider than `GAP`; drawn only if in doubt."""
    area, around, bounds = shapely.area(holes), shapely.length(holes), shapely.bounds(holes)
    box = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    narrow = (box <= GAP) | (2 * np.sqrt(area / np.pi) <= GAP)
    # The radius of the largest circle is at least area by length of the border.
    doubt = np.flatnonzero(~narrow & (2 * area <= GAP * around))
    circles = shapely.maximum_inscribed_circle(holes[doubt], tolerance=GAP * _CIRCLE_STEP)
    narrow[doubt] = 2 * shapely.length(circles) <= GAP
    return np.asarray(narrow)


def _without_islands(holes: Shapes, solid: Shapes) -> Shapes:
    """Holes less the polygons that lie in them."""
    hole, island = shapely.STRtree(solid).query(holes, predicate="contains")
    for each in np.unique(hole):
        holes[each] = shapely.difference(
            holes[each], shapely.union_all(solid[island[hole == each]])
        )
    return holes


def _give_away(shapes: Shapes, slivers: Shapes) -> Shapes:
    tree = shapely.STRtree(shapes)
    which, neighbour = tree.query(slivers, predicate="touches")
    border = shapely.length(
        shapely.intersection(shapely.boundary(slivers[which]), shapely.boundary(shapes[neighbour]))
    )
    # The last entry of each sliver, by length of border, is the one that wins.
    order = np.lexsort((border, which))
    last = np.append(which[order][1:] != which[order][:-1], True)
    sliver, winner = which[order][last], neighbour[order][last]
    result = shapes.copy()
    by_winner = pd.Series(sliver).groupby(winner).indices
    for each, positions in by_winner.items():
        result[each] = shapely.coverage_union_all([shapes[each], *slivers[sliver[positions]]])
    return result


def simplify_coverage(shapes: Shapes, apart: Mask, tolerance: float) -> Shapes:
    """Fewer vertices, neighbours still sharing their edges and none vanishing.

    Parameters
    ----------
    shapes, apart : numpy.ndarray
        As `clean_coverage` gives them.
    tolerance : float
        In degrees: about the root of the area of the triangles taken away
        (Visvalingam-Whyatt).
    """
    simple = shapes.copy()
    simple[~apart] = shapely.coverage_simplify(shapes[~apart], tolerance)
    for position in np.flatnonzero(apart):
        simple[position] = shapely.coverage_simplify(shapes[position], tolerance)
    return simple


def dissolve_levels(
    villages: Shapes, codes_of: pd.Index, apart: Mask
) -> dict[codes.Level, pd.Series]:
    """Shapes of each level, every one from the level below.

    Parameters
    ----------
    villages, apart : numpy.ndarray
        As `clean_coverage` or `simplify_coverage` gives them.
    codes_of : pandas.Index of str
        Their dotted codes, sorted.

    Returns
    -------
    dict of str to pandas.Series of Polygon or MultiPolygon
        ``village``, ``subdistrict``, ``regency``, ``province``, by code, sorted.
    """
    levels: dict[codes.Level, pd.Series] = {"village": pd.Series(villages, codes_of)}
    shapes = levels["village"][~apart]
    for level in ("subdistrict", "regency", "province"):
        keys = shapes.index.str[: codes.length_of(level)]
        shapes = shapes.groupby(keys).agg(lambda s: shapely.coverage_union_all(s.to_numpy()))
        alone = levels["village"][apart]
        extra = alone.groupby(alone.index.str[: codes.length_of(level)]).agg(_union)
        levels[level] = pd.concat([shapes, extra]).groupby(level=0).agg(_union)
    return levels


def _union(shapes: pd.Series) -> shapely.Geometry:
    return shapes.iloc[0] if len(shapes) == 1 else shapely.union_all(shapes.to_numpy())
