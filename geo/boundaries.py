"""Boundaries: reading a layer of villages into the normal form, and the levels above it.

Normal form: a GeoDataFrame indexed by dotted ``code`` with the columns
``name``, ``kind`` and ``geometry`` (EPSG:4326; None for a place without a
polygon). Levels above the villages are dissolved from them.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
from pyogrio.errors import DataSourceError

from . import codes
from .errors import UNREADABLE, ColumnProblem, FileProblem, mark
from .tables import read_table
from .voronoi import approximate_boundaries

_CODE_FIELDS: Final = ("code", "kode", "kdepum", "kode_desa", "kode_kel")
_NAME_FIELDS: Final = ("name", "nama", "namobj", "wadmkd", "nama_kel", "desa")
_PARQUET: Final = {".parquet", ".geoparquet"}
_CLEANING_GAP_M: Final = 50.0
_SCREEN_STEPS: Final = 4000
DATA: Final = Path(__file__).parent.parent / "data" / "boundaries"


@dataclass(frozen=True)
class Boundaries:
    """Villages with their polygons, and what must be said about them.

    Attributes
    ----------
    villages : geopandas.GeoDataFrame
        Normal form (see the module).
    source : str
        Who made the layer.
    date : datetime.date or None
        As of when, if known.
    approximate : bool
        True where the polygons are Thiessen cells of points.
    """

    villages: gpd.GeoDataFrame
    source: str
    date: dt.date | None
    approximate: bool


def read_boundaries(path: Path) -> Boundaries:
    """Read a layer of village polygons, or a table of village points.

    Parameters
    ----------
    path : pathlib.Path
        Any vector file GDAL reads, GeoParquet, or a ``.csv`` table of points
        with ``code, name, lat, lon`` beside a ``.toml`` of the same name that
        states ``area_km2`` and ``source``.

    Raises
    ------
    FileProblem
        If the file is absent or cannot be read as boundaries.
    ColumnProblem
        If no column holds village codes, or codes repeat.
    """
    if not path.is_file():
        raise FileProblem(mark("There is no boundary file {path}."), path=str(path))
    if path.suffix.lower() == ".csv":
        return _read_points(path)
    layer = _read_layer(path)
    return Boundaries(_to_normal_form(layer, path), _layer_source(path), None, approximate=False)


def _layer_source(path: Path) -> str:
    return path.name


def _read_layer(path: Path) -> gpd.GeoDataFrame:
    expected = mark(
        "{path} cannot be read as boundaries; expected is a GeoJSON, GeoPackage, "
        "Shapefile or GeoParquet file of villages."
    )
    read = gpd.read_parquet if path.suffix.lower() in _PARQUET else gpd.read_file
    try:
        layer = read(path)
    except (DataSourceError, *UNREADABLE) as error:
        raise FileProblem(expected, path=str(path)) from error
    if not isinstance(layer, gpd.GeoDataFrame) or layer.empty:
        raise FileProblem(expected, path=str(path))
    return layer


def _to_normal_form(layer: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    code_field = _find_field(layer, _CODE_FIELDS)
    name_field = _find_field(layer, _NAME_FIELDS)
    if code_field is None or not pd.api.types.is_string_dtype(layer[code_field]):
        raise ColumnProblem(
            mark("{path} has no text column of village codes; expected is one named {fields}."),
            path=str(path),
            fields=", ".join(_CODE_FIELDS),
        )
    dotted = codes.to_dotted(layer[code_field])
    _check_codes(dotted, layer[code_field], path)
    names = layer[name_field] if name_field else dotted
    villages = gpd.GeoDataFrame(
        {"name": names.fillna("").astype("str"), "kind": dotted.map(kind_of)},
        geometry=_polygons(layer),
    )
    if villages.geometry.isna().all():
        raise FileProblem(
            mark("{path} has no polygon; expected are polygons, or a CSV of village points."),
            path=str(path),
        )
    return villages.set_index(dotted.rename("code")).sort_index()


def _find_field(layer: pd.DataFrame, wanted: tuple[str, ...]) -> str | None:
    fields = {str(column).lower(): str(column) for column in layer.columns}
    return next((fields[name] for name in wanted if name in fields), None)


def _check_codes(dotted: pd.Series, given: pd.Series, path: Path) -> None:
    wrong = given[dotted == ""]
    if len(wrong):
        raise ColumnProblem(
            mark("{path} has {count} rows without a village code, such as {example!r}."),
            path=str(path),
            count=len(wrong),
            example=str(wrong.iloc[0]),
        )
    repeated = dotted[dotted.duplicated()]
    if len(repeated):
        raise ColumnProblem(
            mark("{path} has the village code {code} more than once; each must stand once."),
            path=str(path),
            code=repeated.iloc[0],
        )


def _polygons(layer: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Geometry in EPSG:4326, flat, valid; None where a place has no polygon."""
    shapes = layer.geometry if layer.crs else layer.geometry.set_crs(4326)
    shapes = shapes.force_2d().to_crs(4326)
    shapes = shapes.where(shapes.is_valid, shapes.make_valid())
    areal = shapes.map(_polygonal_part)
    return gpd.GeoSeries(areal, index=layer.index, crs=4326)


