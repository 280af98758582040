"""``python -m geo check`` and ``python -m geo import``: what the page "Data" does."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ..audit.audit import (
    VILLAGE_FINDINGS,
    Audit,
    account_for_rows,
    audit_import,
    check_overlap,
    count_lost_rows,
    rows_to_fix,
)
from ..audit.low_match import SAMPLE_DENOMINATORS, check_matched
from ..core.defaults import SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.files import digest
from ..core.i18n import Language, get_language
from ..core.labels import segment_words
from ..core.segments import ALL_WORKERS
from ..counting.count import Counts, count_people
from ..enrolment.outcomes import write_fixes
from ..enrolment.reading import ColumnMissing, EnrolmentReading, Outline, check_answers
from ..gazetteer.aliases import check_aliases
from ..measures.dataset import Dataset, open_places
from ..reporting.report import OUTCOMES, Row, lost_words, rows_words, saved_words
from ..workspace.periods import History, Workspace
from ..workspace.saved_counts import ADDED, add_counts, state_scope
from ..workspace.saved_eligible import SavedEligible
from ..workspace.settings import read_settings
from .periods import print_changes
from .support import (
    CacheOption,
    FieldOption,
    LanguageOption,
    find_boundaries,
    find_cache,
    one_line_errors,
    open_readers,
    pairs,
    print_table,
    print_warnings,
    progress_bar,
    write_file,
)

FileArgument = Annotated[Path, typer.Argument(help="Table of workers or of counts.")]
SheetOption = Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook; * for all.")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="2024-10, where none is said.")]
SegmentOption = Annotated[
    str | None, typer.Option("--segment", help="Of rows that say none; all: of all workers.")
]
CoversOption = Annotated[
    str | None,
    typer.Option("--covers", help="What the file covers: all, or segments such as pu,bpu."),
]
ColumnOption = Annotated[
    list[str] | None, typer.Option("--column", help="NAME=ROLE, where the guess is wrong.")
]
StyleOption = Annotated[
    list[str] | None, typer.Option("--style", help="NAME=dmy|mdy|id|en, where it is asked.")
]
FixesOption = Annotated[Path | None, typer.Option("--fixes", help="CSV for the rows to fix.")]
LayerOption = Annotated[
    Path | None,
    typer.Option("--boundaries", help="Layer of villages (left out: the workspace's, or sample)."),
]
OneEachOption = Annotated[
    bool,
    typer.Option(
        "--one-row-one-person", help="Count rows, where the file has no sound identities."
    ),
]
EligibleOption = Annotated[
    Path | None,
    typer.Option("--eligible", help="Eligible workers (left out: the workspace's, or sample)."),
]


def check(
    file: FileArgument,
    sheet: SheetOption = None,
    period: PeriodOption = None,
    segment: SegmentOption = None,
    covers: CoversOption = None,
    column: ColumnOption = None,
    style: StyleOption = None,
    one_each: OneEachOption = False,
    fixes: FixesOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Say what a file holds, column by column and row by row; nothing is saved."""
    language = get_language(lang)
    with one_line_errors(language), columns_shown(language):
        reading = _read(
            *(file, sheet, period, segment, covers, column, style, language), one_each=one_each
        )
        _print_reading(reading, language)
        if fixes:
            write_file(fixes, write_fixes(reading.fixes, language))
        check_answers(reading)


