"""The store of a layer, found prepared or made: once, whole or not at all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache as once
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from ..core.errors import SettingProblem, mark
from ..core.files import digest
from ..gazetteer.places import DATA
from .cache import Cache, digest_of, kept_in
from .resolutions import CUTS, RESOLUTIONS, VERSION

Progress = Callable[..., None]
# A layer of more bytes is prepared in processes of their own, two at a time; a file of more is
# not read again at each start only to know it.
_LARGE: Final = 8_000_000
_OF_STORE: Final = frozenset(
    {"facts", "events", "unmatched", "places", "villages", "levels", "files", "index", "report"}
)
_OF_DIGEST: Final = frozenset({"stamp", "digest"})
# A file changed less than so many seconds ago can change again and bear the same stamp.
_SETTLED: Final = 3.0


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
        What `geo.shapes.layer.split_layer` found, ``levels`` (a table for each
        province), ``files`` (see `geo.shapes.block_builder.write_files`), ``index`` and
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
    fields: Mapping[str, str] | None = None,
    progress: Progress = lambda step, share=None: None,
) -> Prepared:
    """Prepare the shapes of a layer, or find them prepared.

    Parameters
    ----------
    path : pathlib.Path
        A layer of villages, or a table of points (see `geo.boundaries.reading.read_boundaries`).
    folder : pathlib.Path
        The cache; several layers and processes may share it.
    layer, crs : str, optional
        See `geo.boundaries.reading.read_boundaries`.
    fields : mapping of str to str, optional
        Its ``mapping``: fields by role.
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
    name = _name(cache, path, layer, crs, fields)
    with _problems_of_folder(folder):
        if manifest := cache.read_manifest(name, _OF_STORE):
            return Prepared(cache, name, manifest, 0)
        cache.make()
        with FileLock(folder / f"{name}.lock"):
            if manifest := cache.read_manifest(name, _OF_STORE):
                return Prepared(cache, name, manifest, 0)
            # Not at the start: what is needed to make one takes a while to load.
            from .store_builder import make_store

            options = {"layer": layer, "crs": crs, "fields": dict(fields or {})}
            task = {"cache": str(folder), "path": str(path), **options}
            apart = _size(path) > _LARGE
            manifest, blocks = make_store(cache, task, _format(), apart, progress)
            cache.write_manifest(name, manifest)
    return Prepared(cache, name, manifest, blocks)


def is_prepared(path: Path, folder: Path) -> bool:
    """Whether the shapes of a layer that is read without choices are in the cache."""
    cache = Cache(folder)
    return cache.read_manifest(_name(cache, path, None, None), _OF_STORE) is not None


def forget_store(prepared: Prepared) -> None:
    """Remove a store that turned out damaged, so that it is made anew.

    Its files are named by their content, so that the whole ones can be told and stay.
    """
    cache = prepared.cache
    for kept_file in kept_in(prepared.manifest):
        if cache.has(kept_file) and cache.is_damaged(kept_file):
            (cache.root / kept_file.name).unlink(missing_ok=True)
    (cache.root / prepared.name).unlink(missing_ok=True)


@contextmanager
def _problems_of_folder(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingProblem(
            mark("The folder {path} for prepared shapes cannot be written; set JANGKAU_CACHE."),
            path=str(folder),
        ) from error


def _files_of(path: Path) -> list[Path]:
    """List the file and those that belong to it by name, such as the parts of a Shapefile."""
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    beside = {path, *path.parent.glob(f"{path.stem}.*")}
    return sorted(each for each in beside if each.is_file())


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in _files_of(path))


def _name(
    cache: Cache,
    path: Path,
    layer: str | None,
    crs: str | None,
    fields: Mapping[str, str] | None = None,
) -> str:
    """Of a manifest: by what the layer and the official list of places hold, wherever they lie."""
    parts = [f"{each.suffix} {_digest(cache, each, _stamp(each))}" for each in _files_of(path)]
    chosen = [layer or "", crs or "", *(f"{role}={name}" for role, name in (fields or {}).items())]
    key = digest_of(_format(), *(part.encode() for part in (*chosen, *parts)))
    return f"stores/{key}.json"


def _stamp(file: Path) -> tuple[int, ...]:
    status = file.stat()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


@lru_cache(maxsize=64)
def _digest(cache: Cache, file: Path, stamp: tuple[int, ...]) -> str:
    """Of a file as it stands; a country's layer is asked for three times before its first map."""
    size, *changed, _ = stamp
    if size <= _LARGE:
        return digest(file)
    name = f"digests/{digest_of(os.fsencode(file.resolve()))}.json"
    manifest = cache.read_manifest(name, _OF_DIGEST)
    if manifest and manifest["stamp"] == list(stamp):
        return str(manifest["digest"])
    settled = time.time() - max(changed) / 1e9 > _SETTLED
    computed = digest(file)
    if settled:
        with suppress(OSError):  # the next start reads it again
            cache.make()
            cache.write_manifest(name, {"stamp": stamp, "digest": computed})
    return computed


@once
def _format() -> bytes:
    """Compute what makes files of one layer differ: their format, official names and codes."""
    names = [digest(DATA / f"{name}.csv.gz") for name in ("places", "bps_crosswalk")]
    return f"{VERSION} {RESOLUTIONS} {CUTS} {names}".encode()
