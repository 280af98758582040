"""Measure a zoom by the mouse's wheel, in a browser, from the wheel's step to the picture.

``python -m bench.zoom [--layer LAYER] [--steps 12]`` shows all villages of a layer, by default
those of the sample, and turns the wheel in and out. It prints, as median and worst of all, the
milliseconds until the picture before is seen scaled and until the final picture is painted; and in
how many frames the middle of the map was blank meanwhile.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page

from bench.compare.own_app import FRAME
from bench.compare.pages import PLAIN, chromium
from bench.compare.server import running_app
from geo.shapes.prepare import prepare_store

_PATIENCE = 60_000
# Milliseconds between two steps, as of who looks at the picture before going on.
_LOOK = 1_200
# Notes the wheel's step, the first frame in which the picture is moved, and each picture painted;
# and looks in each frame whether the middle of the map is painted.
_LISTEN = """() => {
  const holder = document.querySelector(".jangkau-canvas");
  const place = () => getComputedStyle(holder).transform;
  let began = 0, before = "", seen;
  window.steps = [];
  addEventListener("wheel", () => {
    began = performance.now();
    before = place();
    seen = { scaled: 0, final: 0, blank: 0 };
    window.steps.push(seen);
  }, { capture: true, passive: true });
  const mark = performance.mark.bind(performance);
  performance.mark = (name, ...more) => {
    if (name === "jangkau-painted" && seen) requestAnimationFrame(() => {
      seen.final = performance.now() - began;
    });
    return mark(name, ...more);
  };
  const look = () => {
    if (seen && !seen.scaled && place() !== before) seen.scaled = performance.now() - began;
    const canvas = holder.querySelector(".jangkau-fills"), { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(width >> 1, height >> 1, 1, 1);
    if (seen && !data[3]) seen.blank += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


def measure_zoom(page: Page, steps: int) -> list[dict[str, Any]]:
    """Milliseconds of each step of the wheel, in and out by turns."""
    body = page.frame_locator(FRAME).locator("body")
    body.evaluate(_LISTEN)
    box = page.locator(FRAME).bounding_box()
    if box is None:
        raise SystemExit("The map is not on the page.")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for step in range(steps):
        page.mouse.wheel(0, -100 if step % 4 < 2 else 100)
        page.wait_for_timeout(_LOOK)
    return list(body.evaluate("() => window.steps"))


def main() -> None:
    """Zoom and print; end with 1 where the map was blank in between."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layer", type=Path)
    parser.add_argument("--steps", type=int, default=12)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium(PLAIN) as browser:
        settings = {"JANGKAU_CACHE": folder}
        if given.layer:
            prepare_store(given.layer, Path(folder))
            settings["JANGKAU_BOUNDARIES"] = str(given.layer)
        with running_app(settings) as (address, _process):
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"{address}?villages=1")
            map_box = page.frame_locator(FRAME).locator("#map_div[data-drawn]")
            map_box.wait_for(timeout=_PATIENCE)
            page.wait_for_timeout(_LOOK)
            steps = measure_zoom(page, given.steps)
    for name in ("scaled", "final"):
        times = [step[name] for step in steps]
        print(f"{name}: median {median(times):.0f} ms, worst {max(times):.0f} ms")
    blank = sum(step["blank"] for step in steps)
    print(f"blank frames: {blank} in {len(steps)} steps")
    raise SystemExit(1 if blank else 0)


if __name__ == "__main__":
    main()
