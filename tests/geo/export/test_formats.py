"""Every format, read back by Debian's GDAL and by other readers than what wrote it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from factories import FIRST, VILLAGES, a_dataset, in_village, squares
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from geo.core.codebook import COLUMNS
from geo.core.errors import FileProblem
from geo.core.i18n import Language
from geo.export.files import Extract, build_extract, plain_rows
from geo.export.formats import FORMATS, build_layers, find_format, format_of
from geo.export.short_names import shorten_names
from geo.export.style_rules import build_rules, find_rule
from geo.measures.dataset import Dataset
from geo.measures.query import CHANGES, MEASURES, Query

ENGLISH = Language("en")
UNKNOWN = "62.05.02.2001"
WITHOUT_POLYGON = "62.05.01.2003"
ODD = 'Ma\'u "Dua", ; baris\ndua 🌴 قرية'
WHOLE = [c.name for c in COLUMNS if c.kind in ("people", "count", "rupiah")]


def a_layer(names: dict[str, str]) -> gpd.GeoDataFrame:
    layer = squares({**VILLAGES, **names})
    layer.loc[2, "geometry"] = None
    whole = layer.geometry.iloc[1]
    layer.loc[1, "geometry"] = whole.difference(whole.centroid.buffer(0.01))
    return layer


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A village without polygon, one with a hole, one of no enrolment, one of an odd name."""
    rows = [in_village(FIRST), in_village(WITHOUT_POLYGON, 2)]
    layer = a_layer({FIRST: ODD, "62.05.01.2002": "=HYPERLINK(1)"})
    return a_dataset(tmp_path_factory.mktemp("odd"), rows, {FIRST: 3, UNKNOWN: 5}, layer=layer)


def write(data: Dataset, key: str, folder: Path) -> tuple[Path, tuple[Extract, ...]]:
    chosen = format_of(key)
    layers = build_layers(data, Query(), "village", chosen, ENGLISH)
    path = folder / f"places{chosen.suffix}"
    path.write_bytes(chosen.write(layers, ENGLISH))
    return path, layers


