"""The page on paper, under a finger, and for who does not see it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, FRAME, Visit, running_app, visit
from playwright.sync_api import Browser, Frame, Page, expect
from pypdf import PdfReader

from geo.measures.dataset import Dataset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SETTLED = """() =>
  document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning"
  && !document.querySelector('[data-testid="stSkeleton"]')"""
VIOLATIONS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}"""


@pytest.fixture(scope="module")
def app() -> Iterator[str]:
    with running_app() as address:
        yield address


def open_page(guest: Visit, address: str, places: int) -> None:
    guest.page.goto(address)
    if places:
        guest.wait_for_places(places)
    guest.page.wait_for_function(SETTLED)
    # Styles and the script of Streamlit's words have come as well.
    expect(guest.page.locator(".jk-title")).to_have_css("display", "flex")
    expect(guest.page.locator("html")).to_have_attribute("lang", "id")


def test_the_page_is_printed_with_map_and_first_villages_then_the_table(
    app: str, guest: Visit, sample: Dataset
) -> None:
    open_page(guest, f"{app}?villages=1", 103)
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(103)
    paper = guest.page.pdf(prefer_css_page_size=True, print_background=True)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]
    assert len(pages) == 3
    first = pages[0]
    for words in ("Kabupaten Barito Utara", "Oktober 2024", "86,40", "Cakupan menurut desa"):
        assert words in first
    ranked = guest.page.locator(".scroll tbody tr .pick").all_inner_texts()
    assert [name for name in ranked[:20] if name not in first] == []
    assert [name for name in ranked if name not in "\n".join(pages)] == []
    for text in pages:
        assert "menutup" in text and "kumulatif" in text
        assert "Hapus semua saringan" not in text and "GeoJSON" not in text
    boxes = guest.page.evaluate("getComputedStyle(document.documentElement)"
                                ".getPropertyValue('--jk-map-scale')")  # fmt: skip
    assert 0.3 < float(boxes) < 1


def open_phone(browser: Browser, address: str) -> Page:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address)
    Visit(page).wait_for_places(10)
    page.wait_for_function(SETTLED)
    return page


def test_one_finger_scrolls_the_page_and_a_tap_says_the_figures(app: str, browser: Browser) -> None:
    page = open_phone(browser, f"{app}?place=62.05.07&lang=en")
    seen = Visit(page)
    container = seen.map.locator("#map_div")
    expect(container).to_have_css("touch-action", "pan-x pan-y")
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()
    page.locator(FRAME).scroll_into_view_if_needed()
    page.touchscreen.tap(*seen.find_place("Hajak"))
    tip = seen.map.locator(".jangkau-tip")
    expect(tip).to_contain_text("147 not covered")
    seen.map.locator('#map_div[data-chosen="62.05.07.2005"]').wait_for()
    expect(tip).to_contain_text("147 not covered")
    card = page.locator(".jk-place")
    expect(card.locator("h4")).to_have_text("Hajak")
    above, below = card.bounding_box(), page.locator(".jk-legend").bounding_box()
    assert above is not None and below is not None
    assert above["y"] < below["y"]
    page.context.close()


def find_violations(frame: Page | Frame) -> list[str]:
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    return list(frame.evaluate(VIOLATIONS))


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: run `npm ci`")
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_finds_nothing_on_any_page(app: str, browser: Browser, width: int) -> None:
    guest = visit(browser, width, 900)
    for scheme in ("light", "dark"):
        guest.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for name, places in (("", 9), ("data", 0), ("about", 0)):
            open_page(guest, f"{app}{name}?lang=id", places)
            found = [find_violations(frame) for frame in guest.page.frames if frame.url != ":"]
            assert [each for each in found if each] == [], (scheme, name)
    guest.page.context.close()


def test_streamlits_own_words_are_in_the_readers_language(app: str, guest: Visit) -> None:
    open_page(guest, f"{app}data?lang=id", 0)
    drop = guest.page.get_by_test_id("stFileUploaderDropzone").last
    expect(drop).to_contain_text("Unggah")
    expect(drop).to_contain_text("maksimal 200 MB per berkas")
    expect(guest.page.locator("html")).to_have_attribute("lang", "id")
    guest.page.get_by_role("button", name="Menu utama").click()
    expect(guest.page.get_by_text("Rekam layar")).to_be_visible()
    guest.page.keyboard.press("Escape")
    guest.page.get_by_text("EN", exact=True).click()
    expect(drop).to_contain_text("200MB per file")
