"""Workbooks (XLSX, XLS, XLSB, ODS) as text, with what was a number kept known."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from ..core.errors import UNREADABLE, FileProblem, mark
from .grid import MAX_COLUMNS, Bools, Grid, clean
from .lookover import FindErrors, look_over_ole, look_over_package
from .olefile import is_whole
from .packed import Package

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC: Final = b"PK\x03\x04"
_CHUNK: Final = 20_000
# A damaged ZIP may claim a version, a method or a password that nobody has.
_BROKEN: Final = (
    *(zipfile.BadZipFile, RuntimeError, KeyError, struct.error),
    *(pa.ArrowKeyError, pa.ArrowTypeError, pa.ArrowNotImplementedError, pa.ArrowIndexError),
    pa.ArrowCapacityError,
)
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class SheetInfo:
    """A sheet that can be chosen.

    Attributes
    ----------
    name : str
        Empty in files without sheets.
    rows, columns : int
        Size of the used area.
    hidden : bool
        Whether the spreadsheet program hides it.
    """

    name: str
    rows: int
    columns: int
    hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """A workbook, looked over and opened.

    Attributes
    ----------
    reader : python_calamine.CalamineWorkbook
        Gives its sheets.
    find_errors : callable
        Gives the cells of a sheet that hold an error.
    """

    reader: calamine.CalamineWorkbook
    find_errors: FindErrors


def open_workbook(data: pa.Buffer, name: str) -> Workbook:
    """Open a workbook after a look over it.

    Raises
    ------
    FileProblem
        If it is protected by a password, damaged, no workbook, or takes far
        more room than it fills.
    """
    with damage_as_sentence(name):
        if bytes(data[:4]) == ZIP_MAGIC:
            find_errors = look_over_package(_open_package(data, name), name)
        else:
            find_errors = look_over_ole(_checked_ole(bytes(data), name), name)
        return Workbook(calamine.CalamineWorkbook.from_object(io.BytesIO(data)), find_errors)


def _checked_ole(data: bytes, name: str) -> bytes:
    if _ENCRYPTED in data:
        raise _locked(name)
    if not is_whole(data):
        raise _damaged(name)
    return data


def _open_package(data: pa.Buffer, name: str) -> Package:
    package = Package(data, name)
    names = set(package.names)
    if _MANIFEST in names and b"encryption-data" in package.read(_MANIFEST):
        raise _locked(name)
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise FileProblem(
            mark("{path} is a ZIP archive; unpack it and choose the table inside."), path=name
        )
    return package


def _locked(name: str) -> FileProblem:
    return FileProblem(
        mark("{path} is protected by a password; save a copy without one."), path=name
    )


@contextmanager
def damage_as_sentence(name: str) -> Iterator[None]:
    """Say in one sentence what a reader raises where a file is damaged.

    Raises
    ------
    FileProblem
        Instead of what the reader raised.
    """
    try:
        yield
    except calamine.PasswordError as error:
        raise _locked(name) from error
    except FileProblem:
        raise
    except (calamine.CalamineError, *_BROKEN, *UNREADABLE) as error:
        raise _damaged(name) from error
    except BaseException as error:
        # The reader is written in Rust: what it did not foresee is no Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name) from error


def _damaged(name: str) -> FileProblem:
    return FileProblem(mark("{path} is cut off or damaged; save or download it again."), path=name)


@dataclass(frozen=True)
class OpenSheet:
    """A sheet that can be read.

    Attributes
    ----------
    info : SheetInfo
        What a user may choose by.
    reader : python_calamine.CalamineSheet
        Gives its cells.
    list_errors : callable
        Gives row, column and text of its cells that hold an error.
    """

    info: SheetInfo
    reader: calamine.CalamineSheet
    list_errors: Callable[[], list[tuple[int, int, str]]]


def open_sheets(book: Workbook, name: str) -> dict[str, OpenSheet]:
    """Sheets that can hold a table (charts and macros cannot), by name.

    Raises
    ------
    FileProblem
        If one is damaged, or two have the same name.
    """
    sheets: dict[str, OpenSheet] = {}
    for sheet_index, about in enumerate(book.reader.sheets_metadata):
        if about.name in sheets:
            raise _damaged(name)
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            with damage_as_sentence(name):
                sheet = book.reader.get_sheet_by_name(about.name)
            hidden = about.visible != calamine.SheetVisibleEnum.Visible
            info = SheetInfo(about.name, sheet.height, sheet.width, hidden)
            sheets[about.name] = OpenSheet(info, sheet, partial(book.find_errors, sheet_index))
    return sheets


def read_workbook_grid(
    opened: OpenSheet, name: str, progress: Callable[[float], None] = lambda done: None
) -> Grid:
    """Cells of one sheet.

    Raises
    ------
    FileProblem
        If the sheet is damaged or has over 200 columns.
    """
    sheet = opened.reader
    errors: dict[int, dict[int, str]] = {}
    with damage_as_sentence(name):
        if sheet.width > MAX_COLUMNS:
            raise too_wide(sheet.width, name)
        pieces = list(_pieces(sheet, progress))
        for row, column, text in opened.list_errors():
            errors.setdefault(column, {})[row] = text
    width = max((len(texts) for texts, _ in pieces), default=0)
    columns = [
        clean(pa.chunked_array([texts[column_index] for texts, _ in pieces]))
        for column_index in range(width)
    ]
    masks = [
        np.concatenate([masks[column_index] for _, masks in pieces])
        for column_index in range(width)
    ]
    height = len(columns[0]) if columns else 0
    # The reader gives every row from the top, but leaves out empty columns at the left.
    first_column = sheet.start[1] if sheet.start else 0
    return Grid(
        columns=tuple(
            _with_errors(column, errors.get(column_index + first_column, {}))
            for column_index, column in enumerate(columns)
        ),
        rows=np.arange(1, height + 1),
        numeric={column_index: mask for column_index, mask in enumerate(masks) if mask.any()},
        ragged=np.zeros(height, dtype=bool),
        merged=tuple(
            (a + 1, b - first_column, c + 1, d - first_column)
            for (a, b), (c, d) in sheet.merged_cell_ranges or ()
        ),
    )


def too_wide(width: int, name: str) -> FileProblem:
    """Make the error of a table that has too many columns."""
    return FileProblem(
        mark("{path} has {count} columns; a table of at most {most} is expected."),
        path=name,
        count=width,
        most=MAX_COLUMNS,
    )


def _pieces(
    sheet: calamine.CalamineSheet, progress: Callable[[float], None]
) -> Iterator[tuple[list[pa.Array], list[Bools]]]:
    """Columns of some thousand rows at a time, so that few Python objects live at once."""
    rows, done = sheet.iter_rows(), 0
    while chunk := list(islice(rows, _CHUNK)):
        both = [_to_text(column) for column in zip(*chunk, strict=True)]
        yield [texts for texts, _ in both], [mask for _, mask in both]
        done += len(chunk)
        progress(min(done / max(sheet.total_height, 1), 1.0))


def _to_text(cells: tuple[Any, ...]) -> tuple[pa.Array, Bools]:
    """Cells as text, and which of them were numbers."""
    if set(map(type, cells)) == {str}:
        return pa.array(cells, pa.string()), np.zeros(len(cells), dtype=bool)
    texts = [cell if type(cell) is str else cell_text(cell) for cell in cells]
    numbers = [type(cell) in (int, float) for cell in cells]
    return pa.array(texts, pa.string()), np.array(numbers, dtype=bool)


def cell_text(cell: object) -> str:
    """Write a cell as text, a whole number without its decimal point."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    return "" if cell is None else str(cell)


def _with_errors(column: pa.Array, errors: dict[int, str]) -> pa.Array:
    if not errors:
        return column
    cells = column.to_pylist()
    for row, text in errors.items():
        # The reader shows an error as nothing, or as the nought that is kept beside it.
        if row < len(cells):
            cells[row] = text
    return pa.array(cells, pa.string())
