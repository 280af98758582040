"""What becomes of each row, and the list of rows to fix.

Every row of a file has exactly one outcome: it is a candidate to be counted
(``active``), ``inactive``, rejected for a reason, or no data (blank, repeated
header, total, note).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..core.errors import mark
from ..core.i18n import Language
from ..core.privacy import hide_numbers
from .cells import Cells
from .grid import ERROR_CELL, Bools, Ints, is_filled, matches
from .roles import Column, masked
from .vocabulary import Role, normal_header

REJECTED: Final = {
    "ragged": mark("the row has more cells than the header; a separator may stand in a text"),
    "error_cell": mark("a cell holds an error of the spreadsheet, such as #N/A"),
    "no_identity": mark("the identity is missing"),
    "damaged_identity": mark("the identity is damaged: not all digits, or kept as a number"),
    "no_period": mark("the period is missing or cannot be read"),
    "other_period": mark("the row is of another year or month than the period of the file"),
    "unknown_status": mark("the status is missing or neither active nor inactive"),
    "bad_count": mark("the number of people is missing or no whole number"),
}
DOUBTFUL: Final = {
    "no_village": mark("the place is matched to no certain village; counted above it"),
    "other_point": mark(
        "the coordinates lie in another village than the row names; the name counts"
    ),
    "no_place": mark("no place is given; counted without a place"),
    "damaged_code": mark("the place code is kept as a number and may be damaged"),
    "bad_date": mark("the date cannot be read; counted without it"),
    "begins_later": mark("the membership begins after the period; counted in it"),
    "unread_status": mark("the status cannot be read; counted as active"),
    "repeated_count": mark("place, segment and period stand in several rows; added up"),
}
SKIPPED: Final = {
    "repeated_header": mark("the header is repeated; no data"),
    "total_row": mark("a total; no data"),
    "note_row": mark("a remark in one cell; no data"),
}
NO_DATA: Final = "not_data"
_NO_DATA: Final = ("blank", *SKIPPED)
# A column's number in brackets: (12).
_LONGEST_COLUMN_NUMBER: Final = 4
# The status is asked last: who cannot be identified is no inactive member either.
_ORDER: Final = (*_NO_DATA, *REJECTED, "inactive")
_KINDS: Final = {
    "rejected": (REJECTED, mark("not counted")),
    "doubtful": (DOUBTFUL, mark("counted, to check")),
    "skipped": (SKIPPED, mark("no data")),
}
_KIND_OF: Final = {reason: kind for kind, (reasons, _) in _KINDS.items() for reason in reasons}
FIX_COLUMNS: Final = ("file", "sheet", "row", "kind", "reason", "column", "value")
_TOTAL: Final = r"^(?:grand |sub[ -]?)?(?:total|jumlah|jml)(?:\s.{0,40})?\s*:?$"
_RUNNING: Final = ("no", "nomor", "no_urut", "nr", "nomor_urut")
_FORMULA: Final = re.compile(r"^[=+\-@\t\r]")


@dataclass
class FixList:
    """Rows to fix, gathered while a file is judged."""

    cells: Cells
    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, reason: str, mask: Bools, column: Column | None = None) -> None:
        """Rows with a reason; the value of a column is shown masked."""
        row_numbers = np.flatnonzero(mask)
        if not len(row_numbers):
            return
        body = self.cells.table.body
        values = (
            _masked_values(body.columns[column.at].take(pa.array(row_numbers)), column)
            if column
            else ""
        )
        self.parts.append(
            pd.DataFrame(
                {
                    "file": hide_numbers(self.cells.table.file),
                    "sheet": hide_numbers(self.cells.table.sheet),
                    "row": body.rows[row_numbers],
                    "kind": _KIND_OF[reason],
                    "reason": reason,
                    "column": column.name if column else "",
                    "value": values,
                }
            )
        )

    def add_no_data(self, masks: dict[str, Bools]) -> None:
        """Rows that are no data but hold something; blank ones need no look."""
        for reason in SKIPPED:
            self.add(reason, masks[reason])

    def table(self) -> pd.DataFrame:
        """All of them in the order of the file: `FIX_COLUMNS`."""
        if not self.parts:
            return pd.DataFrame(
                {c: pd.Series(dtype="int64" if c == "row" else "str") for c in FIX_COLUMNS}
            )
        every = pd.concat(self.parts, ignore_index=True)
        return every.sort_values(["row", "kind", "reason", "column"], ignore_index=True)


def _masked_values(cells: pa.Array, column: Column) -> list[str]:
    role: Role = column.role
    masked_texts = {text: masked(text, role) for text in cells.unique().to_pylist()}
    return [masked_texts[text] for text in cells.to_pylist()]


def reason_words(language: Language) -> dict[str, str]:
    """Every reason a row is to be looked at, in the reader's language."""
    return {r: language(m) for group, _ in _KINDS.values() for r, m in group.items()}


