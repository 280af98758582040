"""XLSB: how far the cells of a sheet reach."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .extents import Extent
from .packed import Package

_FOLDER: Final = "xl/worksheets/"
_ROW: Final = 0x00
_BLANK: Final = 0x01
_LAST_CELL: Final = 0x0B
_LONGEST_START: Final = 14
_PLACE_BYTES: Final = 4


def list_parts(package: Package) -> list[str]:
    """Members that may hold a sheet; empty where the package is no XLSB."""
    names = package.names
    if "xl/workbook.bin" not in names:
        return []
    return [name for name in names if name.lower().startswith(_FOLDER) and "/_rels/" not in name]


def measure(blocks: Iterable[bytes]) -> Extent:
    """Extent of the cells of a sheet that have a value.

    Raises
    ------
    ValueError
        If a row or cell is too short for its place: the reader takes the bytes before for it.
    """
    extent, row = Extent(), 0
    remainder, ahead = b"", 0
    for block in blocks:
        piece = remainder + block[ahead:]
        offset, ahead = 0, max(ahead - len(block), 0)
        while len(piece) - offset >= _LONGEST_START:
            kind, length, body = _read_start(piece, offset)
            if kind <= _LAST_CELL:
                if length < _PLACE_BYTES:
                    raise ValueError("a row or cell without a place")
                number = int.from_bytes(piece[body : body + 4], "little")
                if kind == _ROW:
                    row = number
                elif kind != _BLANK:
                    extent.add(row, number)
            offset = body + length
        remainder = piece[offset:]
        ahead += max(offset - len(piece), 0)
    return extent


def _read_start(piece: bytes, offset: int) -> tuple[int, int, int]:
    """Kind and length of a record and the place of its body: one or two bytes, one to four."""
    kind = piece[offset]
    offset += 1
    if kind & 0x80:
        kind = kind & 0x7F | (piece[offset] & 0x7F) << 7
        offset += 1
    length, shift = piece[offset] & 0x7F, 7
    while piece[offset] & 0x80 and shift < 28:
        offset += 1
        length |= (piece[offset] & 0x7F) << shift
        shift += 7
    return kind, length, offset + 1
