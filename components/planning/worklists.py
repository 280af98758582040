"""Take a worklist along, and bring it back filled in."""

from __future__ import annotations

from typing import Final

import streamlit as st

from components.importing.reading import isolated_readers
from geo.core.errors import JangkauError
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.following import outcomes_html, outcomes_sentence
from geo.outreach.progress import VisitTable, only_team, order_visits
from geo.outreach.store import PlanStore, SavedPlan
from geo.outreach.worklist import RowOutcome, take_back, write_worklist

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TAKEN: Final = "taken_worklist"


def show_worklists(
    plan: SavedPlan, visits: VisitTable, data: Dataset, store: PlanStore, language: Language
) -> None:
    """Download of the whole plan or of one team, and the way back."""
    out, back = st.columns(2, gap="large")
    with out:
        st.subheader(language("Worklist to take along"))
        teams = sorted({team for team in visits["team"] if team})
        team = st.selectbox(
            language("For the team"),
            ["", *teams],
            format_func=lambda name: name or language("all teams"),
            key="worklist_team",
        )
        chosen = order_visits(plan, only_team(visits, team))
        st.download_button(
            language("Download the worklist (XLSX)"),
            lambda: write_worklist(plan, chosen, language),
            file_name=language("worklist") + f"-{plan.key}.xlsx",
            mime=_XLSX,
            key="worklist_download",
            on_click="ignore",
            icon=":material/download:",
        )
        st.caption(
            language(
                "To be filled in on paper, a phone or a computer. Rows may be sorted; the "
                "hidden first column must stay."
            )
        )
    with back:
        st.subheader(language("Worklist that comes back"))
        uploaded = st.file_uploader(language("The workbook, filled in"), key="worklist_upload")
        if uploaded is not None:
            _show_taken(Upload(uploaded.name, uploaded.getvalue()), plan, data, store, language)


def _show_taken(
    file: Upload, plan: SavedPlan, data: Dataset, store: PlanStore, language: Language
) -> None:
    """Record an upload once, and say what became of every row."""
    key = f"{plan.key} {digest(file)}"
    taken: dict[str, list[RowOutcome]] = st.session_state.setdefault(_TAKEN, {})
    if key not in taken:
        try:
            with isolated_readers(file.name, key) as readers:
                rows = readers.read_rows(file)
            author = st.session_state.get("visit_author") or language("worklist")
            taken[key] = take_back(store, plan, rows, author=author)
        except JangkauError as error:
            st.error(language.say(error), icon=":material/error:")
            return
        # The figures above are of before.
        st.rerun()
    st.success(outcomes_sentence(taken[key], language), icon=":material/check_circle:")
    st.html(outcomes_html(taken[key], data.names, language))
