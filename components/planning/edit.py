"""Record a visit: one village, one form; it says on which version it was filled in."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from components.planning.said import keep_sentence
from geo.core.errors import JangkauError
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
        status = st.selectbox(
            language("Status"),
            list(STATUSES),
            index=list(STATUSES).index(record.status),
            format_func=lambda key: status_words(key, language),
            key=f"status_{stamp}",
        )
        left, right = st.columns(2)
        enrolled = left.number_input(
            language("Enrolled (people)"), 0, 1_000_000, record.enrolled, key=f"enrolled_{stamp}"
        )
        again = right.number_input(
            language("Reactivated (people)"), 0, 1_000_000, record.reactivated, key=f"again_{stamp}"
        )
        team = left.text_input(language("Team"), record.team, max_chars=80, key=f"team_{stamp}")
        day = right.date_input(
            language("Date"),
            dt.date.fromisoformat(record.day) if record.day else None,
            format="DD/MM/YYYY",
            key=f"day_{stamp}",
        )
        note = st.text_input(language("Note"), record.note, max_chars=500, key=f"note_{stamp}")
        st.caption(language("No names or member numbers: long numbers are hidden when saved."))
        if st.form_submit_button(language("Record"), type="primary"):
            _record(
                plan.key,
                village,
                Record(
                    status, int(enrolled), int(again), team, day.isoformat() if day else "", note
                ),
                store,
                str(visits.at[code, "name"]),
                language,
            )
            st.rerun()
    with st.expander(language("Every version of this village")):
        for version in store.history(plan.key)[code]:
            st.text(version_words(version, language))


def _record(
    key: str,
    village: Followed,
    record: Record,
    store: PlanStore,
    name: str,
    language: Language,
) -> None:
    author = st.session_state.get("visit_author", "")
    try:
        store.record(key, village.code, record, base=village.seen, author=author)
    except JangkauError as error:
        keep_sentence("error", language.say(error))
        return
    keep_sentence("success", language("The visit to {place} is recorded.", place=name))
