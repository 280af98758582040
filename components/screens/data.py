"""The page "Data": from a file to a saved period, with every row accounted for."""

from __future__ import annotations

import streamlit as st

from components import caching as caches
from components import state
from components.header import show_plain_header
from components.importing.boundaries import show_boundaries
from components.importing.choose import show_choice
from components.importing.columns import show_columns
from components.importing.denominators import show_denominators
from components.importing.places import show_places
from components.importing.points import show_points
from components.importing.report import show_nobody, show_period_choice, show_report
from components.importing.save import show_save, show_saved
from components.importing.segments import show_scopes
from components.importing.session_files import (
    audit_upload,
    count_upload,
    cover_upload,
    list_upload_spellings,
)
from components.notices import show_notes, show_problem
from components.outcome import DATA_OUTCOME
from geo.core.errors import JangkauError
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.gazetteer.aliases import check_aliases
from geo.measures.dataset import Dataset
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries


def show_import(file: Upload, data: Dataset, workspace: Workspace, language: Language) -> None:
    """Every step after the choice of a file."""
    reading = show_columns(file, workspace, language)
    if reading is None:
        st.info(language("Answer the question above to go on."), icon=":material/help:")
        return
    reading = show_points(file, reading, data, language)
    show_notes(check_aliases(workspace.aliases(), data.gazetteer)[1], language)
    counts = count_upload(file, reading, data, workspace)
    periods = sorted(counts.people["period"].unique())
    if not periods:
        show_nobody(reading, counts, language)
        return
    st.header(language("3. Report"))
    scopes = show_scopes(file, counts, reading.covers, data, language)
    if scopes is None:
        st.info(language("Answer the question above to go on."), icon=":material/help:")
        return
    counts = cover_upload(file, counts, scopes)
    period = show_period_choice(periods, language)
    audit = audit_upload(file, reading, counts, data, period)
    show_report(audit, reading, counts, data, language)
    spellings = list_upload_spellings(file, reading, counts, data)
    show_places(spellings, data, workspace, language)
    audits = {p: audit_upload(file, reading, counts, data, p) for p in periods}
    show_save(file, reading, counts, audits, data, workspace, language)


settings, language = state.page_basis()
state.finish()
workspace = Workspace(settings.workspace)
show_plain_header(language("Data"), language)
with st.container(key="about"):
    DATA_OUTCOME.show(language)
    try:
        # Without the saved periods nothing can be compared: they are to be mended first.
        if show_saved(workspace, language):
            data = caches.open_data(settings, language)
            show_boundaries(data, SavedBoundaries(settings.workspace), language)
            show_denominators(data, workspace, language)
            file = show_choice(language)
            if file is not None:
                show_import(file, data, workspace, language)
    except JangkauError as error:
        show_problem(error)
