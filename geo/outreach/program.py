"""The choice of villages as a mixed-integer linear program.

Columns: a visit to each village (0 or 1); people of each village, class and purse; the share of
visits that each purse pays; whether a village reaches its target (only for that goal).
Money is counted in thousands of rupiah, so that no coefficient is far from the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from .problem import PriceClass, Problem, class_people

UNIT: Final = 1000
_ROUNDING: Final = 1e-9
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass
class Rows:
    """Constraints ``lower <= A x <= upper``, collected row by row."""

    rows: list[Ints] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(
        self,
        columns: Ints,
        values: Floats,
        *,
        lower: float = -np.inf,
        upper: float = np.inf,
    ) -> None:
        """Add one row."""
        self.rows.append(np.full(len(columns), len(self.lower), dtype="int64"))
        self.columns.append(np.asarray(columns, dtype="int64"))
        self.values.append(np.asarray(values, dtype="float64"))
        self.lower.append(lower)
        self.upper.append(upper)


@dataclass(frozen=True)
class Program:
    """Columns and rows of a problem.

    Attributes
    ----------
    classes : list of PriceClass
        Of the people.
    village, group, purse : numpy.ndarray of int
        Of each column of people: its village, class and purse (-1 where nobody pays).
    first : int
        Number of the first column of people; those before are visits.
    upper : numpy.ndarray of float
        Largest value of each column.
    lower : numpy.ndarray of float
        Smallest value of each column.
    whole : numpy.ndarray of int
        1 where a column must be whole.
    rows : Rows
        Constraints.
    visit_payers : tuple of int
        Purses that pay for visits, in the order of their columns behind those of people.
    targets : int
        Count of the last columns, which say whether a village reaches its target.
    """

    problem: Problem
    classes: list[PriceClass]
    village: Ints
    group: Ints
    purse: Ints
    first: int
    lower: Floats
    upper: Floats
    whole: Ints
    rows: Rows
    visit_payers: tuple[int, ...]
    targets: int = 0

    @property
    def size(self) -> int:
        """Count of columns."""
        return len(self.upper)

    @property
    def people_columns(self) -> Ints:
        """Numbers of the columns of people."""
        return self.first + np.arange(len(self.village))

    def people_weights(self) -> Floats:
        """1 for each person covered."""
        weights = np.zeros(self.size)
        weights[self.people_columns] = 1
        return weights

    def visit_weights(self) -> Floats:
        """1 for each visit."""
        weights = np.zeros(self.size)
        weights[: self.first] = 1
        return weights

    def cost_weights(self) -> Floats:
        """Thousands of rupiah, contributions and visits."""
        weights = np.zeros(self.size)
        weights[: self.first] = self.problem.villages["visit_cost"].to_numpy() / UNIT
        prices = np.array([kind.price for kind in self.classes], dtype="float64")
        weights[self.people_columns] = prices[self.group] / UNIT
        return weights


def build_program(problem: Problem, least: Ints | None = None) -> Program:
    """Build columns and rows.

    Parameters
    ----------
    problem : Problem
        The choice to be made.
    least : numpy.ndarray of int, optional
        People to cover in each village in any case, beside what the problem asks for.
    """
    classes = class_people(problem)
    village, group, purse = _list_people_columns(classes)
    count = len(problem.villages)
    payers = tuple(k for k, p in enumerate(problem.purses) if p.pays_visits)
    people_upper = np.array(
        [classes[g].people[v] for v, g in zip(village, group, strict=True)], dtype="float64"
    )
    listed = problem.villages.index
    asked = np.zeros(count, dtype="int64") if least is None else least
    must = listed.isin(list(problem.must)) | (asked > 0)
    visit_upper = (~listed.isin(list(problem.must_not))).astype("float64")
    program = Program(
        problem,
        classes,
        village,
        group,
        purse,
        count,
        np.concatenate([must.astype("float64"), np.zeros(len(village) + len(payers))]),
        np.concatenate([visit_upper, people_upper, np.full(len(payers), np.inf)]),
        np.concatenate(
            [np.ones(count + len(village), dtype="int64"), np.zeros(len(payers), dtype="int64")]
        ),
        Rows(),
        payers,
    )
    _limit_people(program)
    _ask_least(program, asked)
    _limit_purses(program)
    if problem.most_visits is not None:
        program.rows.add(np.arange(count), np.ones(count), upper=problem.most_visits)
    return program


def _list_people_columns(classes: list[PriceClass]) -> tuple[Ints, Ints, Ints]:
    """Village, class and purse of each column of people."""
    parts = [
        np.array([(v, number, k) for v in np.flatnonzero(kind.people)], dtype="int64")
        for number, kind in enumerate(classes)
        for k in (kind.purses or (-1,))
        if kind.people.any()
    ]
    table = np.concatenate(parts) if parts else np.zeros((0, 3), dtype="int64")
    return table[:, 0], table[:, 1], table[:, 2]


def _split(keys: Ints) -> list[Ints]:
    """Positions of equal keys, together."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if len(keys) else []


