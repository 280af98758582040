"""What the embedded engine puts on disk where memory is short: never an identity."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from factories import a_gazetteer

from bench.make_records import write_records
from geo.warehouse import counting
from geo.warehouse.columns import find_columns
from geo.warehouse.engines import open_engine

IDENTITY = re.compile(rb"99[0-9]{14}")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("many")
    write_records(folder, 1_200_000, files=2)
    return f"{folder}/*/*.parquet"


@contextmanager
def watched(folder: Path) -> Iterator[dict[str, int]]:
    """Bytes and identities seen in the files of a folder while they are there."""
    seen, done = {"bytes": 0, "identities": 0}, Event()

    def look() -> None:
        while not done.wait(0.1):
            for file in [path for path in folder.rglob("*") if path.is_file()]:
                try:
                    held = file.read_bytes()
                except FileNotFoundError:
                    continue
                seen["bytes"] += len(held)
                seen["identities"] += len(IDENTITY.findall(held))

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def count_watched(records: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with watched(folder) as seen, open_engine("duckdb", "80MB") as engine:
        table = engine.read_parquet(records)
        counts = counting.count_stored(table, find_columns(table.columns, {}), a_gazetteer())
    assert counts.rows.to_numpy().sum() == 1_200_000
    return seen


def test_what_is_spilt_has_no_identity(
    records: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = count_watched(records, tmp_path, monkeypatch)
    assert seen["bytes"] > 1_000_000
    assert seen["identities"] == 0
    assert not list(tmp_path.iterdir())


def test_an_identity_that_is_spilt_would_be_seen(
    records: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "tell_apart", lambda records, padded: records["identity"])
    assert count_watched(records, tmp_path, monkeypatch)["identities"] > 0
