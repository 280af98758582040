"""Shapes of places as a compact binary file, read by ``geo/assets/shapes.js``.

The file is compressed whole with gzip. Inside, little-endian: ``JKS1``, the
length of the header (uint32), the header (JSON: ``level``, ``codes``,
``names``, ``quantum``, ``rings``, ``vertices``), then whole numbers as
unsigned LEB128: the number of rings of each place, the number of vertices of
each ring, x of every vertex, y of every vertex, and x and y of a point inside
each place; positions as the zigzag-coded difference to the one before, in
steps of ``quantum`` degrees. Rings are open (the last vertex is not the first)
and painted even-odd, so that holes are rings like others.
"""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ..codes import Level

MAGIC: Final = b"JKS1"
Ints = NDArray[np.int64]
_LEAST_VERTICES: Final = 3
_TRIANGLE: Final = np.array([[0, 0], [1, 0], [0, 1]])
# A varint holds 7 bits a byte.
_BITS: Final = 7


@dataclass(frozen=True)
class _Rings:
    """Vertices in order, with the ring and the place that each belongs to."""

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
    starts = _starts(rings.ring)
    inside = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy()))
    named = names.reindex(shapes.index)
    header = {
        "level": level,
        "codes": list(shapes.index),
        "names": list(named.where(named.notna(), shapes.index.to_series())),
        "quantum": quantum,
        "rings": len(starts),
        "vertices": len(rings.ring),
    }
    numbers = [
        np.bincount(rings.place[starts], minlength=len(shapes)),
        np.diff(np.append(starts, len(rings.ring))),
        *_differences(rings.vertices),
        *_differences(np.rint(inside / quantum).astype("int64")),
    ]
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join(map(_varints, numbers))
    return gzip.compress(MAGIC + struct.pack("<I", len(head)) + head + body, 9, mtime=0)


def _on_grid(shapes: Any, quantum: float) -> _Rings:
    """Open rings without repeated vertices; a place too small for one gets a triangle."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    loops, of_loop = shapely.get_rings(parts, return_index=True)
    positions, ring = shapely.get_coordinates(loops, return_index=True)
    closing = np.append(ring[1:] != ring[:-1], True)
    grid, ring = np.rint(positions[~closing] / quantum).astype("int64"), ring[~closing]
    fresh = (grid != grid[_before(ring)]).any(axis=1)
    sizes = np.bincount(ring[fresh], minlength=len(loops))
    drawn = fresh & (sizes >= _LEAST_VERTICES)[ring]
    found = _Rings(grid[drawn], ring[drawn], of_part[of_loop][ring[drawn]])
    lost = np.setdiff1d(np.arange(len(shapes)), found.place)
    return _with_triangles(found, lost, shapes[lost], quantum) if len(lost) else found


def _starts(ring: Ints) -> Ints:
    """Where each ring begins."""
    return np.flatnonzero(np.append(True, ring[1:] != ring[:-1])) if len(ring) else ring


def _before(ring: Ints) -> Ints:
    """The vertex before each one; before a ring's first stands its last."""
    before = np.arange(len(ring)) - 1
    starts = _starts(ring)
    before[starts] = np.append(starts[1:], len(ring)) - 1
    return before


def _with_triangles(found: _Rings, lost: Ints, shapes: Any, quantum: float) -> _Rings:
    corners = np.rint(shapely.get_coordinates(shapely.point_on_surface(shapes)) / quantum)
    added = (corners.astype("int64")[:, None] + _TRIANGLE).reshape(-1, 2)
    first = found.ring.max(initial=-1) + 1
    rings = np.repeat(np.arange(first, first + len(lost)), len(_TRIANGLE))
    vertices = np.concatenate([found.vertices, added])
    ring = np.concatenate([found.ring, rings])
    place = np.concatenate([found.place, np.repeat(lost, len(_TRIANGLE))])
    order = np.argsort(place, kind="stable")
    return _Rings(vertices[order], ring[order], place[order])


def _differences(positions: Ints) -> list[Ints]:
    """Zigzag-coded steps from each position to the next, x and y apart."""
    steps = np.diff(positions, axis=0, prepend=np.zeros((1, 2), "int64"))
    zigzag = (steps << 1) ^ (steps >> 63)
    return [zigzag[:, 0], zigzag[:, 1]]


def _varints(numbers: Ints) -> bytes:
    """Whole numbers from 0 as LEB128: seven bits a byte, the lowest first."""
    groups = max(1, -(-int(numbers.max(initial=0)).bit_length() // _BITS))
    shifts = _BITS * np.arange(groups)
    rest = numbers[:, None] >> shifts
    more = np.append(rest[:, 1:] > 0, np.zeros((len(numbers), 1), bool), axis=1)
    taken = np.append(np.ones((len(numbers), 1), bool), rest[:, 1:] > 0, axis=1)
    coded = (rest & 0x7F) | (more.astype("int64") << _BITS)
    return bytes(coded[taken].astype("uint8"))
