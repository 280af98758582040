"""Boundary files damaged in every part: one sentence, or what is whole is read."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from hostile_support import as_json, is_one_sentence, zipped
from layer_factories import ours, pack, places, text, write
from pyarrow import parquet

from geo.boundaries.archives import unpack
from geo.boundaries.layers import list_layers, read_layer
from geo.boundaries.origin import read_origin
from geo.boundaries.reading import read_boundaries
from geo.core.errors import FileProblem, JangkauError


def unclosed(layer: gpd.GeoDataFrame) -> np.ndarray:
    """The layer's polygons as WKB, the ring of the first without its last point."""
    corners = np.asarray(layer.geometry.iloc[0].exterior.coords)[:-1]
    ring = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", len(corners)) + corners.tobytes()
    return np.array([ring, *shapely.to_wkb(layer.geometry.to_numpy())[1:]], dtype=object)


def with_column(path: Path, name: str, column: pa.Array) -> Path:
    """A GeoParquet file with one column replaced or added."""
    table = parquet.read_table(path)
    at = table.schema.get_field_index(name)
    changed = table.append_column(name, column) if at < 0 else table.set_column(at, name, column)
    parquet.write_table(changed.replace_schema_metadata(table.schema.metadata), path)
    return path


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_an_unclosed_ring_is_closed(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"desa.{suffix}"
    if suffix == "geojson":
        text(path, as_json(lambda b: b["features"][0]["geometry"]["coordinates"][0].pop()))
    elif suffix == "gpkg":
        write(ours(), path)
        head = b"GP\x00\x01" + struct.pack("<i", 4326)
        with sqlite3.connect(path) as database:
            database.create_function("ST_IsEmpty", 1, lambda shape: 0)
            for name in "MinX", "MaxX", "MinY", "MaxY":
                database.create_function(f"ST_{name}", 1, lambda shape: 0.0)
            table = database.execute("SELECT table_name FROM gpkg_contents").fetchone()[0]
            changed = head + unclosed(ours())[0]
            database.execute(f"UPDATE {table} SET geom = ? WHERE fid = 1", (changed,))
        database.close()
    else:
        with_column(write(ours(), path), "geometry", pa.array(unclosed(ours())))
    found = read_boundaries(path).villages
    code = places()["code"].iloc[0]
    assert shapely.equals(found.geometry[code], ours().geometry.iloc[0])


def ring(corners: np.ndarray) -> bytes:
    """A polygon of one ring as WKB, whatever its coordinates are."""
    return struct.pack("<BIII", 1, 3, 1, len(corners)) + corners.tobytes()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e308])
@pytest.mark.parametrize("corners", [[1], [0, 4], [0, 1, 2, 3, 4]])
@pytest.mark.parametrize("double", [False, True])
def test_a_ring_without_numbers_is_repaired_or_left_out(
    tmp_path: Path, number: float, corners: list[int], double: bool
) -> None:
    broken = np.asarray(ours().geometry.iloc[0].exterior.coords).copy()
    broken[corners] = number
    shapes = shapely.to_wkb(ours().geometry.to_numpy())
    shapes[0] = ring(broken)
    if double:
        shapes[0] = struct.pack("<BII", 1, 6, 2) + shapes[0] + shapes[1]
    path = with_column(write(ours(), tmp_path / "desa.parquet"), "geometry", pa.array(shapes))
    found = read_boundaries(path)
    assert found.audit.count("repaired") + found.audit.count("without_polygon") == 1
    west, south, east, north = found.villages.geometry.total_bounds
    assert (west, south, east, north) == pytest.approx(ours().geometry.total_bounds, abs=0.1)


