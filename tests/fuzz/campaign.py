"""The parent's side: make inputs, have a worker read them, and account for every one."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from .containers import mutate_gzip, mutate_parquet, mutate_sqlite, mutate_zip
from .mutations import mutate_bytes, mutate_csv, mutate_json, mutate_xls, mutate_xml
from .params import make_params, make_settings
from .planted import PORT, PORT_VARIABLE, SECRET_BODY, SECRET_NAME, hang_up
from .seeds import Seed, build_seeds
from .targets import LAYERS, OTHERS, TABLES


class Input(NamedTuple):
    """What a reader is given: the name and the bytes of an upload."""

    reader: str
    name: str
    data: bytes


READERS = (*TABLES, *LAYERS, *OTHERS)
CRASHES = Path(__file__).parent / "crashes"
_LARGEST_KEPT = 64_000
SECONDS = 20
# A worker keeps what libraries cache; a new one from time to time starts with none of it.
_INPUTS_PER_WORKER = 2_000
_TICK = 0.1
_PATIENCE = 300.0  # seconds on the clock, for an input that waits instead of computing
_OUT_OF_MEMORY = re.compile(
    rb"memory allocation of \d+ bytes failed|bad_alloc|[Oo]ut of memory|Cannot allocate memory"
)
_OUR_FRAME = re.compile(rb'File "[^"\n]*/(geo/[^"\n]*)", line (\d+) in (\S+)')
_MUTATORS: dict[str, Callable[..., bytes]] = {
    **{"csv": mutate_csv, "csv.gz": mutate_gzip, "xls": mutate_xls, "gpkg": mutate_sqlite},
    **dict.fromkeys(("xlsx", "xlsb", "ods", "kmz", "shapefile", "gdb"), mutate_zip),
    **dict.fromkeys(("parquet", "geoparquet"), mutate_parquet),
    **dict.fromkeys(("geojson", "topojson"), mutate_json),
    **{"kml": mutate_xml, "fgb": mutate_bytes},
}
_NAMES = (
    *(
        "x",
        ".",
        "a.csv",
        "a.shp",
        "a.vrt",
        "a.kml",
        "a.gpkg",
        "a.json",
        "a.parquet",
        "a.zip",
        "a.gdb",
    ),
    *("2024-10.xlsx", "n" * 250, "{x}.csv", "%s", "9962050000000001.csv", "\N{SNOWMAN}.geojson"),
)


# ---- inputs ----


def list_inputs(reader: str, seed: int) -> Callable[[int], Input]:
    """A function that makes the input of a number; the same in every run."""
    if reader in OTHERS:
        make = make_settings if reader == "settings" else make_params
        return lambda number: Input(reader, "x", make(random.Random(f"{reader} {seed} {number}")))
    return partial(_make_input, reader, seed, build_seeds(reader))


def _make_input(reader: str, seed: int, seeds: list[Seed], number: int) -> Input:
    # The seeds themselves come first.
    if number < len(seeds):
        return Input(reader, *seeds[number])
    rng = random.Random(f"{reader} {seed} {number}")
    name, data = rng.choice(seeds)
    if rng.random() < 0.02:
        name = rng.choice(_NAMES)
    return Input(reader, name, _MUTATORS[reader](rng, data, [body for _, body in seeds]))


# ---- one worker ----


@dataclass
class Outcome:
    """What became of an input.

    ``kind`` is reading, problem, memory or failure; ``what`` the sentence's key, the exception, or
    how the worker ended; ``place`` where in ``geo``.
    """

    kind: str
    what: str = ""
    text: str = ""
    place: str = ""


class Worker:
    """A process that reads inputs, in a folder of its own.

    Parameters
    ----------
    seconds : int
        Processor time that an input may take.
    """

    def __init__(self, seconds: int) -> None:
        memory = Path("/dev/shm")
        self._folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)
        self._secret = Path(self._folder.name) / SECRET_NAME
        self._secret.write_text(SECRET_BODY, encoding="utf-8")
        self._forget_reads()
        self._remarks = tempfile.TemporaryFile()  # noqa: SIM115 -- closed in close()
        environment = {
            "PYTHONPATH": os.pathsep.join(path or "." for path in map(os.path.abspath, sys.path)),
            "PYTHONUTF8": "1",
            PORT_VARIABLE: str(PORT),
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker", str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._remarks,
            cwd=self._folder.name,
            env=environment,
        )
        self.inputs = 0

    def ask(self, given: Input) -> None:
        """Hand over an input."""
        self.inputs += 1
        self._remarks.seek(0)
        self._remarks.truncate()
        stream = self._process.stdin
        assert stream is not None
        try:
            texts = (text.encode("utf-8", "surrogatepass") for text in given[:2])
            for part in (*texts, given.data):
                stream.write(struct.pack("<Q", len(part)) + part)
            stream.flush()
        except BrokenPipeError:
            pass  # its end tells the rest

    def answer(self) -> Outcome:
        """Wait for what became of the input."""
        line, connected = self._listen()
        if connected:
            return Outcome("failure", "a connection", "to the planted address")
        if self._was_read():
            return Outcome("failure", "a file read outside", SECRET_NAME)
        if line.endswith(b"\n"):
            return Outcome(**json.loads(line))
        return self._describe_end()

    def _listen(self) -> tuple[bytes, bool]:
        """A line of the process, and whether anybody connected before it came."""
        line, end = b"", time.monotonic() + _PATIENCE
        connected = False
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n") and time.monotonic() < end:
                # Who connects waits for an answer; without one, the worker would wait as well.
                connected |= hang_up()
                if selector.select(_TICK):
                    block = os.read(self._process.stdout.fileno(), 65_536)
                    if not block:
                        break
                    line += block
        return line, connected | hang_up()

    def _forget_reads(self) -> None:
        """Set the times so that the next reading moves them, whatever the mount updates lazily."""
        os.utime(self._secret, (1, time.time()))

    def _was_read(self) -> bool:
        read = self._secret.stat().st_atime != 1
        if read:
            self._forget_reads()
        return read

    def _describe_end(self) -> Outcome:
        """How the process ended that gave no answer."""
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return Outcome("failure", "a hang", f"no answer in {_PATIENCE:.0f} s")
        self._remarks.seek(0)
        remarks = self._remarks.read()
        frame = _OUR_FRAME.search(remarks)
        place = f"{frame[1].decode()} {frame[3].decode()}" if frame else ""
        if code == -signal.SIGPROF:
            return Outcome("failure", "a hang", "too much processor time", place)
        text = remarks[:200].decode("utf-8", "replace")
        if _OUT_OF_MEMORY.search(remarks) or code == -signal.SIGKILL:
            return Outcome("memory", "abort", text, place)
        return Outcome("failure", f"the end of the process, code {code}", text, place)

    @property
    def ended(self) -> bool:
        """Whether another worker is needed."""
        return self._process.poll() is not None or self.inputs >= _INPUTS_PER_WORKER

    def close(self) -> None:
        """End the process and clear away."""
        self._process.kill()
        with self._process:
            pass
        self._remarks.close()
        self._folder.cleanup()


# ---- many inputs ----


@dataclass
class Cause:
    """A failure or a limit met: how many inputs had it, and the first of them with its number."""

    number: int
    given: Input
    outcome: Outcome
    count: int = 1


@dataclass
class Summary:
    """What became of many inputs.

    Attributes
    ----------
    counts : collections.Counter of str
        Inputs by kind of outcome.
    sentences : collections.Counter of str
        Problems by the key of their sentence.
    causes : dict
        Failures and limits met, by reader, what it was and where.
    seconds : float
        On the clock.
    """

    counts: Counter[str] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    causes: dict[tuple[str, str, str], Cause] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, number: int, given: Input, outcome: Outcome) -> None:
        """Account for an input."""
        self.counts[outcome.kind] += 1
        if outcome.kind == "problem":
            self.sentences[outcome.what] += 1
        if outcome.kind in {"failure", "memory"}:
            key = (given.reader, outcome.what, outcome.place)
            if key in self.causes:
                self.causes[key].count += 1
            else:
                self.causes[key] = Cause(number, given, outcome)

    @property
    def failures(self) -> list[Cause]:
        """Causes that are no limit."""
        return [cause for cause in self.causes.values() if cause.outcome.kind == "failure"]


def run_inputs(inputs: Iterable[Input], seconds: int = SECONDS) -> Summary:
    """Read inputs and account for them; a worker that ends is replaced."""
    summary = Summary()
    started = time.monotonic()
    worker: Worker | None = None
    # The next input is made while the worker reads one.
    waiting: tuple[int, Input] | None = None
    try:
        for following in chain(enumerate(inputs), [None]):
            if waiting is not None and worker is not None:
                outcome = worker.answer()
                summary.add(*waiting, outcome)
                if worker.ended or outcome.kind == "memory":
                    worker.close()
                    worker = None
            if following is not None:
                worker = worker or Worker(seconds)
                worker.ask(following[1])
            waiting = following
    finally:
        if worker is not None:
            worker.close()
    summary.seconds = time.monotonic() - started
    return summary


# ---- kept failures ----


def keep(summary: Summary, folder: Path) -> list[Path]:
    """Write the first input of each cause of failure, if small, and a line on what it did."""
    kept = []
    for cause in summary.failures:
        body = pack_input(cause.given)
        if len(body) > _LARGEST_KEPT:
            continue
        digest = hashlib.sha256(body).hexdigest()[:12]
        path = folder / f"{cause.given.reader}-{digest}.bin"
        if not path.exists():
            path.write_bytes(body)
            with (folder / "README.md").open("a", encoding="utf-8") as file:
                file.write(f"- `{path.name}`: {describe(cause.outcome)}\n")
        kept.append(path)
    return kept


def describe(outcome: Outcome) -> str:
    """One line on an outcome."""
    text = " ".join(outcome.text.split())
    parts = (outcome.what, f"in {outcome.place}" if outcome.place else "", text and f"({text})")
    return " ".join(part for part in parts if part)


def pack_input(given: Input) -> bytes:
    """An input as a kept file: the name of the upload in the first line, then its bytes."""
    return given.name.encode("utf-8", "surrogatepass") + b"\n" + given.data


def read_kept(path: Path) -> Input:
    """The input of a kept file; the file's own name tells the reader."""
    name, _, data = path.read_bytes().partition(b"\n")
    return Input(path.name.rpartition("-")[0], name.decode("utf-8", "surrogatepass"), data)
