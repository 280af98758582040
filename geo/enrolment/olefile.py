"""OLE files (XLS): whether one is whole, its chains of sectors ending, and its streams.

The reader of workbooks follows a chain that a damaged file bends into a ring
until the memory is full, and allocates what a header claims, which no error can
catch. So the file is looked at before, as that reader sees it.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

_HEADER: Final = 512
_LARGEST: Final = 0xFFFFFFFA
_LISTED: Final = 109
_ENTRY: Final = 128
_SMALL: Final = 64
_SMALL_STREAM: Final = 4096
# Tables of short streams take this many bytes at most: enough for 64 MB of short streams.
_MOST_SMALL_LINKS: Final = 4 << 20
_FREE, _ROOT = 0, 5
_BOOKS: Final = ("Workbook", "Book")


class _Entry(NamedTuple):
    name: str
    kind: int
    start: int
    size: int


def is_whole(data: bytes) -> bool:
    """Whether every stream's chain stays in the file and ends, and no size exceeds the file."""
    try:
        ole = _Ole(data)
        return ole.claims_what_there_is() and all(ole.ends(entry) for entry in ole.used_entries())
    except (struct.error, IndexError, ValueError):
        return False


def read_stream(data: bytes, names: tuple[str, ...] = _BOOKS) -> bytes:
    """Content of the stream with the first of these names; empty where there is none.

    Parameters
    ----------
    data : bytes
        A whole OLE file (see `is_whole`).
    names : tuple of str
        Names, the preferred one first; left out: those of a workbook.
    """
    ole = _Ole(data)
    by_name = {entry.name: entry for entry in reversed(ole.entries)}
    for name in names:
        if name in by_name:
            return ole.read(by_name[name])
    return b""


class _Ole:
    """The directory of an OLE file, and its two tables that link sectors."""

    def __init__(self, data: bytes) -> None:
        (shift,) = struct.unpack_from("<H", data, 30)
        if shift not in (9, 12):
            raise ValueError("no size that a sector has")
        self.data, self.size = data, 1 << shift
        self.links = self._read_links()
        directory, small = struct.unpack_from("<I8xI", data, 48)
        self.entries = list(self._list_entries(self.join(directory)))
        self.small_links = _numbers(self.join(small)) if small < _LARGEST else array("I")
        # A sector of a chain that was followed to its end needs no second walk.
        self.sound = {False: bytearray(len(self.links)), True: bytearray(len(self.small_links))}

    def _read_links(self) -> array[int]:
        table_sectors = list(struct.unpack_from(f"<{_LISTED}I", self.data, 76))
        next_sector, count = struct.unpack_from("<II", self.data, 68)
        list_sectors = 0
        while next_sector < _LARGEST:
            list_sectors += 1
            if list_sectors > min(count, len(self.data) // self.size):
                raise ValueError("the list of tables does not end")
            *part, next_sector = _numbers(self._sector(next_sector))
            table_sectors += part
        sectors = [sector for sector in table_sectors if sector < _LARGEST]
        if len(set(sectors)) < len(sectors):
            raise ValueError("a table is listed twice")
        return _numbers(b"".join(map(self._sector, sectors)))

    def _sector(self, number: int) -> bytes:
        begin = max(_HEADER, self.size) + number * self.size
        if begin >= len(self.data):
            raise ValueError("a sector lies behind the end")
        return self.data[begin : begin + self.size]

    def _list_entries(self, listing: bytes) -> Iterator[_Entry]:
        for offset in range(0, len(listing) - _ENTRY + 1, _ENTRY):
            name = (
                listing[offset : offset + 64]
                .decode("utf-16-le", errors="replace")
                .partition("\0")[0]
            )
            start, size = struct.unpack_from("<IQ", listing, offset + 116)
            # The upper half of a size means nothing in files with short sectors.
            size = size & 0xFFFFFFFF if self.size == _HEADER else size
            yield _Entry(name, listing[offset + 66], start, size)

    def used_entries(self) -> list[_Entry]:
        """Entries that have content, and those that are read whatever they say."""
        return [
            entry
            for index, entry in enumerate(self.entries)
            if index == 0 or entry.name in _BOOKS or (entry.kind != _FREE and entry.size)
        ]

    def claims_what_there_is(self) -> bool:
        """Whether the sizes in the header and in the directory fit in the file."""
        directories, tables = struct.unpack_from("<II", self.data, 40)
        (small_tables,) = struct.unpack_from("<I", self.data, 64)
        limit = len(self.data) + self.size
        return (
            max(directories, tables, small_tables) * self.size <= limit
            and small_tables * self.size <= _MOST_SMALL_LINKS
            and all(entry.size <= limit for entry in self.used_entries())
        )

    def ends(self, entry: _Entry) -> bool:
        """Whether the chain of an entry stays in the file and ends."""
        small = entry.kind != _ROOT and entry.size < _SMALL_STREAM
        links, sound = self.small_links if small else self.links, self.sound[small]
        room = self._small_room() if small else len(self.data) // self.size
        chain: list[int] = []
        sector = entry.start
        while sector < _LARGEST and not (sector < len(sound) and sound[sector]):
            if sector >= len(links) or sector >= room or len(chain) > len(links):
                return False
            chain.append(sector)
            sector = links[sector]
        for sector in chain:
            sound[sector] = 1
        return True

    def _small_room(self) -> int:
        return -(-self.entries[0].size // _SMALL) if self.entries else 0

    def join(self, start: int) -> bytes:
        """Content of a chain; a ring is an error."""
        parts: list[bytes] = []
        while start < _LARGEST:
            if len(parts) > len(self.links):
                raise ValueError("a chain does not end")
            parts.append(self._sector(start))
            start = self.links[start]
        return b"".join(parts)

    def read(self, entry: _Entry) -> bytes:
        """Content of a stream; a short one lies in pieces of 64 bytes in a stream of its own."""
        if entry.size >= _SMALL_STREAM:
            return self.join(entry.start)[: entry.size]
        stream, sector = self.join(self.entries[0].start), entry.start
        parts: list[bytes] = []
        while sector < _LARGEST and len(parts) <= len(self.small_links):
            parts.append(stream[sector * _SMALL : (sector + 1) * _SMALL])
            sector = self.small_links[sector]
        return b"".join(parts)[: entry.size]


def _numbers(raw: bytes) -> array[int]:
    whole = len(raw) // 4 * 4
    numbers = array("I", raw[:whole])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
