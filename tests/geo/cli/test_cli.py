"""The command line: right files, one clear line for each mistake, never a traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from factories import a_row, squares, write_layer, write_workers
from typer.testing import CliRunner, Result

from geo.cli.main import app

ROOT = Path(__file__).parents[3]
# What makes a browser fetch something, as opposed to a name space or a link to follow.
RESOURCE = re.compile(
    r"""<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=(?!\s*["']?data:)"""
    r"""|@import|url\(\s*["']?(?:https?:)?//|sourceMappingURL"""
)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def assert_one_line(result: Result, *, names: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert names in line
    assert "Traceback" not in line


def test_geojson_has_103_features_and_the_summary_the_published_rate(tmp_path: Path) -> None:
    out = tmp_path / "villages.geojson"
    result = run("measure", "--out", out, "--lang", "en")
    assert result.exit_code == 0, result.output
    assert len(json.loads(out.read_text(encoding="utf-8"))["features"]) == 103
    assert "86.40" in result.stdout
    for figure in ("888", "674", "284", "3,842", "15,330", "49,352 of 49,356"):
        assert figure in result.stdout


def test_csv_of_a_level_keeps_codes(tmp_path: Path) -> None:
    out = tmp_path / "places.csv"
    assert run("measure", "--out", out, "--level", "subdistrict").exit_code == 0
    table = pd.read_csv(out, dtype={"code": "str"})
    assert sorted(table["code"]) == [f"62.05.{n:02}" for n in range(1, 10)]
    assert table["coverage_gap"].is_monotonic_decreasing


def test_xlsx_of_an_area_a_period_and_a_segment(tmp_path: Path) -> None:
    out = tmp_path / "places.xlsx"
    options = ("--within", "62.05.07", "--period", "2023-10", "--segment", "bpu", "--lang", "en")
    assert run("measure", "--out", out, *options).exit_code == 0
    rows = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True))
    codes, periods = (
        {row[0] for row in rows[1:]},
        {row[rows[0].index("period")] for row in rows[1:]},
    )
    assert {code[:8] for code in codes} == {"62.05.07"}
    assert periods == {"2023-10"}


def test_named_villages_are_written_alone_in_the_order_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "ten.csv"
    options = ("--compare", "2024-04", "--price", "20000", "--order", "coverage_rate")
    named = "62.05.05.1013,6205032006"
    assert run("measure", "--out", out, "--villages", named, *options).exit_code == 0
    table = pd.read_csv(out, dtype={"code": "str"})
    assert table["code"].tolist() == ["62.05.03.2006", "62.05.05.1013"]
    assert table["cost_target_year"].tolist() == (table["gap_to_target"] * 240_000).tolist()
    assert set(table["compare_period"]) == {"2024-04"}


@pytest.mark.parametrize(
    ("option", "value", "known"),
    [
        ("--villages", "62.05.99.2001", "62.05.99.2001"),
        ("--compare", "2019-01", "2024-04"),
        ("--price", "5", "1000–1000000"),
        ("--order", "beauty", "coverage_rate"),
    ],
)
def test_an_option_that_the_data_does_not_have_says_what_there_is(
    tmp_path: Path, option: str, value: str, known: str
) -> None:
    assert_one_line(run("measure", "--out", tmp_path / "x.csv", option, value), names=known)


def test_the_target_moves_the_gap_to_it(tmp_path: Path) -> None:
    gaps = []
    for target in ("0.8", "1"):
        out = tmp_path / f"{target}.csv"
        assert run("measure", "--out", out, "--target", target).exit_code == 0
        gaps.append(pd.read_csv(out)["gap_to_target"].sum())
    assert gaps[0] < gaps[1]


def test_own_files_are_measured(tmp_path: Path) -> None:
    layer = write_layer(squares(), tmp_path / "layer.gpkg")
    workers = write_workers(tmp_path, [a_row(), a_row(2)])
    out = tmp_path / "places.csv"
    result = run("measure", "--out", out, "--boundaries", layer, "--enrolment", workers)
    assert result.exit_code == 0, result.output
    assert pd.read_csv(out)["enrolled"].sum() == 2


