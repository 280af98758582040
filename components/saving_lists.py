"""Counts of two matched lists, saved as eligible workers and enrolment: numbers, and no people."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

import streamlit as st

from components.outcome import LISTS_OUTCOME
from geo.core.errors import JangkauError
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.core.privacy import label_file
from geo.counting.count import Counts
from geo.denominators.build import Denominators, keep_others
from geo.denominators.from_lists import count_candidates, count_covered
from geo.measures.dataset import Dataset
from geo.reconcile.reconcile import Reconciliation
from geo.workspace.periods import History, Workspace
from geo.workspace.saved_eligible import SavedEligible

_MONTHS: Final = 12


def show_saving(
    found: Reconciliation,
    files: tuple[Upload, Upload],
    data: Dataset,
    workspace: Workspace,
    language: Language,
) -> None:
    """What of the counts is to be saved, and the button that saves it."""
    st.subheader(language("Use these counts on the map"))
    st.caption(
        language(
            "Numbers by village and segment are saved, and no people. Coverage is then that of "
            "the candidates; who is to be checked counts as not enrolled. Undo both on the page "
            "Data."
        )
    )
    eligible = None
    if st.checkbox(language("Save the candidates as eligible workers"), key="lists_eligible"):
        eligible = _choose_eligible(found, files[0], data, workspace, language)
    counts, shown = None, None
    if st.checkbox(language("Save the covered as people enrolled in a month"), key="lists_period"):
        counts, shown = _choose_period(found, workspace, language)
    st.button(
        language("Save the counts"),
        key="save_lists",
        type="primary",
        icon=":material/save:",
        disabled=eligible is None and counts is None,
        on_click=partial(_save, eligible, counts, shown, files, workspace, language),
    )


def _choose_eligible(
    found: Reconciliation,
    file: Upload,
    data: Dataset,
    workspace: Workspace,
    language: Language,
) -> Denominators | None:
    """The candidates counted; None, with the reason, where they cannot be."""
    try:
        source = label_file(file.name, digest(file))
        own = count_candidates(found, data.shapes.villages.index, source)
        eligible = keep_others(own, SavedEligible(workspace.folder).read())
    except JangkauError as error:
        st.error(language.say(error), icon=":material/error:")
        return None
    st.markdown(
        language(
            "{count} eligible workers in {villages} villages.",
            count=language.count(own.total),
            villages=language.count(own.villages),
        )
    )
    for note in eligible.notes:
        st.caption(language(note.message, **note.facts))
    return eligible


def _choose_period(
    found: Reconciliation, workspace: Workspace, language: Language
) -> tuple[Counts | None, History | None]:
    """The covered counted as a month, and what is saved of that month when it is chosen."""
    today = date.today()
    year, month = st.columns(2)
    chosen_year = year.number_input(
        language("Year"), min_value=2000, max_value=2099, value=today.year, key="lists_year"
    )
    chosen_month: int = month.selectbox(
        language("Month"),
        range(1, _MONTHS + 1),
        index=today.month - 1,
        format_func=lambda number: language.period(f"{chosen_year:04}-{number:02}"),
        key="lists_month",
    )
    period = f"{chosen_year:04}-{chosen_month:02}"
    shown = workspace.history([period])
    try:
        counts = count_covered(found, period)
        saved = workspace.describe(period) if period in workspace.periods() else None
    except JangkauError as error:
        st.error(language.say(error), icon=":material/error:")
        return None, None
    if saved is not None:
        st.warning(
            language(
                "{period} is saved already with {people} people; saving replaces it.",
                period=language.period(period),
                people=language.count(saved.people),
            ),
            icon=":material/warning:",
        )
    return counts, shown


def _save(
    eligible: Denominators | None,
    counts: Counts | None,
    shown: History | None,
    files: tuple[Upload, Upload],
    workspace: Workspace,
    language: Language,
) -> None:
    candidates, enrolled = files
    with LISTS_OUTCOME.reporting(language("The counts are saved; the map shows them."), language):
        # First what can be refused, as another window may have changed it.
        if counts is not None and shown is not None:
            about = {"file": enrolled.name, "sha256": digest(enrolled)}
            workspace.save_all(counts, list(shown), about, expected=shown)
        if eligible is not None:
            saved = SavedEligible(workspace.folder)
            saved.save(eligible.table, candidates.name, digest(candidates))
