"""What a file covers, from the import to the page: found, confirmed, corrected, or asked."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit, running_app, visit
from factories import (
    FIRST,
    HEADER,
    THREE,
    a_row,
    in_village,
    squares,
    three_segments,
    write_eligible,
    write_layer,
    write_workers,
)
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner, Result

from geo.cli.main import app as command
from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.i18n import Language
from geo.core.labels import segment_words
from geo.workspace.periods import Workspace

browser_only = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"
)
UNSAID = tuple(name for name in HEADER if name != "SEGMEN")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [*map(str, words), "--lang", "en"])


def import_rows(folder: Path, *options: str, header: tuple[str, ...] = HEADER) -> Result:
    """Import a file of three wage earners; eligible are wage earners and self-employed."""
    layer = write_layer(squares(), folder / "layer.geojson")
    eligible = write_eligible(folder, {FIRST: 4}, others={"BPU": {FIRST: 6}})
    file = write_workers(folder, [a_row(n) for n in range(3)], header=header)
    words = ("import", file, "--boundaries", layer, "--eligible", eligible, "--style", "start=dmy")
    return run(*words, "--workspace", folder / "saved", *options)


def covered(folder: Path) -> tuple[str, ...]:
    return tuple(Workspace(folder / "saved").describe("2024-10").about["covers"])


def test_the_segments_of_a_file_are_said_and_saved(tmp_path: Path) -> None:
    result = import_rows(tmp_path)
    assert result.exit_code == 0, result.output
    assert re.search(r"segments +wage earners \(PU\) *\n", result.stdout)
    assert "--covers" in result.stdout
    assert covered(tmp_path) == ("pu",)


@pytest.mark.parametrize(
    ("covers", "saved"), [("all", ()), ("pu,bpu", ("pu", "bpu")), ("PU", ("pu",))]
)
def test_what_a_file_covers_can_be_corrected(
    tmp_path: Path, covers: str, saved: tuple[str, ...]
) -> None:
    result = import_rows(tmp_path, "--covers", covers)
    assert result.exit_code == 0, result.output
    assert covered(tmp_path) == saved
    assert "--covers" not in result.stdout


def test_the_segments_of_saved_periods_are_listed_and_compared(tmp_path: Path) -> None:
    import_rows(tmp_path)
    import_rows(tmp_path, "--covers", "pu,bpu", "--yes")
    saved = ("--workspace", tmp_path / "saved")
    both = r"wage earners \(PU\), self-employed \(BPU\)"
    listed = " ".join(run("periods", "list", *saved).stdout.split())
    assert re.search(rf"3 people · {both} · workers", listed)
    compared = " ".join(run("periods", "compare", "2024-10", *saved).stdout.split())
    assert re.search(rf"segments wage earners \(PU\) → {both}", compared)


@pytest.mark.parametrize(
    ("covers", "sentence"),
    [("ppu", "ppu is no segment that the file or"), ("pu,", "pu, names no segments")],
)
def test_a_segment_that_nobody_knows_is_refused(tmp_path: Path, covers: str, sentence: str) -> None:
    result = import_rows(tmp_path, "--covers", covers)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(sentence)
    assert not (tmp_path / "saved").exists()


def test_a_file_without_segments_is_asked_what_it_holds(tmp_path: Path) -> None:
    result = import_rows(tmp_path, header=UNSAID)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "names no segment of its people" in line
    assert "--covers all | --covers pu,bpu" in line
    assert not (tmp_path / "saved").exists()


@pytest.mark.parametrize(
    ("options", "saved", "combination"),
    [
        (("--covers", "all"), (), ":jkk+jkm"),
        (("--segment", "all"), (), ":jkk+jkm"),
        (("--covers", "pu,bpu"), ("pu", "bpu"), ":jkk+jkm"),
        (("--covers", "bpu"), ("bpu",), "bpu:jkk+jkm"),
        (("--segment", "bpu"), ("bpu",), "bpu:jkk+jkm"),
    ],
)
def test_the_answer_is_saved_with_the_period(
    tmp_path: Path, options: tuple[str, ...], saved: tuple[str, ...], combination: str
) -> None:
    result = import_rows(tmp_path, *options, header=UNSAID)
    assert result.exit_code == 0, result.output
    assert covered(tmp_path) == saved
    people = Workspace(tmp_path / "saved").read_counts().people
    assert people["combination"].tolist() == [combination]


def test_a_file_used_without_saving_is_set_against_its_own_segments(tmp_path: Path) -> None:
    three, out = three_segments(tmp_path), tmp_path / "gap.csv"
    result = run("measure", "--enrolment", three, "--eligible", SAMPLE_ENROLMENT, "--out", out)
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        notes = {row["note"] for row in csv.DictReader(file)}
    (note,) = notes
    assert note.endswith(f"of these segments: {segment_words(THREE, Language('en'))}")
    assert "Of these segments: village officers, neighbourhood heads" in result.stdout


def test_records_that_cover_all_can_be_said_to(tmp_path: Path) -> None:
    three, out = three_segments(tmp_path), tmp_path / "gap.csv"
    options = ("--enrolment", three, "--eligible", SAMPLE_ENROLMENT, "--covers", "all")
    result = run("measure", *options, "--out", out)
    assert result.exit_code == 0, result.output
    assert b"of these segments" not in out.read_bytes()


def open_import(browser: Browser, address: str, file: Path) -> Visit:
    guest = visit(browser)
    guest.page.goto(f"{address}data?lang=en")
    guest.page.locator('input[type="file"]').last.set_input_files(file)
    return guest


@pytest.mark.browser
@browser_only
def test_a_partial_file_never_becomes_a_figure_of_the_whole_regency(
    browser: Browser, tmp_path: Path
) -> None:
    with running_app(JANGKAU_WORKSPACE=str(tmp_path / "saved")) as address:
        guest = open_import(browser, address, three_segments(tmp_path))
        page = guest.page
        page.get_by_text("Coverage will be of these segments alone: village officers").wait_for()
        expect(page.get_by_role("radio", name="these segments alone")).to_be_checked()
        page.get_by_role("button", name="Save as October 2024").click()
        page.get_by_text("Saved October 2024").wait_for()
        listed = page.locator("p", has_text=re.compile("^Segments: village officers, "))
        expect(listed).to_be_visible()
        page.get_by_role("link", name="Map").click()
        guest.wait_for_places(9)
        said = re.compile("[Oo]f these segments: village officers, neighbourhood heads")
        for part in (".jk-limit", ".jk-legend", ".jk-place"):
            expect(page.locator(part)).to_contain_text(said)
        expect(page.locator(".st-key-map_row ~ * h3, h3", has_text="Villages")).to_contain_text(
            said
        )
        expect(page.locator(".jk-headline")).not_to_contain_text("all segments")
        expect(page.locator(".jk-headline")).not_to_contain_text("41,351")
        guest.close()
    assert covered(tmp_path) == THREE


@pytest.mark.browser
@browser_only
def test_a_file_without_segments_asks_before_its_report(browser: Browser, tmp_path: Path) -> None:
    rows = [in_village("62.05.07.2005", n, TANGGAL_KEPESERTAAN="2023-02-01") for n in range(3)]
    file = write_workers(tmp_path, rows, header=UNSAID)
    with running_app(JANGKAU_WORKSPACE=str(tmp_path / "saved")) as address:
        guest = open_import(browser, address, file)
        page = guest.page
        page.get_by_text("Answer the question above to go on.").wait_for()
        page.get_by_text("all workers", exact=True).click()
        page.get_by_role("button", name="Save as October 2024").click()
        page.get_by_text("Saved October 2024").wait_for()
        guest.close()
    assert covered(tmp_path) == ()