def test_a_map_is_one_file_that_loads_nothing(tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    assert run("map", "--out", out).exit_code == 0
    html = out.read_text(encoding="utf-8")
    assert "86,40" in html
    assert not RESOURCE.findall(html)


def test_files_of_the_command_line_say_what_they_show(tmp_path: Path) -> None:
    options = ("--segment", "bpu", "--target", "0.905", "--within", "62.05.07", "--lang", "en")
    said = run("measure", "--out", tmp_path / "a.geojson", *options).stdout
    assert "self-employed (BPU)" in said
    assert "90.5" in said
    about = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert about["name"] == "Jangkau: Kecamatan Teweh Baru · self-employed (BPU) · October 2024"
    assert (about["target"], about["contribution_month"]) == (0.905, 16_800)
    assert run("map", "--out", tmp_path / "a.html", *options).exit_code == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert (
        "<title>Jangkau: Kecamatan Teweh Baru · self-employed (BPU) · October 2024</title>" in page
    )
    assert "90.5\N{NO-BREAK SPACE}%" in page
    assert "About" not in page


def test_a_map_in_english_of_subdistricts(tmp_path: Path) -> None:
    out = tmp_path / "map.html"
    assert run("map", "--out", out, "--lang", "en", "--level", "subdistrict").exit_code == 0
    assert "coverage by subdistrict" in out.read_text(encoding="utf-8").lower()


def test_the_sample_is_written_again_byte_for_byte(tmp_path: Path) -> None:
    assert run("sample", "--out", tmp_path / "new").exit_code == 0
    written = sorted((tmp_path / "new").iterdir())
    assert len(written) == 8
    for path in written:
        assert path.read_bytes() == (ROOT / "data" / "enrolment" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("measure", "--boundaries", "absent.gpkg"),
        ("measure", "--enrolment", "absent.csv"),
        ("measure", "--eligible", "absent.csv"),
        ("measure", "--within", "62.99"),
        ("measure", "--period", "2019-01"),
        ("measure", "--segment", "astronauts"),
        ("map", "--boundaries", "absent.gpkg"),
        ("map", "--period", "2019-01"),
    ],
)
def test_a_wrong_value_ends_in_one_line_and_no_file(
    tmp_path: Path, command: str, option: str, value: str
) -> None:
    out = tmp_path / ("out.html" if command == "map" else "out.csv")
    assert_one_line(run(command, "--out", out, option, value), names=value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe broken", b"a;b;c\n1;2;3\n"])
@pytest.mark.parametrize(
    ("option", "suffix"),
    [
        ("--boundaries", ".csv"),
        ("--boundaries", ".geojson"),
        ("--boundaries", ".parquet"),
        ("--enrolment", ".csv"),
        ("--enrolment", ".gz"),
        ("--eligible", ".csv"),
        ("--eligible", ".gz"),
    ],
)
def test_a_file_of_another_kind_ends_in_one_line(
    tmp_path: Path, option: str, suffix: str, content: bytes
) -> None:
    wrong = tmp_path / f"wrong{suffix}"
    wrong.write_bytes(content)
    out = tmp_path / "out.csv"
    assert_one_line(run("measure", "--out", out, option, wrong), names="wrong")
    assert not out.exists()


def test_an_unknown_suffix_is_said_before_the_work(tmp_path: Path) -> None:
    assert_one_line(run("measure", "--out", tmp_path / "out.pdf"), names=".geojson")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    assert_one_line(run("measure", "--out", tmp_path / "no" / "out.csv"), names="out.csv")


def test_a_folder_in_the_place_of_the_file_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    assert_one_line(run("measure", "--out", tmp_path / "out.csv"), names="out.csv")
    assert [path.name for path in tmp_path.rglob("*")] == ["out.csv"]


def test_a_file_in_the_place_of_the_sample_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    assert_one_line(run("sample", "--out", tmp_path / "taken"), names="taken")


def test_an_old_file_survives_a_mistake(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    assert_one_line(run("measure", "--out", out, "--within", "99"), names="99")
    assert out.read_text() == "old"


def test_records_of_another_area_are_refused(tmp_path: Path) -> None:
    elsewhere = write_workers(tmp_path, [a_row(KODE_DESA="11.01.01.2001", DESA="", KECAMATAN="")])
    result = run("measure", "--out", tmp_path / "out.csv", "--enrolment", elsewhere)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_the_error_is_said_in_the_language_asked_for(tmp_path: Path) -> None:
    words = [
        run("measure", "--out", tmp_path / "a.pdf", "--lang", lang).stderr for lang in ("id", "en")
    ]
    assert words[0] != words[1]


@pytest.mark.parametrize(
    "words",
    [
        ("measure",),
        ("measure", "--out", "x.csv", "--target", "2"),
        ("measure", "--out", "x.csv", "--level", "street"),
        ("measure", "--out", "x.csv", "--nonsense"),
        ("map", "--out", "x.html", "--lang", "fr"),
        ("draw",),
    ],
)
def test_a_usage_error_ends_with_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JANGKAU_")}
    done = subprocess.run(
        [sys.executable, "-m", "geo", "measure", "--out", out],
        capture_output=True, text=True, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_layer_without_a_coordinate_system_asks_for_it_and_takes_the_answer(
    tmp_path: Path,
) -> None:
    path = tmp_path / "layer.shp"
    write_layer(squares().to_crs(32750), path)
    path.with_suffix(".prj").unlink()
    out = tmp_path / "out.geojson"
    asked = run("measure", "--boundaries", path, "--out", out, "--lang", "en")
    assert asked.exit_code == 1
    assert "EPSG:32750" in asked.stderr
    told = run("measure", "--boundaries", path, "--crs", "EPSG:32750", "--out", out)
    assert told.exit_code == 0, told.output
    assert out.exists()
