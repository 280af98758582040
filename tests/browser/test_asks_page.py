"""The questions that people come with, answered with the page alone, in Chromium."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit, running_app, visit
from frames import Line
from playwright.sync_api import Browser, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
# Of what is chosen on the map.
ACCENT = "#0F766E"


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with running_app() as address:
        yield address


ACCENT = "#0F766E"


def open_page(guest: Visit, address: str, places: int = 9) -> None:
    guest.page.goto(address)
    guest.wait_for_places(places)
    expect(guest.page.locator(".scroll tbody tr").first).to_be_visible()


def download(guest: Visit, name: str) -> bytes:
    guest.wait_for_script()  # a download is answered by the run that offered it
    with guest.page.expect_download() as started:
        guest.page.get_by_role("button", name=name).click()
    return Path(started.value.path()).read_bytes()


def test_the_ten_villages_to_visit_first_their_people_and_cost(
    app: str, browser: Browser, guest: Visit
) -> None:
    open_page(guest, app)
    page, basket = guest.page, guest.page.locator(".basket")
    page.get_by_label("Urutan").select_option("priority")
    expect(page.locator(".table h3")).to_have_text(
        "Desa, cakupan rendah dan banyak orang lebih dulu"
    )
    page.get_by_label("Desa teratas").fill("10")
    page.get_by_role("button", name="Pilih", exact=True).click()
    expect(basket.locator("dd").first).to_have_text("10")
    expect(page.locator(".tick input:checked")).to_have_count(10)
    listed = page.locator("tr[data-code]").evaluate_all("rows => rows.map(r => r.dataset.code)")
    page.locator("tr[data-code] .tick input").nth(9).uncheck()
    page.locator("tr[data-code] .tick input").nth(10).check()
    expect(basket).to_contain_text("anggaran program 2024")
    chosen = [*listed[:9], listed[10]]
    expect(page).to_have_url(re.compile(rf"basket=.*{chosen[-1][-4:]}"))
    rows = list(csv.DictReader(io.StringIO(download(guest, "CSV").decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == chosen
    people = f"{sum(int(row['coverage_gap']) for row in rows):,}".replace(",", ".")
    expect(basket).to_contain_text(people)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Salin tautan").first.click()
    expect(page.get_by_role("button", name="Tautan disalin")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit(browser)
    open_page(other, link)
    expect(other.page.locator(".tick input:checked")).to_have_count(10)
    expect(other.page.locator(".basket")).to_contain_text(people)
    other.page.get_by_role("button", name="Tampilkan pilihan saja").click()
    other.wait_for_places(103)
    expect(other.page.locator(".scroll tbody tr")).to_have_count(10)
    expect(other.page.locator(".jk-kept")).to_have_text("Saringan: 10 desa pilihan")
    other.page.get_by_role("button", name="Kosongkan pilihan").click()
    expect(other.page.locator(".scroll tbody tr")).to_have_count(103)
    expect(other.page.locator(".basket")).to_have_count(0)
    other.page.context.close()


def test_a_box_on_the_map_chooses_the_villages_inside(app: str, guest: Visit) -> None:
    open_page(guest, f"{app}?place=62.05.07", 10)
    assert guest.count_pixels("lines", ACCENT) == 0
    guest.map.get_by_role("button", name="gambar kotak untuk memilih desa").click()
    frame = guest.map.locator("#map_div").bounding_box()
    assert frame
    mouse = guest.page.mouse
    mouse.move(frame["x"] + 60, frame["y"] + 4)
    mouse.down()
    mouse.move(frame["x"] + frame["width"] - 4, frame["y"] + frame["height"] - 4, steps=4)
    mouse.up()
    expect(guest.page.locator(".tick input:checked")).to_have_count(10)
    expect(guest.page).not_to_have_url(re.compile("selected="))
    # The map outlines what is chosen.
    guest.wait_until(lambda: guest.count_pixels("lines", ACCENT) > 200, "the villages are outlined")


def test_what_changed_since_april(app: str, guest: Visit) -> None:
    open_page(guest, f"{app}?lang=en")
    page = guest.page
    page.get_by_role("combobox", name=re.compile("Compare with")).click()
    page.get_by_role("option", name="April 2024").click()
    expect(page.get_by_role("heading", name="What changed since April 2024")).to_be_visible()
    expect(page.locator(".jk-legend h4")).to_have_text("Change of coverage (points) by subdistrict")
    expect(page.locator(".jk-changes li").first).to_contain_text("Melayu")
    page.locator("thead button", has_text="change, people").click()
    expect(page.locator(".table h3")).to_contain_text("the largest loss of enrolled first")
    expect(page.locator("tbody td.change_enrolled").first).to_have_text("−13")
    rows = list(csv.DictReader(io.StringIO(download(guest, "CSV").decode("utf-8-sig"))))
    assert {row["compare_period"] for row in rows} == {"2024-04"}
    assert rows[0]["change_enrolled"] == "-13"


def test_a_gap_of_200_in_two_subdistricts_as_geojson(app: str, guest: Visit) -> None:
    line = Line()
    guest.page.on("websocket", line.listen)
    open_page(guest, app)
    page = guest.page
    field = page.get_by_role("combobox", name=re.compile("Kecamatan"))
    for name in ("Teweh Timur", "Gunung Purei"):
        field.click()
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")
    guest.wait_for_places(23)
    # The filters come after the map, with the range of what it shows.
    expect(page.get_by_label("sampai (orang)")).to_have_attribute("placeholder", "283")
    least = page.get_by_label("dari (orang)")
    least.fill("9.999")
    least.press("Enter")
    alert = page.locator('[data-testid="stSidebar"] [data-testid="stAlert"]')
    expect(alert).to_contain_text("isi angka dari 0 sampai 283")
    least.fill("200")
    least.press("Enter")
    expect(page.locator(".scroll tbody tr")).to_have_count(3)
    expect(page.locator(".jk-kept")).to_contain_text("200 atau lebih")
    # A click on the map singles a village out, and leaves the subdistricts chosen.
    guest.click_place("Benangin I")
    expect(page.locator(".jk-place h4")).to_contain_text("Benangin")
    expect(page.locator(".jk-title h1")).to_have_text("2 kecamatan di Kabupaten Barito Utara")
    features = json.loads(download(guest, "GeoJSON"))["features"]
    assert len(features) == 3
    assert {f["properties"]["parent_name"] for f in features} == {"Teweh Timur", "Gunung Purei"}
    assert min(f["properties"]["coverage_gap"] for f in features) >= 200
    level = page.locator('[class*="st-key-download_level"]')
    level.get_by_text("Kecamatan", exact=True).click()
    expect(level.get_by_role("radio", name="Kecamatan")).to_be_checked()
    guest.wait_for_quiet(line)
    subdistricts = json.loads(download(guest, "GeoJSON"))["features"]
    assert {f["properties"]["name"] for f in subdistricts} == {"Teweh Timur", "Gunung Purei"}


def test_files_for_print_are_built_on_the_click_and_handed_over(app: str, guest: Visit) -> None:
    open_page(guest, app)
    guest.page.get_by_role("button", name="Untuk cetak").click()
    for name, start in (
        ("Atlas (PDF)", b"%PDF"),
        ("Ringkasan (DOCX)", b"PK"),
        ("Ringkasan (PPTX)", b"PK"),
        ("Peta (PNG, 300 dpi)", b"\x89PNG"),
        ("Peta (SVG)", b"<?xml"),
    ):
        assert download(guest, name).startswith(start)
