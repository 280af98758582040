"""A layer made into a store: once, whole or not at all, and only what has changed."""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as once
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ..errors import SettingProblem, mark
from ..files import digest
from ..places import DATA
from .build import REPORT, write_country
from .cache import Cache, Kept, digest_of, kept_in
from .resolutions import CUTS, RESOLUTIONS
from .work import Run, run_apart, run_here

VERSION: Final = 2
Progress = Callable[..., None]
# A layer of more bytes is prepared in processes of their own, two at a time.
_LARGE: Final = 8_000_000
_BEAT_SECONDS: Final = 0.5
_OF_BLOCK: Final = frozenset({"files", "levels", "country", "report"})
_OF_STORE: Final = frozenset(
    {"facts", "events", "unmatched", "places", "villages", "levels", "files", "index", "report"}
)
# Share of the work that reading the layer is.
_READ: Final = 0.1


@dataclass(frozen=True)
class Prepared:
    """What `prepare_store` leaves.

    Attributes
    ----------
    cache : Cache
        Where the files are.
    name : str
        Of the manifest, inside the cache.
    manifest : dict
        What `geo.shape_store.layer.split_layer` found, ``levels`` (a table for each
        province), ``files`` (see `geo.shape_store.build.write_files`), ``index`` and
        ``report`` (sums over the blocks).
    blocks : int
        Blocks that were prepared anew; 0 if all was there.
    """

    cache: Cache
    name: str
    manifest: dict[str, Any]
    blocks: int


def prepare_store(
    path: Path,
    folder: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    progress: Progress = lambda step, share=None: None,
) -> Prepared:
    """Prepare the shapes of a layer, or find them prepared.

    Parameters
    ----------
    path : pathlib.Path
        A layer of villages, or a table of points (see `geo.boundaries.read_boundaries`).
    folder : pathlib.Path
        The cache; several layers and processes may share it.
    layer, crs : str, optional
        See `geo.boundaries.read_boundaries`.
    progress : callable
        Is told each step by name, and the share done.

    Raises
    ------
    JangkauError
        If the layer cannot be read.
    SettingProblem
        If the folder cannot be written to.
    """
    cache = Cache(folder)
    name = _name(path, layer, crs)
    with _said_of(folder):
        if found := cache.read_manifest(name, _OF_STORE):
            return Prepared(cache, name, found, 0)
        cache.make()
        with FileLock(folder / f"{name}.lock"):
            if found := cache.read_manifest(name, _OF_STORE):
                return Prepared(cache, name, found, 0)
            task = {"cache": str(folder), "path": str(path), "layer": layer, "crs": crs}
            manifest, blocks = _prepare(cache, task, _size(path), progress)
            cache.write_manifest(name, manifest)
    return Prepared(cache, name, manifest, blocks)


def is_prepared(path: Path, folder: Path) -> bool:
    """Whether the shapes of a layer that is read without choices are in the cache."""
    return Cache(folder).read_manifest(_name(path, None, None), _OF_STORE) is not None


def forget_store(prepared: Prepared) -> None:
    """Remove a store that turned out damaged, so that it is made anew.

    Its files are named by their content, so that the whole ones can be told and stay.
    """
    cache = prepared.cache
    for kept in kept_in(prepared.manifest):
        if cache.has(kept) and cache.is_damaged(kept):
            (cache.root / kept.name).unlink(missing_ok=True)
    (cache.root / prepared.name).unlink(missing_ok=True)


@contextmanager
def _said_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingProblem(
            mark("The folder {path} for prepared shapes cannot be written; set JANGKAU_CACHE."),
            path=str(folder),
        ) from error


def _files_of(path: Path) -> list[Path]:
    """The file with those that belong to it by name, such as the parts of a Shapefile."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    beside = {path, *path.parent.glob(f"{path.stem}.*")}
    return sorted(each for each in beside if each.is_file())


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in _files_of(path))


def _name(path: Path, layer: str | None, crs: str | None) -> str:
    """Of a manifest: by what the layer and the official list of places hold, wherever they lie."""
    parts = [f"{each.suffix} {_digest(each, *_stamp(each))}" for each in _files_of(path)]
    key = digest_of(_format(), *(part.encode() for part in (layer or "", crs or "", *parts)))
    return f"stores/{key}.json"


def _stamp(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=64)
def _digest(file: Path, *stamp: int) -> str:
    """Of a file as it stands; a country's layer is asked for three times before its first map."""
    return digest(file)


@once
def _format() -> bytes:
    """What makes files of the same layer differ: their format, the official names."""
    names = digest(DATA / "places.csv.gz")
    return f"{VERSION} {RESOLUTIONS} {CUTS} {names}".encode()


def _prepare(
    cache: Cache, task: dict[str, Any], size: int, progress: Progress
) -> tuple[dict[str, Any], int]:
    run = run_apart if size > _LARGE else run_here
    step = mark("Reading boundaries")
    progress(step, 0.0)
    manifest = run(task, lambda share: None)
    progress(mark("Preparing shapes"), _READ)
    blocks, fresh = _build_blocks(cache, manifest, run, progress)
    files = [file for block in blocks for file in block["files"]]
    files += write_country(cache, [Kept(**block["country"]) for block in blocks])
    made = {
        "levels": {key: kept for block in blocks for key, kept in block["levels"].items()},
        "files": files,
        "index": _write_index(cache, files).to_json(),
        "report": _sum([block["report"] for block in blocks]),
    }
    return manifest | made, fresh


def _build_blocks(
    cache: Cache, manifest: dict[str, Any], run: Run, progress: Progress
) -> tuple[list[dict[str, Any]], int]:
    """What each block holds; those whose villages are known already are not built again."""
    tasks: dict[str, dict[str, Any]] = {}
    for provinces in manifest["blocks"]:
        tables = {province: manifest["villages"][province] for province in provinces}
        key = digest_of(_format(), json.dumps(tables).encode())
        tasks[f"blocks/{key}.json"] = {"cache": str(cache.root), "tables": tables}
    missing = [name for name in tasks if cache.read_manifest(name, _OF_BLOCK) is None]
    _run_all(cache, {name: tasks[name] for name in missing}, run, progress)
    return [cache.read_manifest(name, _OF_BLOCK) or {} for name in tasks], len(missing)


def _run_all(cache: Cache, tasks: dict[str, dict[str, Any]], run: Run, progress: Progress) -> None:
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
        left = {pool.submit(work, take) for take in ends}
        try:
            while left:
                done, left = wait(left, _BEAT_SECONDS, FIRST_EXCEPTION)
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
    """The list of shape files that the browser reads first."""
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
