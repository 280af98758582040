"""Names on a map: where each stands, so that no two touch.

Each place has candidates: its whole name in one line or two, smaller, abbreviated, across its
border, beside it with a line that leads there, and last its number in a table. Every candidate
has a cost. Names are taken from
the place with the least room on, the cheapest candidate first; a name without room pushes others
out, which look for another place. No chance is in it: the same map has the same names.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from .fonts import LINE, measure_text
from .short_names import shorten_name

# Costs of what a reader would rather not have; a millimetre from the middle is little.
_TWO_LINES: Final = 0.4
_SMALLER: Final = 0.8
_ABBREVIATED: Final = 2.0
_ACROSS: Final = 5.0
_LEADER: Final = 7.0
_NUMBER: Final = 16.0
_DISTANCE: Final = 0.06
_PUSHED_OUT: Final = 4.0
# Share of a name that must lie in its own place.
_LEAST_INSIDE: Final = 0.5
_SPACING: Final = 1.6
_MOST_SPOTS: Final = 60
# Candidates of each place: of few places, of a crowd, and of numbers.
_MOST_EACH, _MOST_IN_CROWD, _MOST_NUMBERS = 48, 24, 10
_CROWD: Final = 40
_ROUNDS: Final = 15
_TRIES: Final = 12
# Free around the words, and around a line that leads to a place; mm.
_AIR: Final = 0.35
_LEADER_AIR: Final = 0.25
_REACHES: Final = (4.0, 6.5, 9.5, 13.0, 17.0)
_DIRECTIONS: Final = 16
Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Label:
    """One name where it stands.

    Attributes
    ----------
    key : str
        Code of the place.
    lines : tuple of str
        Words.
    x, y : float
        Middle of the words, mm.
    size : float
        Height of the letters, mm.
    leader : tuple of float or None
        Where a line leads to, mm.
    cost : float
        What a reader loses.
    """

    key: str
    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    bold: bool = False
    leader: tuple[float, float] | None = None
    cost: float = 0.0

    @property
    def box(self) -> shapely.Polygon:
        """What the words cover, mm."""
        wide, high = _measure(self.lines, self.size, self.bold)
        return shapely.box(
            self.x - wide / 2, self.y - high / 2, self.x + wide / 2, self.y + high / 2
        )

    @property
    def leader_line(self) -> shapely.LineString | None:
        """The line from the words to the place, outside of the words."""
        if self.leader is None:
            return None
        line = shapely.LineString([(self.x, self.y), self.leader]).difference(self.box)
        return None if line.is_empty else line

    @property
    def footprint(self) -> shapely.Geometry:
        """What no other name may touch: the words, and the line that leads to the place."""
        line = self.leader_line
        words = self.box.buffer(_AIR, join_style="mitre")
        return words if line is None else words.union(line.buffer(_LEADER_AIR))


@dataclass(frozen=True)
class LabelStyle:
    """How names are written: sizes in mm, the first one best."""

    sizes: tuple[float, ...] = (2.35, 1.95)
    bold: bool = False
    leaders: bool = True
    abbreviate: bool = True


def place_labels(
    areas: Mapping[str, shapely.Geometry],
    names: Mapping[str, str],
    frame: shapely.Polygon,
    style: LabelStyle = LabelStyle(),
    *,
    obstacles: Sequence[shapely.Geometry] = (),
    numbers: Mapping[str, str] = {},
) -> list[Label]:
    """Place the names of places so that none touches another, an obstacle or the frame.

    Parameters
    ----------
    areas : mapping of str to shapely.Geometry
        Polygons by code, mm.
    names : mapping of str to str
        By code.
    frame : shapely.Polygon
        Names stay inside.
    style : LabelStyle
        How they are written.
    obstacles : sequence of shapely.Geometry
        Names stay outside.
    numbers : mapping of str to str
        What stands for a name that has no room, by code.

    Returns
    -------
    list of Label
        In the order of ``areas``; a place that has no room at all is left out.
    """
    shapely.prepare(frame)
    blocked = shapely.union_all(list(obstacles)) if obstacles else None
    if blocked is not None:
        shapely.prepare(blocked)
    most = _MOST_EACH if len(areas) <= _CROWD else _MOST_IN_CROWD
    candidates: list[list[Label]] = []
    for key, area in areas.items():
        listed = [
            label
            for label in _list_candidates(key, names[key], area, style, numbers.get(key, ""))
            if frame.contains(label.box) and (blocked is None or not blocked.intersects(label.box))
        ]
        listed.sort(key=lambda label: label.cost)
        last = [label for label in listed[most:] if label.cost >= _NUMBER]
        candidates.append(listed[:most] + last[:_MOST_NUMBERS])
    chosen = _Solver(candidates).solve()
    return [label for label in chosen if label is not None]


def _list_candidates(
    key: str, name: str, area: shapely.Geometry, style: LabelStyle, number: str
) -> Iterator[Label]:
    part = max(shapely.get_parts(area), key=lambda each: each.area, default=None)
    if part is None or part.area <= 0:
        return
    spots, middle = _find_spots(part)
    shapely.prepare(part)
    for lines, size, cost in _list_forms(name, style):
        yield from _inside(key, lines, size, cost, part, spots, style)
    if style.leaders:
        small = style.sizes[-1]
        forms = [f for f in _list_forms(name, style) if f[1] == small]
        for lines, size, cost in (forms[0], forms[-1]) if len(forms) > 1 else forms:
            yield from _beside(key, lines, size, cost, middle, style)
    if number:
        size = style.sizes[-1]
        yield from _inside(key, (number,), size, _NUMBER, part, spots, style)
        yield from _beside(key, (number,), size, _NUMBER, middle, style)


def _list_forms(name: str, style: LabelStyle) -> Iterator[tuple[tuple[str, ...], float, float]]:
    """Lines of a name, their size, and what this form costs."""
    forms = shorten_name(name) if style.abbreviate else [name]
    for shorter, form in enumerate(forms):
        for smaller, size in enumerate(style.sizes):
            cost = shorter * _ABBREVIATED + smaller * _SMALLER
            yield (form,), size, cost
            if " " in form:
                yield _split(form), size, cost + _TWO_LINES


def _split(name: str) -> tuple[str, str]:
    """Break a name at the space that makes its two lines most alike in length."""
    words = name.split(" ")
    breaks = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return min(breaks, key=lambda pair: abs(len(pair[0]) - len(pair[1])))


def _find_spots(part: shapely.Polygon) -> tuple[npt.NDArray[np.float64], tuple[float, float]]:
    """Points in a polygon where a name can have its middle, the roomiest point first."""
    circle = shapely.maximum_inscribed_circle(part, tolerance=0.3)
    middle = shapely.get_coordinates(circle)[0]
    west, south, east, north = part.bounds
    step = max(_SPACING, math.sqrt(part.area / 400))
    columns, rows = np.arange(west, east, step), np.arange(south, north, step)
    grid = np.array(np.meshgrid(columns, rows)).reshape(2, -1).T
    inside = grid[shapely.contains_xy(part, grid[:, 0], grid[:, 1])]
    near = np.argsort(np.hypot(*(inside - middle).T), kind="stable")[:_MOST_SPOTS]
    return np.vstack([middle, inside[near]]), (float(middle[0]), float(middle[1]))


def _measure(lines: Sequence[str], size: float, bold: bool) -> tuple[float, float]:
    wide = max(measure_text(line, size, bold=bold) for line in lines)
    return wide, size * LINE * len(lines)


def _inside(
    key: str,
    lines: tuple[str, ...],
    size: float,
    cost: float,
    part: shapely.Polygon,
    spots: npt.NDArray[np.float64],
    style: LabelStyle,
) -> Iterator[Label]:
    """Candidates in a polygon, or across its border where none fits in whole."""
    wide, high = _measure(lines, size, style.bold)
    x, y = spots.T
    boxes = shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    away = np.hypot(*(spots - spots[0]).T) * _DISTANCE
    airy = shapely.box(x - wide / 2 - _AIR, y - high / 2, x + wide / 2 + _AIR, y + high / 2)
    fitting = np.flatnonzero(shapely.contains(part, airy))[:_TRIES]
    if len(fitting):
        costs = {int(i): cost + away[i] for i in fitting}
    else:
        few = range(min(len(spots), _TRIES))
        shares = shapely.area(shapely.intersection(part, boxes[: len(few)])) / (wide * high)
        costs = {
            i: cost + away[i] + _ACROSS * (1 - shares[i]) for i in few if shares[i] >= _LEAST_INSIDE
        }
    for i, total in costs.items():
        yield Label(key, lines, float(x[i]), float(y[i]), size, style.bold, cost=float(total))


def _beside(
    key: str,
    lines: tuple[str, ...],
    size: float,
    cost: float,
    middle: tuple[float, float],
    style: LabelStyle,
) -> Iterator[Label]:
    """Candidates around a place, with a line that leads there."""
    wide, _ = _measure(lines, size, style.bold)
    for reach in _REACHES:
        for number in range(_DIRECTIONS):
            angle = 2 * math.pi * number / _DIRECTIONS
            # Words are wide: beside a place their middle is farther away than above it.
            x = middle[0] + (reach + wide / 2) * math.cos(angle)
            y = middle[1] + reach * math.sin(angle)
            total = cost + _LEADER + 2 * reach * _DISTANCE
            yield Label(key, lines, x, y, size, style.bold, leader=middle, cost=total)


class _Solver:
    """Choose one candidate of each place, so that no two touch and little is lost."""

    def __init__(self, candidates: list[list[Label]]) -> None:
        self._labels = [label for each in candidates for label in each]
        self._of_place: list[list[int]] = []
        start = 0
        for each in candidates:
            self._of_place.append(list(range(start, start + len(each))))
            start += len(each)
        self._place = [n for n, each in enumerate(candidates) for _ in each]
        self._touching = _find_touching([label.footprint for label in self._labels], self._place)
        self._chosen: dict[int, int] = {}
        # By candidate, the places whose chosen names it touches.
        self._rivals: list[set[int]] = [set() for _ in self._labels]

    def solve(self) -> list[Label | None]:
        order = sorted(
            range(len(self._of_place)),
            key=lambda n: self._labels[self._of_place[n][0]].cost * -1 if self._of_place[n] else 0,
        )
        waiting, pushes = deque(order), [0] * len(order)
        for _ in range(_ROUNDS * len(order)):
            if not waiting:
                break
            self._take(waiting.popleft(), waiting, pushes)
        self._improve()
        chosen = [self._chosen.get(n) for n in range(len(self._of_place))]
        return [None if i is None else self._labels[i] for i in chosen]

    def _choose(self, candidate: int) -> None:
        self._chosen[self._place[candidate]] = candidate
        for other in self._touching[candidate]:
            self._rivals[other].add(self._place[candidate])

    def _give_up(self, place: int) -> None:
        candidate = self._chosen.pop(place, None)
        for other in self._touching[candidate] if candidate is not None else ():
            self._rivals[other].discard(place)

    def _take(self, place: int, waiting: deque[int], pushes: list[int]) -> None:
        best: tuple[float, int] | None = None
        for candidate in self._of_place[place]:
            cost = self._labels[candidate].cost
            cost += sum(_PUSHED_OUT * (1 + pushes[rival]) for rival in self._rivals[candidate])
            if best is None or cost < best[0]:
                best = (cost, candidate)
        if best is None:
            return
        for rival in sorted(self._rivals[best[1]]):
            self._give_up(rival)
            pushes[rival] += 1
            waiting.append(rival)
        self._choose(best[1])

    def _improve(self) -> None:
        """Put each name at its cheapest place that is free."""
        for _ in range(2):
            for place, candidates in enumerate(self._of_place):
                self._give_up(place)
                free = next((each for each in candidates if not self._rivals[each]), None)
                if free is not None:
                    self._choose(free)


def _find_touching(footprints: list[shapely.Geometry], place: list[int]) -> list[list[int]]:
    touching: list[list[int]] = [[] for _ in footprints]
    if not footprints:
        return touching
    tree = shapely.STRtree(footprints)
    for one, other in tree.query(footprints, predicate="intersects").T.tolist():
        if place[one] != place[other]:
            touching[one].append(other)
    return touching
