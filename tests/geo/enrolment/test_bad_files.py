"""Bad files of every kind on the command line: one clear sentence, exit code 1, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from factories import a_row, an_identity, squares, write_layer, write_workers
from sheet_factories import PLAIN, plain_row, write_ole, write_text, write_xlsx
from typer.testing import CliRunner, Result

from geo.cli.main import app

Maker = Callable[[Path], Path]


def write(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def cut(path: Path) -> Path:
    """Half of a file."""
    return write(path, path.read_bytes()[: path.stat().st_size // 2])


def layer_of(path: Path, shapes: list[shapely.Geometry]) -> Path:
    table = squares().iloc[: len(shapes)]
    return write_layer(table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=4326)), path)


def zipped_shapefile(folder: Path) -> Path:
    path = folder / "wilayah.shp.zip"
    squares().to_file(path, driver="ESRI Shapefile")
    return path


TABLES: dict[str, Maker] = {
    "empty": lambda f: write(f / "kosong.csv", b""),
    "a header alone": lambda f: write_text(f / "kepala.csv", [PLAIN]),
    "300 columns": lambda f: write_text(f / "lebar.csv", [[f"K{n}" for n in range(300)]] * 2),
    "a wide workbook": lambda f: write_xlsx(f / "lebar.xlsx", {"A": [[*range(300)]] * 2}),
    "a password": lambda f: write_ole(f / "kunci.xlsx", "EncryptedPackage"),
    "a cut workbook": lambda f: cut(write_xlsx(f / "potong.xlsx", {"A": [PLAIN, plain_row(1)]})),
    "a cut archive": lambda f: cut(
        write_text(f / "potong.csv.gz", [PLAIN, *map(plain_row, range(99))])
    ),
    "no table": lambda f: write(f / "acak.csv", bytes(range(256)) * 40),
    "a picture": lambda f: write(f / "foto.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(4000)),
    "a document": lambda f: write(f / "surat.csv", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"),
    "only errors": lambda f: write_xlsx(
        f / "galat_2024-10.xlsx",
        {"A": [PLAIN, plain_row(1, NIK="#N/A"), plain_row(2, DESA="#REF!")]},
    ),
    "only NIK as numbers": lambda f: write_xlsx(
        f / "angka_2024-10.xlsx", {"A": [PLAIN, plain_row(1, NIK=int(an_identity(1)))]}
    ),
    "boundaries": lambda f: write_layer(squares(), f / "batas.geojson"),
}
LAYERS: dict[str, Maker] = {
    "empty": lambda f: write(f / "kosong.geojson", b""),
    "a cut archive": lambda f: cut(zipped_shapefile(f)),
    "no shapefile": lambda f: write(f / "bukan.shp", b"bukan shapefile"),
    "another suffix": lambda f: write(f / "batas.gpkg", b"kode,nama\n1,A\n"),
    "no features": lambda f: write(
        f / "nol.geojson", b'{"type":"FeatureCollection","features":[]}'
    ),
    "only points": lambda f: layer_of(f / "titik.geojson", [shapely.Point(115, -1)] * 3),
    "elsewhere": lambda f: layer_of(f / "jauh.geojson", [shapely.box(0, 40, 1, 41)] * 3),
    "no place on earth": lambda f: layer_of(
        f / "mustahil.geojson", [shapely.box(900, 400, 901, 401)] * 3
    ),
    "no names": lambda f: write_layer(
        gpd.GeoDataFrame({f"k{n}": [n] for n in range(300)}, geometry=squares().geometry[:1]),
        f / "lebar.geojson",
    ),
    "records": lambda f: write_workers(f, [a_row()], name="peserta.csv"),
}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound layer."""
    folder = tmp_path_factory.mktemp("sound")
    write_layer(squares(), folder / "layer.geojson")
    return folder


@pytest.fixture(scope="module")
def workspace(sound: Path) -> Path:
    """A workspace with one saved period, which every test leaves as it was."""
    folder = sound / "workspace"
    layer = sound / "layer.geojson"
    file = write_workers(sound, [a_row()])
    options = ("--boundaries", layer, "--style", "start=dmy", "--workspace", folder)
    assert run("import", file, *options).exit_code == 0
    return folder


def state_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def assert_one_sentence(result: Result, file: Path) -> None:
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    assert file.stem.split("_")[0] in line
    assert line.endswith(".")
    assert "Traceback" not in line
    assert len(line) < 400


@pytest.mark.parametrize("kind", TABLES)
def test_a_bad_table_is_one_sentence_and_changes_nothing(
    tmp_path: Path, sound: Path, workspace: Path, kind: str
) -> None:
    file = TABLES[kind](tmp_path)
    before = state_of(workspace)
    layer = sound / "layer.geojson"
    result = run("import", file, "--boundaries", layer, "--workspace", workspace, "--yes")
    assert_one_sentence(result, file)
    assert state_of(workspace) == before
    out = tmp_path / "out.csv"
    measured = run("measure", "--boundaries", layer, "--enrolment", file, "--out", out)
    assert measured.exit_code == 1
    assert len(measured.stderr.splitlines()) == 1
    assert not out.exists()


@pytest.mark.parametrize("kind", sorted(set(TABLES) - {"only errors", "only NIK as numbers"}))
def test_a_check_of_a_bad_table_is_one_sentence(tmp_path: Path, kind: str) -> None:
    file = TABLES[kind](tmp_path)
    assert_one_sentence(run("check", file), file)


def test_a_check_shows_the_errors_of_a_spreadsheet(tmp_path: Path) -> None:
    result = run("check", TABLES["only errors"](tmp_path))
    assert result.exit_code == 0, result.output
    assert "rows with an error of the spreadsheet" in result.stdout


@pytest.mark.parametrize("kind", LAYERS)
def test_a_bad_layer_is_one_sentence_and_changes_nothing(
    tmp_path: Path, workspace: Path, kind: str
) -> None:
    layer = LAYERS[kind](tmp_path)
    before = state_of(workspace)
    file = write_workers(tmp_path / "sound", [a_row()])
    options = ("--boundaries", layer, "--style", "start=dmy")
    assert_one_sentence(run("import", file, *options, "--workspace", workspace, "--yes"), layer)
    assert state_of(workspace) == before
    out = tmp_path / "out.csv"
    assert_one_sentence(run("measure", "--boundaries", layer, "--out", out), layer)
    assert not out.exists()
    places = ("match", "--places", file, "--gazetteer", layer, "--out", out)
    if kind != "records":  # a table of codes and names is a list of places
        assert_one_sentence(run(*places), layer)
        assert not out.exists()
