"""Confirmed spellings edited by hand: what is right is used, what is wrong is told by its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import a_gazetteer, a_row, squares, write_layer, write_workers
from typer.testing import CliRunner

from geo.cli.main import app
from geo.gazetteer.aliases import check_aliases, read_aliases

HEADER = "province,regency,subdistrict,village,code"
RIGHT = (",,Montallat,Haja,62.05.01.2003", ",,Montallat,Lemu I,6205011001", ",,Montalat,,62.05.01")


def write(folder: Path, *lines: str) -> Path:
    path = folder / "aliases.csv"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


def said(folder: Path, *lines: str) -> tuple[list[str], list[str]]:
    """Names of the lines used, and the sentences."""
    good, notes = check_aliases(read_aliases(write(folder, *lines)), a_gazetteer())
    return good["village"].tolist(), [note.message.format(**note.facts) for note in notes]


def test_what_is_right_is_used_without_a_word(tmp_path: Path) -> None:
    assert said(tmp_path, *RIGHT) == (["Haja", "Lemu I", ""], [])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (",,Montallat,Entah,62.99.01.2003", "line 5: 62.99.01.2003 is no known code; Entah"),
        (",,Montallat,Entah,62.1", "line 5: 62.1 is no known code"),
        (",,Montallat,Entah,", "line 5: – is no known code"),
        (",,Montallat,Entah,62.05.01", "line 5: 62.05.01 is the code of another level than Entah"),
        (",,Montallat,Entah,62.05", "line 5: 62.05 is the code of another level than Entah"),
        (",,Entah,,62.05.01.2003", "line 5: 62.05.01.2003 is the code of another level"),
        (",,,,62.05.01.2003", "line 5: no place is named"),
        (",,X,9962050000000001,62.99.01.2003", "line 5: 62.99.01.2003 is no known code; …, X"),
    ],
)
def test_a_wrong_line_is_told_and_not_used(tmp_path: Path, line: str, sentence: str) -> None:
    used, sentences = said(tmp_path, *RIGHT, line)
    assert used == ["Haja", "Lemu I", ""]
    (only,) = sentences
    assert sentence in only


def test_an_undotted_code_of_two_schemes_is_told(tmp_path: Path) -> None:
    # A BPS number that is a Kemendagri code of another village.
    gazetteer = a_gazetteer()
    both = gazetteer.__class__(gazetteer.names, gazetteer.children, {"6205012003": "62.05.02.2001"})
    table = read_aliases(write(tmp_path, ",,Montallat,Haja,6205012003"))
    used, notes = check_aliases(table, both)
    assert used.empty
    assert "62.05.01.2003, 62.05.02.2001" in notes[0].facts["meant"]


def test_lines_that_contradict_each_other_are_told_and_stay_a_question(tmp_path: Path) -> None:
    used, sentences = said(
        tmp_path, *RIGHT, "", ",,MONTALLAT,haja,62.05.01.2002", ",,Montallat,Haja,6205012003"
    )
    assert len(used) == 5
    (only,) = sentences
    assert "lines 2, 6, 7: Haja, Montallat" in only
    assert "62.05.01.2003, 62.05.01.2002" in only


def test_the_command_line_warns_and_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "workspace", *RIGHT, ",,Montallat,Entah,62.99.01.2003")
    rows = [a_row(n, KODE_DESA="", DESA=name) for n, name in enumerate(("Haja", "Entah"), 1)]
    words = [
        *("import", write_workers(tmp_path, rows), "--style", "start=dmy", "--lang", "en"),
        *("--boundaries", write_layer(squares(), tmp_path / "layer.geojson")),
        *("--workspace", tmp_path / "workspace", "--accept-unmatched"),
    ]
    result = CliRunner().invoke(app, list(map(str, words)))
    assert result.exit_code == 0, result.output
    assert len(result.stderr.splitlines()) == 1
    assert "line 5: 62.99.01.2003 is no known code" in result.stderr
    assert re.search(r"\bmatched +1\b", result.stdout)
    kept = (tmp_path / "workspace" / "aliases.csv").read_text(encoding="utf-8")
    assert "62.99.01.2003" in kept


def test_matching_a_list_warns_as_well(tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text("desa,kecamatan\nHaja,Montallat\n\nLemo I,Montallat\n", encoding="utf-8")
    aliases = tmp_path / "spellings.csv"
    lines = ["desa,kecamatan,kode", "Haja,Montallat,62.05.01.2003", "", "X,Y,62.99", ""]
    aliases.write_text("\n".join(lines), encoding="utf-8")
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    out = tmp_path / "codes.csv"
    words = ["match", "--places", places, "--gazetteer", layer, "--out", out, "--lang", "en"]
    result = CliRunner().invoke(app, [*map(str, words), "--aliases", str(aliases)])
    assert result.exit_code == 0, result.output
    assert "line 4: 62.99 is no known code; X, Y" in result.stderr
    text = out.read_text(encoding="utf-8").splitlines()
    assert text[1].startswith("1,62.05.01.2003,alias")
    assert text[2].startswith("2,62.05.01.1001")
