"""Values on their way between two processes: JSON, and Arrow for tables.

Nothing is unpickled: whoever takes over the reading process can send tables and texts, but no
code. A message is a line of JSON and the bodies of its tables; decoding builds only the classes
of `CLASSES`.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from ..core.errors import JangkauError

# Loaded when one of them comes: a table of people needs no geometry, and the other way round.
_MODULES: Final = {
    "..core.errors": ("FileProblem", "ColumnProblem", "QueryProblem", "Note"),
    "..enrolment.reading": ("EnrolmentReading", "Outline", "Tally", "ColumnMissing"),
    "..enrolment.roles": ("Column",),
    "..enrolment.values": ("Ambiguity",),
    "..enrolment.workbooks": ("SheetInfo",),
    "..gazetteer.place_index": ("Gazetteer",),
    "..counting.count": ("Counts", "Trace"),
    "..reconcile.reconcile": ("Reconciliation",),
    "..boundaries.reading": ("Boundaries",),
    "..boundaries.conventions": ("Recognition",),
    "..boundaries.layer_audit": ("LayerAudit",),
    "..boundaries.layers": ("Layer",),
    "..boundaries.shapes": ("CrsMissing",),
}
CLASSES: Final = {name: module for module, names in _MODULES.items() for name in names}
_KIND: Final = "$"
_LENGTH: Final = struct.Struct("<Q")
_CRS: Final = 4326


def send(stream: IO[bytes], value: Any) -> None:
    """Write one value as a message."""
    bodies: list[pa.Buffer] = []
    head = json.dumps({"value": _encode(value, bodies), "bodies": len(bodies)}).encode()
    for part in (head, *bodies):
        write_part(stream, part)
    stream.flush()


def write_part(stream: IO[bytes], part: bytes | pa.Buffer) -> None:
    """Write bytes behind their length."""
    stream.write(_LENGTH.pack(len(part)))
    stream.write(part)


def receive(stream: IO[bytes], most: int) -> Any:
    """Read one value.

    Parameters
    ----------
    stream : file
        Where `send` wrote to.
    most : int
        Bytes that a part of the message may have.

    Raises
    ------
    EOFError
        If the stream ends before the message does.
    ValueError
        If the message is larger, or no message.
    """
    message = json.loads(read_part(stream, most))
    bodies = [read_part(stream, most) for _ in range(int(message["bodies"]))]
    return _decode(message["value"], bodies)


def read_part(stream: IO[bytes], most: int) -> bytes:
    """Read bytes that `write_part` wrote, at most so many (see `receive`)."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    if length > most:
        raise ValueError(f"a message of {length} bytes")
    return _read_exactly(stream, length)


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    return body


def _encode(value: Any, bodies: list[pa.Buffer]) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return value.item()
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return _encode_table(value, bodies)
    if isinstance(value, list):
        return [_encode(each, bodies) for each in value]
    return _encode_object(value, bodies)


def _encode_object(value: Any, bodies: list[pa.Buffer]) -> dict[str, Any]:
    """Encode what JSON has no form for, with the name of what it is."""
    match value:
        case dt.date():
            return {_KIND: "date", "text": value.isoformat()}
        case Path():
            return {_KIND: "path", "text": str(value)}
        case tuple():
            return {_KIND: "tuple", "items": [_encode(each, bodies) for each in value]}
        case Mapping():
            pairs = [[_encode(k, bodies), _encode(v, bodies)] for k, v in value.items()]
            return {_KIND: "dict", "items": pairs}
    names = [kind.__name__ for kind in type(value).__mro__ if kind.__name__ in CLASSES]
    if not names:
        raise TypeError(f"{type(value).__name__} is not sent between processes")
    values = vars(value)
    if is_dataclass(value):
        values = {each.name: getattr(value, each.name) for each in fields(value)}
    facts = {name: _encode(each, bodies) for name, each in values.items()}
    return {_KIND: names[0], "facts": facts}


def _encode_table(table: pd.DataFrame | pd.Series, bodies: list[pa.Buffer]) -> dict[str, Any]:
    kind = "table"
    if type(table).__name__ == "GeoDataFrame":
        import shapely

        kind = "layer"
        texts = pd.DataFrame(table.drop(columns="geometry"))
        table = texts.assign(geometry=shapely.to_wkb(table.geometry.to_numpy()))
    elif isinstance(table, pd.Series):
        kind, table = "series", table.to_frame()
    arrow = pa.Table.from_pandas(table)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, arrow.schema) as writer:
        writer.write_table(arrow)
    bodies.append(sink.getvalue())
    return {_KIND: kind, "body": len(bodies) - 1}


def _decode(value: Any, bodies: list[bytes]) -> Any:
    if isinstance(value, list):
        return [_decode(each, bodies) for each in value]
    if not isinstance(value, dict):
        return value
    match value[_KIND]:
        case "date":
            return dt.date.fromisoformat(value["text"])
        case "path":
            return Path(value["text"])
        case "tuple":
            return tuple(_decode(each, bodies) for each in value["items"])
        case "dict":
            return {_decode(k, bodies): _decode(v, bodies) for k, v in value["items"]}
        case "table" | "series" | "layer" as kind:
            return _decode_table(kind, bodies[value["body"]])
    built = getattr(import_module(CLASSES[value[_KIND]], __package__), value[_KIND])
    facts = {name: _decode(each, bodies) for name, each in value["facts"].items()}
    if issubclass(built, JangkauError):
        return _build_error(built, facts)
    return built(**facts)


def _build_error(kind: type[JangkauError], facts: dict[str, Any]) -> JangkauError:
    """Build an error with the attributes it had, whatever its constructor asks for."""
    error = kind.__new__(kind)
    Exception.__init__(error, facts["message"])
    vars(error).update(facts)
    return error


def _decode_table(kind: str, body: bytes) -> Any:
    with pa.ipc.open_stream(body) as reader:
        arrow = reader.read_all()
    arrow.validate(full=True)
    table = arrow.to_pandas()
    if kind == "series":
        return table.iloc[:, 0]
    if kind == "layer":
        import geopandas as gpd
        import shapely

        shapes = shapely.from_wkb(table["geometry"].to_numpy())
        return gpd.GeoDataFrame(table.assign(geometry=shapes), geometry="geometry", crs=_CRS)
    return table
