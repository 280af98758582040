"""Files: written whole or not at all, and those that came through the browser."""

from __future__ import annotations

import gzip
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
from filelock import FileLock, Timeout

from .errors import FileProblem, mark

GZIP_MAGIC: Final = b"\x1f\x8b"
# A workbook of a million rows unpacks to ten times its size, one of the same rows over and over
# to a hundred times.
MOST_UNPACKED: Final = 4 << 30
MOST_RATIO: Final = 250
_RATIO_FROM: Final = 100 << 20
_BLOCK: Final = 1 << 20
_PATIENCE: Final = 20.0  # seconds


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside the target to write to, moved into place at the end.

    What is written may be a file or a folder; a failure leaves nothing behind.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".part-") as folder:
        part = Path(folder) / path.name
        yield part
        os.replace(part, path)


def write_atomically(path: Path, body: bytes) -> None:
    """Write a file: all of it, or nothing."""
    with written_whole(path) as part:
        part.write_bytes(body)


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """The only one who writes in a workspace folder; what the system says becomes a sentence.

    Raises
    ------
    FileProblem
        If the folder cannot be written to, or another writer takes too long.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_PATIENCE):
            yield
    except (OSError, Timeout) as error:
        raise FileProblem(
            mark("The workspace {path} cannot be written: {reason}."),
            path=str(folder),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error


@dataclass(frozen=True)
class Upload:
    """A file that came through the browser: it stays in memory and is never written to disk.

    Attributes
    ----------
    name : str
        File name without folders.
    data : bytes
        Its content.
    """

    name: str
    data: bytes = field(repr=False)

    def is_file(self) -> bool:
        """An upload is always there."""
        return True


def require_file(path: Path | Upload) -> None:
    """Check that a path leads to a file: reading a device or a pipe may never end.

    Raises
    ------
    FileProblem
        If there is none, or it is a folder, a device or a pipe.
    """
    if isinstance(path, Upload):
        return
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise FileProblem(mark("There is no file {path}."), path=str(path)) from error
    if stat.S_ISDIR(mode):
        raise FileProblem(mark("{path} is a folder; choose a file in it."), path=str(path))
    if not stat.S_ISREG(mode):
        raise FileProblem(
            mark("{path} is a device or a pipe, not a file; copy its content to a file first."),
            path=str(path),
        )


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; not where the system refuses the path itself."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a name is too long


def bytes_allowed(packed: int) -> int:
    """Most bytes that may come out of a packed table of so many bytes."""
    return min(MOST_UNPACKED, max(_RATIO_FROM, MOST_RATIO * packed))


def too_much_packed(name: str) -> FileProblem:
    """The error of a packed table that holds more than is allowed."""
    return FileProblem(
        mark("{path} is not unpacked: it holds far more than a table of workers would."), path=name
    )


def unpack_gzip(data: pa.Buffer, name: str) -> pa.Buffer:
    """Content of a gzipped file, counted as it comes: a header may lie.

    Raises
    ------
    FileProblem
        If it unpacks to more than `bytes_allowed`.
    OSError, EOFError, zlib.error
        If it is damaged or cut off.
    """
    left, unpacked = bytes_allowed(len(data)), pa.BufferOutputStream()
    with gzip.GzipFile(fileobj=pa.BufferReader(data)) as file:
        while block := file.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise too_much_packed(name)
            unpacked.write(block)
    return unpacked.getvalue()


def digest(file: Path | Upload) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    if isinstance(file, Upload):
        return hashlib.sha256(file.data).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
