"""What a layer may name outside itself: addresses and grid files of coordinate systems.

GDAL fetches the address of a GeoJSON's ``crs``, and PROJ opens the grid files
that the text of a coordinate system names. A layer of villages needs neither,
so a file that names one is refused before GDAL sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from ..core.errors import FileProblem, mark
from .sniff import Kind

_CHUNK: Final = 4 * 2**20
_CRS_LENGTH: Final = 65_536
# JSON may write letters as escapes, GDAL compares names without case, and cuts them at NUL.
_CRS_KEY: Final = re.compile(
    rb"""["'](?:[cC]|\\u00[46]3)(?:[rR]|\\u00[57]2)(?:[sS]|\\u00[57]3)(["']|\\u0000)"""
)
_KEY_LENGTH: Final = 32
_NO_KEY: Final = re.compile(rb"\s*[,}\]]")
_COLON: Final = re.compile(rb"\s*:\s*")
_NAMED_TYPES: Final = ("name", "epsg", "ogc")
# Web Mercator says "@null", which is no file.
_GRIDS: Final = re.compile(
    r'(?i)PROJ4_GRIDS(?!"\s*,\s*"@null")|grids\W{0,9}=(?!@null(?![,\w]))|PARAMETERFILE'
    r"|\+init|\binit=|PROJ string|defmodel|tinshift|file\W{1,9}value\W{1,9}:"
)
_SPLIT: Final = re.compile(rb"(?i)<WKT>[^<]{0,4000}&#")
_FLATGEOBUF_HEAD: Final = 12
_FLATGEOBUF_MOST: Final = 2**24

POINTS_OUTSIDE: Final = mark(
    "{path} names a file or an address outside itself for its coordinate system; save it again "
    "with a code such as EPSG:4326."
)


def names_grids(definition: str) -> bool:
    """Whether the text of a coordinate system names files that PROJ would open."""
    return _GRIDS.search(definition) is not None


def check_references(path: Path, kind: Kind, label: str) -> None:
    """Refuse a file whose coordinate system is to be fetched or read from elsewhere.

    Parameters
    ----------
    path : pathlib.Path
        The file, or the folder of a File Geodatabase.
    kind : str
        What it is.
    label : str
        File, for the sentence of an error.

    Raises
    ------
    FileProblem
        If it names an address or a file.
    """
    if kind in ("GeoJSON", "TopoJSON"):
        harmless = all(_is_harmless(body) for body in _crs_members(path))
    else:
        harmless = not any(names_grids(text) for text in _definitions(path, kind))
    if not harmless:
        raise FileProblem(POINTS_OUTSIDE, path=label)


def _crs_members(path: Path) -> Iterator[bytes]:
    """What follows each key ``crs`` of a JSON text, from the end of the key on."""
    with path.open("rb") as file:
        begin, block = 0, file.read(_CHUNK)
        while block:
            more = file.read(_CHUNK)
            # A key may lie across two pieces, so the end of a piece is looked at with the next.
            last = len(block) - (_KEY_LENGTH if more else 0)
            for found in _CRS_KEY.finditer(block):
                if found.start() < last:
                    there = file.tell()
                    file.seek(begin + found.start(1))
                    yield file.read(_CRS_LENGTH)
                    file.seek(there)
            begin, block = begin + last, block[last:] + more


def _is_harmless(body: bytes) -> bool:
    """Whether a ``crs`` is a name, or no coordinate system at all."""
    after = body[1:]
    if not body.startswith((b'"', b"'")):
        return False
    colon = _COLON.match(after)
    if colon is None:
        return _NO_KEY.match(after) is not None
    value = after[colon.end() :]
    if not value.startswith(b"{"):
        # GDAL takes an object only; a comment may hide one.
        return re.match(rb'["\-\d\[ntf]', value) is not None
    try:
        crs = json.JSONDecoder(object_pairs_hook=list).raw_decode(value.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return all(_is_harmless_member(str(key), value) for key, value in crs[0])


def _is_harmless_member(key: str, value: Any) -> bool:
    if key.lower().startswith("type"):
        return str(value).lower().startswith(_NAMED_TYPES)
    return not names_grids(str(value))


def _definitions(path: Path, kind: Kind) -> Iterable[str]:
    """Texts in which a file of a kind says its coordinate system."""
    if kind == "Shapefile":
        named = [p for p in path.parent.iterdir() if p.stem.lower() == path.stem.lower()]
        for each in named:
            if each.suffix.lower() in (".prj", ".qpj") and each.is_file():
                yield _text(each.read_bytes())
    elif kind == "FlatGeobuf":
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_FLATGEOBUF_HEAD)[8:], "little")
            yield _text(file.read(min(length, _FLATGEOBUF_MOST)))
    elif kind == "File Geodatabase":
        for each in path.glob("*.gdbtable"):
            yield from _database_texts(each)


def _database_texts(path: Path) -> Iterator[str]:
    """Text of a table in pieces that overlap; numbered characters in XML could hide a word."""
    with path.open("rb") as file:
        tail = b""
        while chunk := file.read(_CHUNK):
            block = tail + chunk
            yield "PROJ4_GRIDS" if _SPLIT.search(block) else _text(block)
            tail = block[-_CRS_LENGTH:]


def _text(body: bytes) -> str:
    """Letters of a text in UTF-8 or UTF-16."""
    return body.replace(b"\x00", b"").decode("latin-1")
