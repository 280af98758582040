"""Build a peer's page in a process of its own: seconds, peak memory, bytes."""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from statistics import median

import geopandas as gpd

from bench.compare.memory import peak_memory
from bench.compare.villages import ROOT

PEERS = {
    "gdf.explore": "explore",
    "folium.Choropleth": "choropleth",
    "pydeck": "deck",
    "lonboard": "lonboard_page",
}


@dataclass(frozen=True)
class Built:
    """What building a page took.

    Attributes
    ----------
    cold : float
        Seconds from the start of the process until the page is written.
    warm : float
        Median seconds of building again with the data in memory.
    peak : int
        Peak resident bytes of the process.
    size, zipped : int
        Bytes of the page, and of the page as gzip sends it.
    """

    cold: float
    warm: float
    peak: int
    size: int
    zipped: int


def build_peer(peer: str, layer: Path, out: Path, repeats: int) -> Built:
    """Build a page in a process of its own (see `measure_building`).

    Raises
    ------
    subprocess.CalledProcessError
        If the peer fails.
    """
    return run_builder("bench.compare.build", peer, str(layer), str(out), repeats=repeats)


def run_builder(module: str, *words: str, repeats: int) -> Built:
    """Run a module that prints a `Built` as JSON on its last line."""
    command = [sys.executable, "-m", module, *words, "--repeats", str(repeats)]
    command += ["--started", str(time.time())]
    done = subprocess.run(  # noqa: S603 - a module of this repository
        ["nice", *command],  # noqa: S607
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Built(**json.loads(done.stdout.splitlines()[-1]))


def measure_building(build: Callable[[], str], out: Path, *, started: float, repeats: int) -> Built:
    """Build, write, then build again ``repeats`` times.

    Parameters
    ----------
    build : callable
        Gives the page; the data it needs is in memory.
    out : pathlib.Path
        File to write.
    started : float
        When the process was started, in seconds since 1970.
    repeats : int
        How many warm times to take the median of; 0 takes the first.
    """
    begin = time.perf_counter()
    page = build().encode()
    took = time.perf_counter() - begin
    out.write_bytes(page)
    cold = time.time() - started
    again = []
    for _ in range(repeats):
        begin = time.perf_counter()
        build()
        again.append(time.perf_counter() - begin)
    peak = peak_memory()
    zipped = len(gzip.compress(page, 6))
    return Built(cold, median(again or [took]), peak, len(page), zipped)


def main() -> None:
    """One peer, one layer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("layer", type=Path, help="GeoParquet of `with_figures`")
    parser.add_argument("out", type=Path)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--started", type=float, default=time.time())
    given = parser.parse_args()
    peer = import_module(f"bench.compare.peers.{PEERS[given.peer]}")
    frame = gpd.read_parquet(given.layer)
    built = measure_building(
        lambda: peer.build_page(frame), given.out, started=given.started, repeats=given.repeats
    )
    print(json.dumps(asdict(built)))


if __name__ == "__main__":
    main()
