"""A sheet as text: what every kind of table file becomes before anything is understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

MAX_COLUMNS: Final = 200
# What Excel shows in a cell it could not work out; exported to CSV it is the same text.
ERROR_CELL: Final = r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)"


@dataclass(frozen=True)
class Grid:
    """Cells of a sheet, as text without spaces around it.

    Attributes
    ----------
    columns : tuple of pyarrow.Array
        Strings without nulls; an empty cell is the empty text.
    rows : numpy.ndarray of int64
        Number of each row in the file, from 1, as a spreadsheet shows it.
    numeric : dict of int to numpy.ndarray of bool
        By position of the column: cells that were numbers, not text. A text
        file knows none.
    ragged : numpy.ndarray of bool
        Rows with more cells than the table has columns.
    merged : tuple
        Merged ranges as (first row, first column, last row, last column),
        rows as in ``rows``, columns from 0.
    """

    columns: tuple[pa.Array, ...]
    rows: Ints
    numeric: dict[int, Bools] = field(default_factory=dict)
    ragged: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def height(self) -> int:
        """Rows."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.columns)

    def line(self, index: int) -> list[str]:
        """Cells of one row, by its position."""
        return [column[index].as_py() for column in self.columns]

    def below(self, index: int) -> Grid:
        """The rows after a position (-1: all)."""
        return Grid(
            tuple(column[index + 1 :] for column in self.columns),
            self.rows[index + 1 :],
            {at: mask[index + 1 :] for at, mask in self.numeric.items()},
            self.ragged[index + 1 :],
            self.merged,
        )

    def keep(self, positions: list[int]) -> Grid:
        """The columns at some positions; merged ranges of others are dropped."""
        new = {old: at for at, old in enumerate(positions)}
        return Grid(
            tuple(self.columns[old] for old in positions),
            self.rows,
            {new[old]: mask for old, mask in self.numeric.items() if old in new},
            self.ragged,
            tuple((a, new[b], c, new[d]) for a, b, c, d in self.merged if b in new and d in new),
        )


@dataclass(frozen=True)
class Table:
    """A grid with a header.

    Attributes
    ----------
    file, sheet : str
        Names of the file and, in a workbook, of the sheet.
    header : tuple of str
        As written; may be empty or stand twice.
    body : Grid
        The rows below the header.
    header_row : int
        Its number in the file; 0 if there is none.
    title : str
        What stands above the header.
    """

    file: str
    sheet: str
    header: tuple[str, ...]
    body: Grid
    header_row: int
    title: str = ""


def column_letter(at: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def clean(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array of text without nulls and without spaces around it."""
    text = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return pc.fill_null(pc.utf8_trim_whitespace(text.cast(pa.string())), "")


def to_series(array: pa.Array) -> pd.Series:
    """Text as a pandas Series; the memory is shared."""
    return pd.Series(
        array.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    )


def matches(array: pa.Array, pattern: str) -> Bools:
    """Cells in which a pattern is found (RE2, case-insensitive)."""
    found = pc.match_substring_regex(array, pattern, ignore_case=True)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def is_filled(array: pa.Array) -> Bools:
    """Cells with any text."""
    return np.asarray(pc.not_equal(array, "").to_numpy(zero_copy_only=False), dtype=bool)


def equals(array: pa.Array, text: str) -> Bools:
    """Cells with exactly this text."""
    return np.asarray(pc.equal(array, text).to_numpy(zero_copy_only=False), dtype=bool)
