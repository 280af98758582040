"""Choosing villages: against trying everything, against the largest gap first, and its time.

Processor seconds, one core. Run with ``make bench-plan``; helpers of the tests must be on the path.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from geo.measures.dataset import open_dataset
from geo.measures.query import Query
from geo.outreach.choose import NoPlan, choose_villages
from geo.outreach.explain import draw_curve, with_budget
from geo.outreach.problem import Goal, Problem, Purse, VisitCost
from geo.outreach.travel import Travel
from geo.outreach.villages import list_villages, price_visits

BUDGET = 500_000_000
PROVINCE = 1571  # villages of Kalimantan Tengah


def sample_problem() -> Problem:
    """The sample with visits of Rp 300,000 and Rp 6,000 a kilometre from the regency's seat."""
    listed = list_villages(open_dataset(), Query())
    cost = VisitCost(300_000, 6_000)
    visits = price_visits(listed.villages, listed.default_base, Travel(), cost)
    villages = listed.villages.join(visits)
    return Problem(villages, listed.people, listed.prices, (Purse("APBD", BUDGET),))


def enlarge(problem: Problem, villages: int) -> Problem:
    """A problem of so many villages: those of the sample again, with other figures."""
    draw = np.random.default_rng(1)
    rows = np.arange(villages) % len(problem.villages)
    table, people = problem.villages.iloc[rows].copy(), problem.people.iloc[rows].copy()
    table.index = people.index = pd.Index([f"{code}-{n}" for n, code in enumerate(table.index)])
    people = (people * draw.uniform(0.5, 1.5, people.shape)).round().astype("int64")
    cost = table["visit_cost"] * draw.uniform(0.7, 1.4, villages) // 1000 * 1000
    table["visit_cost"] = cost.astype("int64")
    table["need"] = table["need"].clip(upper=people.sum(axis=1))
    budget = BUDGET * villages // len(problem.villages)
    return replace(problem, villages=table, people=people, purses=(Purse("APBD", budget),))


def take_largest_gaps(problem: Problem) -> int:
    """People covered by going to the village with the largest gap first, and covering all of it."""
    left, covered = problem.purses[0].amount or 0, 0
    for code in problem.coverable.sort_values(ascending=False, kind="stable").index:
        visit = int(problem.villages.loc[code, "visit_cost"])
        if visit > left:
            continue
        left -= visit
        for segment, people in problem.people.loc[code].items():
            price = problem.prices[str(segment)]
            able = min(int(people), left // price) if price else int(people)
            left, covered = left - able * price, covered + able
    return covered


def compare_with_trying(cases: int) -> None:
    """Say how many random cases of each goal have the same answer as trying everything."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    from plan_cases import KINDS, random_problem, solve_by_trying

    for place, kind in enumerate(KINDS):
        equal = 0
        for seed in range(place, cases * len(KINDS), len(KINDS)):
            problem = random_problem(seed)
            best = solve_by_trying(problem)
            try:
                plan = choose_villages(problem)
                visits = int(plan.villages["visit"].sum())
                values = {
                    "people": (-plan.people, plan.cost),
                    "villages": (-plan.value, -plan.people),
                    "worst": (-plan.value, -plan.people),
                    "visits": (visits, plan.cost),
                    "cost": (plan.cost, -plan.people),
                }[kind]
                equal += best is not None and np.allclose(values, best, atol=1e-9)
            except NoPlan:
                equal += best is None
        print(f"{kind}: {equal} of {cases} random cases equal to trying everything", flush=True)


def time_goals(problem: Problem) -> None:
    """Say the processor seconds of every goal."""
    half = int(problem.coverable.sum()) // 4
    goals = (
        *(Goal("people"), Goal("villages"), Goal("worst"), Goal("visits", people=half)),
        Goal("cost", people=half),
    )
    for goal in goals:
        plan = choose_villages(replace(problem, goal=goal))
        print(
            f"{len(problem.villages)} villages, {goal.kind}: {plan.seconds:.2f} s, "
            f"value {plan.value:,.4f}, bound {plan.bound:,.4f}",
            flush=True,
        )


def main() -> None:
    """Print every figure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=200)
    cases = options.parse_args().cases
    compare_with_trying(cases)
    problem = sample_problem()
    for budget in (100_000_000, 200_000_000, 300_000_000, BUDGET, 1_000_000_000):
        asked = with_budget(problem, budget)
        plan, greedy = choose_villages(asked), take_largest_gaps(asked)
        print(
            f"sample, Rp {budget:,}: {plan.people:,} people (bound {plan.bound:,.0f}); the largest "
            f"gap first covers {greedy:,}; {plan.people / greedy - 1:+.0%}"
        )
    time_goals(problem)
    started = time.process_time()
    draw_curve(problem)
    print(f"budget curve: {time.process_time() - started:.2f} s")
    time_goals(enlarge(problem, PROVINCE))


if __name__ == "__main__":
    main()
