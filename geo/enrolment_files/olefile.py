"""OLE files (XLS): whether one is whole, its chains of sectors ending, and its streams.

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
_SMALL: Final = 64
_STREAM, _ROOT = 2, 5


def is_whole(data: bytes) -> bool:
    """Whether every stream's chain stays in the file and ends."""
    try:
        return all(_ends(start, table) for start, table in _chains(data))
    except (struct.error, IndexError, ValueError):
        return False


def read_stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """Content of the first stream of one of these names; empty where there is none.

    Parameters
    ----------
    data : bytes
        A whole OLE file (see `is_whole`).
    """
    directory, cutoff, small = struct.unpack_from("<I4xII", data, 48)
    sectors = _Sectors(data, 1 << struct.unpack_from("<H", data, 30)[0])
    entries = list(_entries(sectors.join(directory)))
    for name, kind, start, size in entries:
        if kind == _STREAM and name in names:
            if size >= cutoff:
                return sectors.join(start)[:size]
            root = next(first for _, of, first, _ in entries if of == _ROOT)
            return _join_small(sectors.join(root), _numbers(sectors.join(small)), start)[:size]
    return b""


def _join_small(stream: bytes, links: list[int], start: int) -> bytes:
    """A short stream: its pieces of 64 bytes lie in a stream of their own."""
    parts: list[bytes] = []
    while start < _LARGEST and len(parts) <= len(links):
        parts.append(stream[start * _SMALL : (start + 1) * _SMALL])
        start = links[start]
    return b"".join(parts)


def _entries(listing: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Name, kind, first sector and size of each stream."""
    for at in range(0, len(listing) - _ENTRY + 1, _ENTRY):
        (length,) = struct.unpack_from("<H", listing, at + 64)
        name = listing[at : at + max(length - 2, 0)].decode("utf-16-le", errors="replace")
        yield name, listing[at + 66], *struct.unpack_from("<II", listing, at + 116)


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
    for _, kind, start, size in _entries(sectors.join(directory)):
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
