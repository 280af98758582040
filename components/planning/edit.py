"""Record a visit: one village, one form; it says on which version it was filled in."""

from __future__ import annotations

import datetime as dt
from functools import partial

import streamlit as st

from components.outcome import PLAN_OUTCOME
from geo.core.i18n import Language
from geo.outreach.following import status_words, version_words
from geo.outreach.progress import VisitTable
from geo.outreach.store import STATUSES, Followed, PlanStore, Record, SavedPlan


def show_edit(
    plan: SavedPlan,
    visits: VisitTable,
    followed: list[Followed],
    store: PlanStore,
    language: Language,
) -> None:
    """Choice of the village, and its form."""
    st.subheader(language("Record a visit"))
    by_code = {village.code: village for village in followed}
    if st.session_state.get("visit_village") not in by_code:
        st.session_state["visit_village"] = next(iter(by_code))
    code = st.selectbox(
        language("Village"),
        list(by_code),
        format_func=lambda code: f"{visits.at[code, 'name']} · {visits.at[code, 'subdistrict']}",
        key="visit_village",
    )
    village = by_code[code]
    record, stamp = village.current.record, f"{plan.key}_{code}_{village.seen}"
    st.text_input(language("Your name or office"), max_chars=80, key="visit_author")
    with st.form(f"visit_{stamp}", border=False):
        st.selectbox(
            language("Status"),
            list(STATUSES),
            index=list(STATUSES).index(record.status),
            format_func=lambda key: status_words(key, language),
            key=f"status_{stamp}",
        )
        left, right = st.columns(2)
        left.number_input(
            language("Enrolled (people)"), 0, 1_000_000, record.enrolled, key=f"enrolled_{stamp}"
        )
        right.number_input(
            language("Reactivated (people)"), 0, 1_000_000, record.reactivated, key=f"again_{stamp}"
        )
        left.text_input(language("Team"), record.team, max_chars=80, key=f"team_{stamp}")
        right.date_input(
            language("Date"),
            dt.date.fromisoformat(record.day) if record.day else None,
            format="DD/MM/YYYY",
            key=f"day_{stamp}",
        )
        st.text_input(language("Note"), record.note, max_chars=500, key=f"note_{stamp}")
        st.caption(language("No names or member numbers: long numbers are hidden when saved."))
        # By a callback: it runs for the form as it was shown, also where another person has
        # changed the village since and this run would show another form.
        name = str(visits.at[code, "name"])
        st.form_submit_button(
            language("Record"),
            type="primary",
            on_click=partial(_record, plan.key, village, stamp, store, name, language),
        )
    with st.expander(language("Every version of this village")):
        for version in store.history(plan.key)[code]:
            st.text(version_words(version, language))


def _record(
    key: str, village: Followed, stamp: str, store: PlanStore, name: str, language: Language
) -> None:
    filled = st.session_state
    day = filled[f"day_{stamp}"]
    record = Record(
        filled[f"status_{stamp}"],
        int(filled[f"enrolled_{stamp}"]),
        int(filled[f"again_{stamp}"]),
        filled[f"team_{stamp}"],
        day.isoformat() if day else "",
        filled[f"note_{stamp}"],
    )
    with PLAN_OUTCOME.reporting(
        language("The visit to {place} is recorded.", place=name), language
    ):
        author = filled.get("visit_author", "")
        store.record(key, village.code, record, base=village.seen, author=author)
