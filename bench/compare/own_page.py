"""Our self-contained map page, built in a process of its own (see `bench.compare.build`)."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from base64 import b64decode
from dataclasses import asdict
from pathlib import Path

import geopandas as gpd
import pandas as pd

from bench.compare.build import Built, measure_building, run_builder
from bench.compare.decode import decode_shapes
from bench.compare.memory import peak_memory
from bench.compare.own_data import OwnData
from bench.compare.villages import ROOT
from geo.core.i18n import get_language
from geo.maps.folium_layer import area_bounds
from geo.maps.html_page import _shapes_inside, build_page
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import View, build_view

QUERY = Query(villages=True, circles=False)


def build_own(data: OwnData, out: Path, repeats: int) -> Built:
    """Build our page in a process of its own."""
    return run_builder("bench.compare.own_page", *_words(data), str(out), repeats=repeats)


def _words(data: OwnData) -> tuple[str, str, str]:
    return str(data.folder), str(data.size), str(data.cache)


def prepare(data: OwnData) -> tuple[float, int]:
    """Prepare the geometry in a process of its own: seconds, peak bytes of its largest process."""
    command = [sys.executable, "-m", "bench.compare.own_page", *_words(data)]
    done = subprocess.run(  # noqa: S603 - this file itself
        ["nice", *command, "-", "--started", str(time.time())],  # noqa: S607
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return float(seconds), int(peak)


def drawn_shapes(data: Dataset, view: View) -> gpd.GeoSeries:
    """The villages as the page holds them, by code."""
    files = _shapes_inside(data, view, area_bounds(data, view.place))["files"]
    decoded = [decode_shapes(b64decode(body)) for body in files.values()]
    villages = [shapes for level, shapes in decoded if level == "village"]
    shapes = gpd.GeoSeries(pd.concat(villages), crs=4326)
    return shapes[shapes.index.str.startswith(view.place)]


def main() -> None:
    """One set of villages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("cache", type=Path)
    parser.add_argument("out", type=Path, help="page to write; -: only prepare")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--started", type=float, default=time.time())
    given = parser.parse_args()
    data, language = OwnData(given.folder, given.size, given.cache).open(), get_language("en")
    if given.out == Path("-"):
        print(json.dumps([time.time() - given.started, _peak()]))
        return

    def build() -> str:
        return build_page(data, build_view(data, QUERY, level="village"), language)

    built = measure_building(build, given.out, started=given.started, repeats=given.repeats)
    shapes = drawn_shapes(data, build_view(data, QUERY, level="village"))
    shapes.to_frame("geometry").to_parquet(given.out.with_suffix(".parquet"))
    print(json.dumps(asdict(built)))


def _peak() -> int:
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return max(peak_memory(), workers)


if __name__ == "__main__":
    main()
