"""GPX, GeoPackage and ODK form of a plan, read by what others read them with."""

from __future__ import annotations

import csv
import io
import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from field_plans import field_plan_of, save_field_plan
from pyxform.xls2xform import convert

from geo.core.errors import FileProblem
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.enrolment.sheets import read_rows
from geo.isolation.readers import IsolatedReaders
from geo.isolation.visit_layer import read_visit_rows
from geo.measures.dataset import Dataset
from geo.outreach.field.formats import FIELD_FORMATS
from geo.outreach.field.geopackage import write_geopackage
from geo.outreach.field.gpx import write_gpx
from geo.outreach.field.plan import FieldPlan
from geo.outreach.field.xlsform import LIST, write_odk_form, write_xlsform
from geo.outreach.store import STATUSES, PlanStore, Record
from geo.outreach.worklist import HEADINGS, KEY, count_outcomes, take_back
from geo.workspace.settings import Settings

ID, EN = Language("id"), Language("en")
GPX = "{http://www.topografix.com/GPX/1/1}"
OSMAND = "{https://osmand.net/docs/technical/osmand-file-formats/osmand-gpx}"
# Order of a waypoint's elements in GPX 1.1.
ORDER = ("ele", "time", "name", "cmt", "desc", "src", "link", "sym", "type", "extensions")


@pytest.fixture(scope="module")
def saved(sample: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[PlanStore, str]:
    return save_field_plan(tmp_path_factory.mktemp("plans"), sample)


@pytest.fixture(scope="module")
def field(sample: Dataset, saved: tuple[PlanStore, str]) -> FieldPlan:
    return field_plan_of(sample, *saved)


@pytest.mark.parametrize("kind", FIELD_FORMATS, ids=lambda kind: kind.key)
def test_the_same_plan_gives_the_same_file(field: FieldPlan, kind) -> None:
    one, two = kind.write(field, ID), kind.write(field, ID)
    if kind.key != "qfield":  # GDAL and SQLite write the time of writing
        assert one == two
    assert one != kind.write(field, EN)


def read_layer(folder: Path, body: bytes, layer: str) -> gpd.GeoDataFrame:
    path = folder / "read.gpkg"
    path.write_bytes(body)
    return gpd.read_file(path, layer=layer)


def test_waypoints_have_colours_and_rounds_are_routes(field: FieldPlan) -> None:
    root = ET.fromstring(write_gpx(field, EN))
    points = root.findall(f"{GPX}wpt")
    assert len(points) == len(field.villages) + 1  # and the base
    for point in points:
        tags = [child.tag.removeprefix(GPX) for child in point]
        assert tags == sorted(tags, key=ORDER.index)
        colour = point.findtext(f"{GPX}extensions/{OSMAND}color")
        nested = point.find(f"{GPX}extensions")[1][0]
        assert nested.text == f"#FF{colour[1:]}"
    names = {point.findtext(f"{GPX}name"): point for point in points}
    visited = names[f"1.1 {field.villages['name'].iloc[0]}"]
    assert visited.findtext(f"{GPX}sym") == "Flag, Green"
    assert float(visited.get("lat")) == pytest.approx(field.villages["lat"].iloc[0], abs=1e-6)
    routes = root.findall(f"{GPX}rte")
    for route, each in zip(routes, field.rounds, strict=True):
        stops = [stop.findtext(f"{GPX}name") for stop in route.findall(f"{GPX}rtept")]
        base = field.name_of(each.base)
        assert stops == [base, *(field.name_of(code) for code in each.villages), base]
    assert "synthetic sample" in root.findtext(f"{GPX}metadata/{GPX}desc")


def test_a_village_without_a_position_is_named(field: FieldPlan, tmp_path: Path) -> None:
    lost = field.villages.index[3]
    field.villages.loc[lost, ["lat", "lon"]] = np.nan
    try:
        root = ET.fromstring(write_gpx(field, EN))
        assert len(root.findall(f"{GPX}wpt")) == len(field.villages)
        about = root.findtext(f"{GPX}metadata/{GPX}desc")
        assert f"Without a known position: {field.name_of(lost)}." in about
        visits = read_layer(tmp_path, write_geopackage(field, EN), "visits")
        assert visits.geometry.isna().tolist() == [n == 3 for n in range(12)]
    finally:
        field.villages.loc[lost, ["lat", "lon"]] = (-1.0, 115.0)


def test_layers_open_in_their_colours_with_the_form(field: FieldPlan, tmp_path: Path) -> None:
    path = tmp_path / "visits.gpkg"
    path.write_bytes(write_geopackage(field, ID))
    kinds = dict(pyogrio.list_layers(path))
    assert kinds == {
        **{"visits": "Point", "rounds": "LineString", "villages": "MultiPolygon"},
        **{"subdistricts": "MultiPolygon", "layer_styles": None},
    }
    info = pyogrio.read_info(path, layer="visits")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert types["day"] == "OFTDate"
    assert {types[name] for name in ("enrolled", "reactivated", "enrol")} == {"OFTInteger"}
    with closing(sqlite3.connect(path)) as database:
        # Version 1.2, which QGIS 3.22 knows.
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
        looks = database.execute(
            "SELECT f_table_name, styleQML FROM layer_styles WHERE f_table_catalog = ''"
            " AND f_table_schema = '' AND useAsDefault = 1"
        ).fetchall()
        assert database.execute("SELECT min(day) FROM visits").fetchone() == ("2026-11-02",)
    assert {name for name, _ in looks} == set(kinds) - {"layer_styles"}
    form = ET.fromstring(dict(looks)["visits"].partition("\n")[2])
    fields = [each.get("name") for each in form.findall("fieldConfiguration/field")]
    assert fields == list(info["fields"])
    pairs = form.findall("fieldConfiguration/field[@name='status']/editWidget/config//Option")
    choices = {each.get("name"): each.get("value") for each in pairs if each.get("value")}
    assert choices == {ID(words): status for status, words in STATUSES.items()}
    editable = {each.get("name") for each in form.findall("editable/field[@editable='1']")}
    assert editable == set(HEADINGS)
    rules = {each.get("field"): each.get("exp") for each in form.iter("constraint")}
    assert '"enrolled" >= 0' in rules["enrolled"]
    shown = {each.get("value") for each in form.findall("renderer-v2/categories/category")}
    assert shown == set(STATUSES)


def test_a_geopackage_filled_in_comes_back_itself(sample: Dataset, tmp_path: Path) -> None:
    store, key = save_field_plan(tmp_path, sample)
    path = tmp_path / "visits.gpkg"
    path.write_bytes(write_geopackage(field_plan_of(sample, store, key), ID))
    with closing(sqlite3.connect(path)) as database, database:
        # As QGIS leaves it; its triggers call functions that SQLite has not of itself.
        database.execute("PRAGMA journal_mode = WAL")
        listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in listed.fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            "UPDATE visits SET status = 'visited', enrolled = 7, day = '2026-11-30' WHERE fid = 3"
        )
    readers = IsolatedReaders(Settings().reader_limits)
    for file, outcomes in (
        (path, {"recorded": 1, "unchanged": 11}),
        (Upload("kunjungan.gpkg", path.read_bytes()), {"unchanged": 12}),
    ):
        rows = readers.read_rows(file)
        taken = take_back(store, store.read_plan(key), rows, author="qfield")
        assert count_outcomes(taken) == outcomes
    assert store.follow(key)[2].current.record == Record("visited", 7, 0, "", "2026-11-30", "")


