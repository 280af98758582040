"""Measure what many visitors at once wait for.

``python -m bench.load [--users 50] [--every 10] [--minutes 10] [--workers N]`` starts the app on
the sample and lets visitors without a browser change the place and the filters, each at moments
of its own, by Streamlit's messages over the websocket. A change is measured from the message to
the end of the run; as a browser would, the visitor then fetches the figures and the table that
the run offered. Printed are the seconds of a change (median, 95th and 99th percentile), errors,
processor seconds of the server for one run, and the server's memory over time.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil

from bench.compare.server import running_app
from bench.visitor import Visitor

_SUBDISTRICTS: Final = [f"6205{n:02d}" for n in range(1, 10)]
_PERIODS: Final = ["2023-10", "2024-04", "2024-10"]
_FIRST_RUNS: Final = 10  # before anything is measured, so that code and caches are warm
_MEGABYTE: Final = 1e6


@dataclass
class Figures:
    """What all visitors together measured.

    Attributes
    ----------
    seconds : list of float
        From asking for a change until its run was finished.
    errors : list of str
        What a page said was wrong, and what broke a connection.
    """

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def draw_change(dice: random.Random) -> str:
    """Draw the parameters of a link: a place, a filter, a period or a village."""
    return dice.choice(
        [
            "",
            f"place={dice.choice(_SUBDISTRICTS)}",
            f"gap_min={dice.randrange(10, 200)}",
            f"rate_max={dice.randrange(60, 100)}",
            f"period={dice.choice(_PERIODS)}",
            f"place={dice.choice(_SUBDISTRICTS)}&gap_min={dice.randrange(10, 100)}",
            f"measure=gap_to_target&target={dice.randrange(70, 99)}",
            "segment=BPU",
        ]
    )


class _User(threading.Thread):
    """A visitor who changes something now and then until the time is over."""

    def __init__(
        self, address: str, every: float, until: float, figures: Figures, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._address, self._every, self._until = address, every, until
        self._figures, self._dice = figures, random.Random(seed)  # noqa: S311 - no secret

    def run(self) -> None:
        try:
            visitor = Visitor(self._address)
            visitor.run()
            due = time.monotonic() + self._dice.uniform(0, self._every)
            while due < self._until:
                time.sleep(max(due - time.monotonic(), 0))
                self._figures.seconds.append(visitor.run(draw_change(self._dice)))
                self._figures.errors.extend(t for t in visitor.texts if "Error" in t)
                due += self._dice.uniform(0.5, 1.5) * self._every
            visitor.close()
        except Exception as problem:  # whatever breaks a visit is a result
            self._figures.errors.append(repr(problem))


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class _Family:
    """The server's process with those it started."""

    def __init__(self, number: int) -> None:
        self._root = psutil.Process(number)

    def measure(self) -> tuple[float, float]:
        """Return processor seconds and resident megabytes of all of them."""
        members = [self._root, *self._root.children(recursive=True)]
        times = [member.cpu_times() for member in members]
        return (
            sum(t.user + t.system for t in times),
            sum(member.memory_info().rss for member in members) / _MEGABYTE,
        )


def measure(address: str, server: int, users: int, every: float, minutes: float) -> None:
    """Play the visitors and print what they waited for."""
    family, figures = _Family(server), Figures()
    first = Visitor(address)
    for turn in range(_FIRST_RUNS):
        first.run(draw_change(random.Random(turn)))  # noqa: S311
    first.close()
    until = time.monotonic() + minutes * 60
    crowd = [_User(address, every, until, figures, seed) for seed in range(users)]
    for user in crowd:
        user.start()
    time.sleep(every)  # the first pages of all at once are another question
    figures.seconds.clear()
    begun, began_cpu, own_cpu = time.monotonic(), family.measure()[0], time.process_time()
    memory = []
    while time.monotonic() < until:
        time.sleep(min(30.0, max(until - time.monotonic(), 0.1)))
        memory.append(family.measure()[1])
    passed, runs = time.monotonic() - begun, len(figures.seconds)
    processor = family.measure()[0] - began_cpu
    own = time.process_time() - own_cpu
    for user in crowd:
        user.join(60)
    print(
        f"{users} users, a change every {every:g} s each: {runs} runs in {passed:.0f} s"
        f" ({runs / passed:.1f} a second), {len(figures.errors)} errors {figures.errors[:3]}"
    )
    print(
        f"seconds of a change: median {statistics.median(figures.seconds):.2f},"
        f" p95 {_percentile(figures.seconds, 0.95):.2f},"
        f" p99 {_percentile(figures.seconds, 0.99):.2f}, largest {max(figures.seconds):.2f}"
    )
    print(
        f"processor: {processor / runs * 1000:.0f} ms of the server for a run,"
        f" {processor / passed:.2f} cores; visitors {own / runs * 1000:.0f} ms"
    )
    print("memory in MB: " + ", ".join(f"{megabytes:.0f}" for megabytes in memory))


def main() -> None:
    """Start the app and measure."""
    parser = argparse.ArgumentParser(description="Measure many visitors at once.")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between changes")
    parser.add_argument("--minutes", type=float, default=10.0)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app({"JANGKAU_WORKSPACE": str(Path(folder) / "workspace")}) as (address, server),
    ):
        measure(address, server, given.users, given.every, given.minutes)


if __name__ == "__main__":
    main()
