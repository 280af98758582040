"""Mutations of what is packed: archives, gzip, SQLite and Parquet.

What is inside is changed and packed again as it should be, so that the change reaches the reader
behind the packing; a share of the inputs has the packing itself changed.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import warnings
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet

from . import tokens
from .mutations import (
    choose_times,
    mutate_bytes,
    mutate_csv,
    mutate_json,
    mutate_xlsb,
    mutate_xml,
)
from .planted import SECRET_PATH

Mutator = Callable[[random.Random, bytes, Sequence[bytes]], bytes]
Member = tuple[str, bytes]

_INSIDE = 0.8  # share of inputs in which the packing stays sound
_BY_SUFFIX: dict[str, Mutator] = {
    ".xml": mutate_xml,
    ".rels": mutate_xml,
    ".kml": mutate_xml,
    ".json": mutate_json,
    ".bin": mutate_xlsb,
}
_NAMES = (
    *(
        "../x.kml",
        "/x.kml",
        "a\\..\\..\\x.kml",
        ".",
        "..",
        "./.",
        "",
        "doc.kml",
        "x.shp",
        "x.geojson",
    ),
    *("a/" * 500 + "x.kml", "n" * 300 + ".kml", "C:/x.kml", "x.gdb/a.gdbtable", "content.xml"),
    *("[Content_Types].xml", "META-INF/manifest.xml", "xl/workbook.xml", "x.vrt", "villages.prj"),
    *("mimetype", "x.kml/", "\N{RIGHT-TO-LEFT OVERRIDE}.kml", "x.cpg", "x.zip", "x.gpkg", "x.tif"),
)


# ---- archives ----


@lru_cache
def unpack(data: bytes) -> tuple[Member, ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return tuple((info.filename, archive.read(info)) for info in archive.infolist())


def pack(members: Sequence[Member], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same members give the same archive."""
    buffer = io.BytesIO()
    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive,
    ):
        # Two members of one name are meant.
        warnings.simplefilter("ignore")
        for name, body in members:
            info = zipfile.ZipInfo(name, (2024, 10, 22, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, body)
    return buffer.getvalue()


def mutate_zip(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change a member and pack it again, or change the archive's own bytes."""
    if rng.random() > _INSIDE:
        return mutate_bytes(rng, data, others)
    members = list(unpack(data))
    at = rng.randrange(len(members))
    name, body = members[at]
    match rng.randrange(20):
        case 0:
            del members[at]
        case 1:
            members[at] = (rng.choice(_NAMES), body)
        case 2:
            members.insert(at, (rng.choice(_NAMES), encode_any(rng)))
        case 3:
            members.append((name, encode_any(rng)))
        case 4 if rng.random() < 0.2:
            members[at] = (name, body + rng.choice((b"\0", b" ", b"<x/>")) * 3_000_000)
        case _:
            same = [part for other in others for title, part in unpack(other) if title == name]
            mutate = _BY_SUFFIX.get(PurePosixPath(name).suffix, mutate_bytes)
            members[at] = (name, mutate(rng, body, same))
    return pack(members, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))


def encode_any(rng: random.Random) -> bytes:
    """Content that has nothing to do with where it lies."""
    return rng.choice((*tokens.XML, *tokens.JSON, *tokens.CSV)).encode("utf-8", "surrogatepass")


def mutate_gzip(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change the text inside, or the packing."""
    if rng.random() > _INSIDE:
        return mutate_bytes(rng, data, others)
    body = mutate_csv(rng, gzip.decompress(data), [gzip.decompress(other) for other in others])
    if rng.random() < 0.01:
        body += rng.choice((b"\n", b"\0", b"a,b\n")) * 300_000
    packed = gzip.compress(body, 1, mtime=0)
    return packed * 2 if rng.random() < 0.05 else packed


# ---- SQLite ----

_LAYER = "villages"
_STATEMENTS = (
    f"ALTER TABLE {_LAYER} RENAME TO rows",
    f"ALTER TABLE {_LAYER} RENAME TO '{{text}}'",
    f"ALTER TABLE {_LAYER} RENAME COLUMN nama TO '{{text}}'",
    f"ALTER TABLE {_LAYER} ADD COLUMN '{{text}}' {{kind}}",
    f"DROP TABLE {_LAYER}",
    "DROP TABLE {table}",
    "DELETE FROM {table}",
    f"UPDATE {_LAYER} SET geom = {{blob}}",
    f"UPDATE {_LAYER} SET geom = {{blob}} WHERE fid = 1",
    f"UPDATE {_LAYER} SET kode = {{value}}",
    f"UPDATE {_LAYER} SET nama = {{value}} WHERE fid = 2",
    f"UPDATE {_LAYER} SET fid = {{number}} WHERE fid = 1",
    "UPDATE gpkg_contents SET data_type = '{contents}'",
    "UPDATE gpkg_contents SET table_name = '{text}'",
    "UPDATE gpkg_contents SET table_name = '{table}'",
    "UPDATE gpkg_contents SET srs_id = {number}",
    "UPDATE gpkg_contents SET min_x = {value}, max_y = {value}",
    "UPDATE gpkg_contents SET last_change = '{text}', identifier = '{text}'",
    "INSERT INTO gpkg_contents (table_name, data_type, last_change) "
    "VALUES ('{table}', '{contents}', '{text}')",
    "UPDATE gpkg_geometry_columns SET geometry_type_name = '{text}'",
    "UPDATE gpkg_geometry_columns SET column_name = '{text}'",
    "UPDATE gpkg_geometry_columns SET z = {number}, m = {number}",
    "UPDATE gpkg_geometry_columns SET srs_id = {number}",
    "UPDATE gpkg_spatial_ref_sys SET definition = '{text}'",
    "UPDATE gpkg_spatial_ref_sys SET organization = '{text}', organization_coordsys_id = {number}",
    "UPDATE gpkg_spatial_ref_sys SET srs_id = srs_id + 1",
    "UPDATE gpkg_extensions SET extension_name = '{text}', scope = '{text}'",
    "UPDATE gpkg_ogr_contents SET feature_count = {number}",
    "PRAGMA application_id = {small}",
    "PRAGMA user_version = {small}",
    f"CREATE VIEW seen AS SELECT * FROM {_LAYER}",
    f"CREATE VIEW seen AS SELECT a.* FROM {_LAYER} a, {_LAYER} b, {_LAYER} c, {_LAYER} d",
    "CREATE VIEW seen AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) "
    "SELECT fid, NULL AS geom FROM n LIMIT 3000000",
    "CREATE VIEW seen AS SELECT fid, geom, zeroblob(9000000) AS nama FROM villages",
    "CREATE VIRTUAL TABLE seen USING fts5(nama)",
    "CREATE TABLE gpkg_data_columns (table_name, column_name, name, title, description, "
    "mime_type, constraint_name)",
    f"CREATE TRIGGER odd AFTER UPDATE ON {_LAYER} BEGIN DELETE FROM {_LAYER}; END",
    "UPDATE sqlite_master SET sql = replace(sql, 'TEXT', '{text}') WHERE name = 'villages'",
    "UPDATE sqlite_master SET sql = 'CREATE TABLE villages({text})' WHERE name = 'villages'",
    "UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE villages USING "
    f"VirtualOGR(''{SECRET_PATH}'')', type = 'table', rootpage = 0 WHERE name = 'villages'",
    "UPDATE sqlite_master SET sql = 'CREATE VIRTUAL TABLE villages USING "
    f"VirtualOGR(''{tokens.VRT}'')', type = 'table', rootpage = 0 WHERE name = 'villages'",
    "UPDATE sqlite_master SET sql = 'CREATE VIEW villages AS SELECT readfile("
    f"''{SECRET_PATH}'') AS nama', type = 'view', rootpage = 0 WHERE name = 'villages'",
    "UPDATE sqlite_master SET rootpage = {small} WHERE name = '{table}'",
    "UPDATE sqlite_master SET sql = '{text}' WHERE name = '{table}'",
)
_REFER = "UPDATE {0} SET table_name = 'seen' WHERE table_name = 'villages'"
_METADATA = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_ogr_contents", "gpkg_extensions")


def mutate_sqlite(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change a GeoPackage by SQL, or its bytes."""
    if rng.random() < 0.35:
        return mutate_bytes(rng, data, others, tokens.XML)
    with sqlite3.connect(":memory:", isolation_level=None) as base:
        base.deserialize(data)
        base.execute("PRAGMA writable_schema = ON")
        # What a GeoPackage's own triggers call.
        for name in ("ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY", "ST_IsEmpty"):
            base.create_function(name, 1, lambda blob: 0)
        for _ in range(choose_times(rng)):
            statement = rng.choice(_STATEMENTS)
            # Many statements cannot follow on others, or on an odd text.
            with suppress(sqlite3.Error, ValueError):
                base.execute(_fill(rng, statement))
                if " seen " in statement:
                    for table in _METADATA:
                        base.execute(_REFER.format(table))
        body = base.serialize()
    base.close()
    return body


def _fill(rng: random.Random, statement: str) -> str:
    text = rng.choice(tokens.VALUES).replace("'", "''").replace("\ud800", "")
    number = rng.choice(tokens.INTEGERS)
    blob = rng.choice(
        (
            *(
                "NULL",
                "x''",
                "1",
                "'text'",
                f"x'{rng.randbytes(60).hex()}'",
                "zeroblob(100000)",
                "x'4750'",
            ),
            "x'47500001E6100000' || geom",
            "substr(geom, 1, length(geom) - 9)",
            "substr(geom, 1, 50) || x'000000000000F87F' || substr(geom, 59)",
            "substr(geom, 1, 8) || x'01030000000000FFFFFF7F'",
            f"substr(geom, 1, {rng.randrange(60)}) || x'{rng.choice(tokens.WORDS).hex()}' "
            f"|| substr(geom, {rng.randrange(90)})",
        )
    )
    facts = {
        "text": text,
        "number": number,
        "small": rng.choice((0, 1, 2, 10_000, 1196444487, 2**31 - 1)),
        "value": rng.choice((blob, str(number), f"'{text}'", "9e999", "NULL")),
        "kind": rng.choice(("TEXT", "BLOB", "INTEGER", "REAL", "DATE", "DATETIME", "POLYGON", "x")),
        "blob": blob,
        "table": rng.choice(
            (*_METADATA, "gpkg_spatial_ref_sys", "villages", "rtree_villages_geom")
        ),
        "contents": rng.choice(("features", "attributes", "tiles", "2d-gridded-coverage", "x", "")),
    }
    for name, value in facts.items():
        statement = statement.replace(f"{{{name}}}", str(value))
    return statement


# ---- Parquet ----

_TYPES = (
    *(pa.string(), pa.binary(), pa.int64(), pa.float64(), pa.bool_(), pa.null(), pa.date32()),
    *(pa.timestamp("ns"), pa.timestamp("s", "Asia/Jakarta"), pa.time64("us"), pa.large_string()),
    *(pa.list_(pa.int64()), pa.struct([("x", pa.float64()), ("y", pa.float64())])),
    *(
        pa.dictionary(pa.int32(), pa.string()),
        pa.decimal128(38, 2),
        pa.map_(pa.string(), pa.int8()),
    ),
    *(pa.list_(pa.list_(pa.struct([("x", pa.float64()), ("y", pa.float64())]))), pa.float16()),
    *(pa.duration("s"), pa.uint64(), pa.int8(), pa.binary(4), pa.string_view()),
)
_CODECS = ("none", "snappy", "gzip", "zstd")


def mutate_parquet(rng: random.Random, data: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change columns, types and metadata of a table, or its bytes."""
    if rng.random() < 0.5:
        return mutate_bytes(rng, data, others)
    table = pyarrow.parquet.read_table(pa.BufferReader(data))
    for _ in range(choose_times(rng)):
        table = _change_table(rng, table)
    sink = pa.BufferOutputStream()
    try:
        pyarrow.parquet.write_table(
            table, sink, compression=rng.choice(_CODECS), use_dictionary=rng.random() < 0.5
        )
    except pa.ArrowException:  # some types cannot be written
        return mutate_bytes(rng, data, others)
    body = sink.getvalue().to_pybytes()
    return mutate_bytes(rng, body) if rng.random() < 0.2 else body


def _change_table(rng: random.Random, table: pa.Table) -> pa.Table:
    at = rng.randrange(max(table.num_columns, 1))
    facts = dict(table.schema.metadata or {})
    choice = rng.randrange(8)
    if choice == 0:
        names = [*table.column_names, "geometry", "geom", "NIK", "DESA", "", "x" * 300, "\0"]
        return table.rename_columns([rng.choice(names) for _ in table.column_names])
    if choice == 1 and b"geo" in facts:
        facts[b"geo"] = mutate_json(rng, facts[b"geo"])
        return table.replace_schema_metadata(facts)
    if choice == 2:
        facts[rng.choice((b"geo", b"pandas"))] = rng.choice(
            (b"{}", b"[]", b"\xff", b"null", b'{"columns": {}}', json.dumps("x").encode())
        )
        return table.replace_schema_metadata(facts)
    if choice == 3:
        return table.slice(0, rng.randrange(3))
    if not table.num_columns:
        return table
    if choice == 4:
        return table.remove_column(at)
    column = _any_column(rng, table.num_rows, table.column(at))
    name = table.column_names[at]
    return table.set_column(at, name, column) if choice < 7 else table.append_column(name, column)


def _any_column(rng: random.Random, length: int, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_binary(column.type) and rng.random() < 0.7:
        cells = [mutate_bytes(rng, cell or b"") for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.binary())])
    if rng.random() < 0.3:
        # Text that is not UTF-8, which Arrow's own checks would refuse to build.
        cells = [rng.choice(tokens.WORDS) for _ in range(length)]
        kept = pa.array(cells, pa.binary()).buffers()
        return pa.chunked_array([pa.Array.from_buffers(pa.string(), length, kept)])
    kind = rng.choice(_TYPES)
    for cells in (
        [rng.choice(tokens.VALUES) for _ in range(length)],
        rng.choices((0, 1, -1), k=length),
    ):
        with suppress(pa.ArrowException, ValueError, TypeError):
            return pa.chunked_array([pa.array(cells).cast(kind)])
    return pa.chunked_array([pa.nulls(length, kind)])
