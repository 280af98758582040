"""Where the program's own files lie: in the repository, or inside an installed package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parents[1]
_BUNDLED: Final = PACKAGE / "_bundled"


def find_own(name: str) -> Path:
    """Path of a file or folder that stands beside ``geo`` in the repository.

    Parameters
    ----------
    name : str
        Such as ``app.py`` or ``data``. A wheel carries them in ``geo/_bundled``.
    """
    bundled = _BUNDLED / name
    return bundled if bundled.exists() else PACKAGE.parent / name


DATA: Final = find_own("data")
