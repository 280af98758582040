"""Hostile files are uploaded in a browser: one sentence each, and the server answers the others."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import CHROMIUM, SavingApp, Visit, running_app, visit
from hostile_sheets import write_gzip
from hostile_support import PlantedSecret
from hostile_workbooks import WORKBOOKS
from playwright.sync_api import Browser, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
CASES = ("the last cell", "the last row of an allowed width", "a far cell of an XLSB")


@contextmanager
def asked_meanwhile(address: str) -> Iterator[list[bool]]:
    """Whether the server answered, each time it was asked for its health."""
    answered: list[bool] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.05):
            try:
                with urllib.request.urlopen(f"{address}_stcore/health", timeout=120) as answer:
                    answered.append(answer.read() == b"ok")
            except OSError:
                answered.append(False)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield answered
    finally:
        over.set()
        asking.join()


def test_tables_that_ended_the_server_are_one_sentence_each(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    address = saving_app.address
    with asked_meanwhile(address) as answered:
        for case in CASES:
            guest.page.goto(f"{address}data?lang=en")
            expected, make = WORKBOOKS[case]
            guest.upload("import", make(tmp_path))
            expect(guest.page.get_by_test_id("stAlert")).to_contain_text(expected)
    assert answered
    assert all(answered)


def test_memory_that_a_file_asks_for_is_not_the_servers(browser: Browser, tmp_path: Path) -> None:
    table = write_gzip(tmp_path / "workers_2024-10.csv.gz", 90)
    settings = {"JANGKAU_READER_MEMORY": "60MB", "JANGKAU_WORKSPACE": str(tmp_path / "workspace")}
    with running_app(**settings) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}data?lang=en")
        guest.upload("import", table)
        said = "workers_2024-10.csv.gz needs more than 0.06 GB of memory to be read"
        expect(guest.page.get_by_test_id("stAlert")).to_contain_text(said)
        with urllib.request.urlopen(f"{address}_stcore/health", timeout=120) as answer:
            assert answer.read() == b"ok"
        guest.close()


def test_a_layer_that_points_to_another_file_shows_nothing_of_it(
    saving_app: SavingApp, guest: Visit, tmp_path: Path, planted_secret: PlantedSecret
) -> None:
    layer = tmp_path / "desa.kml"
    layer.write_text(
        "<OGRVRTDataSource><!-- <kml> --><OGRVRTLayer name='secret'>"
        f"<SrcDataSource>{planted_secret.path}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    address = saving_app.address
    guest.page.goto(f"{address}data?lang=en")
    guest.page.get_by_text("Use other boundaries").click()
    guest.upload("boundary", layer)
    alert = guest.page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("desa.kml cannot be read as boundaries")
    assert not planted_secret.was_opened
