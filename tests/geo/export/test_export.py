"""Files to take along, read back by other programs than the one that wrote them."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import math
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from factories import FIRST, VILLAGES, a_dataset, in_village, squares

from geo.core.codebook import COLUMN_NAMES, COLUMNS
from geo.core.i18n import Language
from geo.export.codebook import write_codebook
from geo.export.files import (
    Extract,
    build_extract,
    write_csv,
    write_geojson,
    write_xlsx,
)
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting.ranking import build_ranking

ENGLISH = Language("en")
TEXT = [column.name for column in COLUMNS if column.kind == "text"]


@pytest.fixture
def odd(tmp_path: Path) -> Extract:
    """A village without polygon, one with a hole, one whose name is a formula."""
    layer = squares({**VILLAGES, FIRST: "=1+1", "62.05.01.2002": "@SUM(A1)"})
    layer.loc[2, "geometry"] = None
    whole = layer.geometry.iloc[1]
    layer.loc[1, "geometry"] = whole.difference(whole.centroid.buffer(0.01))
    rows = [in_village(FIRST), in_village("62.05.01.2003", 2)]
    data = a_dataset(tmp_path, rows, {FIRST: 3, "62.05.02.2001": 5}, layer=layer)
    return build_extract(data, Query(), "village", ENGLISH)


def collection(extract: Extract) -> dict[str, Any]:
    return json.loads(write_geojson(extract))


def rings(geometry: dict[str, Any]) -> list[list[Any]]:
    """Every polygon's rings, the outer one first."""
    coordinates = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def signed_area(ring: list[list[float]]) -> float:
    """Twice the area, positive where the ring runs counter-clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))


def read_sheet(extract: Extract, sheet: int = 0) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(extract, ENGLISH)))
    return [tuple(cell.value for cell in row) for row in book.worksheets[sheet].iter_rows()]


@pytest.mark.parametrize("level", ["village", "subdistrict", "regency"])
def test_outer_rings_run_counter_clockwise_and_holes_clockwise(sample: Dataset, level: str) -> None:
    for feature in collection(build_extract(sample, Query(), level, ENGLISH))["features"]:
        for outer, *holes in rings(feature["geometry"]):
            assert signed_area(outer) > 0
            assert all(signed_area(hole) < 0 for hole in holes)


def test_a_hole_stays_a_hole(odd: Extract) -> None:
    features = {f["id"]: f for f in collection(odd)["features"]}
    ((outer, hole),) = rings(features["62.05.01.2002"]["geometry"])
    assert signed_area(outer) > 0 > signed_area(hole)


def test_positions_are_longitude_then_latitude_in_wgs84(sample: Dataset) -> None:
    west, south, east, north = collection(build_extract(sample, Query(), "regency", ENGLISH))[
        "bbox"
    ]
    assert 114 < west < 115 < east < 117
    assert -2 < south < north < 0.1


def test_there_is_no_crs_member_but_a_date_and_sources(sample: Dataset) -> None:
    about = collection(build_extract(sample, Query(gap_min=5), "village", ENGLISH))
    assert "crs" not in about
    assert dt.date.fromisoformat(about["date"]) <= dt.date.today()
    assert about["period"] == "2024-10"
    assert about["boundary_source"] == sample.boundaries.source
    assert about["eligible_source"] == "synthetic sample"
    assert about["notes"] == ["synthetic sample", "approximate boundaries"]


def test_a_village_without_polygon_is_a_feature_without_geometry(odd: Extract) -> None:
    geometries = {f["id"]: f["geometry"] for f in collection(odd)["features"]}
    assert set(geometries) == set(VILLAGES)
    assert [code for code, shape in geometries.items() if shape is None] == ["62.05.01.2003"]


def test_written_shapes_are_valid_and_where_they_were(sample: Dataset) -> None:
    extract = build_extract(sample, Query(), "village", ENGLISH)
    layer = gpd.read_file(io.BytesIO(write_geojson(extract))).set_index("code")
    assert layer.geometry.is_valid.all()
    moved = shapely.hausdorff_distance(
        layer.geometry.values, extract.shapes.reindex(layer.index).values
    )
    assert moved.max() < 1e-6


def test_numbers_are_whole_and_unknown_is_null(odd: Extract) -> None:
    found = {f["id"]: f["properties"] for f in collection(odd)["features"]}
    assert found[FIRST]["coverage_gap"] == 2
    assert isinstance(found[FIRST]["enrolled"], int)
    assert found[FIRST]["coverage_rate"] == pytest.approx(1 / 3, abs=1e-6)
    assert found["62.05.02.2001"]["enrolled"] is None
    assert found["62.05.01.2003"]["coverage_rate"] is None


def test_every_format_has_the_columns_of_the_codebook(odd: Extract) -> None:
    for feature in collection(odd)["features"]:
        assert tuple(feature["properties"]) == COLUMN_NAMES
    assert tuple(pd.read_csv(io.BytesIO(write_csv(odd))).columns) == COLUMN_NAMES
    assert read_sheet(odd)[0] == tuple(column.label for column in COLUMNS)


def test_csv_keeps_codes_as_text_and_unknown_empty(odd: Extract) -> None:
    table = pd.read_csv(io.BytesIO(write_csv(odd)), dtype="str", keep_default_na=False)
    assert set(table["code"]) == set(VILLAGES)
    assert set(table["parent_code"]) == {"62.05.01", "62.05.02"}
    unknown = table.set_index("code").loc["62.05.02.2001"]
    assert unknown[["enrolled", "coverage_rate", "coverage_gap"]].tolist() == ["", "", ""]
    assert unknown["eligible"] == "5"


def test_csv_opens_in_a_spreadsheet_with_its_names_right(odd: Extract) -> None:
    assert write_csv(odd).startswith("\N{ZERO WIDTH NO-BREAK SPACE}".encode())


def test_csv_disarms_formulas(odd: Extract) -> None:
    table = pd.read_csv(io.BytesIO(write_csv(odd)), dtype="str").set_index("code")
    assert table.loc[FIRST, "name"] == "'=1+1"
    assert table.loc["62.05.01.2002", "name"] == "'@SUM(A1)"
    starts = {str(cell)[0] for cell in table[[c for c in TEXT if c != "code"]].to_numpy().flat}
    assert not starts & set("=+-@\t\r")


def test_xlsx_keeps_codes_as_text_and_formulas_as_words(odd: Extract) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(odd, ENGLISH)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    names = {row[0]: row[1] for row in read_sheet(odd)[1:]}
    assert set(names) == set(VILLAGES)
    assert names[FIRST] == "=1+1"


def test_xlsx_rates_are_numbers_shown_as_percent_and_unknown_is_empty(odd: Extract) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(odd, ENGLISH))).worksheets[0]
    place = COLUMN_NAMES.index("coverage_rate")
    cells = {row[0].value: row[place] for row in sheet.iter_rows(min_row=2)}
    assert cells[FIRST].value == pytest.approx(1 / 3, abs=1e-6)
    assert sheet.column_dimensions[cells[FIRST].column_letter].width > 0
    assert cells["62.05.02.2001"].value is None


def test_xlsx_says_where_everything_is_from(sample: Dataset) -> None:
    extract = build_extract(sample, Query(), "subdistrict", ENGLISH)
    about = {row[0]: row[1] for row in read_sheet(extract, 2)}
    assert about["note"] == "synthetic sample; approximate boundaries"
    assert about["Boundaries"] == sample.boundaries.source
    assert [row[0] for row in read_sheet(extract, 1)[1:]] == list(COLUMN_NAMES)


def test_the_same_figures_stand_in_all_formats(sample: Dataset) -> None:
    extract = build_extract(sample, Query(), "village", ENGLISH)
    table = pd.read_csv(io.BytesIO(write_csv(extract)), dtype={"code": "str"})
    gaps = table.set_index("code")["coverage_gap"].dropna().to_dict()
    features = collection(extract)["features"]
    drawn = {f["id"]: f["properties"]["coverage_gap"] for f in features}
    place = COLUMN_NAMES.index("coverage_gap")
    listed = {row[0]: row[place] for row in read_sheet(extract)[1:]}
    assert gaps == {code: gap for code, gap in drawn.items() if gap is not None}
    assert drawn == listed


def test_only_what_passes_the_filters_is_written(sample: Dataset) -> None:
    query = Query(place="62.05.07", gap_min=50)
    codes = {
        f["id"] for f in collection(build_extract(sample, query, "village", ENGLISH))["features"]
    }
    assert codes == set(build_view(sample, query).found.index)
    assert codes


def test_nothing_found_is_a_valid_empty_file(sample: Dataset) -> None:
    extract = build_extract(sample, Query(gap_min=9_999), "village", ENGLISH)
    assert collection(extract)["features"] == []
    assert "bbox" not in collection(extract)
    assert len(read_sheet(extract)) == 1
    assert pd.read_csv(io.BytesIO(write_csv(extract))).empty


def test_every_row_says_that_the_sample_is_synthetic(sample: Dataset) -> None:
    extract = build_extract(sample, Query(), "village", ENGLISH)
    assert extract.table["note"].str.contains("synthetic sample").all()


SHOWN = Query(
    subdistricts=("62.05.01", "62.05.06"),
    segments=("pekerja_rentan",),
    gap_min=10,
    target=0.905,
    contribution="jkk_jkm_jht",
    measure="coverage_gap",
)


def test_a_collection_says_in_words_what_it_shows(sample: Dataset) -> None:
    about = json.loads(write_geojson(build_extract(sample, SHOWN, "village", Language("id"))))
    assert about["area"] == "2 kecamatan di Kabupaten Barito Utara"
    assert about["subdistricts"] == "Montallat, Lahei"
    assert about["segments"] == "pekerja rentan"
    assert about["filters"] == "orang belum terlindungi: 10 atau lebih"
    assert (about["target"], about["contribution_month"]) == (0.905, 36_800)
    assert about["measure"] == "belum terlindungi"
    assert "dari celah wilayah" in about["listed"]
    assert about["balance"].endswith("pekerja berhak.")
    assert about["notes"] == ["sampel sintetis", "batas perkiraan"]
    assert "=" not in about["filters"]


def test_a_workbook_says_in_words_what_it_shows(sample: Dataset) -> None:
    about = dict(read_sheet(build_extract(sample, SHOWN, "village", ENGLISH), 2))
    assert about["area"] == "2 subdistricts of Kabupaten Barito Utara"
    assert about["target"].replace("\N{NO-BREAK SPACE}", " ") == "90.5 %"
    assert "36,800" in about["contribution"]
    assert about["map fill"] == "people not covered"


@pytest.mark.parametrize("query", [Query(), SHOWN, Query(target=0.8, segments=("bpd", "rt_rw"))])
def test_a_table_alone_says_what_it_shows_and_its_gap_to_target_can_be_recomputed(
    sample: Dataset, query: Query
) -> None:
    extract = build_extract(sample, query, "village", ENGLISH)
    table = pd.read_csv(io.BytesIO(write_csv(extract)))
    assert set(table["target"]) == {query.target}
    assert table["segments"].nunique() == table["filters"].nunique() == 1
    known = table[table["coverage_gap"].notna()]
    needed = (known["eligible"] * known["target"] - 1e-9).map(math.ceil) - known["enrolled"]
    assert needed.clip(lower=0).tolist() == known["gap_to_target"].tolist()
    cost = known["coverage_gap"] * known["contribution_month"]
    assert cost.tolist() == known["cost_month"].tolist()


def test_rows_are_in_the_order_of_the_page(sample: Dataset) -> None:
    query = Query(gap_min=50)
    page = build_ranking(sample, build_view(sample, query), ENGLISH)
    extract = build_extract(sample, query, "village", ENGLISH)
    assert extract.table["code"].tolist() == [row["code"] for row in page["rows"]]
    shares = extract.table["cumulative_share"]
    at = [column["key"] for column in page["columns"]].index("cumulative")
    assert [ENGLISH.rate(share, 0) for share in shares] == [r["texts"][at] for r in page["rows"]]
    assert extract.table["rank"].tolist() == [row["rank"] for row in page["rows"]]
    assert shares.iloc[-1] == pytest.approx(1)


def test_the_chosen_villages_are_written_in_the_order_of_the_ranking(sample: Dataset) -> None:
    chosen = ("62.05.05.1013", "62.05.03.2006", "62.05.04.2007")
    query = Query(place="62.05.07", gap_min=9_999, order="coverage_rate").with_basket(chosen)
    table = build_extract(sample, query.of_basket(), "village", ENGLISH).table
    assert table["code"].tolist() == ["62.05.03.2006", "62.05.04.2007", "62.05.05.1013"]
    assert table["coverage_rate"].is_monotonic_increasing
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["cumulative_share"].iloc[-1] == 1
    assert set(table["filters"]) == {"villages: 3 chosen villages"}
    assert (table["gap_to_target"] * table["contribution_month"] * 12).tolist() == table[
        "cost_target_year"
    ].tolist()


def test_two_periods_stand_in_one_file(sample: Dataset) -> None:
    now, before = (
        build_extract(sample, Query(period=p), "village", ENGLISH).table.set_index("code")
        for p in ("2024-10", "2023-10")
    )
    both = build_extract(sample, Query(compare="2023-10"), "village", ENGLISH).table
    both = both.set_index("code")
    assert set(both["compare_period"]) == {"2023-10"}
    for column in ("enrolled", "coverage_rate", "coverage_gap"):
        earlier = before[column].reindex(both.index)
        pd.testing.assert_series_equal(both[f"{column}_before"], earlier, check_names=False)
    change = both["enrolled"] - both["enrolled_before"]
    pd.testing.assert_series_equal(both["change_enrolled"], change, check_names=False)
    reached = both["target_crossed"] == "reached"
    assert reached.any()
    assert (both["coverage_rate"][reached] >= 0.95).all()
    assert (both["coverage_rate_before"][reached] < 0.95).all()
    assert now["change_rate"].isna().all()


@pytest.mark.parametrize("level", ["subdistrict", "regency"])
def test_areas_are_listed_by_their_gap(sample: Dataset, level: str) -> None:
    gaps = build_extract(sample, Query(), level, ENGLISH).table["coverage_gap"]
    assert gaps.is_monotonic_decreasing


def test_the_share_of_the_gap_is_of_the_whole_area_as_the_codebook_says(sample: Dataset) -> None:
    meaning = next(column.meaning for column in COLUMNS if column.name == "gap_share")
    assert "whole area" in meaning
    query = Query(gap_min=200)
    listed = build_extract(sample, query, "village", ENGLISH).table
    area = build_view(sample, query).totals.coverage_gap
    assert listed["gap_share"].sum() == pytest.approx(listed["coverage_gap"].sum() / area)


def test_the_codebook_explains_every_column() -> None:
    table = pd.read_csv(io.BytesIO(write_codebook()))
    assert tuple(table["column"]) == COLUMN_NAMES
    for words in ("label_id", "meaning_id", "label_en", "meaning_en"):
        assert table[words].str.len().min() > 3
    assert table["shapefile"].is_unique and table["shapefile"].str.len().max() <= 10


def test_ogrinfo_reads_103_features_of_the_real_boundaries(real: Dataset, tmp_path: Path) -> None:
    ogrinfo = shutil.which("ogrinfo")
    if ogrinfo is None:
        pytest.skip("ogrinfo (Debian's gdal-bin) is not installed")
    path = tmp_path / "real.geojson"
    path.write_bytes(write_geojson(build_extract(real, Query(), "village", ENGLISH)))
    done = subprocess.run([ogrinfo, "-al", "-so", path], capture_output=True, text=True, check=True)
    assert "Feature Count: 103" in done.stdout
    assert "code: String" in done.stdout
    assert "enrolled: Integer" in done.stdout
