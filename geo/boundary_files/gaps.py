"""Making neighbours share their edges: overlaps parted, slivers between them given away.

`shapely.coverage_clean` alone does both, but closes gaps so slowly that a
large province takes minutes; here it only parts the overlaps.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

_TOLERANCE_SHARE: Final = 0.02


def make_seamless(shapes: Shapes, width: float) -> Shapes:
    """Polygons that share their edges with their neighbours exactly.

    Parameters
    ----------
    shapes : numpy.ndarray of Polygon or MultiPolygon
        Valid, in a plane coordinate system.
    width : float
        Holes between polygons no wider than this (the diameter of the largest
        circle in them), in the units of the coordinates, are closed: each
        goes to the neighbour with the longest border on it.

    Returns
    -------
    numpy.ndarray of Polygon or MultiPolygon
        In the same order.
    """
    parted: Shapes = np.asarray(shapely.coverage_clean(shapes), dtype=object)
    slivers = _slivers(parted, width)
    if len(slivers) == 0:
        return parted
    return _give_away(parted, slivers)


def _slivers(shapes: Shapes, width: float) -> Shapes:
    """Narrow holes in the union of the polygons."""
    solid = shapely.get_parts(shapely.coverage_union_all(shapes))
    rings = shapely.get_rings(solid[shapely.get_num_interior_rings(solid) > 0])
    outer = np.isin(rings, shapely.get_exterior_ring(solid)) if len(rings) else np.array([], bool)
    holes = _without_islands(shapely.polygons(rings[~outer]), solid)
    circles = shapely.maximum_inscribed_circle(holes, tolerance=width * _TOLERANCE_SHARE)
    return np.asarray(holes[2 * shapely.length(circles) <= width], dtype=object)


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
    for each in np.unique(winner):
        own = [shapes[each], *slivers[sliver[winner == each]]]
        result[each] = shapely.coverage_union_all(own)
    return result
