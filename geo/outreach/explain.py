"""What money buys: the curve over budgets, the next amount, and where nothing is to choose."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ..core.errors import mark
from .choose import DEFAULT_PATIENCE, NoPlan, Plan, best_value
from .problem import Goal, Problem, class_people

CURVE_POINTS: Final = 20
NEXT_AMOUNT: Final = 100_000_000

TRIVIAL: Final = {
    "people": mark(
        "Visits cost nothing and everybody has the same price: any workers will do, and the money "
        "divided by the price is how many. The choice of villages is free."
    ),
    "villages": mark(
        "With one purse and one price, taking the villages whose target is cheapest to reach first "
        "is already the best answer."
    ),
    "visits": mark(
        "Without a limit of money, the fewest visits are those to the villages with the largest "
        "gap."
    ),
    "cost": mark(
        "Every village is to reach the target: there is nothing to choose, only a sum to pay."
    ),
}


def main_purse(problem: Problem) -> int:
    """Find the number of the purse that a budget is about: the first that pays for visits."""
    payers = (k for k, purse in enumerate(problem.purses) if purse.pays_visits)
    return next(payers, 0)


def with_budget(problem: Problem, amount: int) -> Problem:
    """Build the problem with another amount in its main purse."""
    purses = list(problem.purses)
    main = main_purse(problem)
    purses[main] = replace(purses[main], amount=amount)
    return replace(problem, purses=tuple(purses))


def say_trivial(problem: Problem) -> str:
    """Key of `TRIVIAL` where a simple rule already gives the best answer; else empty."""
    kind, purses = problem.goal.kind, problem.purses
    restricted = problem.must or problem.least or problem.most_visits is not None
    if restricted or len(purses) != 1 or purses[0].at_least or purses[0].age_share < 1:
        return ""
    one_price = len(class_people(problem)) == 1
    free_visits = not problem.villages["visit_cost"].any()
    unlimited = purses[0].amount is None
    trivial = {
        "people": one_price and free_visits,
        "villages": one_price,
        "visits": unlimited,
        "cost": problem.goal.every_village and not problem.goal.people and one_price,
    }
    return kind if trivial.get(kind) else ""


def draw_curve(problem: Problem, *, patience: float = DEFAULT_PATIENCE) -> pd.DataFrame:
    """Most people by budget of the main purse.

    Parameters
    ----------
    problem : Problem
        Its rules hold at every point; its goal does not matter.
    patience : float
        Seconds for each point.

    Returns
    -------
    pandas.DataFrame
        ``budget`` (rupiah) and ``people``, from nothing to the money that covers everybody.
        A budget too small for what is asked in any case has no row.
    """
    everybody = _cost_of_all(problem)
    step = max(1, -(-everybody // CURVE_POINTS))
    budgets = [min(step * point, everybody) for point in range(1, CURVE_POINTS + 1)]
    rows = []
    for budget in budgets:
        asked = replace(with_budget(problem, budget), goal=Goal("people"))
        try:
            rows.append((budget, round(best_value(asked, patience=patience))))
        except NoPlan:
            continue
    return pd.DataFrame(rows, columns=["budget", "people"])


def _cost_of_all(problem: Problem) -> int:
    """Rupiah that cover everybody where the main purse pays for all."""
    contributions = sum(kind.price * int(kind.people.sum()) for kind in class_people(problem))
    allowed = ~problem.villages.index.isin(list(problem.must_not))
    return contributions + int(problem.villages["visit_cost"].to_numpy()[allowed].sum())


def count_next(plan: Plan, *, more: int = NEXT_AMOUNT) -> int | None:
    """People that this much more in the main purse adds; None where it has no limit."""
    amount = plan.problem.purses[main_purse(plan.problem)].amount
    if amount is None:
        return None
    asked = replace(with_budget(plan.problem, amount + more), goal=Goal("people"))
    return max(0, round(best_value(asked)) - plan.people)


def share_held(gaps: pd.Series) -> pd.Series:
    """Share of the whole gap in the first villages, the largest first; by their count from 1."""
    ordered = np.sort(gaps.dropna().to_numpy("float64"))[::-1]
    total = ordered.sum()
    shares = ordered.cumsum() / total if total else np.zeros(len(ordered))
    return pd.Series(shares, index=np.arange(1, len(ordered) + 1))


def count_for_share(gaps: pd.Series, share: float) -> int:
    """Fewest villages that together hold at least this share of the gap."""
    held = share_held(gaps)
    if not len(held) or not held.iloc[-1]:
        return 0
    return int((held < share - 1e-9).sum()) + 1
