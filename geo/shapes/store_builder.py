"""A layer made into a store: only what has changed, two blocks at a time."""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Final

from ..core.errors import mark
from .block_builder import REPORT, write_country
from .cache import Cache, Kept, digest_of
from .resolutions import RESOLUTIONS, VERSION
from .worker import Run, run_apart, run_here

_BEAT_SECONDS: Final = 0.5
_OF_BLOCK: Final = frozenset({"files", "levels", "country", "report"})
# Share of the work that reading the layer is.
_READ: Final = 0.1


def make_store(
    cache: Cache, task: dict[str, Any], form: bytes, apart: bool, progress: Callable[..., None]
) -> tuple[dict[str, Any], int]:
    """Read a layer and prepare its shapes.

    Parameters
    ----------
    cache : Cache
        Where to write.
    task : dict
        See `geo.shapes.worker.run_here`: the layer.
    form : bytes
        What makes files of the same layer differ.
    apart : bool
        Whether in processes of their own.
    progress : callable
        Is told each step by name, and the share done.

    Returns
    -------
    manifest, blocks
        As `geo.shapes.prepare.Prepared` has them.
    """
    run = run_apart if apart else run_here
    step = mark("Reading boundaries")
    progress(step, 0.0)
    manifest = run(task, lambda share: None)
    progress(mark("Preparing shapes"), _READ)
    blocks, fresh = _build_blocks(cache, manifest, form, run, progress)
    files = [file for block in blocks for file in block["files"]]
    files += write_country(cache, [Kept(**block["country"]) for block in blocks])
    prepared = {
        "levels": {key: file for block in blocks for key, file in block["levels"].items()},
        "files": files,
        "index": _write_index(cache, files).to_json(),
        "report": _sum([block["report"] for block in blocks]),
    }
    return manifest | prepared, fresh


def _build_blocks(
    cache: Cache, manifest: dict[str, Any], form: bytes, run: Run, progress: Callable[..., None]
) -> tuple[list[dict[str, Any]], int]:
    """Build each block, but for those whose villages were built before."""
    tasks: dict[str, dict[str, Any]] = {}
    for provinces in manifest["blocks"]:
        tables = {province: manifest["villages"][province] for province in provinces}
        key = digest_of(form, json.dumps(tables).encode())
        tasks[f"blocks/{key}.json"] = {"cache": str(cache.root), "tables": tables}
    missing = [name for name in tasks if cache.read_manifest(name, _OF_BLOCK) is None]
    _run_all(cache, {name: tasks[name] for name in missing}, run, progress)
    return [cache.read_manifest(name, _OF_BLOCK) or {} for name in tasks], len(missing)


def _run_all(
    cache: Cache, tasks: dict[str, dict[str, Any]], run: Run, progress: Callable[..., None]
) -> None:
    """Do each task and keep what came of it under its name.

    One worker begins with the largest, the other with the smallest: two large ones at
    once take the most memory.
    """
    sizes = {name: sum(k["size"] for k in task["tables"].values()) for name, task in tasks.items()}
    shares = dict.fromkeys(tasks, 0.0)
    waiting = deque(sorted(tasks, key=sizes.__getitem__))

    def work(take: Callable[[], str]) -> None:
        while waiting:
            try:
                name = take()
            except IndexError:  # the other worker took the last one
                return
            cache.write_manifest(name, run(tasks[name], partial(shares.__setitem__, name)))
            shares[name] = 1.0

    ends = (waiting.pop, waiting.popleft) if run is run_apart else (waiting.pop,)
    with ThreadPoolExecutor(len(ends)) as pool:
        pending = {pool.submit(work, take) for take in ends}
        try:
            while pending:
                done, pending = wait(pending, _BEAT_SECONDS, FIRST_EXCEPTION)
                for future in done:
                    future.result()
                share = sum(shares[name] * sizes[name] for name in tasks) / (
                    sum(sizes.values()) or 1
                )
                progress(mark("Preparing shapes"), _READ + (1 - _READ) * share)
        finally:
            waiting.clear()


def _sum(reports: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: sum(report[name] for report in reports) for name in REPORT}


def _write_index(cache: Cache, files: list[dict[str, Any]]) -> Kept:
    """Write the list of shape files that the browser reads first."""
    columns = ("area", "resolution", "name", "count", "bounds")
    levels: dict[str, dict[str, Any]] = {}
    for file in sorted(files, key=lambda file: (file["resolution"], file["area"])):
        row = [file[c].removeprefix("shapes/") if c == "name" else file[c] for c in columns]
        levels.setdefault(file["level"], {"files": []})["files"].append(row)
    steps = [
        {"tolerance": r.tolerance, "quantum": r.quantum, "min_zoom": r.min_zoom}
        for r in RESOLUTIONS
    ]
    index = {"version": VERSION, "levels": levels, "resolutions": steps}
    body = json.dumps(index, separators=(",", ":")).encode()
    return cache.keep(gzip.compress(body, 9, mtime=0), ".json")
