"""Our app as it runs: a fresh visit, a filter change, a zoom step, and what goes over the wire."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Response, WebSocket

from bench.compare.memory import peak_memory
from bench.compare.own_data import OwnData
from bench.compare.pages import PLAIN, chromium, time_until_settled, time_zooming
from bench.compare.relay import relayed
from bench.compare.screen import (
    SIZE,
    NotPainted,
    Screen,
    filmed,
    renderer_memory,
    wait_until_painted,
)
from bench.compare.server import running_app

FRAME = 'iframe[title="streamlit_folium.st_folium"]'
_ASKED = "villages=1&circles=0&measure=gap_to_target&lang=en"
_TARGET = "Target coverage (%)"
_OTHER_TARGET = "60"
_MAP = b"Jangkau.layer("


@dataclass(frozen=True)
class Visited:
    """What a visit to the app took.

    Attributes
    ----------
    painted : float
        Seconds from the start of the navigation to the final picture of the map; the data
        are in the server's memory.
    recoloured : float
        Seconds from entering a new target to the final picture of the map.
    zoomed : float
        Seconds from one step of the wheel to the final picture.
    first_bytes, bytes : int
        Bytes over the websocket, both ways, on the wire, of the first view and of the filter
        change.
    map_bytes : int
        Bytes of the map's message of the filter change, before compression.
    shape_bytes, shape_requests : int
        Shapes fetched over HTTP in the whole visit, as sent.
    requests : int
        HTTP requests that the filter change made.
    memory, server_memory : int
        Peak resident bytes of the renderer and of the server.
    """

    painted: float
    recoloured: float
    zoomed: float
    first_bytes: int
    bytes: int
    map_bytes: int
    shape_bytes: int
    shape_requests: int
    requests: int
    memory: int
    server_memory: int


@dataclass
class Wire:
    """Counts what a page sends and gets."""

    map_bytes: int = 0
    requests: int = 0
    shape_bytes: int = 0
    shape_requests: int = 0
    _bodies: list[Response] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Count from now on."""
        page.on("websocket", self._listen)
        page.on("response", self._take)

    def _listen(self, line: WebSocket) -> None:
        line.on("framereceived", self._weigh)

    def _weigh(self, payload: bytes | str) -> None:
        body = payload if isinstance(payload, bytes) else payload.encode()
        self.map_bytes += len(body) if _MAP in body else 0

    def _take(self, response: Response) -> None:
        self.requests += 1
        if "/assets/shapes/" in response.url:
            self._bodies.append(response)

    def weigh_shapes(self) -> None:
        """Add up the shapes' bytes; the page must still be open."""
        self.shape_requests = len(self._bodies)
        sizes = (body.request.sizes()["responseBodySize"] for body in self._bodies)
        self.shape_bytes = sum(size for size in sizes if size > 0)


def visit_app(data: OwnData, repeats: int) -> list[Visited]:
    """Open the app once so that it has the data, then measure fresh visits."""
    with running_app(data.settings()) as (address, server), chromium(PLAIN) as browser:
        _weigh(browser, address, data.size)
        weights = _weigh(browser, address, data.size)
        return [_visit(browser, address, data.size, server, weights) for _ in range(repeats)]


def _weigh(browser: Browser, address: str, size: int) -> tuple[int, int]:
    """Bytes on the wire of a first view and of a filter change, in a visit that is not timed."""
    page = browser.new_context(viewport=SIZE).new_page()  # type: ignore[arg-type]
    with relayed(address) as wire:
        page.goto(f"{wire.address}?{_ASKED}", wait_until="commit")
        _wait_for_map(page, size)
        _wait_for_run(page)
        first = wire.bytes
        _type_target(page)
        _enter(page)
        page.get_by_text(f"below target {_OTHER_TARGET}").first.wait_for(timeout=60_000)
        _wait_for_run(page)
        changed = wire.bytes - first
        page.context.close()
    return first, changed


def _wait_for_run(page: Page) -> None:
    """Until the app's script has run to its end, and what it sent is there."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(1_000)


def _visit(
    browser: Browser, address: str, size: int, server: int, weights: tuple[int, int]
) -> Visited:
    page = browser.new_context(viewport=SIZE).new_page()  # type: ignore[arg-type]
    wire = Wire()
    wire.watch(page)
    with filmed(page) as screen:
        begin = time.time()
        page.goto(f"{address}?{_ASKED}", wait_until="commit")
        _wait_for_map(page, size)
        wait_until_painted(screen)
        screen.box = _box(page)
        painted = screen.settled() - begin
        mapped, asked = wire.map_bytes, wire.requests
        _type_target(page)
        recoloured = time_until_settled(screen, lambda: _enter(page))
        requests = wire.requests - asked
        drawn = wire.map_bytes - mapped
        zoomed = _zoom(screen)
    wire.weigh_shapes()
    memory = renderer_memory(page)
    page.context.close()
    return Visited(
        painted=painted,
        recoloured=recoloured,
        zoomed=zoomed,
        first_bytes=weights[0],
        bytes=weights[1],
        map_bytes=drawn,
        shape_bytes=wire.shape_bytes,
        shape_requests=wire.shape_requests,
        requests=requests,
        memory=memory,
        server_memory=peak_memory(server),
    )


def _wait_for_map(page: Page, size: int) -> None:
    """Until the map says that it has drawn; a set may hold villages without a polygon."""
    drawn = page.frame_locator(FRAME).locator("#map_div[data-drawn]")
    drawn.wait_for(timeout=600_000)
    count = int(drawn.get_attribute("data-drawn") or 0)
    if count < size * 0.99:
        raise RuntimeError(f"the map drew {count} of {size} villages")


def _box(page: Page) -> tuple[float, float, float, float]:
    """Where the map is on the screen, in fractions."""
    found = page.locator(FRAME).bounding_box()
    if found is None:
        raise NotPainted("there is no map on the page")
    width, height = SIZE["width"], SIZE["height"]
    right, bottom = found["x"] + found["width"], min(found["y"] + found["height"], height)
    return (found["x"] / width, found["y"] / height, right / width, bottom / height)


def _type_target(page: Page) -> None:
    """Type another target, which the app knows nothing of until it is entered."""
    page.get_by_label(_TARGET).fill(_OTHER_TARGET)
    page.wait_for_timeout(500)


def _enter(page: Page) -> None:
    """Enter what is typed, without looking for the field again, which the page would wait for."""
    page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")  # a blinking caret is a new frame for ever


def _zoom(screen: Screen) -> float:
    left, top, right, bottom = screen.box
    x, y = (left + right) / 2 * SIZE["width"], (top + bottom) / 2 * SIZE["height"]
    return time_zooming(screen, x, y)
