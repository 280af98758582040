"""Rows of an enrolment table in the normal form, each with what becomes of it.

Normal form, one row a row of the file (of a table with a column a segment: one
a segment): ``period`` (``2024-10``), ``identity``, ``code``, ``village``,
``subdistrict``, ``regency``, ``province``, ``segment`` (key), ``programmes``
(``jkk+jkm``), ``start`` (date), ``outcome`` (see `geo.enrolment.outcomes`), ``people`` (1
for a worker), ``rows`` (1, or 0 where the row of the file is already counted by
another of its segments), ``row`` (number in the file), ``file``; and where the table has
coordinates ``latitude`` and ``longitude`` (degrees, or NaN). Identities
live in this table only, in memory, until `geo.counting.count` has counted people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..core.errors import mark
from ..core.segments import find_scopes, to_programme_keys, to_segment_keys
from .cells import (
    Cells,
    Dates,
    Floats,
    map_distinct,
    map_text,
    read_counts,
    read_damaged_codes,
    read_dates,
    read_identity,
    read_periods,
    read_places,
    read_status,
)
from .grid import Bools, equals, is_filled, to_series
from .other_periods import find_other_periods
from .outcomes import REJECTED, FixList, find_error_cells, find_no_data, settle
from .points import read_points
from .roles import Column, unread_status
from .values import Ambiguity, period_end
from .vocabulary import Form, Role

PLACE_COLUMNS: Final = ("code", "village", "subdistrict", "regency", "province")
_MOST_PEOPLE: Final = 10_000_000
# Stands for the number of a row that is one person.
_ONE: Final = Column(at=-1, name="", role="count", segment="", examples=())
_SAME_COUNT: Final = ["period", *PLACE_COLUMNS, "segment", "programmes"]


@dataclass(frozen=True)
class Rows:
    """What the rows of a table say.

    Attributes
    ----------
    records : pandas.DataFrame
        Normal form (see the module).
    fixes : pandas.DataFrame
        Rows to fix (`geo.enrolment.outcomes.FIX_COLUMNS`).
    questions : tuple of Ambiguity
        What is open.
    """

    records: pd.DataFrame
    fixes: pd.DataFrame
    questions: tuple[Ambiguity, ...]


@dataclass
class _Findings:
    """Columns read so far, and which rows have which outcome or doubt."""

    parts: dict[str, pa.Array]
    checks: dict[str, Bools]
    cells: list[tuple[str, Bools, Column]]
    doubts: list[tuple[str, Bools, Column | None]]
    questions: list[Ambiguity]


def read_rows(
    cells: Cells, form: Form, period: str, segment: str, *, one_each: bool = False
) -> Rows:
    """Every row in the normal form.

    Parameters
    ----------
    cells : Cells
        The table and the roles of its columns.
    form : str
        Whether rows are workers or counts.
    period : str
        For rows that say none; empty if it is not known yet.
    segment : str
        Key for rows that say none.
    one_each : bool
        Whether each row of a table of counts is one person, whatever its columns say.
    """
    if form == "workers":
        identity, sound, present = read_identity(cells)
        findings = _look(cells, period, sound)
        findings.checks |= {"no_identity": ~present & ~sound, "damaged_identity": present & ~sound}
        findings.cells += _at(cells, "identity", findings.checks, "no_identity", "damaged_identity")
        outcome, fixes = _settle(cells, findings)
        findings.parts["identity"] = pc.if_else(pc.equal(outcome, "active"), identity, "")
        records = _to_records(cells, findings.parts, outcome, segment)
    else:
        findings = _look(cells, period, np.zeros(cells.height, dtype=bool))
        findings.parts["identity"] = cells.empty()
        _set_other_periods_aside(cells, findings, period)
        numbers = {_ONE: np.ones(cells.height)} if one_each else _look_at_counts(cells, findings)
        outcome, fixes = _settle(cells, findings)
        records = _spread(cells, _to_records(cells, findings.parts, outcome, segment), numbers)
        if not one_each:
            fixes.add("repeated_count", _repeated(records, cells))
    return Rows(records, fixes.table(), tuple(findings.questions))


def ask_segments(records: pd.DataFrame, file: str) -> tuple[Ambiguity, ...]:
    """Ask which segments a file covers, where no member of a period names one."""
    # Looked at first: of a million rows it takes a tenth of the time.
    if (records["segment"] != "").all() or all(find_scopes(records).values()):
        return ()
    message = mark(
        "{path} names no segment of its people; say whether it covers all workers, or which "
        "segments, or add a column SEGMEN."
    )
    return (Ambiguity("segments", "", message, {"path": file}),)


def _look(cells: Cells, whole: str, sound: Bools) -> _Findings:
    """Judge what holds for workers and counts alike."""
    no_data = find_no_data(cells, sound)
    errors = find_error_cells(cells)
    period, asked_period = read_periods(cells, whole)
    start, bad_start, asked_start = read_dates(cells, cells.start_role)
    end, bad_end, asked_end = read_dates(cells, "end")
    last = _last_day(period)
    status, unread = read_status(cells), unread_status(cells.columns)
    places = read_places(cells)
    period_is_known = bool(whole) or (cells.says_period and asked_period is None)
    placed = np.logical_or.reduce([is_filled(text) for text in places.values()])
    checks = {
        **no_data,
        "ragged": cells.table.body.ragged,
        "error_cell": np.logical_or.reduce([np.zeros(cells.height, dtype=bool), *errors.values()]),
        "no_period": ~is_filled(period) & period_is_known,
        "unknown_status": status < 0,
        # Where the period is not known yet nobody has left before its end: NaT is in no order.
        "inactive": (status == 0) | (end < last),
    }
    return _Findings(
        parts={"period": period, "start": pa.array(start), **places},
        checks=checks,
        cells=[
            *(("error_cell", mask, column) for column, mask in errors.items()),
            *_at(cells, "period" if cells.find("period") else "month", checks, "no_period"),
            *_at(cells, "status", checks, "unknown_status"),
        ],
        doubts=[
            ("no_place", ~placed, None),
            ("damaged_code", read_damaged_codes(cells), cells.find("code")),
            ("bad_date", bad_start & (cells.start_role == "start"), cells.find("start")),
            ("bad_date", bad_end, cells.find("end")),
            ("begins_later", start > last, cells.find(cells.start_role)),
            ("unread_status", np.full(cells.height, unread is not None), unread),
        ],
        questions=[q for q in (asked_period, asked_start, asked_end) if q is not None],
    )


def _set_other_periods_aside(cells: Cells, found: _Findings, period: str) -> None:
    """Set aside counts of another year or month than the period: they are never added to it."""
    found.checks["other_period"] = find_other_periods(cells, period)
    roles: tuple[Role, ...] = ("year", "month")
    for role in roles:
        found.cells += _at(cells, role, found.checks, "other_period")


def _at(
    cells: Cells, role: Role, checks: dict[str, Bools], *reasons: str
) -> list[tuple[str, Bools, Column]]:
    """Reasons that lie in the cells of one column."""
    column = cells.find(role)
    return [] if column is None else [(reason, checks[reason], column) for reason in reasons]


def _last_day(period: pa.Array) -> Dates:
    """Of the period of each row; NaT where it is not known."""
    days: Dates = map_distinct(
        period,
        lambda texts: [period_end(text).to_datetime64() for text in texts],
        "datetime64[s]",
    )
    return days


def _settle(cells: Cells, findings: _Findings) -> tuple[pa.Array, FixList]:
    """Settle the outcome of every row, and list the rows to fix."""
    outcome = settle(findings.checks, cells.height)
    fixes = FixList(cells)
    for reason in REJECTED:
        rejected, unnamed = equals(outcome, reason), np.ones(cells.height, dtype=bool)
        for _, mask, column in (cell for cell in findings.cells if cell[0] == reason):
            fixes.add(reason, rejected & mask, column)
            unnamed &= ~mask
        fixes.add(reason, rejected & unnamed)
    fixes.add_no_data(findings.checks)
    active = equals(outcome, "active")
    for reason, mask, doubted in findings.doubts:
        fixes.add(reason, mask & active, doubted)
    return outcome, fixes


def _to_records(
    cells: Cells, parts: dict[str, pa.Array], outcome: pa.Array, segment: str
) -> pd.DataFrame:
    columns = {name: parts[name] for name in ("period", "identity", *PLACE_COLUMNS)}
    keys = map_text(cells.text("segment"), to_segment_keys)
    columns["segment"] = pc.if_else(pc.equal(keys, ""), segment, keys)
    columns["programmes"] = map_text(cells.text("programme"), to_programme_keys)
    records = pd.DataFrame({name: to_series(array) for name, array in columns.items()})
    for name, degrees in read_points(cells).items():
        records[name] = degrees
    records["start"] = parts["start"].to_numpy(zero_copy_only=False)
    records["outcome"] = to_series(outcome)
    records["people"] = np.int64(1)
    records["rows"] = np.int8(1)
    records["row"] = cells.table.body.rows
    records["file"] = to_series(pa.repeat(pa.scalar(cells.table.file), cells.height))
    return records


# ---- tables of counts ----


def _look_at_counts(cells: Cells, findings: _Findings) -> dict[Column, Floats]:
    """Numbers of people of each column; a row with one that is none is rejected whole."""
    numbers: dict[Column, Floats] = {}
    filled, bad = np.zeros((2, cells.height), dtype=bool)
    for column in cells.columns:
        if column.role == "count":
            values, question = read_counts(cells, column)
            is_given = is_filled(cells.table.body.columns[column.at])
            wrong = ~((values >= 0) & (values <= _MOST_PEOPLE) & (values == np.floor(values)))
            if question is not None:
                findings.questions.append(question)
                wrong[:], values[:] = False, 0
            findings.cells.append(("bad_count", wrong & is_given, column))
            bad |= wrong & is_given
            filled |= is_given
            people = np.where(is_given & ~wrong, np.nan_to_num(values), np.nan)
            # Several columns of one segment, such as men and women, are added up.
            same = next((c for c in numbers if c.segment == column.segment), None)
            numbers[same or column] = people if same is None else _added(numbers[same], people)
    findings.checks["bad_count"] = bad | ~filled
    return numbers


def _added(one: Floats, other: Floats) -> Floats:
    """Their sum, where one is missing the other, and nothing where both are."""
    total = np.nan_to_num(one) + np.nan_to_num(other)
    return np.where(np.isnan(one) & np.isnan(other), np.nan, total)


def _spread(cells: Cells, records: pd.DataFrame, numbers: dict[Column, Floats]) -> pd.DataFrame:
    """One record a row and segment that has a number; rows without one stay as they are."""
    active = records["outcome"] == "active"
    tables = [records[~active].assign(people=0)]
    for column, values in numbers.items():
        segment_rows = records[active & ~np.isnan(values)]
        people = np.nan_to_num(values[segment_rows.index]).astype("int64")
        segment_rows = segment_rows.assign(people=people)
        tables.append(
            segment_rows.assign(segment=column.segment) if column.segment else segment_rows
        )
    every = pd.concat(tables, ignore_index=True).sort_values(
        "row", kind="stable", ignore_index=True
    )
    return every.assign(rows=(~every["row"].duplicated()).astype("int8"))


def _repeated(records: pd.DataFrame, cells: Cells) -> Bools:
    """Rows of the table that share place, segment and period with another row."""
    active = records[records["outcome"] == "active"]
    again = active.loc[active.duplicated(_SAME_COUNT, keep=False), "row"]
    return np.isin(cells.table.body.rows, again.unique())
