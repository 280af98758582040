"""Unpacking zip files from strangers.

Nothing is written outside the folder given, links are not followed, and the
bytes are counted as they come: a header may lie about them.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Final

from ..errors import FileProblem, mark

MAX_BYTES: Final = 6 * 2**30
MAX_RATIO: Final = 250
MAX_FILES: Final = 5_000
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
        `MAX_BYTES`, packed more than `MAX_RATIO` times (from 100 MB on), or
        names a place outside the folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check(members, path)
            _extract(archive, members, path, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
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
            name=outside[0],
        )
    if len(members) > MAX_FILES or sum(m.file_size for m in members) > _allowed(path):
        raise _too_large(path)


def _stays_inside(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    return not (is_link or name.is_absolute() or ".." in name.parts or ":" in name.parts[0])


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
        target = folder / member.filename.replace("\\", "/")
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
