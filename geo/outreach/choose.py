"""Choose villages: solve a problem exactly, and say how certain the answer is.

Each goal is solved first for what it asks, then among the best answers for what is better beside:
least money, or most people. The second step keeps the first one's answer fixed instead of mixing
both with weights, which no solver finishes in time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.errors import QueryProblem, mark
from .problem import REACTIVATE, Goal, Problem
from .program import UNIT, Floats, Ints, Program, build_program

# Seconds of the clock that one step of the solver may take before it gives the best it has.
DEFAULT_PATIENCE: Final = 20.0
_HALF: Final = 0.5
_OUT_OF_TIME: Final = 1
_TOLERANCE: Final = 1e-6
_A_TENTH_OF_A_RUPIAH: Final = 1e-4


class NoPlan(QueryProblem):
    """No choice of villages keeps all the rules."""


class TooSlow(QueryProblem):
    """The solver found no choice of villages in its time, though there may be one."""


@dataclass(frozen=True)
class Plan:
    """The villages to visit, and what it comes to.

    Attributes
    ----------
    problem : Problem
        What was asked.
    villages : pandas.DataFrame
        By code, every village: ``visit`` (bool), ``people``, of them ``reactivate`` and
        ``enrol``, ``contributions``, ``visit_cost`` (rupiah; 0 where there is no visit),
        ``rate_after``.
    spent : tuple of int
        Rupiah out of each purse.
    value : float
        What the goal asks for: people, villages, floor of coverage, visits or rupiah.
    bound : float
        What no plan can do better than.
    seconds : float
        Processor seconds.
    """

    problem: Problem
    villages: pd.DataFrame
    spent: tuple[int, ...]
    value: float
    bound: float
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return abs(self.value - self.bound) <= 1e-6 * max(1.0, abs(self.value))

    @property
    def visited(self) -> pd.DataFrame:
        """List the villages to visit, the most people first."""
        rows = self.villages[self.villages["visit"]]
        return rows.sort_values("people", ascending=False, kind="stable")

    @property
    def people(self) -> int:
        """People covered."""
        return int(self.villages["people"].sum())

    @property
    def cost(self) -> int:
        """Rupiah for contributions and visits."""
        return int(self.villages[["contributions", "visit_cost"]].to_numpy().sum())

    @property
    def left(self) -> int:
        """People who could be covered and are not."""
        return int(self.problem.coverable.sum()) - self.people


@dataclass(frozen=True)
class _Answer:
    values: Floats
    bound: float


def choose_villages(problem: Problem, *, patience: float = DEFAULT_PATIENCE) -> Plan:
    """Find the best plan.

    Parameters
    ----------
    problem : Problem
        What is asked.
    patience : float
        Seconds that one step of the solver may take. A plan that is not proven to be the best
        within it says its bound.

    Raises
    ------
    NoPlan
        If no plan keeps all the rules.
    """
    started = time.process_time()
    goal = problem.goal
    if goal.kind == "worst":
        program, floor = _raise_floor(problem, patience)
        first, value, bound = None, floor, floor
    else:
        program = _with_goal(problem)
        weights = _first_weights(program, goal)
        first = _solve(program, weights, patience)
        value, bound = _keep(program, weights, first)
    second = _second_weights(program, goal)
    answer = _solve(program, second, patience, start=first)
    plan = _write_plan(program, answer.values, value, bound)
    return replace(plan, seconds=time.process_time() - started)


def best_value(problem: Problem, *, patience: float = DEFAULT_PATIENCE) -> float:
    """Solve the first step alone: what the goal asks for (not for ``worst``), without a plan.

    Raises
    ------
    NoPlan
        If no plan keeps all the rules.
    """
    program = _with_goal(problem)
    weights = _first_weights(program, problem.goal)
    return _keep(program, weights, _solve(program, weights, patience))[0]


def _with_goal(problem: Problem) -> Program:
    """Build the program with the columns and rows that the goal asks for."""
    goal = problem.goal
    need = problem.villages["need"].to_numpy("int64")
    if goal.kind == "cost" and goal.every_village:
        program = build_program(problem, need)
        short = need > _coverable(program)
        if short.any():
            raise NoPlan(
                mark(
                    "{n} villages cannot reach the target: their people belong to segments that "
                    "no purse pays for; the first is {place}."
                ),
                n=int(short.sum()),
                place=str(problem.villages.index[short][0]),
            )
    else:
        program = build_program(problem)
    if goal.kind in ("visits", "cost") and goal.people:
        possible = int(_coverable(program).sum())
        if goal.people > possible:
            raise NoPlan(
                mark("{value} people cannot be covered: the purses can pay for {most} at most."),
                value=goal.people,
                most=possible,
            )
        columns = program.people_columns
        program.rows.add(columns, np.ones(len(columns)), lower=goal.people - _HALF)
    return _with_targets(program, need) if goal.kind == "villages" else program


def _coverable(program: Program) -> Ints:
    start = np.zeros(program.first, dtype="int64")
    return sum((kind.people for kind in program.classes), start)


def _with_targets(program: Program, need: Ints) -> Program:
    """Build the program with a column for each village that reaches its target."""
    reachable = np.flatnonzero((need > 0) & (need <= _coverable(program)))
    for number, v in enumerate(reachable):
        columns = program.people_columns[program.village == v]
        values = np.append(np.ones(len(columns)), -need[v])
        program.rows.add(np.append(columns, program.size + number), values, lower=0)
        # Implied by the row above; it helps the solver to see that a target needs a visit.
        program.rows.add(np.array([v, program.size + number]), np.array([1.0, -1.0]), lower=0)
    added = len(reachable)
    return replace(
        program,
        lower=np.append(program.lower, np.zeros(added)),
        upper=np.append(program.upper, np.ones(added)),
        whole=np.append(program.whole, np.ones(added, dtype="int64")),
        targets=added,
    )


def _first_weights(program: Program, goal: Goal) -> Floats:
    """Return what the goal minimises."""
    if goal.kind == "people":
        return -program.people_weights()
    if goal.kind == "visits":
        return program.visit_weights()
    if goal.kind == "cost":
        return program.cost_weights()
    weights = np.zeros(program.size)
    weights[program.size - program.targets :] = -1
    return weights


def _second_weights(program: Program, goal: Goal) -> Floats:
    """Return what is minimised among the answers that are equally good."""
    if goal.kind in ("people", "visits"):
        return program.cost_weights()
    return -program.people_weights()


def _keep(program: Program, weights: Floats, first: _Answer) -> tuple[float, float]:
    """Fix what the first step found; its value and bound, as the plan says them."""
    best = float(weights @ first.values)
    kind = program.problem.goal.kind
    used = np.flatnonzero(weights)
    if kind == "cost":
        program.rows.add(used, weights[used], upper=best + _A_TENTH_OF_A_RUPIAH)
        return round(best * UNIT), first.bound * UNIT
    best = round(best)
    program.rows.add(used, weights[used], upper=best + _HALF)
    # A count is whole: a bound of 4,077.8 people is one of 4,077.
    return abs(best), abs(float(np.ceil(first.bound - _TOLERANCE)))


def _solve(
    program: Program, weights: Floats, patience: float, *, start: _Answer | None = None
) -> _Answer:
    """Minimise; where the time is too short for any answer, the one to start from stays.

    Raises
    ------
    NoPlan
        If nothing keeps all the rules.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = program.rows
    matrix = csr_array(
        (
            np.concatenate(rows.values),
            (np.concatenate(rows.rows), np.concatenate(rows.columns)),
        ),
        shape=(len(rows.lower), program.size),
    )
    result = milp(
        weights,
        integrality=program.whole,
        bounds=Bounds(program.lower, program.upper),
        constraints=LinearConstraint(matrix, rows.lower, rows.upper),
        options={"time_limit": patience, "mip_rel_gap": 0.0},
    )
    if result.x is not None:
        bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
        return _Answer(result.x, float(bound))
    if start is not None:
        return start
    if result.status == _OUT_OF_TIME:
        raise TooSlow(
            mark(
                "No plan was found in {seconds} seconds; leave out some rules, or plan fewer "
                "villages at once."
            ),
            seconds=round(patience),
        )
    raise NoPlan(
        mark(
            "No plan keeps all the rules: the money or the visits do not suffice for what is "
            "asked in any case. Raise an amount, or ask for less."
        )
    )


