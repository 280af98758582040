"""Counts kept beside each other by period, so that a new month leaves the others alone.

``FOLDER/period=2024-10/counts.parquet`` has ``code, combination, people`` and ``rows.csv`` what
became of the rows; ``FOLDER/sources.json`` says of which files each period was counted. A period
whose files are as they were is not counted again.
"""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from ..count import Counts
from ..errors import UNREADABLE, FileProblem, mark
from ..files import write_atomically, written_whole

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
    found: dict[str, list[Path]] = {}
    for source in sources:
        files = _files_of(source)
        if not files:
            raise FileProblem(mark("{path} names no Parquet file."), path=source)
        for file in files:
            told = _HIVE.search(str(file))
            found.setdefault(told.group(1) if told else "", []).append(file)
    if "" in found and len(found) > 1:
        raise FileProblem(
            mark("{path} lies in no folder period=…, others do; count them apart."),
            path=str(found[""][0]),
        )
    return {period: sorted(set(files)) for period, files in sorted(found.items())}


def _files_of(source: str) -> list[Path]:
    folder = Path(source)
    if folder.is_dir():
        return sorted(folder.rglob("*.parquet"))
    named = glob.glob(source, recursive=True)  # noqa: PTH207 - a pattern may start anywhere
    return [Path(name) for name in named if Path(name).is_file()]


def stamp(files: Sequence[Path]) -> list[list[Any]]:
    """What changes where a file does: name, bytes, time."""
    facts = [(str(file.resolve()), file.stat()) for file in files]
    return [[name, fact.st_size, fact.st_mtime_ns] for name, fact in facts]


def is_counted(folder: Path, part: str, files: Sequence[Path]) -> bool:
    """Whether these files were counted as they are now."""
    return bool(read_manifest(folder).get(part) == stamp(files))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The files that each part was counted of.

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


def write_counts(folder: Path, counts: Counts, part: str, stamped: list[list[Any]]) -> list[str]:
    """Write each period whole, then note its files. Gives the periods written."""
    folder.mkdir(parents=True, exist_ok=True)
    periods = sorted(counts.people["period"].unique())
    for period in periods:
        home = folder / f"period={period}"
        home.mkdir(exist_ok=True)
        people = counts.people[counts.people["period"] == period].drop(columns="period")
        with written_whole(home / "counts.parquet") as whole:
            people.to_parquet(whole, index=False)
        rows = counts.rows[counts.rows.index == period].to_csv(lineterminator="\n")
        write_atomically(home / "rows.csv", rows.encode())
    known = read_manifest(folder) | {part: stamped}
    write_atomically(folder / _MANIFEST, json.dumps(known, indent=1, sort_keys=True).encode())
    return periods
