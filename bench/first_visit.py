"""Measure a first visit beside a bare Streamlit page with one map of streamlit-folium.

``python -m bench.first_visit [--times 9]`` starts both apps on the villages of the sample, opens
each in turn in a fresh browser, and prints the seconds from the start of the navigation until
the final picture of the map: medians, and the median of the ratios of two visits in turn.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from bench.compare.own_app import FRAME
from bench.compare.pages import PLAIN, chromium
from bench.compare.screen import SIZE, filmed, wait_until_painted
from bench.compare.server import running_app
from bench.compare.villages import COLOURS, ROOT, draw_figures
from geo.boundaries.reading import read_boundaries
from geo.core.defaults import SAMPLE_BOUNDARIES

_LEAFLET: Final = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
_STATIC: Final = {"STREAMLIT_SERVER_ENABLE_STATIC_SERVING": "true"}


def write_bare_app(folder: Path) -> Path:
    """Write the bare page, its map's villages and Leaflet into a folder; return the page."""
    (folder / "static").mkdir(parents=True)
    for name in ("leaflet.js", "leaflet.css"):
        shutil.copy(_LEAFLET / name, folder / "static" / name)
    villages = read_boundaries(SAMPLE_BOUNDARIES).villages
    classes = draw_figures(villages["name"])["class"]
    coloured = villages[["geometry"]].assign(colour=[COLOURS[place] for place in classes])
    (folder / "villages.geojson").write_text(coloured.to_json(), encoding="utf-8")
    return shutil.copy(ROOT / "bench" / "bare_map.py", folder / "app.py")


def visit(address: str, mark: str) -> float:
    """Return the seconds of a visit in a fresh browser until the final picture of the map.

    Parameters
    ----------
    address : str
        Of the app.
    mark : str
        CSS selector of an element in the map's frame that is there once the map is.
    """
    with chromium(PLAIN) as browser:
        page: Page = browser.new_context(viewport=SIZE).new_page()  # type: ignore[arg-type]
        with filmed(page) as screen:
            begin = time.time()
            page.goto(address, wait_until="commit")
            page.frame_locator(FRAME).locator(mark).first.wait_for(timeout=60_000)
            wait_until_painted(screen)
            box = page.locator(FRAME).bounding_box()
            if box is None:
                raise RuntimeError(f"{address} shows no map")
            width, height = SIZE["width"], SIZE["height"]
            screen.box = (
                box["x"] / width,
                box["y"] / height,
                (box["x"] + box["width"]) / width,
                min(box["y"] + box["height"], height) / height,
            )
            return screen.settled() - begin


def main() -> None:
    """Visit both in turns and print."""
    parser = argparse.ArgumentParser(description="Measure a first visit beside a bare page.")
    parser.add_argument("--times", type=int, default=9)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare = write_bare_app(Path(folder) / "bare")
        workspace = {"JANGKAU_WORKSPACE": str(Path(folder) / "workspace")}
        with running_app(workspace) as (ours, _), running_app(_STATIC, bare) as (other, _):
            visits = []
            for turn in range(given.times + 1):
                pair = visit(ours, "#map_div[data-drawn]"), visit(other, "path.leaflet-interactive")
                if turn:  # the first of each opens the data
                    visits.append(pair)
                    print(f"ours {pair[0]:.2f} s, bare {pair[1]:.2f} s", flush=True)
    print(
        f"medians of {given.times}: ours {statistics.median(own for own, _ in visits):.2f} s, "
        f"bare {statistics.median(other for _, other in visits):.2f} s; "
        f"ratio {statistics.median(own / other for own, other in visits):.2f}"
    )


if __name__ == "__main__":
    main()
