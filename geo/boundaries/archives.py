"""Unpacking zip files from strangers.

Nothing is written outside the folder given, links are not followed, and the
bytes are counted as they come: a header may lie about them.
"""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final

from ..core.errors import FileProblem, mark

MAX_BYTES: Final = 6 * 2**30
MAX_RATIO: Final = 250
MAX_FILES: Final = 5_000
MAX_DEPTH: Final = 32
MAX_NAME: Final = 200
# Members packed with LZMA or bzip2 raise errors of their own when they are damaged.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError),
    *(OSError, ValueError, OverflowError, RuntimeError, struct.error),
)
_RATIO_FROM: Final = 100 * 2**20
_CHUNK: Final = 2**20


def unpack(path: Path, folder: Path) -> None:
    """Unpack a zip file into an existing, empty folder.

    Parameters
    ----------
    path : pathlib.Path
        The zip file.
    folder : pathlib.Path
        Where to; on an error its content is of no use.

    Raises
    ------
    FileProblem
        If the file is damaged, locked with a password, larger inside than
        `MAX_BYTES`, packed more than `MAX_RATIO` times (from 100 MB on),
        names a place outside the folder or one place twice, or has names
        longer than `MAX_NAME` or folders deeper than `MAX_DEPTH`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.filename.endswith(("/", "\\"))]
            _check(members, path)
            _extract(archive, members, path, folder)
    except _DAMAGED as error:
        raise FileProblem(
            mark("{path} is a damaged or cut-off zip file; pack or fetch it again."), path=str(path)
        ) from error


def _check(members: list[zipfile.ZipInfo], path: Path) -> None:
    if any(member.flag_bits & 1 for member in members):
        raise FileProblem(
            mark("{path} is locked with a password; unlock it and give it again."), path=str(path)
        )
    outside = [m.filename for m in members if not _stays_inside(m)]
    if outside:
        raise FileProblem(
            mark("{path} is not unpacked: it holds {name!r}, which points outside its folder."),
            path=str(path),
            name=outside[0][:MAX_NAME],
        )
    unusable = _unusable_name([_parts(member) for member in members])
    if unusable is not None:
        raise FileProblem(
            mark("{path} is not unpacked: its file {name!r} has no usable name; pack it anew."),
            path=str(path),
            name="/".join(unusable)[:MAX_NAME],
        )
    if len(members) > MAX_FILES or sum(m.file_size for m in members) > _allowed(path):
        raise _too_large(path)


def _parts(member: zipfile.ZipInfo) -> tuple[str, ...]:
    """Folders and name of a member; a single dot is no folder."""
    return PurePosixPath(member.filename.replace("\\", "/")).parts


def _stays_inside(member: zipfile.ZipInfo) -> bool:
    parts = _parts(member)
    begin = "".join(parts[:1])
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return not (is_link or begin.startswith("/") or ".." in parts or ":" in begin)


def _unusable_name(names: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The first name that is empty, too long, too deep, there twice, or a folder as well."""
    seen: set[tuple[str, ...]] = set()
    folders = {name[:depth] for name in names for depth in range(1, min(len(name), MAX_DEPTH))}
    for name in names:
        too_long = any(len(part.encode("utf-8", "replace")) > MAX_NAME for part in name)
        if not name or too_long or len(name) > MAX_DEPTH or name in seen or name in folders:
            return name
        seen.add(name)
    return None


def _allowed(path: Path) -> int:
    """Most bytes that may come out of the file."""
    return min(MAX_BYTES, max(_RATIO_FROM, MAX_RATIO * path.stat().st_size))


def _too_large(path: Path) -> FileProblem:
    return FileProblem(
        mark("{path} is not unpacked: it holds far more than a layer of boundaries would."),
        path=str(path),
    )


def _extract(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], path: Path, folder: Path
) -> None:
    left = _allowed(path)
    for member in members:
        target = folder.joinpath(*_parts(member))
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, target.open("wb") as file:
            left = _copy(packed, file, left)
        if left < 0:
            raise _too_large(path)


def _copy(packed: IO[bytes], file: IO[bytes], left: int) -> int:
    """Copy until the end or until nothing is left to spend; what is left then."""
    while left >= 0 and (chunk := packed.read(_CHUNK)):
        left -= len(chunk)
        file.write(chunk)
    return left
