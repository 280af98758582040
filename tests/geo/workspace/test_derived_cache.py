"""What is kept between two starts is what would be worked out again, and holds nobody's records."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal, assert_series_equal

from geo.core.defaults import SAMPLE_ENROLMENT
from geo.counting.count import Counts
from geo.gazetteer.search import search_places
from geo.measures import dataset
from geo.measures.dataset import Dataset, open_dataset
from geo.workspace import derived_cache as kept

Spoil = Callable[[Path], object]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache in which a first start left what it worked out."""
    first = open_dataset(cache=tmp_path / "cache")
    assert first.search
    return tmp_path / "cache"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is worked out from now on."""
    done: list[str] = []
    for module, name in ((dataset, "count_people"), (kept, "build_search")):
        work = getattr(module, name)
        monkeypatch.setattr(
            module, name, lambda *a, w=work, n=name, **k: done.append(n) or w(*a, **k)
        )
    return done


def assert_same(counts: Counts, others: Counts) -> None:
    for table in ("people", "rows", "matches", "unmatched"):
        assert_frame_equal(getattr(counts, table), getattr(others, table))
    assert_series_equal(counts.moved, others.moved)
    assert_series_equal(counts.claimed, others.claimed)
    assert counts.synthetic == others.synthetic


def test_a_second_start_works_nothing_out_again_and_has_the_same(
    cache: Path, sample: Dataset, made: list[str]
) -> None:
    again = open_dataset(cache=cache)
    asked = ["hajak", "sei rahayu, teweh", "62.05.0", "teweh baru"]
    found = [search_places(again.search, text) for text in asked]
    assert made == []
    assert_same(again.counts, dataset.count_people(_records(), sample.gazetteer))
    built = kept.build_search(sample.names)
    assert found == [search_places(built, text) for text in asked]
    assert all(found)


def _records() -> pd.DataFrame:
    return dataset.read_records(SAMPLE_ENROLMENT)


def _cut(cache: Path) -> None:
    for table in (cache / "tables").iterdir():
        table.write_bytes(table.read_bytes()[:-9])


def _overwrite(cache: Path) -> None:
    for table in (cache / "tables").iterdir():
        table.write_bytes(b"\0" * table.stat().st_size)


@pytest.mark.parametrize("spoil", [_cut, _overwrite])
def test_what_was_kept_and_is_damaged_is_worked_out_again(
    cache: Path, sample: Dataset, made: list[str], spoil: Spoil
) -> None:
    spoil(cache)
    once_more = open_dataset(cache=cache)
    assert search_places(once_more.search, "hajak")
    assert sorted(made) == ["build_search", "count_people"]
    assert_same(once_more.counts, sample.counts)
    made.clear()
    assert open_dataset(cache=cache).search
    assert made == []


def test_a_cache_that_takes_nothing_is_done_without(cache: Path, made: list[str]) -> None:
    shutil.rmtree(cache / "kept")
    (cache / "kept").write_text("in the way")
    assert len(open_dataset(cache=cache).counts.people)
    assert made == ["count_people"]


def test_a_change_of_the_program_or_of_a_name_is_worked_out_anew(
    cache: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = open_dataset(cache=cache)
    renamed = data.names.where(data.names != "Hajak", "Hayak")
    index = kept.keep_search(data.shapes.prepared.cache, renamed)
    assert search_places(index, "hayak")[0].name == "Hayak"
    monkeypatch.setattr(kept, "_program", lambda: b"another")
    open_dataset(cache=cache)
    assert made == ["build_search", "count_people"]


def test_counts_of_records_of_ones_own_are_never_kept(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE_ENROLMENT, tmp_path / "own")
    open_dataset(enrolment=tmp_path / "own", cache=tmp_path / "cache")
    assert list((tmp_path / "cache" / "kept").iterdir()) == []
