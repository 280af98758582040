"""A running app and a Chromium that reaches nothing outside this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from frames import Line
from playwright.sync_api import (
    Browser,
    FrameLocator,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
# Milliseconds that the slowest machine may need for what comes. Only what never comes takes them.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)
# How many pixels of one of the map's canvases have a colour and an opacity (0 to 255).
_COUNT_PIXELS = """
(body, [name, ...wanted]) => {
  const canvas = body.querySelector(`canvas.jangkau-${name}`);
  if (!canvas || !canvas.width) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const near = wanted.every((value, k) => Math.abs(data[i + k] - value) <= 3);
    count += near ? 1 : 0;
  }
  return count;
}
"""
# Whether the map has come to rest: it shows the newest view, moves no more, waits for no file and
# has painted all that came.
_IS_STILL = """
() => {
  const stage = window.map && window.Jangkau?.stageOf(map), canvas = stage?.canvas;
  const wanted = canvas?.wanted;
  if (!wanted || wanted.view !== stage.view) return false;
  const moving = map._animatingZoom || map._panAnim?._inProgress || canvas.zooming;
  return !moving && !wanted.files.reading && !canvas.waiting && !canvas.late && !canvas.due;
}
"""
# The inner point of the first place whose name holds a text, in pixels of the map.
_FIND_PLACE = """
(box, text) => {
  for (const { shapes, from, to } of Jangkau.stageOf(map).canvas.spans) {
    const i = shapes.names.findIndex((name, at) => at >= from && at < to && name.includes(text));
    if (i < 0) continue;
    const place = Jangkau.toLatLng(shapes.pointX[i], shapes.pointY[i]);
    const { x, y } = map.latLngToContainerPoint(place);
    return [x, y];
  }
  return null;
}
"""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages share a process, and with it the scripts that are compiled already.
    "--renderer-process-limit=1",
    # Names of other hosts lead nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


@contextmanager
def running_app(
    base_path: str = "",
    *,
    command: Literal["streamlit", "serve"] = "streamlit",
    program: Sequence[str] = ("-m", "streamlit"),
    log: Path | None = None,
    **settings: str,
) -> Iterator[str]:
    """The app in a process of its own; gives its address.

    It is started by either command; a program can stand for Streamlit's own. What it writes goes
    to the log, if one is given.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = {
        "streamlit": [*program, "run", "app.py", "--server.port", str(port)],
        "serve": ["-m", "geo", "serve", "--port", str(port)],
    }
    options = {"STREAMLIT_SERVER_HEADLESS": "true", "STREAMLIT_SERVER_BASE_URL_PATH": base_path}
    with (log or Path(os.devnull)).open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *start[command]],
            cwd=ROOT,
            env=os.environ | options | settings,
            stdout=written,
            stderr=written,
        )
    address = f"http://localhost:{port}/{base_path}"
    try:
        _wait_until_up(address)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


@dataclass(frozen=True)
class SavingApp:
    """An app that saves, and the folder that it saves in."""

    address: str
    workspace: Path


