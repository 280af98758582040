"""Choosing villages: equal to trying everything, and the rules kept to the rupiah."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from plan_cases import KINDS, random_problem, solve_by_trying

from geo.core.errors import QueryProblem
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.outreach.choose import NoPlan, Plan, choose_villages
from geo.outreach.explain import (
    count_for_share,
    count_next,
    draw_curve,
    say_trivial,
    share_held,
    with_budget,
)
from geo.outreach.problem import Goal, Problem, Purse, VisitCost
from geo.outreach.travel import Travel
from geo.outreach.villages import list_villages, price_visits

# How many random cases of each goal are tried; `make bench-plan` tries 200.
_CASES = 16


def values_of(plan: Plan) -> tuple[float, float]:
    """First and second value of a plan, as `solve_by_trying` counts them."""
    visits, people = int(plan.villages["visit"].sum()), plan.people
    return {
        "people": (-people, plan.cost),
        "villages": (-plan.value, -people),
        "worst": (-plan.value, -people),
        "visits": (visits, plan.cost),
        "cost": (plan.cost, -people),
    }[plan.problem.goal.kind]


def check_rules(plan: Plan) -> None:
    """No rule is broken by a single rupiah or person."""
    problem, rows = plan.problem, plan.villages
    assert (rows["people"] <= problem.coverable).all()
    assert not rows.loc[~rows["visit"], "people"].any()
    assert rows.loc[list(problem.must), "visit"].all()
    assert not rows.loc[list(problem.must_not), "visit"].any()
    assert problem.most_visits is None or rows["visit"].sum() <= problem.most_visits
    assert sum(plan.spent) == plan.cost
    for purse, spent in zip(problem.purses, plan.spent, strict=True):
        limit = (purse.amount or 0) * (int(rows["visit"].sum()) if purse.per_village else 1)
        assert spent <= limit
    enough = problem.coverable.clip(upper=problem.least)
    assert (rows["people"] >= enough)[rows["visit"]].all()


@pytest.mark.parametrize("kind", KINDS)
def test_plans_equal_those_of_trying_everything(kind: str) -> None:
    solved = 0
    for seed in range(KINDS.index(kind), _CASES * len(KINDS), len(KINDS)):
        problem = random_problem(seed)
        best = solve_by_trying(problem)
        if best is None:
            with pytest.raises(NoPlan):
                choose_villages(problem)
            continue
        plan = choose_villages(problem)
        assert values_of(plan) == pytest.approx(best, abs=1e-9), seed
        assert plan.proven
        check_rules(plan)
        solved += 1
    assert solved >= 8


@pytest.fixture(scope="module")
def regency(sample: Dataset) -> Problem:
    """The sample with Rp 500 million, visits of Rp 300,000 and Rp 6,000 a km from Melayu."""
    listed = list_villages(sample, Query())
    visits = price_visits(listed.villages, "62.05.05.1014", Travel(), VisitCost(300_000, 6_000))
    return Problem(
        listed.villages.join(visits),
        listed.people,
        listed.prices,
        (Purse("APBD", 500_000_000),),
    )


def test_villages_of_the_sample_hold_the_gap_of_the_map(sample: Dataset) -> None:
    listed = list_villages(sample, Query())
    assert listed.people.sum(axis=1).equals(listed.villages["gap"])
    assert listed.villages["gap"].sum() > 7000
    assert listed.prices["pekerja_rentan"] == 12 * 16_800
    assert listed.prices["pu"] == 0, "a share of the wage, which the employer pays"
    assert len(listed.unknown) == 103 - len(listed.villages)
    assert listed.default_base.startswith("62.05.05.")


def test_inactive_members_are_part_of_the_gap(sample: Dataset) -> None:
    listed = list_villages(sample, Query())
    code = listed.villages["gap"].idxmax()
    told = list_villages(sample, Query(), inactive=pd.Series({code: 40}))
    assert told.people.loc[code, "reactivate"] == 40
    assert told.people.sum(axis=1).equals(listed.villages["gap"])


def test_reactivated_people_are_counted_apart(regency: Problem) -> None:
    people = regency.people.assign(reactivate=0)
    code = str(people["pekerja_rentan"].idxmax())
    people.loc[code, ["pekerja_rentan", "reactivate"]] = [0, people.loc[code, "pekerja_rentan"]]
    prices = {**regency.prices, "reactivate": regency.prices["pekerja_rentan"]}
    endless = (Purse("APBD", None),)
    plan = choose_villages(replace(regency, people=people, prices=prices, purses=endless))
    assert plan.left == 0
    rows = plan.villages
    assert (rows["enrol"] + rows["reactivate"] == rows["people"]).all()
    assert rows["reactivate"].sum() == rows.loc[code, "reactivate"] > 0


def test_the_plan_of_the_sample_is_proven_and_beats_the_largest_gap_first(
    regency: Problem,
) -> None:
    plan = choose_villages(regency)
    assert plan.value >= plan.bound * (1 - 1e-4)
    check_rules(plan)
    left, covered = 500_000_000, 0
    for code in regency.coverable.sort_values(ascending=False, kind="stable").index:
        left -= int(regency.villages.loc[code, "visit_cost"])
        for segment, people in regency.people.loc[code].items():
            price = regency.prices[str(segment)]
            able = min(int(people), left // price if price else int(people)) if left > 0 else 0
            left -= able * price
            covered += able
    assert plan.people > 1.2 * covered


def test_the_budget_curve_rises_to_everybody(regency: Problem) -> None:
    curve = draw_curve(regency)
    assert len(curve) == 20
    assert curve["people"].is_monotonic_increasing
    assert curve["people"].iloc[-1] == regency.coverable.sum()
    plan = choose_villages(regency)
    more = choose_villages(with_budget(regency, 600_000_000))
    assert count_next(plan) == more.people - plan.people > 0


def test_what_is_no_choice_is_said(regency: Problem) -> None:
    one_price = dict.fromkeys(regency.people.columns, 201_600)
    free = regency.villages.assign(visit_cost=0)
    easy = replace(regency, prices=one_price)
    assert say_trivial(regency) == ""
    assert say_trivial(easy) == ""
    assert say_trivial(replace(easy, villages=free)) == "people"
    assert say_trivial(replace(easy, goal=Goal("villages"))) == "villages"
    endless = (Purse("APBD", None),)
    assert say_trivial(replace(easy, purses=endless, goal=Goal("visits", 100))) == "visits"


def test_villages_that_hold_a_share_of_the_gap() -> None:
    gaps = pd.Series([10.0, 50.0, 30.0, float("nan"), 10.0])
    assert share_held(gaps).round(9).to_list() == [0.5, 0.8, 0.9, 1.0]
    assert [count_for_share(gaps, share) for share in (0.5, 0.51, 0.9, 1.0)] == [1, 2, 3, 4]
    assert count_for_share(pd.Series([0.0, 0.0]), 0.5) == 0


def test_contradictions_are_refused(regency: Problem) -> None:
    code = str(regency.villages.index[0])
    with pytest.raises(QueryProblem, match="must be visited and must not"):
        replace(regency, must=frozenset({code}), must_not=frozenset({code}))
    with pytest.raises(NoPlan, match="cannot be covered"):
        choose_villages(replace(regency, goal=Goal("visits", people=10**6)))
    with pytest.raises(QueryProblem, match="let another purse pay"):
        Purse("APBDes", 1, per_village=True)


def test_where_nobody_is_left_there_is_nothing_to_do(regency: Problem) -> None:
    nobody = replace(
        regency,
        people=regency.people.iloc[:, :0],
        villages=regency.villages.assign(need=0),
    )
    for kind in KINDS:
        plan = choose_villages(replace(nobody, goal=Goal(kind)))
        assert (plan.people, plan.cost, plan.left, len(plan.visited)) == (0, 0, 0, 0)
    assert draw_curve(nobody)["people"].max() == 0


def test_an_area_too_large_or_unknown_is_refused(
    sample: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = next(code for code in list_villages(sample, Query()).unknown)
    with pytest.raises(QueryProblem, match="has a known gap"):
        list_villages(sample, Query(place=unknown))
    monkeypatch.setattr("geo.outreach.villages.MOST_VILLAGES", 100)
    with pytest.raises(QueryProblem, match="at most 100"):
        list_villages(sample, Query())
