"""Boundary files made readable: archives unpacked, loose parts put together, names made plain.

Archives are unpacked with care into a folder that is gone afterwards; nothing
else is ever written.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile, copytree
from typing import Final

from ..core.errors import FileProblem, JangkauError, mark
from .archives import unpack
from .references import check_references
from .sniff import NOT_BOUNDARIES, SUFFIXES, Kind, check_there, sniff

_SHAPEFILE_PARTS: Final = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml"}
# pyogrio takes some signs in a path apart: what follows "!" would be opened instead of the file.
_PLAIN: Final = re.compile(r"[\w/\\:. ()\[\]~+=,@&'-]*")
_STEM_LENGTH: Final = 100


@dataclass(frozen=True)
class Part:
    """One data set on disk that a reader can open.

    Attributes
    ----------
    path : pathlib.Path
        Where it is, under a name that its reader takes as it stands.
    kind : str
        What it is.
    misnamed : bool
        Whether the suffix it was given with says it is something else.
    """

    path: Path
    kind: Kind
    misnamed: bool = False


def label(path: Path | Sequence[Path]) -> str:
    """How a file, or several that belong together, is called in a sentence."""
    return str(path) if isinstance(path, Path) else ", ".join(each.name for each in path)


@contextmanager
def open_parts(path: Path | Sequence[Path]) -> Iterator[list[Part]]:
    """Data sets of a file; those of an archive live as long as the context."""
    paths = [path] if isinstance(path, Path) else list(path)
    for each in paths:
        check_there(each)
    with tempfile.TemporaryDirectory(prefix="jangkau-layer-") as name:
        folder = Path(name)
        parts = [_gather(paths, folder)] if len(paths) > 1 else _parts_of(paths[0], folder)
        for part in parts:
            check_references(part.path, part.kind, label(path))
        yield [_under_plain_name(part, folder / f"{at}") for at, part in enumerate(parts)]


def _parts_of(path: Path, folder: Path) -> list[Part]:
    kind = _sniff(path)
    if kind == "zip":
        inside = folder / "inside"
        inside.mkdir()
        unpack(path, inside)
        try:
            return _find_parts(inside, str(path))
        except JangkauError as problem:
            problem.leave_out(f"{inside}{os.sep}")
            raise
    if kind == "Shapefile":
        path = path if path.suffix.lower() == ".shp" else path.with_suffix(".shp")
        _check_shapefile(path)
    return [_as_part(path, kind)]


def _as_part(path: Path, kind: Kind) -> Part:
    return Part(path.absolute(), kind, path.suffix.lower() not in SUFFIXES[kind])


def _sniff(path: Path) -> Kind:
    """What a file is, also where another part of a Shapefile is given than the ``.shp``."""
    kind = sniff(path)
    if kind is None:
        shapes = path.with_suffix(".shp")
        if path.suffix.lower() in _SHAPEFILE_PARTS - {".shp"} and shapes.is_file():
            return _sniff(shapes)
        raise FileProblem(NOT_BOUNDARIES, path=str(path))
    return kind


def _under_plain_name(part: Part, folder: Path) -> Part:
    """A data set under a path without special signs and with the suffix of its kind."""
    if _PLAIN.fullmatch(str(part.path)) and not part.misnamed:
        return part
    folder.mkdir()
    stem = re.sub(r"[^\w .()-]", "_", part.path.stem)[:_STEM_LENGTH]
    beside = _siblings(part.path) if part.kind == "Shapefile" else [part.path]
    for each in beside:
        suffix = SUFFIXES[part.kind][0] if part.misnamed else each.suffix.lower()
        _link(each, folder / f"{stem}{suffix}")
    return Part(folder / f"{stem}{SUFFIXES[part.kind][0]}", part.kind, part.misnamed)


def _link(path: Path, target: Path) -> None:
    """Make a file or folder known under another name; a copy where the system has no links."""
    try:
        target.symlink_to(path)
    except OSError:
        (copytree if path.is_dir() else copyfile)(path, target)


def _siblings(path: Path) -> list[Path]:
    """Files of the same name as a part of a Shapefile."""
    return [p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()]


def _check_shapefile(path: Path) -> None:
    missing = sorted({".shp", ".dbf", ".shx"} - {p.suffix.lower() for p in _siblings(path)})
    if missing:
        raise FileProblem(
            mark(
                "{path} lacks its part {missing}; a Shapefile is several files of one name "
                "(.shp, .shx, .dbf, .prj), so give them together or zipped."
            ),
            path=path.name,
            missing=", ".join(missing),
        )


def _gather(paths: Sequence[Path], folder: Path) -> Part:
    """Loose parts of a Shapefile, put side by side under one name."""
    shapes = [p for p in paths if p.suffix.lower() == ".shp"]
    others = [p for p in paths if p.suffix.lower() not in _SHAPEFILE_PARTS or not p.is_file()]
    if len(shapes) > 1 or others:
        raise FileProblem(
            mark("{path} are several layers; give one file, or the parts of one Shapefile."),
            path=label(paths),
        )
    stem = (shapes[0] if shapes else paths[0]).stem[:_STEM_LENGTH]
    for each in paths:
        copyfile(each, folder / f"{stem}{each.suffix.lower()}")
    _check_shapefile(folder / f"{stem}.shp")
    return Part(folder / f"{stem}.shp", "Shapefile")


def _find_parts(folder: Path, path: str) -> list[Part]:
    """Data sets in an unpacked archive."""
    databases = sorted({p.parent for p in folder.rglob("*.gdbtable")})
    if databases:
        return [Part(_as_database(database), "File Geodatabase") for database in databases]
    suffixes = {s for kind, names in SUFFIXES.items() if kind != "zip" for s in names}
    files = [p for p in sorted(folder.rglob("*")) if p.suffix.lower() in suffixes and p.is_file()]
    visible = [p for p in files if "__MACOSX" not in p.parts and not p.name.startswith(".")]
    if not visible:
        raise FileProblem(
            mark("{path} is a zip file without boundaries; a layer of villages is expected in it."),
            path=path,
        )
    parts = [_as_part(each, _sniff(each)) for each in visible]
    for part in parts:
        if part.kind == "Shapefile":
            _check_shapefile(part.path)
    return parts


def _as_database(folder: Path) -> Path:
    """GDAL knows a File Geodatabase by the folder's suffix."""
    if folder.suffix.lower() == ".gdb":
        return folder
    return folder.rename(folder.with_name(f"{folder.name}.gdb"))
