"""TopoJSON: each border once, so that a file is small and neighbours share their edges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely

from ..shapes.arcs import Arcs, find_arcs
from .files import Extract, plain_rows
from .typed_frame import layer_name

# Positions are whole steps of a millionth of a degree, about 0.1 m.
_STEP: Final = 1e-6


def write_topojson(layers: Sequence[Extract]) -> bytes:
    """Layers with their figures; borders are stored once for each layer.

    Positions are on a grid of 0.1 m. What the figures are of are members of the topology.
    """
    arcs: list[list[list[int]]] = []
    objects = {layer_name(extract): _collection(extract, arcs) for extract in layers}
    about = {fact.key: fact.plain for fact in layers[0].about}
    topology = {
        "type": "Topology",
        **about,
        "transform": {"scale": [_STEP, _STEP], "translate": [0, 0]},
        "objects": objects,
        "arcs": arcs,
    }
    return json.dumps(topology, ensure_ascii=False, separators=(",", ":")).encode()


def _collection(extract: Extract, arcs: list[list[list[int]]]) -> dict[str, Any]:
    gridded = shapely.set_precision(extract.shapes.to_numpy(), _STEP)
    gridded = shapely.orient_polygons(gridded, exterior_cw=False)
    walks = _walk_rings(gridded, arcs)
    geometries = []
    taken = 0
    for properties, shape in zip(plain_rows(extract.table), gridded, strict=True):
        polygons = []
        for polygon in shapely.get_parts([shape]):
            count = 1 + shapely.get_num_interior_rings(polygon)
            polygons.append(walks[taken : taken + count])
            taken += count
        # Not a null geometry where there is no polygon: GDAL 3.6 would leave the place out.
        geometry = {"type": "MultiPolygon", "arcs": polygons}
        geometries.append({**geometry, "id": properties["code"], "properties": properties})
    return {"type": "GeometryCollection", "geometries": geometries}


def _walk_rings(shapes: Any, arcs: list[list[list[int]]]) -> list[list[int]]:
    """The arcs of each ring by number, those walked backwards as complements; adds the arcs."""
    rings = shapely.get_rings([shape for shape in shapes if shape is not None])
    if not len(rings):
        return []
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    vertices = np.rint(coordinates / _STEP).astype("int64")
    # Rings are open here: the last position repeats the first.
    inside = np.append(ring[1:] == ring[:-1], False)
    vertices, ring = vertices[inside], ring[inside]
    found = find_arcs(vertices, ring)
    return _number_arcs(vertices[found.walk], ring[found.walk], found, arcs)


def _number_arcs(
    walked: Any, ring: Any, found: Arcs, arcs: list[list[list[int]]]
) -> list[list[int]]:
    begins = np.flatnonzero(found.first)
    ends = np.append(begins[1:], len(walked))
    ring_begin = np.flatnonzero(np.diff(ring, prepend=-1))
    offset = len(arcs)
    new = 0
    walks: list[list[int]] = [[] for _ in ring_begin]
    for begin, end, back in zip(begins, ends, found.back, strict=True):
        which = int(ring[begin])
        if back:
            walks[which].append(~(offset + new - int(back)))
            continue
        closing = end if end < len(walked) and ring[end] == which else ring_begin[which]
        line = np.vstack([walked[begin:end], walked[closing][None]])
        steps = np.diff(line, axis=0, prepend=np.zeros((1, 2), dtype="int64"))
        arcs.append(steps.tolist())
        walks[which].append(offset + new)
        new += 1
    return walks
