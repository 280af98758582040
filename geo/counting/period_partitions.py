"""Counts kept beside each other by period, so that a new month leaves the others alone.

``FOLDER/period=2024-10/counts.parquet`` has ``code, combination, people``, ``rows.csv`` what became
of the rows, and ``about.json`` which segments the records cover. ``FOLDER/sources.json`` says of
which files each period was counted. A period whose files are as they were is not counted again; one
of other files is not overwritten.
"""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from ..core.errors import UNREADABLE, FileProblem, mark
from ..core.files import write_atomically, written_whole
from ..core.segments import ALL_WORKERS
from .count import Counts

Source = list[list[Any]]
_MANIFEST: Final = "sources.json"
_HIVE: Final = re.compile(r"(?:^|[/\\])period=([0-9]{4}-[0-9]{2})[/\\]")


def find_files(sources: Iterable[str]) -> dict[str, list[Path]]:
    """Parquet files by the period their folder says; empty where it says none.

    Parameters
    ----------
    sources : iterable of str
        Files, folders (with all below them) and patterns such as ``records/*/*.parquet``.

    Raises
    ------
    FileProblem
        If one names no Parquet file, or only some of the files have their period in the folder.
    """
    files_by_period: dict[str, list[Path]] = {}
    for source in sources:
        files = _files_of(source)
        if not files:
            raise FileProblem(mark("{path} names no Parquet file."), path=source)
        for file in files:
            folder_period = _HIVE.search(str(file))
            files_by_period.setdefault(folder_period.group(1) if folder_period else "", []).append(
                file
            )
    if "" in files_by_period and len(files_by_period) > 1:
        raise FileProblem(
            mark("{path} lies in no folder period=…, others do; count them apart."),
            path=str(files_by_period[""][0]),
        )
    return {period: sorted(set(files)) for period, files in sorted(files_by_period.items())}


def _files_of(source: str) -> list[Path]:
    folder = Path(source)
    if folder.is_dir():
        return sorted(folder.rglob("*.parquet"))
    named = glob.glob(source, recursive=True)  # noqa: PTH207 - a pattern may start anywhere
    return [Path(name) for name in named if Path(name).is_file()]


def stamp(files: Sequence[Path], table: str = "") -> Source:
    """Describe files by name, bytes and time, and a table by its name, to notice changes."""
    facts = [(str(file.resolve()), file.stat()) for file in files]
    named = [[name, fact.st_size, fact.st_mtime_ns] for name, fact in facts]
    return named or [[table]]


def is_counted(folder: Path, files: Sequence[Path]) -> bool:
    """Whether these files were counted as they are now."""
    return stamp(files) in read_manifest(folder).values()


def check_source(folder: Path, periods: Iterable[str], source: Source) -> None:
    """Refuse to overwrite what was counted of something else.

    The same source is one that shares a file, or the table, with what was counted before.

    Raises
    ------
    FileProblem
        If a period was counted of other files or another table.
    """
    manifest = read_manifest(folder)
    names = {str(row[0]) for row in source}
    for period in periods:
        before = {str(row[0]) for row in manifest.get(period, source)}
        if not before & names:
            raise FileProblem(
                mark(
                    "{folder} has {period} from {before}, not from {source}; count both together, "
                    "or choose another --out."
                ),
                folder=str(folder), period=period, before=min(before), source=min(names),
            )  # fmt: skip


def read_manifest(folder: Path) -> dict[str, Source]:
    """Read the source that each period was counted from.

    Raises
    ------
    FileProblem
        If the list is damaged.
    """
    path = folder / _MANIFEST
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except UNREADABLE as error:
        raise FileProblem(
            mark("{path} is damaged; repair it or put it back from a copy."), path=str(path)
        ) from error


def write_counts(folder: Path, counts: Counts, source: Source) -> list[str]:
    """Write each period whole, then note its files. Gives the periods written.

    Raises
    ------
    FileProblem
        If a period was counted of another source (`check_source`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    periods = sorted(counts.people["period"].unique())
    check_source(folder, periods, source)
    for period in periods:
        home = folder / f"period={period}"
        home.mkdir(exist_ok=True)
        people = counts.people[counts.people["period"] == period].drop(columns="period")
        with written_whole(home / "counts.parquet") as whole:
            people.to_parquet(whole, index=False)
        rows = counts.rows[counts.rows.index == period].to_csv(lineterminator="\n")
        write_atomically(home / "rows.csv", rows.encode())
        covers = {"covers": list(counts.scopes.get(period, ())) or ALL_WORKERS}
        write_atomically(home / "about.json", json.dumps(covers).encode())
    manifest = read_manifest(folder) | dict.fromkeys(periods, source)
    write_atomically(folder / _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    return periods
