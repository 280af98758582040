"""Which counts a publication copy leaves out, so that none of them can be computed.

Places form a tree whose sums are published, so that a place left out alone could be had by
subtraction. For each sum the fewest further places are left out that keep every small count
uncertain: an optimum, found by mixed-integer programming. Someone who also knows the eligible
workers, and that no village is above 100 %, can narrow a hidden count only to an interval. For
hidden places with the sums X enrolled, E eligible and D = E - X, the interval of place i is as wide
as min(e_i, X, D, E - e_i); each of the four is linear in the choice of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core import codes

LEAST_THRESHOLD: Final = 5
DEFAULT_THRESHOLD: Final = 11
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """What to leave out.

    Attributes
    ----------
    hidden : frozenset of str
        Places of which no figure is published; the empty code is the country.
    holding : frozenset of str
        Areas that hold a hidden village.
    closed : frozenset of str
        Areas whose gap, surplus and cost are not published either: a hidden village in them is
        above 100 %, or a few people of no known village could be had from them.
    """

    hidden: frozenset[str]
    holding: frozenset[str]
    closed: frozenset[str]


def is_small(people: float, threshold: int) -> bool:
    """Whether a number of people is too small to be published; nobody is not."""
    return 0 < people < threshold


def plan_suppression(places: pd.DataFrame, top: str, threshold: int = DEFAULT_THRESHOLD) -> Plan:
    """Choose what to leave out of the places of one period.

    Parameters
    ----------
    places : pandas.DataFrame
        ``enrolled`` and ``eligible`` by code, of ``top`` and of every place in it; enrolled people
        of an area include those of no known village.
    top : str
        Code of the area that holds all.
    threshold : int
        The least number of people that is published.
    """
    return _Planner(places.fillna(0.0), top, threshold).plan()


class _Planner:
    def __init__(self, places: pd.DataFrame, top: str, threshold: int) -> None:
        self._threshold = threshold
        self._top = top
        rows = places[["enrolled", "eligible"]].to_numpy("float64")
        self._people = {
            code: (row[0], row[1]) for code, row in zip(places.index, rows, strict=True)
        }
        self._children: dict[str, list[str]] = {}
        for code in self._people:
            if code != top:
                self._children.setdefault(codes.parent(code), []).append(code)
        self._forced: set[str] = set()
        self._hidden: set[str] = set()

    def plan(self) -> Plan:
        """Go from the villages up: what cannot be protected below is hidden with its area."""
        areas = sorted(self._children, key=len, reverse=True)
        for area in areas:
            chosen = self._choose(area)
            if chosen is None:
                self._forced.add(area)
            else:
                self._hidden.update(chosen)
        if self._is_small_place(self._top) or self._top in self._forced:
            self._hidden.add(self._top)
        for area in reversed(areas):
            if area in self._hidden:
                self._hidden.update(self._children[area])
        villages = [code for code in self._people if code not in self._children]
        holding = {a for v in villages if v in self._hidden for a in self._above(v)}
        over = [
            v for v in villages if v in self._hidden and self._people[v][0] > self._people[v][1]
        ]
        few = [area for area in areas if is_small(self._unplaced(area), self._threshold)]
        closed = {a for code in over for a in self._above(code)}
        closed |= {a for code in few for a in (code, *self._above(code))}
        return Plan(frozenset(self._hidden), frozenset(holding), frozenset(closed))

    def _above(self, code: str) -> list[str]:
        """Areas that a place lies in, up to the top."""
        found = []
        while code != self._top:
            code = codes.parent(code)
            found.append(code)
        return found

    def _unplaced(self, area: str) -> float:
        """Enrolled people of an area that are in none of the places in it."""
        placed = sum(self._people[code][0] for code in self._children[area])
        return float(self._people[area][0] - placed)

    def _is_small_place(self, code: str) -> bool:
        enrolled, eligible = self._people[code]
        apart = abs(eligible - enrolled) if eligible and enrolled else 0
        return any(is_small(n, self._threshold) for n in (enrolled, eligible, apart))

    def _choose(self, area: str) -> list[str] | None:
        """Places of an area to hide; None where they cannot be protected inside it."""
        children = self._children[area]
        small = [code in self._forced or self._is_small_place(code) for code in children]
        rows = [self._people[code] for code in children]
        unplaced = self._unplaced(area)
        if is_small(unplaced, self._threshold):
            # No row of its own, but the difference of what is published.
            rows.append((unplaced, 0.0))
            small.append(True)
        if not any(small):
            return []
        chosen = choose_complements(np.array(rows), np.array(small), self._threshold)
        if chosen is None:
            return None
        return [code for code, hide in zip(children, chosen, strict=False) if hide]


def choose_complements(
    people: Floats, small: NDArray[np.bool_], threshold: int
) -> NDArray[np.bool_] | None:
    """The fewest people to hide so that no small place can be computed from their sum.

    Parameters
    ----------
    people : numpy.ndarray, (n, 2)
        Enrolled and eligible of the places of one sum.
    small : numpy.ndarray of bool
        Places that must be hidden and protected.
    threshold : int
        How wide the interval of a hidden count must be at least.

    Returns
    -------
    numpy.ndarray of bool or None
        Places to hide, the small ones included; None where no choice protects them.
    """
    # Not at the start of the app: only publication copies need it.
    from scipy.optimize import Bounds, LinearConstraint, milp

    enrolled, eligible = people[:, 0], people[:, 1]
    sums = [enrolled, np.maximum(eligible - enrolled, 0), np.ones(len(people))]
    least: list[float] = [threshold, threshold, 2]
    for place in np.flatnonzero(small):
        others = eligible.copy()
        others[place] = 0
        sums.append(others)
        least.append(threshold)
    answer = milp(
        eligible + enrolled + 1,
        constraints=LinearConstraint(np.array(sums), lb=np.array(least)),
        integrality=np.ones(len(people)),
        bounds=Bounds(small.astype("float64"), np.ones(len(people))),
    )
    return None if answer.x is None else np.asarray(answer.x > 0.5)


def list_levels(top: str) -> Sequence[codes.Level]:
    """Levels from the villages up to that of the top."""
    return codes.LEVELS[codes.LEVELS.index(codes.level_of(top)) :][::-1]
