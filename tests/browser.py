"""A running app and a Chromium that reaches nothing outside this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, FrameLocator, Page, Route, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running_app(base_path: str = "", **settings: str) -> Iterator[str]:
    """The app in a process of its own; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.baseUrlPath", base_path]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}/{base_path}"
    try:
        _wait_until_up(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_up(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address.rstrip("/") + "/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start at {address}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that cannot reach outside hosts, and what it asked of them."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def map(self) -> FrameLocator:
        """The frame with the map."""
        return self.page.frame_locator(FRAME)

    def wait_for_places(self, count: int) -> None:
        """Until the map draws this many places."""
        self.map.locator(f'#map_div[data-drawn="{count}"]').wait_for(timeout=30_000)

    def click_place(self, name: str) -> None:
        """Click the polygon under a label (just above it, where its circle is)."""
        label = self.map.locator(".jangkau-label span", has_text=name).first
        box, before = label.bounding_box(), None
        while box != before:  # the map may still be fitting itself to its frame
            self.page.wait_for_timeout(250)
            box, before = label.bounding_box(), box
        assert box is not None
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] - 4)


def visit(browser: Browser, width: int = 1440, height: int = 1000) -> Visit:
    """A fresh visitor whose requests to other hosts are stopped and noted."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, accept_downloads=True
    )
    seen = Visit(context.new_page())

    def guard(route: Route) -> None:
        host = urlsplit(route.request.url).hostname
        if host in {"localhost", "127.0.0.1", None}:
            route.continue_()
        else:
            seen.outside.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    return seen
