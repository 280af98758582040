"""The plan: headline, sentences, curves to choose from, map and table."""

from __future__ import annotations

from typing import Final

import streamlit as st

from components.caching import cached_curve
from components.planning.inputs import choose_budget, choose_share
from components.static_assets import build_part
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.outreach.choose import Plan
from geo.outreach.drawings import curve_svg, list_outlines, map_svg, shares_svg
from geo.outreach.inputs import PlanInputs
from geo.outreach.telling import plan_headline_html, plan_sentences, plan_table_html
from geo.outreach.villages import VillageTable

_CURVE: Final = "plan_curve"
_SHARES: Final = "plan_shares"
show_drawing: Final = build_part("drawing")


def show_plan(plan: Plan, added: int | None, language: Language) -> None:
    """What the plan comes to, and how certain that is."""
    st.html(plan_headline_html(plan, language))
    for sentence in plan_sentences(plan, added, language):
        st.markdown(sentence)


def show_curves(
    data: Dataset, query: Query, inputs: PlanInputs, listed: VillageTable, language: Language
) -> None:
    """Two curves whose points are controls: the budget, and the share of the gap."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**" + language("People covered, by budget") + "**")
        curve = cached_curve(data, query, inputs)
        show_drawing(
            data={"svg": curve_svg(curve, inputs.purses[0].amount, language)},
            key=_CURVE,
            on_chosen_change=lambda: choose_budget(st.session_state[_CURVE].chosen),
        )
        st.caption(language("Choose a point to plan with its budget."))
    with right:
        st.markdown("**" + language("Share of the gap, by number of villages") + "**")
        show_drawing(
            data={"svg": shares_svg(listed.villages["gap"], inputs.share, language)},
            key=_SHARES,
            on_chosen_change=lambda: choose_share(st.session_state[_SHARES].chosen),
        )
        st.caption(language("Choose a point for the fewest visits that reach its share."))


def show_places(plan: Plan, base: str, data: Dataset, query: Query, language: Language) -> None:
    """Map and table of the villages to visit."""
    outlines = list_outlines(data, query.place or data.top)
    villages = plan.problem.villages.join(plan.villages[["visit", "people"]])
    show_drawing(data={"svg": map_svg(villages, base, language, outlines=outlines)}, key="plan_map")
    st.caption(
        language(
            "Circles: people to cover in the villages to visit; small dots: other villages; "
            "triangle: base. Positions are the centres of the villages."
        )
    )
    st.html(plan_table_html(plan, language))
