"""XLS: how far the cells of each sheet reach, and which hold an error."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from .extents import Extent
from .olefile import read_stream

ErrorCell = tuple[int, int, str]

_BEGIN, _END, _SHEET, _STRINGS, _DIMENSIONS = 0x809, 0x0A, 0x85, 0xFC, 0x200
_PASSWORD: Final = 0x2F
_FORMULA, _BOOL_OR_ERROR, _MANY_NUMBERS = 0x06, 0x205, 0xBD
# Number, label, boolean or error, short number, label of the list, formula.
_CELLS: Final = frozenset({0x203, 0x204, _BOOL_OR_ERROR, 0x27E, 0xFD, _FORMULA})
_MOST_ROWS, _MOST_COLUMNS = 1 << 16, 1 << 8
_SHORTEST_STRING: Final = 3
_TEXTS: Final = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"},
    **{0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
}


class _Record(NamedTuple):
    """A record: its place, kind and body, and how many parts of the stream it lies in."""

    at: int
    kind: int
    body: memoryview
    depth: int


@dataclass
class XlsSheet:
    """What is known of a sheet before it is read.

    Attributes
    ----------
    extent : Extent
        Of its filled cells.
    errors : list
        Row, column and text of cells with an error.
    """

    extent: Extent = field(default_factory=Extent)
    errors: list[ErrorCell] = field(default_factory=list)


def read_sheets(data: bytes) -> list[XlsSheet]:
    """Look over the sheets of a whole OLE file (see `geo.enrolment.olefile.is_whole`).

    Returns none where the workbook is protected by a password.

    Raises
    ------
    ValueError, struct.error
        If a record claims what the file cannot hold, or two sheets overlap.
    """
    stream = read_stream(data)
    starts = []
    for record in _records(stream, 0):
        if record.kind == _PASSWORD:
            return []
        if record.kind == _SHEET:
            starts.append(struct.unpack_from("<I", record.body)[0])
        elif record.kind == _STRINGS:
            (count,) = struct.unpack_from("<I", record.body, 4)
            if count * _SHORTEST_STRING > len(stream) - record.at:
                raise ValueError("a list of more strings than the file holds")
    bounds = [*sorted(starts), len(stream)]
    ends = dict(pairwise(bounds))
    if len(ends) < len(starts):
        raise ValueError("two sheets begin at the same place")
    return [_read_sheet(stream, start, ends[start]) for start in starts]


def _read_sheet(stream: bytes, start: int, end: int) -> XlsSheet:
    sheet = XlsSheet()
    for offset, kind, body, depth in _records(stream, start):
        if offset >= end:
            raise ValueError("two sheets overlap")
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            sheet.extent.add(row, column)
            code = _error_code(kind, body)
            if code is not None and depth == 1:
                sheet.errors.append((row, column, _TEXTS.get(code, "#VALUE!")))
        elif kind == _MANY_NUMBERS:
            row, first = struct.unpack_from("<HH", body)
            for column in range(first, first + max(len(body) - 6, 0) // 6):
                sheet.extent.add(row, column)
        elif kind == _DIMENSIONS:
            _check_dimensions(body)
    return sheet


def _check_dimensions(body: memoryview) -> None:
    """Refuse a claimed area that the reader of workbooks could not reserve."""
    layout = "<IIHH" if len(body) == struct.calcsize("<IIHHH") else "<HHHH"
    first_row, rows, first_column, columns = struct.unpack_from(layout, body)
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        raise ValueError("a sheet larger than any XLS")
    if rows and columns and (first_row > rows or first_column > columns):
        raise ValueError("a sheet that ends before it begins")


def _records(stream: bytes, offset: int) -> Iterator[_Record]:
    """List the records of one part of the stream, with those of the charts in it.

    Raises
    ------
    ValueError, struct.error
        If no part begins there.
    """
    view, depth = memoryview(stream), 0
    if struct.unpack_from("<H", stream, offset)[0] != _BEGIN:
        raise ValueError("no part of a workbook begins here")
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 0:
            return
        yield _Record(offset, kind, view[offset + 4 : offset + 4 + length], depth)
        offset += 4 + length


def _error_code(kind: int, body: memoryview) -> int | None:
    if kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7] == 1:
        return int(body[6])
    if kind == _FORMULA and len(body) >= 14 and bytes(body[12:14]) == b"\xff\xff" and body[6] == 2:
        return int(body[8])
    return None
