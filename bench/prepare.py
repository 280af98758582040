"""Measure the preparation of a layer's shapes.

``python -m bench.prepare [LAYER] [--cache DIR]`` prepares a layer (by default all of
Indonesia) in a new folder and prints seconds, processor seconds, the peak memory of all
processes together, files and bytes by resolution, what was moved and the holes left.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import shapely

from bench.compare.villages import LAYER, ROOT
from geo.core.codes import PLACE_LEVELS
from geo.shapes.store import ShapeStore, open_store

_LIMIT_SECONDS, _LIMIT_BYTES = 300, 4_000_000_000
_BEAT = 0.2


def memory_of(root: int) -> int:
    """Resident bytes of a process and all that it started."""
    parents, sizes = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "status").read_text().splitlines()
            except OSError:
                continue
            fields = dict(line.split(":", 1) for line in status if ":" in line)
            parents[int(folder.name)] = int(fields["PPid"])
            sizes[int(folder.name)] = int(fields.get("VmRSS", "0 kB").split()[0]) * 1024
    tree = {root}
    while grown := {p for p, parent in parents.items() if parent in tree} - tree:
        tree |= grown
    return sum(sizes.get(process, 0) for process in tree)


def measure(layer: Path, cache: Path) -> bool:
    """Prepare and say what it took; whether that is within the limits."""
    command = [sys.executable, "-m", "geo", "prepare", "--boundaries", layer, "--cache", cache]
    begun, peak = time.monotonic(), 0
    process = subprocess.Popen(  # noqa: S603 -- our own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        peak = max(peak, memory_of(process.pid))
        time.sleep(_BEAT)
    seconds = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"prepared in {seconds:.0f} s, {used.ru_utime + used.ru_stime:.0f} processor seconds,")
    print(f"peak of all processes {peak / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}")
    return process.returncode == 0 and seconds < _LIMIT_SECONDS and peak < _LIMIT_BYTES


def describe(store: ShapeStore) -> None:
    """Files, bytes, what was moved, holes left."""
    for number in range(3):
        for level in PLACE_LEVELS:
            files = [f["name"] for f in store.files(level) if f["resolution"] == number]
            sizes = [store.sizes(number)[f"shapes/{name}"] for name in files]
            if sizes:
                total, largest = sum(sizes) / 1000, max(sizes) / 1000
                print(f"{level:12} r{number}: {len(sizes):4} files {total:8.0f} kB,", end=" ")
                print(f"largest {largest:.0f} kB")
    report = store.report
    moved = report["closed_km2"] + report["parted_km2"]
    print(f"{report['closed']} gaps closed ({report['closed_km2']:.1f} km²), overlaps of", end=" ")
    print(
        f"{report['parted_km2']:.1f} km²; moved {100 * moved / report['km2']:.4f} % in all;",
        end=" ",
    )
    print(f"{report['apart']} villages apart")
    for level in ("subdistrict", "regency", "province"):
        parts = shapely.get_parts(store.full(level).to_numpy())
        print(f"holes left in {level}: {shapely.get_num_interior_rings(parts).sum()}")


def main() -> None:
    """Measure and print; end with 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layer", type=Path, nargs="?", default=LAYER)
    parser.add_argument("--cache", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = asked.cache or Path(folder)
        within = measure(asked.layer, cache)
        describe(open_store(asked.layer, cache))
    raise SystemExit(0 if within else 1)


if __name__ == "__main__":
    main()
