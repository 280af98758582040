"""What a visitor sees and does, in Chromium."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit, running_app, visit
from factories import in_village, squares, write_eligible, write_layer, write_workers
from frames import Line
from playwright.sync_api import Browser, Request, Route, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]

# Opacity of a circle's inside.
CIRCLE = 140


def open_map(guest: Visit, address: str, places: int) -> None:
    guest.page.goto(address)
    guest.wait_for_places(places)


def switch(guest: Visit, words: str) -> None:
    guest.page.get_by_test_id("stSidebarUserContent").get_by_text(words).click()


def test_the_first_map_shows_the_subdistricts(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    assert guest.count_pixels("fills", "#FDBE85") > 1_000
    expect(guest.map.locator(".jangkau-notice")).to_contain_text("Batas perkiraan")
    expect(guest.page.locator(".jk-headline")).to_contain_text("86,40")
    expect(guest.page.get_by_text("49.352 dari 49.356 pekerja terpetakan")).to_be_visible()


def test_a_click_goes_into_a_subdistrict_and_the_breadcrumb_back(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    guest.click_place("Lahei Barat")
    guest.wait_for_places(11)
    expect(guest.page).to_have_url(re.compile(r"place=62\.05\.09"))
    guest.page.get_by_role("button", name="Kabupaten Barito Utara").click()
    guest.wait_for_places(9)
    expect(guest.page).not_to_have_url(re.compile("place="))


def test_the_browser_history_leads_back_and_forth(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    guest.click_place("Montallat")
    guest.wait_for_places(10)
    guest.page.go_back()
    guest.wait_for_places(9)
    guest.page.go_forward()
    guest.wait_for_places(10)


def test_a_click_on_a_village_finds_its_row(app: str, guest: Visit) -> None:
    open_map(guest, f"{app}?place=62.05.09", 11)
    guest.click_place("Karamuan")
    row = guest.page.locator('tr[data-code="62.05.09.2011"]')
    expect(row).to_have_attribute("aria-selected", "true")
    expect(guest.page.locator(".jk-place h4")).to_have_text("Karamuan")


def test_a_row_highlights_its_village_on_the_map(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    assert guest.count_pixels("lines", "#0F766E") == 0
    guest.page.locator('tr[data-code="62.05.07.2005"] .pick').click()
    expect(guest.page.locator(".jk-place h4")).to_have_text("Hajak")
    guest.map.locator('#map_div[data-chosen="62.05.07.2005"]').wait_for()
    assert guest.count_pixels("lines", "#0F766E") > 20


def test_the_table_works_by_keyboard(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    guest.page.locator("thead button", has_text="cakupan").last.focus()
    guest.page.keyboard.press("Enter")
    first = guest.page.locator(".scroll tbody tr .pick").first
    expect(first).to_have_text("Linon Besi II")
    first.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.locator(".jk-place h4")).to_have_text("Linon Besi II")
    expect(guest.page.locator('tr[aria-selected="true"] .pick')).to_be_focused()


def test_rows_that_are_not_kept_any_more_are_offered_again(app: str, guest: Visit) -> None:
    statuses = iter([404])

    def answer(route: Route) -> None:
        if status := next(statuses, None):
            route.fulfill(status=status)
        else:
            route.fallback()

    guest.page.route("**/assets/rows/**", answer)
    open_map(guest, app, 9)
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(103)


def test_a_table_that_is_not_answered_says_so(app: str, guest: Visit) -> None:
    guest.page.route("**/assets/rows/**", lambda route: route.abort())
    open_map(guest, app, 9)
    guest.page.get_by_text("Tabel tidak dapat dimuat.").wait_for()
    guest.page.unroute("**/assets/rows/**")
    guest.page.get_by_role("button", name="Coba lagi").click()
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(103)


def test_nothing_moves_when_the_rows_come(app: str, guest: Visit) -> None:
    held: list[Route] = []
    guest.page.route("**/assets/rows/**", lambda route: held.append(route))
    open_map(guest, app, 9)
    below = guest.page.locator(".st-key-downloads")
    guest.page.get_by_text("Membaca tabel").wait_for()
    guest.wait_for_script()
    guest.wait_for_still_map()
    before = below.bounding_box()
    held[-1].fallback()
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(103)
    guest.wait_for_still_map()
    after = below.bounding_box()
    assert before and after
    assert abs(after["y"] - before["y"]) < 60


def test_no_change_mounts_the_map_again(app: str, guest: Visit) -> None:
    frames: list[str] = []

    def note(request: Request) -> None:
        if "streamlit_folium" in request.url and request.resource_type == "document":
            frames.append(request.url)

    guest.page.on("request", note)
    # What is wrong with a link is said at the first run alone, above the map.
    open_map(guest, f"{app}?measure=nonsense&lang=en", 9)
    expect(guest.page.get_by_text("That part was left out")).to_be_visible()
    target = guest.page.get_by_label("Target coverage (%)")
    target.fill("60")
    target.press("Enter")
    guest.page.get_by_text("below target 60").first.wait_for()
    expect(guest.page.get_by_text("That part was left out")).to_have_count(0)
    guest.page.locator('tr[data-code="62.05.07.2005"] .pick').click()
    expect(guest.page.locator(".jk-place h4")).to_have_text("Hajak")
    switch(guest, "Villages at once")
    guest.wait_for_places(103)
    assert len(frames) == 1


def test_a_filter_change_keeps_zoom_and_position(app: str, guest: Visit) -> None:
    open_map(guest, f"{app}?villages=1", 103)
    guest.zoom("in")
    place = guest.map.locator(".leaflet-map-pane")
    before = place.get_attribute("style")
    assert guest.count_pixels("lines", "#FBFAF7", CIRCLE) > 100
    switch(guest, "Lingkaran: belum terlindungi")
    guest.wait_for_pixels("lines", "#FBFAF7", CIRCLE)
    guest.wait_for_still_map()
    assert place.get_attribute("style") == before


def test_a_link_restores_filters_in_a_new_session(app: str, guest: Visit) -> None:
    open_map(guest, f"{app}?place=62.05.04&gap_min=100&measure=coverage_gap&lang=en", 12)
    expect(guest.page.locator(".jk-legend h4")).to_have_text("People not covered by village")
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(9)
    guest.page.reload()
    guest.wait_for_places(12)
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(9)


def test_two_tabs_do_not_disturb_each_other(app: str, browser: Browser, guest: Visit) -> None:
    open_map(guest, f"{app}?place=62.05.09", 11)
    other = visit(browser)
    open_map(other, f"{app}?place=62.05.01&lang=en", 10)
    expect(guest.page.locator(".jk-title h1")).to_have_text("Kecamatan Lahei Barat")
    expect(other.page.locator(".jk-title h1")).to_have_text("Kecamatan Montallat")
    other.close()


def test_quick_clicks_lose_no_filter(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    switch(guest, "Langsung per desa")
    switch(guest, "Lingkaran: belum terlindungi")
    expect(guest.page).to_have_url(re.compile(r"(?=.*villages=1)(?=.*circles=0)"))
    guest.wait_for_places(103)


def test_the_download_holds_what_is_filtered(app: str, guest: Visit, tmp_path: Path) -> None:
    # Where villages are filtered, the map shows villages, those left out faded.
    open_map(guest, f"{app}?gap_min=200", 103)
    guest.wait_for_script()
    with guest.page.expect_download() as download:
        guest.page.get_by_role("button", name="GeoJSON").click()
    download.value.save_as(tmp_path / "gap.geojson")
    collection = json.loads((tmp_path / "gap.geojson").read_text(encoding="utf-8"))
    assert len(collection["features"]) == 5
    assert min(f["properties"]["coverage_gap"] for f in collection["features"]) >= 200
    assert "sampel-sintetis" in download.value.suggested_filename


def test_every_kind_of_file_can_be_downloaded(app: str, guest: Visit) -> None:
    open_map(guest, app, 9)
    for name in ("XLSX", "CSV", "Peta (HTML)", "Kamus kolom"):
        guest.wait_for_script()
        with guest.page.expect_download() as download:
            guest.page.get_by_role("button", name=name, exact=False).click()
        assert Path(download.value.path()).stat().st_size > 500


def test_the_downloaded_map_opens_offline(browser: Browser, guest: Visit, tmp_path: Path) -> None:
    from geo.cli.main import app as command

    command(["map", "--out", str(tmp_path / "map.html")], standalone_mode=False)
    guest.page.goto((tmp_path / "map.html").as_uri())
    expect(guest.page.locator(".folium-map")).to_have_attribute("data-drawn", "103")
    assert guest.count_pixels("fills", "#FDBE85") > 1_000
    expect(guest.page.locator(".jk-panel")).to_contain_text("86,40")


@pytest.mark.parametrize("width", [360, 1024, 1440])
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_scrolls_sideways(app: str, browser: Browser, width: int, language: str) -> None:
    guest = visit(browser, width, 740)
    open_map(guest, f"{app}?lang={language}&place=62.05.05", 10)
    expect(guest.page.locator(".scroll tbody tr")).to_have_count(10)
    guest.wait_for_script()
    for selector in ("html", '[data-testid="stMain"]', ".scroll"):
        guest.wait_until_fitting(guest.page.locator(selector))
    guest.close()


def test_on_a_phone_filters_are_in_a_closed_drawer_and_the_table_has_three_columns(
    app: str, browser: Browser
) -> None:
    guest = visit(browser, 360, 740)
    open_map(guest, app, 9)
    expect(guest.page.locator('[data-testid="stSidebar"]')).not_to_be_in_viewport()
    heads = guest.page.locator("thead th:not(.rank)")
    expect(heads.filter(visible=True)).to_have_count(3)
    expect(heads).not_to_have_count(3)
    guest.close()


def test_a_name_with_markup_stays_a_name(browser: Browser, tmp_path: Path) -> None:
    gazetteer = Path(__file__).parents[2] / "data" / "boundaries" / "barito_utara_gazetteer.csv"
    evil = "<img src=x onerror=document.title='broken'>"
    text = gazetteer.read_text(encoding="utf-8").replace(",Hajak,", f",{evil},", 1)
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    about = gazetteer.with_suffix(".toml").read_text(encoding="utf-8")
    (tmp_path / "places.toml").write_text(about, encoding="utf-8")
    with running_app(JANGKAU_BOUNDARIES=str(tmp_path / "places.csv")) as address:
        guest = visit(browser)
        open_map(guest, f"{address}?place=62.05.07&selected=62.05.07.2005", 10)
        guest.map.locator(".jangkau-label span", has_text="img").first.wait_for()
        guest.click_place("img")
        expect(guest.page.locator(".jk-place h4")).to_have_text(evil)
        expect(guest.map.locator(".jangkau-tip strong")).to_have_text(evil)
        expect(guest.page).not_to_have_title("broken")
        expect(guest.map.locator("img[src=x]")).to_have_count(0)
        expect(guest.page.locator("img[src=x]")).to_have_count(0)
        guest.close()


def test_real_boundaries_are_drawn_behind_a_base_path(browser: Browser, shared: Path) -> None:
    layer = shared / "boundaries" / "barito_utara_villages.geojson"
    with running_app("jangkau", JANGKAU_BOUNDARIES=str(layer)) as address:
        guest = visit(browser)
        open_map(guest, f"{address}?villages=1", 103)
        expect(guest.map.locator(".jangkau-notice")).not_to_contain_text("perkiraan")
        expect(guest.page.locator(".scroll tbody tr")).to_have_count(103)
        expect(guest.page.locator(".jk-headline")).to_have_css("display", "grid")
        expect(guest.page.locator(".jk-headline")).to_contain_text("86,40")
        assert guest.outside == []
        guest.close()


def test_going_to_about_and_back_is_one_step_each(app: str, guest: Visit) -> None:
    open_map(guest, f"{app}?place=62.05.07&lang=en", 10)
    guest.page.get_by_role("link", name="About").click()
    expect(guest.page.get_by_role("heading", name="About", exact=True)).to_be_visible()
    expect(guest.page).to_have_url(re.compile(r"about\?lang=en"))
    guest.page.go_back()
    guest.wait_for_places(10)
    expect(guest.page.locator(".jk-title h1")).to_have_text("Kecamatan Teweh Baru")
    expect(guest.page.locator(".jk-headline")).to_contain_text("not covered")


def test_a_place_is_found_and_opened_by_keyboard(app: str, guest: Visit) -> None:
    asked: list[str] = []
    guest.page.on("request", lambda r: asked.append(r.url) if "/assets/places" in r.url else None)
    open_map(guest, app, 9)
    box = guest.page.get_by_role("combobox", name="Cari tempat")
    with guest.page.expect_response(lambda answer: "q=lemo" in answer.url):
        box.press_sequentially("lemo")
    options = guest.page.locator(".search").get_by_role("option")
    # Those of the whole word, not of its beginning.
    expect(options).to_contain_text(["Lemo I", "Lemo II"])
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert len(asked) <= 1 + len("lemo")
    guest.page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    guest.page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    # Empty it lists the areas on the map: what a click does, by keyboard.
    box.blur()
    box.focus()
    expect(options).to_have_count(9)
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    box.press_sequentially("hajk")
    guest.page.keyboard.press("Enter")
    guest.wait_for_places(10)
    expect(guest.page).to_have_url(re.compile(r"place=62\.05\.07&selected=62\.05\.07\.2005"))
    expect(guest.page.locator(".jk-place h4")).to_have_text("Hajak")


def test_every_one_of_many_villages_is_reached_in_the_table(
    browser: Browser, tmp_path: Path
) -> None:
    names = {f"62.05.01.2{at:03}": f"Desa {at:03}" for at in range(1, 321)}
    write_layer(squares(names), tmp_path / "many.geojson")
    write_workers(tmp_path / "records", (in_village(code, at) for at, code in enumerate(names)))
    write_eligible(tmp_path / "records", {code: 10 + at for at, code in enumerate(names)})
    settings = {
        "JANGKAU_BOUNDARIES": str(tmp_path / "many.geojson"),
        "JANGKAU_ENROLMENT": str(tmp_path / "records"),
    }
    with running_app(**settings) as address:
        guest, line = visit(browser), Line()
        guest.page.on("websocket", line.listen)
        guest.page.goto(address)
        rows, where = guest.page.locator(".scroll tbody tr"), guest.page.locator(".tools .where")
        expect(where).to_have_text("1–150 dari 320 desa")
        guest.page.get_by_role("button", name="berikutnya").click()
        guest.page.get_by_role("button", name="berikutnya").click()
        expect(where).to_have_text("301–320 dari 320 desa")
        expect(rows).to_have_count(20)
        guest.page.locator("thead button", has_text="desa").first.click()
        expect(rows.first).to_contain_text("001")
        guest.page.get_by_role("searchbox").fill("desa 31")
        expect(rows).to_have_count(10)
        # The page takes note of the order, for its link and its files, and of nothing else.
        expect(guest.page).to_have_url(re.compile("order=name"))
        assert line.runs == 2
        rows.first.locator(".pick").click()
        expect(guest.page.locator(".jk-place h4")).to_have_text("Desa 310")
        expect(rows).to_have_count(10)
        assert guest.errors == []
        guest.close()
