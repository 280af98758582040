"""Table files made to harm: one sentence each, in little memory and time, or the table."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pyarrow as pa
import pytest
from confined import Outcome, read_confined
from factories import an_identity
from hostile_sheets import (
    write_gzip,
    write_parquet_table,
)
from hostile_texts import TEXTS
from hostile_workbooks import MUCH, WORKBOOKS
from sheet_factories import PLAIN, plain_row, write_xlsx
from typer.testing import CliRunner

from geo.cli.main import app
from geo.core.defaults import SAMPLE_BOUNDARIES
from geo.core.errors import FileProblem
from geo.core.text_tables import read_text
from geo.enrolment.reading import EnrolmentReading, read_enrolment

CASES = WORKBOOKS | TEXTS


def read(path: Path) -> EnrolmentReading:
    return read_enrolment(path, period="2024-10")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What comes of reading every file, each in a process of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [make(folder) for _, make in CASES.values()]
    return dict(zip(CASES, read_confined(paths), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_table_is_one_sentence(outcomes: dict[str, Outcome], case: str) -> None:
    outcome, (expected, _) = outcomes[case], CASES[case]
    assert "fault" not in outcome, outcome
    if expected:
        assert expected in str(outcome.get("sentence")), outcome
        assert "\n" not in str(outcome["sentence"])


def test_a_merged_label_is_carried_down_no_further_than_the_rows(tmp_path: Path) -> None:
    rows = [PLAIN, plain_row(1), plain_row(2, DESA=""), plain_row(3, DESA="Liju")]
    book = write_xlsx(tmp_path / "a.xlsx", {"A": rows}, merged=[(1, 1, 1048575, 1)])
    assert read(book).records["village"].tolist() == ["Hajak", "Hajak", "Liju"]


def test_text_of_a_parquet_file_that_is_not_unicode_is_read(tmp_path: Path) -> None:
    texts = [b"D\xe9sa", "Désa".encode()]
    offsets = pa.py_buffer(struct.pack("<3i", 0, 4, 9))
    broken = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"".join(texts)))
    for name, column in (("text", broken), ("bytes", pa.array(texts))):
        table = {"NIK": [an_identity(1), an_identity(2)], "DESA": column}
        file = write_parquet_table(tmp_path / f"{name}.parquet", pa.table(table))
        assert read(file).records["village"].tolist() == ["Désa", "Désa"]


@pytest.mark.parametrize("command", ["check", "measure", "match"])
@pytest.mark.parametrize("kind", ["folder", "device", "pipe", "long", "url", "missing"])
def test_a_path_that_leads_to_no_file_is_one_sentence(
    tmp_path: Path, kind: str, command: str
) -> None:
    os.mkfifo(tmp_path / "pipa")
    path, expected = {
        "folder": (str(tmp_path), "folder"),
        "device": ("/dev/zero", "device"),
        "pipe": (str(tmp_path / "pipa"), "pipe"),
        "long": ("a" * 300, "no file"),
        "url": ("http://[::1", "no file"),
        "missing": (str(tmp_path / "tiada.csv"), "no file"),
    }[kind]
    out = str(tmp_path / "out.csv")
    words = {
        "check": ["check", path],
        "measure": ["measure", "--enrolment", path, "--out", out],
        "match": ["match", "--places", path, "--gazetteer", str(SAMPLE_BOUNDARIES), "--out", out],
    }[command]
    result = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    # A folder of records is allowed; this one has none.
    assert expected in line or (kind, command) == ("folder", "measure")


@pytest.mark.parametrize("name", ["eligible.csv", "eligible.csv.gz"])
def test_a_packed_reference_table_is_bounded(tmp_path: Path, name: str) -> None:
    path = write_gzip(tmp_path / name, 1, b"code,eligible\n62.05.01.2005,9\n")
    assert read_text(path)["code"][0] == "62.05.01.2005"
    with pytest.raises(FileProblem, match=MUCH):
        read_text(write_gzip(tmp_path / name, 300))


def test_a_path_with_a_nul_leads_to_no_file() -> None:
    for reader in (read, read_text):
        with pytest.raises(FileProblem, match="There is no file"):
            reader(Path("a\0b"))