def import_file(
    file: FileArgument,
    workspace: Annotated[Path, typer.Option("--workspace", help="Folder to save to.")],
    boundaries: LayerOption = None,
    layer: Annotated[str | None, typer.Option("--layer", help="Layer of the boundaries.")] = None,
    crs: Annotated[str | None, typer.Option("--crs", help="Their coordinate system.")] = None,
    eligible: EligibleOption = None,
    sheet: SheetOption = None,
    period: PeriodOption = None,
    segment: SegmentOption = None,
    covers: CoversOption = None,
    column: ColumnOption = None,
    style: StyleOption = None,
    one_each: OneEachOption = False,
    fixes: FixesOption = None,
    accept_unmatched: Annotated[
        bool, typer.Option("--accept-unmatched", help="Save although few people are matched.")
    ] = False,
    field: FieldOption = None,
    cache: CacheOption = None,
    nearest_km: Annotated[
        float,
        typer.Option("--nearest-km", min=0, help="How far outside a village a point may lie."),
    ] = 1.0,
    add: Annotated[
        bool, typer.Option("--add", help="Add to saved periods instead of replacing them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Replace saved periods unasked.")] = False,
    lang: LanguageOption = "id",
) -> None:
    """Read, match, count and save a file as a period of the workspace."""
    language = get_language(lang)
    target = Workspace(workspace)
    with one_line_errors(language), columns_shown(language):
        reading = _read(
            *(file, sheet, period, segment, covers, column, style, language),
            remembered=target.mappings(),
            one_each=one_each,
        )
        check_answers(reading)
        against = eligible or SavedEligible(workspace).path() or SAMPLE_ENROLMENT
        with progress_bar(language) as step:
            data = open_places(
                find_boundaries(boundaries, workspace),
                against,
                layer_name=layer,
                crs=crs,
                fields=pairs(field),
                cache=find_cache(cache),
                progress=step,
            )
            reading = _place_points(reading, data, nearest_km)
            step(mark("Matching and counting"))
            aliases, problems = check_aliases(target.aliases(), data.gazetteer)
            counts = count_people(reading.records, data.gazetteer, aliases=aliases)
            counts = state_scope(counts, reading.covers, data.eligible["segment"].unique())
        print_warnings(problems, language)
        periods = sorted(counts.people["period"].unique())
        audits = {period: audit_import(data, reading, counts, period) for period in periods}
        if fixes:
            every = rows_to_fix(audits.values()) if audits else reading.fixes
            write_file(fixes, write_fixes(every, language))
        # Said before a refusal too: it is why.
        _print_rows(reading, counts, language)
        _check_audits(audits, data, reading, accepted=accept_unmatched)
        _print_audits(audits, data, reading, language)
        # Before it is compared: what changes later has not been seen.
        history = target.history(periods)
        if add:
            counts = _add_saved(target, counts, periods)
            typer.echo(language(ADDED))
        _ask_to_replace(target, counts, data, language, yes=yes or add)
        _save(target, reading, counts, file, None if yes else history, language)


@contextmanager
def columns_shown(language: Language) -> Iterator[None]:
    """Show the columns there are, where one that is needed was not found among them."""
    try:
        yield
    except ColumnMissing as missing:
        _print_columns(missing.outline, language)
        if "identity" in missing.roles:
            typer.echo(language("Where one row is one person, give --one-row-one-person."))
        raise


def _place_points(reading: EnrolmentReading, data: Dataset, nearest_km: float) -> EnrolmentReading:
    """Return the reading with the villages that coordinates lie in, where it has coordinates."""
    if "latitude" not in reading.records:
        return reading
    # Not at the start: only files with coordinates need shapes.
    from ..counting.points import place_reading

    shapes = data.shapes.full("village")
    return place_reading(reading, data.gazetteer, shapes, data.names, nearest_km=nearest_km)


def _add_saved(target: Workspace, counts: Counts, periods: list[str]) -> Counts:
    """Add to counts those that are saved already for the same periods."""
    for period in set(periods) & set(target.periods()):
        counts = add_counts(target.read_counts(period), counts, period)
    return counts


def _print_audits(
    audits: dict[str, Audit], data: Dataset, reading: EnrolmentReading, language: Language
) -> None:
    """Both sides of each period, and what limits its coverage."""
    for found, audit in audits.items():
        _print_audit(audit, found, language)
    if data.synthetic_eligible:
        typer.echo(language(SAMPLE_DENOMINATORS))
    if reading.covers is None and any(audit.view.scope for audit in audits.values()):
        typer.echo(
            language("Coverage is of these segments alone; give --covers if the file has more.")
        )


def _check_audits(
    audits: dict[str, Audit], data: Dataset, reading: EnrolmentReading, *, accepted: bool
) -> None:
    """Refuse a file of which nobody is counted, or too few can be placed."""
    least = read_settings().least_matched
    if not audits:
        raise QueryProblem(
            mark("{path} has no active worker that can be counted; nothing was saved."),
            path=reading.file,
        )
    for audit in audits.values():
        check_overlap(audit, data)
        check_matched(audit, reading, data, least=least, accepted=accepted)


