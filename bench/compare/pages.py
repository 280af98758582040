"""A page in Chromium: seconds to painted polygons, to new colours, and to a zoom step."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from bench.compare.screen import (
    SIZE,
    NotPainted,
    Screen,
    filmed,
    renderer_memory,
    wait_until_painted,
)
from bench.compare.scripts import ScriptServer

_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--js-flags=--max-old-space-size=8192",
)
# WebGL without a graphics card, for deck.gl; the Leaflet pages are drawn without it.
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
PLAIN = ("--disable-gpu",)
# Other classes for every polygon of the page's Leaflet maps: what a hand-made page would do.
_RESTYLE = """() => {
  const fills = ["#8C2D04", "#D94801", "#FD8D3C", "#FDBE85", "#FEEDDE"];
  for (const layer of Object.values(window).filter((it) => it instanceof L.GeoJSON)) {
    layer.eachLayer((path) => {
      const at = fills.indexOf((path.options.fillColor || "").toUpperCase());
      path.setStyle({fillColor: fills[(at + 2) % fills.length]});
    });
  }
}"""


@dataclass(frozen=True)
class Shown:
    """What showing a page took.

    Attributes
    ----------
    painted : float
        Seconds from the start of the navigation to the final picture.
    restyled : float or None
        Seconds to new colours by ``setStyle`` in the page; None where there is no such thing.
    zoomed : float
        Seconds from one step of the wheel to the final picture.
    memory : int
        Peak resident bytes of the renderer.
    requests, fetched : int
        Requests beside the page, and their bytes.
    """

    painted: float
    restyled: float | None
    zoomed: float
    memory: int
    requests: int
    fetched: int


@contextmanager
def chromium(flags: tuple[str, ...]) -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright.

    Raises
    ------
    RuntimeError
        If it is not installed.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("no Chromium on the PATH (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_FLAGS, *flags])
        yield browser
        browser.close()


def show_page(
    path: Path, modules: Path, *, webgl: bool = False, restyle: bool = False, picture: Path | None
) -> Shown:
    """Show a file in a fresh browser.

    Raises
    ------
    NotPainted
        If no polygons come on the screen.
    """
    with chromium(WEBGL if webgl else PLAIN) as browser:
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        served = ScriptServer(modules)
        served.watch(page.context)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        try:
            with filmed(page) as screen:
                begin = time.time()
                page.goto(path.as_uri(), wait_until="commit", timeout=600_000)
                wait_until_painted(screen)
                painted = screen.settled() - begin
                if picture:
                    screen.save(picture)
                restyled = time_restyling(screen) if restyle else None
                zoomed = time_zooming(screen)
        except (NotPainted, Error) as error:
            said = "; ".join([str(error).splitlines()[0], *errors[:2]])
            raise NotPainted(said[:300]) from error
        memory = renderer_memory(page)
        return Shown(painted, restyled, zoomed, memory, served.requests, served.size)


def time_restyling(screen: Screen) -> float:
    """Seconds to the final picture of other colours."""
    return time_until_settled(screen, lambda: screen.page.evaluate(_RESTYLE))


def time_zooming(screen: Screen, x: float = SIZE["width"] / 2, y: float = 500) -> float:
    """Seconds from one step of the wheel at a point to the final picture."""
    screen.page.mouse.move(x, y)
    screen.wait()
    return time_until_settled(screen, lambda: screen.page.mouse.wheel(0, -120))


def time_until_settled(screen: Screen, act: Callable[[], object]) -> float:
    """Seconds from an action to the final picture.

    Raises
    ------
    NotPainted
        If nothing changes on the screen.
    """
    screen.clear()
    begin = time.time()
    act()
    screen.wait()
    settled = screen.settled()
    if settled < begin:
        raise NotPainted("nothing changed on the screen")
    return settled - begin
