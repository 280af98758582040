"""A disk that loses power: records what a folder goes through, and replays every crash of it.

The model is the weakest that POSIX lets a file system be. What is written to a file is there for
certain after `os.fsync` of the file; until then the file may hold its old content, nothing, half
or all of it. Names in a folder are there for certain after `os.fsync` of the folder; until then
any first part of their changes may be there, in each folder apart from the others, whether the
content of the files has come or not.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

# Node by number: the content of a file, or the numbers in a folder by name.
Nodes = dict[int, "bytes | dict[str, int]"]
ROOT_NODE = 0
_CALLS = ("replace", "rename", "mkdir", "unlink", "remove", "rmdir")
# More crashes of one moment than this are drawn by lot.
_MOST = 48


@dataclass
class Recorder:
    """What a folder went through, in order.

    Attributes
    ----------
    folder : pathlib.Path
        Watched with all below it.
    steps : list of tuple
        ``("nodes", Nodes)`` after each change, ``("flush", number)``, ``("mark", object)``.
    """

    folder: Path
    steps: list[tuple[str, Any]] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)
    _next: Iterator[int] = field(default_factory=itertools.count)

    def look(self) -> None:
        """Record the folder as it is now, where it is not as before."""
        live: dict[int, int] = {}
        nodes: Nodes = {}

        def visit(path: Path) -> int:
            inode = path.lstat().st_ino
            # A number that was free meanwhile is of another file.
            number = live[inode] = self._numbers.get(inode, -1)
            if number < 0:
                number = live[inode] = next(self._next)
            if path.is_dir():
                nodes[number] = {below.name: visit(below) for below in sorted(path.iterdir())}
            else:
                nodes[number] = path.read_bytes()
            return number

        visit(self.folder)
        self._numbers = live
        if not self.steps or self._last() != nodes:
            self.steps.append(("nodes", nodes))

    def _last(self) -> Nodes:
        return next(step for kind, step in reversed(self.steps) if kind == "nodes")

    def mark(self, told: object) -> None:
        """Record that something was confirmed."""
        self.look()
        self.steps.append(("mark", told))

    def flush(self, opened: int) -> None:
        """Record a flush of an open file or folder."""
        self.look()
        number = self._numbers.get(os.fstat(opened).st_ino)
        if number is not None:
            self.steps.append(("flush", number))


@contextmanager
def recorded(folder: Path) -> Iterator[Recorder]:
    """Record a folder while what is inside runs."""
    recorder = Recorder(folder)
    recorder.look()
    flush = os.fsync

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **options: Any) -> Any:
            recorder.look()
            try:
                return call(*args, **options)
            finally:
                recorder.look()

        return made

    def flushed(opened: int) -> None:
        recorder.flush(opened)
        flush(opened)

    with mock.patch.multiple(
        os, fsync=flushed, **{name: watched(getattr(os, name)) for name in _CALLS}
    ):
        yield recorder


@dataclass
class _Disk:
    """What is on the disk for certain, and what may be."""

    sure: Nodes
    now: Nodes
    names: dict[int, list[tuple[str, int | None]]] = field(default_factory=dict)

    def change(self, nodes: Nodes) -> None:
        for number, node in nodes.items():
            before = self.now.get(number)
            if isinstance(node, dict):
                self.sure.setdefault(number, {})
                was = before if isinstance(before, dict) else {}
                changed = [name for name in {**was, **node} if was.get(name) != node.get(name)]
                pending = self.names.setdefault(number, [])
                pending += [(name, node.get(name)) for name in changed]
            else:
                self.sure.setdefault(number, b"")
        self.now = {**self.now, **nodes}

    def flush(self, number: int) -> None:
        self.sure[number] = self.now[number]
        self.names.pop(number, None)

    def crashes(self, chance: random.Random) -> Iterator[Nodes]:
        """What may be on the disk if the power is lost now."""
        pending = {number: names for number, names in self.names.items() if names}
        lengths = [range(len(names) + 1) for names in pending.values()]
        parts = list(itertools.islice(itertools.product(*lengths), 4 * _MOST))
        ends = [parts[0], tuple(each[-1] for each in lengths)]
        for part in {*ends, *chance.sample(parts, min(len(parts), _MOST))}:
            for content in ("sure", "empty", "half", "all"):
                nodes = {number: self._content(number, content) for number in self.now}
                for (number, names), length in zip(pending.items(), part, strict=True):
                    entries = dict(self.sure[number])  # type: ignore[arg-type] -- a folder
                    for name, node in names[:length]:
                        entries.pop(name, None)
                        if node is not None:
                            entries[name] = node
                    nodes[number] = entries
                yield nodes

    def _content(self, number: int, content: str) -> bytes | dict[str, int]:
        sure, now = self.sure[number], self.now[number]
        if isinstance(now, dict) or sure == now or content == "sure":
            return sure
        return {"empty": b"", "half": now[: len(now) // 2], "all": now}[content]


def replay(recorder: Recorder, seed: int = 0) -> Iterator[tuple[list[object], dict[str, bytes]]]:
    """Every crash of what was recorded: what was confirmed by then, and the files by path.

    A folder has a path that ends with a slash. Crashes alike are given once.
    """
    chance = random.Random(seed)
    (_, first), *steps = recorder.steps
    disk = _Disk(dict(first), dict(first))
    marks: list[object] = []
    seen: set[tuple[int, int]] = set()
    for kind, step in steps:
        if kind == "nodes":
            disk.change(step)
        elif kind == "flush":
            disk.flush(step)
        else:
            marks = [*marks, step]
        for nodes in disk.crashes(chance):
            files = dict(_walk(nodes, ROOT_NODE, ""))
            key = (len(marks), hash(frozenset(files.items())))
            if key not in seen:
                seen.add(key)
                yield marks, files


def _walk(nodes: Nodes, number: int, path: str) -> Iterator[tuple[str, bytes]]:
    node = nodes[number]
    if isinstance(node, bytes):
        yield path, node
        return
    yield f"{path}/", b""
    for name, below in node.items():
        yield from _walk(nodes, below, f"{path}/{name}")


def put_on_disk(files: dict[str, bytes], folder: Path) -> None:
    """Write what a crash has left."""
    for name, body in files.items():
        path = folder / name.strip("/")
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.write_bytes(body)
