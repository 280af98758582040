"""Random small problems of choosing villages, and their best answer by trying everything."""

from __future__ import annotations

import itertools
import math
import random

import pandas as pd

from geo.outreach.problem import Goal, Problem, Purse

KINDS = ("people", "villages", "worst", "visits", "cost")
_PRICES = {"rentan": 3000, "bpu": 2000, "pu": 0}


def random_problem(seed: int) -> Problem:
    """Up to eight villages, one or two purses, any of the rules."""
    draw = random.Random(seed)
    count = draw.randint(2, 8)
    codes = [f"62.05.01.2{n:03}" for n in range(count)]
    people = pd.DataFrame(
        {
            "rentan": [draw.randint(0, 3) for _ in codes],
            "bpu": [draw.choice((0, 0, 1, 2)) for _ in codes],
            "pu": [draw.choice((0, 0, 0, 1)) for _ in codes],
        },
        index=codes,
    )
    enrolled = pd.Series([draw.randint(1, 12) for _ in codes], codes)
    villages = pd.DataFrame(
        {
            "enrolled": enrolled,
            "eligible": enrolled + people.sum(axis=1),
            "need": [draw.randint(0, int(n)) for n in people.sum(axis=1)],
            "visit_cost": [draw.choice((0, 1000, 2000, 4000)) for _ in codes],
        }
    )
    purses = [Purse("APBD", draw.randint(2, 30) * 1000)]
    if draw.random() < 0.4:
        purses.append(
            Purse(
                "APBDes",
                draw.randint(2, 7) * 1000,
                per_village=True,
                segments=draw.choice(((), ("rentan",))),
                at_least=draw.choice((0, 0, 1)),
                age_share=draw.choice((1.0, 0.7)),
                pays_visits=False,
            )
        )
    kind = KINDS[seed % len(KINDS)]
    total = int(people.to_numpy().sum())
    every = kind == "cost" and draw.random() < 0.3
    goal = Goal(kind, 0 if every else draw.randint(0, max(0, total // 2)), every)
    chosen = draw.sample(codes, 2)
    return Problem(
        villages,
        people,
        _PRICES,
        tuple(purses),
        goal if kind in ("visits", "cost") else Goal(kind),
        must=frozenset(chosen[:1] if draw.random() < 0.2 else ()),
        must_not=frozenset(chosen[1:] if draw.random() < 0.2 else ()),
        least=draw.choice((0, 0, 2)),
        most_visits=draw.choice((None, None, 2, 4)),
    )


def solve_by_trying(problem: Problem) -> tuple[float, float] | None:
    """First and second value of the best plan (smaller is better); None where there is none.

    Every way to serve a village is tried with every way to serve those before it. Ways that leave
    the same money and the same figures are the same from there on.
    """
    states = {((0,) * len(problem.purses), 0, 0, 0, 1.0)}
    for code in problem.villages.index:
        ways = _ways(problem, code)
        states = {
            after
            for state, way in itertools.product(states, ways)
            if (after := _add(problem, state, way)) is not None
        }
    ends = [value for state in states if (value := _value(problem, state)) is not None]
    return min(ends, default=None)


def _ways(problem: Problem, code: str) -> set:
    """Each way to serve a village: money of each purse, visit cost, people, target, coverage."""
    village, people = problem.villages.loc[code], problem.people.loc[code]
    need, nobody = int(village["need"]), (0,) * len(problem.purses)
    ways = set()
    if code not in problem.must and not (problem.goal.every_village and need):
        ways.add((nobody, 0, 0, 0, 0, _floor(problem, code, 0)))
    if code in problem.must_not:
        return ways
    least = min(problem.least, int(people.sum()))
    if problem.goal.every_village:
        least = max(least, need)
    for split in itertools.product(*(_splits(problem, code, segment) for segment in people.index)):
        paid = [(s, k, n) for s, by in zip(people.index, split, strict=True) for k, n in by.items()]
        covered = sum(n for _, _, n in paid)
        if covered >= least and _purses_agree(problem, code, paid):
            money = [0] * len(problem.purses)
            for segment, k, n in paid:
                if k is not None:
                    money[k] += n * problem.prices[segment]
            reached = int(0 < need <= covered)
            floor = _floor(problem, code, covered)
            ways.add((tuple(money), int(village["visit_cost"]), 1, covered, reached, floor))
    return ways


def _payers(problem: Problem, segment: str) -> list:
    if not problem.prices[segment]:
        return [None]
    purses = enumerate(problem.purses)
    return [k for k, purse in purses if not purse.segments or segment in purse.segments]


def _payable(problem: Problem, code: str, segment: str, k: int | None) -> int:
    """People of a segment that a purse may pay for, by its limit of age."""
    share = 1.0 if k is None else problem.purses[k].age_share
    return math.floor(share * int(problem.people.loc[code, segment]) + 1e-9)


def _splits(problem: Problem, code: str, segment: str) -> list[dict]:
    """Every way to divide people of a segment among nobody and the purses."""
    payers, people = _payers(problem, segment), int(problem.people.loc[code, segment])
    ranges = [range(_payable(problem, code, segment, k) + 1) for k in payers]
    return [
        dict(zip(payers, counts, strict=True))
        for counts in itertools.product(*ranges)
        if sum(counts) <= people
    ]


def _purses_agree(problem: Problem, code: str, paid: list) -> bool:
    """Whether each purse pays for enough people, and no village's own purse for too much."""
    for k, purse in enumerate(problem.purses):
        own = [(segment, n) for segment, payer, n in paid if payer == k]
        segments = [s for s in problem.people if k in _payers(problem, s)]
        payable = sum(_payable(problem, code, s, k) for s in segments)
        if sum(n for _, n in own) < min(purse.at_least, payable):
            return False
        money = sum(n * problem.prices[segment] for segment, n in own)
        if purse.per_village and money > purse.amount:
            return False
    return True


def _floor(problem, code, covered):
    """Coverage of a village where it can be raised; 1 where it need not be looked at."""
    village, people = problem.villages.loc[code], int(problem.people.loc[code].sum())
    if problem.goal.kind != "worst" or code in problem.must_not or covered == people:
        return 1.0
    return float((village["enrolled"] + covered) / village["eligible"])


def _add(problem, state, way):
    money, visits, people, reached, floor = state
    more, cost, visit, covered, target, coverage = way
    spent = [a + b for a, b in zip(money, more, strict=True)]
    spent[0] += cost
    for k, purse in enumerate(problem.purses):
        if not purse.per_village and spent[k] > purse.amount:
            return None
    if problem.most_visits is not None and visits + visit > problem.most_visits:
        return None
    if problem.goal.kind != "villages":
        target = 0
    return (tuple(spent), visits + visit, people + covered, reached + target, min(floor, coverage))


def _value(problem, state):
    money, visits, people, reached, floor = state
    goal = problem.goal
    if goal.kind in ("visits", "cost") and people < goal.people:
        return None
    return {
        "people": (-people, sum(money)),
        "villages": (-reached, -people),
        "worst": (-floor, -people),
        "visits": (visits, sum(money)),
        "cost": (sum(money), -people),
    }[goal.kind]
