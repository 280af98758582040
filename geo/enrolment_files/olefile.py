"""Whether an OLE file (XLS) is whole: its chains of sectors end.

The reader of workbooks follows a chain that a damaged file bends into a ring
until the memory is full, which no error can catch. So it is looked at before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

_HEADER: Final = 512
_LARGEST: Final = 0xFFFFFFFA
_LISTED: Final = 109
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5


def is_whole(data: bytes) -> bool:
    """Whether every stream's chain stays in the file and ends."""
    try:
        return all(_ends(start, table) for start, table in _chains(data))
    except (struct.error, IndexError, ValueError):
        return False


def _chains(data: bytes) -> Iterator[tuple[int, list[int]]]:
    """First sector of every chain, with the table that links its sectors."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise ValueError("no size that a sector has")
    directory, cutoff, small = struct.unpack_from("<I4xII", data, 48)
    sectors = _Sectors(data, 1 << shift)
    yield directory, sectors.table
    yield small, sectors.table
    links = _numbers(sectors.join(small)) if small < _LARGEST else []
    listing = sectors.join(directory)
    for at in range(0, len(listing) - _ENTRY + 1, _ENTRY):
        kind = listing[at + 66]
        start, size = struct.unpack_from("<II", listing, at + 116)
        if kind in (_STREAM, _ROOT) and size:
            yield start, sectors.table if kind == _ROOT or size >= cutoff else links


def _ends(start: int, table: list[int]) -> bool:
    seen = 0
    while start < _LARGEST:
        seen += 1
        if start >= len(table) or seen > len(table):
            return False
        start = table[start]
    return True


class _Sectors:
    """The sectors of a file and the table that links them."""

    def __init__(self, data: bytes, size: int) -> None:
        self.data, self.size = data, size
        self.table: list[int] = []
        for sector in self._of_table():
            self.table += _numbers(self.read(sector))

    def read(self, sector: int) -> bytes:
        """Content of one sector."""
        begin = max(_HEADER, self.size) + sector * self.size
        if begin >= len(self.data):
            raise ValueError("a sector lies behind the end")
        return self.data[begin : begin + self.size]

    def join(self, start: int) -> bytes:
        """Content of a chain; a ring is an error."""
        if not _ends(start, self.table):
            raise ValueError("a chain does not end")
        parts = []
        while start < _LARGEST:
            parts.append(self.read(start))
            start = self.table[start]
        return b"".join(parts)

    def _of_table(self) -> list[int]:
        listed = list(struct.unpack_from(f"<{_LISTED}I", self.data, 76))
        more, count = struct.unpack_from("<II", self.data, 68)
        seen = 0
        while more < _LARGEST:
            seen += 1
            if seen > count:
                raise ValueError("the list of tables does not end")
            *part, more = _numbers(self.read(more))
            listed += part
        return [sector for sector in listed if sector < _LARGEST]


def _numbers(raw: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4]))