def _raise_floor(problem: Problem, patience: float) -> tuple[Program, float]:
    """Build the program with the highest floor under the coverage of every village, and this floor.

    A village that cannot reach the floor must have everybody covered who can be. Villages that
    must not be visited, or whose coverage is not known, are left out.
    """
    enrolled = problem.villages["enrolled"].to_numpy("float64")
    eligible = problem.villages["eligible"].to_numpy("float64")
    most = _coverable(build_program(problem))
    most[problem.villages.index.isin(list(problem.must_not))] = 0

    def ask(floor: float) -> Ints:
        short = np.ceil(floor * eligible - enrolled - _TOLERANCE)
        least: Ints = np.clip(np.nan_to_num(short), 0, most).astype("int64")
        return least

    floors = _list_floors(enrolled, eligible, most)
    # The lowest asks for nothing: whether there is a plan at all.
    best = build_program(problem, ask(floors[0]))
    _solve(best, best.cost_weights(), patience)
    low, high = 0, len(floors)
    while high - low > 1:
        middle = (low + high) // 2
        program = build_program(problem, ask(floors[middle]))
        try:
            _solve(program, np.zeros(program.size), patience)
        except NoPlan:
            high = middle
        else:
            low, best = middle, program
    return best, float(floors[low])


def _list_floors(enrolled: Floats, eligible: Floats, most: Ints) -> Floats:
    """Every coverage that a village can have, sorted, the lowest of all first."""
    steps = [
        (enrolled[v] + np.arange(most[v] + 1)) / eligible[v]
        for v in np.flatnonzero((most > 0) & (eligible > 0))
    ]
    return np.unique(np.concatenate(steps)) if steps else np.zeros(1)


