"""Two lists of people against each other: who of the candidates is not covered yet."""

from __future__ import annotations

import streamlit as st

from components import caching as caches
from components import state
from components.header import show_plain_header
from components.notices import show_problem
from components.outcome import LISTS_OUTCOME
from components.reconciling import forget_lists, reconcile_uploads, show_lists, show_outcomes
from components.saving_lists import show_saving
from geo.core.errors import JangkauError
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.workspace.periods import Workspace


def choose_files(language: Language) -> tuple[Upload, Upload] | None:
    """Both files, or None while one is missing."""
    st.markdown(
        language(
            "Who of the people that should be covered is enrolled, and who is not? Both lists stay "
            "in memory: nothing of them is written to a disk, a log or a cache."
        )
    )
    left, right = st.columns(2)
    candidates = left.file_uploader(
        language("People who should be covered (candidates)"), key="candidates_file"
    )
    enrolled = right.file_uploader(
        language("People enrolled (list of participants)"), key="enrolled_file"
    )
    if candidates is None or enrolled is None:
        forget_lists()
        return None
    first, second = (Upload(file.name, file.getvalue()) for file in (candidates, enrolled))
    return first, second


def show_result(
    files: tuple[Upload, Upload], data: Dataset, workspace: Workspace, language: Language
) -> None:
    """Counts first, then the lists of people, then what of the counts can be saved."""
    found = reconcile_uploads(*files, data)
    show_outcomes(found, data, language)
    show_lists(found, data, language)
    show_saving(found, files, data, workspace, language)


settings, language = state.page_basis()
state.finish()
show_plain_header(language("Match lists"), language)
with st.container(key="about"):
    LISTS_OUTCOME.show(language)
    try:
        data = caches.open_data(settings, language)
        files = choose_files(language)
        if files is not None:
            show_result(files, data, Workspace(settings.workspace), language)
    except JangkauError as error:
        show_problem(error)
