"""Enrolment: any table file of workers or counts, read and accounted for row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd

from ..core.errors import ColumnProblem, FileProblem, Note, QueryProblem, mark
from ..core.files import Upload, is_folder
from ..core.segments import Scope, parse_scope
from .cells import Cells
from .grid import Table
from .joined_sheets import ALL_SHEETS, are_parts, read_all_sheets
from .month_columns import spread_months
from .other_periods import note_other_periods
from .outcomes import NO_DATA, REJECTED
from .records import ask_segments, read_rows
from .roles import (
    Column,
    apply_mapping,
    find_form,
    guess_columns,
    masked,
    passed_over,
    unread_status,
)
from .sheets import Source, fill_down, open_source, read_table
from .values import Ambiguity, is_period, period_of_name
from .vocabulary import AREAS, Form, Role, fingerprint, is_occupation
from .workbooks import SheetInfo

WORKER_FILES: Final = "workers_*.csv*"
SYNTHETIC_PREFIX: Final = "99"
# How the layout that the README describes writes dates; other columns are asked about.
_LAYOUT_STYLES: Final = {"TANGGAL_KEPESERTAAN": "dmy"}
_PLACES: Final[tuple[Role, ...]] = (
    *("village", "code", "address", "subdistrict", "latitude", "position"),
)
_READ: Final = 0.6
_HALF: Final = 0.5
_UNIDENTIFIED: Final = ("no_identity", "damaged_identity")
_ONE_EACH: Final = mark(
    "One row is counted as one person, as you said; who stands in two rows counts twice."
)
_FEW_IDENTITIES: Final = mark(
    "{count} of {rows} rows have no identity, or a damaged one, and are not counted. Where one row "
    "is one person, say so, and rows are counted instead."
)
_EXAMPLES: Final = 3

Progress = Callable[[str, float], None]


class OpenQuestion(ColumnProblem):
    """Only the user can answer; ``question`` says what the answers mean."""

    def __init__(self, question: Ambiguity) -> None:
        super().__init__(question.message, **question.facts)
        self.question = question


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What a file looks like before its rows are read.

    Attributes
    ----------
    file, sheet : str
        What was read.
    sheets : tuple of SheetInfo
        Sheets to choose from.
    columns : tuple of Column
        Columns with their roles and masked examples.
    fingerprint : str
        Shape of the file, to remember a mapping by.
    """

    file: str
    sheet: str
    sheets: tuple[SheetInfo, ...]
    columns: tuple[Column, ...]
    fingerprint: str

    @property
    def mapping(self) -> dict[str, str]:
        """Roles by column name, to remember for the next file of this shape."""
        return {column.name: column.mapped for column in self.columns}


class ColumnMissing(ColumnProblem):
    """No column was found for a role that is needed.

    ``roles`` are those it could have, ``outline`` is what there is to choose among.
    """

    def __init__(
        self, message: str, roles: tuple[Role, ...], outline: Outline, **facts: object
    ) -> None:
        super().__init__(message, **facts)
        self.roles = roles
        self.outline = outline


@dataclass(frozen=True)
class Tally:
    """What became of the rows below the header.

    ``rows = candidates + inactive + sum(rejected) + not_data``. Which of the
    candidates are duplicates, `geo.counting.count` says.
    """

    rows: int
    candidates: int
    inactive: int
    rejected: dict[str, int]
    not_data: int


@dataclass(frozen=True, kw_only=True)
class EnrolmentReading(Outline):
    """A file as read. Only ``records`` holds identities.

    Attributes
    ----------
    form : str
        ``workers`` (a row a worker), ``counts`` (a row a number of people),
        ``wide`` (a column a segment).
    period : str
        Of all rows, where no column says; empty if one does.
    covers : tuple of str or None
        Segments that the file was said to cover, empty for all workers; None where nobody said.
    records : pandas.DataFrame
        Normal form (see `geo.enrolment.records`).
    fixes : pandas.DataFrame
        Rows to fix (`geo.enrolment.outcomes.FIX_COLUMNS`), masked.
    tally : Tally
        Rows by what became of them.
    questions : tuple of Ambiguity
        What must be answered before the records may be counted.
    notes : tuple of Note
        What was assumed.
    """

    form: Form
    period: str
    covers: Scope | None
    records: pd.DataFrame
    fixes: pd.DataFrame
    tally: Tally
    questions: tuple[Ambiguity, ...]
    notes: tuple[Note, ...]


