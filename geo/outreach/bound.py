"""A lower bound of rounds within a day, so that one knows how far from the best they are.

Every possible round is a column of a linear program that covers each village once. Columns are
made when they can help (column generation): a round helps if it is shorter than what its villages
are worth in the present answer. When none does, the value of the program is a bound. The search
for rounds is exact: it grows rounds village by village, and drops one as soon as even the best way
home, repetitions allowed, cannot help.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .rounds import Day

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# Minutes of a step of the estimate of the way home; times are rounded down, so that it never
# promises too little.
_STEP: Final = 5
_ADDED: Final = 400
_KEPT: Final = 40_000
_ENOUGH: Final = 1e-6


@dataclass(frozen=True)
class Bound:
    """What no rounds can be better than.

    Attributes
    ----------
    value : float
        Units of 100 m, and worth of villages left out, as `geo.outreach.rounds.Rounds.value`; NaN
        where there are too many rounds to look at all of them.
    columns : int
        Rounds that were looked at.
    seconds : float
        Processor seconds.
    """

    value: float
    columns: int
    seconds: float

    def gap(self, value: float) -> float:
        """How much a value is above the bound, as a share of the bound."""
        return value / self.value - 1 if self.value > 0 else 0.0


def find_bound(day: Day) -> Bound:
    """Compute the bound of a day's problem."""
    started = time.process_time()
    villages = len(day.people)
    if not villages:
        return Bound(0.0, 0, 0.0)
    master = _Master(day)
    for base in range(day.ways.bases):
        master.add([np.array([v]) for v in range(villages) if _fits_alone(day, base, v)], base)
    while True:
        value, worth, price = master.solve()
        found, certain = 0, True
        for base in range(day.ways.bases):
            paths, complete = _find_rounds(day, base, worth, price)
            found, certain = found + len(paths), certain and complete
            master.add(paths, base)
        if not found:
            seconds = time.process_time() - started
            return Bound(value if certain else float("nan"), master.count, seconds)


def _fits_alone(day: Day, base: int, village: int) -> bool:
    ways, at = day.ways, day.ways.bases + village
    minutes = int(ways.minutes[base, at] + ways.minutes[at, base]) + day.rules.visit_minutes
    return minutes <= day.rules.day_minutes


class _Master:
    """The linear program: least distance that covers each village, or pays for leaving it out."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._costs: list[float] = []
        self._paths: list[Ints] = []

    @property
    def count(self) -> int:
        """Columns so far."""
        return len(self._paths)

    def add(self, paths: list[Ints], base: int) -> None:
        """Add rounds from a base."""
        ways = self._day.ways
        for path in paths:
            stops = np.concatenate([[base], path + ways.bases, [base]])
            self._costs.append(float(ways.distance[stops[:-1], stops[1:]].sum()))
            self._paths.append(path)

    def solve(self) -> tuple[float, Floats, float]:
        """Value, what each village is worth, and what one more round costs (0 or less)."""
        from scipy.optimize import linprog
        from scipy.sparse import csc_array, eye_array, hstack

        day, count = self._day, len(self._paths)
        villages = len(day.people)
        rows = np.concatenate(self._paths)
        columns = np.repeat(np.arange(count), [len(path) for path in self._paths])
        cover = csc_array((np.ones(len(rows)), (rows, columns)), shape=(villages, count))
        costs = np.array(self._costs)
        if day.prize.any():
            cover = hstack([cover, eye_array(villages)], format="csc")
            costs = np.concatenate([costs, day.prize])
        most = day.rules.most_rounds
        limit = np.zeros((1, len(costs)))
        limit[0, :count] = 1
        result = linprog(
            costs,
            A_ub=limit if most else None,
            b_ub=[most] if most else None,
            A_eq=cover,
            b_eq=np.ones(villages),
            bounds=(0, None),
            method="highs",
        )
        price = float(result.ineqlin.marginals[0]) if most else 0.0
        return float(result.fun), np.asarray(result.eqlin.marginals), price


def _find_rounds(day: Day, base: int, worth: Floats, price: float) -> tuple[list[Ints], bool]:
    """List rounds from a base that help, the best first, and whether all were looked at."""
    ways, rules = day.ways, day.rules
    inner = np.arange(ways.bases, len(ways.codes))
    distance = ways.distance[np.ix_(inner, inner)] - worth[None, :]
    minutes = ways.minutes[np.ix_(inner, inner)] + rules.visit_minutes
    home, home_minutes = ways.distance[inner, base], ways.minutes[inner, base]
    rest = _estimate_rest(distance, minutes, home, home_minutes, rules.day_minutes)
    cost = ways.distance[base, inner] - worth - price
    used = ways.minutes[base, inner] + rules.visit_minutes
    last, paths = np.arange(len(inner)), np.arange(len(inner))[:, None]
    people = day.people.copy()
    found: list[tuple[float, Ints]] = []
    complete = True
    while len(last):
        ahead = cost + rest[last, np.clip((rules.day_minutes - used) // _STEP, 0, None)]
        keep = (used + home_minutes[last] <= rules.day_minutes) & (ahead < -_ENOUGH)
        if rules.most_people:
            keep &= people <= rules.most_people
        cost, used, last, paths, people = (
            values[keep] for values in (cost, used, last, paths, people)
        )
        if len(last) > _KEPT:
            complete = False
            best = np.argpartition(cost + rest[last, (rules.day_minutes - used) // _STEP], _KEPT)
            cost, used, last, paths, people = (
                values[best[:_KEPT]] for values in (cost, used, last, paths, people)
            )
        total = cost + home[last]
        found += [(float(total[n]), paths[n]) for n in np.flatnonzero(total < -_ENOUGH)]
        if not len(last) or (rules.most_villages and paths.shape[1] >= rules.most_villages):
            break
        cost, used, last, paths, people = _extend(
            day, distance, minutes, cost, used, last, paths, people
        )
    found.sort(key=lambda pair: pair[0])
    return [path for _, path in found[:_ADDED]], complete


def _extend(
    day: Day,
    distance: Floats,
    minutes: Ints,
    cost: Floats,
    used: Ints,
    last: Ints,
    paths: Ints,
    people: Ints,
) -> tuple[Floats, Ints, Ints, Ints, Ints]:
    """Every path by one more village that it does not hold yet and that the day has time for."""
    free = np.ones((len(last), len(distance)), dtype=bool)
    free[np.arange(len(last))[:, None], paths] = False
    free &= used[:, None] + minutes[last] <= day.rules.day_minutes
    origin, added = np.nonzero(free)
    return (
        cost[origin] + distance[last[origin], added],
        used[origin] + minutes[last[origin], added],
        added,
        np.column_stack([paths[origin], added]),
        people[origin] + day.people[added],
    )


def _estimate_rest(
    distance: Floats, minutes: Ints, home: Ints, home_minutes: Ints, day_minutes: int
) -> Floats:
    """Least cost from each village to the base within so many steps of time left.

    A village may be met again, but not at once; so it is never above the cost of a real round.
    """
    steps = day_minutes // _STEP + 1
    took, back = minutes // _STEP, home_minutes // _STEP
    villages = len(home)
    rest = np.full((villages, steps), np.inf)
    away = distance.copy()
    np.fill_diagonal(away, np.inf)
    every = np.arange(villages)
    for left in range(steps):
        best = np.where(back <= left, home, np.inf)
        after = left - took
        onward = np.where(after >= 0, rest[every[None, :], np.maximum(after, 0)] + away, np.inf)
        rest[:, left] = np.minimum(best, onward.min(axis=1))
    return rest
