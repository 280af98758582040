"""Every format is read, every bad file gives one sentence and leaves nothing behind."""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

import pytest
import shapely
from layer_factories import (
    BAD_FILES,
    CONVENTIONS,
    grid,
    ours,
    pack,
    places,
    wide,
    write,
    write_database,
)
from typer.testing import CliRunner

from geo.boundaries.layers import list_layers
from geo.boundaries.reading import read_boundaries
from geo.boundaries.shapes import CrsMissing
from geo.cli.main import app
from geo.core.errors import FileProblem, JangkauError, QueryProblem
from geo.measures.dataset import open_dataset

FORMATS = {
    ".geojson": "GeoJSON",
    ".gpkg": "GeoPackage",
    ".shp": "Shapefile",
    ".zip": "Shapefile",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
    ".kml": "KML",
    ".kmz": "KML",
    ".topojson": "TopoJSON",
}


@pytest.fixture
def nothing_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder for temporary files, empty again after the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("suffix", "kind"), FORMATS.items())
def test_every_format_is_read(tmp_path: Path, suffix: str, kind: str, nothing_left: Path) -> None:
    path = write(ours(), tmp_path / f"desa{suffix}")
    (layer,) = list_layers(path)
    assert (layer.count, layer.likely) == (len(places()), True)
    found = read_boundaries(path)
    assert found.audit.kind == kind
    assert found.villages["name"].to_dict() == dict(places()[["code", "name"]].to_numpy())
    assert shapely.equals(found.villages.geometry.iloc[0], grid()[0])
    assert found.audit.balanced


def test_a_packed_file_geodatabase_is_read(tmp_path: Path, nothing_left: Path) -> None:
    path = write_database(ours(), tmp_path / "batas.zip")
    assert [layer.name for layer in list_layers(path)] == ["desa"]
    assert len(read_boundaries(path).villages) == len(places())


def test_loose_parts_from_different_folders_are_put_together(tmp_path: Path) -> None:
    write(ours(), tmp_path / "desa.zip")
    parts = []
    for number, part in enumerate(sorted((tmp_path / "desa-parts").iterdir())):
        (tmp_path / str(number)).mkdir()
        parts.append(Path(shutil.copy(part, tmp_path / str(number) / part.name.upper())))
    assert len(read_boundaries(parts).villages) == len(places())


def test_the_villages_are_suggested_among_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "batas.gpkg"
    layer = CONVENTIONS["big 2023"][0]()
    above = layer.drop(columns=["KDEPUM", "WADMKD"]).dissolve("WADMKC").reset_index()
    above["NAMOBJ"] = above["WADMKC"]
    points = layer.set_geometry(layer.geometry.representative_point())
    points.to_file(path, layer="kantor_desa")
    above.to_file(path, layer="batas_kecamatan")
    layer.to_file(path, layer="batas_desa")
    layers = list_layers(path)
    assert [x.name for x in layers if x.likely] == ["batas_desa"]
    assert {x.name for x in layers} == {"kantor_desa", "batas_kecamatan", "batas_desa"}
    assert len(read_boundaries(path).villages) == len(places())
    with pytest.raises(JangkauError, match="holds subdistricts"):
        read_boundaries(path, layer="batas_kecamatan")
    with pytest.raises(FileProblem, match="no layer 'desa'"):
        read_boundaries(path, layer="desa")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("declared", [True, False])
def test_text_of_a_shapefile_is_read_whatever_it_declares(
    tmp_path: Path, encoding: str, declared: bool
) -> None:
    layer = ours().assign(nama="Désa “Ñ”")
    write(layer, tmp_path / "desa.zip", encoding=encoding)
    folder = tmp_path / "desa-parts"
    if not declared:
        (folder / "desa.cpg").unlink()
        table = bytearray((folder / "desa.dbf").read_bytes())
        table[29] = 0
        (folder / "desa.dbf").write_bytes(table)
    names = read_boundaries(pack(tmp_path / "desa.zip", folder)).villages["name"]
    assert set(names) == {"Désa “Ñ”"}


def test_a_wrong_cpg_does_not_spoil_the_names(tmp_path: Path) -> None:
    write(ours().assign(nama="Désa"), tmp_path / "desa.zip", encoding="cp1252")
    folder = tmp_path / "desa-parts"
    (folder / "desa.cpg").write_text("UTF-8")
    names = read_boundaries(pack(tmp_path / "desa.zip", folder)).villages["name"]
    assert set(names) == {"Désa"}


@pytest.mark.parametrize("suffix", [s for s in FORMATS if s != ".shp"])
def test_the_name_of_a_file_does_not_matter(tmp_path: Path, suffix: str) -> None:
    path = write(ours(), tmp_path / f"desa{suffix}").rename(tmp_path / "download.part")
    assert len(read_boundaries(path).villages) == len(places())


