"""``python -m geo check`` and ``python -m geo import``: what the page "Data" does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from .audit import VILLAGE_FINDINGS, Audit, audit_import, check_overlap, rows_to_fix
from .cli_support import LanguageOption, one_line_errors, progress_bar, write_file
from .count import count_people
from .dataset import SAMPLE_BOUNDARIES, open_dataset
from .enrolment import EnrolmentReading, check_answers, read_enrolment
from .enrolment_files.outcomes import write_fixes
from .errors import QueryProblem, mark
from .files import digest
from .i18n import Language, get_language
from .report import OUTCOMES, Row
from .workspace import Workspace

FileArgument = Annotated[Path, typer.Argument(help="Table of workers or of counts.")]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook.")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="2024-10, where none is said.")]
SegmentOption = Annotated[str | None, typer.Option("--segment", help="Where none is said.")]
ColumnOption = Annotated[
    list[str] | None, typer.Option("--column", help="NAME=ROLE, where the guess is wrong.")
]
StyleOption = Annotated[
    list[str] | None, typer.Option("--style", help="NAME=dmy|mdy|id|en, where it is asked.")
]
FixesOption = Annotated[Path | None, typer.Option("--fixes", help="CSV for the rows to fix.")]


def check(
    file: FileArgument,
    sheet: SheetOption = None,
    period: PeriodOption = None,
    segment: SegmentOption = None,
    column: ColumnOption = None,
    style: StyleOption = None,
    fixes: FixesOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Say what a file holds, column by column and row by row; nothing is saved."""
    language = get_language(lang)
    with one_line_errors(language):
        reading = _read(file, sheet, period, segment, column, style, language)
        _print_reading(reading, language)
        if fixes:
            write_file(fixes, write_fixes(reading.fixes, language))
        check_answers(reading)


def import_file(
    file: FileArgument,
    workspace: Annotated[Path, typer.Option("--workspace", help="Folder to save to.")],
    boundaries: Annotated[Path, typer.Option("--boundaries")] = SAMPLE_BOUNDARIES,
    sheet: SheetOption = None,
    period: PeriodOption = None,
    segment: SegmentOption = None,
    column: ColumnOption = None,
    style: StyleOption = None,
    fixes: FixesOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Read, match, count and save a file as a period of the workspace."""
    language = get_language(lang)
    target = Workspace(workspace)
    with one_line_errors(language):
        reading = _read(
            file, sheet, period, segment, column, style, language, remembered=target.mapping
        )
        check_answers(reading)
        with progress_bar(language) as step:
            step(mark("Matching and counting"))
            data = open_dataset(boundaries)
            counts = count_people(reading.records, data.gazetteer, aliases=target.aliases())
        _check_people(counts.people, reading)
        about = {"file": file.name, "sha256": digest(file)}
        periods = sorted(counts.people["period"].unique())
        audits = {found: audit_import(data, reading, counts, found) for found in periods}
        for audit in audits.values():
            check_overlap(audit, data)
        if fixes:
            write_file(fixes, write_fixes(rows_to_fix(audits.values()), language))
        for found, audit in audits.items():
            saved = target.save(counts, found, about)
            _print_audit(audit, found, language)
            people = language.count(saved.people)
            sentence = language("Saved {period}: {people} people.", period=found, people=people)
            typer.echo(sentence)
        target.remember_mapping(reading.fingerprint, reading.mapping)


def _read(
    file: Path,
    sheet: str | None,
    period: str | None,
    segment: str | None,
    columns: list[str] | None,
    styles: list[str] | None,
    language: Language,
    *,
    remembered: Callable[[str], Mapping[str, str]] | None = None,
) -> EnrolmentReading:
    with progress_bar(language) as step:
        return read_enrolment(
            file,
            sheet=sheet,
            mapping=pairs(columns),
            remembered=remembered,
            period=period,
            segment=segment,
            styles=pairs(styles),
            progress=step,
        )


def pairs(texts: list[str] | None) -> dict[str, str]:
    """Options NAME=VALUE as a mapping."""
    found = {}
    for text in texts or []:
        name, sign, value = text.rpartition("=")
        if not sign:
            raise QueryProblem(mark("{value} is no NAME=VALUE."), value=text)
        found[name] = value
    return found


def _check_people(people: object, reading: EnrolmentReading) -> None:
    if not len(people):  # type: ignore[arg-type]
        raise QueryProblem(
            mark("{path} has no active worker that can be counted; nothing was saved."),
            path=reading.file,
        )


def _print_reading(reading: EnrolmentReading, language: Language) -> None:
    rows = [
        (column.name, f"{column.mapped}   {', '.join(column.examples)}")
        for column in reading.columns
    ]
    _print_table(language("Columns"), rows)
    tally = reading.tally
    outcomes = {"candidates": tally.candidates, "inactive": tally.inactive}
    outcomes |= tally.rejected | {"not_data": tally.not_data}
    words = OUTCOMES | {"candidates": mark("rows to count")}
    _print_table(
        language("{n} rows", n=language.count(tally.rows)),
        [(language(words.get(k, k)), language.count(v)) for k, v in outcomes.items()],
    )
    for note in reading.notes:
        typer.echo(language(note.message, **note.facts))


def _print_audit(audit: Audit, period: str, language: Language) -> None:
    rows: list[Row] = [
        (language(OUTCOMES[name]), language.count(count))
        for name, count in audit.rows.items()
        if count
    ]
    _print_table(language.period(period), rows)
    people = (
        (language("people"), audit.people),
        (language("matched"), audit.matched),
        (language("ambiguous"), audit.ambiguous),
        (language("unmatched"), audit.unmatched),
        (language("people with records in several villages"), audit.moved),
    )
    found = [(language(words), len(audit.villages[s])) for s, words in VILLAGE_FINDINGS.items()]
    _print_table("", [(label, language.count(count)) for label, count in (*people, *found)])


def _print_table(title: str, rows: list[Row]) -> None:
    table = Table(title=title or None, title_justify="left", show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right", overflow="fold")
    for label, value in rows:
        table.add_row(label, value)
    Console().print(table)