def _wait_until_up(address: str) -> None:
    for _ in range(PATIENCE // 100):
        try:
            with urllib.request.urlopen(address.rstrip("/") + "/_stcore/health", timeout=60):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start at {address}")


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_FLAGS, *flags])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that cannot reach outside hosts, and what it asked of them."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def close(self) -> None:
        """Leave the app."""
        self.page.close()

    @property
    def map(self) -> FrameLocator:
        """The frame with the map."""
        return self.page.frame_locator(FRAME)

    def wait_for_places(self, count: int) -> None:
        """Until the map draws this many places."""
        self.map.locator(f'#map_div[data-drawn="{count}"]').wait_for()
        self.wait_for_still_map()

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Until a condition holds that `expect` has no word for."""
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end:
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"still not true: {what}")

    def wait_until_fitting(self, part: Locator) -> None:
        """Until a part of the page has nothing to scroll sideways to."""
        self.wait_until(
            lambda: bool(part.evaluate("e => e.scrollWidth <= e.clientWidth")),
            f"{part} fits its width",
        )

    def wait_for_still_map(self) -> None:
        """Until the map moves no more, waits for no file and has painted all."""
        body = self.map.locator("body")
        self.wait_until(lambda: bool(body.evaluate(_IS_STILL)), "the map is still")

    def wait_for_script(self) -> None:
        """Until the app's script has run to its end."""
        self.page.locator('[data-test-script-state="notRunning"]').wait_for()

    def wait_for_quiet(self, line: Line) -> None:
        """Until nothing has come over the page's websocket for half a second."""
        counts: list[int] = []

        def is_quiet() -> bool:
            counts.append(len(line.messages))
            return len(counts) > 10 and len(set(counts[-11:])) == 1

        self.wait_until(is_quiet, "nothing comes over the websocket")

    def upload(self, place: Literal["import", "eligible", "boundary"], *files: Path) -> None:
        """Give files to a place of the data page that takes them."""
        key = {"import": "import_file", "eligible": "eligible_file", "boundary": "boundary_files"}
        self.page.locator(f'.st-key-{key[place]} input[type="file"]').set_input_files(list(files))

    def zoom(self, way: Literal["in", "out"]) -> None:
        """Click a zoom button; the map is still again afterwards."""
        container = self.map.locator("#map_div")
        before = container.evaluate("() => map.getZoom()")
        self.map.locator(f".leaflet-control-zoom-{way}").click()
        self.wait_until(
            lambda: container.evaluate("() => map.getZoom()") != before, f"the map is zoomed {way}"
        )
        self.wait_for_still_map()

    def count_pixels(self, canvas: str, colour: str, opacity: int = 255) -> int:
        """Pixels of a colour on a canvas of the map: ``fills``, ``lines`` or ``pointed``."""
        red, green, blue = bytes.fromhex(colour.removeprefix("#"))
        body = (self.map if self.page.url.startswith("http") else self.page).locator("body")
        return int(body.evaluate(_COUNT_PIXELS, [canvas, red, green, blue, opacity]))

    def wait_for_pixels(self, canvas: str, colour: str, opacity: int = 255, most: int = 0) -> None:
        """Until a canvas has no more than so many pixels of a colour."""
        self.wait_until(
            lambda: self.count_pixels(canvas, colour, opacity) <= most,
            f"{canvas} has no more than {most} pixels of {colour}",
        )

    def point_at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a position is on the page, in pixels."""
        script = "(box, at) => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }"
        container = self.map.locator("#map_div")
        x, y = container.evaluate(script, [latitude, longitude])
        box = container.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def click_place(self, name: str) -> None:
        """Click a place that is called so."""
        self.page.mouse.click(*self.find_place(name))

    def hover_place(self, name: str) -> None:
        """Point at a place that is called so."""
        self.page.mouse.move(*self.find_place(name))

    def find_place(self, name: str) -> tuple[float, float]:
        """Where the inner point of a place is on the page, in pixels."""
        self.wait_for_still_map()
        container, before = self.map.locator("#map_div"), None
        place = container.evaluate(_FIND_PLACE, name)
        while place != before:  # the page around the map may still be laid out
            self.page.wait_for_timeout(100)
            place, before = container.evaluate(_FIND_PLACE, name), place
        box = container.bounding_box()
        assert box is not None and place is not None
        return box["x"] + place[0], box["y"] + place[1]


def visit(browser: Browser, width: int = 1440, height: int = 1000) -> Visit:
    """A new page, which shares what the browser keeps of files; requests to others are noted."""
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    context.set_default_timeout(PATIENCE)
    seen = Visit(context.new_page())
    seen.page.set_viewport_size({"width": width, "height": height})

    def note(request: Request) -> None:
        if urlsplit(request.url).hostname not in {"localhost", "127.0.0.1", None}:
            seen.outside.append(request.url)

    def forget_refused(request: Request) -> None:
        # What the page's own policy refuses is announced, and never asked for.
        if "csp" in (request.failure or "").lower() and request.url in seen.outside:
            seen.outside.remove(request.url)

    seen.page.on("request", note)
    seen.page.on("requestfailed", forget_refused)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    return seen
