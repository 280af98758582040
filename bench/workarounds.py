"""Measure what each workaround of ``components/workarounds.py`` gains, switched on and off.

``python -m bench.workarounds [--changes 20] [--times 3] [--layer FILE]`` starts the app with all
workarounds and once without each of them, in turns, and changes a filter again and again: bytes on
the websocket and processor time of the server for one change, by a visitor without a browser; in a
browser the seconds until a changed map of 1,571 villages is on the screen; and over a connection
that stays open the time of the shortest answer there is.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import geopandas as gpd

from bench.compare.own_app import FRAME
from bench.compare.pages import PLAIN, chromium
from bench.compare.relay import relayed
from bench.compare.server import running_app
from bench.compare.villages import LAYER
from bench.visitor import Visitor
from bench.walk import LISTEN, change_filter
from geo.shapes.prepare import prepare_store

_WORKAROUNDS: Final = (
    *("widen_compression_window", "send_without_delay", "spare_collector", "let_map_paint"),
)
_ANSWERS: Final = 40
_PROVINCE: Final = "62"
_LOOK: Final = 1_500  # milliseconds between two changes in the browser


def change_without_browser(address: str, process: int, changes: int) -> tuple[float, float]:
    """Kilobytes on the websocket, and milliseconds of the server's processor, for one change."""
    with relayed(address) as wire:
        visitor = Visitor(wire.address)
        visitor.run()
        visitor.run("target=0.80")
        wire.bytes, before = 0, _processor_seconds(process)
        for number in range(changes):
            visitor.run(f"target=0.{81 + number % 15}")
        seconds = _processor_seconds(process) - before
        visitor.close()
    return wire.bytes / changes / 1000, seconds / changes * 1000


def _processor_seconds(process: int) -> float:
    """Processor time of a process so far, as Linux tells it."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def change_in_browser(address: str, changes: int) -> float:
    """Median milliseconds from a changed filter until the changed map is on the screen."""
    with chromium(PLAIN) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(f"{address}?villages=true")
        body = page.frame_locator(FRAME).locator("body")
        body.locator("#map_div[data-drawn]").wait_for(timeout=60_000)
        body.evaluate(LISTEN)
        seconds = []
        for _ in range(changes):
            page.wait_for_timeout(_LOOK)
            seconds.append(change_filter(page, body))
    return statistics.median(seconds) * 1000


def time_answer(address: str) -> float:
    """Median milliseconds of a short answer over a connection that stays open."""
    host, seconds = urlsplit(address), []
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    for _ in range(_ANSWERS):
        begun = time.perf_counter()
        connection.request("GET", "/_stcore/health")
        connection.getresponse().read()
        seconds.append(time.perf_counter() - begun)
    connection.close()
    return statistics.median(seconds) * 1000


def measure(address: str, process: int, changes: int) -> tuple[float, float, float, float]:
    """Kilobytes, and milliseconds of the processor, until the map is changed, and of an answer."""
    painted = change_in_browser(address, changes)
    return *change_without_browser(address, process, changes), painted, time_answer(address)


def main() -> None:
    """Measure in turns and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--layer", type=Path, default=LAYER)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        province = Path(folder) / "province.parquet"
        villages = gpd.read_parquet(given.layer)
        villages[villages["kode"].str.startswith(_PROVINCE)].to_parquet(province)
        prepare_store(province, Path(folder))
        settings = {"JANGKAU_BOUNDARIES": str(province), "JANGKAU_CACHE": folder}
        with ExitStack() as stack:
            apps = {
                without: stack.enter_context(
                    running_app(settings, streamlit=("bench.serve_without", without))
                )
                for without in ("none", *_WORKAROUNDS)
            }
            rounds = [
                {name: measure(*app, given.changes) for name, app in apps.items()}
                for _ in range(given.times)
            ]
    for name in apps:
        wire, processor, painted, answer = (
            statistics.median(each) for each in zip(*(r[name] for r in rounds), strict=True)
        )
        print(
            f"without {name}: {wire:.1f} kB and {processor:.0f} ms of the processor a change, "
            f"map on the screen after {painted:.0f} ms, a short answer after {answer:.1f} ms"
        )


if __name__ == "__main__":
    main()
