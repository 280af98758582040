"""Which villages are too small on the paper, and the enlarged pieces that show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import shapely

from .paper import Paper

# Side of the square as large as a village, mm.
SMALLEST: Final = 6.0
MOST_INSETS: Final = 2
# Between pieces that stand below each other, mm.
GAP: Final = 3.0
_HIGHEST: Final = 48.0
_TOGETHER: Final = 5.0
_AROUND: Final = 1.5
# A piece that is enlarged by less shows nothing new.
_LEAST_FACTOR: Final = 1.5
_MOST_FACTOR: Final = 12.0
_LEAST_SIDE: Final = 16.0
# Share of a place that must lie in a piece to be named there.
_MOSTLY: Final = 0.75


@dataclass(frozen=True)
class Inset:
    """An enlarged piece of a map.

    Attributes
    ----------
    letter : str
        What map and piece are marked with.
    rect : shapely.Polygon
        The piece on the map, mm.
    paper : Paper
        Of the enlarged piece.
    keys : tuple of str
        Codes of the small places in it.
    """

    letter: str
    rect: shapely.Polygon
    paper: Paper
    keys: tuple[str, ...]


def find_insets(
    shapes: Mapping[str, shapely.Geometry], paper: Paper, width: float, height: float
) -> list[Inset]:
    """Find pieces of a map that hold places too small to be read.

    Parameters
    ----------
    shapes : mapping of str to shapely.Geometry
        Places by code on the paper, mm.
    paper : Paper
        Of the map.
    width, height : float
        Most that all pieces may take, one below the other, mm.
    """
    sizes = {key: shape.area**0.5 for key, shape in shapes.items()}
    small = [key for key, size in sizes.items() if 0 < size < SMALLEST]
    if not small:
        return []
    near = shapely.union_all(
        [
            shapely.box(*shapes[key].bounds).buffer(_TOGETHER / 2, join_style="mitre")
            for key in small
        ]
    )
    groups = [
        [key for key in small if part.intersects(shapes[key])] for part in shapely.get_parts(near)
    ]
    groups.sort(key=lambda keys: (-len(keys), min(sizes[key] for key in keys)))
    pieces: list[Inset] = []
    for keys in groups:
        if len(pieces) == MOST_INSETS:
            break
        # What is left when one more piece may still have to stand below.
        waiting = min(len(groups), MOST_INSETS) - len(pieces)
        most = (width, min(_HIGHEST, (height - GAP * (waiting - 1)) / waiting))
        smallest = min(sizes[key] for key in keys)
        inset = _enlarge(chr(ord("A") + len(pieces)), keys, shapes, smallest, paper, most)
        if inset is not None:
            pieces.append(inset)
            height -= inset.paper.height + GAP
    return pieces


def _enlarge(
    letter: str,
    keys: list[str],
    shapes: Mapping[str, shapely.Geometry],
    smallest: float,
    paper: Paper,
    most: tuple[float, float],
) -> Inset | None:
    west, top, east, bottom = shapely.total_bounds([shapes[key] for key in keys])
    west, top = max(west - _AROUND, 0), max(top - _AROUND, 0)
    east, bottom = min(east + _AROUND, paper.width), min(bottom + _AROUND, paper.height)
    fitting = min(most[0] / (east - west), most[1] / (bottom - top))
    factor = min(
        fitting, max(SMALLEST * 1.6 / smallest, _LEAST_SIDE / (bottom - top)), _MOST_FACTOR
    )
    if factor < _LEAST_FACTOR:
        return None
    # The piece is as wide as the column it stands in.
    middle = (west + east) / 2
    half = min(most[0] / factor, paper.width) / 2
    west = min(max(middle - half, 0), paper.width - 2 * half)
    wide, high = 2 * half, bottom - top
    per_lon = paper.per_degree * paper.squeeze
    enlarged = Paper(
        float(wide * factor),
        float(high * factor),
        float(paper.west + west / per_lon),
        float(paper.north - top / paper.per_degree),
        float(paper.scale / factor),
        paper.squeeze,
    )
    rect = shapely.box(west, top, west + wide, bottom)
    inside = (k for k, s in shapes.items() if s.intersection(rect).area > _MOSTLY * s.area)
    return Inset(letter, rect, enlarged, tuple(sorted({*keys, *inside})))
