"""Step 5: save as a period, compared with what it replaces; and what is saved already."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.importing.columns import plain
from components.importing.session_files import forget_uploads
from components.outcome import DATA_OUTCOME
from geo.audit.audit import Audit, check_overlap, compare_periods, count_lost_rows
from geo.audit.low_match import SAMPLE_DENOMINATORS, TooFewMatched, check_matched
from geo.audit.tables_html import changes_html, log_html
from geo.core.errors import JangkauError, mark
from geo.core.files import Upload, digest
from geo.core.i18n import Language
from geo.core.labels import segment_words
from geo.counting.count import Counts
from geo.enrolment.reading import EnrolmentReading
from geo.measures.dataset import Dataset
from geo.reporting.report import lost_words
from geo.workspace.periods import History, SavedPeriod, Workspace
from geo.workspace.saved_counts import ADDED, add_counts
from geo.workspace.settings import read_settings

_WAYS = {"replace": mark("replaced by this file"), "add": mark("kept, and this file added to it")}


def show_save(
    file: Upload,
    reading: EnrolmentReading,
    counts: Counts,
    audits: dict[str, Audit],
    data: Dataset,
    workspace: Workspace,
    language: Language,
) -> None:
    """The button that saves, under what it would change."""
    st.header(language("5. Save"))
    periods = _choose_periods(list(audits), language)
    # Before it is compared: what changes later has not been seen.
    shown = workspace.history(periods)
    if data.synthetic_eligible:
        st.warning(language(SAMPLE_DENOMINATORS), icon=":material/science:")
    accepted = [_accept_few(audits[period], reading, data, language) for period in periods]
    for period in periods:
        check_overlap(audits[period], data)
        if period in workspace.periods():
            _show_changes(counts, period, data, workspace, language)
    if lost := count_lost_rows(counts):
        st.caption(lost_words(lost, language))
    counts = _choose_way(counts, periods, workspace, language)
    st.button(
        _save_words(periods, language),
        key="save_period",
        type="primary",
        icon=":material/save:",
        disabled=not periods or not all(accepted),
        on_click=partial(_save, file, reading, counts, shown, workspace, language),
    )


def _choose_way(
    counts: Counts, periods: list[str], workspace: Workspace, language: Language
) -> Counts:
    """What is saved: of a period that is there this file alone, or both together."""
    there = [period for period in periods if period in workspace.periods()]
    if not there:
        return counts
    way = st.radio(
        language("What is saved already is"),
        list(_WAYS),
        format_func=lambda key: language(_WAYS[key]),
        horizontal=True,
        key=f"save_way_{'_'.join(there)}",
    )
    if way == "add":
        st.caption(language(ADDED))
        for period in there:
            counts = add_counts(workspace.read_counts(period), counts, period)
    return counts


def _accept_few(audit: Audit, reading: EnrolmentReading, data: Dataset, language: Language) -> bool:
    """Whether enough people are matched, or the user has seen that they are not."""
    try:
        least = read_settings().least_matched
        check_matched(audit, reading, data, least=least, accepted=False)
    except TooFewMatched as few:
        cause = language(few.cause.message, **few.cause.facts)
        st.warning(f"{language.say(few)} {plain(cause)}", icon=":material/warning:")
        period = audit.view.query.period
        return st.checkbox(
            language("Save {period} all the same", period=language.period(period)),
            key=f"accept_unmatched_{period}",
        )
    return True


def _choose_periods(periods: list[str], language: Language) -> list[str]:
    """All periods of the file unless the user leaves some out."""
    if len(periods) == 1:
        return periods
    chosen: list[str] = st.multiselect(
        language("Periods to save"),
        periods,
        default=periods,
        format_func=lambda period: language.period(str(period)),
        key="save_periods",
    )
    return sorted(chosen)


def _save_words(periods: list[str], language: Language) -> str:
    if len(periods) == 1:
        return language("Save as {period}", period=language.period(periods[0]))
    return language.plural("Save {n} period", "Save {n} periods", len(periods))


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
    saved_scope, new_scope = before.scopes.get(period, ()), counts.scopes.get(period, ())
    if saved_scope != new_scope:
        st.warning(
            language(
                "The saved period has these segments: {before}. The file has these: {after}. "
                "People and places differ for that reason as well.",
                before=segment_words(saved_scope, language),
                after=segment_words(new_scope, language),
            ),
            icon=":material/warning:",
        )
    if len(changes):
        with st.expander(language("What changes")):
            st.html(changes_html(changes, language))


def _save(
    file: Upload,
    reading: EnrolmentReading,
    counts: Counts,
    shown: History,
    workspace: Workspace,
    language: Language,
) -> None:
    try:
        about = {"file": file.name, "sha256": digest(file)}
        saved = workspace.save_all(counts, list(shown), about, expected=shown)
        workspace.remember_mapping(reading.fingerprint, reading.mapping)
    except JangkauError as error:
        DATA_OUTCOME.keep("error", language.say(error))
        return
    DATA_OUTCOME.keep("success", _saved_words(saved, language))
    st.session_state["import_sample"] = False
    forget_uploads()


def _saved_words(saved: list[SavedPeriod], language: Language) -> str:
    rows = language.count(sum(each.rows for each in saved))
    if len(saved) == 1:
        return language(
            "Saved {period}: {people} people from {rows} rows. The map shows it now.",
            period=language.period(saved[0].period),
            people=language.count(saved[0].people),
            rows=rows,
        )
    listed = (f"{language.period(s.period)} ({language.count(s.people)})" for s in saved)
    return language(
        "Saved {count} periods from {rows} rows, with their people: {periods}. The map shows "
        "them now.",
        count=language.count(len(saved)),
        rows=rows,
        periods=", ".join(listed),
    )


def show_saved(workspace: Workspace, language: Language) -> bool:
    """Saved periods with removal and undo, and the log; whether all of them are sound."""
    periods, removed = workspace.periods(), workspace.removed_periods()
    st.header(language("Saved periods"))
    if not periods and not removed:
        st.caption(language("None yet: the map shows the synthetic sample."))
    sound = [_show_period(period, workspace, language) for period in periods]
    for period in removed:
        words, undo = st.columns([4, 2], vertical_alignment="center")
        words.markdown(language("{period}: removed", period=language.period(period)))
        shown = workspace.history([period])
        undo.button(
            language("Bring back"),
            key=_key_of("undo", period, shown),
            on_click=partial(_undo, workspace, period, shown, language),
        )
    log = workspace.log()
    if len(log):
        with st.expander(language("Import log")):
            st.html(log_html(log, language, st.context.timezone or ""))
    return all(sound)


def _show_period(period: str, workspace: Workspace, language: Language) -> bool:
    """One line; of a damaged period its sentence, still with the way to be rid of it."""
    words, undo, remove = st.columns([4, 1, 1], vertical_alignment="center")
    shown = workspace.history(workspace.undone_with(period))
    remove.button(
        language("Remove"),
        key=_key_of("remove", period, shown),
        on_click=partial(_remove, workspace, period, {period: shown[period]}, language),
        width="stretch",
    )
    try:
        workspace.read_counts(period)
        saved = workspace.describe(period)
    except JangkauError as error:
        words.error(language.say(error), icon=":material/error:")
        _show_undo(undo, period, shown, workspace, language)
        return False
    words.markdown(_period_words(saved, language))
    segments = segment_words(saved.about["covers"], language)
    words.caption(language("Segments: {segments}", segments=segments))
    # A save of several periods is undone by one button, beside the first of them.
    if period == saved.together[0]:
        _show_undo(undo, period, shown, workspace, language)
    return True


def _period_words(saved: SavedPeriod, language: Language) -> str:
    return language(
        "**{period}**: {people} people, from {file}",
        period=language.period(saved.period),
        people=language.count(saved.people),
        file=str(saved.about.get("file", "")).replace("*", "").replace("[", ""),
    )


def _show_undo(
    place: DeltaGenerator,
    period: str,
    shown: History,
    workspace: Workspace,
    language: Language,
) -> None:
    several = len(shown) > 1
    words = language("Undo all {count}", count=language.count(len(shown)))
    place.button(
        words if several else language("Undo"),
        key=_key_of("undo", period, shown),
        help=", ".join(map(language.period, shown)) if several else None,
        on_click=partial(_undo, workspace, period, shown, language),
        width="stretch",
    )


def _key_of(action: str, period: str, shown: History) -> str:
    """Another button after each change: a second fast click is meant for the one before."""
    return f"{action}_{period}_{len(shown[period])}"


def _undo(workspace: Workspace, period: str, shown: History, language: Language) -> None:
    sentence = language("The last change of {period} is undone.", period=language.period(period))
    with DATA_OUTCOME.reporting(sentence, language):
        workspace.undo(period, expected=shown)


def _remove(workspace: Workspace, period: str, shown: History, language: Language) -> None:
    when = language.period(period)
    sentence = language("{period} is removed; it can be brought back.", period=when)
    with DATA_OUTCOME.reporting(sentence, language):
        workspace.remove(period, expected=shown)
