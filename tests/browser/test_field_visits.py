"""To the field and back: a worklist filled in, and a phone without a network."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pytest
from browser import CHROMIUM, SavingApp, Visit, visit
from field_plans import field_plan_of, save_field_plan
from playwright.sync_api import Browser, Page, expect

from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.field.page import write_page
from geo.outreach.store import PlanStore, Record

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}"""
TODAY = dt.date.today().isoformat()
NUMBER = "6205031203990001"


def open_saved(guest: Visit, address: str) -> Page:
    page = guest.page
    page.goto(f"{address}plan")
    page.get_by_role("radio", name="Rencana tersimpan").click()
    expect(page.get_by_role("heading", name="Hasil dari lapangan")).to_be_visible()
    return page


def bring_back(page: Page, *files: Path) -> None:
    page.locator('.st-key-worklist_upload input[type="file"]').set_input_files(list(files))


def records(store: PlanStore, plan: str) -> dict[str, Record]:
    followed = store.follow(plan)
    assert not any(village.rivals for village in followed)
    return {village.code: village.current.record for village in followed}


def test_a_worklist_goes_out_is_filled_in_and_comes_back(
    guest: Visit, saving_app: SavingApp, sample: Dataset, tmp_path: Path
) -> None:
    store, plan = save_field_plan(saving_app.workspace, sample)
    page = open_saved(guest, saving_app.address)
    with page.expect_download() as started:
        page.get_by_role("button", name="Unduh daftar kerja (XLSX)").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    code = sheet["A6"].value.split(":")[1]
    for cell, value in zip(
        "GHIJK", ("dikunjungi", 7, 1, "Tim B", dt.date(2026, 11, 3)), strict=True
    ):
        sheet[f"{cell}6"] = value
    book.save(path)
    bring_back(page, path)
    told = page.get_by_text("Berkas berisi 12 baris; 1 dicatat.")
    expect(told).to_be_visible()
    expect(page.locator(".jk-plan strong").first).to_have_text("2 dari 12")
    assert records(store, plan)[code] == Record("visited", 7, 1, "Tim B", "2026-11-03", "")
    broken = tmp_path / "hasil.json"
    broken.write_text('{"format": "jangkau-field", "rows": [', encoding="utf-8")
    bring_back(page, broken)
    expect(page.get_by_text("hasil.json rusak atau bukan hasil halaman lapangan")).to_be_visible()
    expect(told).to_be_visible()


def record_visit(page: Page, number: int, status: str, people: int) -> None:
    page.locator(".village").nth(number).click()
    page.locator(f"#visit-status .{status} input").check()
    page.locator("#visit-enrolled").fill(str(people))
    page.locator("#visit-team").fill("Tim A")
    page.locator("#visit-note").fill(f"{number}: nomor {NUMBER}")
    page.locator("#visit-form button[type=submit]").click()
    expect(page.locator("#visit")).not_to_be_visible()


