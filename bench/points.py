"""Measure the join of points to villages: seconds, and how peak memory grows with their number.

``python -m bench.points [--rows N]`` draws N points in and around the sample's villages, joins them
in a process of its own (`geo.boundaries.points.locate_points`), and prints what that took, beside
the memory that the points themselves take.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

_SEED = 20250301
_KILOBYTE = 1_024


def draw_points(rows: int, bounds: tuple[float, float, float, float]) -> tuple[pd.Series, ...]:
    """Longitudes and latitudes in degrees; one in twenty lies a little outside the bounds."""
    rng = np.random.default_rng(_SEED)
    west, south, east, north = bounds
    wide, high = (east - west) * 0.025, (north - south) * 0.025
    x = rng.uniform(west - wide, east + wide, rows)
    y = rng.uniform(south - high, north + high, rows)
    return pd.Series(x), pd.Series(y)


def measure(rows: int) -> dict[str, float]:
    """Join the points of this process, and say what that took."""
    from geo.boundaries.points import locate_points
    from geo.boundaries.reading import read_boundaries
    from geo.core.defaults import SAMPLE_BOUNDARIES

    villages = read_boundaries(SAMPLE_BOUNDARIES).villages.geometry
    x, y = draw_points(rows, tuple(villages.total_bounds))
    # The same pieces once before, so that what libraries load does not count.
    locate_points(x.head(1_000), y.head(1_000), villages)
    before = _peak()
    begun = time.monotonic()
    located = locate_points(x, y, villages)
    return {
        "points": rows,
        "villages": len(villages),
        "located": int((located.code != "").sum()),
        "nearest": int((located.distance > 0).sum()),
        "seconds": round(time.monotonic() - begun, 1),
        "megabytes_before": before,
        "megabytes_added": round(_peak() - before),
        "megabytes_result": round(
            (located.code.memory_usage(deep=True) + located.distance.memory_usage()) / 1e6
        ),
    }


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE / 1e6)


def main() -> None:
    """Measure in a process of its own, once for each number of points."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one)))
        return
    for rows in given.rows:
        words = [sys.executable, "-m", "bench.points", "--one", str(rows)]
        done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - this file itself
        print(done.stdout.strip())


if __name__ == "__main__":
    main()
