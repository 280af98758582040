"""Names of files: what could be the name of a person is kept nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import a_row, squares, write_layer, write_workers
from hypothesis import given
from hypothesis import strategies as st
from layer_factories import ours, write
from typer.testing import CliRunner

from geo.boundaries.reading import read_boundaries
from geo.cli.main import app
from geo.core.privacy import label_file
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries

SHA = "3f2a9c1b" + "0" * 56


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("data BUDI SANTOSO okt 2024.xlsx", "data … okt 2024 (3f2a9c1b).xlsx"),
        ("budi_santoso_2024-10.csv.gz", "…_2024-10 (3f2a9c1b).csv.gz"),
        ("APRIL SANTOSO 2024.xlsx", "… 2024 (3f2a9c1b).xlsx"),
        ("data MEI.xlsx", "data … (3f2a9c1b).xlsx"),
        ("BUDI.SANTOSO", "… (3f2a9c1b)"),
        ("6205_0101_0190_0001.csv", "… (3f2a9c1b).csv"),
        ("hp 0812 3456.ods", "… (3f2a9c1b).ods"),
        ("Peserta Oktober 2024 (1).xlsx", "Peserta Oktober 2024 (1).xlsx"),
        ("REKAP BPU kec. s.d. 22-10-2024.XLS", "REKAP BPU kec. s.d. 22-10-2024.XLS"),
        ("workers_2024-10.csv", "workers_2024-10.csv"),
        ("data <2024>.csv", "data  2024 .csv"),
        ("", ""),
    ],
)
def test_of_a_name_only_plain_words_and_dates_are_kept(name: str, label: str) -> None:
    assert label_file(name, SHA) == label
    assert label_file(label, SHA) == label


@given(st.text(max_size=40), st.sampled_from(["", SHA]))
def test_a_label_is_its_own_label(name: str, sha256: str) -> None:
    label = label_file(name, sha256)
    assert label_file(label, sha256) == label


def test_no_name_of_a_person_reaches_the_disk(tmp_path: Path) -> None:
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    name = "data BUDI SANTOSO okt 2024.csv"
    file = write_workers(tmp_path, [a_row(1), a_row(2)], name=name)
    folder = tmp_path / "workspace"
    words = ["import", file, "--boundaries", layer, "--workspace", folder, "--style", "start=dmy"]
    result = CliRunner().invoke(app, [*map(str, words), "--lang", "en"])
    assert result.exit_code == 0, result.output
    layer = read_boundaries(write(ours(), tmp_path / "BUDI SANTOSO desa.geojson"))
    SavedBoundaries(folder).save(layer, "BUDI SANTOSO desa.geojson", SHA)
    for path in folder.rglob("*"):
        assert "budi" not in path.name.lower()
        assert not path.is_file() or b"budi" not in path.read_bytes().lower(), path
    kept = Workspace(folder).describe("2024-10").about
    assert kept["file"] == f"data … okt 2024 ({kept['sha256'][:8]}).csv"
    saved = SavedBoundaries(folder).path()
    assert saved is not None
    assert read_boundaries(saved).source == "… desa (3f2a9c1b).geojson"
