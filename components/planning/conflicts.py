"""Villages that several people changed: all versions, and the choice of one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from components.outcome import PLAN_OUTCOME
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.following import version_words
from geo.outreach.store import Followed, PlanStore, SavedPlan


def show_conflicts(
    plan: SavedPlan,
    followed: list[Followed],
    data: Dataset,
    store: PlanStore,
    language: Language,
) -> None:
    """Each conflict with a button beside every version."""
    for village in followed:
        if not village.rivals:
            continue
        name = str(data.names.get(village.code, village.code))
        with st.container(border=True, key=f"conflict_{village.code}"):
            st.markdown(
                "**"
                + language.plural(
                    "{place}: {n} version contradicts another. Choose the one that holds.",
                    "{place}: {n} versions contradict each other. Choose the one that holds.",
                    len(village.rivals),
                    place=name,
                )
                + "**"
            )
            for version in village.rivals:
                words, button = st.columns([5, 1], vertical_alignment="center")
                words.text(version_words(version, language))
                button.button(
                    language("This one holds"),
                    key=f"choose_{village.code}_{version.number}_{village.seen}",
                    on_click=partial(
                        _choose, plan.key, village, version.number, store, name, language
                    ),
                )


def _choose(
    key: str,
    village: Followed,
    number: int,
    store: PlanStore,
    name: str,
    language: Language,
) -> None:
    author = st.session_state.get("visit_author", "")
    with PLAN_OUTCOME.reporting(language("The choice for {place} is kept.", place=name), language):
        store.choose(key, village.code, number, seen=village.seen, author=author)
