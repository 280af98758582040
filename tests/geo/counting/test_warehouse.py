"""Records that stay where they are: every engine counts as a file is counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_servers import need_spark, postgresql
from factories import a_gazetteer, an_identity
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.core.segments import to_programme_keys, to_segment_keys
from geo.counting import encoded_counting as numbered
from geo.counting import record_stream as reading
from geo.counting.columns import find_columns
from geo.counting.count import Counts, count_people
from geo.counting.engines import count_bytes, open_engine
from geo.counting.warehouse import count_stored

# Spark's Python side leaves its socket to the end of the process.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
TEXTS: dict[str, list[Any]] = {
    "periode": ["2024-04", "2024-10", "2024-10", None, "semua"],
    "nik": [*(an_identity(n) for n in range(40)), None, "", "-"],
    "kode_desa": ["", "", None, "62.05.01.2002", "62.05.02.2001", "6205012002", "62.99.01.2001"],
    "desa": ["", "-", "Hajak", "Ds. Lemo I", "LEMO  II", "Nowhere", None],
    "kecamatan": ["", "Montallat", "Kec. Gunung Timang", "Elsewhere"],
    "segmen": ["PU", "BPU", "RT/RW", "rt/rw", "", None],
    "program": ["JKK,JKM", "JKM JKK", "JKK,JKM,JHT", "", None],
    "status": ["AKTIF", "AKTIF", "AKTIF", "NONAKTIF", None],
    "tmt": ["2023-02-01", "2023-03-01", "2023-03-01", None],
}


def draw(rows: int, seed: int) -> pd.DataFrame:
    """Records in which people meet themselves again, move, and are misspelt."""
    rng = np.random.default_rng(seed)
    table = {name: [values[i] for i in rng.integers(len(values), size=rows)]
             for name, values in TEXTS.items()}  # fmt: skip
    return as_dates(pd.DataFrame(table))


def as_dates(table: pd.DataFrame) -> pd.DataFrame:
    days = [pd.Timestamp(text).date() if text else None for text in table["tmt"]]
    return table.astype("object").assign(tmt=pd.Series(days, dtype="object"))


def normal_form(table: pd.DataFrame) -> pd.DataFrame:
    """The same records as a file's reading has them."""
    text = table.drop(columns="tmt").fillna("").astype("str")
    known = ~text["nik"].isin(["", "-", "0"])
    sound = text["periode"].str.startswith("2024")
    status = text["status"]
    outcome = np.select(
        [~known, ~sound, status == "", status == "NONAKTIF"],
        ["no_identity", "no_period", "unknown_status", "inactive"],
        "active",
    )
    return pd.DataFrame(
        {
            "period": text["periode"].where(sound, ""),
            "identity": text["nik"].where(outcome == "active", ""),
            "code": text["kode_desa"],
            "village": text["desa"],
            "subdistrict": text["kecamatan"],
            "segment": to_segment_keys(text["segmen"]),
            "programmes": to_programme_keys(text["program"]),
            "start": pd.to_datetime(table["tmt"]).astype("datetime64[s]"),
            "outcome": outcome,
            "people": 1,
            "rows": 1,
        }
    )


def same(one: Counts, other: Counts) -> None:
    for name in ("people", "matches", "unmatched"):
        tables = [getattr(counts, name) for counts in (one, other)]
        keys = [c for c in tables[0].columns if c not in ("rows", "people")]
        pd.testing.assert_frame_equal(
            *(t.sort_values(keys, ignore_index=True) for t in tables), check_dtype=False
        )
    pd.testing.assert_frame_equal(one.rows, other.rows, check_dtype=False)
    pd.testing.assert_series_equal(one.moved, other.moved, check_dtype=False)
    pd.testing.assert_series_equal(one.claimed, other.claimed, check_dtype=False)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with postgresql(tmp_path_factory.mktemp("pg")) as address, open_engine(address) as engine:
        yield engine


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    with open_engine(need_spark()) as engine:
        yield engine


