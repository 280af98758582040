"""Measure the walk from Indonesia down to one village, in a browser, click to picture.

``python -m bench.walk [LAYER] [--cache DIR] [--times 3] [--width 1440] [--language id]
[--pictures DIR]`` starts the app anew each time on a layer that holds Kalimantan Tengah (by
default all of Indonesia), prepared before or now, clicks a province, a regency, a subdistrict
and a village on the map, filters by gap and downloads the subdistrict's GeoJSON; prints the
seconds of each step, from before the click until the frame with the new map is put on the
screen, and of a download until the file is there. ``--pictures`` keeps a picture of every step.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from bench.compare.own_app import FRAME
from bench.compare.pages import PLAIN, chromium
from bench.compare.server import running_app
from bench.compare.villages import LAYER
from geo.shapes.prepare import prepare_store

_STEPS = ("62", "62.05", "62.05.07", "62.05.07.2005")
_LIMIT_SECONDS, _PATIENCE, _BEAT = 1.0, 60.0, 0.02
_HEIGHT = 1000
# Milliseconds that a reader looks before the next click: the page around the map is there.
_LOOK = 2_500
# Notes when a finished map is on the screen: the page's own mark says that it was drawn.
LISTEN = """() => {
  const mark = performance.mark.bind(performance);
  window.shown = [];
  performance.mark = (name, ...more) => {
    if (name === "jangkau-painted") requestAnimationFrame(() => {
      const behind = new MessageChannel();
      behind.port1.onmessage = () =>
        window.shown.push((performance.timeOrigin + performance.now()) / 1000);
      behind.port2.postMessage(0);
    });
    return mark(name, ...more);
  };
}"""
# A point inside a place, in pixels of the map.
_POINT = """(_, code) => {
  for (const { shapes } of Jangkau.stageOf(map).canvas.spans) {
    const at = shapes.codes.indexOf(code);
    if (at < 0) continue;
    const place = Jangkau.toLatLng(shapes.pointX[at], shapes.pointY[at]);
    const { x, y } = map.latLngToContainerPoint(place);
    return [x, y];
  }
}"""


def walk(browser: Browser, address: str, width: int, pictures: Path | None) -> Iterator[float]:
    """Seconds of each step, of the filter and of the download."""
    size = {"width": width, "height": _HEIGHT}
    page = browser.new_context(viewport=size, accept_downloads=True).new_page()
    page.goto(address)
    body = page.frame_locator(FRAME).locator("body")
    body.locator("#map_div[data-drawn]").wait_for(timeout=_PATIENCE * 1000)
    body.evaluate(LISTEN)
    page.locator(FRAME).scroll_into_view_if_needed()
    for code in _STEPS:
        page.wait_for_timeout(_LOOK)
        _picture(page, pictures, f"before_{code}")
        box = page.locator(FRAME).bounding_box() or {"x": 0, "y": 0}
        point = body.evaluate(_POINT, code)
        if point is None:
            raise SystemExit(f"The layer has no place {code}: it must hold Kabupaten Barito Utara.")
        x, y = point
        before = time.time()
        page.mouse.click(box["x"] + x, box["y"] + y)
        yield _shown_after(body, before) - before
    page.wait_for_timeout(_LOOK)
    _picture(page, pictures, "village")
    yield change_filter(page, body)
    page.wait_for_timeout(_LOOK)
    _picture(page, pictures, "filtered")
    before = time.time()
    with page.expect_download() as file:
        page.get_by_role("button", name="GeoJSON").first.click()
    file.value.path()
    yield time.time() - before
    page.context.close()


def change_filter(page: Page, body: Locator) -> float:
    """Seconds until the map shows only villages of at least one person uncovered."""
    if not page.get_by_role("slider").first.is_visible():  # a narrow page folds it away
        page.get_by_test_id("stExpandSidebarButton").click()
        page.wait_for_timeout(_LOOK)
    page.get_by_role("slider").first.focus()
    before = time.time()
    page.keyboard.press("ArrowRight")
    return _shown_after(body, before) - before


def _shown_after(body: Locator, moment: float) -> float:
    """When the first map after a moment was on the screen, in seconds since 1970."""
    while time.time() < moment + _PATIENCE:
        times = [at for at in body.evaluate("() => window.shown") if at > moment]
        if times:
            return float(times[0])
        time.sleep(_BEAT)
    raise SystemExit("The map did not change.")


def _picture(page: Page, folder: Path | None, name: str) -> None:
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")


def main() -> None:
    """Walk several times and print; end with 1 where a step is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", type=Path, nargs="?", default=LAYER)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--language", default="id")
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    names = ("province", "regency", "subdistrict", "village", "filter", "GeoJSON")
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder, chromium(PLAIN) as browser:
        cache = given.cache or Path(folder)
        prepare_store(given.layer, cache)
        settings = {"JANGKAU_BOUNDARIES": str(given.layer), "JANGKAU_CACHE": str(cache)}
        for _ in range(given.times):
            with running_app(settings) as (address, _process):
                asked = f"{address}?lang={given.language}"
                steps = list(walk(browser, asked, given.width, given.pictures))
            longest = max(longest, *steps)
            told = zip(names, steps, strict=True)
            print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in told), flush=True)
    raise SystemExit(0 if longest < _LIMIT_SECONDS else 1)


if __name__ == "__main__":
    main()
