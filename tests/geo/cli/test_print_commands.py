"""The commands that print: right files by suffix, one clear line for each mistake."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pypdf
import pytest
from typer.testing import CliRunner, Result

from geo.cli.main import app


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_an_atlas_of_a_subdistrict_with_a_village_in_english(tmp_path: Path) -> None:
    out = tmp_path / "atlas.pdf"
    options = ("--within", "6205070", "--villages", "62.05.07.2005", "--lang", "en")
    result = run("atlas", "--out", out, *options, "--period", "2024-04", "--target", "0.9")
    assert result.exit_code == 1
    assert "6205070" in result.stderr
    options = ("--within", "62.05.07", "--villages", "62.05.07.2005", "--lang", "en")
    result = run("atlas", "--out", out, *options, "--period", "2024-04", "--target", "0.9")
    assert result.exit_code == 0, result.output
    pages = [page.extract_text() for page in pypdf.PdfReader(out).pages]
    assert len(pages) == 3
    assert "Kecamatan Teweh Baru" in pages[0]
    assert "April 2024" in pages[0]
    assert "90" in pages[0]


@pytest.mark.parametrize(
    ("suffix", "part"), [(".docx", "word/document.xml"), (".pptx", "ppt/presentation.xml")]
)
def test_a_briefing_is_of_the_kind_that_its_suffix_says(
    tmp_path: Path, suffix: str, part: str
) -> None:
    out = tmp_path / f"brief{suffix}"
    assert run("brief", "--out", out, "--within", "62.05.07").exit_code == 0
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
        assert part in archive.namelist()


def test_a_saved_plan_is_part_of_a_briefing(tmp_path: Path) -> None:
    place = ("--workspace", tmp_path / "workspace")
    assert run("plan", "--save", "Tahap satu", "--budget", "50000000", *place).exit_code == 0
    out = tmp_path / "brief.docx"
    result = run("brief", "--out", out, "--plan", "Tahap satu", *place)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(out) as archive:
        assert "Tahap satu" in archive.read("word/document.xml").decode()


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_a_map_is_a_picture_where_its_suffix_says_so(
    tmp_path: Path, suffix: str, start: bytes
) -> None:
    out = tmp_path / f"map{suffix}"
    assert run("map", "--out", out, "--level", "subdistrict").exit_code == 0
    assert out.read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("atlas", "--out", "atlas.docx"), ".pdf"),
        (("brief", "--out", "brief.pdf"), ".docx, .pptx"),
        (("map", "--out", "map.jpg"), ".svg, .png"),
        (("atlas", "--out", "atlas.pdf", "--within", "62"), "62.05"),
        (("atlas", "--out", "atlas.pdf", "--villages", "62.05.99.2001"), "62.05.99.2001"),
        (("brief", "--out", "brief.docx", "--period", "2019-01"), "2019-01"),
        (("brief", "--out", "brief.docx", "--plan", "absent"), "absent"),
    ],
)
def test_a_mistake_is_one_sentence_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], names: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words, "--lang", "en")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert names in line
    assert [path for path in tmp_path.iterdir() if path.suffix] == []
