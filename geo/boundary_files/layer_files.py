"""What a boundary file is, by its first bytes; archives and loose parts made readable.

Archives are unpacked with care into a folder that is gone afterwards; nothing
else is ever written.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Final, Literal

from ..errors import FileProblem, mark
from .archives import unpack

Kind = Literal[
    "GeoJSON",
    "TopoJSON",
    "GeoPackage",
    "FlatGeobuf",
    "GeoParquet",
    "KML",
    "Shapefile",
    "File Geodatabase",
    "zip",
]

SUFFIXES: Final[dict[Kind, tuple[str, ...]]] = {
    "GeoJSON": (".geojson", ".json", ".geojsonl"),
    "TopoJSON": (".topojson", ".json"),
    "GeoPackage": (".gpkg",),
    "FlatGeobuf": (".fgb",),
    "GeoParquet": (".parquet", ".geoparquet"),
    "KML": (".kml",),
    "Shapefile": (".shp",),
    "File Geodatabase": (".gdb",),
    "zip": (".zip", ".kmz"),
}
_MAGIC: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\x00", "GeoPackage"),
    (b"fgb", "FlatGeobuf"),
    (b"PAR1", "GeoParquet"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
)
_JSON_TYPE: Final = re.compile(
    rb'"type"\s*:\s*"(Topology|FeatureCollection|Feature|GeometryCollection'
    rb'|MultiPolygon|Polygon|MultiPoint|Point|MultiLineString|LineString)"'
)
_SHAPEFILE_PARTS: Final = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml"}
_HEAD: Final = 65_536
NOT_BOUNDARIES: Final = mark(
    "{path} cannot be read as boundaries; expected is a layer of villages as GeoJSON, GeoPackage, "
    "Shapefile (zipped), FlatGeobuf, GeoParquet, KML, TopoJSON or File Geodatabase (zipped)."
)


@dataclass(frozen=True)
class Part:
    """One data set on disk that a reader can open."""

    path: Path
    kind: Kind


def label(path: Path | Sequence[Path]) -> str:
    """How a file, or several that belong together, is called in a sentence."""
    return str(path) if isinstance(path, Path) else ", ".join(each.name for each in path)


@contextmanager
def open_parts(path: Path | Sequence[Path]) -> Iterator[list[Part]]:
    """Data sets of a file; those of an archive live as long as the context."""
    paths = [path] if isinstance(path, Path) else list(path)
    for each in paths:
        if not each.exists():
            raise FileProblem(mark("There is no boundary file {path}."), path=str(each))
    with tempfile.TemporaryDirectory(prefix="jangkau-layer-") as folder:
        if len(paths) > 1:
            yield [_gather(paths, Path(folder))]
            return
        only = paths[0]
        kind = _sniff(only)
        if kind == "zip":
            inside = Path(folder) / "inside"
            inside.mkdir()
            unpack(only, inside)
            yield _find_parts(inside, str(only))
        else:
            yield [Part(_as_named(only, kind, Path(folder)), kind)]


def _sniff(path: Path) -> Kind:
    """What a file is, by its first bytes."""
    if path.is_dir():
        if path.suffix.lower() == ".gdb" and any(path.glob("*.gdbtable")):
            return "File Geodatabase"
        raise FileProblem(NOT_BOUNDARIES, path=str(path))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise FileProblem(mark("{path} is empty."), path=str(path))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    kind_of_text = _sniff_text(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    if kind_of_text is None:
        if path.suffix.lower() in _SHAPEFILE_PARTS - {".shp"} and path.with_suffix(".shp").exists():
            return _sniff(path.with_suffix(".shp"))
        raise FileProblem(NOT_BOUNDARIES, path=str(path))
    return kind_of_text


def _sniff_text(head: bytes) -> Kind | None:
    # Only what is named here is opened: GDAL knows text formats that point it to other files.
    if head.startswith(b"{") and b"gdal_streamed_alg" not in head:
        found = _JSON_TYPE.search(head)
        if found:
            return "TopoJSON" if found[1] == b"Topology" else "GeoJSON"
    if head.startswith(b"<") and b"<kml" in head and b"<!" not in head.replace(b"<!--", b""):
        return "KML"
    return None


def _as_named(path: Path, kind: Kind, folder: Path) -> Path:
    """The file under a name that its reader accepts."""
    if kind == "Shapefile":
        _check_shapefile(path.with_suffix(".shp"))
        return path if path.suffix.lower() == ".shp" else path.with_suffix(".shp")
    return path


def _check_shapefile(path: Path) -> None:
    siblings = {p.suffix.lower() for p in path.parent.glob(f"{_escaped(path.stem)}.*")}
    missing = sorted({".shp", ".dbf", ".shx"} - siblings)
    if missing:
        raise FileProblem(
            mark(
                "{path} lacks its part {missing}; a Shapefile is several files of one name "
                "(.shp, .shx, .dbf, .prj), so give them together or zipped."
            ),
            path=path.name,
            missing=", ".join(missing),
        )


def _escaped(stem: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", stem)


def _gather(paths: Sequence[Path], folder: Path) -> Part:
    """Loose parts of a Shapefile, put side by side under one name."""
    shapes = [p for p in paths if p.suffix.lower() == ".shp"]
    others = [p for p in paths if p.suffix.lower() not in _SHAPEFILE_PARTS]
    if len(shapes) > 1 or others:
        raise FileProblem(
            mark("{path} are several layers; give one file, or the parts of one Shapefile."),
            path=label(paths),
        )
    stem = shapes[0].stem if shapes else paths[0].stem
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
    parts = [Part(each, _sniff(each)) for each in visible]
    for part in parts:
        _as_named(part.path, part.kind, folder)
    return parts


def _as_database(folder: Path) -> Path:
    """GDAL knows a File Geodatabase by the folder's suffix."""
    if folder.suffix.lower() == ".gdb":
        return folder
    return folder.rename(folder.with_name(f"{folder.name}.gdb"))
