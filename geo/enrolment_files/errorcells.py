"""Cells of a workbook that hold an error such as ``#N/A``, which the reader shows as nothing.

Each format keeps them in its own way: XLSX in a cell of type ``e``, ODS as the text that is
shown, XLS in a record of its own or as the result of a formula.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import IO, Any, Final
from xml.etree import ElementTree

import pyarrow as pa

from .grid import ERROR_CELL
from .olefile import read_stream

Errors = dict[int, dict[int, str]]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_STREAM: Final = 1 << 22
_OPEN_CELL: Final = 4096
_ERROR: Final = re.compile(
    rb'<c\b[^>]*\br="([A-Z]+)([0-9]+)"[^>]*\bt="e"[^>]*>(.{0,300}?)</c>', re.S
)
_SHOWN: Final = re.compile(rb"<v>([^<]*)</v>")
_ODS_ERROR: Final = re.compile(rb'value-type="error"|<text:p>(?:#[A-Z]|Err:)')
_ODS_SHOWN: Final = re.compile(rf"{ERROR_CELL}|^Err:\d+$")
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_TYPE: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_NO_SHEET: Final = -1
_LONGEST_MARK: Final = 32
_BOUND_SHEET, _BEGIN, _END, _FORMULA, _BOOL_OR_ERROR = 0x85, 0x809, 0x0A, 0x06, 0x205
_XLS_TEXTS: Final = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"},
    **{0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
}


def find_error_texts(data: pa.Buffer, index: int) -> Errors:
    """Texts of errors by column and row, both from 0.

    Parameters
    ----------
    data : pyarrow.Buffer
        A workbook that the reader has opened.
    index : int
        Position of the sheet, charts counted.
    """
    found: Errors = {}
    if bytes(data[:4]) == _OLE:
        cells = _of_xls(bytes(data), index)
    elif bytes(data[:4]) == _ZIP:
        cells = _of_archive(data, index)
    else:
        return found
    for row, column, text in cells:
        found.setdefault(column, {})[row] = text
    return found


def _of_archive(data: pa.Buffer, index: int) -> Iterator[tuple[int, int, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "content.xml" in archive.namelist():
            yield from _of_ods(archive, index)
        elif part := _part_of(archive, index):
            with archive.open(part) as file:
                for letters, row, inner in _scan(file):
                    shown = _SHOWN.search(inner)
                    text = shown.group(1).decode() if shown else "#N/A"
                    yield int(row) - 1, _position(letters), text


# ---- XLSX ----


def _part_of(archive: zipfile.ZipFile, index: int) -> str:
    """Where in an XLSX the sheet lies."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(archive.namelist()):
        return ""
    sheets = re.findall(rb'<(?:\w+:)?sheet\b[^>]*\br:id="([^"]+)"', archive.read("xl/workbook.xml"))
    links = archive.read("xl/_rels/workbook.xml.rels")
    for link in re.findall(rb"<Relationship\b[^>]*>", links):
        facts = dict(re.findall(rb'\b(Id|Target)="([^"]*)"', link))
        if index < len(sheets) and facts.get(b"Id") == sheets[index]:
            target = facts.get(b"Target", b"").decode()
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in archive.namelist() else ""
    return ""


def _scan(file: IO[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    rest = b""
    while block := file.read(_STREAM):
        text = rest + block
        end = 0
        if b't="e"' in text:
            for cell in _ERROR.finditer(text):
                end = cell.end()
                yield cell.group(1), cell.group(2), cell.group(3)
        # A cell may lie across two blocks; one that was seen is not seen again.
        rest = text[max(end, len(text) - _OPEN_CELL) :]


def _position(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


# ---- ODS ----


def _of_ods(archive: zipfile.ZipFile, index: int) -> Iterator[tuple[int, int, str]]:
    with archive.open("content.xml") as file:
        if not _may_hold_errors(file):
            return
    sheet, row = _NO_SHEET, 0
    with archive.open("content.xml") as file:
        # Without a DTD there are no entities that could grow or point elsewhere.
        for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314
            if event == "start" and element.tag == f"{_TABLE}table":
                sheet, row = sheet + 1, 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                if sheet == index:
                    yield from ((row, column, text) for column, text in _of_ods_row(element))
                row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                element.clear()


def _may_hold_errors(file: IO[bytes]) -> bool:
    """Most files hold none, and need not be read twice; one with a DTD is none that we read."""
    rest, found = b"", False
    while block := file.read(_STREAM):
        text = rest + block
        if b"<!DOCTYPE" in text:
            return False
        found = found or _ODS_ERROR.search(text) is not None
        rest = text[-_LONGEST_MARK:]
    return found


def _of_ods_row(row: ElementTree.Element) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in (child for child in row if child.tag in _CELLS):
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        shown = "".join(cell.itertext()).strip()
        if cell.get(_TYPE) == "error" or _ODS_SHOWN.match(shown):
            text = shown if re.match(ERROR_CELL, shown) else "#VALUE!"
            yield from ((column + step, text) for step in range(repeated))
        column += repeated


# ---- XLS ----


def _of_xls(data: bytes, index: int) -> Iterator[tuple[int, int, str]]:
    stream = read_stream(data, ("Workbook", "Book"))
    starts = [
        struct.unpack_from("<I", body)[0]
        for kind, body in _records(stream, 0)
        if kind == _BOUND_SHEET
    ]
    if index >= len(starts):
        return
    for kind, body in _records(stream, starts[index]):
        code = _error_code(kind, body)
        if code is not None:
            row, column = struct.unpack_from("<HH", body)
            yield row, column, _XLS_TEXTS.get(code, "#VALUE!")


def _records(stream: bytes, at: int) -> Iterator[tuple[int, memoryview]]:
    """Records of one part of the stream; charts inside it are passed over."""
    view, depth = memoryview(stream), 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, view[at + 4 : at + 4 + length]
        at += 4 + length


def _error_code(kind: int, body: Any) -> int | None:
    if kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7] == 1:
        return int(body[6])
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return int(body[8])
    return None
