"""Imports on the command line: what is replaced is shown and asked, and can be taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from factories import a_row, squares, write_layer, write_workers
from sheet_factories import PLAIN, plain_row, write_text, write_xlsx
from typer.testing import CliRunner, Result

import geo.measures.dataset
from geo.cli.main import app
from geo.workspace.periods import Workspace


def run(*words: str | Path, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"], input=answer)


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    return write_layer(squares(), tmp_path / "layer.geojson")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def import_people(
    folder: Path, people: Sequence[int], *options: str | Path, period: str = "2024-10"
) -> Result:
    """Import a file with these persons, all in the first village."""
    file = write_workers(folder, [a_row(person, PERIODE=period) for person in people])
    words = ("import", file, "--boundaries", folder / "layer.geojson")
    return run(*words, "--workspace", folder / "workspace", "--style", "start=dmy", *options)


def state_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_rows_are_a_sum_of_what_became_of_them(tmp_path: Path, layer: Path) -> None:
    result = import_people(tmp_path, [1, 2, 2, 3])
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.stdout.splitlines() if " = " in line]
    total, parts = line.split(" rows = ")
    assert int(total) == 4 == sum(int(part.split()[0]) for part in parts.split(" + "))
    assert "3 rows counted" in parts


def test_the_records_of_the_sample_are_not_opened(
    tmp_path: Path, layer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(geo.measures.dataset, "read_records", opened.append)
    assert import_people(tmp_path, [1]).exit_code == 0
    assert opened == []


def test_the_boundaries_saved_in_the_workspace_are_used(tmp_path: Path, layer: Path) -> None:
    from geo.boundaries.reading import read_boundaries
    from geo.workspace.saved_boundaries import SavedBoundaries

    SavedBoundaries(tmp_path / "workspace").save(read_boundaries(layer), "own")
    file = write_workers(tmp_path, [a_row(KODE_DESA="62.05.02.3003", DESA="", KECAMATAN="")])
    options = ("--workspace", tmp_path / "workspace", "--style", "start=dmy")
    result = run("import", file, *options)
    assert result.exit_code == 0, result.output
    assert re.search(r"matched +1\b", result.stdout)


def test_one_row_and_one_person_are_said_in_the_singular(
    tmp_path: Path, layer: Path, workspace: Path
) -> None:
    result = import_people(tmp_path, [1])
    assert "1 row = 1 row counted\n" in result.stdout
    assert "1 person." in result.stdout
    assert not re.search(r"\b1 (rows|people)\b", result.stdout)


def test_a_saved_period_is_not_replaced_unasked(
    tmp_path: Path, layer: Path, workspace: Path
) -> None:
    assert import_people(tmp_path, [1, 2, 3]).exit_code == 0
    before = state_of(workspace)
    refused = import_people(tmp_path, [1])
    assert refused.exit_code == 1
    (line,) = refused.stderr.splitlines()
    assert "--yes" in line
    assert "3 → 1 (\N{MINUS SIGN}2)" in refused.stdout
    assert "Lemo I 62.05.01.1001" in refused.stdout
    assert state_of(workspace) == before


@pytest.mark.parametrize(("answer", "people"), [("y\n", 1), ("ya\n", 1), ("n\n", 3), ("\n", 3)])
def test_who_is_there_is_asked(
    tmp_path: Path,
    layer: Path,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    people: int,
) -> None:
    assert import_people(tmp_path, [1, 2, 3]).exit_code == 0
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("geo.cli.importing.sys", terminal)
    file = write_workers(tmp_path, [a_row(1)])
    options = ("--boundaries", layer, "--workspace", workspace, "--style", "start=dmy")
    result = run("import", file, *options, answer=answer)
    assert "Replace 2024-10?" in result.stdout
    assert result.exit_code == int(people == 3)
    assert Workspace(workspace).describe("2024-10").people == people


def test_periods_are_listed_compared_removed_and_undone(
    tmp_path: Path, layer: Path, workspace: Path
) -> None:
    here = ("--workspace", workspace)
    assert "no period yet" in run("periods", "list", *here).stdout
    import_people(tmp_path, [1, 2, 3])
    import_people(tmp_path, [1], "--yes")
    import_people(tmp_path, [1, 2], period="2025-04")
    listed = run("periods", "list", *here).stdout
    assert re.search(r"2024-10 .*1 person", listed)
    assert re.search(r"2025-04 .*2 people", listed)
    assert "3 → 1" in run("periods", "compare", "2024-10", *here).stdout
    assert "1 → 2 (+1)" in run("periods", "compare", "2024-10", "2025-04", *here).stdout
    assert run("periods", "remove", "2024-10", *here).exit_code == 0
    assert re.search(r"2024-10 +removed", run("periods", "list", *here).stdout)
    saved = Workspace(workspace)
    for _, periods in (
        ("the removal", ["2024-10", "2025-04"]),
        ("the save of the second period", ["2024-10"]),
        ("the replacement", ["2024-10"]),
        ("the first save", []),
    ):
        assert run("periods", "undo", *here).exit_code == 0
        assert saved.periods() == periods
    assert run("periods", "undo", *here).exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("remove", "2024-11"),
        ("undo", "2024-11"),
        ("compare", "2024-11"),
        ("compare", "2024-10"),
        ("compare", "2024-10", "2024-11"),
    ],
)
def test_a_period_that_is_not_there_is_one_sentence(
    tmp_path: Path, layer: Path, workspace: Path, words: tuple[str, ...]
) -> None:
    import_people(tmp_path, [1])
    before = state_of(workspace)
    result = run("periods", *words, "--workspace", workspace)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert words[-1] in line
    assert state_of(workspace) == before


@pytest.mark.parametrize(
    ("header", "cells", "option"),
    [
        ((*PLAIN, "TMT"), ("03/04/2024",), "--style TMT=dmy (2024-04-03)"),
        ((*PLAIN, "TGL AKHIR"), ("03/04/2024",), '--style "TGL AKHIR"=mdy (2024-03-04)'),
        (("A", *PLAIN[1:]), (), "--column NAME=identity"),
        (("NIK", "X", "Y", *PLAIN[3:]), (), "--column NAME=village"),
    ],
)
def test_a_question_names_the_option_that_answers_it(
    tmp_path: Path, header: tuple[str, ...], cells: tuple[str, ...], option: str
) -> None:
    row = plain_row(1, NIK="12") if header[0] == "A" else plain_row(1)
    file = write_text(tmp_path / "workers_2024-10.csv", [header, (*row, *cells)])
    for words in (("check", file), ("import", file, "--workspace", tmp_path / "workspace")):
        result = run(*words)
        assert result.exit_code == 1
        (line,) = result.stderr.splitlines()
        assert option in line


def test_other_questions_name_their_option(tmp_path: Path) -> None:
    file = write_text(tmp_path / "peserta.csv", [PLAIN, plain_row(1)])
    assert "--period 2024-10" in run("check", file).stderr
    rows = [PLAIN, plain_row(1), plain_row(2)]
    book = write_xlsx(tmp_path / "workers_2024-10.xlsx", {"PU": rows, "BPU": rows})
    assert "--sheet" in run("check", book).stdout
    counts = write_text(
        tmp_path / "rekap_2024-10.csv", [("DESA", "KECAMATAN", "JUMLAH"), ("Hajak", "X", "1.234")]
    )
    assert "--style JUMLAH=id (1234) | --style JUMLAH=en (1.234)" in run("check", counts).stderr


def test_a_file_of_which_nobody_is_counted_says_why(
    tmp_path: Path, layer: Path, workspace: Path
) -> None:
    file = write_text(tmp_path / "peserta 2024-10.csv", [PLAIN, plain_row(1, NIK="9.96205E+15")])
    fixes = tmp_path / "fixes.csv"
    result = run("import", file, "--boundaries", layer, "--workspace", workspace, "--fixes", fixes)
    assert result.exit_code == 1
    assert "1 row = 1 row with a damaged identity" in result.stdout
    assert len(fixes.read_text(encoding="utf-8-sig").splitlines()) == 2
    assert not workspace.exists()


def test_an_identity_in_the_name_of_a_file_is_not_kept(
    tmp_path: Path, layer: Path, workspace: Path
) -> None:
    rows = [a_row(1, PERIODE="2024-10"), a_row(2, PERIODE="2024-10", NIK="damaged 1")]
    file = write_workers(tmp_path, rows).rename(tmp_path / "9962050000000123 a.csv")
    words = ("import", file, "--boundaries", layer, "--workspace", workspace)
    result = run(*words, "--style", "start=dmy", "--fixes", tmp_path / "fixes.csv")
    assert result.exit_code == 0, result.output
    kept = state_of(workspace) | {"fixes": (tmp_path / "fixes.csv").read_bytes()}
    assert "import_log.csv" in kept
    assert len(kept["fixes"].splitlines()) == 2
    assert [name for name, body in kept.items() if b"9962050000000123" in body] == []
