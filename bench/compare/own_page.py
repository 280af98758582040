"""Our self-contained map page, built in a process of its own (see `bench.compare.build`)."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import geopandas as gpd

from bench.compare.build import Built, measure_building, run_builder
from bench.compare.own_data import OwnData
from geo.dataset import Dataset
from geo.draw import build_page
from geo.i18n import get_language
from geo.query import Query
from geo.view import build_view

QUERY = Query(villages=True, circles=False)


def build_own(data: OwnData, out: Path, repeats: int) -> Built:
    """Build our page in a process of its own."""
    return run_builder(
        "bench.compare.own_page", str(data.folder), str(data.size), str(out), repeats=repeats
    )


def drawn_shapes(data: Dataset) -> gpd.GeoSeries:
    """The villages as the page draws them, by code."""
    return data.drawn["village"]


def main() -> None:
    """One set of villages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--started", type=float, default=time.time())
    given = parser.parse_args()
    data, language = OwnData(given.folder, given.size).open(), get_language("en")

    def build() -> str:
        return build_page(data, build_view(data, QUERY, level="village"), language)

    built = measure_building(build, given.out, started=given.started, repeats=given.repeats)
    drawn_shapes(data).to_frame("geometry").to_parquet(given.out.with_suffix(".parquet"))
    print(json.dumps(asdict(built)))


if __name__ == "__main__":
    main()
