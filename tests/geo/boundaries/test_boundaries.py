"""Boundaries: many formats become one normal form, and nothing wrong gets in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from factories import FIRST, VILLAGES, squares, write_layer

from geo.boundaries.reading import Boundaries, read_boundaries
from geo.core.errors import ColumnProblem, FileProblem, JangkauError

POINTS = """\
code,name,lat,lon
62.05.01.2001,A,-1.0,115.0
62.05.01.2002,B,-1.1,115.2
62.05.01.2003,C,-1.3,115.1
"""
ABOUT = 'area_km2 = 2000\nsource = "survey"\ndate = 2024-05-01\n'


def read(layer: gpd.GeoDataFrame, path: Path) -> Boundaries:
    return read_boundaries(write_layer(layer, path))


def write_points(folder: Path, table: str = POINTS, about: str | None = ABOUT) -> Path:
    path = folder / "points.csv"
    path.write_text(table, encoding="utf-8")
    if about is not None:
        path.with_suffix(".toml").write_text(about, encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "parquet", "fgb"])
def test_every_format_gives_the_same_villages(tmp_path: Path, suffix: str) -> None:
    villages = read(squares(), tmp_path / f"layer.{suffix}").villages
    assert villages["name"].to_dict() == VILLAGES
    expected = squares().set_index("kode").geometry
    assert villages.geometry.geom_equals(expected, align=True).all()
    assert villages.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    ("code", "name"),
    [("KDEPUM", "NAMOBJ"), ("kode_desa", "nama_kel"), ("code", "name")],
)
def test_fields_of_other_sources_are_found(tmp_path: Path, code: str, name: str) -> None:
    layer = squares().rename(columns={"kode": code, "nama": name})
    assert read(layer, tmp_path / "layer.gpkg").villages["name"].to_dict() == VILLAGES


def test_kinds_come_from_the_serial(tmp_path: Path) -> None:
    kinds = read(squares(), tmp_path / "layer.gpkg").villages["kind"]
    assert kinds[[FIRST, "62.05.01.2002", "62.05.02.3003"]].tolist() == [
        "kelurahan",
        "desa",
        "desa adat",
    ]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_heights_are_dropped(tmp_path: Path, suffix: str) -> None:
    layer = squares()
    layer.geometry = layer.geometry.force_3d(0)
    villages = read(layer, tmp_path / f"layer.{suffix}").villages
    assert not villages.geometry.has_z.any()


@pytest.mark.parametrize("crs", [3857, 32750])
def test_other_coordinate_systems_become_wgs84(tmp_path: Path, crs: int) -> None:
    villages = read(squares().to_crs(crs), tmp_path / "layer.gpkg").villages
    assert villages.crs.to_epsg() == 4326
    expected = squares().set_index("kode").geometry
    assert villages.geometry.geom_equals_exact(expected, tolerance=1e-6).all()


def test_an_invalid_polygon_is_mended_and_keeps_its_area(tmp_path: Path) -> None:
    layer = squares()
    bow = shapely.Polygon([(115, -1), (115.1, -0.9), (115.1, -1), (115, -0.9)])
    layer.loc[0, "geometry"] = bow
    mended = read(layer, tmp_path / "layer.geojson").villages.geometry[FIRST]
    assert mended.is_valid
    assert mended.area == pytest.approx(0.1 * 0.1 / 2)


def test_a_line_left_by_mending_is_dropped(tmp_path: Path) -> None:
    layer = squares()
    spike = shapely.Polygon([(115, -1), (115.1, -1), (115.1, -0.9), (115.2, -0.8), (115.1, -0.9)])
    layer.loc[0, "geometry"] = spike
    mended = read(layer, tmp_path / "layer.geojson").villages.geometry[FIRST]
    assert mended.geom_type in {"Polygon", "MultiPolygon"}


@pytest.mark.parametrize("shape", [None, shapely.Polygon(), shapely.Point(115, -1)])
def test_a_village_without_a_polygon_is_kept(tmp_path: Path, shape: shapely.Geometry) -> None:
    layer = squares()
    layer.loc[0, "geometry"] = shape
    villages = read(layer, tmp_path / "layer.geojson").villages
    assert villages.loc[FIRST, "name"] == "Lemo I"
    assert villages.geometry.isna().to_dict() == {code: code == FIRST for code in VILLAGES}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "shp", "parquet", "csv", "docx"])
@pytest.mark.parametrize("content", [b"", b"not a layer", b"\x00\xff\xfe\xfd"])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"broken.{suffix}"
    path.write_bytes(content)
    with pytest.raises(JangkauError) as caught:
        read_boundaries(path)
    assert "broken" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_points_become_approximate_boundaries_with_their_source(tmp_path: Path) -> None:
    layer = read_boundaries(write_points(tmp_path))
    assert layer.approximate
    assert (layer.source, layer.date) == ("survey", dt.date(2024, 5, 1))
    assert layer.villages.to_crs("ESRI:54034").area.sum() / 1e6 == pytest.approx(2000, rel=0.005)
    assert layer.villages["name"].tolist() == ["A", "B", "C"]


@pytest.mark.parametrize(
    "about", [None, "", "area_km2 =", 'area_km2 = "many"\nsource = "x"', "area_km2 = 5"]
)
def test_points_without_their_area_and_source_are_refused(
    tmp_path: Path, about: str | None
) -> None:
    with pytest.raises(FileProblem, match=r"points\.toml must say area_km2"):
        read_boundaries(write_points(tmp_path, about=about))


@pytest.mark.parametrize("latitude", ["", "north", '"-1,0"', "-100", "nan"])
def test_a_point_without_a_position_is_named(tmp_path: Path, latitude: str) -> None:
    table = POINTS.replace("A,-1.0", f"A,{latitude}")
    with pytest.raises(ColumnProblem, match=r"62\.05\.01\.2001"):
        read_boundaries(write_points(tmp_path, table))


def test_a_point_without_a_sound_code_is_named(tmp_path: Path) -> None:
    with pytest.raises(ColumnProblem, match=r"'62\.05\.1'"):
        read_boundaries(write_points(tmp_path, POINTS.replace("62.05.01.2002", "62.05.1")))
