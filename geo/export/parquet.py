"""Parquet: with polygons (GeoParquet 1.1), and the table alone."""

from __future__ import annotations

import io
import json
from typing import Final

import pyarrow as pa
from pyarrow import parquet

from .files import Extract
from .typed_frame import build_frame, build_table

_KEY: Final = b"jangkau"


def write_geoparquet(extract: Extract) -> bytes:
    """One layer as GeoParquet 1.1 with the extent of each place, by which readers skip parts."""
    body = io.BytesIO()
    frame = build_frame(extract)
    frame.to_parquet(
        body, index=False, schema_version="1.1.0", write_covering_bbox=True, compression="zstd"
    )
    return _with_statement(parquet.read_table(io.BytesIO(body.getvalue())), extract)


def write_parquet(extract: Extract) -> bytes:
    """The figures alone as Parquet."""
    return _with_statement(
        pa.Table.from_pandas(build_table(extract), preserve_index=False), extract
    )


def _with_statement(table: pa.Table, extract: Extract) -> bytes:
    about = json.dumps({fact.key: fact.plain for fact in extract.about}, ensure_ascii=False)
    metadata = {**(table.schema.metadata or {}), _KEY: about.encode()}
    body = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(metadata), body, compression="zstd")
    return body.getvalue()
