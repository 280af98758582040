"""On the page, reading a file can be cancelled, waits in line, and leaves the others in peace."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import CHROMIUM, SavingApp, Visit, visit
from playwright.sync_api import Browser, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]


def write_large(folder: Path) -> Path:
    """A table that takes seconds to read."""
    rows = (f"9962050{at:09d};Hajak;Teweh Baru;BPU;AKTIF" for at in range(400_000))
    path = folder / "workers_2025-04.csv"
    path.write_text("\n".join(["NIK;DESA;KECAMATAN;SEGMEN;STATUS", *rows]), encoding="utf-8")
    return path


def test_a_reading_is_cancelled_and_read_again(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    address = saving_app.address
    guest.page.goto(f"{address}data")
    guest.upload("import", write_large(tmp_path))
    guest.page.get_by_role("button", name="Batal", exact=True).click()
    sentence = "Pembacaan workers_2025-04.csv dibatalkan; tidak ada yang berubah."
    expect(guest.page.get_by_text(sentence)).to_be_visible()
    again = guest.page.get_by_role("button", name="Baca lagi")
    again.click()
    expect(guest.page.get_by_text("5. Simpan")).to_be_visible()
    expect(guest.page.get_by_text(sentence)).to_have_count(0)
    expect(again).to_have_count(0)


def test_a_second_file_waits_for_the_first(
    saving_app: SavingApp, browser: Browser, tmp_path: Path
) -> None:
    table = write_large(tmp_path)
    address = saving_app.address
    first, second = visit(browser), visit(browser)
    for guest in (first, second):
        guest.page.goto(f"{address}data")
        expect(guest.page.get_by_text("1. Pilih berkas")).to_be_visible()
    for guest in (first, second):
        guest.upload("import", table)
    expect(second.page.get_by_text("1 berkas dibaca lebih dulu")).to_be_visible()
    for guest in (first, second):
        expect(guest.page.get_by_text("5. Simpan")).to_be_visible()
        guest.close()
