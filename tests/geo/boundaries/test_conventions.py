"""Layers of every maker: recognised by fields and values, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from layer_factories import (
    CONVENTIONS,
    as_frame,
    big_2020,
    bps,
    bps_sls,
    dukcapil,
    geoboundaries,
    grid,
    hdx,
    names_alone,
    ours,
    places,
    write,
)

from geo.boundaries.conventions import recognise
from geo.boundaries.layers import RawLayer
from geo.boundaries.normalise import normalise_layer
from geo.boundaries.reading import Boundaries, read_boundaries
from geo.boundaries.resolve import resolve_codes
from geo.core.errors import ColumnProblem
from geo.gazetteer.places import DATA


def read(layer: gpd.GeoDataFrame, folder: Path, **options: object) -> Boundaries:
    """The layer written as a GeoPackage and read again."""
    found = read_boundaries(write(layer, folder / "desa.gpkg"), **options)
    audit = found.audit
    assert audit.balanced
    assert (audit.rows_in, audit.villages) == (len(layer), len(found.villages))
    assert len(found.unmatched) == audit.count("no_code")
    assert found.villages.crs == 4326
    assert found.villages.index.is_unique
    shapes = found.villages.geometry.dropna()
    assert shapes.is_valid.all() and not shapes.has_z.any()
    return found


@pytest.mark.parametrize(("build", "convention"), CONVENTIONS.values(), ids=CONVENTIONS.keys())
@pytest.mark.parametrize("suffix", [".geojson", ".zip"])
def test_every_convention_leads_to_the_same_villages(
    tmp_path: Path, build, convention: str, suffix: str
) -> None:
    found = read_boundaries(write(build(), tmp_path / f"desa{suffix}"))
    assert found.audit.recognition.convention == convention
    assert found.villages.index.tolist() == sorted(places()["code"])
    assert found.audit.balanced
    expected = dict(zip(places()["code"], grid(), strict=True))
    for code, shape in found.villages.geometry.items():
        assert shape.symmetric_difference(expected[code]).area < 1e-9


def test_the_guess_comes_with_examples_and_can_be_changed(tmp_path: Path) -> None:
    layer = ours().rename(columns={"kode": "a", "nama": "b"})
    with pytest.raises(ColumnProblem, match="a, b"):
        read(layer.assign(b=[f"Blok {n}" for n in range(len(layer))]), tmp_path)
    found = read(layer, tmp_path, mapping={"code": "A", "name": "b"})
    assert (
        found.villages["name"].tolist() == places().set_index("code").sort_index()["name"].tolist()
    )
    assert found.audit.recognition.examples["a"] == tuple(places()["code"].head(3))
    with pytest.raises(ColumnProblem, match="no field 'c'"):
        read(layer, tmp_path, mapping={"code": "c"})
    with pytest.raises(ColumnProblem, match="'colour' is nothing"):
        read(layer, tmp_path, mapping={"colour": "a"})


def test_a_known_code_field_can_be_left_aside(tmp_path: Path) -> None:
    layer = hdx().assign(ADM4_PCODE="ID6205999999")
    found = read(layer, tmp_path, mapping={"code": ""})
    assert found.villages.index.tolist() == sorted(places()["code"])
    assert found.audit.count("by_name") == len(layer)


@pytest.mark.parametrize("form", ["number", "6205011001.0", "6.205011001e9", "6,205011001E+09"])
def test_a_whole_number_that_is_a_known_code_is_used_and_that_is_said(
    tmp_path: Path, form: str
) -> None:
    digits = places()["code"].str.replace(".", "")
    written = {
        "number": digits.astype("float64"),
        "6205011001.0": digits + ".0",
        "6.205011001e9": digits.str[0] + "." + digits.str[1:] + "e9",
        "6,205011001E+09": digits.str[0] + "," + digits.str[1:] + "E+09",
    }
    layer = ours().assign(kode=written[form])
    layer.loc[2, "nama"] = None
    found = read(layer, tmp_path)
    assert found.villages.index.tolist() == sorted(places()["code"])
    assert found.audit.count("number_code") == len(places())
    assert found.audit.count("damaged_code") == found.audit.count("by_name") == 0
    assert found.audit.left_out == 0


def test_a_number_that_is_no_known_code_is_refused_and_never_left_out_in_silence(
    tmp_path: Path,
) -> None:
    numbers = places()["code"].str.replace(".", "").astype("float64")
    layer = ours().assign(kode=numbers)
    layer.loc[:2, "kode"] = [62.1, 6205019999.0, 6205011001.5]
    layer.loc[1, "nama"] = None
    audit = read(layer, tmp_path).audit
    assert audit.of("damaged_code")["detail"].tolist() == ["62.1", "6205019999.0", "6205011001.5"]
    assert audit.count("number_code") == len(places()) - 3
    assert audit.of("by_name")["row"].tolist() == [1, 3]
    assert audit.of("no_code")["row"].tolist() == [2]
    assert audit.balanced


def test_decimal_numbers_of_which_none_is_a_code_are_not_used(tmp_path: Path) -> None:
    found = read(ours().assign(kode=62.1), tmp_path)
    assert found.audit.recognition.damaged == ("kode",)
    assert found.audit.count("damaged_code") == found.audit.count("by_name") == len(places())
    assert found.audit.count("number_code") == 0


def test_decimal_codes_of_levels_above_are_noted(tmp_path: Path) -> None:
    audit = read(big_2020(), tmp_path).audit
    assert audit.recognition.damaged == ("KDPKAB",)
    assert any(note.facts.get("field") == "KDPKAB" for note in audit.notes)
    assert audit.count("damaged_code") == 0


def test_whole_numbers_with_all_digits_serve_and_that_is_said(tmp_path: Path) -> None:
    layer = dukcapil()
    layer["kode_desa_"] = layer["kode_desa_"].astype("Int64")
    layer.loc[3, ["kode_desa_", "nama_kel"]] = None
    found = read(layer, tmp_path)
    assert found.audit.recognition.code == ("kode_desa_",)
    assert any("whole numbers" in note.message for note in found.audit.notes)
    assert found.audit.of("not_village")["row"].tolist() == [4]
    assert len(found.villages) == len(layer) - 1


def test_bps_and_kemendagri_codes_are_told_apart_by_what_is_known() -> None:
    table = pd.read_csv(DATA / "barito_utara_gazetteer.csv", dtype="str")
    undotted = table["code"].str.replace(".", "")
    for each, scheme in [(undotted, "kemendagri"), (table["bps_code"], "bps")]:
        found, said = resolve_codes(each)
        assert (found.tolist(), said) == (table["code"].tolist(), scheme)
    for each in ("id" + table["bps_code"], "ID" + table["bps_code"]):
        assert resolve_codes(each)[0].tolist() == table["code"].tolist()
    nowhere, said = resolve_codes("3515131" + table["bps_code"].str[7:])
    assert (set(nowhere), said) == ({""}, "")


def test_bps_codes_without_a_crosswalk_are_found_by_name(tmp_path: Path) -> None:
    layer = bps()
    layer["iddesa"] = "6101010" + layer["kddesa"]
    found = read(layer, tmp_path)
    assert found.villages.index.tolist() == sorted(places()["code"])
    assert found.audit.count("by_name") == len(layer)


def test_names_nobody_knows_are_kept_without_a_code(tmp_path: Path) -> None:
    layer = names_alone()
    layer.loc[0, "DESA"] = "Desa Yang Tidak Ada"
    found = read(layer, tmp_path)
    assert found.unmatched["name"].tolist() == ["Desa Yang Tidak Ada"]
    assert found.unmatched.index.tolist() == [1]
    assert found.unmatched.geometry.iloc[0].equals(grid()[0])
    given = pd.Series({1: places()["code"].iloc[0]})
    whole = found.assign_codes(given)
    assert whole.villages.index.tolist() == sorted(places()["code"])
    assert whole.audit.balanced and whole.unmatched.empty
    assert whole.villages.loc[given[1], "name"] == "Desa Yang Tidak Ada"


def test_a_name_that_several_bear_gets_no_code(tmp_path: Path) -> None:
    p = places()
    twins = as_frame({"shapeName": ["Sukamaju"] * 3, "shapeID": list("abc")}, grid(3))
    assert read(twins, tmp_path).villages.empty
    layer = geoboundaries()
    layer.loc[0, "shapeName"] = p["name"].iloc[1]
    found = read(layer, tmp_path)
    assert found.audit.dissolved == 1


def test_units_below_the_village_are_dissolved_and_listed(tmp_path: Path) -> None:
    found = read(bps_sls(), tmp_path)
    assert len(found.villages) == len(places())
    assert found.audit.dissolved == len(places())
    assert (found.villages.geom_type == "Polygon").all()
    assert set(found.audit.of("dissolved")["code"]) == set(places()["code"])


def test_a_repeated_code_is_dissolved_and_listed(tmp_path: Path) -> None:
    layer = ours()
    layer.loc[1, "kode"] = layer.loc[0, "kode"]
    found = read(layer, tmp_path)
    assert found.audit.of("dissolved")["row"].tolist() == [2]
    both = shapely.union_all(grid()[:2])
    assert found.villages.geometry[layer.loc[0, "kode"]].equals(both)


def test_what_is_no_village_is_listed_and_not_lost(tmp_path: Path) -> None:
    layer = hdx()
    layer.loc[0, ["ADM4_EN", "ADM4_PCODE"]] = ["Waduk Riam", "ID6205010888"]
    layer.loc[1, ["ADM4_EN", "ADM4_PCODE"]] = ["Hutan Lindung", "ID6205010999"]
    layer.loc[2, ["ADM4_EN", "ADM4_PCODE"]] = None
    found = read(layer, tmp_path)
    assert found.audit.of("not_village")["row"].tolist() == [1, 2, 3]
    assert found.audit.left_out == 3
    assert len(found.villages) == len(layer) - 3


def test_a_row_of_another_level_is_no_village(tmp_path: Path) -> None:
    layer = ours()
    layer.loc[0, "kode"] = "62.05.01"
    found = read(layer, tmp_path)
    assert found.audit.of("not_village")["row"].tolist() == [1]


@pytest.mark.parametrize("dotted", [True, False])
def test_a_village_newer_than_the_list_keeps_its_code(tmp_path: Path, dotted: bool) -> None:
    layer = ours()
    layer.loc[0, ["kode", "nama"]] = ["62.05.01.2099", "Desa Baru Sekali"]
    if not dotted:
        layer["kode"] = layer["kode"].str.replace(".", "")
    found = read(layer, tmp_path)
    assert found.audit.of("unknown_code")["code"].tolist() == ["62.05.01.2099"]
    assert found.villages.loc["62.05.01.2099", "name"] == "Desa Baru Sekali"


def test_an_unknown_place_named_after_a_river_waits_for_matching(tmp_path: Path) -> None:
    layer = names_alone()
    layer.loc[0, "DESA"] = "Sungai Entah"
    assert read(layer, tmp_path).audit.count("no_code") == 1


def test_a_village_named_after_a_lake_stays_a_village(tmp_path: Path) -> None:
    layer = ours()
    layer.loc[0, "nama"] = "Danau Usung"
    assert read(layer, tmp_path).audit.left_out == 0


def test_faulty_shapes_are_repaired_and_listed(tmp_path: Path) -> None:
    layer = ours()
    bowtie = shapely.Polygon([(115, -0.1), (115.05, -0.05), (115.05, -0.1), (115, -0.05)])
    line = shapely.LineString([(115.4, -0.1), (115.5, 0)])
    mixed = shapely.GeometryCollection([grid()[2], line])
    layer.loc[[0, 1, 2, 3, 4], "geometry"] = [bowtie, None, mixed, line, shapely.Polygon()]
    found = read(layer, tmp_path)
    assert found.audit.of("repaired")["row"].tolist() == [1]
    assert found.audit.of("without_polygon")["row"].tolist() == [2, 4, 5]
    assert len(found.villages) == len(layer)
    assert found.villages.geometry.isna().sum() == 3
    assert found.villages.geometry[layer.loc[2, "kode"]].equals(grid()[2])


def test_exchanged_latitude_and_longitude_are_put_right_on_both_sides_of_the_equator(
    tmp_path: Path,
) -> None:
    layer = ours()
    turned = layer.geometry.map(lambda s: shapely.transform(s, lambda xy: xy[:, ::-1]))
    found = read(layer.set_geometry(gpd.GeoSeries(turned, crs=4326)), tmp_path)
    assert found.audit.count("swapped") == len(layer)
    assert any("Latitude stood before" in note.message for note in found.audit.notes)
    assert found.villages.geometry.iloc[0].equals(grid()[0])
    assert read(layer, tmp_path).audit.count("swapped") == 0


def test_a_shape_elsewhere_is_listed_and_its_village_kept(tmp_path: Path) -> None:
    layer = ours()
    layer.loc[0, "geometry"] = shapely.box(0, 0, 1, 1)
    found = read(layer, tmp_path)
    assert found.audit.of("outside")["row"].tolist() == [1]
    assert found.villages.geometry.isna().sum() == 1


@pytest.mark.parametrize("crs", [3857, 32750, 23830])
def test_any_coordinate_system_becomes_longitude_and_latitude(tmp_path: Path, crs: int) -> None:
    found = read(ours().to_crs(crs), tmp_path)
    shape = found.villages.geometry.iloc[0]
    assert shape.symmetric_difference(grid()[0]).area < 1e-8


def test_a_crs_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ColumnProblem, match="EPSG:999999"):
        read(ours(), tmp_path, crs="EPSG:999999")


def test_confidence_is_the_share_of_known_codes() -> None:
    layer = ours()
    assert recognise(layer).confidence == 1.0
    layer.loc[:5, "kode"] = "nothing"
    assert recognise(layer).confidence == 0.5


ROW_FAULTS = {
    "none": {},
    "no code": {"kode": ""},
    "nothing": {"kode": "", "nama": ""},
    "unknown": {"kode": "", "nama": "Entah"},
    "water": {"kode": "", "nama": "Waduk"},
    "repeated": {"kode": "62.05.01.1001"},
    "decimal": {"kode": "6205011001.0"},
    "spoilt": {"kode": "6205019999.0", "nama": ""},
    "region": {"kode": "62.05.01"},
    "no shape": {"geometry": None},
    "elsewhere": {"geometry": shapely.box(0, 40, 1, 41)},
    "line": {"geometry": shapely.LineString([(115, 0), (116, 0)])},
}


@given(
    st.lists(st.sampled_from(sorted(ROW_FAULTS)), min_size=len(places()), max_size=len(places()))
)
def test_every_row_is_accounted_for_whatever_its_fault(faults: list[str]) -> None:
    layer = ours()
    for row, fault in enumerate(faults):
        for field, value in ROW_FAULTS[fault].items():
            layer.loc[row, field] = value
    try:
        found = normalise_layer(RawLayer(layer, "desa", "GeoJSON"), "desa.geojson")
    except ColumnProblem:
        return  # All shapes of no use, or most rows of another level: said, not read.
    audit = found.audit
    assert audit.balanced
    settled = audit.events[audit.events["event"].isin(["dissolved", "not_village", "no_code"])]
    assert settled["row"].is_unique
    assert set(found.unmatched.index) == set(audit.of("no_code")["row"])
    assert found.villages.index.is_unique


def test_real_layers_are_read_whole(shared: Path) -> None:
    found = read_boundaries(shared / "boundaries" / "barito_utara_villages.geojson")
    assert (found.audit.rows_in, found.audit.villages, found.audit.left_out) == (103, 103, 0)
    assert found.audit.scheme == "kemendagri"
    for other in ("barito_utara_subdistricts.geojson", "indonesia_regencies.parquet"):
        with pytest.raises(ColumnProblem, match="expected is a layer of villages"):
            read_boundaries(shared / "boundaries" / other)
