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
        """Select the rows after a position (-1: all)."""
        return Grid(
            columns=tuple(column[index + 1 :] for column in self.columns),
            rows=self.rows[index + 1 :],
            numeric={column: mask[index + 1 :] for column, mask in self.numeric.items()},
            ragged=self.ragged[index + 1 :],
            merged=self.merged,
        )

    def keep(self, positions: list[int]) -> Grid:
        """Select the columns at some positions; merged ranges of others are dropped."""
        new_index = {old_index: position for position, old_index in enumerate(positions)}
        return Grid(
            columns=tuple(self.columns[old_index] for old_index in positions),
            rows=self.rows,
            numeric={
                new_index[old_index]: mask
                for old_index, mask in self.numeric.items()
                if old_index in new_index
            },
            ragged=self.ragged,
            merged=tuple(
                (a, new_index[b], c, new_index[d])
                for a, b, c, d in self.merged
                if b in new_index and d in new_index
            ),
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


def column_letter(number: int) -> str:
    """Write the letters of a column: ``A`` for 0, ``AA`` for 26."""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
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
    is_match = pc.match_substring_regex(array, pattern, ignore_case=True)
    return np.asarray(is_match.to_numpy(zero_copy_only=False), dtype=bool)


def is_filled(array: pa.Array) -> Bools:
    """Cells with any text."""
    return np.asarray(pc.not_equal(array, "").to_numpy(zero_copy_only=False), dtype=bool)


def equals(array: pa.Array, text: str) -> Bools:
    """Cells with exactly this text."""
    return np.asarray(pc.equal(array, text).to_numpy(zero_copy_only=False), dtype=bool)
