"""Writing a file: all of it, or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, body: bytes) -> None:
    """Write beside the target and move into place; a failure leaves nothing behind.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".part-") as folder:
        part = Path(folder) / path.name
        part.write_bytes(body)
        os.replace(part, path)
