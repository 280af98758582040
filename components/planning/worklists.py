"""Take a plan to the field as a worklist, a page or other files, and bring results back."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from components.importing.reading import isolated_readers
from components.routes.field_page import field_address
from geo.core.errors import FileProblem, JangkauError
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.field.formats import FIELD_FORMATS, FieldFormat
from geo.outreach.field.plan import build_field_plan
from geo.outreach.field.results import is_json, read_json_rows
from geo.outreach.following import outcomes_html, outcomes_sentence
from geo.outreach.progress import VisitTable, only_team, order_visits
from geo.outreach.store import PlanStore, SavedPlan
from geo.outreach.worklist import RowOutcome, take_back, write_worklist
from geo.reporting.statement import file_words

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TAKEN: Final = "taken_worklist"
Rows = list[tuple[int, list[str]]]


def show_worklists(
    plan: SavedPlan, visits: VisitTable, data: Dataset, store: PlanStore, language: Language
) -> None:
    """Files of the whole plan or of one team, and the way back."""
    out, back = st.columns(2, gap="large")
    with out:
        st.subheader(language("To take along"))
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
            file_name=f"{_file_stem(language('worklist'), plan, team)}.xlsx",
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
        _show_field_files(plan, team, data, store, language)
    with back:
        st.subheader(language("What comes back"))
        uploaded = st.file_uploader(
            language("Worklists, filled in, and results of phones (JSON, CSV, GeoPackage)"),
            accept_multiple_files=True,
            key="worklist_upload",
        )
        files = [Upload(each.name, each.getvalue()) for each in uploaded]
        _take_new(files, plan, store, language)
        for file in files:
            _show_taken(file, plan, data, language)


def _show_field_files(
    plan: SavedPlan, team: str, data: Dataset, store: PlanStore, language: Language
) -> None:
    """A button for each kind of file, and the page's address on this server."""
    with st.container(key="field_files", horizontal=True):
        for kind in FIELD_FORMATS:
            st.download_button(
                language(kind.label),
                partial(_write_file, kind, plan, team, data, store, language),
                file_name=_file_stem(language("visits"), plan, team) + kind.suffix,
                mime=kind.mime,
                key=f"field_{kind.key}",
                on_click="ignore",
                icon=":material/download:",
                help=language(kind.use),
            )
        st.link_button(
            language("Open the field page (all teams)"),
            field_address(plan.key),
            icon=":material/smartphone:",
            help=language("A phone that reaches this address can keep the page, and install it."),
        )
    st.caption(
        language(
            "The field page works in airplane mode. What a phone records stays on it until its "
            "results are exported and brought here."
        )
    )


def _file_stem(what: str, plan: SavedPlan, team: str) -> str:
    """Name of a file without its suffix: what it is, of which plan and team."""
    return "-".join(filter(None, (what, file_words(plan.name), file_words(team), plan.key[:6])))


def _write_file(
    kind: FieldFormat,
    plan: SavedPlan,
    team: str,
    data: Dataset,
    store: PlanStore,
    language: Language,
) -> bytes:
    """Write a file on the click, with what is recorded then."""
    return kind.write(build_field_plan(data, plan, store.follow(plan.key), team=team), language)


def _taken() -> dict[str, list[RowOutcome] | str]:
    """What became of the uploads of this session, by plan and content."""
    taken: dict[str, list[RowOutcome] | str] = st.session_state.setdefault(_TAKEN, {})
    return taken


def _key(plan: SavedPlan, file: Upload) -> str:
    return f"{plan.key} {digest(file)}"


def _take_new(files: list[Upload], plan: SavedPlan, store: PlanStore, language: Language) -> None:
    """Record each upload once; the figures above are then of before, so the page runs again."""
    taken, author = _taken(), st.session_state.get("visit_author") or language("worklist")
    new = [file for file in files if _key(plan, file) not in taken]
    for file in new:
        key = _key(plan, file)
        try:
            taken[key] = take_back(store, plan, _read_rows(file, key), author=author)
        except FileProblem as error:
            taken[key] = language.say(error)
        except JangkauError as error:
            # A reading that was cancelled can be begun again.
            st.error(language.say(error), icon=":material/error:")
    if any(_key(plan, file) in taken for file in new):
        st.rerun()


def _read_rows(file: Upload, key: str) -> Rows:
    if is_json(file):
        return read_json_rows(file)
    with isolated_readers(file.name, key) as readers:
        return readers.read_rows(file)


def _show_taken(file: Upload, plan: SavedPlan, data: Dataset, language: Language) -> None:
    """What became of every row of an upload."""
    taken = _taken().get(_key(plan, file))
    if taken is None:
        return
    if isinstance(taken, str):
        st.error(taken, icon=":material/error:")
        return
    st.success(f"{file.name}: {outcomes_sentence(taken, language)}", icon=":material/check_circle:")
    st.html(outcomes_html(taken, data.names, language))
