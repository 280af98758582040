"""That what a page says of its figures stays true of what a visitor does, in Chromium."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit
from playwright.sync_api import Locator, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]


def open_map(guest: Visit, address: str, places: int) -> None:
    guest.page.goto(address)
    guest.wait_for_places(places)


def below_target(guest: Visit, target: str) -> Locator:
    pattern = re.compile(rf"desa di bawah target {re.escape(target)}\s%")
    return guest.page.locator(".jk-headline", has_text=pattern)


def test_an_impossible_target_says_so_and_the_last_one_stays_in_sight(
    app: str, guest: Visit
) -> None:
    open_map(guest, f"{app}?target=80", 9)
    field = guest.page.get_by_label("Target cakupan (%)")
    for typed in ("150", "", "150"):
        field.fill(typed)
        field.press("Enter")
        problem = guest.page.locator('[data-testid="stSidebar"] [data-testid="stAlert"]')
        expect(problem).to_contain_text("dari 1 sampai 100, misalnya 95,5")
        expect(field).to_have_value("80")
        expect(below_target(guest, "80")).to_be_visible()
        expect(guest.page).to_have_url(re.compile(r"target=80(?:&|$)"))
    field.fill("95,5")
    field.press("Enter")
    expect(below_target(guest, "95,5")).to_be_visible()
    expect(guest.page).to_have_url(re.compile(r"target=95\.5(?:&|$)"))
    expect(field).to_have_value("95,5")
    expect(problem).to_have_count(0)


def test_heading_and_cumulative_share_follow_the_order_of_the_table(app: str, guest: Visit) -> None:
    open_map(guest, f"{app}?gap_min=100", 103)
    table = guest.page.locator(".table")
    title, note = table.locator("h3"), table.locator(".note")
    heads, cells = table.locator("thead th.cumulative"), table.locator("tbody td.cumulative")
    expect(title).to_have_text("Desa, celah terbesar lebih dulu")
    expect(heads).to_have_count(1)
    expect(heads.locator("button")).to_have_count(0)
    expect(note).to_contain_text("Porsi kumulatif dihitung dari celah")
    expect(cells.last).to_contain_text("100")
    shares = [int(text.split()[0]) for text in cells.all_inner_texts()]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    for column, first, second in (
        ("cakupan", "Desa, cakupan terendah lebih dulu", "Desa, cakupan tertinggi lebih dulu"),
        ("desa", "Desa menurut nama, A sampai Z", "Desa menurut nama, Z sampai A"),
        ("belum terlindungi", "Desa, celah terbesar lebih dulu", "Desa, celah terkecil lebih dulu"),
    ):
        button = table.locator("thead button", has_text=re.compile(rf"^{column}"))
        for heading in (first, second):
            button.click()
            expect(title).to_have_text(heading)
            expect(cells.last).to_contain_text("100")
            shares = [int(text.split()[0]) for text in cells.all_inner_texts()]
            assert shares == sorted(shares)
            assert shares[-1] == 100


def test_title_card_line_and_file_are_of_the_subdistricts_chosen(
    app: str, guest: Visit, tmp_path: Path
) -> None:
    chosen = "subdistrict=62.05.01&subdistrict=62.05.06&segment=pekerja_rentan&gap_min=10"
    open_map(guest, f"{app}?{chosen}", 23)
    area = "2 kecamatan di Kabupaten Barito Utara"
    expect(guest.page.locator(".jk-title h1")).to_have_text(area)
    expect(guest.page.locator(".jk-when")).to_have_text("pekerja rentan · Oktober 2024")
    expect(guest.page.locator(".jk-place h4")).to_have_text(area)
    rate = guest.page.locator(".jk-headline strong").first.inner_text()
    expect(guest.page.locator(".jk-place dd").first).to_have_text(rate)
    end = guest.page.locator(".jk-periods span").last.inner_text()
    shown = float(re.sub(r"[^0-9,]", "", rate).replace(",", "."))
    drawn = float(re.sub(r"[^0-9,]", "", end.rpartition(":")[2]).replace(",", "."))
    assert abs(shown - drawn) <= 0.05
    guest.wait_for_script()
    with guest.page.expect_download() as download:
        guest.page.get_by_role("button", name="GeoJSON").click()
    name = download.value.suggested_filename
    assert name == (
        "jangkau-barito-utara-2-kecamatan-2024-10-pekerja-rentan-celah-10-sampel-sintetis.geojson"
    )
    download.value.save_as(tmp_path / "file.geojson")
    said = json.loads((tmp_path / "file.geojson").read_text(encoding="utf-8"))
    assert (said["area"], said["segments"]) == (area, "pekerja rentan")
