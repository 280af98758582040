"""Reads shape files in Python, as ``geo/assets/shapes.js`` does in the browser."""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely


@dataclass(frozen=True)
class ShapeFile:
    """A decoded file; positions in steps of the quantum."""

    header: dict[str, Any]
    rings: list[list[np.ndarray]]
    points: np.ndarray

    def polygon(self, code: str) -> Any:
        """The even-odd area of a place, in degrees."""
        loops = self.rings[self.header["codes"].index(code)]
        area = shapely.Polygon()
        for loop in loops:
            area = area.symmetric_difference(
                shapely.make_valid(shapely.Polygon(loop * self.header["quantum"]))
            )
        return area


def _varints(body: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in body:
        value |= (byte & 127) << shift
        shift += 7
        if not byte & 128:
            found.append(value)
            value = shift = 0
    return found


def _positions(numbers: list[int], count: int, at: int) -> np.ndarray:
    def unzigzag(part: list[int]) -> np.ndarray:
        steps = np.array([(n >> 1) ^ -(n & 1) for n in part], dtype="int64")
        return steps.cumsum()

    x, y = numbers[at : at + count], numbers[at + count : at + 2 * count]
    return np.column_stack([unzigzag(x), unzigzag(y)])


def decode_shapes(packed: bytes) -> ShapeFile:
    """Decode a file as `geo.shape_store.codec.encode_shapes` writes it."""
    data = gzip.decompress(packed)
    assert data[:4] == b"JKS1"
    (length,) = struct.unpack("<I", data[4:8])
    header = json.loads(data[8 : 8 + length])
    numbers = _varints(data[8 + length :])
    places, rings, vertices = len(header["codes"]), header["rings"], header["vertices"]
    assert len(numbers) == places + rings + 2 * vertices + 2 * places
    positions = _positions(numbers, vertices, places + rings)
    loops = np.split(positions, np.cumsum(numbers[places : places + rings])[:-1])
    ends = np.cumsum(numbers[:places])
    return ShapeFile(
        header,
        [loops[end - count : end] for count, end in zip(numbers[:places], ends, strict=True)],
        _positions(numbers, places, places + rings + 2 * vertices),
    )
