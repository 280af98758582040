"""Day rounds: which team visits which villages on one day, in which order.

Distances are whole units of 100 m and times whole minutes, both rounded up, as the solver counts
in whole numbers. A village that no team reaches and leaves within a day gets a round with nights
out; none is dropped. Rounds that a planner has locked stay, and the rest is solved around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.errors import QueryProblem, mark
from .travel import Travel

Ints = npt.NDArray[np.int64]
# Units of distance in a kilometre. In metres, the solver warns of its penalties.
UNITS: Final = 10
DEFAULT_SEED: Final = 1
DEFAULT_EFFORT: Final = 1500
_MOST_NIGHTS: Final = 6


@dataclass(frozen=True)
class RoundRules:
    """What a round may be.

    Attributes
    ----------
    bases : tuple of str
        Codes of the villages that rounds start from and return to.
    day_minutes : int
        Longest working day.
    visit_minutes : int
        Time in each village.
    most_villages : int
        Most villages in a round; 0 for no limit.
    most_people : int
        Most people that a team can serve in a day; 0 for no limit.
    most_rounds : int
        Rounds that there are team-days for; 0 for no limit. Only with one base. Villages that do
        not fit are left out, those with few people far away first.
    km_per_person : int
        Way that reaching one person is worth, where not all villages fit.
    """

    bases: tuple[str, ...]
    day_minutes: int = 480
    visit_minutes: int = 60
    most_villages: int = 0
    most_people: int = 0
    most_rounds: int = 0
    km_per_person: int = 10


@dataclass(frozen=True)
class Ways:
    """Ways between places: the bases first, then the villages.

    Attributes
    ----------
    codes : tuple of str
        Of the places.
    bases : int
        How many of them are bases.
    distance : numpy.ndarray of int
        Units of 100 m.
    minutes : numpy.ndarray of int
        Of travel.
    told : numpy.ndarray of bool
        Where the minutes are of the user's table; elsewhere they are estimated.
    """

    codes: tuple[str, ...]
    bases: int
    distance: Ints
    minutes: Ints
    told: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DayRound:
    """One round.

    Attributes
    ----------
    base : str
        Code of the base.
    villages : tuple of str
        Codes in the order of the visits.
    distance : int
        Units of 100 m.
    minutes : int
        Travel and visits.
    people : int
        To be covered.
    nights : int
        Nights out that it needs.
    locked : bool
        Whether the planner has fixed it.
    """

    base: str
    villages: tuple[str, ...]
    distance: int
    minutes: int
    people: int
    nights: int = 0
    locked: bool = False


@dataclass(frozen=True)
class Rounds:
    """All rounds of a plan.

    Attributes
    ----------
    rounds : tuple of DayRound
        The longest way first.
    far : tuple of str
        Villages that cannot be done in a day from any base.
    left_out : tuple of str
        Villages for which there are no team-days.
    value : int
        Distance of the rounds within a day, and what villages left out are worth.
    estimated : bool
        Whether any way is estimated.
    """

    rounds: tuple[DayRound, ...]
    far: tuple[str, ...]
    left_out: tuple[str, ...]
    value: int
    estimated: bool


@dataclass(frozen=True)
class Day:
    """The part of a problem that is solved: rounds within a day.

    Attributes
    ----------
    ways : Ways
        Between bases and villages.
    people : numpy.ndarray of int
        Of each village.
    prize : numpy.ndarray of int
        Worth of each village; 0 where it must be visited.
    rules : RoundRules
        What a round may be.
    """

    ways: Ways
    people: Ints
    prize: Ints
    rules: RoundRules = field(default_factory=lambda: RoundRules(()))


def measure_ways(
    places: pd.DataFrame,
    bases: Sequence[str],
    villages: Sequence[str],
    travel: Travel,
    table: Mapping[tuple[str, str], int] | None = None,
) -> Ways:
    """Ways between bases and villages.

    Parameters
    ----------
    places : pandas.DataFrame
        By code: ``lat``, ``lon``.
    bases, villages : sequence of str
        Codes; a base may be a village, too.
    travel : Travel
        How ways are estimated.
    table : mapping, optional
        Minutes that the user knows, by (from, to). A way back that is not listed takes as long.
    """
    codes = (*bases, *villages)
    kilometres = travel.kilometres(places.loc[list(codes)])
    minutes = np.ceil(travel.minutes(kilometres) - 1e-9).astype("int64")
    told = np.zeros(minutes.shape, dtype=bool)
    for a, start in enumerate(codes):
        for b, end in enumerate(codes):
            known = (table or {}).get((start, end), (table or {}).get((end, start)))
            if known is not None and a != b:
                minutes[a, b], told[a, b] = known, True
    distance = np.ceil(kilometres * UNITS - 1e-9).astype("int64")
    return Ways(codes, len(bases), distance, minutes, told)


def plan_rounds(
    places: pd.DataFrame,
    people: pd.Series,
    rules: RoundRules,
    travel: Travel,
    *,
    table: Mapping[tuple[str, str], int] | None = None,
    locked: Sequence[DayRound] = (),
    seed: int = DEFAULT_SEED,
    effort: int = DEFAULT_EFFORT,
) -> tuple[Rounds, Day]:
    """Divide villages into rounds.

    Parameters
    ----------
    places : pandas.DataFrame
        By code, villages and bases: ``lat``, ``lon``.
    people : pandas.Series
        People to be covered by code of each village to visit.
    rules : RoundRules
        What a round may be.
    travel : Travel
        How ways are estimated.
    table : mapping, optional
        Minutes that the user knows (see `measure_ways`).
    locked : sequence of DayRound
        Rounds that stay.
    seed : int
        Of the solver: the same seed gives the same rounds.
    effort : int
        Iterations of the solver.

    Returns
    -------
    Rounds, Day
        The rounds, and the problem within a day, for its bound.
    """
    if not rules.bases:
        raise QueryProblem(mark("Rounds need a base; choose one."))
    if rules.most_rounds and len(rules.bases) > 1:
        raise QueryProblem(mark("A limit of team-days needs a single base; remove the others."))
    fixed = {code for route in locked for code in route.villages}
    open_codes = [str(code) for code in people.index if code not in fixed]
    ways = measure_ways(places, rules.bases, open_codes, travel, table)
    far = _find_far(ways, people, rules)
    near = [code for code in open_codes if code not in far]
    left = max(0, rules.most_rounds - len(locked)) if rules.most_rounds else 0
    day = _build_day(keep_places(ways, near), people, replace(rules, most_rounds=left))
    routes = _solve(day, seed, effort) if near and (left or not rules.most_rounds) else []
    within = [_describe(day.ways, base, route, people, rules) for base, route in routes]
    visited = {code for route in within for code in route.villages}
    left_out = tuple(code for code in near if code not in visited)
    value = sum(route.distance for route in within)
    value += int(sum(p for code, p in zip(near, day.prize, strict=True) if code in left_out))
    away = _stay_out(ways, far, people, rules, seed, effort)
    ordered = sorted([*locked, *within, *away], key=lambda route: (-route.distance, route.villages))
    rounds = Rounds(tuple(ordered), tuple(far), left_out, value, not bool(ways.told.all()))
    return rounds, day


def keep_places(ways: Ways, villages: Sequence[str]) -> Ways:
    """Measure the ways between the bases and some of the villages."""
    wanted = set(villages)
    at = [n for n, code in enumerate(ways.codes) if n < ways.bases or code in wanted]
    cut = np.ix_(at, at)
    return Ways(
        tuple(ways.codes[n] for n in at),
        ways.bases,
        ways.distance[cut],
        ways.minutes[cut],
        ways.told[cut],
    )


def _find_far(ways: Ways, people: pd.Series, rules: RoundRules) -> list[str]:
    """Villages that take more than a day alone, from whichever base."""
    there, back = ways.minutes[: ways.bases], ways.minutes[:, : ways.bases].T
    alone = (there + back).min(axis=0) + rules.visit_minutes
    return [
        code
        for n, code in enumerate(ways.codes)
        if n >= ways.bases
        and (alone[n] > rules.day_minutes or 0 < rules.most_people < int(people[code]))
    ]


def _build_day(ways: Ways, people: pd.Series, rules: RoundRules) -> Day:
    villages = list(ways.codes[ways.bases :])
    counts = people.reindex(villages).to_numpy("int64")
    limited = rules.most_rounds > 0
    prize = np.maximum(counts, 1) * rules.km_per_person * UNITS * int(limited)
    return Day(ways, counts, prize, rules)


def _solve(day: Day, seed: int, effort: int) -> list[tuple[int, list[int]]]:
    """Write rounds as numbers: base, and villages in order."""
    import logging

    # It says what it does on standard output.
    logging.getLogger("pyvrp").setLevel(logging.ERROR)
    from pyvrp import Model
    from pyvrp.stop import MaxIterations

    logging.getLogger("pyvrp").setLevel(logging.ERROR)
    ways, rules = day.ways, day.rules
    model = Model()
    locations = [model.add_location(0, 0, name=code) for code in ways.codes]
    depots = [model.add_depot(location) for location in locations[: ways.bases]]
    for location, people, prize in zip(
        locations[ways.bases :], day.people.tolist(), day.prize.tolist(), strict=True
    ):
        model.add_client(
            location,
            delivery=[1, people],
            service_duration=rules.visit_minutes,
            prize=prize,
            required=not prize,
        )
    villages = len(day.people)
    for depot in depots:
        model.add_vehicle_type(
            num_available=rules.most_rounds or villages,
            capacity=[rules.most_villages or villages, rules.most_people or int(day.people.sum())],
            start_depot=depot,
            end_depot=depot,
            shift_duration=rules.day_minutes,
        )
    for a, start in enumerate(locations):
        for b, end in enumerate(locations):
            if a != b:
                model.add_edge(start, end, int(ways.distance[a, b]), int(ways.minutes[a, b]))
    result = model.solve(MaxIterations(effort), seed=seed, collect_stats=False, display=False)
    best = result.best
    if not best.is_feasible():
        raise QueryProblem(
            mark("No rounds were found that keep the working day; allow a longer day.")
        )
    return [
        (route.start_depot(), [ways.bases + stop.idx for stop in route if stop.is_client()])
        for route in best.routes()
    ]


def _describe(
    ways: Ways, base: int, stops: Sequence[int], people: pd.Series, rules: RoundRules
) -> DayRound:
    path = [base, *stops, base]
    legs = list(pairwise(path))
    travel = sum(int(ways.minutes[leg]) for leg in legs)
    codes = tuple(ways.codes[n] for n in stops)
    return DayRound(
        ways.codes[base],
        codes,
        sum(int(ways.distance[leg]) for leg in legs),
        travel + rules.visit_minutes * len(stops),
        int(sum(people[code] for code in codes)),
    )


def _stay_out(
    ways: Ways, far: Sequence[str], people: pd.Series, rules: RoundRules, seed: int, effort: int
) -> list[DayRound]:
    """Build rounds with nights out for villages that no day is enough for, each with the fewest."""
    rounds: list[DayRound] = []
    waiting = list(far)
    for nights in range(1, _MOST_NIGHTS + 1):
        longer = replace(
            rules,
            day_minutes=rules.day_minutes * (nights + 1),
            most_people=rules.most_people * (nights + 1),
            most_rounds=0,
        )
        here = keep_places(ways, waiting)
        beyond = _find_far(here, people, longer)
        near = [code for code in waiting if code not in beyond]
        if near:
            day = _build_day(keep_places(ways, near), people, longer)
            rounds += [
                replace(_describe(day.ways, base, route, people, longer), nights=nights)
                for base, route in _solve(day, seed, effort)
            ]
        waiting = beyond
    # What takes longer than a week is a journey of its own.
    for code in waiting:
        at = ways.codes.index(code, ways.bases)
        base = int(ways.minutes[: ways.bases, at].argmin())
        alone = _describe(ways, base, [at], people, rules)
        rounds.append(replace(alone, nights=-(-alone.minutes // rules.day_minutes) - 1))
    return rounds


def describe_round(
    places: pd.DataFrame,
    base: str,
    villages: Sequence[str],
    people: pd.Series,
    rules: RoundRules,
    travel: Travel,
    table: Mapping[tuple[str, str], int] | None = None,
) -> DayRound:
    """Build a round that a planner has put together, locked; more than a day gives nights out."""
    ways = measure_ways(places, [base], villages, travel, table)
    route = _describe(ways, 0, range(1, len(villages) + 1), people, rules)
    nights = max(0, -(-route.minutes // rules.day_minutes) - 1)
    return replace(route, nights=nights, locked=True)