def _limit_people(program: Program) -> None:
    """Nobody without a visit, nobody twice, nobody above the age that a purse allows."""
    purses = program.problem.purses
    shares = sorted({p.age_share for p in purses if p.age_share < 1})
    for here in _split(program.village * len(program.classes) + program.group):
        v, g = program.village[here[0]], program.group[here[0]]
        columns, payers = program.first + here, program.purse[here]
        people = int(program.classes[g].people[v])
        program.rows.add(np.append(columns, v), np.append(np.ones(len(columns)), -people), upper=0)
        for share in shares:
            within = np.array([k >= 0 and purses[k].age_share <= share for k in payers])
            if within.any():
                most = float(np.floor(share * people + _ROUNDING))
                program.rows.add(columns[within], np.ones(int(within.sum())), upper=most)


def _ask_least(program: Program, asked: Ints) -> None:
    """Enough people in each visited village, of all purses together and of each."""
    coverable = sum((kind.people for kind in program.classes), np.zeros_like(asked))
    lowest = np.minimum(np.maximum(program.problem.least, asked), coverable)
    for here in _split(program.village):
        v = program.village[here[0]]
        if lowest[v]:
            _ask_for(program, v, here, int(lowest[v]))
    for k, purse in enumerate(program.problem.purses):
        own = np.flatnonzero(program.purse == k)
        for part in _split(program.village[own]) if purse.at_least else []:
            here = own[part]
            people = program.upper[program.first + here]
            payable = int(np.floor(purse.age_share * people + _ROUNDING).sum())
            _ask_for(program, program.village[here[0]], here, min(purse.at_least, payable))


def _ask_for(program: Program, v: int, here: Ints, people: int) -> None:
    """At least so many people in these columns, if the village is visited."""
    values = np.append(np.ones(len(here)), -people)
    program.rows.add(np.append(program.first + here, v), values, lower=0)


def _limit_purses(program: Program) -> None:
    """No purse pays more than it holds, and visits are paid by those that may."""
    weights = program.cost_weights()
    count, payers = program.first, program.visit_payers
    paying = program.size - len(payers) + np.arange(len(payers))
    visits = np.append(weights[:count], -np.ones(len(payers)))
    program.rows.add(np.append(np.arange(count), paying), visits, lower=0, upper=0)
    for k, purse in enumerate(program.problem.purses):
        if purse.amount is None:
            continue
        columns = program.people_columns[program.purse == k]
        if purse.per_village:
            for part in _split(program.village[program.purse == k]):
                program.rows.add(columns[part], weights[columns[part]], upper=purse.amount / UNIT)
            continue
        share = paying[[k == payer for payer in payers]]
        program.rows.add(
            np.append(columns, share),
            np.append(weights[columns], np.ones(len(share))),
            upper=purse.amount / UNIT,
        )
