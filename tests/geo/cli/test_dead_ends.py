"""Each refusal of the command line shows what was seen and an option that leads on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from factories import VILLAGES, a_row, an_identity, squares, write_eligible, write_layer
from factories import write_workers as write
from sheet_factories import PLAIN, plain_row, write_text
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.workspace.periods import Workspace

UNPLACED = [plain_row(at, DESA=f"Tiada {at}", KECAMATAN="Montallat") for at in range(9)]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    return write_layer(squares(), tmp_path / "layer.geojson")


def import_file(folder: Path, file: Path, *options: str | Path) -> Result:
    words = ("--boundaries", folder / "layer.geojson", "--workspace", folder / "workspace")
    return run("import", file, *words, "--period", "2024-10", "--covers", "all", *options)


def a_file(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    return write_text(folder / "peserta.csv", [PLAIN, *rows])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("rows", "cause"),
    [
        (UNPLACED, "Look at the spellings"),
        ([plain_row(at, DESA="Lahei", KECAMATAN="") for at in range(9)], "those of subdistricts"),
        (
            [
                plain_row(at, DESA="Montallat", KECAMATAN=name)
                for at, name in enumerate(["Tiada", "Hajak A", "Liju B", "Sikui C"])
            ],
            "columns may be swapped",
        ),
        ([plain_row(at, DESA="-", KECAMATAN="Montallat") for at in range(9)], "name no village"),
    ],
)
def test_too_few_matched_stops_and_names_the_cause(
    tmp_path: Path, layer: Path, rows: list[tuple[object, ...]], cause: str
) -> None:
    file = a_file(tmp_path, [plain_row(99), *rows])
    refused = import_file(tmp_path, file)
    assert refused.exit_code == 1
    assert f"Only 1 of {len(rows) + 1} people" in refused.stderr
    assert cause in refused.stderr
    assert "--accept-unmatched" in refused.stderr
    assert Workspace(tmp_path / "workspace").periods() == []
    assert import_file(tmp_path, file, "--accept-unmatched").exit_code == 0
    assert Workspace(tmp_path / "workspace").periods() == ["2024-10"]


def test_another_regency_is_named(tmp_path: Path, layer: Path) -> None:
    head = ("NIK", "DESA", "KECAMATAN", "KABUPATEN")
    rows = [(an_identity(at), "Sungai Baru", "Jorong", "Tanah Laut") for at in range(9)]
    rows.append((an_identity(99), "Hajak", "Montallat", "Barito Utara"))
    refused = import_file(tmp_path, write_text(tmp_path / "a.csv", [head, *rows]))
    assert "Most rows name Tanah Laut" in refused.stderr


def test_the_office_sets_the_share_itself(
    tmp_path: Path, layer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGKAU_LEAST_MATCHED", "0.05")
    assert import_file(tmp_path, a_file(tmp_path, [plain_row(99), *UNPLACED])).exit_code == 0


def test_free_text_in_the_column_of_villages_stays_in_memory(tmp_path: Path, layer: Path) -> None:
    texts = [
        "JL RAHASIA NO 0 RT 3 (IBU SITI)",
        "Hajak (IBU SITI)",
        "Hajak RT 03 RW 01",
        "Lemo I 0812345",
        "Bpk. Hajak",
    ]
    rows = [plain_row(at, DESA=text) for at, text in enumerate(texts)]
    fixes = tmp_path / "fixes.csv"
    done = import_file(tmp_path, a_file(tmp_path, rows), "--accept-unmatched", "--fixes", fixes)
    refused = done.exit_code
    written = b"".join(p.read_bytes() for p in (tmp_path / "workspace").rglob("*") if p.is_file())
    written += fixes.read_bytes()
    assert refused == 0, done.output
    for secret in (b"SITI", b"RAHASIA", b"0812345", b"RT 03", b"Bpk"):
        assert secret not in written


@pytest.mark.parametrize("command", ["check", "import"])
def test_the_columns_are_shown_where_one_is_missing(
    tmp_path: Path, layer: Path, command: str
) -> None:
    file = write_text(tmp_path / "a.csv", [("NIK", "Tempat Tinggal"), (an_identity(1), "Hajak")])
    options = () if command == "check" else ("--workspace", tmp_path / "workspace")
    refused = run(command, file, *options)
    assert refused.exit_code == 1
    assert "Tempat Tinggal" in refused.stdout
    assert "identity" in refused.stdout
    assert "--column NAME=village" in refused.stderr


def test_a_row_of_data_is_never_shown_as_a_header(tmp_path: Path) -> None:
    rows = [(f"SITI RAHASIA {at}", "Kel. Melayu", "Kec. Teweh Tengah", "aktif") for at in "ABC"]
    refused = run("check", write_text(tmp_path / "a.csv", rows), "--period", "2024-10")
    assert "RAHASIA" not in refused.output


def test_the_field_of_a_layer_is_said_by_an_option(tmp_path: Path) -> None:
    layer = squares().rename(columns={"kode": "ciri", "nama": "sebutan"})
    path = write_layer(layer, tmp_path / "layer.geojson")
    nameless = write_layer(layer.assign(sebutan="Blok"), tmp_path / "nameless.geojson")
    refused = run("prepare", "--boundaries", nameless)
    assert "--field name=FIELD" in refused.stderr
    done = run("prepare", "--boundaries", path, "--field", "code=ciri", "--field", "name=sebutan")
    assert done.exit_code == 0, done.output
    assert "villages" in done.stdout


def test_measure_takes_the_answers_that_it_asks_for(tmp_path: Path, layer: Path) -> None:
    row = {k: v for k, v in a_row().items() if k not in ("PERIODE", "TANGGAL_KEPESERTAAN")}
    head, cells = row.keys(), row.values()
    file = write_text(tmp_path / "peserta.csv", [(*head, "TMT"), (*cells, "02/03/2024")])
    write_eligible(tmp_path, dict.fromkeys(VILLAGES, 10))
    words = ("measure", "--boundaries", layer, "--enrolment", file, "--out", tmp_path / "a.csv")
    assert "--period 2024-10" in run(*words).stderr
    done = run(*words, "--period", "2024-10", "--style", "TMT=dmy")
    assert done.exit_code == 0, done.output


def test_a_workspace_is_measured_and_drawn(tmp_path: Path, layer: Path) -> None:
    file = write(tmp_path, [a_row(1), a_row(2)])
    done = import_file(tmp_path, file, "--style", "start=dmy")
    assert "synthetic sample" in done.stdout
    out = tmp_path / "out.csv"
    words = ("--workspace", tmp_path / "workspace", "--boundaries", layer)
    assert run("measure", *words, "--out", out).exit_code == 0
    table = pd.read_csv(out, dtype="str", comment="#")
    assert "2" in table.loc[table["code"] == "62.05.01.1001", "enrolled"].tolist()
    assert run("map", *words, "--out", tmp_path / "a.html").exit_code == 0
    refused = run("measure", "--workspace", tmp_path / "none", "--out", out)
    assert "no period yet" in refused.stderr


def test_an_import_prepares_shapes_in_the_folder_of_the_settings(
    tmp_path: Path, layer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("jangkau.toml").write_text('cache = "own-cache"\n', encoding="utf-8")
    file = write(tmp_path, [a_row(1)])
    assert import_file(tmp_path, file, "--style", "start=dmy").exit_code == 0
    assert (tmp_path / "own-cache" / "stores").is_dir()


def test_the_default_cache_is_the_users_own() -> None:
    from platformdirs import user_cache_path

    from geo.core.defaults import DEFAULT_CACHE

    assert user_cache_path("jangkau", appauthor=False) == DEFAULT_CACHE