def gdal_rows(path: Path, layer: str = "villages") -> dict[str, dict[str, Any]]:
    """Features by code as Debian's GDAL reads them."""
    ogr2ogr = shutil.which("ogr2ogr")
    if ogr2ogr is None:
        pytest.skip("ogr2ogr (Debian's gdal-bin) is not installed")
    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    command = [ogr2ogr, "-f", "GeoJSON", "/vsistdout/", source, *([layer] if layer else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {f["properties"]["code"]: f for f in json.loads(done.stdout)["features"]}


def as_written(rows: dict[str, dict[str, Any]], extract: Extract, names: dict[str, str]) -> None:
    """Hold that figures, codes, texts and nulls are those of the extract."""
    table = extract.table.set_index("code")
    assert set(rows) == set(table.index)
    for code, row in rows.items():
        for column in COLUMNS:
            given_value = row["properties"].get(names.get(column.name, column.name))
            expected = table.loc[code][column.name] if column.name != "code" else code
            if column.kind == "text":
                # A Shapefile holds no empty text beside no text.
                assert (given_value or "") == expected, column.name
            elif pd.isna(expected):
                assert given_value is None, column.name
            else:
                assert given_value == pytest.approx(expected, abs=1e-6), column.name
                assert column.name not in WHOLE or float(given_value).is_integer()


@pytest.mark.parametrize("key", ["geojson", "gpkg", "fgb", "shp", "topojson", "kml"])
def test_debians_gdal_reads_the_same_figures_codes_and_shapes(
    odd: Dataset, key: str, tmp_path: Path
) -> None:
    path, (extract, *_) = write(odd, key, tmp_path)
    by_name = key in ("geojson", "kml")
    rows = gdal_rows(path, "" if by_name else "villages")
    short = shorten_names(c.name for c in COLUMNS) if key == "shp" else {"name": "Name"}
    short = short if key in ("shp", "kml") else {}
    as_written(rows, extract, short)
    for code, shape in extract.shapes.items():
        drawn = rows[code]["geometry"]
        assert (drawn is None or drawn["coordinates"] == []) == (shape is None)
        if shape is not None:
            assert shapely.hausdorff_distance(shapely.geometry.shape(drawn), shape) < 2e-6


@pytest.mark.parametrize("key", ["gpkg", "topojson"])
def test_a_file_of_several_layers_holds_the_subdistricts_too(
    odd: Dataset, key: str, tmp_path: Path
) -> None:
    path, (_, above) = write(odd, key, tmp_path)
    as_written(gdal_rows(path, "subdistricts"), above, {})


@pytest.fixture(scope="module")
def prepared(odd: Dataset) -> dict[str, tuple[Extract, ...]]:
    keys = ("gpkg", "fgb", "kml", "geoparquet")
    return {key: build_layers(odd, Query(), "village", format_of(key), ENGLISH) for key in keys}


# Spaces around a name are no part of it in XML.
NAMES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=200)


@settings(max_examples=8)
@given(name=NAMES.map(str.strip).filter(bool))
def test_any_name_comes_back_as_it_was(
    prepared: dict[str, tuple[Extract, ...]], tmp_path: Path, name: str
) -> None:
    for key, layers in prepared.items():
        layers[0].table.loc[layers[0].table["code"] == FIRST, "name"] = name
        path = tmp_path / f"places{format_of(key).suffix}"
        path.write_bytes(format_of(key).write(layers, ENGLISH))
        if key == "geoparquet":
            read = gpd.read_parquet(path)
        else:
            read = gpd.read_file(path, **({"layer": "villages"} if key == "gpkg" else {}))
        names = read.set_index("code")["Name" if key == "kml" else "name"]
        assert names[FIRST] == name, key


def test_long_text_in_a_shapefile_is_cut_between_letters(odd: Dataset, tmp_path: Path) -> None:
    layers = build_layers(odd, Query(), "village", format_of("shp"), ENGLISH)
    layers[0].table.loc[:, "name"] = "ق" * 200
    path = tmp_path / "places.shp.zip"
    path.write_bytes(format_of("shp").write(layers, ENGLISH))
    names = {row["properties"]["name"] for row in gdal_rows(path).values()}
    assert names == {"ق" * 127}


def test_a_zipped_shapefile_says_its_encoding_its_system_and_what_it_lacks(
    odd: Dataset, tmp_path: Path
) -> None:
    path, _ = write(odd, "shp", tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("villages.cpg").decode() == "UTF-8"
        assert b"WGS_1984" in archive.read("villages.prj")
        page = archive.read("README.txt").decode()
    assert "cov_rate    coverage_rate" in page
    assert "cut after 254 bytes" in page


def test_whole_numbers_stay_whole_where_some_are_unknown(odd: Dataset, tmp_path: Path) -> None:
    path, _ = write(odd, "gpkg", tmp_path)
    with sqlite3.connect(path) as database:
        kinds = {row[1]: row[2] for row in database.execute("PRAGMA table_info(villages)")}
    assert {kinds[name] for name in WHOLE} == {"INTEGER"}
    for key in ("geoparquet", "parquet"):
        schema = parquet.read_schema(io.BytesIO(write(odd, key, tmp_path)[0].read_bytes()))
        assert {str(schema.field(name).type) for name in WHOLE} == {"int64"}


def test_a_geopackage_is_of_the_version_that_qgis_knows_and_styled(
    odd: Dataset, tmp_path: Path
) -> None:
    path, _ = write(odd, "gpkg", tmp_path)
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
        styles = database.execute(
            "SELECT f_table_name, f_table_catalog, f_table_schema, f_geometry_column,"
            " useAsDefault FROM layer_styles"
        ).fetchall()
        columns = database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        assert sorted((row[0], row[3]) for row in styles) == sorted(columns.fetchall())
    assert {row[1:3] for row in styles} == {("", "")}
    assert {row[4] for row in styles} == {1}


def test_geoparquet_says_its_version_its_extent_and_what_it_shows(
    odd: Dataset, tmp_path: Path
) -> None:
    path, (extract,) = write(odd, "geoparquet", tmp_path)
    metadata = parquet.read_schema(path).metadata
    geo = json.loads(metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert "bbox" in geo["columns"]["geometry"]["covering"]
    about = json.loads(metadata[b"jangkau"])
    assert (about["period"], about["target"]) == ("2024-10", 0.95)
    assert about["version"].startswith("Jangkau ")
    assert len(gpd.read_parquet(path)) == len(extract.table)


@pytest.mark.parametrize("key", ["gpkg", "fgb", "kml", "geojson", "topojson"])
def test_period_filters_sources_and_version_are_inside(
    sample: Dataset, key: str, tmp_path: Path
) -> None:
    path, _ = write(sample, key, tmp_path)
    body = path.read_bytes().decode(errors="ignore")
    for words in ("all villages", "synthetic sample", "approximate boundaries", "Jangkau 0."):
        assert words in body


def test_csv_for_indonesian_excel_has_semicolons_and_decimal_commas(
    odd: Dataset, tmp_path: Path
) -> None:
    path, _ = write(odd, "csv-id", tmp_path)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    by_code = {row["code"]: row for row in rows}
    assert by_code[FIRST]["coverage_rate"] == "0,333333"
    assert by_code[FIRST]["enrolled"] == "1"
    assert by_code["62.05.01.2002"]["name"] == "'=HYPERLINK(1)"
    assert by_code[UNKNOWN]["coverage_rate"] == ""


@pytest.mark.parametrize("key", [f.key for f in FORMATS])
def test_nothing_found_is_a_file_that_opens(sample: Dataset, key: str, tmp_path: Path) -> None:
    chosen = format_of(key)
    layers = build_layers(sample, Query(gap_min=99_999), "village", chosen, ENGLISH)
    path = tmp_path / f"empty{chosen.suffix}"
    path.write_bytes(chosen.write(layers, ENGLISH))
    if key == "kml":
        assert b"<Placemark" not in path.read_bytes()
    elif key in ("geojson", "gpkg", "fgb", "shp"):
        layer = {"layer": "villages"} if key == "gpkg" else {}
        assert pyogrio.read_info(path, **layer, force_feature_count=True)["features"] == 0


def test_the_longest_suffix_decides() -> None:
    assert find_format(Path("a.id.csv")).key == "csv-id"
    assert find_format(Path("a.csv")).key == "csv"
    assert find_format(Path("A.SHP.ZIP")).key == "shp"
    assert find_format(Path("a.json")).key == "geojson"
    assert find_format(Path("a.topojson")).key == "topojson"
    with pytest.raises(FileProblem, match=r"no known suffix.*\.gpkg"):
        find_format(Path("a.dwg"))


def test_short_names_are_short_and_different() -> None:
    names = [*(c.name for c in COLUMNS), "coverage_gain", "coverage_gait"]
    short = shorten_names(names)
    assert len(set(short.values())) == len(names)
    assert max(map(len, short.values())) <= 10


def test_topojson_stores_a_border_of_two_villages_once(sample: Dataset, tmp_path: Path) -> None:
    path, _ = write(sample, "topojson", tmp_path)
    geometries = json.loads(path.read_bytes())["objects"]["villages"]["geometries"]
    walked = Counter(
        max(arc, ~arc)
        for geometry in geometries
        for polygon in geometry["arcs"]
        for ring in polygon
        for arc in ring
    )
    assert set(walked.values()) == {1, 2}
    assert sum(count == 2 for count in walked.values()) > len(geometries)


@pytest.mark.parametrize("measure", MEASURES)
def test_files_class_a_place_as_the_map_does(sample: Dataset, measure: str) -> None:
    compare = "2024-04" if measure in CHANGES else ""
    query = Query(measure=measure, compare=compare)
    extract = build_extract(sample, query, "village", ENGLISH)
    rules = build_rules(extract.view, ENGLISH)
    rows = plain_rows(extract.table)
    values = pd.Series([row[measure] for row in rows], dtype="float64")
    on_the_map = extract.view.classes.assign(values)
    in_files = [find_rule(rules, row, measure).key for row in rows]
    compared = [
        (f"class_{number}", key)
        for number, key, row in zip(on_the_map, in_files, rows, strict=True)
        if key.startswith("class_") and row["state"] == "ok"
    ]
    assert len(compared) > 50
    assert [expected for expected, _ in compared] == [key for _, key in compared]


@pytest.mark.parametrize("key", ["qgis", "shp", "style", "dhis2"])
def test_an_archive_lists_its_files_in_a_data_package(sample: Dataset, key: str) -> None:
    chosen = format_of(key)
    body = chosen.write(build_layers(sample, Query(), "village", chosen, ENGLISH), ENGLISH)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = set(archive.namelist())
        package = json.loads(archive.read("datapackage.json"))
    assert {resource["path"] for resource in package["resources"]} == names - {"datapackage.json"}
    assert any("synthetic" in line for line in package["description"].splitlines())
