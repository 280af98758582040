"""The villages chosen one by one: how many people, what share of the gap, at what cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from .dataset import Dataset
from .measure import SUMMED
from .order import first_villages, order_places, read_order
from .query import Query
from .view import View, build_view

_BUDGET: Final = "budget"


@dataclass(frozen=True)
class Basket:
    """What the chosen villages come to.

    Attributes
    ----------
    villages : tuple of str
        Codes, in the order of the ranking.
    unknown : int
        How many of them have no known gap; they add nothing to the sums.
    coverage_gap, gap_to_target, cost_target_year, cost_year : float
        Sums over the others (people, rupiah); 0 where all are unknown.
    outside : int
        How many of them lie outside the area looked at.
    gap_share : float or None
        Share of the gap of the area looked at; None where a village lies outside it, and where
        the area has no gap.
    budget : float or None
        Published budget of the programme, rupiah; None where none is known.
    budget_period : str
        Period that the budget is of, as the table has it.
    """

    villages: tuple[str, ...]
    unknown: int
    coverage_gap: float
    gap_to_target: float
    cost_target_year: float
    cost_year: float
    outside: int
    gap_share: float | None
    budget: float | None
    budget_period: str


def sum_basket(data: Dataset, view: View) -> Basket:
    """Sums over the chosen villages, wherever they lie.

    Parameters
    ----------
    data, view : Dataset, View
        What is looked at; its query names the villages.
    """
    chosen = measure_basket(data, view)
    sums = chosen[SUMMED].sum()
    area = view.totals.coverage_gap
    outside = int((~chosen.index.isin(view.villages.index)).sum())
    listed = data.programme[data.programme["item"] == _BUDGET]
    return Basket(
        tuple(chosen.index),
        int(chosen["coverage_gap"].isna().sum()),
        float(sums["coverage_gap"]),
        float(sums["gap_to_target"]),
        float(sums["cost_target_year"]),
        float(sums["cost_year"]),
        outside,
        float(sums["coverage_gap"] / area) if not outside and area > 0 else None,
        float(listed["value"].iloc[0]) if len(listed) else None,
        str(listed["period"].iloc[0]) if len(listed) else "",
    )


def change_basket(view: View, query: Query, asked: Mapping[str, Any]) -> Query:
    """Change which villages are chosen, as a reader asks.

    Parameters
    ----------
    view : View
        What the reader looks at.
    query : Query
        What is asked now; it can be newer than the view.
    asked : mapping
        ``add`` and ``remove``: codes; or ``first``: how many of the villages that pass, in
        ``order``; or ``clear``; or ``chosen``: whether to keep the chosen villages alone.
        Codes that the data does not have are passed over.
    """
    if asked.get("clear"):
        return query.with_basket(())
    if "chosen" in asked:
        return replace(query, chosen=bool(asked["chosen"]) and bool(query.basket))
    if "first" in asked:
        order = read_order(asked.get("order", query.order))
        first = first_villages(view.found, order, max(int(asked["first"]), 0))
        return replace(query.with_basket(first), order=order)
    added = {str(code) for code in asked.get("add", ())} & {*view.villages.index}
    return query.with_basket({*query.basket, *added} - {*map(str, asked.get("remove", ()))})


def choose_box(data: Dataset, view: View, query: Query, box: Sequence[Sequence[float]]) -> Query:
    """Add the villages that a box on the map holds, of those that pass the filters.

    Parameters
    ----------
    data, view : Dataset, View
        What the reader looks at.
    query : Query
        What is asked now.
    box : sequence
        ``[[south, west], [north, east]]`` in degrees; it holds a village whose extent has its
        middle there.
    """
    inside = view.found.index.intersection(data.shapes.find_inside(box))
    return query.with_basket({*query.basket, *inside})


def measure_basket(data: Dataset, view: View) -> pd.DataFrame:
    """Measures of the chosen villages, in the order of the ranking."""
    basket = list(view.query.basket)
    known = (
        view if set(basket) <= {*view.villages.index} else build_view(data, view.query.of_basket())
    )
    chosen = known.villages.loc[basket]
    return chosen.iloc[order_places(chosen, view.query.order)]
