"""Step 5: save as a period, compared with what it replaces; and what is saved already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import streamlit as st

from components.importing.memory import forget_uploads
from geo.audit import compare_periods
from geo.audit_html import changes_html, log_html
from geo.count import Counts
from geo.dataset import Dataset
from geo.enrolment import EnrolmentReading
from geo.errors import JangkauError
from geo.files import Upload, digest
from geo.i18n import Language
from geo.workspace import Workspace

_SAID = "import_said"


def show_save(
    file: Upload,
    reading: EnrolmentReading,
    counts: Counts,
    period: str,
    data: Dataset,
    workspace: Workspace,
    language: Language,
) -> None:
    """The button that saves, under what it would change."""
    st.subheader(language("5. Save"))
    if period in workspace.periods():
        _show_changes(counts, period, data, workspace, language)
    st.button(
        language("Save as {period}", period=language.period(period)),
        key="save_period",
        type="primary",
        icon=":material/save:",
        on_click=partial(_save, file, reading, counts, period, workspace, language),
    )


def _show_changes(
    counts: Counts, period: str, data: Dataset, workspace: Workspace, language: Language
) -> None:
    before = workspace.read_counts(period)
    changes = compare_periods(before, counts, data.names, period)
    st.info(
        language(
            "{period} is saved already with {people} people; saving replaces it. "
            "{changed} places change.",
            period=language.period(period),
            people=language.count(workspace.describe(period).people),
            changed=language.count(len(changes)),
        )
    )
    if len(changes):
        with st.expander(language("What changes")):
            st.html(changes_html(changes, language))


def _save(
    file: Upload,
    reading: EnrolmentReading,
    counts: Counts,
    period: str,
    workspace: Workspace,
    language: Language,
) -> None:
    try:
        saved = workspace.save(counts, period, {"file": file.name, "sha256": digest(file)})
        workspace.remember_mapping(reading.fingerprint, reading.mapping)
    except JangkauError as error:
        tell("error", language.say(error))
        return
    sentence = language(
        "Saved {period}: {people} people from {rows} rows. The map shows it now.",
        period=language.period(period),
        people=language.count(saved.people),
        rows=language.count(saved.rows),
    )
    tell("success", sentence)
    st.session_state["import_sample"] = False
    forget_uploads()


def tell(kind: str, sentence: str) -> None:
    """Keep a sentence for the next run: ``success`` or ``error``."""
    st.session_state[_SAID] = (kind, sentence)


@contextmanager
def told(sentence: str, language: Language) -> Iterator[None]:
    """Say the sentence where all went well, else what the user can mend."""
    try:
        yield
    except JangkauError as error:
        tell("error", language.say(error))
    else:
        tell("success", sentence)


def show_said() -> None:
    """What the last save, removal or undo did, once."""
    kind, sentence = st.session_state.pop(_SAID, ("", ""))
    if kind == "error":
        st.error(sentence, icon=":material/error:")
    elif kind:
        st.success(sentence, icon=":material/check_circle:")


def show_saved(workspace: Workspace, language: Language) -> None:
    """Saved periods with removal and undo, and the log."""
    periods, removed = workspace.periods(), workspace.removed_periods()
    st.subheader(language("Saved periods"))
    if not periods and not removed:
        st.caption(language("None yet: the map shows the synthetic sample."))
    for period in periods:
        _show_period(period, workspace, language)
    for period in removed:
        words, undo = st.columns([4, 2], vertical_alignment="center")
        words.markdown(language("{period}: removed", period=language.period(period)))
        undo.button(
            language("Bring back"),
            key=f"undo_{period}",
            on_click=partial(_undo, workspace, period, language),
        )
    log = workspace.log()
    if len(log):
        with st.expander(language("Import log")):
            st.html(log_html(log, language))


def _show_period(period: str, workspace: Workspace, language: Language) -> None:
    saved = workspace.describe(period)
    words, undo, remove = st.columns([4, 1, 1], vertical_alignment="center")
    words.markdown(
        language(
            "**{period}**: {people} people, from {file}",
            period=language.period(period),
            people=language.count(saved.people),
            file=str(saved.about.get("file", "")).replace("*", "").replace("[", ""),
        )
    )
    undo.button(
        language("Undo"),
        key=f"undo_{period}",
        disabled=not saved.can_undo,
        on_click=partial(_undo, workspace, period, language),
        width="stretch",
    )
    remove.button(
        language("Remove"),
        key=f"remove_{period}",
        on_click=partial(_remove, workspace, period, language),
        width="stretch",
    )


def _undo(workspace: Workspace, period: str, language: Language) -> None:
    sentence = language("The last change of {period} is undone.", period=language.period(period))
    with told(sentence, language):
        workspace.undo(period)


def _remove(workspace: Workspace, period: str, language: Language) -> None:
    when = language.period(period)
    sentence = language("{period} is removed; it can be brought back.", period=when)
    with told(sentence, language):
        workspace.remove(period)