@pytest.mark.parametrize("fault", ["cut", "view", "other"])
def test_a_damaged_or_foreign_geopackage_is_one_sentence(tmp_path: Path, fault: str) -> None:
    path = tmp_path / "visits.gpkg"
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    made = {"view": f"CREATE VIEW visits AS {endless}", "other": "CREATE TABLE other (x)"}
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(made.get(fault, "CREATE TABLE visits (x)"))
    body = path.read_bytes()
    file = Upload("visits.gpkg", body[:3000] if fault == "cut" else body)
    with pytest.raises(FileProblem, match="no layer visits"):
        read_visit_rows(file)


def test_rows_of_the_geopackage_come_back_as_a_table(sample: Dataset, tmp_path: Path) -> None:
    store, key = save_field_plan(tmp_path, sample)
    body = write_geopackage(field_plan_of(sample, store, key), ID)
    visits = read_layer(tmp_path, body, "visits").drop(columns="geometry")
    visits.loc[2, ["status", "enrolled", "team"]] = ["visited", 7, "QField"]
    rows = read_rows(Upload("visits.csv", visits.to_csv(index=False).encode()))
    outcomes = take_back(store, store.read_plan(key), rows, author="qfield")
    assert count_outcomes(outcomes) == {"recorded": 1, "unchanged": 11}
    assert store.follow(key)[2].current.record.enrolled == 7


def test_the_form_is_an_xform_that_updates_entities(field: FieldPlan) -> None:
    made = convert(io.BytesIO(write_xlsform(field)), file_type=".xlsx", validate=False)
    assert made.warnings == []
    form = ET.fromstring(made.xform)
    entities = "{http://www.opendatakit.org/xforms/entities}"
    saved_to = {
        bind.get("nodeset"): bind.get(f"{entities}saveto")
        for bind in form.iter()
        if bind.get(f"{entities}saveto")
    }
    assert {f"/data/{name}" for name in (*HEADINGS, KEY)} <= set(saved_to)
    entity = next(node for node in form.iter() if node.tag.endswith("}entity"))
    assert (entity.get("dataset"), entity.get("update")) == (LIST, "1")
    texts = {node.get("lang") for node in form.iter() if node.tag.endswith("}translation")}
    assert texts == {"Bahasa Indonesia (id)", "English (en)"}
    assert f"jr://file-csv/{LIST}.csv" in made.xform


def test_the_archive_holds_villages_for_both_kinds_of_server(
    sample: Dataset, field: FieldPlan, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(write_odk_form(field, ID))) as archive:
        assert archive.namelist() == ["form.xlsx", "entities.csv", f"{LIST}.csv", "README.txt"]
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
            for name in ("entities.csv", f"{LIST}.csv")
        }
    entities, attachment = tables.values()
    assert len(entities) == len(attachment) == 12
    # A name is the server's to give.
    assert "name" not in entities[0]
    assert len({row["name"] for row in attachment}) == 12
    assert entities[0]["status"] == "visited"
    # Submissions have the names of the fields: what Central exports comes back.
    store, key = save_field_plan(tmp_path, sample)
    given = entities[1] | {KEY: entities[1][KEY].replace(field.plan.key, key)}
    given |= {"status": "refused", "enrolled": "", "reactivated": ""}
    text = io.StringIO()
    writer = csv.DictWriter(text, ["SubmissionDate", *given])
    writer.writeheader()
    writer.writerow(given)
    rows = read_rows(Upload("submissions.csv", text.getvalue().encode()))
    outcomes = take_back(store, store.read_plan(key), rows, author="odk")
    assert count_outcomes(outcomes) == {"recorded": 1}