@pytest.fixture(params=["embedded", "servers", "spark"])
def engine(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def put(engine: Any, table: pd.DataFrame, folder: Path) -> Any:
    """The records as a table of the engine."""
    import ibis

    columns = {
        name: pa.array([None if pd.isna(v) else v for v in values],
                       pa.date32() if name == "tmt" else pa.string())
        for name, values in table.items()
    }  # fmt: skip
    if engine.name == "postgres":
        return engine.create_table("peserta", ibis.memtable(pa.table(columns)), overwrite=True)
    pq.write_table(pa.table(columns), folder / "peserta.parquet")
    return engine.read_parquet(folder / "peserta.parquet")


def count(engine: Any, table: pd.DataFrame, folder: Path) -> Counts:
    stored = put(engine, table, folder)
    return count_stored(stored, find_columns(stored.columns, {}), a_gazetteer())


def test_every_engine_counts_as_a_file_is_counted(engine: Any, tmp_path: Path) -> None:
    table = draw(600, 7)
    same(count(engine, table, tmp_path), count_people(normal_form(table), a_gazetteer()))


@settings(max_examples=6)
@given(rows=st.integers(1, 40), seed=st.integers(0, 2**32 - 1))
def test_the_expression_and_the_file_import_agree(
    embedded: Any, tmp_path: Path, rows: int, seed: int
) -> None:
    table = draw(rows, seed).assign(nik=lambda t: t["nik"].where(t.index % 2 == 0, an_identity(1)))
    same(count(embedded, table, tmp_path), count_people(normal_form(table), a_gazetteer()))


def test_people_of_one_record_are_counted_where_it_says(embedded: Any, tmp_path: Path) -> None:
    people = [an_identity(n if n % 10 else n // 20) for n in range(3_000)]
    table = draw(len(people), 17).assign(nik=people, periode="2024-10")
    same(count(embedded, table, tmp_path), count_people(normal_form(table), a_gazetteer()))


def test_spaces_around_an_identity_make_no_other_person(engine: Any, tmp_path: Path) -> None:
    table = draw(200, 11)
    around = (("", ""), (" ", ""), ("", "\t"), ("  ", "\n"))
    spaced = [nik.join(around[n % 4]) for n, nik in enumerate(table["nik"].fillna("-"))]
    counted = count(engine, table.assign(nik=spaced), tmp_path)
    same(counted, count_people(normal_form(table), a_gazetteer()))


@pytest.mark.parametrize("nik", [" {}", "{}\f", "\x01{}", "{}\x1f", "9{} 9"])
def test_an_identity_is_stripped_of_spaces_alone(embedded: Any, tmp_path: Path, nik: str) -> None:
    people = [an_identity(n % 30) for n in range(60)]
    plain = draw(60, 19).assign(
        nik=people, periode="2024-10", status="AKTIF", kode_desa="62.05.01.2002"
    )
    given = plain.assign(nik=[nik.format(p) if n == 59 else p for n, p in enumerate(plain["nik"])])
    others = plain["nik"].where(plain.index < 59, nik.format(plain["nik"].iloc[59]).strip(" \f"))
    told = count_people(normal_form(plain.assign(nik=others)), a_gazetteer())
    same(count(embedded, given, tmp_path), told)


def test_spaces_are_found_in_whichever_part_of_the_people_they_are(
    embedded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that the records are read in four parts.
    monkeypatch.setattr(numbered, "_READ_BYTES", count_bytes(embedded) // 60)
    people = [an_identity(n % 90) for n in range(200)]
    plain = draw(200, 29).assign(nik=people, periode="2024-10", status="AKTIF")
    told = count_people(normal_form(plain), a_gazetteer())
    for padded in range(110, 200, 9):
        given = [f" {nik}" if n == padded else nik for n, nik in enumerate(plain["nik"])]
        same(count(embedded, plain.assign(nik=given), tmp_path), told)


def test_spellings_that_come_late_are_found(
    embedded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_FIRST", 3)
    table = draw(300, 23)
    same(count(embedded, table, tmp_path), count_people(normal_form(table), a_gazetteer()))


def test_identities_may_be_whole_numbers(embedded: Any, tmp_path: Path) -> None:
    table = draw(200, 13)
    numbers = pa.array([int(nik) if nik.isdigit() else 0 for nik in table["nik"].fillna("")])
    stored = put(embedded, table, tmp_path).to_pyarrow()
    at = stored.schema.get_field_index("nik")
    pq.write_table(stored.set_column(at, "nik", numbers), tmp_path / "numbers.parquet")
    read = embedded.read_parquet(tmp_path / "numbers.parquet")
    counted = count_stored(read, find_columns(read.columns, {}), a_gazetteer())
    same(counted, count_people(normal_form(table), a_gazetteer()))
