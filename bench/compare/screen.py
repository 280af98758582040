"""What is on the screen, and since when: every frame that Chromium shows, with its time."""

from __future__ import annotations

import base64
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import CDPSession, Error, Page

from bench.compare.memory import peak_memory
from bench.compare.villages import COLOURS

Box = tuple[float, float, float, float]
Pixels = npt.NDArray[np.int16]

SIZE = {"width": 1440, "height": 1000}
QUIET = 1.0  # seconds without a new frame
PATIENCE = 300.0
# Oranges of ColorBrewer, which folium.Choropleth is limited to, beside ours.
_FILLS = (*COLOURS, "#feedde", "#fdbe85", "#fd8d3c", "#e6550d", "#a63603")
_NEAR, _SAME = 24, 30  # of 255, by channel
_MOVED = 0.005  # share of pixels that may still differ in a frame called the final picture
_LEAST_PAINTED = 0.01
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class NotPainted(Exception):
    """A page whose polygons never came on the screen."""


@dataclass
class Screen:
    """The frames of a page since the last `clear`.

    Attributes
    ----------
    page : Page
        The page.
    box : tuple of float or None
        Part of the page that is looked at, as fractions ``(left, top, right, bottom)``.
    """

    page: Page
    box: Box = (0, 0, 1, 1)
    _frames: list[tuple[float, bytes]] = field(default_factory=list)

    def clear(self) -> None:
        """Forget the frames so far."""
        self._frames.clear()

    def take(self, session: CDPSession, event: dict[str, object]) -> None:
        """Keep a frame and ask for the next."""
        shown: dict[str, float] = event["metadata"]  # type: ignore[assignment]
        self._frames.append((shown["timestamp"], base64.b64decode(str(event["data"]))))
        with suppress(Error):  # the page may be closing
            session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    def wait(self, ready: Callable[[], bool] = lambda: True) -> None:
        """Until the page's main thread is free, everything is painted and nothing moves.

        Raises
        ------
        NotPainted
            If that takes longer than `PATIENCE`.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            before = len(self._frames)
            self.page.evaluate(_TWO_FRAMES)
            self.page.wait_for_timeout(QUIET * 1000)
            if ready() and len(self._frames) == before:
                self.page.screenshot(timeout=PATIENCE * 1000)  # waits for what is still rastered
                self.page.wait_for_timeout(300)
                return
        raise NotPainted(
            f"not painted and still after {PATIENCE:.0f} s; {self.painted_share():.1%} of the "
            "picture is in a class colour"
        )

    def settled(self) -> float:
        """When the final picture was there, in seconds since 1970; 0 if nothing was shown."""
        if not self._frames:
            return 0.0
        final = self._pixels(self._frames[-1][1])
        since = self._frames[-1][0]
        for when, frame in reversed(self._frames):
            if _differ(self._pixels(frame), final) > _MOVED:
                break
            since = when
        return since

    def painted_share(self) -> float:
        """Share of the last frame that is in a class colour."""
        if not self._frames:
            return 0.0
        pixels = self._pixels(self._frames[-1][1])
        hits = np.zeros(pixels.shape[:2], dtype=bool)
        for fill in _FILLS:
            colour = np.array([int(fill[i : i + 2], 16) for i in (1, 3, 5)], dtype="int16")
            hits |= (np.abs(pixels - colour) <= _NEAR).all(axis=2)
        return float(hits.mean())

    def save(self, path: Path) -> None:
        """The last frame as a picture, to be looked at."""
        path.write_bytes(self._frames[-1][1])

    def _pixels(self, frame: bytes) -> Pixels:
        picture = np.asarray(Image.open(io.BytesIO(frame)).convert("RGB"), dtype="int16")
        height, width = picture.shape[:2]
        left, top, right, bottom = self.box
        return picture[
            int(top * height) : int(bottom * height), int(left * width) : int(right * width)
        ]


def _differ(pixels: Pixels, others: Pixels) -> float:
    if pixels.shape != others.shape:
        return 1.0
    return float((np.abs(pixels - others) > _SAME).any(axis=2).mean())


@contextmanager
def filmed(page: Page) -> Iterator[Screen]:
    """Film a page for the length of a block."""
    session = page.context.new_cdp_session(page)
    screen = Screen(page)
    session.on("Page.screencastFrame", lambda event: screen.take(session, event))
    options = {"format": "jpeg", "quality": 70, "maxWidth": 720, "maxHeight": 500}
    session.send("Page.startScreencast", options)
    yield screen
    session.send("Page.stopScreencast")


def wait_until_painted(screen: Screen) -> None:
    """Until polygons are on the screen, and nothing moves any more.

    Raises
    ------
    NotPainted
        If under 1 % of the picture is in a class colour after `PATIENCE`.
    """
    screen.wait(lambda: screen.painted_share() >= _LEAST_PAINTED)


def renderer_memory(page: Page) -> int:
    """Peak resident bytes of the largest renderer of the page's browser."""
    browser = page.context.browser
    if browser is None:
        raise NotPainted("the browser is gone")
    session = browser.new_browser_cdp_session()
    listed = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max(peak_memory(process["id"]) for process in listed if process["type"] == "renderer")
