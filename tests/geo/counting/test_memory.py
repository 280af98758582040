"""The embedded engine keeps to its memory, and writes nothing to disk."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from factories import a_gazetteer

from bench.make_records import write_records
from geo.core.errors import EngineProblem
from geo.counting.columns import find_columns
from geo.counting.count import Counts
from geo.counting.engines import count_bytes, open_engine
from geo.counting.warehouse import count_stored


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two periods of 300,000 rows each."""
    folder = tmp_path_factory.mktemp("many")
    write_records(folder, 600_000, periods=2, files=2)
    return folder


def count(records: str, memory: str) -> Counts:
    with open_engine("duckdb", memory) as engine:
        table = engine.read_parquet(records)
        return count_stored(table, find_columns(table.columns, {}), a_gazetteer())


@pytest.mark.parametrize("period", ["*", "period=2024-12"])
def test_with_little_memory_the_same_is_counted_in_parts(
    period: str, records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = tmp_path.stat().st_mtime_ns
    named = f"{records}/{period}/*.parquet"
    little, much = count(named, "110MB"), count(named, "1GB")
    assert little.people.equals(much.people)
    assert little.moved.equals(much.moved)
    # Nor was anything there that is gone again.
    assert tmp_path.stat().st_mtime_ns == before


def test_what_does_not_fit_is_said_instead_of_written(records: Path) -> None:
    with pytest.raises(EngineProblem, match="Out of Memory"):
        count(f"{records}/*/*.parquet", "20MB")


def test_there_is_no_folder_to_spill_to() -> None:
    with open_engine("duckdb", "1GB") as engine:
        engine.raw_sql("CREATE TABLE held AS SELECT range AS number FROM range(1000)")
        told = engine.raw_sql("SELECT current_setting('temp_directory')").fetchone()
        spilt = engine.raw_sql("SELECT count(*) FROM duckdb_temporary_files()").fetchone()
    assert (told, spilt) == (("",), (0,))


def test_the_limit_is_read_back() -> None:
    with open_engine("duckdb", "1500MB") as engine:
        assert count_bytes(engine) == pytest.approx(1.5e9, rel=0.1)
