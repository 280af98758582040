"""Save the plan under a name."""

from __future__ import annotations

from typing import Final

import streamlit as st

from components.outcome import PLAN_OUTCOME
from geo.core.i18n import Language
from geo.measures.query import Query
from geo.outreach.choose import Plan
from geo.outreach.inputs import PlanInputs, list_promised, write_content
from geo.outreach.store import PlanStore

_SAVED: Final = "plan_just_saved"


def go_to_saved() -> None:
    """Show the plan that was saved in the run before; called before any widget."""
    if key := st.session_state.pop(_SAVED, ""):
        st.session_state["plan_part"] = "saved"
        st.session_state["plan_chosen"] = key


def show_save(
    plan: Plan,
    inputs: PlanInputs,
    query: Query,
    store: PlanStore,
    language: Language,
    *,
    synthetic: bool,
) -> None:
    """Name, who saves, and the button; a plan without villages is not kept."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(language("Name of the plan"), max_chars=80, key="plan_name")
        author = st.text_input(language("Your name or office"), max_chars=80, key="plan_author")
        # Not by a callback: it would save the plan of before what was typed last.
        if st.button(
            language("Save the plan"),
            type="primary",
            icon=":material/save:",
            key="plan_save",
            disabled=not plan.visited.shape[0],
        ):
            with PLAN_OUTCOME.reporting(
                language('The plan "{name}" is saved.', name=name.strip()), language
            ):
                st.session_state[_SAVED] = store.save_plan(
                    name,
                    write_content(plan, inputs, query, synthetic=synthetic),
                    list_promised(plan),
                    period=query.period,
                    author=author,
                )
            st.rerun()
