"""An office's way in: a workbook of its subdistricts and a table of population become a map."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from browser import CHROMIUM, running_app, visit
from factories import an_identity
from playwright.sync_api import Browser, expect
from sheet_factories import write_xlsx

from geo.gazetteer.places import read_region_names
from geo.measures.dataset import SAMPLE_BOUNDARIES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
MINUTES = 3


def write_files(folder: Path) -> tuple[Path, Path]:
    """A sheet for each of the nine subdistricts, and the population of all villages."""
    villages = pd.read_csv(SAMPLE_BOUNDARIES, dtype="str")
    names = read_region_names()
    sheets = {}
    number = 0
    for code, inside in villages.groupby("parent_code"):
        rows: list[tuple[object, ...]] = [("NIK", "NAMA DESA", "SEGMEN", "STATUS")]
        for name in inside["name"]:
            for _ in range(5):
                number += 1
                rows.append((an_identity(number), name, "BPU", "AKTIF"))
        sheets[f"Kec. {names[code]}"] = rows
    people = [("Kecamatan", "Desa/Kelurahan", "Jumlah Penduduk")]
    people += [
        (names[row.parent_code], row.name, 1_000 + at * 10)
        for at, row in enumerate(villages[["parent_code", "name"]].itertuples(index=False))
    ]
    return (
        write_xlsx(folder / "peserta Oktober 2024.xlsx", sheets),
        write_xlsx(folder / "penduduk.xlsx", {"Penduduk": people}),
    )


def test_workbook_and_population_become_a_map_with_estimates(
    browser: Browser, tmp_path: Path
) -> None:
    workbook, population = write_files(tmp_path)
    with running_app(JANGKAU_WORKSPACE=str(tmp_path / "workspace")) as address:
        guest = visit(browser)
        page = guest.page
        page.goto(f"{address}data")
        own = page.get_by_text("Pakai pekerja berhak sendiri")
        # The first visit prepares the shapes.
        expect(own).to_be_visible(timeout=120_000)
        begun = time.monotonic()
        own.click()
        page.get_by_text("penduduk, untuk memperkirakan pekerja berhak").click()
        page.locator('.st-key-eligible_file input[type="file"]').set_input_files(population)
        expect(page.get_by_text("desa yang memiliki angka")).to_be_visible()
        page.get_by_role("button", name="Pakai pekerja berhak ini").click()
        expect(page.get_by_text("Cakupan sekarang memakai pekerja berhak ini")).to_be_visible()
        page.locator('.st-key-import_file input[type="file"]').set_input_files(workbook)
        read = page.get_by_text("9 lembar dibaca sebagai satu tabel")
        expect(read).to_be_visible(timeout=120_000)
        page.get_by_text("semua pekerja", exact=True).last.click()
        page.get_by_role("button", name="Simpan sebagai Oktober 2024").click()
        expect(page.get_by_text("Tersimpan Oktober 2024: 515 orang")).to_be_visible()
        page.get_by_role("link", name="Peta").click()
        guest.wait_for_places(9)
        assert time.monotonic() - begun < MINUTES * 60
        expect(page.locator(".jk-title")).to_contain_text("pekerja berhak perkiraan")
        expect(page.locator(".jk-headline")).to_contain_text("perkiraan,")
        expect(page.locator(".jk-legend")).to_contain_text("pekerja berhak perkiraan")
        assert guest.outside == []
        assert guest.errors == []
        page.context.close()