def read_enrolment(
    path: Path | Upload,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str]] | None = None,
    period: str | None = None,
    segment: str | None = None,
    covers: str | None = None,
    styles: Mapping[str, str] | None = None,
    one_each: bool = False,
    progress: Progress | None = None,
) -> EnrolmentReading:
    """Read any table of workers or of counts.

    Parameters
    ----------
    path : pathlib.Path or Upload
        See `geo.enrolment.sheets.open_source`.
    sheet : str, optional
        Of a workbook; left out: the likely one.
    mapping : mapping of str to str, optional
        Roles by column name where the guess is wrong.
    remembered : callable, optional
        Gives the roles confirmed for files of a fingerprint; ``mapping`` wins.
    period : str, optional
        ``2024-10``, for rows that say none; left out: as the file name says.
    segment : str, optional
        Key, for rows that say none; left out: unknown.
    covers : str, optional
        ``all`` workers, or segments such as ``pu,bpu``; left out: as the rows say.
    styles : mapping of str to str, optional
        Answers to questions by header or role: ``dmy``, ``mdy``, ``id``, ``en``.
    one_each : bool
        Whether one row is one person, as the user says of a file without sound identities: rows
        are counted, and no identity is looked at.
    progress : callable, optional
        Told the step and the share done, 0 to 1.

    Returns
    -------
    EnrolmentReading
        Complete, also where questions are open; see `check_answers`.

    Raises
    ------
    FileProblem, QueryProblem, ColumnProblem
        If the file is no table that can be read, if the period or the segments given are none,
        or if a column that is needed is missing or mapped wrongly.
    """
    tell = progress or (lambda step, done: None)
    _check_period(period)
    scope = parse_scope(covers) if covers else None
    source = open_source(path)
    step = mark("Reading rows")
    table, joined = _read_sheets(source, sheet, lambda done: tell(step, done * _READ))
    table = spread_months(table, period or "")
    outline = _outline(source, table, remembered, mapping)
    tell(mark("Checking rows"), _READ)
    answers = styles or {}
    reading = _read_table(outline, table, period, segment, scope, answers, one_each=one_each)
    tell(mark("Checking rows"), 1.0)
    return replace(reading, notes=(*joined, *reading.notes))


def _outline(
    source: Source,
    table: Table,
    remembered: Callable[[str], Mapping[str, str]] | None,
    mapping: Mapping[str, str] | None,
) -> Outline:
    shape = fingerprint(table.header)
    roles = dict(remembered(shape) if remembered else {}) | dict(mapping or {})
    return Outline(
        file=source.file,
        sheet=table.sheet,
        sheets=source.sheets,
        columns=apply_mapping(guess_columns(table), roles),
        fingerprint=shape,
    )


def _read_table(
    outline: Outline,
    table: Table,
    period: str | None,
    segment: str | None,
    scope: Scope | None,
    styles: Mapping[str, str],
    *,
    one_each: bool,
) -> EnrolmentReading:
    """Judge every row of a table whose columns have their roles."""
    form = _checked_form(outline, one_each=one_each)
    table, notes = _fill_areas(table, outline.columns)
    cells = Cells(table, outline.columns, styles)
    file_period = period or ("" if cells.says_period else _period_of_names(table))
    file_segment = segment or _segment_of_status(outline.columns)
    if not file_segment and scope and len(scope) == 1:
        file_segment = scope[0]
    rows = read_rows(cells, form, file_period, file_segment, one_each=one_each)
    questions = rows.questions
    if not file_period and not cells.says_period:
        questions = (_ask_period(outline.file), *questions)
    if scope is None:
        questions += ask_segments(rows.records, outline.file)
    return EnrolmentReading(
        **vars(outline),
        form=form,
        period=file_period,
        covers=scope,
        records=rows.records,
        fixes=rows.fixes,
        tally=_tally(rows.records),
        questions=questions,
        notes=(
            *notes,
            *note_other_periods(cells, file_period, counted_once=form == "workers"),
            *_note_identities(rows.records, one_each=one_each),
            *_assumed(cells, outline.sheets),
        ),
    )


