"""What a boundary file is, by its first bytes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal
from xml.parsers import expat

from ..core.errors import FileProblem, mark

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
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_HEAD: Final = 65_536
NOT_BOUNDARIES: Final = mark(
    "{path} cannot be read as boundaries; expected is a layer of villages as GeoJSON, GeoPackage, "
    "Shapefile (zipped), FlatGeobuf, GeoParquet, KML, TopoJSON or File Geodatabase (zipped)."
)


class _FirstElement(Exception):
    """Ends the parsing of XML; ``name`` is the root element's, with its namespace."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def check_there(path: Path) -> None:
    """Refuse a path that is no file and no folder, before anything opens it.

    A device or a pipe may never end, and waits for its writer when opened.

    Raises
    ------
    FileProblem
        If there is nothing, the name is too long, or it is a device or a pipe.
    """
    try:
        there = path.exists()
        whole = path.is_file() or path.is_dir()
    except (OSError, ValueError):
        there = whole = False
    if not there:
        raise FileProblem(mark("There is no boundary file {path}."), path=str(path))
    if not whole:
        raise FileProblem(mark("{path} is no file but a device or a pipe."), path=str(path))


def sniff(path: Path) -> Kind | None:
    """Kind of a file or a folder, by its first bytes; None if it is none that is read.

    Raises
    ------
    FileProblem
        If the file is empty or cannot be opened.
    """
    if path.is_dir():
        is_database = path.suffix.lower() == ".gdb" and any(path.glob("*.gdbtable"))
        return "File Geodatabase" if is_database else None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise FileProblem(NOT_BOUNDARIES, path=str(path)) from error
    if not head:
        raise FileProblem(mark("{path} is empty."), path=str(path))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _sniff_text(head.removeprefix(_BYTE_ORDER_MARK).lstrip())


def _sniff_text(head: bytes) -> Kind | None:
    if head.startswith(b"{"):
        found = _JSON_TYPE.search(head)
        if found:
            return "TopoJSON" if found[1] == b"Topology" else "GeoJSON"
    if head.startswith(b"<") and _root_element(head).rpartition(" ")[2] == "kml":
        return "KML"
    return None


def _root_element(head: bytes) -> str:
    """Name of the first element, after its namespace; empty if there is none, or a DOCTYPE."""
    # Some programs use prefixes that they do not declare, which GDAL forgives.
    return _first_element(head, " ") or _first_element(head, None)


def _first_element(head: bytes, separator: str | None) -> str:
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.StartDoctypeDeclHandler = lambda *declared: _stop("")
    parser.StartElementHandler = lambda name, attributes: _stop(name)
    try:
        parser.Parse(head, False)
    except _FirstElement as found:
        return found.name
    except (expat.ExpatError, ValueError, LookupError):
        return ""
    return ""


def _stop(name: str) -> None:
    raise _FirstElement(name)
