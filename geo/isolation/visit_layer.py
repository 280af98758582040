"""The layer ``visits`` of a GeoPackage that comes back from QField, as rows of text.

SQLite opens it in memory, and only a table is read: a view could compute for ever.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from ..core.errors import FileProblem, mark
from ..core.files import Upload

SQLITE_MAGIC: Final = b"SQLite format 3\x00"
LAYER: Final = "visits"
_MOST_ROWS: Final = 100_000
_LONGEST: Final = 2_000
# Where a database says that it keeps a log beside it, which no database in memory can have.
_LOGGING: Final = slice(18, 20)
_NOT_LOGGING: Final = b"\x01\x01"


def is_geopackage(file: Path | Upload) -> bool:
    """Whether a file begins as a GeoPackage does."""
    return _read(file, len(SQLITE_MAGIC)) == SQLITE_MAGIC


def read_visit_rows(file: Path | Upload) -> list[tuple[int, list[str]]]:
    """Read names of the columns, then each row, with its number and cells as text.

    Raises
    ------
    FileProblem
        If there is no such layer, or the file is damaged.
    """
    body = bytearray(_read(file))
    body[_LOGGING] = _NOT_LOGGING
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(bytes(body))
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = lambda text: text.decode(errors="replace")
            kind = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
            if database.execute(kind, (LAYER,)).fetchone() is None:
                raise _no_layer(file)
            asked = database.execute(f'SELECT * FROM "{LAYER}" LIMIT {_MOST_ROWS}')  # noqa: S608 - constants
            names = [str(column[0]) for column in asked.description]
            rows = [[_as_text(cell) for cell in row] for row in asked]
    except sqlite3.Error as error:
        raise _no_layer(file) from error
    return [*enumerate([names, *rows])]


def _read(file: Path | Upload, most: int = -1) -> bytes:
    if isinstance(file, Upload):
        return bytes(file.data if most < 0 else file.data[:most])
    with file.open("rb") as opened:
        return opened.read(most)


def _no_layer(file: Path | Upload) -> FileProblem:
    return FileProblem(
        mark("{path} is damaged or has no layer {layer}; bring the GeoPackage of the plan back."),
        path=file.name,
        layer=LAYER,
    )


def _as_text(cell: Any) -> str:
    return "" if cell is None or isinstance(cell, bytes) else str(cell)[:_LONGEST]
