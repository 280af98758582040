"""Files: written whole or not at all, and those that came through the browser."""

from __future__ import annotations

import errno
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
# Folders of what is being written. In a workspace only who holds its lock makes the first kind:
# one that is there without a writer is left over.
PART: Final = ".part-"
_OUT: Final = ".out-"
_PATIENCE: Final = 20.0  # seconds
# What a file system answers that cannot flush a folder, or lets nobody open it.
_NO_FLUSH: Final = (
    errno.EINVAL,
    errno.ENOTSUP,
    errno.ENOSYS,
    errno.EBADF,
    errno.EACCES,
    errno.EPERM,
)


@contextmanager
def written_whole(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Give a path beside the target to write to, and move the file into place at the end.

    What is written may be a file or a folder; a failure leaves nothing behind. A process that is
    killed leaves a folder ``.part-…`` (durable) or ``.out-…``.

    Parameters
    ----------
    path : pathlib.Path
        The target.
    durable : bool
        Whether it must be there after a loss of power, too. The content is then flushed to the
        disk before it is moved, the entry in the target's folder after it.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    prefix = PART if durable else _OUT
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=prefix) as folder:
        part = Path(folder) / path.name
        yield part
        if durable:
            _flush(part)
        os.replace(part, path)
    if durable:
        flush_folder(path.parent)


def write_atomically(path: Path, body: bytes, *, durable: bool = False) -> None:
    """Write a file: all of it, or nothing (see `written_whole`)."""
    with written_whole(path, durable=durable) as part:
        part.write_bytes(body)


def make_folder(folder: Path) -> None:
    """Make a folder where there is none, with those above it, and flush their entries."""
    missing = [above for above in folder.parents if not above.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    # Its own entry always: who made it may have been killed before the entry was flushed.
    for folder_made in (*missing[::-1], folder):
        flush_folder(folder_made.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk, where the system can; Windows cannot."""
    if os.name == "nt":
        return
    try:
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise


def _flush(path: Path) -> None:
    """Flush a file, or a folder of files, to the disk."""
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        # Windows flushes only what is open for writing.
        with file.open("r+b") as opened:
            os.fsync(opened.fileno())
    if path.is_dir():
        flush_folder(path)


@contextmanager
def one_writer(folder: Path, *, patience: float | None = None) -> Iterator[None]:
    """Lock a workspace folder for one writer; turn an error of the system into a sentence.

    The system lets go of the lock when its process ends, however it ends; the file ``.lock``
    stays and blocks nobody.

    Parameters
    ----------
    folder : pathlib.Path
        Made where there is none.
    patience : float, optional
        Seconds to wait for another writer; left out: 20.

    Raises
    ------
    FileProblem
        If the folder cannot be written to, or another writer takes too long.
    """
    try:
        make_folder(folder)
        with FileLock(folder / ".lock", timeout=_PATIENCE if patience is None else patience):
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
        """Say yes: an upload is always there."""
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
    """Make the error of a packed table that holds more than is allowed."""
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
    bytes_left, unpacked = bytes_allowed(len(data)), pa.BufferOutputStream()
    with gzip.GzipFile(fileobj=pa.BufferReader(data)) as file:
        while block := file.read(_BLOCK):
            bytes_left -= len(block)
            if bytes_left < 0:
                raise too_much_packed(name)
            unpacked.write(block)
    return unpacked.getvalue()


def digest(file: Path | Upload) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    if isinstance(file, Upload):
        return hashlib.sha256(file.data).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
