"""Files that GDAL writes: GeoPackage with its colours, FlatGeobuf, Shapefile.

GDAL writes to a folder of its own that is removed at once; what is given back are bytes.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pyogrio

from ..core.errors import mark
from ..core.i18n import Language
from .codebook import write_codebook
from .files import Extract
from .metadata import add_data_package
from .qgis_style import write_qml
from .short_names import shorten_names
from .sld_style import write_sld
from .style_rules import build_rules
from .typed_frame import build_frame, layer_name

# QGIS 3.22 warns of the version that GDAL 3.12 writes by itself.
GEOPACKAGE_VERSION: Final = "1.2"
_GEOMETRY: Final = "geom"
_MOST_BYTES: Final = 254
_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)
"""
_LOSSES: Final = (
    mark("Field names have at most ten letters; the table below says what each stands for."),
    mark("Texts are cut after 254 bytes."),
    mark("A whole number or fraction that is not known is empty, and some programs read it as 0."),
    mark("Sources, filters and notes stand in this file only, not in the Shapefile."),
)


def write_geopackage(layers: Sequence[Extract], language: Language) -> bytes:
    """Layers with their colours as one GeoPackage, which QGIS opens styled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.gpkg"
        for index, extract in enumerate(layers):
            _write(
                _with_texts(build_frame(extract)),
                path,
                "GPKG",
                layer=layer_name(extract),
                append=index > 0,
                layer_metadata=_about(extract),
                dataset_options={} if index else {"VERSION": GEOPACKAGE_VERSION},
                layer_options={"GEOMETRY_NAME": _GEOMETRY, "IDENTIFIER": layer_name(extract)},
            )
        _add_styles(path, layers, language)
        return path.read_bytes()


def write_flatgeobuf(extract: Extract) -> bytes:
    """One layer as FlatGeobuf; title and statement stand in its head."""
    frame = build_frame(extract)
    # Its index can hold no place without a polygon.
    has_index = bool(frame.geometry.notna().all()) and len(frame) > 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.fgb"
        options = {
            "SPATIAL_INDEX": "YES" if has_index else "NO",
            "TITLE": layer_name(extract),
            "DESCRIPTION": json.dumps(_about(extract), ensure_ascii=False),
        }
        _write(
            _with_texts(frame), path, "FlatGeobuf", layer=layer_name(extract), layer_options=options
        )
        return path.read_bytes()


def write_shapefile(extract: Extract, language: Language) -> bytes:
    """One layer as a zipped Shapefile, with a page that says what it lacks."""
    name = layer_name(extract)
    frame = _with_texts(build_frame(extract))
    short = shorten_names(column for column in frame.columns if column != "geometry")
    texts = frame.select_dtypes("string").columns
    frame[texts] = frame[texts].map(_cut)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.shp"
        _write(
            frame.rename(columns=short),
            path,
            "ESRI Shapefile",
            layer=name,
            layer_options={"ENCODING": "UTF-8"},
        )
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(Path(folder).iterdir()):
                archive.write(part, part.name)
            archive.writestr(f"{name}.qml", _shapefile_qml(extract, short, language))
            archive.writestr("README.txt", _shapefile_readme(extract, short, language))
            archive.writestr("codebook.csv", write_codebook())
            add_data_package(archive, extract)
        return body.getvalue()


def _write(frame: gpd.GeoDataFrame, path: Path, driver: str, **options: Any) -> None:
    pyogrio.write_dataframe(
        frame, path, driver=driver, geometry_type="MultiPolygon", promote_to_multi=True, **options
    )


def _with_texts(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame with text in columns that GDAL takes for text even where there is no row."""
    texts = frame.columns[frame.dtypes.astype("str").isin(["str", "object"])]
    return frame.astype(dict.fromkeys(texts, "string"))


def _about(extract: Extract) -> dict[str, str]:
    return {fact.key: fact.text for fact in extract.about}


def _cut(text: str) -> str:
    """A text that fits into a field, cut between letters."""
    return text.encode()[:_MOST_BYTES].decode(errors="ignore")


def _add_styles(path: Path, layers: Sequence[Extract], language: Language) -> None:
    looks = []
    for extract in layers:
        name, measure = layer_name(extract), extract.view.classes.measure
        rules = build_rules(extract.view, language)
        qml = write_qml(rules, measure, language).decode()
        sld = write_sld(name, measure, rules, measure).decode()
        looks.append(LayerLook(name, _GEOMETRY, measure, qml, sld))
    add_looks(path, looks)


@dataclass(frozen=True)
class LayerLook:
    """The look of a layer in a GeoPackage.

    Attributes
    ----------
    layer, geometry : str
        Names of the layer and of its column of shapes.
    name : str
        Of the style.
    qml, sld : str
        The style itself; no SLD where it is empty.
    """

    layer: str
    geometry: str
    name: str
    qml: str
    sld: str = ""


def add_looks(path: Path, looks: Sequence[LayerLook]) -> None:
    """Put looks into a GeoPackage where QGIS finds them as the default of each layer.

    Catalogue and schema must be empty texts: where they are NULL, QGIS draws all in one colour.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLES)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
            " owner, ui) VALUES ('', '', ?, ?, ?, ?, ?, 1, '', '', NULL)",
            [(look.layer, look.geometry, look.name, look.qml, look.sld) for look in looks],
        )


def _shapefile_qml(extract: Extract, short: dict[str, str], language: Language) -> bytes:
    """The look under the short field names."""
    measure = extract.view.classes.measure
    text = write_qml(build_rules(extract.view, language), measure, language).decode()
    for long, name in short.items():
        text = text.replace(f"&quot;{long}&quot;", f"&quot;{name}&quot;")
        text = text.replace(f'field="{long}"', f'field="{name}"')
    return text.encode()


def _shapefile_readme(extract: Extract, short: dict[str, str], language: Language) -> str:
    lines = [f"{fact.label}: {fact.text}" for fact in extract.about]
    lines += ["", *(language(loss) for loss in _LOSSES), ""]
    lines += [f"{name:<10}  {long}" for long, name in short.items()]
    return "\r\n".join([*lines, ""])
