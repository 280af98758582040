"""What the reading process does with a layer: uploads are written to its folder and read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..boundaries.conventions import Recognition
from ..boundaries.layers import Layer, list_layers
from ..boundaries.reading import Boundaries, guess_fields, read_boundaries
from ..boundaries.sniff import NOT_BOUNDARIES
from ..core.errors import FileProblem

Uploads = Mapping[str, bytes]
Tell = Callable[[str, float | None], None]

_WORKBOOKS: Final = {"[Content_Types].xml", "content.xml"}
_LONGEST_NAME, _LONGEST_SUFFIX = 200, 12
_OLE: Final = b"\xd0\xcf\x11\xe0"


def list_layers_of(
    uploads: Uploads, folder: str, _tell: Tell, *, paths: Sequence[Path]
) -> list[Layer]:
    """List the layers of a boundary file (see `geo.boundaries.layers.list_layers`)."""
    return list_layers(_paths_of(uploads, folder, paths))


def guess_fields_of(
    uploads: Uploads, folder: str, _tell: Tell, *, paths: Sequence[Path], layer: str | None
) -> tuple[Recognition, dict[str, tuple[str, ...]]]:
    """Say what the fields of a layer are taken for (see `geo.boundaries.reading.guess_fields`)."""
    return guess_fields(_paths_of(uploads, folder, paths), layer)


def read_boundaries_of(
    uploads: Uploads, folder: str, _tell: Tell, *, paths: Sequence[Path], **options: Any
) -> Boundaries:
    """Read a layer of villages (see `geo.boundaries.reading.read_boundaries`)."""
    return read_boundaries(_paths_of(uploads, folder, paths), **options)


def _paths_of(uploads: Uploads, folder: str, paths: Sequence[Path]) -> Path | list[Path]:
    """Where the files lie: uploads are written to the folder, as GDAL wants files."""
    for name, data in uploads.items():
        _refuse_tables(name, data)
    written = []
    for name, data in uploads.items():
        target = Path(folder) / _name_on_disk(name)
        target.write_bytes(data)
        written.append(target)
    both = [*paths, *written]
    return both[0] if len(both) == 1 else both


def _name_on_disk(name: str) -> str:
    """Name for an upload on disk: never that of a folder, and not too long."""
    path = Path(name.replace("\0", "_"))
    if path.name in ("", "..") or len(path.name.encode()) > _LONGEST_NAME:
        return f"upload{path.suffix[:_LONGEST_SUFFIX]}"
    return path.name


def _refuse_tables(name: str, data: bytes) -> None:
    """Refuse a table of people before it is written anywhere: it may hold identities."""
    if data.startswith(_OLE) or (data.startswith(b"PK") and _is_workbook(data)):
        raise FileProblem(NOT_BOUNDARIES, path=name)


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(_WORKBOOKS & set(archive.namelist()))
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return False
