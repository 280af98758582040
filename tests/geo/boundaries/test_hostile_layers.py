"""Boundary files made to steal, to call out or to break: one sentence, nothing opened, no call."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from hostile_support import (
    ListeningSocket,
    PlantedSecret,
    as_json,
    is_one_sentence,
    zipped,
)
from layer_factories import ours, pack, places, text, write, write_database

from geo.boundaries import layers as layers_module
from geo.boundaries.drivers import DRIVERS
from geo.boundaries.layers import list_layers, read_layer
from geo.boundaries.reading import read_boundaries
from geo.core.errors import FileProblem, JangkauError

SQUARE = "115,0 115.1,0 115.1,0.1 115,0.1 115,0"
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>desa</name>{inside}<Placemark>'
    "<name>{name}</name>{more}<Polygon><outerBoundaryIs><LinearRing><coordinates>"
    + SQUARE
    + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)


def vrt(secret: PlantedSecret) -> str:
    return (
        '<OGRVRTDataSource><!-- <kml> {"type": "FeatureCollection"} --><OGRVRTLayer name="secret">'
        f"<SrcDataSource>{secret.path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def alter(path: Path, *statements: str) -> Path:
    """Change the database of a GeoPackage as its maker could."""
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


def listed(name: str) -> tuple[str, str]:
    return (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) "
        f"VALUES ('{name}', 'features', '{name}', 4326)",
        f"INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', 'GEOMETRY', 4326, 0, 0)",
    )


def geopackage(folder: Path, *statements: str) -> Path:
    path = folder / "desa.gpkg"
    ours().to_file(path, layer="desa")
    return alter(path, *statements)


VIEW = (
    "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS fid, NULL AS geom, 'x' AS nama FROM n"
)


def virtual(secret: PlantedSecret) -> str:
    sql = f"CREATE VIRTUAL TABLE stolen USING VirtualOGR(''{secret.path}'')"
    return f"INSERT INTO sqlite_master VALUES ('table', 'stolen', 'stolen', 0, '{sql}')"


def test_gdal_has_no_other_drivers() -> None:
    assert set(pyogrio.list_drivers()) == set().union(*DRIVERS.values())


@pytest.mark.parametrize("name", ["desa.kml", "desa.geojson", "desa.json", "desa.vrt", "desa.shp"])
def test_a_virtual_data_source_is_not_opened(
    tmp_path: Path, name: str, planted_secret: PlantedSecret
) -> None:
    body = vrt(planted_secret)
    assert "cannot be read" in is_one_sentence(text(tmp_path / name, body))
    packed = zipped(tmp_path / "desa.zip", {name: body.encode()})
    is_one_sentence(packed)
    is_one_sentence(text(tmp_path / name, f'<?xml version="1.0"?><!-- <kml> -->{body}'))


@pytest.mark.parametrize("name", ["desa.json", "desa.gpkg", "desa.sqlite"])
def test_a_database_that_is_no_geopackage_is_not_opened(
    tmp_path: Path, name: str, planted_secret: PlantedSecret
) -> None:
    path = tmp_path / name
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE geometry_columns (f_table_name TEXT)")
        database.execute("CREATE TABLE spatial_ref_sys (srid INTEGER)")
    database.close()
    alter(path, virtual(planted_secret))
    assert "cannot be read" in is_one_sentence(path)


def test_a_virtual_table_of_a_geopackage_is_left_out(
    tmp_path: Path, planted_secret: PlantedSecret
) -> None:
    path = geopackage(tmp_path, virtual(planted_secret), *listed("stolen"))
    assert [layer.name for layer in list_layers(path)] == ["desa"]
    found = read_boundaries(path)
    assert len(found.villages) == len(places())
    (note,) = [n for n in found.audit.notes if "left out" in n.message]
    assert note.facts == {"names": "stolen"}
    with pytest.raises(FileProblem, match="no layer 'stolen'"):
        read_boundaries(path, layer="stolen")


@pytest.mark.parametrize("statements", [(VIEW,), (VIEW, *listed("endless"))])
def test_an_endless_view_of_a_geopackage_is_left_out(
    tmp_path: Path, statements: tuple[str, ...]
) -> None:
    path = geopackage(tmp_path, *statements)
    assert [layer.name for layer in list_layers(path)] == ["desa"]
    assert len(read_boundaries(path).villages) == len(places())


def test_a_geopackage_of_views_alone_is_refused(tmp_path: Path) -> None:
    without = "DELETE FROM gpkg_contents WHERE table_name = 'desa'"
    path = geopackage(tmp_path, without, VIEW, *listed("endless"))
    assert "only views (endless)" in is_one_sentence(path)


@pytest.mark.parametrize(
    "statements",
    [
        (
            "ALTER TABLE gpkg_contents RENAME TO kept",
            "CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
            "FROM n) SELECT kept.* FROM n, kept",
        ),
        ("CREATE VIEW gpkg_metadata AS SELECT 1 AS id",),
        ("DROP TABLE gpkg_geometry_columns",),
    ],
)
def test_a_geopackage_whose_own_tables_are_computed_is_refused(
    tmp_path: Path, statements: tuple[str, ...]
) -> None:
    assert "cannot be read" in is_one_sentence(geopackage(tmp_path, *statements))


def test_a_table_with_computed_columns_is_left_out(tmp_path: Path) -> None:
    column = "big TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL"
    path = geopackage(tmp_path, f"ALTER TABLE desa ADD COLUMN {column}")
    assert "only views (desa)" in is_one_sentence(path)


LINKS: dict[str, Callable[[str], dict[str, Any]]] = {
    "link": lambda url: {"type": "link", "properties": {"href": url, "type": "proj4"}},
    "URL": lambda url: {"type": "URL", "properties": {"url": url}},
    "two types": lambda url: {
        "TYPE": "link", "type": "name", "properties": {"href": url, "name": "EPSG:4326"},
    },
    "no type": lambda url: {"typ\u0065\u0000": "link", "properties": {"href": url}},
}  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("place", ["file", "feature", "geometry"])
def test_a_geojson_cannot_call_out(
    tmp_path: Path, link: str, place: str, listening_socket: ListeningSocket
) -> None:
    def point(body: dict[str, Any]) -> None:
        first = body["features"][0]
        holder = {"file": body, "feature": first, "geometry": first["geometry"]}[place]
        holder["crs"] = LINKS[link](listening_socket.url)

    path = text(tmp_path / "desa.geojson", as_json(point))
    assert "outside itself" in is_one_sentence(path)
    assert "outside itself" in is_one_sentence(pack(tmp_path / "desa.zip", _moved(path)))


def _moved(path: Path) -> Path:
    folder = path.parent / "inside"
    folder.mkdir()
    path.rename(folder / path.name)
    return folder


@pytest.mark.parametrize(
    "written",
    [
        '"\\u0063\\u0052s":{"type":"link","properties":{"href":"%s"}}',
        '"crs\\u0000x":{"type":"link","properties":{"href":"%s"}}',
        "'crs':{'type':'link','properties':{'href':'%s'}}",
        '"crs"/* */:{"type":"link","properties":{"href":"%s"}}',
        '"crs":/* */{"type":"link","properties":{"href":"%s"}}',
        '"CRS" :\n {"type":"l\\u0069nk","properties":{"href":"%s"}}',
    ],
)
def test_a_crs_written_in_disguise_cannot_call_out(
    tmp_path: Path, written: str, listening_socket: ListeningSocket
) -> None:
    body = as_json(lambda body: None)
    body = "{" + written % listening_socket.url + "," + body.removeprefix("{")
    is_one_sentence(text(tmp_path / "desa.geojson", body))
    long = body.replace("{", "{" + " " * (4 * 2**20 - 12), 1)
    is_one_sentence(text(tmp_path / "desa.geojson", long))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "{url}", "{path}"])
def test_a_crs_by_name_is_read_and_fetches_nothing(
    tmp_path: Path, name: str, listening_socket: ListeningSocket, planted_secret: PlantedSecret
) -> None:
    name = name.format(url=listening_socket.url, path=planted_secret.path)

    def say(body: dict[str, Any]) -> None:
        body["crs"] = {"type": "name", "properties": {"name": name}}
        body["features"][0]["properties"]["crs"] = "EPSG:4326"
        body["features"][1]["properties"]["note"] = '"crs": {'

    path = text(tmp_path / "desa.geojson", as_json(say))
    assert len(read_boundaries(path).villages) == len(places())


GRID = (
    'GEOGCS["x",DATUM["D",SPHEROID["s",6378137,298],EXTENSION["PROJ4_GRIDS","{path}"]],'
    'PRIMEM["G",0],UNIT["degree",0.0174532925199433]]'
)


@pytest.mark.parametrize("suffix", [".zip", ".gpkg", ".fgb", ".gdb", ".parquet", ".geojson"])
def test_a_coordinate_system_cannot_name_a_file(
    tmp_path: Path, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # GDAL opens the grid while the file is made, so the secret is planted only then.
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    definition = GRID.format(path=elsewhere / "secret.geojson")
    layer = ours().set_crs(definition, allow_override=True)
    path = tmp_path / f"desa{suffix}"
    if suffix == ".geojson":
        said = {"type": "name", "properties": {"name": definition}}
        text(path, as_json(lambda body: body.update(crs=said)))
    else:
        write_database(layer, path) if suffix == ".gdb" else write(layer, path)
    secret = PlantedSecret(elsewhere)
    assert "outside itself" in is_one_sentence(path)
    assert not secret.was_opened
    secret.close()


@pytest.mark.parametrize(
    "crs", ["+init={path}:x", "init={path}:x", "+proj=longlat +nadgrids={path}"]
)
def test_a_coordinate_system_that_is_typed_in_cannot_name_a_file(
    tmp_path: Path, crs: str, planted_secret: PlantedSecret
) -> None:
    path = write(ours(), tmp_path / "desa.geojson")
    with pytest.raises(JangkauError, match="no coordinate system"):
        read_boundaries(path, crs=crs.format(path=planted_secret.path))


def test_a_name_in_a_zip_cannot_lead_to_another_file(
    tmp_path: Path, planted_secret: PlantedSecret
) -> None:
    body = write(ours(), tmp_path / "desa.geojson").read_bytes()
    path = zipped(tmp_path / "desa.zip", {f"a!{planted_secret.path}": body})
    assert set(read_boundaries(path).villages["name"]) == set(places()["name"])


@pytest.mark.parametrize("name", ["a!b.geojson", "a;b.geojson", "a?b#c%.geojson", "a.zip", "a\nb"])
def test_a_name_with_special_signs_is_read(tmp_path: Path, name: str) -> None:
    path = write(ours(), tmp_path / "desa.geojson").rename(tmp_path / name)
    assert len(read_boundaries(path).villages) == len(places())


def test_a_shapefile_with_special_signs_in_its_name_is_read(tmp_path: Path) -> None:
    write(ours(), tmp_path / "desa.zip")
    members = {
        f"x!/a;b{part.suffix.upper()}": part.read_bytes()
        for part in (tmp_path / "desa-parts").iterdir()
    }
    assert len(read_boundaries(zipped(tmp_path / "odd.zip", members)).villages) == len(places())


def test_kml_follows_no_link(
    tmp_path: Path, listening_socket: ListeningSocket, planted_secret: PlantedSecret
) -> None:
    link = f"<NetworkLink><Link><href>{listening_socket.url}</href></Link></NetworkLink>"
    style = f"<styleUrl>{planted_secret.path}#a</styleUrl>"
    body = KML.format(inside=link, name="Lemo I", more=style)
    rows = read_layer(text(tmp_path / "desa.kml", body)).rows
    assert rows["Name"].tolist() == ["Lemo I"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_kml_with_entities_is_refused(
    tmp_path: Path, encoding: str, planted_secret: PlantedSecret
) -> None:
    declared = f'<!DOCTYPE kml [<!ENTITY e SYSTEM "{planted_secret.path}">]>'
    body = declared + KML.format(inside="", name="&e;", more="")
    path = tmp_path / "desa.kml"
    path.write_bytes(body.encode(encoding))
    assert "cannot be read" in is_one_sentence(path)


def test_kml_with_character_data_at_its_beginning_is_read(tmp_path: Path) -> None:
    inside = "<description><![CDATA[<b>batas</b>]]></description>"
    body = KML.format(inside=inside, name="Lemo I", more="")
    assert len(read_layer(text(tmp_path / "desa.kml", body)).rows) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"><kml/></gml:FeatureCollection>',
        '<x xmlns:kml="http://www.opengis.net/kml/2.2"><kml:kml/></x>',
        "<kmlx/>",
        '{"displayFieldName": "", "geometryType": "esriGeometryPolygon", "features": []}',
        '{"type": "Feature", "note": "kode,nama\\n1,2"}',
        "kode,nama\n62.05.01.1001,Lemo\n",
        '{"gdal_streamed_alg": {"command_line": "gdal vector pipeline read x"}, "type": "Feature"}',
    ],
)
@pytest.mark.parametrize("suffix", ["kml", "json", "geojson"])
def test_other_formats_in_disguise_are_refused(tmp_path: Path, body: str, suffix: str) -> None:
    is_one_sentence(text(tmp_path / f"desa.{suffix}", body))


@pytest.mark.parametrize("tag", ["Folder", "MultiGeometry"])
def test_kml_nested_without_end_does_no_harm(tmp_path: Path, tag: str) -> None:
    more = f"<{tag}>" * 100_000
    is_one_sentence(text(tmp_path / "desa.kml", KML.format(inside=more, name="x", more="")))
    is_one_sentence(text(tmp_path / "desa.kml", KML.format(inside="", name="x", more=more)))


def test_a_file_of_very_many_layers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers_module, "MAX_LAYERS", 2)
    body = write(ours(), tmp_path / "desa.geojson").read_bytes()
    path = zipped(tmp_path / "desa.zip", {f"{number}.geojson": body for number in range(3)})
    assert "more than 2 layers" in is_one_sentence(path)


@pytest.mark.parametrize("count", [10**7, 2**62, 2**64 - 1])
def test_a_header_that_lies_about_its_rows_allocates_nothing(tmp_path: Path, count: int) -> None:
    path = write(ours(), tmp_path / "desa.fgb")
    body = bytearray(path.read_bytes())
    at = body.index(struct.pack("<Q", len(places())))
    body[at : at + 8] = struct.pack("<Q", count)
    path.write_bytes(body)
    is_one_sentence(path)
