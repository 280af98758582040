"""Packed files from strangers: what comes out is counted as it comes.

A header may lie about the size of what is packed, so no size is believed.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Final

import pyarrow as pa

from ..core.files import MOST_UNPACKED, bytes_allowed, too_much_packed

MOST_MEMBERS: Final = 5_000
_CHUNK: Final = 1 << 20
_SMALL: Final = 32 << 20


class Package:
    """The members of a ZIP archive, each read piece by piece.

    Parameters
    ----------
    data : pyarrow.Buffer
        The archive.
    name : str
        Its file name, for errors.

    Raises
    ------
    FileProblem
        If it has over `MOST_MEMBERS` members.
    zipfile.BadZipFile
        If it is no archive, or two members share a name.
    """

    def __init__(self, data: pa.Buffer, name: str) -> None:
        self._archive = zipfile.ZipFile(pa.BufferReader(data))
        self._name = name
        self._left = bytes_allowed(len(data))
        self._counted: set[str] = set()
        members = self._archive.filelist
        if len(members) > MOST_MEMBERS:
            raise too_much_packed(name)
        if len({member.filename.lower() for member in members}) < len(members):
            raise zipfile.BadZipFile("two members have the same name")

    @property
    def names(self) -> list[str]:
        """Names of the members that are files; a damaged archive has some without a name."""
        filenames = (member.filename for member in self._archive.filelist)
        return [filename for filename in filenames if filename and not filename.endswith("/")]

    def blocks(self, member: str) -> Iterator[bytes]:
        """Content of a member in blocks; its bytes count once, however often it is read.

        Raises
        ------
        FileProblem
            If all that was read is more than `geo.core.files.bytes_allowed`.
        zipfile.BadZipFile, zlib.error
            If it is damaged.
        """
        about = self._archive.getinfo(member)
        if about.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile("a method of packing that workbooks do not use")
        # Python stops at the size that the header declares; the reader of workbooks does not.
        about.file_size = max(about.file_size, MOST_UNPACKED + 1)
        counts = member not in self._counted
        self._counted.add(member)
        with self._archive.open(about) as file:
            while block := file.read(_CHUNK):
                if counts:
                    self._left -= len(block)
                    if self._left < 0:
                        raise too_much_packed(self._name)
                yield block

    def read_through(self) -> None:
        """Count the members that were not read yet.

        Raises
        ------
        FileProblem, zipfile.BadZipFile, zlib.error
            As `blocks` does.
        """
        for member in self.names:
            if member not in self._counted:
                for _ in self.blocks(member):
                    pass

    def read(self, member: str) -> bytes:
        """Content of a small member, such as a list of sheets.

        Raises
        ------
        FileProblem
            If it is over 32 MB.
        """
        parts, size = [], 0
        for block in self.blocks(member):
            size += len(block)
            if size > _SMALL:
                raise too_much_packed(self._name)
            parts.append(block)
        return b"".join(parts)