def write_fixes(fixes: pd.DataFrame, language: Language) -> bytes:
    """Write the rows to fix as a CSV file that a spreadsheet opens.

    Parameters
    ----------
    fixes : pandas.DataFrame
        `FIX_COLUMNS`, as in a reading.
    language : Language
        Of headers and reasons.
    """
    titles = (mark("file"), mark("sheet"), mark("row"), mark("outcome"), mark("reason"))
    head = [language(title) for title in (*titles, mark("column"), mark("value"))]
    reasons = reason_words(language)
    kinds = {kind: language(words) for kind, (_, words) in _KINDS.items()}
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(head)
    for row in fixes.itertuples():
        texts = (row.file, row.sheet, row.row, kinds[row.kind], reasons[row.reason])
        writer.writerow([*map(_harmless, map(str, (*texts, row.column, row.value)))])
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) and len(text) > 1 else text


def find_no_data(cells: Cells, sound: Bools) -> dict[str, Bools]:
    """Rows that are no data, by kind: blank, repeated header, total, note.

    Parameters
    ----------
    cells : Cells
        The table.
    sound : numpy.ndarray of bool
        Rows that certainly are data, and are not looked at.
    """
    suspect_rows = np.flatnonzero(~sound)
    columns = [column.take(pa.array(suspect_rows)) for column in cells.table.body.columns]
    names = [normal_header(name) for name in cells.table.header]
    # Running numbers are often there before the rows are.
    numbers = [c for c, name in zip(columns, names, strict=True) if name in _RUNNING]
    compared_columns = [c for c, name in zip(columns, names, strict=True) if name not in _RUNNING]
    words = _count(numbers, lambda c: matches(c, "[a-z]"), len(suspect_rows))
    filled = _count(compared_columns, is_filled, len(suspect_rows)) + words
    blank = filled == 0
    header = (
        _repeats(columns, cells.table.header, len(suspect_rows))
        | _is_numbering(columns, suspect_rows)
    ) & ~blank
    total = (
        (_count(columns, lambda c: matches(c, _TOTAL), len(suspect_rows)) > 0) & ~blank & ~header
    )
    identity = cells.find("identity")
    has_identity = (
        is_filled(columns[identity.at]) if identity else np.zeros(len(suspect_rows), dtype=bool)
    )
    note = (filled == 1) & ~has_identity & (len(compared_columns) > 2) & ~header & ~total
    masks = {"blank": blank, "repeated_header": header, "total_row": total, "note_row": note}
    return {kind: _spread(mask, suspect_rows, cells.height) for kind, mask in masks.items()}


def _count(columns: list[pa.Array], test: Callable[[pa.Array], Bools], height: int) -> Ints:
    counts = np.zeros(height, dtype="int64")
    for column in columns:
        counts += test(column)
    return counts


def _spread(mask: Bools, rows: Ints, height: int) -> Bools:
    every = np.zeros(height, dtype=bool)
    every[rows[mask]] = True
    return every


def _repeats(columns: list[pa.Array], header: tuple[str, ...], height: int) -> Bools:
    """Rows in which two cells and half of the filled ones are their own headers."""
    same, filled = np.zeros(height, dtype="int64"), np.zeros(height, dtype="int64")
    for column, name in zip(columns, header, strict=True):
        filled += is_filled(column)
        if name:
            lower = pc.equal(pc.utf8_lower(column), name.lower())
            same += np.asarray(lower.to_numpy(zero_copy_only=False), dtype=bool)
    return (same >= 2) & (same * 2 >= filled)


def _is_numbering(columns: list[pa.Array], rows: Ints) -> Bools:
    """Find the row ``(1) (2) (3)`` that official tables have under the header."""
    result = np.zeros(len(rows), dtype=bool)
    if len(rows) and rows[0] == 0 and len(columns) > 2:
        first_row = [column[0].as_py() for column in columns]
        if any(len(cell) > _LONGEST_COLUMN_NUMBER for cell in first_row):
            return result
        numbers = [re.sub(r"\D", "", cell) for cell in first_row]
        filled_numbers = [number for number in numbers if number]
        start = int(next(iter(filled_numbers), 0))
        run = [str(number) for number in range(start, start + len(filled_numbers))]
        result[0] = len(filled_numbers) * 3 >= len(columns) * 2 and filled_numbers == run
    return result


def find_error_cells(cells: Cells) -> dict[Column, Bools]:
    """Rows with a spreadsheet error, by each used column that has any."""
    error_masks = {
        column: matches(cells.table.body.columns[column.at], ERROR_CELL)
        for column in cells.columns
        if column.role != "ignored"
    }
    return {column: mask for column, mask in error_masks.items() if mask.any()}


def settle(checks: dict[str, Bools], height: int) -> pa.Array:
    """One outcome a row: the first of all that holds; ``active`` if none does."""
    names = ["active", *(name for name in _ORDER if name in checks)]
    codes = np.zeros(height, dtype="int8")
    for code in range(len(names) - 1, 0, -1):
        codes[checks[names[code]]] = code
    outcomes = [NO_DATA if name in _NO_DATA else name for name in names]
    return pa.array(outcomes, pa.string()).take(pa.array(codes))
