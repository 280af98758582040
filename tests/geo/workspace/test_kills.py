"""Saves that are killed: nothing confirmed is lost, nothing is half there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from browser import CHROMIUM, running_app, visit
from durable import PERIODS, check_sound, observe
from factories import a_row, squares, write_layer, write_workers
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from geo.cli.main import app

ROOT = Path(__file__).parents[3]
KILLS = str(ROOT / "tests" / "support" / "kills.py")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX kills by signal")


def write_people(folder: Path, people: int) -> Path:
    facts = {"DESA": "Montallat I", "TANGGAL_KEPESERTAAN": "20-02-2023"}
    rows = [a_row(n, PERIODE=period, **facts) for period in PERIODS for n in range(people)]
    return write_workers(folder / str(people), rows)


def words_of(folder: Path, people: int) -> list[str]:
    layer = write_layer(squares(), folder / "layer.geojson")
    file = write_people(folder, people)
    return ["import", str(file), "--boundaries", str(layer), "--yes"]


def save_people(folder: Path, *people: int) -> Path:
    """A workspace with these saves, one after the other."""
    workspace = folder / "base"
    for each in people:
        words = [*words_of(folder, each), "--workspace", str(workspace)]
        assert CliRunner().invoke(app, words).exit_code == 0
    return workspace


def check_kills(folder: Path, base: Path, kind: str, step: int, *words: str) -> int:
    """Kill at each write and look at what is left; how many kills there were."""
    out = folder / "out"
    out.mkdir()
    command = [sys.executable, KILLS, kind, str(base), str(out), str(step), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    *killed, last = [run["status"] for run in runs]
    assert killed == [-signal.SIGKILL] * len(killed)
    assert last == 0
    copies = [out / str(run["write"]) for run in runs]
    states = [observe(base), *map(observe, copies)]
    # The log has no times here, so that states can be compared; names of versions are of a time.
    said = [(each["people"], each["log"]) for each in states]
    assert said[0] != said[-1]
    switch = said.index(said[-1])
    assert said == [said[0]] * switch + [said[-1]] * (len(said) - switch)
    for copy in copies:
        check_sound(copy)
    return len(killed)


def test_an_import_killed_at_its_writes_is_done_or_not_begun(tmp_path: Path) -> None:
    base = save_people(tmp_path, 2)
    assert check_kills(tmp_path, base, "command", 9, *words_of(tmp_path, 3)) > 5


@pytest.mark.parametrize("words", [("remove", "2024-04"), ("undo", "2024-10")])
def test_a_change_killed_at_any_write_is_done_or_not_begun(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    base = save_people(tmp_path, 2, 3)
    assert check_kills(tmp_path, base, "command", 1, "periods", *words) > 15


@pytest.mark.parametrize(("saved", "step", "kills"), [((), 5, 10), ((2,), 4, 15)])
def test_a_save_of_the_page_killed_at_its_writes_is_done_or_not_begun(
    tmp_path: Path, saved: tuple[int, ...], step: int, kills: int
) -> None:
    base = save_people(tmp_path, *saved)
    file = write_people(tmp_path, 3)
    assert check_kills(tmp_path, base, "page", step, str(file)) > kills


def test_kills_at_random_moments_lose_nothing() -> None:
    command = [sys.executable, "-m", "bench.kill_saves", "--kills", "6"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "6 kills: nothing confirmed lost, nothing half there" in done.stdout


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")
@pytest.mark.parametrize(("write", "saved"), [(40, False), (90, True)])
def test_an_app_killed_while_it_saves_starts_with_the_old_or_the_new(
    tmp_path: Path, browser: Browser, write: int, saved: bool
) -> None:
    folder = tmp_path / "workspace"
    setting = {"JANGKAU_WORKSPACE": str(folder)}
    with running_app(program=(KILLS, "app", str(folder), str(write)), **setting) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}data")
        guest.upload("import", write_people(tmp_path, 3))
        guest.page.get_by_text("Simpan 2 periode").click()
        expect(guest.page.get_by_test_id("stConnectionStatus")).to_be_visible()
        guest.close()
    assert observe(folder)["people"] == (dict.fromkeys(PERIODS, 3) if saved else {})
    with running_app(**setting) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}data")
        expect(guest.page.get_by_text("Oktober 2024: 3 orang")).to_have_count(int(saved))
        expect(guest.page.get_by_test_id("stAlert")).to_have_count(0)
        guest.close()
    check_sound(folder)
