"""Parquet tables as text, with what was a number kept known."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from ..core.files import MOST_UNPACKED, bytes_allowed, too_much_packed
from .grid import MAX_COLUMNS, Grid, clean
from .workbooks import cell_text, damage_as_sentence, too_wide

PARQUET_MAGIC: Final = b"PAR1"
_ROWS: Final = 20_000
_MOST_CELLS: Final = 400_000_000
# Geometry and other binary values hold such bytes; text does not.
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def read_parquet_grid(data: pa.Buffer, name: str) -> Grid:
    """Cells of a Parquet table; its column names are the first row.

    Raises
    ------
    FileProblem
        If it is damaged, has over 200 columns, or holds far more than it packs.
    """
    with damage_as_sentence(name):
        file = _open(data, name)
        names, kinds = file.schema_arrow.names, file.schema_arrow.types
        pieces: list[list[pa.Array]] = [[pa.array([title.strip()])] for title in names]
        bytes_left = MOST_UNPACKED
        for batch in file.iter_batches(_ROWS):
            bytes_left -= sum(_text_bytes(column) for column in batch.columns)
            if bytes_left < 0:
                raise too_much_packed(name)
            for texts, column in zip(pieces, batch.columns, strict=True):
                texts.append(_to_text(column))
        columns = tuple(pa.concat_arrays(texts) for texts in pieces)
    height = len(columns[0]) if columns else 1
    mask = np.ones(height, dtype=bool)
    mask[0] = False
    return Grid(
        columns,
        np.arange(1, height + 1),
        dict.fromkeys(
            (column_index for column_index, kind in enumerate(kinds) if _is_number(kind)), mask
        ),
        np.zeros(height, dtype=bool),
    )


def _open(data: pa.Buffer, name: str) -> pa.parquet.ParquetFile:
    """Open the file so that texts are read as the distinct ones that it keeps."""
    about = pa.parquet.read_metadata(pa.BufferReader(data))
    schema = about.schema.to_arrow_schema()
    if len(schema) > MAX_COLUMNS:
        raise too_wide(len(schema), name)
    groups = [about.row_group(group_index) for group_index in range(about.num_row_groups)]
    size = sum(group.total_byte_size for group in groups)
    cells = sum(group.num_rows for group in groups) * len(schema)
    if size > bytes_allowed(len(data)) or cells > _MOST_CELLS:
        raise too_much_packed(name)
    texts = [field.name for field in schema if _is_text(field.type)]
    return pa.parquet.ParquetFile(pa.BufferReader(data), read_dictionary=texts)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def _text_bytes(column: pa.Array) -> int:
    """Bytes that the texts of a column take once each cell has its own."""
    if not (pa.types.is_dictionary(column.type) and _is_text(column.type.value_type)):
        return int(column.nbytes)
    lengths = pc.binary_length(column.dictionary)
    return pc.sum(pc.take(lengths, column.indices)).as_py() or 0


def _to_text(column: pa.Array) -> pa.Array:
    """Text of a column; geometry and nested values have none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        distinct = _to_text(column.dictionary)
        return pc.fill_null(pc.take(distinct, column.indices), "")
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.date32(), safe=False)
    if pa.types.is_floating(kind):
        return clean(pa.array([cell_text(v) for v in column.to_pylist()], pa.string()))
    try:
        text = column.cast(pa.binary()).cast(pa.string()) if _is_text(kind) else column
        return clean(text.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _decode(column) if _is_text(kind) else pa.array([""] * len(column), pa.string())


def _decode(column: pa.Array) -> pa.Array:
    """Bytes that are not UTF-8 all, read as cp1252 where they are text."""
    values = [value or b"" for value in column.cast(pa.binary()).to_pylist()]
    if any(_CONTROL.search(value) for value in values):
        return pa.array([""] * len(column), pa.string())
    return clean(pa.array([_decode_one(value) for value in values], pa.string()))


def _decode_one(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")
