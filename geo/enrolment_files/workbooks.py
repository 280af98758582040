"""Workbooks (XLSX, XLS, XLSB, ODS) and Parquet as text, with what was a number kept known."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import python_calamine as calamine

from ..errors import UNREADABLE, FileProblem, mark
from .errorcells import find_error_texts
from .grid import MAX_COLUMNS, Bools, Grid, clean
from .olefile import is_whole

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC: Final = b"PK\x03\x04"
PARQUET_MAGIC: Final = b"PAR1"
_CHUNK: Final = 20_000
# A damaged ZIP may claim a version, a method or a password that nobody has.
_BROKEN: Final = (zipfile.BadZipFile, RuntimeError, KeyError, struct.error, SyntaxError)
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
    at : int
        Its position in the workbook, charts counted.
    """

    name: str
    rows: int
    columns: int
    hidden: bool = False
    at: int = 0


def open_workbook(data: pa.Buffer, name: str) -> calamine.CalamineWorkbook:
    """A workbook, opened.

    Raises
    ------
    FileProblem
        If it is protected by a password, damaged, or no workbook.
    """
    if bytes(data[:8]) == OLE_MAGIC:
        if _ENCRYPTED in bytes(data):
            raise _locked(name)
        if not is_whole(bytes(data)):
            raise _damaged(name)
    if bytes(data[:4]) == ZIP_MAGIC:
        _check_archive(data, name)
    with _damage_told(name):
        return calamine.CalamineWorkbook.from_object(io.BytesIO(data))


def _check_archive(data: pa.Buffer, name: str) -> None:
    with _damage_told(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise _locked(name)
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise FileProblem(
            mark("{path} is a ZIP archive; unpack it and choose the table inside."), path=name
        )


def _locked(name: str) -> FileProblem:
    return FileProblem(
        mark("{path} is protected by a password; save a copy without one."), path=name
    )


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
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


def open_sheets(
    book: calamine.CalamineWorkbook, name: str
) -> list[tuple[SheetInfo, calamine.CalamineSheet]]:
    """Sheets that can hold a table (charts and macros cannot)."""
    sheets = []
    for at, about in enumerate(book.sheets_metadata):
        if about.typ == calamine.SheetTypeEnum.WorkSheet:
            with _damage_told(name):
                sheet = book.get_sheet_by_name(about.name)
            hidden = about.visible != calamine.SheetVisibleEnum.Visible
            info = SheetInfo(about.name, sheet.height, sheet.width, hidden, at)
            sheets.append((info, sheet))
    return sheets


def read_workbook_grid(
    sheet: calamine.CalamineSheet,
    data: pa.Buffer,
    at: int,
    name: str,
    progress: Callable[[float], None] = lambda done: None,
) -> Grid:
    """Cells of one sheet, the ``at``-th of the workbook in ``data``.

    Raises
    ------
    FileProblem
        If the sheet is damaged or has over 200 columns.
    """
    with _damage_told(name):
        if sheet.width > MAX_COLUMNS:
            raise too_wide(sheet.width, name)
        pieces = list(_pieces(sheet, progress))
        errors = find_error_texts(data, at)
    width = max((len(texts) for texts, _ in pieces), default=0)
    columns = [clean(pa.chunked_array([texts[at] for texts, _ in pieces])) for at in range(width)]
    masks = [np.concatenate([masks[at] for _, masks in pieces]) for at in range(width)]
    height = len(columns[0]) if columns else 0
    # The reader gives every row from the top, but leaves out empty columns at the left.
    left = sheet.start[1] if sheet.start else 0
    return Grid(
        tuple(_with_errors(column, errors.get(at + left, {})) for at, column in enumerate(columns)),
        np.arange(1, height + 1),
        {at: mask for at, mask in enumerate(masks) if mask.any()},
        np.zeros(height, dtype=bool),
        tuple(
            (a + 1, b - left, c + 1, d - left) for (a, b), (c, d) in sheet.merged_cell_ranges or ()
        ),
    )


def too_wide(width: int, name: str) -> FileProblem:
    """The error of a table that has too many columns."""
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
    texts = [cell if type(cell) is str else _cell_text(cell) for cell in cells]
    numbers = [type(cell) in (int, float) for cell in cells]
    return pa.array(texts, pa.string()), np.array(numbers, dtype=bool)


def _cell_text(cell: object) -> str:
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


def read_parquet_grid(data: pa.Buffer, name: str) -> Grid:
    """Cells of a Parquet table; its column names are the first row.

    Raises
    ------
    FileProblem
        If it is damaged or has over 200 columns.
    """
    with _damage_told(name):
        table = pa.parquet.read_table(pa.BufferReader(data))
    if table.num_columns > MAX_COLUMNS:
        raise too_wide(table.num_columns, name)
    columns = [_parquet_text(table.column(at)) for at in range(table.num_columns)]
    heads = [pa.array([title.strip()], pa.string()) for title in table.column_names]
    numbers = [at for at, kind in enumerate(table.schema.types) if _is_number(kind)]
    mask = np.ones(table.num_rows + 1, dtype=bool)
    mask[0] = False
    return Grid(
        tuple(pa.concat_arrays([head, text]) for head, text in zip(heads, columns, strict=True)),
        np.arange(1, table.num_rows + 2),
        dict.fromkeys(numbers, mask),
        np.zeros(table.num_rows + 1, dtype=bool),
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _parquet_text(column: pa.ChunkedArray) -> pa.Array:
    """Text of a column; geometry and nested values have none."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.date32(), safe=False)
    if pa.types.is_floating(column.type):
        return clean(pa.array([_cell_text(v) for v in column.to_pylist()], pa.string()))
    try:
        return clean(column.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([""] * len(column), pa.string())
