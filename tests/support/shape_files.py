"""Reads shape files in Python, as ``geo/maps/assets/shapes.js`` does in the browser."""

from __future__ import annotations

import gzip
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import shapely

Position = tuple[int, int]
_DOTS = {"province": (), "regency": (2,), "subdistrict": (2, 4), "village": (2, 4, 6)}


@dataclass(frozen=True)
class ShapeFile:
    """A decoded file; positions in steps of the quantum.

    ``arcs`` have both ends; ``sides`` are the two places of each, -1 for none.
    """

    header: dict[str, Any]
    codes: list[str]
    rings: list[list[np.ndarray]]
    arcs: list[list[Position]]
    sides: list[list[int]]
    points: np.ndarray

    def polygon(self, code: str) -> Any:
        """The even-odd area of a place, in degrees."""
        loops = self.rings[self.codes.index(code)]
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
    assert shift == 0
    return found


def _pairs(numbers: Iterator[int], count: int) -> list[Position]:
    signed = [(n >> 1) ^ -(n & 1) for n in take(numbers, 2 * count)]
    return list(zip(signed[:count], signed[count:], strict=True))


def take(numbers: Iterator[int], count: int) -> list[int]:
    return [next(numbers) for _ in range(count)]


def _codes(header: dict[str, Any]) -> list[str]:
    ends = (*_DOTS[header["level"]], None)
    return [
        ".".join(str(code)[start:end] for start, end in zip((0, *ends), ends, strict=False))
        for code in accumulate(header["codes"])
    ]


def _walk(
    walks: list[int], arcs: list[list[Position]], sizes: Iterator[int], start: Position, step: Any
) -> list[int]:
    """Walk along a ring, adding its new arcs; gives the number of each, -1 - number backwards."""
    here, gone = start, []
    for at, back in enumerate(walks):
        if back:
            gone.append(back - len(arcs) - 1)
            here = arcs[-1 - gone[-1]][0]
            continue
        arc = [here]
        for _ in range(next(sizes)):
            arc.append(step(arc[-1]))
        if at == len(walks) - 1:
            here = start
        else:
            following = walks[at + 1]
            here = arcs[len(arcs) + 1 - following][-1] if following > 1 else step(arc[-1])
        gone.append(len(arcs))
        arcs.append([*arc, here])
    return gone


def decode_shapes(packed: bytes) -> ShapeFile:
    """Decode a file as `geo.shapes.codec.encode_shapes` writes it."""
    data = gzip.decompress(packed)
    assert data[:4] == b"JKS2"
    (length,) = struct.unpack("<I", data[4:8])
    header = json.loads(data[8 : 8 + length])
    numbers = iter(_varints(data[8 + length :]))
    ring_counts = take(numbers, len(header["codes"]))
    walk_counts = take(numbers, header["rings"])
    walks = iter(take(numbers, header["walks"]))
    sizes = iter(take(numbers, header["arcs"]))
    steps = iter(_pairs(numbers, header["vertices"]))
    from_middles = _pairs(numbers, len(header["codes"]))

    def step(position: Position) -> Position:
        dx, dy = next(steps)
        return position[0] + dx, position[1] + dy

    arcs: list[list[Position]] = []
    sides: list[list[int]] = []
    rings: list[list[np.ndarray]] = []
    counts, start = iter(walk_counts), (0, 0)
    for place, ring_count in enumerate(ring_counts):
        rings.append([])
        for count in take(counts, ring_count):
            own = take(walks, count)
            start = arcs[len(arcs) - own[0]][-1] if own[0] else step(start)
            loop: list[Position] = []
            for arc in _walk(own, arcs, sizes, start, step):
                if arc >= 0:
                    sides.append([place, -1])
                else:
                    assert sides[-1 - arc][1] == -1
                    sides[-1 - arc][1] = place
                loop += arcs[arc][:-1] if arc >= 0 else arcs[-1 - arc][:0:-1]
            rings[-1].append(np.array(loop))
    assert (
        next(numbers, None) is next(steps, None) is next(walks, None) is next(sizes, None) is None
    )
    boxes = [np.concatenate(loops) for loops in rings]
    middles = np.array([(box.min(axis=0) + box.max(axis=0)) // 2 for box in boxes])
    return ShapeFile(header, _codes(header), rings, arcs, sides, middles + from_middles)
