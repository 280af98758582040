"""Shapes of places as a compact binary file, read by ``geo/maps/assets/shapes.js``.

The file is compressed whole with gzip. Inside, little-endian: ``JKS2``, the
length of the header (uint32), the header, then whole numbers as unsigned LEB128.

The header is JSON: ``level``; ``codes``, the digits of each place's code as the
difference to the place before; ``names``; ``quantum``; how many ``rings`` there
are, ``walks`` along an arc, ``arcs`` and ``vertices``.

A border is an arc, told once: by the first ring that walks along it. The second
one says which arc it was and walks it backwards. The numbers are

- of each place, how many rings it has; of each ring, along how many arcs it walks;
- of each walk, 0 for a new arc; else how many arcs before the next new one it is;
- of each arc, its vertices without both ends;
- x of each vertex, then y of each vertex: a ring's first, unless it begins with a
  known arc; then of each new arc those between its ends and, unless the ring ends
  there or goes on along an arc known before, its last. The difference to the vertex
  before on the ring, of a ring's first to the first of the ring before;
- x, then y of a point inside each place, from the middle of its box.

Positions are in steps of ``quantum`` degrees, differences zigzag-coded. Rings are
open (the last vertex is not the first) and painted even-odd, so that holes are
rings like others.
"""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..core.codes import Level
from .arcs import Arcs, Ints, find_arcs

MAGIC: Final = b"JKS2"
_LEAST_VERTICES: Final = 3
_TRIANGLE: Final = np.array([[0, 0], [1, 0], [0, 1]])
# A varint holds 7 bits a byte.
_BITS: Final = 7


@dataclass(frozen=True)
class _Rings:
    """Vertices in order, with the ring and the place that each belongs to.

    Polygons are to the left of their rings.
    """

    vertices: Ints
    ring: Ints
    place: Ints


def encode_shapes(
    shapes: gpd.GeoSeries, names: pd.Series, *, level: Level, quantum: float
) -> bytes:
    """Encode the shapes of places.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons by code, EPSG:4326, none missing or empty.
    names : pandas.Series of str
        Names by code; the code itself stands where there is none.
    level : str
        Level of the places.
    quantum : float
        Step of the coordinates in degrees. Equal positions stay equal, so
        that neighbours go on sharing their edges.

    Returns
    -------
    bytes
        The file, compressed; the same for the same input.
    """
    rings = _on_grid(shapes.to_numpy(), quantum)
    arcs = find_arcs(rings.vertices, rings.ring)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy()))
    middle = np.rint(inside / quantum).astype("int64") - _middles(rings)
    named = names.reindex(shapes.index)
    steps = _steps(rings, arcs)
    header = {
        "level": level,
        "codes": np.diff(_digits(shapes.index), prepend=0).tolist(),
        "names": list(named.where(named.notna(), shapes.index.to_series())),
        "quantum": quantum,
        "rings": int(rings.ring[-1]) + 1,
        "walks": len(arcs.back),
        "arcs": int((arcs.back == 0).sum()),
        "vertices": len(steps),
    }
    numbers = [
        *_counts(rings, arcs, len(shapes)),
        *_zigzag(steps),
        *_zigzag(middle),
    ]
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(map(_varints, numbers))
    return gzip.compress(MAGIC + struct.pack("<I", len(head)) + head + body, 9, mtime=0)


def _digits(codes: pd.Index) -> Ints:
    return np.asarray(codes.str.replace(".", "").astype("int64"))


def _counts(rings: _Rings, arcs: Arcs, places: int) -> list[Ints]:
    """Rings of each place, walks of each ring, the walks, vertices between an arc's ends."""
    starts, ring = _starts(rings.ring), rings.ring[arcs.walk]
    return [
        np.bincount(rings.place[starts], minlength=places),
        np.bincount(ring[arcs.first]),
        arcs.back,
        np.bincount(arcs.arc)[arcs.back == 0] - 1,
    ]


