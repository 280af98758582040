"""Day rounds of a saved plan: made, changed by hand, given to teams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import streamlit as st

from components.caching import cached_villages
from components.importing.reading import isolated_readers
from components.outcome import PLAN_OUTCOME
from geo.core.errors import JangkauError
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.inputs import read_content
from geo.outreach.progress import VisitTable
from geo.outreach.round_plan import (
    RoundPlan,
    assign_teams,
    make_rounds,
    move_village,
    rounds_from_json,
    rounds_html,
    rounds_sentences,
    rounds_to_json,
    set_lock,
)
from geo.outreach.rounds import RoundRules
from geo.outreach.store import PlanStore, SavedPlan
from geo.outreach.travel import Travel, read_minutes
from geo.outreach.villages import VillageTable

_ROUNDS: Final = "rounds"
_HOUR: Final = 60


def saved_rounds(plan: SavedPlan) -> RoundPlan | None:
    """The rounds kept with a plan."""
    written = plan.content.get(_ROUNDS)
    return rounds_from_json(written) if written else None


def show_rounds(
    plan: SavedPlan, visits: VisitTable, data: Dataset, store: PlanStore, language: Language
) -> None:
    """Inputs and the button, then the rounds with their changes by hand."""
    st.subheader(language("Day rounds"))
    inputs, query = read_content(plan.content, data)
    listed = cached_villages(data, query)
    made = saved_rounds(plan)
    with st.expander(language("How rounds are made"), expanded=made is None):
        rules, travel = _show_rules(listed, inputs.without_unknown(listed).base, made, language)
        minutes = _show_minutes(listed, language)
        if minutes is None:
            minutes = made.table if made else {}
        locked = [route for route in made.rounds if route.locked] if made else []

        def make() -> RoundPlan:
            return make_rounds(
                listed.villages, visits["promised"], rules, travel, minutes=minutes, locked=locked
            )

        # Not by a callback, which would not know what was typed last.
        if st.button(
            language("Make the rounds"),
            type="primary",
            key="make_rounds",
            disabled=not rules.bases,
        ):
            _keep(plan, store, make, language)
            st.rerun()
    if made is None:
        return
    for sentence in rounds_sentences(made, data.names, language):
        st.markdown(sentence)
    teams = int(st.number_input(language("Teams"), 1, 100, 2, key="round_teams"))
    st.html(rounds_html(made, data.names, teams, language))
    st.button(
        language("Write teams into the visits"),
        key="assign_teams",
        on_click=partial(_assign, plan, made, teams, visits, store, language),
    )
    with st.expander(language("Change rounds by hand")):
        _show_changes(plan, made, listed, visits, data, store, language)


def _show_rules(
    listed: VillageTable, base: str, made: RoundPlan | None, language: Language
) -> tuple[RoundRules, Travel]:
    before = made.rules if made else RoundRules((base,))
    travel = made.travel if made else Travel()
    bases = st.multiselect(
        language("Bases (a second one spares nights out)"),
        list(listed.villages.index),
        default=[code for code in before.bases if code in listed.villages.index],
        format_func=lambda code: str(listed.villages.at[code, "name"]),
        key="round_bases",
    )
    columns = st.columns(3)

    def ask(at: int, label: str, key: str, value: float, least: float, most: float) -> float:
        return float(
            columns[at % 3].number_input(
                label, least, most, float(value), format="%g", key=f"round_{key}"
            )
        )

    hours = ask(0, language("Hours in a day"), "day", before.day_minutes / _HOUR, 1.0, 24.0)
    visit = ask(1, language("Hours in a village"), "visit", before.visit_minutes / _HOUR, 0.0, 24.0)
    villages = ask(
        2, language("Most villages in a day (0: any)"), "most", before.most_villages, 0.0, 50.0
    )
    people = ask(
        3, language("Most people in a day (0: any)"), "people", before.most_people, 0.0, 100_000.0
    )
    factor = ask(4, language("Way over straight line (factor)"), "factor", travel.factor, 1.0, 10.0)
    speed = ask(5, language("Speed (km an hour)"), "speed", travel.speed, 1.0, 200.0)
    rules = replace(
        before,
        bases=tuple(bases),
        day_minutes=round(hours * _HOUR),
        visit_minutes=round(visit * _HOUR),
        most_villages=int(villages),
        most_people=int(people),
    )
    return rules, Travel(factor, speed)


def _show_minutes(listed: VillageTable, language: Language) -> dict[tuple[str, str], int] | None:
    """Minutes of a table that the user gives; None where none is given now."""
    uploaded = st.file_uploader(
        language("Minutes that you know (CSV or XLSX: from, to, minutes)"),
        key="round_minutes",
    )
    if uploaded is None:
        return None
    file = Upload(uploaded.name, uploaded.getvalue())
    key = f"minutes {digest(file)}"
    try:
        if key not in st.session_state:
            with isolated_readers(file.name, key) as readers:
                st.session_state[key] = read_minutes(
                    readers.read_rows(file), listed.villages["name"]
                )
    except JangkauError as error:
        st.error(language.say(error), icon=":material/error:")
        return None
    minutes: dict[tuple[str, str], int] = st.session_state[key]
    st.caption(language.plural("{n} way is known.", "{n} ways are known.", len(minutes)))
    return minutes


def _show_changes(
    plan: SavedPlan,
    made: RoundPlan,
    listed: VillageTable,
    visits: VisitTable,
    data: Dataset,
    store: PlanStore,
    language: Language,
) -> None:
    numbers = list(range(len(made.rounds)))

    def label(number: int | None) -> str:
        if number is None:
            return language("a round of its own")
        return language("Round {n}", n=language.count(number + 1))

    left, right = st.columns(2, gap="large")
    code = left.selectbox(
        language("Village"),
        [code for route in made.rounds for code in route.villages],
        format_func=lambda code: str(data.names.get(code, code)),
        key="move_village",
    )
    target = left.selectbox(
        language("Moves to"), [*numbers, None], format_func=label, key="move_target"
    )
    moved = partial(move_village, made, code, target, listed.villages, visits["promised"])
    left.button(
        language("Move and solve the rest again"),
        key="move_button",
        on_click=partial(_keep, plan, store, moved, language),
    )
    number = right.selectbox(language("Round"), numbers, format_func=label, key="lock_round")
    locked = made.rounds[number].locked
    right.button(
        language("Unlock") if locked else language("Lock"),
        key="lock_button",
        on_click=partial(_keep, plan, store, partial(set_lock, made, number, not locked), language),
    )
    right.caption(language("A locked round stays as it is when rounds are made again."))


def _keep(
    plan: SavedPlan, store: PlanStore, make: Callable[[], RoundPlan], language: Language
) -> None:
    with PLAN_OUTCOME.reporting(language("The rounds are kept with the plan."), language):
        content: dict[str, Any] = plan.content | {_ROUNDS: rounds_to_json(make())}
        store.change_content(plan.key, content)


def _assign(
    plan: SavedPlan,
    made: RoundPlan,
    teams: int,
    visits: VisitTable,
    store: PlanStore,
    language: Language,
) -> None:
    by_code = {village.code: village for village in store.follow(plan.key)}
    with PLAN_OUTCOME.reporting(language("The teams are written into the visits."), language):
        for route, (team, _) in zip(made.rounds, assign_teams(made, teams), strict=True):
            for code in route.villages:
                record = replace(
                    by_code[code].current.record, team=language("Team {n}", n=language.count(team))
                )
                store.record(
                    plan.key,
                    code,
                    record,
                    base=int(visits.at[code, "seen"]),
                    author=st.session_state.get("visit_author", ""),
                )
