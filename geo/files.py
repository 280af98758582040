"""Files: written whole or not at all, and those that came through the browser."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from .errors import FileProblem, mark

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


def digest(file: Path | Upload) -> str:
    """SHA-256 of a file's content, in hexadecimal."""
    if isinstance(file, Upload):
        return hashlib.sha256(file.data).hexdigest()
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