def _steps(rings: _Rings, arcs: Arcs) -> Ints:
    """From the vertex before to each one that is not known already."""
    vertices, starts = rings.vertices[arcs.walk], _starts(rings.ring)
    before = np.arange(len(vertices)) - 1
    before[starts[1:]] = starts[:-1]
    steps = vertices - vertices[before]
    steps[0] = vertices[0]
    new = arcs.back == 0
    begins = np.diff(rings.ring[arcs.walk][arcs.first], prepend=-1) != 0
    # An arc's end is the beginning of the next one, which tells it; nothing does if that is
    # new itself, or the same one back from the tip of a spike.
    is_written = np.where(begins, new, np.append(False, new[:-1]) & (arcs.back <= 1))
    return steps[np.where(arcs.first, is_written[arcs.arc], new[arcs.arc])]


def _middles(rings: _Rings) -> Ints:
    """Compute the middle of each place's box."""
    starts = np.flatnonzero(np.diff(rings.place, prepend=-1))
    low, high = (edge.reduceat(rings.vertices, starts) for edge in (np.minimum, np.maximum))
    return np.asarray((low + high) // 2)


def _on_grid(shapes: Any, quantum: float) -> _Rings:
    """Open rings without repeated vertices; a place too small for one gets a triangle."""
    parts, of_part = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    loops, of_loop = shapely.get_rings(parts, return_index=True)
    positions, ring = shapely.get_coordinates(loops, return_index=True)
    closing = np.append(ring[1:] != ring[:-1], True)
    grid, ring = np.rint(positions[~closing] / quantum).astype("int64"), ring[~closing]
    fresh = (grid != grid[_before(ring)]).any(axis=1)
    sizes = np.bincount(ring[fresh], minlength=len(loops))
    drawn = fresh & (sizes >= _LEAST_VERTICES)[ring]
    rings = _Rings(grid[drawn], ring[drawn], of_part[of_loop][ring[drawn]])
    lost = np.setdiff1d(np.arange(len(shapes)), rings.place)
    if len(lost):
        rings = _with_triangles(rings, lost, shapes[lost], quantum)
    return replace(rings, ring=np.cumsum(np.diff(rings.ring, prepend=rings.ring[0]) != 0))


def _starts(ring: Ints) -> Ints:
    """Where each ring begins."""
    return np.flatnonzero(np.append(True, ring[1:] != ring[:-1])) if len(ring) else ring


def _before(ring: Ints) -> Ints:
    """Find the vertex before each one; before a ring's first stands its last."""
    before = np.arange(len(ring)) - 1
    starts = _starts(ring)
    before[starts] = np.append(starts[1:], len(ring)) - 1
    return before


def _with_triangles(rings: _Rings, lost: Ints, shapes: Any, quantum: float) -> _Rings:
    corners = np.rint(shapely.get_coordinates(shapely.point_on_surface(shapes)) / quantum)
    added = (corners.astype("int64")[:, None] + _TRIANGLE).reshape(-1, 2)
    first = rings.ring.max(initial=-1) + 1
    added_ring = np.repeat(np.arange(first, first + len(lost)), len(_TRIANGLE))
    vertices = np.concatenate([rings.vertices, added])
    ring = np.concatenate([rings.ring, added_ring])
    place = np.concatenate([rings.place, np.repeat(lost, len(_TRIANGLE))])
    order = np.argsort(place, kind="stable")
    return _Rings(vertices[order], ring[order], place[order])


def _zigzag(steps: Ints) -> list[Ints]:
    """X and y apart, as numbers from 0 that are small for small steps of either sign."""
    zigzag = (steps << 1) ^ (steps >> 63)
    return [zigzag[:, 0], zigzag[:, 1]]


def _varints(numbers: Ints) -> bytes:
    """Whole numbers from 0 as LEB128: seven bits a byte, the lowest first."""
    groups = max(1, -(-int(numbers.max(initial=0)).bit_length() // _BITS))
    shifts = _BITS * np.arange(groups)
    shifted = numbers[:, None] >> shifts
    has_next_byte = np.append(shifted[:, 1:] > 0, np.zeros((len(numbers), 1), bool), axis=1)
    is_written = np.append(np.ones((len(numbers), 1), bool), shifted[:, 1:] > 0, axis=1)
    coded = (shifted & 0x7F) | (has_next_byte.astype("int64") << _BITS)
    return bytes(coded[is_written].astype("uint8"))
