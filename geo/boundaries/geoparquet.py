"""GeoParquet: its geometry column, coordinate system and columns checked before they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from pyproj import CRS

from ..core.errors import FileProblem, mark
from .fields import check_names
from .references import POINTS_OUTSIDE, names_grids
from .wkb import is_shallow

_BYTES: Final = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
_DEFAULT_CRS: Final = "OGC:CRS84"
_PANDAS_INDEX: Final = "__index_level_"


@dataclass(frozen=True)
class ParquetLayer:
    """What a GeoParquet file says of itself.

    Attributes
    ----------
    rows : int
        Rows.
    fields : tuple of str
        Columns of single values; lists, structures and bytes are no fields.
    geometry : str
        Column of the geometry.
    is_wkb : bool
        Whether the geometry is WKB; else it is one of GeoArrow's encodings.
    crs : object
        Coordinate system, as the file gives it; None for an unknown one.
    """

    rows: int
    fields: tuple[str, ...]
    geometry: str
    is_wkb: bool
    crs: Any


def describe_parquet(path: Path, label: str) -> ParquetLayer:
    """Check what a GeoParquet file says of itself.

    Raises
    ------
    ValueError
        If it has no geometry column of a known encoding.
    FileProblem
        If two columns have one name, or the coordinate system names a file.
    """
    with parquet.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    check_names(schema.names, label)
    geometry, about = _geometry_column(schema)
    is_wkb = about.get("encoding") == "WKB"
    if is_wkb and not any(is_kind(schema.field(geometry).type) for is_kind in _BYTES):
        raise ValueError("geometry is no binary column")
    crs = about.get("crs", _DEFAULT_CRS)
    if crs is not None and names_grids(json.dumps(crs)):
        raise FileProblem(POINTS_OUTSIDE, path=label)
    fields = tuple(field.name for field in schema if field.name != geometry and _is_single(field))
    return ParquetLayer(rows, fields, geometry, is_wkb, crs)


def read_parquet(path: Path, layer: ParquetLayer, label: str) -> gpd.GeoDataFrame:
    """Rows of a GeoParquet file.

    Raises
    ------
    FileProblem
        If a column holds text that is not UTF-8.
    """
    with parquet.ParquetFile(path) as file:
        table = file.read(columns=list(layer.fields))
    for name in layer.fields:
        _check_text(table.column(name), name, label)
    values = table.select(layer.fields).to_pandas(ignore_metadata=True, types_mapper=_with_gaps)
    return gpd.GeoDataFrame(values, geometry=_read_shapes(path, layer))


def _read_shapes(path: Path, layer: ParquetLayer) -> gpd.GeoSeries:
    """The geometry column, with unclosed rings closed."""
    crs = None if layer.crs is None else _as_crs(layer.crs)
    if not layer.is_wkb:
        with path.open("rb") as stream:
            shapes = gpd.read_parquet(stream, columns=[layer.geometry])[layer.geometry]
        return shapes.reset_index(drop=True).set_crs(crs, allow_override=True)
    with parquet.ParquetFile(path) as file:
        wkb = file.read(columns=[layer.geometry]).column(layer.geometry).to_numpy()
    if not all(map(is_shallow, wkb)):
        raise ValueError("geometry nested too deeply")
    return gpd.GeoSeries.from_wkb(wkb, crs=crs, on_invalid="fix")


def _is_single(field: pa.Field) -> bool:
    """Whether a column holds single values that have a text, and is no index of pandas."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    is_bytes = pa.types.is_fixed_size_binary(kind) or any(is_kind(kind) for is_kind in _BYTES)
    is_index = field.name.startswith(_PANDAS_INDEX)
    return not (pa.types.is_nested(kind) or is_bytes or is_index)


def _with_gaps(kind: pa.DataType) -> pd.api.extensions.ExtensionDtype | None:
    """A pandas type in which whole numbers stay whole beside gaps."""
    if pa.types.is_unsigned_integer(kind):
        return pd.UInt64Dtype()
    return pd.Int64Dtype() if pa.types.is_integer(kind) else None


def _geometry_column(schema: pa.Schema) -> tuple[str, dict[str, Any]]:
    """Name of the primary geometry column, and what the metadata says of it."""
    geo = json.loads((schema.metadata or {}).get(b"geo", b"null"))
    if not isinstance(geo, dict) or not isinstance(geo.get("columns"), dict):
        raise ValueError("no geometry")
    name = geo.get("primary_column")
    about = geo["columns"].get(name) if isinstance(name, str) else None
    if not isinstance(about, dict) or name not in schema.names:
        raise ValueError("no geometry column")
    return str(name), about


def _as_crs(crs: object) -> CRS:
    """A coordinate system of PROJJSON, or of WKT as older files have it."""
    if isinstance(crs, dict):
        return CRS.from_json_dict(crs)
    if crs == _DEFAULT_CRS:
        return CRS.from_user_input(_DEFAULT_CRS)
    return CRS.from_wkt(str(crs))


def _check_text(column: pa.ChunkedArray, name: str, label: str) -> None:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        raise FileProblem(
            mark("{path} holds text that is not UTF-8 in column {column!r}; write it as UTF-8."),
            path=label,
            column=name,
        ) from error
