"""Files: written whole or not at all, and those that came through the browser."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


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
