"""What a planner enters, as one value that is kept with the plan and turned into a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from ..core.errors import QueryProblem, mark
from ..core.segments import SEGMENTS
from ..measures.dataset import Dataset
from ..measures.query import Query, from_params, to_params
from .choose import Plan
from .problem import REACTIVATE, UNNAMED, Goal, GoalKind, Problem, Purse, VisitCost
from .travel import DEFAULT_FACTOR, DEFAULT_SPEED, Travel
from .villages import VillageTable, price_visits

DEFAULT_BUDGET: Final = 500_000_000
GOAL_LABELS: Final[dict[GoalKind, str]] = {
    "people": mark("cover the most people"),
    "villages": mark("bring the most villages to the target"),
    "worst": mark("lift the villages with the lowest coverage first"),
    "visits": mark("reach a share of the gap with the fewest visits"),
    "cost": mark("reach the target of the area for the least money"),
}
SEGMENT_WORDS: Final = SEGMENTS | {
    UNNAMED: mark("segment not known"),
    REACTIVATE: mark("inactive members"),
}


@dataclass(frozen=True)
class PlanInputs:
    """Everything that is entered.

    Attributes
    ----------
    goal : str
        A key of `GOAL_LABELS`.
    share : float
        Share of the gap to reach, for the goal ``visits``.
    every_village : bool
        For the goal ``cost``: bring every village to the target, not the area as a whole.
    purses : tuple of Purse
        What pays.
    base : str
        Code of the village that teams start from; empty for the default.
    fixed, per_km, per_hour : int
        Rupiah of a visit, and for each kilometre and hour of the way from the base, one way.
    factor, speed : float
        How a way is estimated.
    teams, days, per_day : int
        Teams, days, and visits of a team in a day; visits are not limited where one is 0.
    least : int
        Fewest people in a visited village.
    must, must_not : tuple of str
        Codes of villages.
    prices : tuple of (str, int)
        Rupiah a year of segments whose price is not the default.
    """

    goal: GoalKind = "people"
    share: float = 0.5
    every_village: bool = False
    purses: tuple[Purse, ...] = (Purse("APBD", DEFAULT_BUDGET),)
    base: str = ""
    fixed: int = 300_000
    per_km: int = 6_000
    per_hour: int = 0
    factor: float = DEFAULT_FACTOR
    speed: float = DEFAULT_SPEED
    teams: int = 0
    days: int = 0
    per_day: int = 2
    least: int = 0
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    prices: tuple[tuple[str, int], ...] = ()

    @property
    def most_visits(self) -> int | None:
        """Visits that the teams can make; None where they are not limited."""
        return self.teams * self.days * self.per_day or None

    def without_unknown(self, listed: VillageTable) -> PlanInputs:
        """Drop villages that the table does not have, and take a base that it has."""
        known = listed.villages.index
        return replace(
            self,
            base=self.base if self.base in known else listed.default_base,
            must=tuple(code for code in self.must if code in known),
            must_not=tuple(code for code in self.must_not if code in known),
        )


_INPUTS: Final = TypeAdapter(PlanInputs)


def inputs_to_json(inputs: PlanInputs) -> dict[str, Any]:
    """Write the inputs as JSON knows them."""
    written: dict[str, Any] = _INPUTS.dump_python(inputs, mode="json")
    return written


def inputs_from_json(written: Mapping[str, Any]) -> PlanInputs:
    """Read the inputs of `inputs_to_json`.

    Raises
    ------
    QueryProblem
        If they are none.
    """
    try:
        return _INPUTS.validate_python(written)
    except ValidationError as error:
        raise QueryProblem(
            mark("The inputs of the saved plan are not understood: {detail}."),
            detail=str(error.errors(include_url=False)[0]["msg"]),
        ) from error


def build_problem(listed: VillageTable, given: PlanInputs) -> Problem:
    """Build the problem that the inputs ask of the villages."""
    inputs = given.without_unknown(listed)
    cost = VisitCost(inputs.fixed, inputs.per_km, inputs.per_hour)
    travel = Travel(inputs.factor, inputs.speed)
    visits = price_visits(listed.villages, inputs.base, travel, cost)
    return Problem(
        listed.villages.join(visits),
        listed.people,
        listed.prices | dict(inputs.prices),
        inputs.purses,
        _build_goal(listed, inputs),
        frozenset(inputs.must),
        frozenset(inputs.must_not),
        inputs.least,
        inputs.most_visits,
    )


def _build_goal(listed: VillageTable, inputs: PlanInputs) -> Goal:
    villages = listed.villages
    if inputs.goal == "visits":
        return Goal("visits", people=-int(-inputs.share * villages["gap"].sum() // 1))
    if inputs.goal == "cost" and inputs.every_village:
        return Goal("cost", every_village=True)
    if inputs.goal == "cost":
        return Goal("cost", people=listed.area_need)
    return Goal(inputs.goal)


def write_content(
    plan: Plan, inputs: PlanInputs, query: Query, *, synthetic: bool
) -> dict[str, Any]:
    """Collect what is kept of a plan beside the people promised, and whether it is synthetic."""
    return {
        "inputs": inputs_to_json(inputs),
        "query": to_params(query),
        "people": plan.people,
        "cost": plan.cost,
        "left": plan.left,
        "proven": plan.proven,
        "synthetic": synthetic,
    }


def list_promised(plan: Plan) -> dict[str, dict[str, int]]:
    """People to enrol and reactivate in each village to visit, and people enrolled today."""
    today = plan.problem.villages["enrolled"]
    return {
        str(code): {
            "enrol": int(row["enrol"]),
            "reactivate": int(row["reactivate"]),
            "enrolled": int(today[code]),
        }
        for code, row in plan.visited.iterrows()
    }


def read_content(content: Mapping[str, Any], data: Dataset) -> tuple[PlanInputs, Query]:
    """Read inputs and query of a kept plan; leave out what no longer fits the data."""
    query, _ = from_params(content["query"], data.options)
    return inputs_from_json(content["inputs"]), query


def list_segments(listed: VillageTable, inputs: PlanInputs) -> pd.DataFrame:
    """Build a row for each segment: ``segment`` (key), ``people``, ``price`` (rupiah a year)."""
    prices = listed.prices | dict(inputs.prices)
    people = listed.people.sum()
    return pd.DataFrame(
        {
            "segment": people.index,
            "people": people.to_numpy(),
            "price": [prices[segment] for segment in people.index],
        }
    )
