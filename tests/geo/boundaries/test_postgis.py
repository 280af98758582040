"""Boundaries straight from a PostGIS server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from engine_servers import postgresql
from factories import VILLAGES, squares

from geo.boundaries.postgis import read_postgis, split_address
from geo.core.errors import EngineProblem, FileProblem

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the squares' villages in EPSG:32750, and a table without geometry."""
    with postgresql(tmp_path_factory.mktemp("postgis")) as address:
        with psycopg.connect(address) as database:
            try:
                database.execute("CREATE EXTENSION postgis")
            except psycopg.Error:
                pytest.skip("PostGIS (Debian's postgresql-15-postgis-3) is not installed")
            database.execute('CREATE SCHEMA "Peta"')
            database.execute(
                'CREATE TABLE "Peta"."Batas desa" (kode text, nama text, luas numeric,'
                " geom geometry(Polygon, 32750))"
            )
            for row in squares().to_crs(32750).itertuples():
                database.execute(
                    'INSERT INTO "Peta"."Batas desa" VALUES (%s, %s, 1.5,'
                    " ST_GeomFromText(%s, 32750))",
                    (row.kode, row.nama, row.geometry.wkt),
                )
            database.execute("CREATE TABLE plain (kode text)")
        yield address


def test_villages_come_as_from_a_file(server: str) -> None:
    found = read_postgis(f"{server}/Peta.Batas desa")
    assert found.villages["name"].to_dict() == VILLAGES
    expected = squares().set_index("kode").geometry
    for code, shape in found.villages.geometry.items():
        assert shape.symmetric_difference(expected[code]).area < 1e-8
    assert found.source == "PostGIS Peta.Batas desa"


def test_a_table_that_is_not_there_or_has_no_polygons_is_said(server: str) -> None:
    for table in ("nothing", "plain", "x'; DROP TABLE plain; --"):
        with pytest.raises(FileProblem, match="no table"):
            read_postgis(f"{server}/{table}")


def test_a_server_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(EngineProblem) as caught:
        read_postgis("postgresql://someone:secret-word@127.0.0.1:1/gis/villages")
    assert "secret-word" not in str(caught.value)


def test_an_address_without_a_table_is_refused() -> None:
    assert split_address("postgresql://u@h/gis/peta.desa") == (
        "postgresql://u@h/gis",
        "peta",
        "desa",
    )
    for address in ("postgresql://u@h/gis", "postgresql://u@h/", "postgresql://u@h/a/b/c"):
        with pytest.raises(FileProblem, match="names no table"):
            split_address(address)