def _polygonal_part(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """The polygons of a shape; None if it has none."""
    if shape is None or shape.is_empty:
        return None
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if parts else None


def kind_of(code: str) -> str:
    """Kind of a village by its serial: 1 kelurahan, 3 desa adat, else desa."""
    return {"1": "kelurahan", "3": "desa adat"}.get(code[9:10], "desa")


def _read_points(path: Path) -> Boundaries:
    table = read_table(path, ("code", "name", "lat", "lon"))
    about = _read_about(path.with_suffix(".toml"))
    dotted = codes.to_dotted(table["code"])
    _check_codes(dotted, table["code"], path)
    table = table.set_index(dotted.rename("code")).sort_index()
    cells = approximate_boundaries(_points(table, path), area_km2=about["area_km2"])
    kinds = pd.Series(table.index.map(kind_of), index=table.index)
    villages = gpd.GeoDataFrame({"name": table["name"], "kind": kinds}, geometry=cells)
    return Boundaries(villages, about["source"], about.get("date"), approximate=True)


def _read_about(path: Path) -> dict[str, Any]:
    """What a table of points cannot say itself."""
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except UNREADABLE:
        about = {}
    kinds: dict[str, Any] = {"area_km2": (int, float), "source": str, "date": dt.date}
    if not all(isinstance(about.get(k, dt.date.min), kind) for k, kind in kinds.items()):
        raise FileProblem(
            mark("{path} must say area_km2 (a number) and source (a text) of the table of points."),
            path=str(path),
        )
    return about


def _points(table: pd.DataFrame, path: Path) -> gpd.GeoSeries:
    degrees = table[["lat", "lon"]].apply(pd.to_numeric, errors="coerce")
    wrong = table.index[~((degrees["lat"].abs() <= 90) & (degrees["lon"].abs() <= 180))]
    if len(wrong):
        raise ColumnProblem(
            mark("{path} gives {code} no latitude and longitude in degrees."),
            path=str(path),
            code=wrong[0],
        )
    return gpd.GeoSeries(gpd.points_from_xy(degrees["lon"], degrees["lat"], crs=4326), table.index)


def simplify_for_drawing(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Fewer vertices, neighbours still sharing their edges.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        A true coverage in EPSG:4326, as `dissolve_levels` gives it.

    Returns
    -------
    geopandas.GeoSeries
        Simplified (Visvalingam-Whyatt) to a quarter of a pixel where the
        whole layer fills a screen of 1,000 pixels.
    """
    if shapes.empty:
        return shapes
    west, south, east, north = shapes.total_bounds
    tolerance = max(east - west, north - south) / _SCREEN_STEPS
    simple = shapely.coverage_simplify(shapes.values, tolerance)
    return gpd.GeoSeries(simple, index=shapes.index, crs=shapes.crs)


def dissolve_levels(villages: gpd.GeoSeries) -> dict[codes.Level, gpd.GeoSeries]:
    """Shapes of each level, every one from the level below.

    Parameters
    ----------
    villages : geopandas.GeoSeries
        Polygons by village code, EPSG:4326, none missing.

    Returns
    -------
    dict of str to geopandas.GeoSeries
        ``village``, ``subdistrict``, ``regency``, ``province``: EPSG:4326,
        indexed by code, without places that have no polygon. Gaps and
        overlaps of up to 50 m between neighbours are closed, so that borders
        of all levels coincide.
    """
    shapes = _clean(villages)
    levels: dict[codes.Level, gpd.GeoSeries] = {"village": shapes}
    for level in ("subdistrict", "regency", "province"):
        keys = shapes.index.map(lambda code, level=level: codes.ancestor(code, level))
        shapes = gpd.GeoSeries(
            shapes.groupby(keys.rename("code")).agg(lambda s: shapely.coverage_union_all(s.values)),
            crs=4326,
        )
        levels[level] = shapes
    return levels


def _clean(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """A true coverage: neighbours share their edges exactly."""
    if shapes.empty:
        return shapes
    flat = shapes.to_crs(shapes.estimate_utm_crs())
    cleaned = shapely.coverage_clean(flat.values, gap_width=_CLEANING_GAP_M)
    kept = gpd.GeoSeries(cleaned, index=shapes.index, crs=flat.crs).to_crs(4326)
    return kept.where(~kept.is_empty, shapes)


def read_crosswalk() -> pd.DataFrame:
    """Known villages: ``code`` (Kemendagri, dotted), ``name`` and ``bps_code``."""
    columns = ["code", "name", "bps_code"]
    return pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str", usecols=columns)


def read_region_names() -> pd.Series:
    """Names of the provinces, regencies and subdistricts of Indonesia, by code."""
    table = pd.read_csv(DATA / "regions.csv", dtype="str", index_col="code", keep_default_na=False)
    return table["name"]
