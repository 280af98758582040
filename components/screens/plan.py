"""The page "Plan": choose villages, keep the plan, follow it up."""

from __future__ import annotations

import streamlit as st

from components import caching as caches
from components import state
from components.header import show_header
from components.notices import show_link_problems, show_problem
from components.outcome import PLAN_OUTCOME
from components.planning.inputs import show_inputs
from components.planning.result import show_curves, show_places, show_plan
from components.planning.saved import show_saved_plans
from components.planning.saving import go_to_saved, show_save
from geo.core.errors import JangkauError
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.outreach.store import PlanStore


def show_choice(data: Dataset, query: Query, store: PlanStore, language: Language) -> None:
    """Inputs on the left, the plan that they give on the right."""
    listed = caches.cached_villages(data, query)
    left, right = st.columns([1, 2.1], gap="large")
    with left:
        inputs = show_inputs(listed, language)
    with right:
        try:
            with st.spinner(language("Looking for the best plan …")):
                plan, added = caches.cached_plan(data, query, inputs)
        except JangkauError as problem:
            show_problem(problem)
            return
        show_plan(plan, added, language)
        show_save(plan, inputs, query, store, language, synthetic=data.synthetic)
        show_curves(data, query, inputs, listed, language)
        show_places(plan, inputs.base, data, query, language)


settings, language = state.page_basis()
data = caches.open_data(settings, language)
query, problems = state.begin(data.options, settings)
state.finish(query)
view = caches.cached_view(data, query)
store = PlanStore(settings.workspace)

show_header(data, view, language)
show_link_problems(problems, language)
PLAN_OUTCOME.show(language)
try:
    plans = store.list_plans()
    labels = {"choose": language("Choose villages"), "saved": language("Saved plans")}
    st.session_state.setdefault("plan_part", "choose")
    go_to_saved()
    part = st.segmented_control(
        language("Part of the page"),
        list(labels),
        format_func=lambda part: labels[part],
        required=True,
        key="plan_part",
        label_visibility="collapsed",
    )
    if part == "choose":
        show_choice(data, view.query, store, language)
    else:
        show_saved_plans(plans, data, view, store, language)
except JangkauError as error:
    show_problem(error)
