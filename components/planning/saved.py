"""Saved plans: progress, conflicts, edits, and what later imports count."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.outcome import PLAN_OUTCOME
from components.planning.conflicts import show_conflicts
from components.planning.edit import show_edit
from components.planning.result import show_drawing
from components.planning.rounds import saved_rounds, show_rounds
from components.planning.worklists import show_worklists
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.outreach.drawings import visits_svg
from geo.outreach.following import (
    comparison_html,
    counted_html,
    progress_headline_html,
    progress_html,
    visits_html,
)
from geo.outreach.progress import list_visits
from geo.outreach.store import PlanStore, SavedPlan


def show_saved_plans(
    plans: list[SavedPlan], data: Dataset, view: View, store: PlanStore, language: Language
) -> None:
    """The plan chosen, and how far it is."""
    if not plans:
        st.info(language("No plan is saved yet. Choose villages, then save the plan."))
        return
    names = {plan.key: plan.name for plan in plans}
    if st.session_state.get("plan_chosen") not in names:
        st.session_state["plan_chosen"] = plans[0].key
    key = st.selectbox(
        language("Saved plan"), list(names), format_func=lambda key: names[key], key="plan_chosen"
    )
    plan = next(plan for plan in plans if plan.key == key)
    followed = store.follow(plan.key)
    visits = list_visits(plan, followed, data.names)
    st.html(progress_headline_html(visits, language))
    show_conflicts(plan, followed, data, store, language)
    made = saved_rounds(plan)
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        show_edit(plan, visits, followed, store, language)
    with right:
        show_drawing(
            data={
                "svg": visits_svg(data, plan, visits, language, routes=made.routes if made else ())
            },
            key="saved_map",
            on_chosen_change=_take_village,
        )
        st.caption(language("Orange: planned; green: visited; violet: refused; dashed: postponed."))
    show_rounds(plan, visits, data, store, language)
    show_worklists(plan, visits, data, store, language)
    st.subheader(language("Progress"))
    by_subdistrict, by_team = st.columns(2, gap="large")
    by_subdistrict.html(progress_html(visits, "subdistrict", language))
    by_team.html(progress_html(visits, "team", language))
    with st.expander(language("All villages of the plan")):
        st.html(visits_html(visits, language))
    with st.expander(language("Enrolled since, as the records count them")):
        _show_counted(plan, data, view, language)
    with st.expander(language("Duplicate, compare or remove")):
        _show_actions(plan, plans, store, language)


def _take_village() -> None:
    st.session_state["visit_village"] = st.session_state["saved_map"].chosen


def _show_counted(plan: SavedPlan, data: Dataset, view: View, language: Language) -> None:
    if view.query.period <= plan.period:
        st.caption(
            language(
                "The plan was made from {period}. Once a later period is imported, this shows who "
                "has been enrolled since.",
                period=language.period(plan.period),
            )
        )
        return
    st.html(counted_html(plan, view.villages["enrolled"], data.names, language))


def _show_actions(
    plan: SavedPlan, plans: list[SavedPlan], store: PlanStore, language: Language
) -> None:
    st.html(comparison_html(plans, language))
    st.text_input(language("Name of the copy"), max_chars=80, key="copy_name")
    with st.container(horizontal=True):
        st.button(
            language("Duplicate"),
            key="copy_plan",
            on_click=partial(_copy, plan, store, language),
        )
        sure = st.checkbox(language("Remove for good"), key="remove_sure")
        st.button(
            language("Remove"),
            key="remove_plan",
            disabled=not sure,
            on_click=partial(_remove, plan, store, language),
        )


def _copy(plan: SavedPlan, store: PlanStore, language: Language) -> None:
    name = st.session_state["copy_name"]
    with PLAN_OUTCOME.reporting(
        language('The plan "{name}" is saved.', name=name.strip()), language
    ):
        st.session_state["plan_chosen"] = store.duplicate_plan(plan.key, name)


def _remove(plan: SavedPlan, store: PlanStore, language: Language) -> None:
    st.session_state["remove_sure"] = False
    with PLAN_OUTCOME.reporting(
        language('The plan "{name}" is removed.', name=plan.name), language
    ):
        store.remove_plan(plan.key)
