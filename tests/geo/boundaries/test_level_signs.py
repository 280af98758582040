"""Layers of subdistricts whose names coincide with villages are not taken for villages."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from layer_factories import as_frame, grid, ours, places, rbi

from geo.boundaries.reading import guess_fields, read_boundaries
from geo.core.errors import ColumnProblem
from geo.gazetteer.places import read_region_names


def write(layer: gpd.GeoDataFrame, folder: Path) -> Path:
    path = folder / "layer.geojson"
    layer.to_file(path)
    return path


def subdistricts(**fields: object) -> gpd.GeoDataFrame:
    """The nine subdistricts of Barito Utara, as RBI's ADMINISTRASIKECAMATAN has them."""
    names = read_region_names()
    here = names[names.index.str.startswith("62.05.")]
    rows = {"NAMOBJ": here.to_numpy(), "WADMKK": "Barito Utara", "WADMKD": None, "LCODE": "BA0080"}
    return as_frame(rows | fields, grid(len(here)))


def test_what_the_rows_say_of_their_level_is_believed(tmp_path: Path) -> None:
    layer = ours().drop(columns="kode").assign(REMARK="Wilayah Administrasi Kecamatan")
    path = write(layer, tmp_path)
    with pytest.raises(ColumnProblem, match="REMARK says Wilayah Administrasi Kecamatan"):
        read_boundaries(path)
    assert guess_fields(path)[0].level == "subdistrict"


def test_names_of_subdistricts_are_no_villages(tmp_path: Path) -> None:
    with pytest.raises(ColumnProblem, match="9 of its 9 names are those of subdistricts"):
        read_boundaries(write(subdistricts(), tmp_path))


def test_a_few_large_polygons_are_no_villages(tmp_path: Path) -> None:
    names = ["Hutan A", "Hutan A", "", "Blok B", "Lemo I"]
    layer = as_frame({"nama_desa": names, "kabupaten": "Barito Utara"}, grid(len(names)))
    with pytest.raises(ColumnProblem, match="1 of its 5 rows bear the name of a village"):
        read_boundaries(write(layer, tmp_path))


def test_who_says_which_field_names_the_villages_is_believed(tmp_path: Path) -> None:
    path = write(subdistricts(REMARK="Wilayah Administrasi Kecamatan"), tmp_path)
    assert read_boundaries(path, mapping={"name": "NAMOBJ"}).audit.rows_in == 9


@pytest.mark.parametrize("remark", ["Wilayah Administrasi Desa", "Wilayah Administrasi Kelurahan"])
def test_villages_stay_villages(tmp_path: Path, remark: str) -> None:
    layer = rbi().assign(REMARK=remark)
    assert len(read_boundaries(write(layer, tmp_path)).villages) == len(places())
