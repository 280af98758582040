"""Shape files back to polygons, so that peers can be given exactly what ours draws."""

from __future__ import annotations

import gzip
import json
import struct

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]


def decode_shapes(packed: bytes) -> tuple[str, gpd.GeoSeries]:
    """Level and polygons by code of a file of `geo.shape_store.codec.encode_shapes`."""
    body = gzip.decompress(packed)
    (length,) = struct.unpack("<I", body[4:8])
    header = json.loads(body[8 : 8 + length])
    numbers = _varints(np.frombuffer(body[8 + length :], dtype="uint8"))
    places, rings, vertices = len(header["codes"]), header["rings"], header["vertices"]
    ring_counts, vertex_counts = numbers[:places], numbers[places : places + rings]
    steps = numbers[places + rings : places + rings + 2 * vertices].reshape(2, vertices)
    grid = ((steps >> 1) ^ -(steps & 1)).cumsum(axis=1).T
    degrees = grid * header["quantum"]
    lines = shapely.linearrings(degrees, indices=np.repeat(np.arange(rings), vertex_counts))
    owners = np.repeat(np.arange(places), ring_counts)
    areas = [_even_odd(rings) for rings in shapely.geometrycollections(lines, indices=owners)]
    return str(header["level"]), gpd.GeoSeries(areas, index=header["codes"], crs=4326)


def _even_odd(rings: shapely.GeometryCollection) -> shapely.Geometry:
    """The area that an even-odd rule paints."""
    try:
        return shapely.build_area(rings)
    except shapely.errors.GEOSException:  # rings that cross each other on the grid
        return shapely.build_area(shapely.node(rings))


def _varints(body: npt.NDArray[np.uint8]) -> Ints:
    """Unsigned LEB128."""
    last = body < 128
    starts = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])
    place = np.arange(len(body)) - np.repeat(starts, np.diff(np.append(starts, len(body))))
    parts = (body & 127).astype("int64") << (7 * place)
    return np.add.reduceat(parts, starts)
