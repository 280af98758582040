"""The rounds of a saved plan: made, changed by hand, kept, told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from ..core.errors import QueryProblem, mark
from ..core.i18n import Language
from .bound import find_bound
from .rounds import UNITS, DayRound, RoundRules, describe_round, plan_rounds
from .telling import figures_table
from .travel import Travel

Minutes = Mapping[tuple[str, str], int]
_MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True)
class RoundPlan:
    """Rounds with what they were made from.

    Attributes
    ----------
    rules : RoundRules
        What a round may be.
    travel : Travel
        How ways are estimated.
    minutes : tuple of (str, str, int)
        Minutes that the user knows: from, to, minutes.
    rounds : tuple of DayRound
        The longest way first.
    far, left_out : tuple of str
        See `geo.outreach.rounds.Rounds`.
    gap : float or None
        Share by which the rounds within a day are above the bound; None where there is none.
    estimated : bool
        Whether any way is estimated.
    """

    rules: RoundRules
    travel: Travel
    minutes: tuple[tuple[str, str, int], ...]
    rounds: tuple[DayRound, ...]
    far: tuple[str, ...]
    left_out: tuple[str, ...]
    gap: float | None
    estimated: bool

    @property
    def table(self) -> dict[tuple[str, str], int]:
        """Minutes that the user knows."""
        return {(start, end): minutes for start, end, minutes in self.minutes}

    @property
    def routes(self) -> list[tuple[str, ...]]:
        """Codes of each round, from base to base."""
        return [(route.base, *route.villages, route.base) for route in self.rounds]


_ROUND_PLAN: Final = TypeAdapter(RoundPlan)


def rounds_to_json(made: RoundPlan) -> dict[str, Any]:
    """Write the rounds as JSON knows them."""
    written: dict[str, Any] = _ROUND_PLAN.dump_python(made, mode="json")
    return written


def rounds_from_json(written: Mapping[str, Any]) -> RoundPlan:
    """Read the rounds of `rounds_to_json`.

    Raises
    ------
    QueryProblem
        If they are none.
    """
    try:
        return _ROUND_PLAN.validate_python(written)
    except ValidationError as error:
        raise QueryProblem(mark("The saved rounds are not understood; make them again.")) from error


def make_rounds(
    places: pd.DataFrame,
    people: pd.Series,
    rules: RoundRules,
    travel: Travel,
    *,
    minutes: Minutes | None = None,
    locked: Sequence[DayRound] = (),
) -> RoundPlan:
    """Divide villages into rounds, and say how far from the best they can be.

    Parameters
    ----------
    places, people, rules, travel, minutes, locked
        See `geo.outreach.rounds.plan_rounds`.
    """
    rounds, day = plan_rounds(places, people, rules, travel, table=minutes, locked=locked)
    bound = find_bound(day)
    listed = tuple((start, end, told) for (start, end), told in (minutes or {}).items())
    # NaN is no bound; a bound of 0 is that of no villages.
    gap = max(0.0, bound.gap(rounds.value)) if bound.value > 0 else None
    return RoundPlan(
        rules, travel, listed, rounds.rounds, rounds.far, rounds.left_out, gap, rounds.estimated
    )


def move_village(
    made: RoundPlan, code: str, target: int | None, places: pd.DataFrame, people: pd.Series
) -> RoundPlan:
    """Move a village to another round, lock that one, and solve the rest again.

    Parameters
    ----------
    made : RoundPlan
        The rounds so far.
    code : str
        Of the village.
    target : int or None
        Number of the round that it goes to; None for a round of its own.
    places, people
        See `geo.outreach.rounds.plan_rounds`.
    """
    kept = [
        replace(route, villages=tuple(v for v in route.villages if v != code))
        for route in made.rounds
    ]

    def describe(base: str, villages: Sequence[str]) -> DayRound:
        return describe_round(places, base, villages, people, made.rules, made.travel, made.table)

    if target is None:
        bases = [describe(base, (code,)) for base in made.rules.bases]
        changed = min(bases, key=lambda route: route.distance)
    else:
        base, stops = kept[target].base, kept[target].villages
        orders = [(*stops[:at], code, *stops[at:]) for at in range(len(stops) + 1)]
        changed = min((describe(base, order) for order in orders), key=lambda r: r.distance)
    locked = [changed]
    for number, route in enumerate(kept):
        if made.rounds[number].locked and number != target and route.villages:
            locked.append(describe(route.base, route.villages))
    return make_rounds(places, people, made.rules, made.travel, minutes=made.table, locked=locked)


def set_lock(made: RoundPlan, number: int, locked: bool) -> RoundPlan:
    """Return the rounds with one of them locked or free."""
    rounds = list(made.rounds)
    rounds[number] = replace(rounds[number], locked=locked)
    return replace(made, rounds=tuple(rounds))


def assign_teams(made: RoundPlan, teams: int) -> list[tuple[int, int]]:
    """Team and first day (both from 1) of each round, so that teams are busy about equally long."""
    used = [0] * teams
    assigned = []
    for route in made.rounds:
        team = used.index(min(used))
        assigned.append((team + 1, used[team] + 1))
        used[team] += route.nights + 1
    return assigned


def rounds_sentences(made: RoundPlan, names: pd.Series, language: Language) -> list[str]:
    """How many rounds, how long, how near the best; what cannot be done in a day."""
    say, days = language, sum(route.nights + 1 for route in made.rounds)
    kilometres = sum(route.distance for route in made.rounds) / UNITS
    told = [
        say(
            "{rounds} rounds, {days} team-days, {km} km.",
            rounds=say.count(len(made.rounds)),
            days=say.count(days),
            km=say.count(kilometres),
        )
    ]
    if made.gap is not None:
        told.append(
            say(
                "No rounds within a day can be shorter by more than {gap}.",
                gap=say.rate(made.gap, 1),
            )
        )
    if made.estimated:
        told.append(
            say(
                "Ways are estimated: straight line × {factor}, at {speed} km an hour; they are "
                "measured nowhere.",
                factor=say.decimal(made.travel.factor),
                speed=say.decimal(made.travel.speed),
            )
        )
    for codes, sentence in (
        (made.far, mark("Not to be done in a day, so with nights out: {places}.")),
        (made.left_out, mark("No team-days are left for: {places}.")),
    ):
        if codes:
            places = ", ".join(str(names.get(code, code)) for code in codes)
            told.append(say(sentence, places=places))
    return told


def rounds_html(made: RoundPlan, names: pd.Series, teams: int, language: Language) -> str:
    """Each round with its villages in order."""
    say = language
    heads = (
        *(say("Round"), say("Team"), say("Day"), say("From"), say("Villages in order")),
        *(say("km"), say("hours"), say("people"), say("nights"), ""),
    )
    rows = [
        (
            *(say.count(number), say.count(team), say.count(day)),
            str(names.get(route.base, route.base)),
            " → ".join(str(names.get(code, code)) for code in route.villages),
            ("≈ " if made.estimated else "") + say.number(route.distance / UNITS, 1),
            say.number(route.minutes / _MINUTES_PER_HOUR, 1),
            *(say.count(route.people), say.count(route.nights)),
            say("locked") if route.locked else "",
        )
        for number, (route, (team, day)) in enumerate(
            zip(made.rounds, assign_teams(made, max(1, teams)), strict=True), 1
        )
    ]
    return figures_table(heads, rows, texts=5, last_text=True)