def export(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as started:
        page.locator(button).click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def test_ten_visits_without_a_network_come_back_as_recorded(
    browser: Browser, saving_app: SavingApp, sample: Dataset, tmp_path: Path
) -> None:
    store, plan = save_field_plan(saving_app.workspace, sample)
    office = visit(browser)
    page = open_saved(office, saving_app.address)
    link = page.get_by_role("link", name="Buka halaman lapangan").get_attribute("href")
    phone = visit(browser, 360, 740)
    phone.page.goto(f"{saving_app.address.rstrip('/')}{link}")
    expect(phone.page.locator("html[data-kept=yes]")).to_be_attached()
    phone.page.context.set_offline(True)
    try:
        phone.page.reload()
        expect(phone.page.locator(".village")).to_have_count(12)
        for number in range(10):
            record_visit(phone.page, number, ("visited", "refused")[number == 4], number)
        expect(phone.page.locator("#waiting")).to_have_text("10 belum diekspor")
        # What is typed outlives the page as well as what is recorded.
        phone.page.locator(".village").nth(11).click()
        phone.page.locator("#visit-enrolled").fill("31")
        phone.page.reload()
        expect(phone.page.locator("#visit-enrolled")).to_have_value("31")
        expect(phone.page.locator("#visit-status .visited input")).to_be_checked()
        phone.page.locator("#visit-cancel").click()
        phone.page.reload()
        expect(phone.page.locator("#waiting")).to_have_text("10 belum diekspor")
        expect(phone.page.locator(".village .chip.visited")).to_have_count(9)
        results = export(phone.page, "#export", tmp_path)
        expect(phone.page.locator("#waiting")).to_have_text("semua sudah diekspor")
    finally:
        phone.page.context.set_offline(False)
    assert NUMBER not in results.read_text(encoding="utf-8")
    bring_back(page, results)
    expect(page.get_by_text("Berkas berisi 10 baris; 10 dicatat.")).to_be_visible()
    shown = phone.page.evaluate(f"JSON.parse(localStorage['jangkau-field:{plan}'])")
    kept = records(store, plan)
    assert len(shown) == 10
    for number, (code, entry) in enumerate(shown.items()):
        assert Record(**entry["visit"]) == kept[code]
        status = "refused" if number == 4 else "visited"
        day = kept[code].day
        again, note = kept[code].reactivated, f"{number}: nomor …"
        assert kept[code] == Record(status, number, again, "Tim A", day, note)
        assert day in (TODAY, "2026-11-02")

    # A correction follows its own first version, as CSV too, and the same file twice is once.
    record_visit(phone.page, 2, "visited", 22)
    for button, recorded in (("#csv", 1), ("#export", 0)):
        bring_back(page, export(phone.page, button, tmp_path))
        words = f"Berkas berisi 10 baris; {recorded} dicatat."
        expect(page.get_by_text(words).first).to_be_visible()
    assert [*records(store, plan).values()][2].enrolled == 22
    # The page of the day after knows what the office has.
    phone.page.reload()
    expect(phone.page.locator("#waiting")).to_have_text("Belum ada yang dicatat.")
    expect(phone.page.locator(".village .chip.visited")).to_have_count(9)
    for seen in (office, phone):
        seen.close()
        assert (seen.outside, seen.errors) == ([], [])


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong; nothing where it is not installed."""
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(VIOLATIONS)


@pytest.mark.parametrize("width", [360, 1024])
def test_the_page_stands_alone_in_both_languages_and_themes(
    browser: Browser, sample: Dataset, tmp_path: Path, width: int
) -> None:
    path, errors, asked = tmp_path / "page.html", [], []
    field = field_plan_of(sample, *save_field_plan(tmp_path / "w", sample))
    path.write_bytes(write_page(field, Language("id")))
    place = {"latitude": -0.95, "longitude": 114.9}
    context = browser.new_context(bypass_csp=True, geolocation=place, permissions=["geolocation"])
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    for language, words in (("en", "Search for a village"), ("id", "Cari desa")):
        page.locator(f"[data-language={language}]").click()
        expect(page.locator("#search")).to_have_attribute("placeholder", re.compile(words))
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)
            expect(page.locator("html")).to_have_attribute("data-theme", theme)
            assert violations(page) == []
    last = field.villages["name"].iloc[-1]
    page.locator("#search").fill(f" {last.upper()}")
    expect(page.locator(".village strong")).to_have_text([last])
    page.locator("#search").fill("")
    # The map, a tap on it, and where the reader is.
    if width < 800:
        page.locator("#show-map").click()
    drawing = page.locator("#drawing")
    page.locator("#whole").click()
    page.evaluate("new Promise(requestAnimationFrame)")
    # The width of the frame; its height gives way to what the page says below.
    whole = re.compile(rf" {(drawing.get_attribute('viewBox') or '').split()[2]} ")
    page.locator("#locate").click()
    expect(page.locator("#told")).to_contain_text("Terdekat:")
    expect(drawing).not_to_have_attribute("viewBox", whole)
    page.locator("#whole").click()
    expect(drawing).to_have_attribute("viewBox", whole)
    page.locator(".marks .planned").first.click(force=True)
    expect(page.locator("#visit")).to_be_visible()
    # What is wrong is said beside its field, and the rest stays.
    page.locator("#visit-enrolled").fill("12,5")
    page.locator("#visit-form button[type=submit]").click()
    expect(page.locator("#wrong-enrolled")).to_contain_text("bilangan bulat")
    expect(page.locator("#visit-enrolled")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Escape")
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()
