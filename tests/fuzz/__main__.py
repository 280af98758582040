"""``python -m tests.fuzz``: so many inputs over each reader, and what became of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

# The factories of test files import each other by their names alone.
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from .campaign import CRASHES, READERS, Summary, describe, keep, list_inputs, read_kept, run_inputs
from .targets import OTHERS

# Of the inputs over queries and settings: a link costs microseconds, a view of it milliseconds.
_SHARES = {"query": 0.89, "settings": 0.1, "view": 0.01}


def main() -> int:
    """Run what was asked for; 1 if anything failed."""
    asked = _parse()
    if asked.replay:
        summary = run_inputs(map(read_kept, asked.replay))
        _report("kept", summary)
        return int(bool(summary.failures))
    failed = False
    for reader in asked.reader or READERS:
        count = round(asked.queries * _SHARES[reader]) if reader in OTHERS else asked.inputs
        make = list_inputs(reader, asked.seed)
        numbers = range(asked.first, asked.first + count)
        summary = run_inputs(map(make, numbers))
        _report(reader, summary)
        keep(summary, asked.crashes)
        failed |= bool(summary.failures)
    return int(failed)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--reader", action="append", choices=READERS, help="all if left out")
    parser.add_argument("--inputs", type=int, default=20_000, help="over each reader of files")
    parser.add_argument(
        "--queries", type=int, default=1_000_000, help="over queries, settings and views together"
    )
    parser.add_argument("--seed", type=int, default=1, help="other inputs for another number")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--crashes", type=Path, default=CRASHES, help="where failures are kept")
    parser.add_argument("--replay", nargs="+", type=Path, help="read kept failures instead")
    return parser.parse_args()


def _report(reader: str, summary: Summary) -> None:
    total = summary.counts.total()
    counts = ", ".join(f"{count} {kind}" for kind, count in summary.counts.most_common())
    print(
        f"{reader}: {total} inputs in {summary.seconds:.0f} s "
        f"({total / summary.seconds:.0f} a second): {counts}; "
        f"{len(summary.sentences)} different sentences",
        flush=True,
    )
    for cause in summary.causes.values():
        print(
            f"  {cause.outcome.kind}, {cause.count} times: {describe(cause.outcome)}; "
            f"first at input {cause.number}, {len(cause.given.data)} bytes",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