def _write_plan(program: Program, values: Floats, value: float, bound: float) -> Plan:
    """Build the plan of an answer, in whole people and rupiah."""
    problem, count = program.problem, program.first
    people = np.rint(values[program.people_columns]).astype("int64")
    by_class = np.zeros((count, len(program.classes)), dtype="int64")
    np.add.at(by_class, (program.village, program.group), people)
    prices = np.array([kind.price for kind in program.classes], dtype="int64")
    visit = values[:count] > _HALF
    spent = _share_costs(program, people, visit)
    villages = pd.DataFrame(
        {
            "visit": visit,
            "people": by_class.sum(axis=1),
            "reactivate": _count_reactivated(program, by_class),
            "contributions": by_class @ prices,
            "visit_cost": problem.villages["visit_cost"].where(visit, 0),
        },
        index=problem.villages.index,
    )
    villages["enrol"] = villages["people"] - villages["reactivate"]
    enrolled, eligible = problem.villages["enrolled"], problem.villages["eligible"]
    villages["rate_after"] = (enrolled + villages["people"]) / eligible.where(eligible > 0)
    return Plan(problem, villages, spent, value, bound, 0.0)


def _count_reactivated(program: Program, by_class: Ints) -> Ints:
    """Of the people of each village those who were members before: they come first."""
    found = np.zeros(program.first, dtype="int64")
    for number, kind in enumerate(program.classes):
        if REACTIVATE in kind.segments:
            known = program.problem.people[REACTIVATE].to_numpy("int64")
            found += np.minimum(by_class[:, number], known)
    return found


def _share_costs(program: Program, people: Ints, visit: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    """Whole rupiah out of each purse; visits are paid from the first that has money left."""
    purses = program.problem.purses
    prices = np.array([kind.price for kind in program.classes], dtype="int64")
    paid = people * prices[program.group]
    spent = [int(paid[program.purse == k].sum()) for k in range(len(purses))]
    visits = int(program.problem.villages["visit_cost"].to_numpy()[visit].sum())
    for k in program.visit_payers:
        amount = purses[k].amount
        part = visits if amount is None else max(0, min(visits, amount - spent[k]))
        spent[k] += part
        visits -= part
    return tuple(spent)
