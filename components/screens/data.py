"""The page "Data": from a file to a saved period, with every row accounted for."""

from __future__ import annotations

import streamlit as st

from components import data as caches
from components import state
from components.header import show_plain_header
from components.importing.boundaries import show_boundaries
from components.importing.choose import show_choice
from components.importing.columns import show_columns
from components.importing.memory import count_upload
from components.importing.places import show_places
from components.importing.report import show_report
from components.importing.save import show_said, show_save, show_saved
from components.notices import show_problem
from geo.audit import audit_import, check_overlap
from geo.dataset import Dataset
from geo.errors import JangkauError
from geo.files import Upload
from geo.i18n import Language, get_language
from geo.saved_boundaries import SavedBoundaries
from geo.settings import read_settings
from geo.workspace import Workspace


def show_import(file: Upload, data: Dataset, workspace: Workspace, language: Language) -> None:
    """Every step after the choice of a file."""
    reading = show_columns(file, workspace, language)
    if reading is None:
        st.info(language("Answer the question above to go on."), icon=":material/help:")
        return
    with st.spinner(language("Matching and counting")):
        counts = count_upload(file, reading, data, workspace)
    periods = sorted(counts.people["period"].unique())
    if not periods:
        st.warning(language("No active worker of this file can be counted; nothing can be saved."))
        return
    period = periods[-1]
    if len(periods) > 1:
        period = st.selectbox(
            language("Period"), periods[::-1], format_func=lambda p: language.period(str(p))
        )
    audit = audit_import(data, reading, counts, period)
    show_report(audit, language)
    show_places(audit, data, workspace, language)
    check_overlap(audit, data)
    show_save(file, reading, counts, period, data, workspace, language)


settings = read_settings()
language = get_language(st.session_state["language"])
state.finish()
workspace = Workspace(settings.workspace)
show_plain_header(language("Data"), language)
with st.container(key="about"):
    show_said()
    try:
        show_saved(workspace, language)
        data = caches.open_data(settings, language)
        show_boundaries(data, SavedBoundaries(settings.workspace), language)
        file = show_choice(language)
        if file is not None:
            show_import(file, data, workspace, language)
    except JangkauError as error:
        show_problem(error)
