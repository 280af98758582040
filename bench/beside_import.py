"""Measure how much slower the others are while one visitor imports a large table.

``python -m bench.beside_import [--rows 500000] [--others 1] [--unknown]`` starts the app on the
sample, lets visitors change a filter again and again, first alone and then while another uploads
a CSV of so many workers, and prints the median and the largest seconds of a change. ``--unknown``
gives every worker a village of their own, which no list knows.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench.compare.server import running_app
from bench.import_records import draw_workers, write_csv
from bench.visitor import Visitor

_CHANGES_ALONE = 40
_PAUSE = 0.5


class _Walker(threading.Thread):
    """A visitor who changes a filter, waits, and changes it again."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.visitor = Visitor(address)
        self.visitor.run()
        self.seconds: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.seconds.append(self.visitor.run(f"gap_min={len(self.seconds) % 90}"))
            time.sleep(_PAUSE)


def _describe(seconds: list[float]) -> str:
    return (
        f"median {statistics.median(seconds):.2f} s, largest {max(seconds):.2f} s, "
        f"of {len(seconds)} changes"
    )


def measure(address: str, table: Path, others: int) -> None:
    """Print what the others wait for, alone and beside the import."""
    walkers = [_Walker(address) for _ in range(others)]
    for walker in walkers:
        walker.start()
    while any(len(walker.seconds) < _CHANGES_ALONE for walker in walkers):
        time.sleep(_PAUSE)
    alone = [len(walker.seconds) for walker in walkers]
    importer = Visitor(address, "data")
    importer.run()
    body = table.read_bytes()
    begin = time.perf_counter()
    importer.upload("Tabel", table.name, body)
    sent = time.perf_counter()
    importer.run()
    end = time.perf_counter()
    for walker in walkers:
        walker.over.set()
        walker.join()
    before = [s for walker, n in zip(walkers, alone, strict=True) for s in walker.seconds[:n]]
    beside = [s for walker, n in zip(walkers, alone, strict=True) for s in walker.seconds[n:-1]]
    print(
        f"import of {len(body) / 1e6:.0f} MB: sent in {sent - begin:.1f} s, page after it", end=" "
    )
    print(f"{end - sent:.1f} s, last heading {importer.texts[-1]!r}")
    print(f"alone:  {_describe(before)}")
    print(f"beside: {_describe(beside)}")
    print(f"ratio of medians {statistics.median(beside) / statistics.median(before):.2f}")


def main() -> None:
    """Write the table, start the app, measure."""
    parser = argparse.ArgumentParser(description="Measure others beside a large import.")
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--others", type=int, default=1)
    parser.add_argument("--unknown", action="store_true", help="no village is known")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "workers_2024-12.csv"
        workers = draw_workers(given.rows)
        if given.unknown:
            workers = workers.assign(DESA=[f"Tak Dikenal {at:x}" for at in range(len(workers))])
        write_csv(workers, table)
        with running_app({"JANGKAU_WORKSPACE": str(Path(folder) / "workspace")}) as (address, _):
            measure(address, table, given.others)


if __name__ == "__main__":
    main()
