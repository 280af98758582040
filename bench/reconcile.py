"""Measure the matching of two lists of people: precision, recall, seconds and peak memory.

``python -m bench.reconcile [--scale X]`` writes 200,000 candidates and 50,000 enrolled people (see
`bench.people_pairs`) into a temporary folder, reads and matches them in a process of its own, and
compares the result with the truth.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from bench.people_pairs import draw_lists

_LIMITS = {"precision": 0.999, "recall": 0.98, "seconds": 30, "bytes": 2_000_000_000}


def measure(folder: Path) -> dict[str, float]:
    """Match the two files of a folder, and compare with its truth."""
    from geo.gazetteer.places import read_place_names
    from geo.measures.dataset import build_gazetteer
    from geo.reconcile.match import match_people
    from geo.reconcile.people import read_people

    names = read_place_names()
    gazetteer = build_gazetteer(names[names.index.str.startswith("62.05") | (names.index == "62")])
    begun, processor = time.monotonic(), time.process_time()
    candidates = read_people(folder / "candidates.csv", gazetteer)
    enrolled = read_people(folder / "enrolled.csv", gazetteer)
    read = time.monotonic() - begun
    found = match_people(candidates.table, enrolled.table)
    seconds = time.monotonic() - begun
    truth = np.load(folder / "truth.npy")[candidates.table["row"].to_numpy() - 2]
    # Rows of the file are counted from 1, with the header.
    partner = np.where(
        found["partner"] >= 0, enrolled.table["row"].to_numpy()[found["partner"]] - 2, -1
    )
    covered = (found["outcome"] == "covered").to_numpy()
    right = covered & (partner == truth)
    return {
        "candidates": len(found),
        "enrolled": len(enrolled.table),
        "truly_enrolled": int((truth >= 0).sum()),
        "covered": int(covered.sum()),
        "wrong": int((covered & ~right).sum()),
        "check": int((found["outcome"] == "check").sum()),
        "check_of_enrolled": int(((found["outcome"] == "check") & (truth >= 0)).sum()),
        "precision": float(right.sum() / max(covered.sum(), 1)),
        "recall": float(right.sum() / max((truth >= 0).sum(), 1)),
        "seconds_reading": round(read, 1),
        "seconds": round(seconds, 1),
        "seconds_of_processor": round(time.process_time() - processor, 1),
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        **{f"by_{how}": int(n) for how, n in found.loc[covered, "how"].value_counts().items()},
    }


def main() -> None:
    """Write the lists, measure apart, print; end with 1 if a limit is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.folder:
        print(json.dumps(measure(asked.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lists = draw_lists(_villages(), seed=asked.seed, scale=asked.scale)
        lists.candidates.to_csv(folder / "candidates.csv", index=False)
        lists.enrolled.to_csv(folder / "enrolled.csv", index=False)
        np.save(folder / "truth.npy", lists.truth)
        command = [sys.executable, "-m", "bench.reconcile", "--folder", name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found = json.loads(done.stdout)
    for name, value in found.items():
        print(f"{name:20} {value:,.5g}" if isinstance(value, float) else f"{name:20} {value:,}")
    missed = [n for n in ("precision", "recall") if found[n] < _LIMITS[n]]
    missed += [n for n in ("seconds", "bytes") if found[n] > _LIMITS[n]]
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


def _villages() -> pd.DataFrame:
    from geo.gazetteer.places import read_region_names, read_village_names

    names = read_village_names()
    here = names[names.index.str.startswith("62.05.")]
    above = here.index.str[:8].map(read_region_names())
    return pd.DataFrame({"name": here.to_numpy(), "subdistrict": above})


if __name__ == "__main__":
    main()
