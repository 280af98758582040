"""Layers of boundary files of any kind, and their rows as they stand in the file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
from pyarrow import parquet
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from ..errors import FileProblem, mark
from .conventions import looks_like_villages
from .layer_files import NOT_BOUNDARIES, SUFFIXES, Part, label, open_parts

_WRONG: Final = (
    *(DataSourceError, DataLayerError, FeatureError, GeometryError),
    *(ValueError, OSError, pa.ArrowException, RuntimeError),
)


@dataclass(frozen=True)
class Layer:
    """One layer of a file.

    Attributes
    ----------
    name : str
        What to ask `read_layer` for.
    count : int
        Rows.
    geometry_type : str
        As the file declares it: ``MultiPolygon``, ``Point``, ``Unknown``, ….
    fields : tuple of str
        Names of the columns.
    likely : bool
        Whether this one, of all layers of the file, is likely the villages.
    """

    name: str
    count: int
    geometry_type: str
    fields: tuple[str, ...]
    likely: bool = False


@dataclass(frozen=True)
class RawLayer:
    """The rows of a layer as they stand in the file.

    Attributes
    ----------
    rows : geopandas.GeoDataFrame
        All columns, geometry untouched; CRS None where the file has none.
    name : str
        Name of the layer.
    kind : str
        What the file is.
    misnamed : bool
        Whether the file's suffix says it is something else.
    encoding : str
        Encoding of the text where it had to be found out, else empty.
    """

    rows: gpd.GeoDataFrame
    name: str
    kind: str
    misnamed: bool = False
    encoding: str = ""


def list_layers(path: Path | Sequence[Path]) -> list[Layer]:
    """Layers with geometry that a file (or the loose parts of one) holds.

    Parameters
    ----------
    path : pathlib.Path or sequence of pathlib.Path
        A file; or the parts of a Shapefile that belong together.

    Raises
    ------
    FileProblem
        If there is no layer that could be boundaries.
    """
    with open_parts(path) as parts:
        found = [layer for part in parts for layer in _describe(part, label(path))]
    if not found:
        raise FileProblem(NOT_BOUNDARIES, path=label(path))
    best = max(found, key=looks_like_villages_score)
    return [Layer(*_values(layer), likely=layer is best) for layer in found]


def read_layer(path: Path | Sequence[Path], layer: str | None = None) -> RawLayer:
    """Rows of one layer, unchanged.

    Parameters
    ----------
    path : pathlib.Path or sequence of pathlib.Path
        See `list_layers`.
    layer : str, optional
        Name of the layer; by default the one that is likely the villages.

    Raises
    ------
    FileProblem
        If the file cannot be read, has no such layer, or the layer no rows.
    """
    with open_parts(path) as parts:
        found = [(part, each) for part in parts for each in _describe(part, label(path))]
        if not found:
            raise FileProblem(NOT_BOUNDARIES, path=label(path))
        part, chosen = _choose(found, layer, label(path))
        encoding = _text_encoding(part)
        rows = _read(part, chosen.name, encoding, label(path))
    if rows.empty:
        raise FileProblem(
            mark("{path} holds no rows; expected is a layer with one polygon a village."),
            path=label(path),
        )
    misnamed = part.path.suffix.lower() not in SUFFIXES[part.kind]
    return RawLayer(rows, chosen.name, part.kind, misnamed, encoding or "")


def looks_like_villages_score(layer: Layer) -> tuple[float, int]:
    """How likely a layer is the one of the villages; larger is likelier."""
    kind = layer.geometry_type.lower()
    areal = 2.0 if "polygon" in kind else 1.0 if kind in {"unknown", "geometry"} else -9.0
    return areal + looks_like_villages(layer.name, layer.fields), layer.count


def _values(layer: Layer) -> tuple[str, int, str, tuple[str, ...]]:
    return layer.name, layer.count, layer.geometry_type, layer.fields


def _choose(found: list[tuple[Part, Layer]], wanted: str | None, path: str) -> tuple[Part, Layer]:
    if wanted is None:
        return max(found, key=lambda pair: looks_like_villages_score(pair[1]))
    for part, layer in found:
        if layer.name == wanted:
            return part, layer
    raise FileProblem(
        mark("{path} has no layer {layer!r}; there are: {known}."),
        path=path,
        layer=wanted,
        known=", ".join(layer.name for _, layer in found[:8]),
    )


def _describe(part: Part, path: str) -> list[Layer]:
    """Layers with geometry of one data set."""
    try:
        if part.kind == "GeoParquet":
            return [_describe_parquet(part.path)]
        with _quietly():
            names = [name for name, kind in pyogrio.list_layers(part.path) if kind is not None]
        return [_describe_layer(part, name) for name in names]
    except _WRONG as error:
        raise FileProblem(NOT_BOUNDARIES, path=path) from error


def _describe_layer(part: Part, name: str) -> Layer:
    with _quietly():
        info = pyogrio.read_info(part.path, layer=name, force_feature_count=True)
    kind = str(info["geometry_type"] or "Unknown")
    return Layer(name, int(info["features"]), kind, tuple(map(str, info["fields"])))


def _describe_parquet(path: Path) -> Layer:
    file = parquet.ParquetFile(path)
    if b"geo" not in (file.schema_arrow.metadata or {}):
        raise ValueError("no geometry")
    return Layer(path.stem, file.metadata.num_rows, "Unknown", tuple(file.schema_arrow.names))


def _read(part: Part, layer: str, encoding: str | None, path: str) -> gpd.GeoDataFrame:
    try:
        with _quietly():
            if part.kind == "GeoParquet":
                rows, whole = gpd.read_parquet(part.path), _whole_numbers_of_parquet(part.path)
            else:
                rows = pyogrio.read_dataframe(part.path, layer=layer, encoding=encoding)
                whole = _whole_numbers(part.path, layer)
    except _WRONG as error:
        raise FileProblem(NOT_BOUNDARIES, path=path) from error
    if not isinstance(rows, gpd.GeoDataFrame):
        raise FileProblem(NOT_BOUNDARIES, path=path)
    if part.kind == "TopoJSON" and rows.crs is None:
        rows = rows.set_crs(4326)  # The format knows no other.
    if rows.geometry.name != "geometry":
        rows = rows.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
    # pandas reads whole numbers with a gap as floats; the file had them whole.
    floats = [c for c in whole if c in rows and pd.api.types.is_float_dtype(rows[c])]
    return rows.astype(dict.fromkeys(floats, "Int64")).reset_index(drop=True)


def _whole_numbers(path: Path, layer: str) -> list[str]:
    info = pyogrio.read_info(path, layer=layer)
    return [f for f, t in zip(info["fields"], info["dtypes"], strict=True) if t.startswith("int")]


def _whole_numbers_of_parquet(path: Path) -> list[str]:
    schema = parquet.read_schema(path)
    return [field.name for field in schema if pa.types.is_integer(field.type)]


@contextmanager
def _quietly() -> Iterator[None]:
    """GDAL's remarks about a file are no warnings of ours: the audit says what matters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _text_encoding(part: Part) -> str | None:
    """Encoding of a Shapefile's text where the file does not say it, or says it wrong."""
    if part.kind != "Shapefile":
        return None
    declared = _sibling(part.path, ".cpg")
    says = declared.read_text("ascii", errors="replace").strip().lower() if declared else ""
    if says and says.replace("-", "") not in {"utf8", "65001"}:
        return None
    table = _sibling(part.path, ".dbf")
    body = table.read_bytes() if table else b""
    text = np.frombuffer(body[int.from_bytes(body[8:10], "little") :], dtype=np.uint8)
    return "utf-8" if _is_utf8(text.tobytes()) else "cp1252"


def _is_utf8(body: bytes) -> bool:
    """Whether bytes are UTF-8; a character cut off at the end of a field is forgiven."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return broken <= sum(1 for c in re.findall(r"[^\x00-\x7f]", text) if c != "\ufffd")


def _sibling(path: Path, suffix: str) -> Path | None:
    names: dict[str, Any] = {p.name.lower(): p for p in path.parent.iterdir()}
    return names.get(f"{path.stem}{suffix}".lower())
