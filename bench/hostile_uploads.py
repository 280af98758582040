"""Upload hostile files in a browser, and see whether the app goes on answering everybody else.

``python -m bench.hostile_uploads`` starts the app on the sample, uploads each file of the tests'
hostile tables and some hostile layers in Chromium, and meanwhile asks for the server's health
twenty times a second and lets another visitor change a filter again and again. It prints for each
file what the page says, and at the end the longest answers and the changes of the other visitor
alone and beside the uploads.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page

from bench.compare.pages import PLAIN, chromium
from bench.compare.server import running_app
from bench.compare.villages import ROOT
from bench.visitor import Visitor

sys.path.insert(0, str(ROOT / "tests" / "support"))  # the factories import each other by name

_PAUSE, _BEAT = 0.5, 0.05
_ALONE = 20
_PATIENCE_MS = 200_000
_SETTLED = (
    '[data-testid="stAlertContainer"], .st-key-roles, .st-key-fields, '
    'button:has-text("Simpan"), [data-testid="stFileUploaderFileErrorMessage"]'
)


class _Other(threading.Thread):
    """Somebody who changes a filter again and again, and asks whether the server is well."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address, self.visitor = address, Visitor(address)
        self.visitor.run()
        self.changes: list[float] = []
        self.health: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        asking = threading.Thread(target=self._ask_health, daemon=True)
        asking.start()
        while not self.over.wait(_PAUSE):
            self.changes.append(self.visitor.run(f"gap_min={len(self.changes) % 90}"))
        asking.join()

    def _ask_health(self) -> None:
        while not self.over.wait(_BEAT):
            begin = time.perf_counter()
            with urllib.request.urlopen(f"{self.address}_stcore/health", timeout=60):  # noqa: S310
                self.health.append(time.perf_counter() - begin)


def list_files(folder: Path) -> list[tuple[str, Path, bool]]:
    """Name of each case, its file, and whether it is given as boundaries."""
    from hostile_texts import TEXTS
    from hostile_workbooks import WORKBOOKS

    cases = []
    for at, (name, (_, make)) in enumerate((WORKBOOKS | TEXTS).items()):
        place = folder / f"{at}"
        place.mkdir()
        cases.append((name, make(place), False))
    secret = folder / "secret.csv"
    secret.write_text("nama\nRAHASIA\n", encoding="utf-8")
    virtual = folder / "desa.kml"
    virtual.write_text(
        "<OGRVRTDataSource><!-- <kml> --><OGRVRTLayer name='secret'>"
        f"<SrcDataSource>{secret}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    return [*cases, ("a virtual layer called KML", virtual, True)]


def upload(page: Page, address: str, path: Path, boundaries: bool) -> str:
    """Upload a file on a fresh page; what the page says, or that it shows the columns."""
    page.goto(f"{address}data")
    page.get_by_text("1. Pilih berkas").wait_for(timeout=_PATIENCE_MS)
    if boundaries:
        page.get_by_text("Pakai batas lain").click()
    files = page.locator('input[type="file"]')
    (files.first if boundaries else files.last).set_input_files(path)
    page.locator(_SETTLED).last.wait_for(timeout=_PATIENCE_MS)
    alerts = page.locator('[data-testid="stAlertContainer"]')
    return alerts.last.inner_text() if alerts.count() else "(read)"


def main() -> None:
    """Upload all and print what came of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"JANGKAU_WORKSPACE": str(folder / "workspace")}
        with running_app(settings) as (address, _), chromium(PLAIN) as browser:
            other = _Other(address)
            other.start()
            while len(other.changes) < _ALONE:
                time.sleep(_PAUSE)
            alone, quiet = len(other.changes), len(other.health)
            page = browser.new_page()
            for case, path, boundaries in list_files(folder):
                begin = time.perf_counter()
                said = upload(page, address, path, boundaries)
                print(f"{case}: {time.perf_counter() - begin:.1f} s, {said!r}", flush=True)
            other.over.set()
            other.join()
    before, beside = other.changes[:alone], other.changes[alone:]
    print(f"health: alone at most {max(other.health[:quiet]):.2f} s, ", end="")
    print(f"beside {max(other.health[quiet:]):.2f} s of {len(other.health) - quiet} answers")
    for words, seconds in (("alone", before), ("beside", beside)):
        print(f"changes {words}: median {statistics.median(seconds):.2f} s,", end=" ")
        print(f"largest {max(seconds):.2f} s of {len(seconds)}")


if __name__ == "__main__":
    main()