COLUMNS: dict[str, Callable[[], pa.Array]] = {
    "numbers": lambda: pa.array(range(len(places()))),
    "lists": lambda: pa.array([[1.0, 2.0]] * len(places())),
    "text": lambda: pa.array(["POLYGON"] * len(places())),
    "other bytes": lambda: pa.array([b"\x01\x02"] * len(places())),
    "nulls": lambda: pa.nulls(len(places())),
    "structures": lambda: pa.array([{"x": 1.0}] * len(places())),
}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("encoding", ["WKB", "polygon", "multipolygon", "nonsense", None])
def test_a_parquet_geometry_of_another_type_is_one_sentence(
    tmp_path: Path, kind: str, encoding: str | None
) -> None:
    path = with_column(write(ours(), tmp_path / "desa.parquet"), "geometry", COLUMNS[kind]())
    _say(path, lambda geo: geo["columns"]["geometry"].update(encoding=encoding))
    if (kind, encoding) == ("other bytes", "WKB"):
        assert read_boundaries(path).villages.geometry.isna().all()
    else:
        is_one_sentence(path)


def _say(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Change what a GeoParquet file says of its geometry."""
    table = parquet.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    change(geo)
    metadata = {**table.schema.metadata, b"geo": json.dumps(geo).encode()}
    parquet.write_table(table.replace_schema_metadata(metadata), path)
    return path


@pytest.mark.parametrize(
    "change",
    [
        lambda geo: geo.clear(),
        lambda geo: geo.update(primary_column=["geometry"]),
        lambda geo: geo.update(primary_column="nama"),
        lambda geo: geo.update(columns=[]),
        lambda geo: geo.update(columns={"geometry": 5}),
        lambda geo: geo["columns"]["geometry"].update(crs="secret.wkt"),
        lambda geo: geo["columns"]["geometry"].update(crs={"type": "x"}),
        lambda geo: geo["columns"]["geometry"].update(crs=[1]),
    ],
)
def test_a_parquet_that_says_nonsense_of_itself_is_one_sentence(
    tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    is_one_sentence(_say(write(ours(), tmp_path / "desa.parquet"), change))


def test_nested_geometry_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    nested = struct.pack("<BII", 1, 7, 1) * 300_000 + struct.pack("<BIdd", 1, 1, 115, 0)
    shapes = np.array([nested, *shapely.to_wkb(ours().geometry.to_numpy())[1:]], dtype=object)
    path = write(ours(), tmp_path / "desa.parquet")
    assert "cannot be read" in is_one_sentence(with_column(path, "geometry", pa.array(shapes)))


def test_a_parquet_of_geometry_alone_has_no_field_of_villages(tmp_path: Path) -> None:
    path = write(ours()[["geometry"]], tmp_path / "desa.parquet")
    assert len(read_layer(path).rows) == len(places())
    assert "no field" in is_one_sentence(path)


def test_parquet_text_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    names = pa.array([b"D\xe9sa"] * len(places())).view(pa.string())
    path = with_column(write(ours(), tmp_path / "desa.parquet"), "nama", names)
    assert "not UTF-8 in column 'nama'" in is_one_sentence(path)


def test_names_of_layers_and_columns_stay_within_the_line(tmp_path: Path) -> None:
    odd = ours().assign(nama="Blok").rename(columns={"kode": "a\n\x1b[31m", "nama": "b\r"})
    said = is_one_sentence(write(odd, tmp_path / "desa.geojson"))
    assert "\x1b" not in said and "\r" not in said
    path = tmp_path / "desa.gpkg"
    ours().to_file(path, layer="one\ntwo")
    with pytest.raises(FileProblem, match="there are: one two"):
        read_boundaries(path, layer="three")


def test_two_parquet_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write(ours(), tmp_path / "desa.parquet")
    table = parquet.read_table(path)
    twice = table.append_column("nama", table.column("nama"))
    parquet.write_table(twice, path)
    assert "two columns named 'nama'" in is_one_sentence(path)


def test_two_columns_of_one_name_in_a_shapefile_are_refused(tmp_path: Path) -> None:
    write(ours().rename(columns={"nama": "mama", "kode": "nama"}), tmp_path / "desa.zip")
    table = tmp_path / "desa-parts" / "desa.dbf"
    table.write_bytes(table.read_bytes().replace(b"mama", b"nama"))
    said = is_one_sentence(pack(tmp_path / "desa.zip", tmp_path / "desa-parts"))
    assert "two columns named 'nama'" in said


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
def test_columns_of_bytes_are_no_fields(tmp_path: Path, suffix: str) -> None:
    path = write(ours(), tmp_path / f"desa.{suffix}")
    if suffix == "gpkg":
        with sqlite3.connect(path) as database:
            database.execute("ALTER TABLE desa ADD COLUMN photo BLOB DEFAULT x'FFD8'")
        database.close()
    else:
        with_column(path, "photo", pa.array([b"\xff\xd8"] * len(places())))
    assert "photo" not in list_layers(path)[0].fields
    assert len(read_boundaries(path).villages) == len(places())


@pytest.mark.parametrize("suffix", ["gpkg", "parquet"])
@pytest.mark.parametrize("number", [2**53 + 1, 2**63 - 1, -(2**63)])
def test_large_whole_numbers_beside_a_gap_are_no_traceback(
    tmp_path: Path, suffix: str, number: int
) -> None:
    numbers = pd.Series([number, None] + [1] * (len(places()) - 2), dtype="Int64")
    path = write(ours().assign(luas=numbers.to_numpy()), tmp_path / f"desa.{suffix}")
    if suffix == "parquet":
        path = with_column(path, "luas", pa.array(numbers.tolist(), pa.int64(), from_pandas=True))
    assert len(read_boundaries(path).villages) == len(places())


def test_lists_and_structures_of_parquet_are_no_fields(tmp_path: Path) -> None:
    path = write(ours(), tmp_path / "desa.parquet")
    with_column(path, "notes", pa.array([[{"a": 1}]] * len(places())))
    (layer,) = list_layers(path)
    assert layer.fields == ("kode", "nama", "geometry")
    assert len(read_boundaries(path).villages) == len(places())


@pytest.mark.parametrize("name", [".", "./.", "a/./", "./a/..", "//", " "])
def test_a_zip_of_dots_is_one_sentence(tmp_path: Path, name: str) -> None:
    is_one_sentence(zipped(tmp_path / "dots.zip", {name: b"x"}))


def test_a_zip_with_a_nameless_file_is_one_sentence(tmp_path: Path) -> None:
    path = zipped(tmp_path / "nameless.zip", {"x": b"x"})
    body = bytearray(path.read_bytes())
    entry = body.index(b"PK\x01\x02")
    body[entry + 28 : entry + 32] = struct.pack("<HH", 0, 1)
    path.write_bytes(body)
    is_one_sentence(path)


def test_folders_that_end_in_a_backslash_are_folders(tmp_path: Path) -> None:
    body = write(ours(), tmp_path / "desa.geojson").read_bytes()
    path = zipped(tmp_path / "desa.zip", {"batas\\": b"", "batas\\desa.geojson": body})
    assert len(read_boundaries(path).villages) == len(places())


def test_a_zip_with_500_folders_is_one_sentence(tmp_path: Path) -> None:
    path = zipped(tmp_path / "deep.zip", {"a/" * 500 + "desa.shp": b"x"})
    assert "no usable name" in is_one_sentence(path)


@pytest.mark.parametrize(
    "names",
    [("b" * 300 + ".geojson",), ("a", "a/desa.geojson"), ("a.geojson", "./a.geojson")],
)
def test_names_in_a_zip_that_cannot_be_written_are_one_sentence(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    body = write(ours(), tmp_path / "desa.geojson").read_bytes()
    path = zipped(tmp_path / "names.zip", dict.fromkeys(names, body))
    assert "no usable name" in is_one_sentence(path)


def test_nothing_is_left_of_a_zip_that_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(FileProblem):
        unpack(zipped(tmp_path / "x.zip", {"a": b"x", "a/b": b"x"}), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"nonsense",
        b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS',
        b'PROJCS["x",GEOGCS["y",DATUM["z",SPHEROID["s",0,0]],PRIMEM["G",0],UNIT["d",0]],'
        b'PROJECTION["Transverse_Mercator"],UNIT["m",0]]',
        b'LOCAL_CS["x",UNIT["m",1]]',
        b'VERT_CS["x",VERT_DATUM["y",2005],UNIT["m",1]]',
        b'PROJCS["x","+init=epsg:1"]',
        b"http://127.0.0.1:9/x",
    ],
)
def test_a_damaged_prj_is_one_sentence(tmp_path: Path, body: bytes) -> None:
    write(ours(), tmp_path / "desa.zip")
    (tmp_path / "desa-parts" / "desa.prj").write_bytes(body)
    is_one_sentence(pack(tmp_path / "desa.zip", tmp_path / "desa-parts"))


@pytest.mark.parametrize("suffix", ["prj", "cpg", "dbf", "qpj"])
def test_a_part_of_a_shapefile_that_is_a_folder_is_no_traceback(
    tmp_path: Path, suffix: str
) -> None:
    write(ours(), tmp_path / "desa.zip")
    members = {p.name: p.read_bytes() for p in (tmp_path / "desa-parts").iterdir()}
    members.pop(f"desa.{suffix}", None)
    path = zipped(tmp_path / "odd.zip", members | {f"desa.{suffix}/x": b"x"})
    try:
        assert len(read_boundaries(path).villages) == len(places())
    except JangkauError as problem:
        assert "\n" not in str(problem)


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xff", b"/etc/passwd", b"nonsense", b"UTF-16", b"8" * 9999]
)
def test_a_strange_cpg_is_read_or_refused(tmp_path: Path, body: bytes) -> None:
    write(ours(), tmp_path / "desa.zip")
    (tmp_path / "desa-parts" / "desa.cpg").write_bytes(body)
    path = pack(tmp_path / "desa.zip", tmp_path / "desa-parts")
    try:
        assert len(read_boundaries(path).villages) == len(places())
    except JangkauError as problem:
        assert "\n" not in str(problem)


@pytest.mark.parametrize(
    "path",
    [
        *("http://[::1", "http://127.0.0.1:9/x.geojson", "x" * 300 + ".geojson", "x\x00.geojson"),
        *("/vsicurl/http://127.0.0.1:9/x.geojson", "/vsizip/x.zip/x.geojson", ".csv/x.csv"),
        *("x" * 300 + ".csv", "http://[::1/x.csv"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_sentence(path: str) -> None:
    assert "There is no" in is_one_sentence(Path(path))


@pytest.mark.parametrize("suffix", ["", ".csv", ".geojson", ".gdb", ".shp"])
def test_a_folder_is_one_sentence(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    is_one_sentence(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("suffix", ["csv", "geojson", "shp"])
def test_a_pipe_or_a_device_does_not_hang(tmp_path: Path, suffix: str) -> None:
    pipe = tmp_path / f"pipe.{suffix}"
    os.mkfifo(pipe)
    assert "a device or a pipe" in is_one_sentence(pipe)
    if Path("/dev/zero").exists():
        link = tmp_path / f"zero.{suffix}"
        link.symlink_to("/dev/zero")
        assert "a device or a pipe" in is_one_sentence(link)


def test_loose_parts_that_cannot_be_copied_are_one_sentence(tmp_path: Path) -> None:
    write(ours(), tmp_path / "desa.zip")
    parts = sorted((tmp_path / "desa-parts").iterdir())
    (tmp_path / "desa.cpg").mkdir()
    with pytest.raises(FileProblem, match="several layers"):
        read_boundaries([*parts, tmp_path / "desa.cpg"])
    with pytest.raises(FileProblem, match="no boundary file"):
        read_boundaries([*parts, Path("x" * 300 + ".prj")])


@pytest.mark.parametrize(
    "facts", ["[" * 5000, "[]", '"x"', '{"source": 5, "licence": 1, "date": 2}']
)
def test_a_layer_that_lies_about_its_origin_is_read(tmp_path: Path, facts: str) -> None:
    body = as_json(lambda body: None).replace("{", '{"jangkau":' + facts + ",", 1)
    assert read_origin(text(tmp_path / "desa.geojson", body)) is None
