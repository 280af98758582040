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
import pyogrio

from ..core.errors import FileProblem, JangkauError, mark
from .conventions import looks_like_villages
from .drivers import DRIVERS
from .fields import check_names
from .geopackage import Tables, read_tables
from .geoparquet import describe_parquet, read_parquet
from .kml_fields import add_described_fields
from .layer_files import Part, label, open_parts
from .references import POINTS_OUTSIDE, names_grids
from .sniff import NOT_BOUNDARIES

MAX_LAYERS: Final = 200
MAX_ROWS: Final = 5_000_000
_SHOWN: Final = 8
_WHOLE: Final = ("OFTInteger", "OFTInteger64")
_EXACT_FLOATS: Final = 2**53


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
    left_out : tuple of str
        Layers of the file that are computed, not stored, and so not read.
    """

    rows: gpd.GeoDataFrame
    name: str
    kind: str
    misnamed: bool = False
    encoding: str = ""
    left_out: tuple[str, ...] = ()


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
        found = [layer for _, layer in _describe_all(parts, label(path))]
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
        part, chosen = _choose(_describe_all(parts, label(path)), layer, label(path))
        encoding = _text_encoding(part)
        rows = _read(part, chosen.name, encoding, label(path))
        with _parsing(label(path)):
            left_out = _tables(part, label(path)).left_out if part.kind == "GeoPackage" else ()
    if rows.empty:
        raise FileProblem(
            mark("{path} holds no rows; expected is a layer with one polygon a village."),
            path=label(path),
        )
    return RawLayer(rows, chosen.name, part.kind, part.misnamed, encoding or "", left_out)


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
        known=", ".join(layer.name for _, layer in found[:_SHOWN]),
    )


def _describe_all(parts: list[Part], path: str) -> list[tuple[Part, Layer]]:
    """All layers with geometry, each with the data set it is in."""
    found: list[tuple[Part, Layer]] = []
    for part in parts:
        with _parsing(path):
            found += [(part, layer) for layer in _describe(part, path, MAX_LAYERS - len(found))]
    if not found:
        raise FileProblem(NOT_BOUNDARIES, path=path)
    return found


def _describe(part: Part, path: str, most: int) -> list[Layer]:
    """Layers with geometry of one data set."""
    if part.kind == "GeoParquet":
        about = describe_parquet(part.path, path)
        _check_count(about.rows, path)
        return [Layer(part.path.stem, about.rows, "Unknown", (*about.fields, about.geometry))]
    if part.kind == "GeoPackage":
        names = list(_tables(part, path).layers)
    else:
        names = [name for name, kind in pyogrio.list_layers(part.path) if kind is not None]
    if len(names) > most:
        raise FileProblem(
            mark("{path} holds more than {count} layers; give the layer of villages alone."),
            path=path,
            count=MAX_LAYERS,
        )
    return [_describe_layer(part, name, path) for name in names]


def _describe_layer(part: Part, name: str, path: str) -> Layer:
    info = pyogrio.read_info(part.path, layer=name, force_feature_count=True, **_options(part))
    if info["driver"] not in DRIVERS[part.kind]:
        raise ValueError("opened as something else")
    _check_count(int(info["features"]), path)
    kind = str(info["geometry_type"] or "Unknown")
    return Layer(name, int(info["features"]), kind, tuple(_kinds_of_fields(info)))


def _options(part: Part) -> dict[str, str]:
    """Open options: of a GeoPackage only what it lists, not every table and view it has."""
    return {"LIST_ALL_TABLES": "NO"} if part.kind == "GeoPackage" else {}


def _check_count(rows: int, path: str) -> None:
    if rows > MAX_ROWS:
        raise FileProblem(
            mark("{path} says it has {rows} rows; a layer of villages has at most {most}."),
            path=path,
            rows=rows,
            most=MAX_ROWS,
        )


def _tables(part: Part, path: str) -> Tables:
    tables = read_tables(part.path)
    if any(map(names_grids, tables.coordinate_systems)):
        raise FileProblem(POINTS_OUTSIDE, path=path)
    if tables.left_out and not tables.layers:
        raise FileProblem(
            mark("{path} holds only views ({names}); save the layer of villages as a table."),
            path=path,
            names=", ".join(tables.left_out[:_SHOWN]),
        )
    return tables


def _read(part: Part, layer: str, encoding: str | None, path: str) -> gpd.GeoDataFrame:
    with _parsing(path):
        if part.kind == "GeoParquet":
            about = describe_parquet(part.path, path)
            rows = read_parquet(part.path, about, path)
        else:
            rows = _read_with_gdal(part, layer, encoding, path)
    if not isinstance(rows, gpd.GeoDataFrame):
        raise FileProblem(NOT_BOUNDARIES, path=path)
    if part.kind == "TopoJSON" and rows.crs is None:
        rows = rows.set_crs(4326)  # The format knows no other.
    return rows.reset_index(drop=True)


def _read_with_gdal(part: Part, layer: str, encoding: str | None, path: str) -> gpd.GeoDataFrame:
    """Rows of a layer, with unclosed rings closed."""
    options = _options(part)
    info = pyogrio.read_info(part.path, layer=layer, **options)
    check_names(map(str, info["fields"]), path)
    rows = pyogrio.read_dataframe(
        part.path, layer=layer, encoding=encoding, on_invalid="fix", **options
    )
    kinds = _kinds_of_fields(info)
    rows = rows[[*kinds, "geometry"]] if "geometry" not in kinds else rows
    # pandas reads whole numbers with a gap as floats; the file had them whole.
    gaps = [name for name, kind in kinds.items() if kind in _WHOLE and _has_gaps(rows[name])]
    rows = rows.astype(dict.fromkeys(gaps, "Int64"))
    return add_described_fields(rows) if part.kind == "KML" else rows


def _kinds_of_fields(info: dict[str, Any]) -> dict[str, str]:
    """Fields of a layer with their types in GDAL; bytes have no text, so they are no fields."""
    kinds = zip(map(str, info["fields"]), map(str, info["ogr_types"]), strict=True)
    return {name: kind for name, kind in kinds if kind != "OFTBinary"}


def _has_gaps(values: pd.Series) -> bool:
    """Whether whole numbers were read as floats that still tell them apart."""
    return bool(pd.api.types.is_float_dtype(values) and not values.abs().max() > _EXACT_FLOATS)


@contextmanager
def _parsing(path: str) -> Iterator[None]:
    """Make one sentence of whatever readers raise; their remarks about a file are dropped."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except JangkauError:
        raise
    # Over damaged and made-up files the readers raise errors of every class, NameError included.
    except Exception as error:
        raise FileProblem(NOT_BOUNDARIES, path=path) from error


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
    names: dict[str, Any] = {p.name.lower(): p for p in path.parent.iterdir() if p.is_file()}
    return names.get(f"{path.stem}{suffix}".lower())
