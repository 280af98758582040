"""Fetching boundaries: paged, slow, broken, cut off; the file is whole or not there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from layer_factories import big_2023, grid, hdx, ours, places, write
from source_server import Play, playing
from typer.testing import CliRunner

from geo.boundaries.download.layers import Fetched, get_boundaries
from geo.boundaries.download.sources import SOURCES
from geo.boundaries.download.sql_layer import read_sql_layer
from geo.boundaries.download.transfer import RetryPolicy
from geo.boundaries.origin import read_origin
from geo.boundaries.reading import read_boundaries
from geo.cli.main import app
from geo.core.errors import FileProblem, JangkauError, QueryProblem

# Long enough that a busy machine is not taken for a broken line; a stalled one is waited for less.
QUICK = RetryPolicy(tries=3, pause=0.0, timeout=300.0)
STALLED = RetryPolicy(tries=3, pause=0.0, timeout=3.0)
SQL = "/db/kel/62/wilayah_boundaries_kel_62.05.sql"


def _path_of(shape: shapely.Geometry) -> str:
    rings = [[[y, x] for x, y in ring.coords] for ring in (shape.exterior, *shape.interiors)]
    return json.dumps(rings)


def sql(layer: gpd.GeoDataFrame | None = None, *, end: str = ";\n") -> str:
    """The file as the source writes it: a comment with brackets and quotes, then rows."""
    layer = ours() if layer is None else layer
    rows = [
        f"\t('{row.kode}','{row.nama.replace(chr(39), chr(39) * 2)}',-0.1,115.0,"
        f"'{_path_of(row.geometry) if row.geometry else ''}')"
        for row in layer.itertuples()
    ]
    head = "/*\nfilename : it's (a comment)\n*/\nINSERT INTO wilayah_boundaries"
    return f"{head}(kode,nama,lat,lng,path) VALUES\n" + ",\n".join(rows) + end


@pytest.fixture
def play() -> Iterator[Play]:
    with playing(Play(files={SQL: sql().encode()}, features=big_2023())) as server:
        yield server


def get(
    play: Play,
    folder: Path,
    source: str = "cahyadsn",
    *,
    code: str = "62.05",
    name: str = "",
    patience: RetryPolicy = QUICK,
) -> Fetched:
    address = {
        "cahyadsn": f"{play.url}/db/kel/{{province}}/wilayah_boundaries_kel_{{code}}.sql",
        "big": f"{play.url}/rest/services/desa/MapServer/0",
    }
    out = folder / (name or "desa.parquet")
    return get_boundaries(code, source, out, url=address.get(source, ""), patience=patience)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("source", ["cahyadsn", "big"])
@pytest.mark.parametrize("name", ["desa.parquet", "desa.geojson"])
def test_a_layer_of_the_normal_form_is_written_with_its_origin(
    play: Play, tmp_path: Path, source: str, name: str
) -> None:
    found = get(play, tmp_path, source, name=name)
    assert left(tmp_path) == [name]
    again = read_boundaries(tmp_path / name)
    assert again.villages.index.tolist() == sorted(places()["code"])
    expected = dict(zip(places()["code"], grid(), strict=True))
    for code, shape in again.villages.geometry.items():
        assert shape.symmetric_difference(expected[code]).area < 1e-9
    origin = read_origin(tmp_path / name)
    assert origin == found.origin
    assert (origin.licence, origin.date) == (SOURCES[source].licence, dt.date.today())
    assert again.source.startswith(SOURCES[source].title)
    assert len(found.missing) == 103 - len(places())


def test_pages_are_asked_for_until_all_have_come(play: Play, tmp_path: Path) -> None:
    get(play, tmp_path, "big")
    offsets = [path.partition("resultOffset=")[2].partition("&")[0] for path, _ in play.asked]
    assert offsets == ["", "0", "5", "10"]


@pytest.mark.parametrize("source", ["cahyadsn", "big"])
@pytest.mark.parametrize("faults", [["500"], ["429", "503"], ["break"], ["ok", "break", "500"]])
def test_a_broken_or_slow_line_is_tried_again(
    play: Play, tmp_path: Path, source: str, faults: list[str]
) -> None:
    play.faults = faults
    assert len(get(play, tmp_path, source).villages) == len(places())
    assert left(tmp_path) == ["desa.parquet"]


@pytest.mark.parametrize("source", ["cahyadsn", "big"])
def test_a_line_that_says_no_more_is_tried_again(play: Play, tmp_path: Path, source: str) -> None:
    play.faults = ["stall"]
    assert len(get(play, tmp_path, source, patience=STALLED).villages) == len(places())
    assert left(tmp_path) == ["desa.parquet"]


@pytest.mark.parametrize("fault", ["html", "busy"])
def test_an_answer_of_a_service_that_is_no_answer_is_tried_again(
    play: Play, tmp_path: Path, fault: str
) -> None:
    play.faults = ["ok", fault]
    assert len(get(play, tmp_path, "big").villages) == len(places())


def test_a_download_goes_on_where_it_stopped(play: Play, tmp_path: Path) -> None:
    body = len(play.files[SQL])
    play.faults = ["break", "500", "500"]
    with pytest.raises(FileProblem, match="try again later"):
        get(play, tmp_path)
    kept = tmp_path / "desa.parquet.62.05.part"
    assert kept.stat().st_size == body // 2
    assert not (tmp_path / "desa.parquet").exists()
    play.asked.clear()
    assert len(get(play, tmp_path).villages) == len(places())
    assert [asked for _, asked in play.asked] == [f"bytes={body // 2}-"]
    assert left(tmp_path) == ["desa.parquet"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(play: Play, tmp_path: Path) -> None:
    play.faults = ["break", "500", "500"]
    with pytest.raises(FileProblem):
        get(play, tmp_path)
    play.version = '"2"'
    play.files[SQL] = sql(ours().assign(nama="Baru")).encode()
    assert set(get(play, tmp_path).villages["name"]) == {"Baru"}


def test_a_server_without_ranges_is_asked_for_the_whole(play: Play, tmp_path: Path) -> None:
    play.ranges = False
    play.faults = ["break"]
    assert len(get(play, tmp_path).villages) == len(places())


def test_pages_that_came_are_not_asked_for_again(play: Play, tmp_path: Path) -> None:
    play.faults = ["ok", "ok", "500", "500", "500"]
    with pytest.raises(FileProblem, match="try again later"):
        get(play, tmp_path, "big")
    play.asked.clear()
    assert len(get(play, tmp_path, "big").villages) == len(places())
    assert "resultOffset=5" in play.asked[1][0]


def test_a_service_that_sends_the_same_page_again_is_found_out(play: Play, tmp_path: Path) -> None:
    play.stuck = True
    with pytest.raises(FileProblem, match="stopped after 5 of 12"):
        get(play, tmp_path, "big")
    assert not (tmp_path / "desa.parquet").exists()


@pytest.mark.parametrize("end", [";\n-- Dump completed on 2024\n", ";\n/* end; */\n# done"])
def test_remarks_after_the_last_statement_are_no_cut(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.sql"
    path.write_text(sql(end=end), encoding="utf-8")
    assert len(read_sql_layer(path, "https://x")) == len(ours())


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (sql(end=""), "cut off"),
        (sql(end="\n-- Dump completed"), "cut off"),
        (sql()[:1500], "cut off"),
        ("<html>Not here</html>", "no SQL file"),
        (sql().replace("'[[[", "'[[{"), "no SQL file"),
        (sql(ours().assign(kode="11.01.01.2001")), "not what was asked"),
    ],
)
def test_a_wrong_answer_leaves_the_earlier_file_and_nothing_else(
    play: Play, tmp_path: Path, body: str, says: str
) -> None:
    (tmp_path / "desa.parquet").write_bytes(b"earlier")
    play.files[SQL] = body.encode()
    with pytest.raises(FileProblem, match=says) as caught:
        get(play, tmp_path)
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == ["desa.parquet"]
    assert (tmp_path / "desa.parquet").read_bytes() == b"earlier"


def test_a_service_that_refuses_or_has_nothing_says_so(play: Play, tmp_path: Path) -> None:
    play.faults = ["error"]
    with pytest.raises(FileProblem, match="error 400"):
        get(play, tmp_path, "big")
    with pytest.raises(FileProblem, match="no villages"):
        get(play, tmp_path, "big", code="62.06")
    with pytest.raises(FileProblem, match="HTTP 404"):
        get(play, tmp_path, code="62.06")


def test_a_subdistrict_is_cut_out_of_its_regency(play: Play, tmp_path: Path) -> None:
    found = get(play, tmp_path, code="62.05.01")
    assert set(found.villages.index.str[:8]) == {"62.05.01"}


def test_a_file_of_any_kind_is_fetched_by_its_address(play: Play, tmp_path: Path) -> None:
    packed = write(ours(), tmp_path / "source.zip").read_bytes()
    play.files["/desa.zip"] = packed
    out = tmp_path / "out"
    out.mkdir()
    found = get_boundaries("62.05", f"{play.url}/desa.zip", out / "x.geojson", patience=QUICK)
    assert len(found.villages) == len(places())
    assert left(out) == ["x.geojson"]
    assert read_origin(out / "x.geojson").licence == "not stated"


def test_a_source_without_an_address_takes_one(play: Play, tmp_path: Path) -> None:
    play.files["/idn_adm.zip"] = write(hdx(), tmp_path / "source.zip").read_bytes()
    url = f"{play.url}/idn_adm.zip"
    found = get_boundaries("62.05", "hdx", tmp_path / "x.parquet", url=url, patience=QUICK)
    assert found.villages.index.tolist() == sorted(places()["code"])
    assert found.audit.scheme == "bps"
    assert found.origin.licence == SOURCES["hdx"].licence


@pytest.mark.parametrize(
    ("code", "source", "name", "says"),
    [
        ("62.99", "cahyadsn", "x.parquet", "no area"),
        ("62.05'--", "big", "x.parquet", "no area"),
        ("62.05.01.1001", "cahyadsn", "x.parquet", "no area"),
        ("62.05", "nobody", "x.parquet", "no known source"),
        ("62.05", "hdx", "x.parquet", "no fixed address"),
        ("62.05", "ftp://example.org/a.sql", "x.parquet", "no address"),
        ("62.05", "cahyadsn", "x.shp", "no known suffix"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_fetched(
    tmp_path: Path, code: str, source: str, name: str, says: str
) -> None:
    with pytest.raises((QueryProblem, FileProblem), match=says):
        get_boundaries(code, source, tmp_path / name)
    assert left(tmp_path) == []


def test_rings_of_the_sql_file_become_holes_and_islands(tmp_path: Path) -> None:
    outer, inner = shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)
    apart = shapely.box(6, 0, 7, 1)
    rings = [json.loads(_path_of(shape))[0] for shape in (outer, inner, apart)]
    layer = ours().head(2)
    text = sql(layer)
    for row, path in zip(layer.geometry, ([*rings], [[rings[0]], [rings[2]]]), strict=True):
        text = text.replace(_path_of(row), json.dumps(path))
    path = tmp_path / "x.sql"
    path.write_text(text.replace("Montallat II", "Montallat ''II"), encoding="utf-8")
    found = read_sql_layer(path, "x.sql")
    assert found.geometry[0].equals(outer.difference(inner).union(apart))
    assert found.geometry[1].equals(outer.union(apart))
    assert found["nama"][1] == "Montallat 'II"


def test_the_command_says_what_it_got_and_in_one_line_what_went_wrong(
    play: Play, tmp_path: Path
) -> None:
    run = CliRunner()
    out = tmp_path / "desa.geojson"
    words = ["boundaries", "get", "62.05", "--from", "cahyadsn", "--out", str(out), "--lang", "en"]
    url = f"{play.url}/db/kel/{{province}}/wilayah_boundaries_kel_{{code}}.sql"
    done = run.invoke(app, [*words, "--url", url])
    assert done.exit_code == 0, done.output
    assert "12 villages, 12 with a boundary" in done.stdout
    assert "MIT" in done.stdout and "91 villages are not in the source" in done.stdout
    failed = run.invoke(app, [*words, "--url", f"{play.url}/nothing.sql", "--pause", "0"])
    assert (failed.exit_code, failed.stdout) == (1, "")
    (line,) = failed.stderr.splitlines()
    assert "404" in line


def test_the_command_lists_every_source_with_its_licence() -> None:
    done = CliRunner().invoke(app, ["boundaries", "sources"])
    for source in SOURCES.values():
        assert source.name in done.stdout and source.licence in done.stdout


def test_an_error_never_leaves_a_traceback(play: Play, tmp_path: Path) -> None:
    for fault in ("html", "break", "404", "error"):
        play.faults = [fault] * 9
        try:
            get(play, tmp_path, "big")
        except JangkauError as error:
            assert "Traceback" not in str(error)
