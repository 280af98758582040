"""How much room a sheet takes, told before a workbook is opened.

The reader of workbooks allocates every cell between the first and the last that
is filled. One cell in the far corner would take 512 GB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..core.errors import FileProblem, mark
from .grid import column_letter

# Empty cells that a workbook may have beyond `_EMPTY_PER_FILLED` for each filled one.
MOST_EMPTY: Final = 20_000_000
_EMPTY_PER_FILLED: Final = 50


@dataclass
class Extent:
    """Filled cells of a sheet and the rectangle around them; rows and columns from 0.

    Attributes
    ----------
    filled : int
        Number of cells that are filled.
    top, bottom, right : int
        First row, last row and last column; the first column counts as 0.
    lowest, rightmost : tuple of int
        Row and column of a cell in the last row, and of one in the last column.
    """

    filled: int = 0
    top: int = 1 << 62
    bottom: int = -1
    right: int = -1
    lowest: tuple[int, int] = (0, 0)
    rightmost: tuple[int, int] = (0, 0)

    def add(self, row: int, column: int, last_row: int | None = None) -> None:
        """Add a filled cell, or one that is repeated down to a last row."""
        last_row = row if last_row is None else last_row
        self.filled += 1
        self.top = min(self.top, row)
        if last_row > self.bottom:
            self.bottom, self.lowest = last_row, (last_row, column)
        if column > self.right:
            self.right, self.rightmost = column, (last_row, column)

    @property
    def excess(self) -> int:
        """Empty cells in the rectangle beyond those that a sparse table has."""
        area = (self.bottom - self.top + 1) * (self.right + 1) if self.filled else 0
        return max(area - self.filled * _EMPTY_PER_FILLED, 0)

    @property
    def outlier(self) -> str:
        """Name of the cell that makes the rectangle large, as ``XFD1048576``."""
        row, column = self.rightmost if self.right > self.bottom else self.lowest
        return f"{column_letter(column)}{row + 1}"


def is_sparse(extents: Iterable[Extent]) -> bool:
    """Whether the sheets of a workbook together take far more room than they fill."""
    return sum(extent.excess for extent in extents) > MOST_EMPTY


def refuse_sparse(extents: list[Extent], name: str) -> None:
    """Refuse a workbook with a cell far outside its table.

    Raises
    ------
    FileProblem
        If its sheets hold over `MOST_EMPTY` empty cells too many.
    """
    if is_sparse(extents):
        worst = max(extents, key=lambda extent: extent.excess)
        raise FileProblem(
            mark("{path} has a cell at {cell}, far outside its table; delete it and save again."),
            path=name,
            cell=worst.outlier,
        )
