"""Take the README's picture: the app on the embedded sample, in Chromium.

Run as ``make screenshots``.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from browser import chromium, running_app, visit  # noqa: E402 - found by the line above


def main() -> None:
    """Write ``docs/jangkau.png``."""
    with running_app() as address, chromium() as browser:
        guest = visit(browser, 1440, 1010)
        guest.page.goto(f"{address}?villages=1&selected=62.05.07.2005&circles=0")
        guest.wait_for_places(103)
        guest.page.wait_for_timeout(1500)
        guest.page.screenshot(path=ROOT / "docs" / "jangkau.png")


if __name__ == "__main__":
    main()
