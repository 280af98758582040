"""``python -m geo periods``: what a workspace holds, compared, removed, brought back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer

from ..audit.audit import compare_periods
from ..core import codes
from ..core.errors import QueryProblem, mark
from ..core.i18n import Language, get_language
from ..core.labels import segment_words
from ..counting.count import Counts
from ..gazetteer.places import read_place_names
from ..reporting.report import Row
from ..workspace.periods import Workspace
from .support import LanguageOption, one_line_errors, print_table

app = typer.Typer(no_args_is_help=True, help="List, compare, remove and undo saved periods.")

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="JANGKAU_WORKSPACE", help="Folder of saved periods.")
]
PeriodArgument = Annotated[str, typer.Argument(help="Year and month, such as 2024-10.")]
_SHOWN: Final = 10


@app.command(name="list")
def list_periods(workspace: WorkspaceOption, lang: LanguageOption = "id") -> None:
    """List the saved periods, and those that were removed and can be brought back."""
    language = get_language(lang)
    with one_line_errors(language):
        saved = Workspace(workspace)
        rows = [_row_of(saved, period, language) for period in saved.periods()]
        rows += [(period, language("removed")) for period in saved.removed_periods()]
    if rows:
        print_table("", rows)
    else:
        typer.echo(language("The workspace {path} has no period yet.", path=workspace))


@app.command()
def compare(
    period: PeriodArgument,
    workspace: WorkspaceOption,
    other: Annotated[
        str, typer.Argument(help="Later period (left out: the period before its last change).")
    ] = "",
    lang: LanguageOption = "id",
) -> None:
    """Say what the last save of a period changed, or what differs between two periods."""
    language = get_language(lang)
    with one_line_errors(language):
        saved = Workspace(workspace)
        _check_saved(saved, period)
        if other:
            _check_saved(saved, other)
            before, after = saved.read_counts(period), _as_of(saved.read_counts(other), period)
        else:
            before, after = saved.read_previous(period), saved.read_counts(period)
        title = language.period(period) + (f" → {language.period(other)}" if other else "")
        print_changes(title, before, after, read_place_names(), period, language)


@app.command()
def remove(period: PeriodArgument, workspace: WorkspaceOption, lang: LanguageOption = "id") -> None:
    """Take a period out of the workspace; `undo` brings it back."""
    language = get_language(lang)
    with one_line_errors(language):
        saved = Workspace(workspace)
        _check_saved(saved, period)
        saved.remove(period)
    when = language.period(period)
    typer.echo(language("{period} is removed; it can be brought back.", period=when))


@app.command()
def undo(
    workspace: WorkspaceOption,
    period: Annotated[
        str, typer.Argument(help="Year and month (left out: the period changed last).")
    ] = "",
    lang: LanguageOption = "id",
) -> None:
    """Take back the last save or removal."""
    language = get_language(lang)
    with one_line_errors(language):
        saved = Workspace(workspace)
        undone_period = period or saved.last_changed()
        if not undone_period:
            raise QueryProblem(mark("The workspace {path} has no period yet."), path=str(workspace))
        saved.undo(undone_period)
        now = _row_of(saved, undone_period, language) if undone_period in saved.periods() else None
    when = language.period(undone_period)
    typer.echo(language("The last change of {period} is undone.", period=when))
    typer.echo(": ".join(now) if now else language("{period} is not saved now.", period=when))


def print_changes(
    title: str, before: Counts, after: Counts, names: pd.Series, period: str, language: Language
) -> None:
    """People and villages before and after, and the places that differ most."""
    changes = compare_periods(before, after, names, period)
    sums = [_people_and_villages(counts, period) for counts in (before, after)]
    labels = (language("people"), language("villages with enrolment"))
    both = zip(labels, *sums, strict=True)
    rows: list[Row] = [(label, _change(a, b, language)) for label, a, b in both]
    rows.append((language("places that change"), language.count(len(changes))))
    scopes = [segment_words(counts.scopes.get(period, ()), language) for counts in (before, after)]
    rows.append((language("segments"), " → ".join(dict.fromkeys(scopes))))
    print_table(title, rows)
    print_table("", [_changed_row(row, language) for row in changes.head(_SHOWN).itertuples()])


def _changed_row(row: object, language: Language) -> Row:
    code, name, before, after = row[:4]  # type: ignore[index]  # a row of `compare_periods`
    place = " ".join(filter(None, (name, code))) or language("no known place")
    return place, _change(int(before), int(after), language)


def _change(before: int, after: int, language: Language) -> str:
    """``1.200 → 1.180 (−20)``."""
    sign = "+" if after >= before else "\N{MINUS SIGN}"
    difference = f"{sign}{language.count(abs(after - before))}"
    return f"{language.count(before)} → {language.count(after)} ({difference})"


def _people_and_villages(counts: Counts, period: str) -> tuple[int, int]:
    period_people = counts.people[counts.people["period"] == period]
    villages = period_people.loc[
        period_people["code"].str.len() == codes.length_of("village"), "code"
    ]
    return int(period_people["people"].sum()), villages.nunique()


def _as_of(counts: Counts, period: str) -> Counts:
    """Rename the period of counts, so that they can be compared with another period."""
    (scope,) = counts.scopes.values()
    people = counts.people.assign(period=period)
    return replace(counts, people=people, scopes={period: scope})


def _row_of(saved: Workspace, period: str, language: Language) -> Row:
    about = saved.describe(period)
    people = language.plural("{n} person", "{n} people", about.people)
    segments = segment_words(about.about["covers"], language)
    file, saved_on = (str(about.about.get(name, "")) for name in ("file", "saved"))
    facts = (people, segments, file, saved_on[:10])
    return period, " · ".join(filter(None, facts))


def _check_saved(saved: Workspace, period: str) -> None:
    saved_periods = saved.periods()
    if period not in saved_periods:
        raise QueryProblem(
            mark("{value} is no {name} of this data; there are: {known}."),
            value=period,
            name="period",
            known=", ".join(saved_periods) or "–",
        )
