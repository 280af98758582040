"""How the map draws: what it fetches, what it sends, what it says and what can be hit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from browser import CHROMIUM, Visit, running_app, visit
from factories import squares, write_layer
from frames import Line
from playwright.sync_api import Browser, Route, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
ISLET = "62.05.02.2009"
# What the page is told in the very moment of a click in the middle of the map.
TOLD_AT_ONCE = """
() => {
  const told = [], { setComponentValue } = Streamlit;
  Streamlit.setComponentValue = (value) => told.push(value.last_active_drawing.code);
  map.fire("click", { latlng: map.getCenter(), originalEvent: { detail: 1 } });
  map.fire("click", { latlng: map.getCenter(), originalEvent: { detail: 2 } });
  Streamlit.setComponentValue = setComponentValue;
  return told;
}
"""
# Pixels that an eighth of the ground shines through though all around them is painted.
COUNT_GAPS = """
(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const opacity = (x, y) => data[(y * width + x) * 4 + 3];
  const solid = (x, y) => opacity(x, y) > 250;
  const around = (x, y) => [-3, 3].every((d) =>
    solid(x + d, y) && solid(x, y + d) && solid(x + d, y + d) && solid(x + d, y - d));
  let gaps = 0, painted = 0;
  for (let y = 3; y < height - 3; y++) {
    for (let x = 3; x < width - 3; x++) {
      painted += solid(x, y) ? 1 : 0;
      gaps += opacity(x, y) < 220 && around(x, y) ? 1 : 0;
    }
  }
  return [gaps, painted];
}
"""
# How much of the ground is painted at positions of the map, from 0 to 255.
OPACITY_AT = """
(box, positions) => {
  const { canvas } = Jangkau.stageOf(map), { fills: brush } = canvas.sheet;
  const { left, top, ratio } = canvas.scene.frame;
  const corner = L.point(left, top).subtract(map.getPixelOrigin());
  return positions.map((at) => {
    const { x, y } = map.latLngToLayerPoint(at).subtract(corner).multiplyBy(ratio).floor();
    return brush.getImageData(x, y, 1, 1).data[3];
  });
}
"""


@pytest.fixture(scope="module")
def app(shared: Path) -> Iterator[str]:
    layer = shared / "boundaries" / "barito_utara_villages.geojson"
    with running_app(JANGKAU_BOUNDARIES=str(layer)) as address:
        yield address


def note_requests(guest: Visit, kind: str) -> list[str]:
    """Addresses under ``assets/<kind>`` that the page asks for from now on."""
    asked: list[str] = []
    part = f"/assets/{kind}/"
    guest.page.on("request", lambda r: asked.append(r.url) if part in r.url else None)
    return asked


def switch(guest: Visit, words: str) -> None:
    guest.page.get_by_test_id("stSidebarUserContent").get_by_text(words).click()


def test_shapes_are_fetched_once_however_the_filters_change(app: str, guest: Visit) -> None:
    asked = note_requests(guest, "shapes")
    guest.page.goto(f"{app}?villages=1")
    guest.wait_for_places(103)
    first = list(asked)
    assert first
    assert set(Counter(first).values()) == {1}
    switch(guest, "Lingkaran: belum terlindungi")
    guest.wait_for_pixels("lines", "#FBFAF7", 140)
    guest.page.locator('tr[data-code="62.05.07.2005"] .pick').click()
    guest.map.locator('#map_div[data-chosen="62.05.07.2005"]').wait_for()
    assert asked == first


def test_finer_shapes_come_when_the_map_is_close(app: str, guest: Visit) -> None:
    asked = note_requests(guest, "shapes")
    guest.page.goto(f"{app}?villages=1")
    guest.wait_for_places(103)
    before = len(asked)
    for _ in range(2):
        guest.zoom("in")
    finer = asked[before:]
    assert finer
    assert not set(finer) & set(asked[:before])
    guest.zoom("out")
    assert len(asked) == before + len(finer)


def test_no_gap_opens_between_neighbours_at_any_zoom(app: str, guest: Visit) -> None:
    guest.page.goto(f"{app}?villages=1")
    guest.wait_for_places(103)
    guest.map.locator("#map_div").evaluate("() => map.setMinZoom(0)")
    for _ in range(4):
        gaps, painted = guest.map.locator("canvas.jangkau-fills").evaluate(COUNT_GAPS)
        assert painted > 1_000
        assert gaps == 0
        guest.zoom("out")


def test_a_map_moved_away_from_all_places_is_empty_and_comes_back(app: str, guest: Visit) -> None:
    guest.page.goto(f"{app}?villages=1&circles=0")
    guest.wait_for_places(103)
    container = guest.map.locator("#map_div")
    container.evaluate("() => map.setView([5, 100], 8, { animate: false })")
    guest.wait_for_pixels("fills", "#FD8D3C")
    container.evaluate("() => map.setView([-0.9, 115], 8, { animate: false })")
    guest.wait_for_still_map()
    assert guest.count_pixels("fills", "#FD8D3C") > 100


def test_the_map_of_a_change_is_a_small_message(app: str, guest: Visit) -> None:
    messages: list[bytes | str] = []
    guest.page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda frame: messages.append(frame))
    )
    guest.page.goto(f"{app}?villages=1")
    guest.wait_for_places(103)
    messages.clear()
    switch(guest, "Lingkaran: belum terlindungi")
    guest.wait_for_pixels("lines", "#FBFAF7", 140)
    of_map = [m for m in messages if isinstance(m, bytes) and b"Jangkau.layer(" in m]
    assert of_map
    assert sum(map(len, of_map)) < 10_000 + 103


def test_a_tooltip_comes_with_figures_fetched_once(app: str, guest: Visit) -> None:
    asked = note_requests(guest, "values")
    guest.page.goto(f"{app}?place=62.05.09&lang=en")
    guest.wait_for_places(11)
    assert asked == []
    guest.hover_place("Karamuan")
    tip = guest.map.locator(".jangkau-tip")
    expect(tip.locator("strong")).to_have_text("Karamuan")
    expect(tip).to_contain_text(re.compile(r"Coverage \d+\.\d\d.%\d+ active of \d+ eligible"))
    assert guest.count_pixels("pointed", "#1F2933") > 20
    guest.hover_place("Benao Hilir")
    expect(tip.locator("strong")).to_have_text("Benao Hilir")
    assert len(asked) == 1


def test_a_tooltip_without_figures_says_name_and_class(app: str, guest: Visit) -> None:
    guest.page.route("**/assets/values/*", lambda route: route.fulfill(status=404))
    guest.page.goto(f"{app}?place=62.05.09&lang=en")
    guest.wait_for_places(11)
    guest.hover_place("Karamuan")
    tip = guest.map.locator(".jangkau-tip")
    expect(tip.locator("strong")).to_have_text("Karamuan")
    expect(tip.locator("div div")).to_have_text(re.compile(r"%"))


def test_the_page_is_told_of_a_click_at_once_and_of_a_double_click_once(
    app: str, guest: Visit
) -> None:
    guest.page.goto(app)
    guest.wait_for_places(9)
    (code,) = guest.map.locator("body").evaluate(TOLD_AT_ONCE)
    assert code.startswith("62.05.")


def test_the_shapes_of_an_area_clicked_are_asked_for_before_the_page_answers(
    app: str, guest: Visit
) -> None:
    asked = note_requests(guest, "shapes")
    guest.page.goto(app)
    guest.wait_for_places(9)
    before = len(asked)
    (code,) = guest.map.locator("body").evaluate(TOLD_AT_ONCE)
    guest.wait_until(lambda: len(asked) > before, "shapes are asked for")
    guest.wait_for_still_map()
    ahead = asked[before:]
    where = guest.map.locator("body").evaluate(
        "() => { const c = map.getCenter(); return [c.lat, c.lng]; }"
    )
    guest.page.mouse.click(*guest.point_at(*where))
    expect(guest.page).to_have_url(re.compile(re.escape(f"place={code}")))
    guest.map.locator('#map_div:not([data-drawn="9"])').wait_for()
    guest.wait_for_still_map()
    assert asked[before:] == ahead


def test_a_click_runs_the_page_once(app: str, guest: Visit) -> None:
    line = Line()
    guest.page.on("websocket", line.listen)
    guest.page.goto(f"{app}?place=62.05.09&lang=en")
    guest.wait_for_places(11)
    guest.wait_for_quiet(line)
    line.clear()
    guest.click_place("Karamuan")
    guest.map.locator('#map_div[data-chosen^="62.05.09."]').wait_for()
    # Longer than streamlit-folium waits before it tells of a click.
    guest.page.wait_for_timeout(1_000)
    assert line.runs == 1


def test_shapes_that_do_not_come_are_said(app: str, guest: Visit) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=500)

    guest.page.route("**/assets/shapes/*.bin", fail)
    guest.page.goto(f"{app}?lang=en")
    expect(guest.map.locator(".jangkau-notice")).to_contain_text("could not be loaded")


def test_what_is_there_is_painted_though_another_file_does_not_come(
    browser: Browser, tmp_path: Path
) -> None:
    villages = {"62.05.01.2001": "Sini", "63.01.01.2001": "Seberang"}
    path = write_layer(squares(villages), tmp_path / "squares.geojson")
    asked: list[str] = []

    def fail_the_first(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url == asked[0]:
            route.fulfill(status=500)
        else:
            route.continue_()

    with running_app(JANGKAU_BOUNDARIES=str(path), JANGKAU_CACHE=str(tmp_path)) as address:
        guest = visit(browser)
        guest.page.route("**/assets/shapes/*.bin", fail_the_first)
        guest.page.goto(f"{address}?villages=1&lang=en")
        expect(guest.map.locator(".jangkau-notice")).to_contain_text("could not be loaded")
        middles = [[-0.95, 115.05], [-0.95, 115.15]]
        container = guest.map.locator("#map_div")
        for target in ("90", "80"):
            guest.page.get_by_label("Target coverage (%)").fill(target)
            guest.page.get_by_label("Target coverage (%)").press("Enter")
            guest.page.get_by_text(f"below target {target}").first.wait_for()
            guest.wait_for_script()
            guest.wait_until(
                lambda: sorted(container.evaluate(OPACITY_AT, middles)) == [0, 255],
                "only the square whose file came is painted",
            )
        guest.close()


def test_a_lake_within_a_village_is_no_ground(browser: Browser, tmp_path: Path) -> None:
    layer = squares()
    lake = shapely.box(115.03, -0.97, 115.07, -0.93)
    layer["geometry"] = layer.geometry.difference(lake)
    path = write_layer(layer, tmp_path / "squares.geojson")
    with running_app(JANGKAU_BOUNDARIES=str(path), JANGKAU_CACHE=str(tmp_path)) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}?villages=1&lang=en")
        guest.wait_for_places(len(layer))
        container = guest.map.locator("#map_div")
        # Far enough for a fill beneath the villages, which their white lines no longer part.
        container.evaluate("() => { map.setMinZoom(0); map.setZoom(7, { animate: false }); }")
        guest.wait_for_still_map()
        inside, beside, border = container.evaluate(
            OPACITY_AT, [[-0.95, 115.05], [-0.95, 115.015], [-0.95, 115.2]]
        )
        assert inside == 0
        assert min(beside, border) > 250
        guest.close()


def test_an_islet_of_three_pixels_can_be_clicked(browser: Browser, tmp_path: Path) -> None:
    islet = shapely.box(115.3, -1.3, 115.3025, -1.2975)
    layer = squares()
    layer.loc[len(layer)] = {"kode": ISLET, "nama": "Pulau Kecil", "geometry": islet}
    path = write_layer(gpd.GeoDataFrame(layer, crs=4326), tmp_path / "squares.geojson")
    with running_app(JANGKAU_BOUNDARIES=str(path), JANGKAU_CACHE=str(tmp_path)) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}?villages=1&lang=en")
        guest.wait_for_places(7)
        west, north = guest.point_at(-1.2975, 115.3)
        east, south = guest.point_at(-1.3, 115.3025)
        assert east - west < 4
        # Beside it, as a hand does.
        guest.page.mouse.click(east + 2, (north + south) / 2)
        expect(guest.page).to_have_url(re.compile(re.escape(f"selected={ISLET}")))
        guest.close()
