"""Every format that places are written in, by key: the same list for page and command line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import pandas as pd

from ..core import codes
from ..core.codebook import COLUMNS
from ..core.errors import FileProblem, mark
from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..measures.query import Query
from .codebook import write_codebook
from .dhis2 import write_dhis2
from .files import (
    Extract,
    build_extract,
    csv_bytes,
    disarmed,
    plain_rows,
    write_csv,
    write_geojson,
    write_xlsx,
)
from .gdal_files import write_flatgeobuf, write_geopackage, write_shapefile
from .kml import write_kml
from .metadata import add_data_package
from .parquet import write_geoparquet, write_parquet
from .publication import build_published
from .qgis_style import ProjectLayer, write_project, write_qml
from .sld_style import write_sld
from .style_rules import build_rules
from .topojson import write_topojson
from .typed_frame import layer_name

Layers = Sequence[Extract]


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    key : str
        As the command line names it.
    label : str
        Message for the catalogue.
    suffix, mime : str
        Of the file.
    write : callable
        Makes the bytes of layers, the one that was asked for first; formats of one layer take
        that one.
    several : bool
        Whether it holds more than one layer.
    """

    key: str
    label: str
    suffix: str
    mime: str
    write: Callable[[Layers, Language], bytes]
    several: bool = False


def write_style(layers: Layers, language: Language) -> bytes:
    """The looks of layers as QML and SLD, zipped."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for extract in layers:
            name, measure = layer_name(extract), extract.view.classes.measure
            rules = build_rules(extract.view, language)
            archive.writestr(f"{name}.qml", write_qml(rules, measure, language))
            archive.writestr(f"{name}.sld", write_sld(name, measure, rules, measure))
        add_data_package(archive, layers[0])
    return body.getvalue()


def write_qgis_project(layers: Layers, language: Language) -> bytes:
    """A QGIS project beside its GeoPackage and the codebook, zipped."""
    title = next(fact.text for fact in layers[0].about if fact.key == "name")
    listed = [
        ProjectLayer(
            layer_name(extract),
            layer_name(extract),
            f"./jangkau.gpkg|layername={layer_name(extract)}",
            "ogr",
            build_rules(extract.view, language),
            extract.view.classes.measure,
            extent_of(extract),
        )
        for extract in layers
    ]
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("jangkau.gpkg", write_geopackage(layers, language))
        archive.writestr("jangkau.qgs", write_project(title, listed))
        archive.writestr("codebook.csv", write_codebook())
        add_data_package(archive, layers[0])
    return body.getvalue()


def extent_of(extract: Extract) -> tuple[float, float, float, float]:
    """West, south, east and north of an extract in degrees; of Indonesia where nothing is drawn."""
    known = extract.shapes.dropna()
    if known.empty:
        return (95.0, -11.0, 141.0, 6.0)
    west, south, east, north = (float(edge) for edge in known.total_bounds)
    return (west, south, east, north)


def write_indonesian_csv(extract: Extract) -> bytes:
    """CSV that Excel with Indonesian settings reads right: semicolons, and commas in decimals."""
    rows = pd.DataFrame(
        plain_rows(extract.table), columns=[c.name for c in COLUMNS], dtype="object"
    )
    for column in COLUMNS:
        if column.kind == "text":
            rows[column.name] = rows[column.name].map(disarmed)
        elif column.kind == "rate":
            rows[column.name] = rows[column.name].map(_decimal_comma)
    return csv_bytes(rows, separator=";")


def _decimal_comma(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.10g}".replace(".", ",")


_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Final = (
    Format(
        "geojson", "GeoJSON", ".geojson", "application/geo+json",
        lambda layers, language: write_geojson(layers[0]),
    ),
    Format(
        "gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3", write_geopackage,
        several=True,
    ),
    Format(
        "qgis", mark("QGIS project (zip)"), ".qgis.zip", "application/zip", write_qgis_project,
        several=True,
    ),
    Format(
        "fgb", "FlatGeobuf", ".fgb", "application/octet-stream",
        lambda layers, language: write_flatgeobuf(layers[0]),
    ),
    Format(
        "geoparquet", "GeoParquet", ".geoparquet", "application/vnd.apache.parquet",
        lambda layers, language: write_geoparquet(layers[0]),
    ),
    Format(
        "shp", "Shapefile (zip)", ".shp.zip", "application/zip",
        lambda layers, language: write_shapefile(layers[0], language),
    ),
    Format(
        "kml", "KML", ".kml", "application/vnd.google-earth.kml+xml",
        lambda layers, language: write_kml(layers[0], language),
    ),
    Format(
        "topojson", "TopoJSON", ".topojson", "application/json",
        lambda layers, language: write_topojson(layers), several=True,
    ),
    Format(
        "xlsx", "XLSX", ".xlsx", _XLSX, lambda layers, language: write_xlsx(layers[0], language)
    ),
    Format("csv", "CSV", ".csv", "text/csv", lambda layers, language: write_csv(layers[0])),
    Format(
        "csv-id", mark("CSV for Excel with Indonesian settings"), ".id.csv", "text/csv",
        lambda layers, language: write_indonesian_csv(layers[0]),
    ),
    Format(
        "parquet", mark("Parquet (table)"), ".parquet", "application/vnd.apache.parquet",
        lambda layers, language: write_parquet(layers[0]),
    ),
    Format(
        "dhis2", "DHIS2 (zip)", ".dhis2.zip", "application/zip",
        lambda layers, language: write_dhis2(layers), several=True,
    ),
    Format(
        "style", mark("Styles (QML and SLD, zip)"), ".style.zip", "application/zip", write_style,
        several=True,
    ),
)  # fmt: skip
_BY_KEY: Final = {format_.key: format_ for format_ in FORMATS}


def find_format(path: PurePath) -> Format:
    """The format that a file's name asks for, by its longest known suffix.

    Raises
    ------
    FileProblem
        If no format has the suffix.
    """
    name = path.name.lower().replace(".json", ".geojson")
    fitting = [f for f in FORMATS if name.endswith(f.suffix)]
    if fitting:
        return max(fitting, key=lambda format_: len(format_.suffix))
    raise FileProblem(
        mark("{path} has no known suffix; expected is one of {known}."),
        path=str(path),
        known=", ".join(format_.suffix for format_ in FORMATS),
    )


def format_of(key: str) -> Format:
    """The format of a key."""
    return _BY_KEY[key]


def build_layers(
    data: Dataset,
    query: Query,
    level: codes.Level,
    format_: Format,
    language: Language,
    *,
    threshold: int | None = None,
) -> tuple[Extract, ...]:
    """Places of a level; for a format of several layers, those of the next level above as well.

    With a threshold they are a publication copy (see `geo.export.publication`).
    """
    above = codes.LEVELS[codes.LEVELS.index(level) - 1]
    has_above = format_.several and above in ("subdistrict", "regency")
    levels = (level, above) if has_above else (level,)
    if threshold is None:
        return tuple(build_extract(data, query, each, language) for each in levels)
    return tuple(
        build_published(data, query, each, language, threshold=threshold) for each in levels
    )
