"""What a plan is made from: villages, prices, purses, visits and a goal.

The choice has two parts. A visit to a village costs once, whatever is done there. A person covered
costs the contribution of a year, which a purse pays. People are interchangeable where price and
purses are the same: such people form one *class*, and the solver counts classes, not segments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.errors import QueryProblem, mark

GoalKind = Literal["people", "villages", "worst", "visits", "cost"]
Ints = npt.NDArray[np.int64]

# Costs are whole thousands of rupiah per visit: nobody plans travel to the rupiah.
VISIT_STEP: Final = 1000
REACTIVATE: Final = "reactivate"
UNNAMED: Final = "unnamed"


@dataclass(frozen=True)
class Purse:
    """Money with rules.

    Attributes
    ----------
    name : str
        Such as ``APBD``.
    amount : int or None
        Rupiah a year; None for as much as is needed.
    per_village : bool
        Whether each village has this amount for its own workers, as with APBDes.
    segments : tuple of str
        Segments whose contributions it pays; empty for all.
    at_least : int
        Fewest workers that it pays for in a visited village, or all of them where they are fewer.
    age_share : float
        Share of workers within its limit of age. Counts hold no ages, so the user states it.
    pays_visits : bool
        Whether it pays for visits.
    """

    name: str
    amount: int | None
    per_village: bool = False
    segments: tuple[str, ...] = ()
    at_least: int = 0
    age_share: float = 1.0
    pays_visits: bool = True

    def __post_init__(self) -> None:
        if self.amount is not None and self.amount < 0:
            raise QueryProblem(
                mark("The purse {name} has {value} rupiah; expected is 0 or more."),
                name=self.name,
                value=self.amount,
            )
        if self.per_village and self.pays_visits:
            raise QueryProblem(
                mark("The purse {name} is each village's own; let another purse pay for visits."),
                name=self.name,
            )


@dataclass(frozen=True)
class VisitCost:
    """Price of one visit: a fixed part, and a part per kilometre or hour from the base."""

    fixed: int = 0
    per_km: int = 0
    per_hour: int = 0

    def price(self, km: pd.Series, hours: pd.Series) -> pd.Series:
        """Rupiah for a visit to each village, in whole thousands, rounded up."""
        rupiah = self.fixed + self.per_km * km + self.per_hour * hours
        return (np.ceil(rupiah / VISIT_STEP - 1e-9) * VISIT_STEP).astype("int64")


@dataclass(frozen=True)
class Goal:
    """What is best.

    Attributes
    ----------
    kind : str
        ``people``: most people covered. ``villages``: most villages that reach the target.
        ``worst``: the highest floor under the coverage of all villages. ``visits``: fewest visits
        that cover ``people``. ``cost``: least money that covers ``people``.
    people : int
        People to cover, for ``visits`` and ``cost``.
    every_village : bool
        For ``cost``: bring every village to the target.
    """

    kind: GoalKind = "people"
    people: int = 0
    every_village: bool = False


@dataclass(frozen=True)
class Problem:
    """A choice to be made.

    Attributes
    ----------
    villages : pandas.DataFrame
        By code: ``enrolled``, ``eligible`` (people), ``need`` (people to the target) and
        ``visit_cost`` (rupiah).
    people : pandas.DataFrame
        By code, a column for each segment: people who can be covered.
    prices : mapping of str to int
        Rupiah a year for one person of each segment; 0 where somebody else pays.
    purses : tuple of Purse
        What pays. A worker is paid by one of them.
    goal : Goal
        What is best.
    must, must_not : frozenset of str
        Codes of villages to visit in any case, or in none.
    least : int
        Fewest people to cover in a visited village, or all where they are fewer.
    most_visits : int or None
        Visits that the teams can make.
    """

    villages: pd.DataFrame
    people: pd.DataFrame
    prices: Mapping[str, int]
    purses: tuple[Purse, ...]
    goal: Goal = field(default_factory=Goal)
    must: frozenset[str] = frozenset()
    must_not: frozenset[str] = frozenset()
    least: int = 0
    most_visits: int | None = None

    def __post_init__(self) -> None:
        both = sorted(self.must & self.must_not)
        if both:
            raise QueryProblem(
                mark("{place} must be visited and must not; remove it from one of the two lists."),
                place=both[0],
            )

    @property
    def coverable(self) -> pd.Series:
        """People of each village who can be covered."""
        return self.people.sum(axis=1)


@dataclass(frozen=True)
class PriceClass:
    """People whose price and purses are the same.

    Attributes
    ----------
    price : int
        Rupiah a year.
    purses : tuple of int
        Numbers of the purses that may pay; empty where the price is 0.
    segments : tuple of str
        Whom it holds.
    people : numpy.ndarray of int
        People by village.
    """

    price: int
    purses: tuple[int, ...]
    segments: tuple[str, ...]
    people: Ints


def class_people(problem: Problem) -> list[PriceClass]:
    """Classes of people, the cheapest first."""
    grouped: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    for segment in problem.people.columns:
        price = problem.prices.get(segment, 0)
        payers = tuple(
            number
            for number, purse in enumerate(problem.purses)
            if price and (not purse.segments or segment in purse.segments)
        )
        if price == 0 or payers:
            grouped.setdefault((price, payers), []).append(segment)
    return [
        PriceClass(
            price,
            payers,
            tuple(segments),
            problem.people[segments].sum(axis=1).to_numpy("int64"),
        )
        for (price, payers), segments in sorted(grouped.items())
    ]
