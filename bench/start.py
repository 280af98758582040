"""Measure a warm start: from the command that starts the app until it has answered a search.

``python -m bench.start [LAYER] [--cache DIR] [--times 5]`` starts the app on a layer (by default
all of Indonesia), prepared before or now, and a Streamlit app of one line beside it; prints the
medians of seconds until each serves, of seconds until ours has answered, and of peak memory.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench.compare.memory import peak_memory
from bench.compare.server import running_app
from bench.compare.villages import LAYER, ROOT
from geo.shapes.prepare import prepare_store

_LIMIT_SECONDS, _LIMIT_BYTES = 3, 500_000_000
_SEARCH = "assets/places?q=hajak"


def start(app: Path, settings: dict[str, str], *asked: str) -> tuple[list[float], int]:
    """Seconds until it serves, then until each address is answered; and the peak memory then."""
    begun = time.monotonic()
    with running_app(settings, app) as (address, process):
        seconds = [time.monotonic() - begun]
        for path in asked:
            with urllib.request.urlopen(address + path) as answer:  # noqa: S310 -- our own app
                answer.read()
            seconds.append(time.monotonic() - begun)
        return seconds, peak_memory(process)


def _medians(runs: list[tuple[list[float], int]]) -> tuple[list[float], float]:
    seconds = [statistics.median(each) for each in zip(*(run[0] for run in runs), strict=True)]
    return seconds, statistics.median(run[1] for run in runs)


def _alternate(times: int, *starts: Callable[[], tuple[list[float], int]]) -> list:
    """Runs of each, one after another, so that a slow moment of the machine is nobody's own."""
    rounds = [[each() for each in starts] for _ in range(times)]
    return [_medians(list(runs)) for runs in zip(*rounds, strict=True)]


def main() -> None:
    """Measure and print; end with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", type=Path, nargs="?", default=LAYER)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = given.cache or Path(folder) / "cache"
        prepare_store(given.layer, cache)
        bare = Path(folder) / "app.py"
        bare.write_text("import streamlit as st\nst.write('')\n")
        settings = {"JANGKAU_BOUNDARIES": str(given.layer), "JANGKAU_CACHE": str(cache)}
        start(ROOT / "app.py", settings, _SEARCH)  # what is kept of this program
        (bare_seconds, bare_peak), ((up, answered), peak) = _alternate(
            given.times,
            lambda: start(bare, {}),
            lambda: start(ROOT / "app.py", settings, _SEARCH),
        )
    print(f"a bare Streamlit serves after {bare_seconds[0]:.1f} s, peak {bare_peak / 1e6:.0f} MB")
    print(
        f"the app serves after {up:.1f} s, has answered a search after {answered:.1f} s,", end=" "
    )
    print(f"peak {peak / 1e6:.0f} MB; medians of {given.times}")
    raise SystemExit(0 if answered < _LIMIT_SECONDS and peak < _LIMIT_BYTES else 1)


if __name__ == "__main__":
    main()