def _note_identities(records: pd.DataFrame, *, one_each: bool) -> tuple[Note, ...]:
    """Say that rows were counted, or that most of them could not be for want of an identity."""
    if one_each:
        return (Note(_ONE_EACH),)
    unknown = int(records["outcome"].isin(_UNIDENTIFIED).sum())
    data = int((records["outcome"] != NO_DATA).sum())
    if unknown <= data * _HALF:
        return ()
    return (Note(_FEW_IDENTITIES, {"count": unknown, "rows": data}),)


def lacks_identities(reading: EnrolmentReading) -> bool:
    """Whether most rows of a table of workers have no identity, or a damaged one."""
    return any(note.message == _FEW_IDENTITIES for note in reading.notes)


def check_answers(reading: EnrolmentReading) -> None:
    """Refuse a reading that still has questions.

    Raises
    ------
    OpenQuestion
        The first one.
    """
    for question in reading.questions:
        raise OpenQuestion(question)


def read_records(
    path: Path,
    covers: str | None = None,
    *,
    period: str | None = None,
    styles: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read the records of one file, or of all worker files of a folder.

    Parameters
    ----------
    path : pathlib.Path
        Any table file, or a folder with ``workers_*.csv[.gz]``. The column
        ``TANGGAL_KEPESERTAAN`` begins with the day.
    covers : str, optional
        See `read_enrolment`.
    period : str, optional
        Of a file that says none, neither in a column nor in its name.
    styles : mapping of str to str, optional
        See `read_enrolment`.

    Returns
    -------
    pandas.DataFrame
        Normal form (see `geo.enrolment.records`).

    Raises
    ------
    FileProblem
        If there is no such file, or it is no table.
    ColumnProblem
        If a needed column is missing, or a question is open.
    """
    files = sorted(path.glob(WORKER_FILES)) if is_folder(path) else [path]
    if not files:
        raise FileProblem(
            mark("There are no enrolment records at {path}; expected is a file or {pattern}."),
            path=str(path),
            pattern=WORKER_FILES,
        )
    tables = []
    for file in files:
        answers = _LAYOUT_STYLES | dict(styles or {})
        reading = read_enrolment(file, covers=covers, styles=answers)
        # Given to every file, it would replace what their names say.
        if period and any(question.kind == "period" for question in reading.questions):
            reading = read_enrolment(file, covers=covers, styles=answers, period=period)
        check_answers(reading)
        tables.append(reading.records)
    return pd.concat(tables, ignore_index=True)


# ---- what the table is ----


def _read_sheets(
    source: Source, sheet: str | None, progress: Callable[[float], None]
) -> tuple[Table, tuple[Note, ...]]:
    """One sheet, or all of them where that is asked for or they are parts of one table."""
    if sheet == ALL_SHEETS or (sheet is None and are_parts(source)):
        table, note = read_all_sheets(source, progress)
        return table, (note,)
    return read_table(source, sheet, progress), ()


def _check_period(period: str | None) -> None:
    if period and not is_period(period):
        raise QueryProblem(
            mark("{value} is no period; expected is year and month, such as {example}."),
            value=period[:20],
            example="2024-10",
        )


def _checked_form(outline: Outline, *, one_each: bool) -> Form:
    roles = {column.role for column in outline.columns}
    form: Form | None = "counts" if one_each else find_form(outline.columns)
    missing: dict[str, tuple[Role, ...]] = {} if form else {"NIK": ("identity", "count")}
    if not roles & set(_PLACES):
        missing["DESA"] = ("village", "code")
    if missing or form is None:
        raise ColumnMissing(
            mark("{path} lacks the column {missing}; choose it among: {found}."),
            tuple(role for each in missing.values() for role in each),
            outline,
            path=outline.file,
            missing=", ".join(missing),
            found=_shown_names(outline.columns),
        )
    return form


def _shown_names(columns: tuple[Column, ...]) -> str:
    names = [column.name[:30] for column in columns[:12]]
    return ", ".join(names) + (", …" if len(columns) > len(names) else "")


def _fill_areas(table: Table, columns: tuple[Column, ...]) -> tuple[Table, tuple[Note, ...]]:
    notes = []
    for column in columns:
        if column.role in AREAS:
            table, count = fill_down(table, column.at)
            if count:
                message = mark(
                    "{column} stood in the first row of each block only; {count} filled."
                )
                notes.append(Note(message, {"column": column.name, "count": count}))
    return table, tuple(notes)


def _period_of_names(table: Table) -> str:
    periods = (period_of_name(text) for text in (table.sheet, table.file, table.title))
    return next(filter(None, periods), "")


def _ask_period(file: str) -> Ambiguity:
    message = mark("{path} says no period; add a column PERIODE or a name such as {example}.")
    return Ambiguity("period", "", message, {"path": file, "example": "workers_2024-10.csv"})


def _segment_of_status(columns: tuple[Column, ...]) -> str:
    return next((c.segment for c in columns if c.role == "status" and c.segment), "")


def _assumed(cells: Cells, sheets: tuple[SheetInfo, ...]) -> list[Note]:
    notes = []
    if cells.find("status") is None:
        notes.append(_note_status(cells))
    spoilt = passed_over(cells.columns)
    identity = cells.find("identity")
    occupations = [c.name for c in cells.columns if c.role == "count" and is_occupation(c.name)]
    if len(occupations) > 1:
        message = mark("People of these occupations are added up: {columns}.")
        notes.append(Note(message, {"columns": ", ".join(occupations)}))
    if spoilt is not None and identity is not None:
        message = mark("{spoilt} is damaged in most rows; people are told apart by {column}.")
        notes.append(Note(message, {"spoilt": spoilt.name, "column": identity.name}))
    notes += [
        Note(
            mark("{column} holds eligible workers; an import takes people enrolled alone."),
            {"column": column.name},
        )
        for column in cells.columns
        if column.role == "eligible"
    ]
    other_sheets = [
        info.name
        for info in sheets
        if info.rows > 1 and cells.table.sheet not in (info.name, ALL_SHEETS)
    ]
    if other_sheets:
        message = mark("Only the sheet {sheet} was read; others with rows: {others}.")
        facts: dict[str, object] = {"sheet": cells.table.sheet, "others": ", ".join(other_sheets)}
        notes.append(Note(message, facts))
    return notes


def _note_status(cells: Cells) -> Note:
    """Why every row is taken for active: nothing says the status, or not in words known here."""
    column = unread_status(cells.columns)
    if column is None:
        return Note(mark("No column says the status; every row is taken for active."))
    values = cells.table.body.columns[column.at].unique().to_pylist()
    masked_texts = dict.fromkeys(masked(text, "status") for text in values if text)
    examples = ", ".join([*masked_texts][:_EXAMPLES]) + (
        ", …" if len(masked_texts) > _EXAMPLES else ""
    )
    message = mark(
        "{column} was recognised as the status, but none of its values is a known status "
        "({examples}); every row is taken for active and listed to be checked. Choose the column "
        "of the status, or mend the values."
    )
    return Note(message, {"column": column.name, "examples": examples})


def _tally(records: pd.DataFrame) -> Tally:
    rows = records.groupby("outcome")["rows"].sum().astype("int64").to_dict()
    return Tally(
        rows=sum(rows.values()),
        candidates=rows.pop("active", 0),
        inactive=rows.pop("inactive", 0),
        not_data=rows.pop(NO_DATA, 0),
        rejected={reason: rows[reason] for reason in REJECTED if reason in rows},
    )
