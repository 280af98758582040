"""ODS: how far the cells of each sheet reach, and which hold an error.

Rows and cells that are alike are written once with a number of repetitions,
which the reader of workbooks unfolds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from .extents import Extent
from .grid import ERROR_CELL
from .xmlparts import Attributes, BadXml, parse

ErrorCell = tuple[int, int, str]

_CELLS: Final = ("table:table-cell", "table:covered-table-cell")
_VALUES: Final = frozenset(
    {
        *(f"office:{kind}value" for kind in ("", "string-", "date-", "time-", "boolean-")),
        "table:formula",
    }
)
_SHOWN: Final = re.compile(rf"{ERROR_CELL}|^Err:\d+$")
_ERROR: Final = re.compile(ERROR_CELL)
_MOST_REPETITIONS: Final = 1 << 20
_MOST_SPACES: Final = 1 << 15
# Text that repetitions may unfold to, beyond what the file holds.
_MOST_REPEATED: Final = 1 << 30


@dataclass
class OdsSheet:
    """What is known of a sheet before it is read.

    Attributes
    ----------
    extent : Extent
        Of its filled cells.
    errors : list
        Rows, columns and text of cells with an error; each is one cell that
        may be repeated down and to the right.
    """

    extent: Extent = field(default_factory=Extent)
    errors: list[tuple[range, range, str]] = field(default_factory=list)

    def list_errors(self) -> list[ErrorCell]:
        """Every cell with an error."""
        return [
            (row, column, text)
            for rows, columns, text in self.errors
            for row in rows
            for column in columns
        ]


def read_sheets(blocks: Iterable[bytes]) -> list[OdsSheet]:
    """Look over the sheets of ``content.xml``.

    Raises
    ------
    BadXml
        If it is no XML, repeats more than a sheet can hold, or unfolds to over 1 GB of text.
    """
    reader = _Reader()
    parse(blocks, reader.start, reader.end, reader.parser)
    return reader.sheets


class _Reader:
    """Rows and cells as they come."""

    def __init__(self) -> None:
        self.sheets: list[OdsSheet] = []
        self.parser = expat.ParserCreate()
        self.parser.CharacterDataHandler = self.read_text
        self.depth, self.left = 0, _MOST_REPEATED
        self.rows, self.columns = range(0), range(0)
        self.facts: Attributes = {}
        self.shown: list[str] = []

    def start(self, name: str, facts: Attributes) -> None:
        """Begin a sheet, a row, a cell or a run of spaces."""
        if name in _CELLS:
            times = _repetitions(facts, "table:number-columns-repeated")
            self.columns = range(self.columns.stop, self.columns.stop + times)
            self.facts = facts
            self.shown.clear()
            if not _VALUES.isdisjoint(facts) or facts.get("office:value-type") == "string":
                self._add_cell()
        elif name == "table:table-row":
            times = _repetitions(facts, "table:number-rows-repeated")
            self.rows, self.columns = range(self.rows.stop, self.rows.stop + times), range(0)
        elif name == "table:table":
            self.depth += 1
            if self.depth == 1:
                self.sheets.append(OdsSheet())
                self.rows = range(0)
        elif name == "text:s" and "text:c" in facts:
            self._spend(_number(facts["text:c"], _MOST_SPACES))

    def _add_cell(self) -> None:
        if self.sheets:
            self.sheets[-1].extent.add(self.rows.start, self.columns.stop - 1, self.rows.stop - 1)

    def read_text(self, text: str) -> None:
        """Collect what a cell shows."""
        self.shown.append(text)
        self._spend(len(text) * (len(self.rows) * len(self.columns) - 1))

    def _spend(self, characters: int) -> None:
        self.left -= characters
        if self.left < 0:
            raise BadXml("a sheet unfolds to more text than any table holds")

    def end(self, name: str) -> None:
        """End a sheet or a cell."""
        if name == "table:table":
            self.depth -= 1
        elif name in _CELLS and self.sheets:
            text = "".join(self.shown).strip()
            if self.facts.get("calcext:value-type") == "error" or _SHOWN.match(text):
                error_text = text if _ERROR.match(text) else "#VALUE!"
                self.sheets[-1].errors.append((self.rows, self.columns, error_text))


def _repetitions(facts: Attributes, name: str) -> int:
    return _number(facts[name], _MOST_REPETITIONS) if name in facts else 1


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise BadXml("a number of repetitions that no sheet has room for")
    return int(text)
