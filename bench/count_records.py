"""Measure counting many records: seconds and peak memory, DuckDB beside Polars.

``python -m bench.count_records [--rows 42000000] [--periods 1] [--times 3]`` writes seeded
records (`bench/make_records.py`) into a temporary folder and counts them, each time in a process
of its own.
Polars is asked for the same people by place and combination, without judging spellings and kinds,
and has no limit of memory.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.make_records import write_records
from geo.core.defaults import DEFAULT_MEMORY

if TYPE_CHECKING:
    import polars as pl

_LIMIT_SECONDS, _LIMIT_BYTES = 15, 2_000_000_000


def count_with_duckdb(folder: Path, memory: str) -> int:
    """All that ``python -m geo count`` does of each period, but for writing."""
    from geo.counting.columns import find_columns
    from geo.counting.engines import open_engine
    from geo.counting.warehouse import count_stored
    from geo.gazetteer.places import read_place_names
    from geo.measures.dataset import build_gazetteer

    people = 0
    gazetteer = build_gazetteer(read_place_names())
    with open_engine("duckdb", memory) as engine:
        for period in sorted(folder.iterdir()):
            records = engine.read_parquet(f"{period}/*.parquet")
            counts = count_stored(records, find_columns(records.columns, {}), gazetteer)
            people += int(counts.people["people"].sum())
    return people


def count_with_polars(folder: Path) -> int:
    """People by place and combination; what is spelled is taken as it is."""
    import polars as pl

    people = 0
    for period in sorted(folder.iterdir()):
        rows = _number_with_polars(pl.scan_parquet(f"{period}/*.parquet"))
        pair = pl.col("pair")
        persons = rows.group_by("person").agg(first=pair.min(), last=pair.max())
        one = pl.col("first") == pl.col("last")
        single = persons.filter(one).group_by("first").len()
        rank = (pl.lit(40_000) - pl.col("day")).cast(pl.Int64) * (1 << 40) + pair
        members = rows.join(persons.filter(~one), on="person", how="semi")
        members = members.group_by("person", "segment").agg(rank=rank.min())
        label = (pl.col("rank") % (1 << 8)).cast(pl.String).sort().str.join("|")
        several = members.group_by("person").agg(pl.col("rank").min(), label=label)
        place = (pl.col("rank") % (1 << 40)) // (1 << 8)
        counted = several.group_by(place.alias("place"), "label").len()
        tables = pl.collect_all([single, counted], engine="streaming")
        people += sum(int(table["len"].sum()) for table in tables)
    return people


def _number_with_polars(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Active rows with person, day, segment and one number of place and label."""
    import polars as pl

    rows = rows.filter(pl.col("status") == "AKTIF")
    kind = ["segment", "programmes"]
    codes = rows.select("code").unique().collect(engine="streaming").sort("code")
    labels = rows.select(kind).unique().collect(engine="streaming").sort(kind)
    pair = pl.col("place").cast(pl.Int64) * (1 << 8) + pl.col("label")
    numbered = rows.join(codes.with_row_index("place").lazy(), on="code").join(
        labels.with_row_index("label").lazy(), on=kind
    )
    return numbered.select(
        pl.col("segment").cast(pl.Categorical),
        person=pl.col("identity").hash(),
        pair=pair,
        day=pl.col("start").cast(pl.Int32).fill_null(0),
    )


def main() -> None:
    """Write the records once, count them several times, say the medians."""
    parser = argparse.ArgumentParser(description="Measure counting many records.")
    parser.add_argument("--rows", type=int, default=42_000_000)
    parser.add_argument("--periods", type=int, default=1)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--memory", default=DEFAULT_MEMORY, help="limit of DuckDB")
    parser.add_argument("--engines", nargs="*", default=["duckdb", "polars"])
    parser.add_argument("--folder", type=Path, help="records made before")
    parser.add_argument("--one", help="count once with this engine, in this process")
    given = parser.parse_args()
    if given.one:
        _count_once(given.one, given.folder, given.memory)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if given.folder is None:
            write_records(folder, given.rows, periods=given.periods)
        for engine in given.engines:
            _measure(engine, folder, given.memory, given.times)


def _count_once(engine: str, folder: Path, memory: str) -> None:
    begin = time.perf_counter()
    people = count_with_duckdb(folder, memory) if engine == "duckdb" else count_with_polars(folder)
    seconds = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(people, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def _measure(engine: str, folder: Path, memory: str, times: int) -> None:
    command = [
        sys.executable,
        "-m",
        "bench.count_records",
        "--one",
        engine,
        "--folder",
        folder,
        "--memory",
        memory,
    ]
    runs = []
    for _ in range(times):
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this file itself
        runs.append([float(number) for number in done.stdout.split()[-4:]])
    people, seconds, busy, peak = (
        statistics.median(numbers) for numbers in zip(*runs, strict=True)
    )
    print(
        f"{engine}: {people:,.0f} people, {seconds:.1f} s ({busy:.1f} s of both cores together), "
        f"peak {peak / 1e9:.2f} GB; median of {times}"
    )
    if engine == "duckdb" and (seconds > _LIMIT_SECONDS or peak > _LIMIT_BYTES):
        print(f"over the limit of {_LIMIT_SECONDS} s or {_LIMIT_BYTES / 1e9:.0f} GB")


if __name__ == "__main__":
    main()