def test_a_database_packed_without_its_folder_is_read(tmp_path: Path, nothing_left: Path) -> None:
    write_database(ours(), tmp_path / "batas.zip")
    path = pack(tmp_path / "loose.zip", tmp_path / "packed" / "batas.gdb")
    assert len(read_boundaries(path).villages) == len(places())


def test_a_file_named_wrongly_is_read_as_what_it_is_and_said(tmp_path: Path) -> None:
    path = write(ours(), tmp_path / "desa.geojson").rename(tmp_path / "desa.gpkg")
    found = read_boundaries(path)
    assert len(found.villages) == len(places())
    assert any("whatever its name" in note.message for note in found.audit.notes)


def test_a_missing_crs_is_asked_for_with_a_suggestion(tmp_path: Path) -> None:
    for crs, suggestion in [(4326, "EPSG:4326"), (3857, "EPSG:3857"), (32750, "EPSG:32750")]:
        path = tmp_path / f"desa{crs}.zip"
        layer = ours()
        layer = layer.set_geometry(layer.geometry.translate(yoff=-0.5)).to_crs(crs)
        write(layer, path)
        folder = tmp_path / f"desa{crs}-parts"
        next(folder.glob("*.prj")).unlink()
        pack(path, folder)
        with pytest.raises(CrsMissing, match=suggestion) as caught:
            read_boundaries(path)
        assert caught.value.suggestion == suggestion
        assert len(read_boundaries(path, crs=suggestion).villages) == len(places())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("truncated zip", "damaged"),
        ("truncated geojson", "cannot be read"),
        ("truncated parquet", "cannot be read"),
        ("truncated gpkg", "cannot be read"),
        ("not a shapefile", "cannot be read"),
        ("wrong extension", "cannot be read"),
        ("empty", "is empty"),
        ("no rows", "no rows"),
        ("only points", "Point"),
        ("nonsense", "outside Indonesia"),
        ("degrees called metres", "degrees"),
        ("unknown fields", "no field"),
        ("300 columns", "no field"),
        ("json", "cannot be read"),
        ("points elsewhere", "cannot be read"),
        ("zip of nothing", "without boundaries"),
        ("shp alone", ".dbf"),
    ],
)
def test_a_bad_file_gives_one_sentence(
    tmp_path: Path, name: str, says: str, nothing_left: Path
) -> None:
    (tmp_path / "bad").mkdir()
    path = BAD_FILES[name](tmp_path / "bad")
    before = sorted((tmp_path / "bad").iterdir())
    with pytest.raises(JangkauError) as caught:
        read_boundaries(path)
    sentence = str(caught.value)
    assert says in sentence
    assert path.name in sentence
    assert "\n" not in sentence and len(sentence) < 400
    assert sorted((tmp_path / "bad").iterdir()) == before


def test_a_file_of_300_columns_with_known_ones_is_read(tmp_path: Path) -> None:
    assert len(read_boundaries(write(wide(ours()), tmp_path / "wide.gpkg")).villages) == len(
        places()
    )


@pytest.mark.parametrize("name", ["../evil.shp", "/tmp/evil.shp", "a/../../evil.shp", "c:\\evil"])
def test_a_zip_that_points_outside_is_not_unpacked(
    tmp_path: Path, name: str, nothing_left: Path
) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(FileProblem, match="points outside"):
        read_boundaries(path)
    assert not list(tmp_path.rglob("evil.shp"))


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, nothing_left: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("desa.shp", bytes(150 * 2**20))
    with pytest.raises(FileProblem, match="far more"):
        read_boundaries(path)
    _understate(path)
    with pytest.raises(FileProblem, match=r"far more|damaged"):
        read_boundaries(path)


def _understate(path: Path) -> None:
    """Let the directory of a zip file say that what it holds is small."""
    body = bytearray(path.read_bytes())
    entry = body.index(b"PK\x01\x02")
    body[entry + 24 : entry + 28] = struct.pack("<I", 10)
    path.write_bytes(body)


def test_a_locked_zip_says_so(tmp_path: Path) -> None:
    path = write(ours(), tmp_path / "desa.zip")
    body = bytearray(path.read_bytes())
    entry = 0
    while (entry := body.find(b"PK\x01\x02", entry + 1)) >= 0:
        body[entry + 8] |= 1
    path.write_bytes(body)
    with pytest.raises(FileProblem, match="password"):
        read_boundaries(path)


@pytest.mark.parametrize("name", ["truncated zip", "empty", "only points", "nonsense"])
def test_the_command_line_says_it_in_one_line(tmp_path: Path, name: str) -> None:
    path, out = BAD_FILES[name](tmp_path), tmp_path / "gap.csv"
    words = ["measure", "--boundaries", str(path), "--out", str(out)]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert path.name in done.stderr
    assert not out.exists()


def test_a_layer_of_names_nobody_knows_cannot_be_measured(tmp_path: Path) -> None:
    layer = ours().drop(columns="kode").assign(nama="Entah Di Mana")
    path = write(layer, tmp_path / "desa.geojson")
    with pytest.raises(QueryProblem, match="None of the 12 rows"):
        open_dataset(path)
