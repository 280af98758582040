"""How deeply WKB geometry is nested.

GEOS reads nested geometry by calling itself: a few hundred thousand levels, nine
bytes each, exhaust the stack and end the process.
"""

from __future__ import annotations

import struct
from typing import Final

MAX_DEPTH: Final = 32
# Fewer bytes than this hold no nesting that does harm, so they need no look.
_HARMLESS_LENGTH: Final = 16_384
_POINT, _LINE, _POLYGON, _COLLECTIONS = 1, 2, 3, range(4, 8)


def is_shallow(shape: bytes | None) -> bool:
    """Whether GEOS can read a geometry without exhausting the stack.

    Parameters
    ----------
    shape : bytes or None
        WKB, ISO or extended. What is broken counts as shallow: GEOS refuses it.
    """
    if shape is None or len(shape) < _HARMLESS_LENGTH:
        return True
    try:
        return _depth_is_bounded(shape)
    except (struct.error, IndexError):
        return True


def _depth_is_bounded(shape: bytes) -> bool:
    position = 0
    open_counts = [1]  # Of each geometry that is open, members still to come.
    while open_counts:
        if open_counts[-1] == 0:
            open_counts.pop()
            continue
        open_counts[-1] -= 1
        order = "<" if shape[position] else ">"
        (code,) = struct.unpack_from(f"{order}I", shape, position + 1)
        position += 9 if code & 0x20000000 else 5
        kind, width = _kind_and_width(code)
        if kind == _POINT:
            position += width
        elif kind == _LINE:
            position = _after_points(shape, order, position, width)
        else:
            (count,) = struct.unpack_from(f"{order}I", shape, position)
            position += 4
            if kind == _POLYGON:
                for _ in range(count):
                    position = _after_points(shape, order, position, width)
            elif kind in _COLLECTIONS:
                open_counts.append(count)
            else:
                return True
        if len(open_counts) > MAX_DEPTH:
            return False
    return True


def _kind_and_width(code: int) -> tuple[int, int]:
    """Kind of a geometry, and bytes of one of its points."""
    dimensions = (code & 0x0FFFFFFF) // 1000
    extended = bool(code & 0x80000000) + bool(code & 0x40000000)
    more = {1: 1, 2: 1, 3: 2}.get(dimensions, 0)
    return (code & 0x0FFFFFFF) % 1000, 8 * (2 + max(more, extended))


def _after_points(shape: bytes, order: str, position: int, width: int) -> int:
    (count,) = struct.unpack_from(f"{order}I", shape, position)
    return position + 4 + int(count) * width
