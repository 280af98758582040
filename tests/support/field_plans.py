"""A saved plan of the sample with rounds, made without a solver, for what goes to the field."""

from __future__ import annotations

from pathlib import Path

from geo.measures.dataset import Dataset
from geo.measures.query import Query, to_params
from geo.measures.view import build_view
from geo.outreach.field.plan import FieldPlan, build_field_plan
from geo.outreach.inputs import PlanInputs, inputs_to_json
from geo.outreach.round_plan import RoundPlan, rounds_to_json
from geo.outreach.rounds import RoundRules, describe_round
from geo.outreach.store import PlanStore, Record
from geo.outreach.travel import Travel
from geo.outreach.villages import list_villages


def save_field_plan(
    folder: Path, data: Dataset, *, villages: int = 12, name: str = "Desember"
) -> tuple[PlanStore, str]:
    """A plan of the first villages: two rounds, and two villages in none."""
    query = build_view(data, Query()).query
    listed = list_villages(data, query)
    chosen = [str(code) for code in listed.villages.index[:villages]]
    gaps = listed.villages["gap"]
    promised = {
        code: {"enrol": int(gaps[code]), "reactivate": number % 3, "enrolled": 100}
        for number, code in enumerate(chosen)
    }
    base = listed.default_base
    rules, travel, half = RoundRules((base,)), Travel(), (villages - 2) // 2
    rounds = tuple(
        describe_round(listed.villages, base, stops, gaps, rules, travel)
        for stops in (chosen[:half], chosen[half : villages - 2])
    )
    made = RoundPlan(rules, travel, (), rounds, (), (), None, True)
    content = {
        "inputs": inputs_to_json(PlanInputs("people", base=base, fixed=300_000, per_km=6_000)),
        "query": to_params(query),
        "synthetic": True,
        "people": 1,
        "cost": 1,
        "rounds": rounds_to_json(made),
    }
    store = PlanStore(folder)
    key = store.save_plan(name, content, promised, period=query.period)
    store.record(key, chosen[0], Record("visited", 5, 1, "Tim A", "2026-11-02", "ok"), base=1)
    return store, key


def field_plan_of(data: Dataset, store: PlanStore, key: str, *, team: str = "") -> FieldPlan:
    """What goes to the field of a saved plan."""
    return build_field_plan(data, store.read_plan(key), store.follow(key), team=team)
