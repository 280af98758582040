"""The published folder, its metadata, and the files for DHIS2."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from geo.core.codebook import COLUMN_NAMES
from geo.core.i18n import Language
from geo.export.dhis2 import write_dhis2
from geo.export.files import build_extract
from geo.export.formats import build_layers, format_of
from geo.export.metadata import build_satu_data
from geo.export.publish import publish_folder
from geo.measures.dataset import Dataset
from geo.measures.query import Query

ENGLISH = Language("en")


@pytest.fixture(scope="module")
def folder(sample: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "deep" / "folder"
    layers = build_layers(sample, Query(), "village", format_of("gpkg"), ENGLISH, threshold=11)
    written = publish_folder(layers, out, ENGLISH)
    assert sorted(out.iterdir()) == sorted(written)
    return out


def test_no_small_count_is_in_any_table(folder: Path) -> None:
    for name in ("villages.csv", "subdistricts.csv"):
        table = pd.read_csv(folder / name, dtype={"code": "str"})
        for column in ("enrolled", "eligible", "coverage_gap", "surplus"):
            counts = table[column].dropna()
            assert counts[(counts > 0) & (counts < 11)].empty


def test_the_page_loads_nothing_and_links_to_every_file(folder: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    assert "<script" not in page and "http" not in page
    linked = set(re.findall(r'href="([^"]+)"', page))
    assert linked == {path.name for path in folder.iterdir()} - {"index.html"}
    assert page.count("<path ") == 103
    assert "synthetic sample" in page and "approximate boundaries" in page
    assert "publication copy" in page


def test_tiles_hold_the_places(folder: Path) -> None:
    assert (folder / "villages.pmtiles").read_bytes()[:7] == b"PMTiles"
    assert pyogrio.read_info(folder / "jangkau.gpkg", layer="villages")["features"] == 103


def test_the_data_package_names_the_files_and_the_columns_of_tables(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())
    for resource in package["resources"]:
        assert (folder / resource["path"]).is_file()
        assert re.fullmatch(r"[a-z0-9._-]+", resource["name"])
    table = next(r for r in package["resources"] if r["path"] == "villages.csv")
    names = [field["name"] for field in table["schema"]["fields"]]
    head = next(csv.reader(io.StringIO((folder / "villages.csv").read_text("utf-8-sig"))))
    assert names == head == list(COLUMN_NAMES)


def test_satu_data_says_standard_indicators_and_variables_in_indonesian(sample: Dataset) -> None:
    said = build_satu_data(build_extract(sample, Query(), "village", ENGLISH))
    assert [entry["nama"] for entry in said["standar_data"]] == list(COLUMN_NAMES)
    for entry in said["standar_data"]:
        assert set(entry) == {"nama", "konsep", "definisi", "klasifikasi", "ukuran", "satuan"}
        assert all(entry.values())
    assert {entry["kolom"] for entry in said["ms_ind"]} == {"coverage_rate", "coverage_gap"}
    assert [entry["alias"] for entry in said["ms_var"]] == list(COLUMN_NAMES)
    assert all({"sumber", "tanggal"} <= set(entry) for entry in said["kode_referensi"])
    assert "peserta" in json.dumps(said["ms_var"], ensure_ascii=False)


def test_dhis2_gets_units_below_their_parents_and_only_known_values(sample: Dataset) -> None:
    layers = build_layers(sample, Query(), "village", format_of("dhis2"), ENGLISH)
    with zipfile.ZipFile(io.BytesIO(write_dhis2(layers))) as archive:
        units = json.loads(archive.read("organisationUnits.json"))["organisationUnits"]
        shapes = json.loads(archive.read("organisationUnits.geojson"))["features"]
        values = json.loads(archive.read("dataValueSet.json"))["dataValues"]
    seen = {"62.05"}
    for unit in units:
        assert unit["parent"]["code"] in seen
        assert len(unit["shortName"]) <= 50
        seen.add(unit["code"])
    assert len(units) == len(shapes) == 112
    table = layers[0].table.set_index("code")
    gaps = {v["orgUnit"]: v["value"] for v in values if v["dataElement"] == "JANGKAU_COVERAGE_GAP"}
    assert gaps == {c: str(int(g)) for c, g in table["coverage_gap"].dropna().items()}
    assert {v["period"] for v in values} == {"202410"}