def _ask_to_replace(
    target: Workspace, counts: Counts, data: Dataset, language: Language, *, yes: bool
) -> None:
    """Show what saving would replace, and go on only where that is wanted.

    Raises
    ------
    QueryProblem
        If it is not wanted, or nobody is there to be asked.
    """
    replaced = sorted(set(counts.people["period"]) & set(target.periods()))
    for period in replaced:
        title = language("{period} is saved already:", period=language.period(period))
        before = target.read_counts(period)
        print_changes(title, before, counts, data.names, period, language)
    if yes or not replaced:
        return
    periods = ", ".join(replaced)
    if not sys.stdin.isatty():
        raise QueryProblem(
            mark("{periods} is saved already; give --yes to replace it. Nothing was saved."),
            periods=periods,
        )
    question = language("Replace {periods}? [y/N]", periods=periods)
    # "ya" and "yes" begin alike.
    if not typer.prompt(question, default="n", show_default=False).lower().startswith("y"):
        raise QueryProblem(mark("{periods} stays as it is; nothing was saved."), periods=periods)


def _save(
    target: Workspace,
    reading: EnrolmentReading,
    counts: Counts,
    file: Path,
    history: History | None,
    language: Language,
) -> None:
    about = {"file": file.name, "sha256": digest(file)}
    periods = sorted(counts.people["period"].unique())
    for saved in target.save_all(counts, periods, about, expected=history):
        typer.echo(saved_words(saved.period, saved.people, language))
    if lost := count_lost_rows(counts):
        typer.echo(lost_words(lost, language))
    target.remember_mapping(reading.fingerprint, reading.mapping)


def _read(
    file: Path,
    sheet: str | None,
    period: str | None,
    segment: str | None,
    covers: str | None,
    columns: list[str] | None,
    styles: list[str] | None,
    language: Language,
    *,
    remembered: Mapping[str, Mapping[str, str]] | None = None,
    one_each: bool = False,
) -> EnrolmentReading:
    if segment == ALL_WORKERS:
        segment, covers = None, covers or ALL_WORKERS
    with progress_bar(language) as step:
        return open_readers(step).read_enrolment(
            file,
            sheet=sheet,
            mapping=pairs(columns),
            remembered=remembered,
            period=period,
            segment=segment,
            covers=covers,
            styles=pairs(styles),
            one_each=one_each,
        )


def _print_reading(reading: EnrolmentReading, language: Language) -> None:
    _print_columns(reading, language)
    tally = reading.tally
    outcomes = {"candidates": tally.candidates, "inactive": tally.inactive}
    outcomes |= tally.rejected | {"not_data": tally.not_data}
    words = OUTCOMES | {"candidates": mark("rows to count")}
    print_table(
        language.plural("{n} row", "{n} rows", tally.rows),
        [(language(words.get(k, k)), language.count(v)) for k, v in outcomes.items()],
    )
    _print_notes(reading, language)


def _print_columns(outline: Outline, language: Language) -> None:
    rows = [
        (column.name, f"{column.mapped}   {', '.join(column.examples)}")
        for column in outline.columns
    ]
    print_table(language("Columns"), rows)


def _print_notes(reading: EnrolmentReading, language: Language) -> None:
    for note in reading.notes:
        typer.echo(language(note.message, **note.facts))
    if sum(info.rows > 1 for info in reading.sheets) > 1:
        typer.echo(language("Another sheet is read with --sheet NAME."))


def _print_rows(reading: EnrolmentReading, counts: Counts, language: Language) -> None:
    """All rows of the file as the sum of what became of them."""
    outcomes = account_for_rows(reading, counts)
    _print_notes(reading, language)
    typer.echo(rows_words(outcomes, language))


def _print_audit(audit: Audit, period: str, language: Language) -> None:
    people = (
        (language("people"), audit.people),
        (language("matched"), audit.matched),
        (language("ambiguous"), audit.ambiguous),
        (language("unmatched"), audit.unmatched),
        (language("people with records in several villages"), audit.moved),
    )
    findings = [(language(words), len(audit.villages[s])) for s, words in VILLAGE_FINDINGS.items()]
    rows: list[Row] = [(language("segments"), segment_words(audit.view.scope, language))]
    rows += [(label, language.count(count)) for label, count in (*people, *findings)]
    print_table(language.period(period), rows)
