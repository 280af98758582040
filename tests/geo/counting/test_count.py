"""Counting: every row and person is somewhere, once, and nobody's identity is anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from factories import (
    VILLAGES,
    a_gazetteer,
    a_row,
    an_identity,
    count_rows,
    in_village,
    records_of,
    write_workers,
)
from hypothesis import given
from hypothesis import strategies as st

from geo.audit.source_rows import describe_rows, select_rows
from geo.counting.count import Counts, Trace, count_people
from geo.enrolment.reading import read_records
from geo.measures.dataset import Dataset

# Few values, so that people meet themselves again, move, and are misspelt.
workers = st.fixed_dictionaries(
    {
        "PERIODE": st.sampled_from(["2024-04", "2024-10", "2024-10", "", "JUMLAH"]),
        "NIK": st.sampled_from([*(an_identity(n) for n in range(4)), "", "-", "123", "9.9E+15"]),
        "KODE_DESA": st.sampled_from(["", "", *VILLAGES, "6205012002", "62.99.01.2001"]),
        "DESA": st.sampled_from(["", "-", "Hajak", "Ds. Lemo I", "LEMO  II", "Nowhere"]),
        "KECAMATAN": st.sampled_from(["", "Montallat", "Kec. Gunung Timang", "Elsewhere"]),
        "SEGMEN": st.sampled_from(["PU", "BPU", "RT/RW", "rt/rw", ""]),
        "PROGRAM": st.sampled_from(["JKK,JKM", "JKM JKK", "JKK,JKM,JHT", ""]),
        "STATUS": st.sampled_from(["AKTIF", "AKTIF", "AKTIF", "NONAKTIF", ""]),
        "TANGGAL_KEPESERTAAN": st.sampled_from(["01-02-2023", "01-03-2023", "", "32-13-2023"]),
    }
)
files = st.lists(workers, min_size=1, max_size=25)


def tables(counts: Counts) -> list[pd.DataFrame]:
    return [counts.people, counts.rows.reset_index(), counts.matches, counts.unmatched]


def cells(counts: Counts) -> list[Any]:
    return [cell for table in tables(counts) for cell in [*table.columns, *table.to_numpy().flat]]


@given(rows=files)
def test_what_holds_of_every_file(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    """One reading and counting of each file, of which all of this must be true."""
    records = records_of(tmp_path, rows)
    counts = count_people(records, a_gazetteer())
    check_every_row_is_in_exactly_one_outcome(rows, counts)
    check_people_are_the_distinct_active_identities(rows, counts)
    check_matched_ambiguous_and_unmatched_rows_are_the_active_ones(records, counts)
    check_no_identity_is_in_any_cell(counts)
    assert counts.trace is not None
    check_every_number_opens_exactly_its_rows(records, counts, counts.trace)
    check_the_rows_of_moved_people_are_all_of_theirs(records, counts, counts.trace)
    check_no_identity_is_in_the_rows_shown(rows, records, counts.trace)


def check_every_row_is_in_exactly_one_outcome(rows: list[dict[str, str]], counts: Counts) -> None:
    assert counts.rows.to_numpy().sum() == len(rows)


def check_people_are_the_distinct_active_identities(
    rows: list[dict[str, str]], counts: Counts
) -> None:
    sound = {
        (row["PERIODE"], row["NIK"])
        for row in rows
        if row["PERIODE"].startswith("2024")
        and row["STATUS"] == "AKTIF"
        and len(row["NIK"]) == len(an_identity(1))
    }
    assert counts.people["people"].sum() == len(sound)
    assert counts.matches["people"].sum() == len(sound)


def check_matched_ambiguous_and_unmatched_rows_are_the_active_ones(
    records: pd.DataFrame, counts: Counts
) -> None:
    active = (records["outcome"] == "active").sum()
    lost = counts.matches[counts.matches["outcome"] != "matched"]
    assert counts.matches["rows"].sum() == active
    assert counts.unmatched[["rows", "people"]].sum().eq(lost[["rows", "people"]].sum()).all()


def check_no_identity_is_in_any_cell(counts: Counts) -> None:
    said = "\n".join(map(str, cells(counts)))
    assert not any(an_identity(n) in said for n in range(4))


def check_every_number_opens_exactly_its_rows(
    records: pd.DataFrame, counts: Counts, trace: Trace
) -> None:
    for period, line in counts.rows.iterrows():
        for outcome, count in line.items():
            chosen = select_rows(records, trace, str(outcome)) & (trace.rows["period"] == period)
            assert records["rows"][chosen].sum() == count
    everybody = select_rows(records, trace, "people")
    assert records["people"][everybody].sum() == counts.people["people"].sum()
    for name, people in counts.matches.groupby("outcome")["people"].sum().items():
        found = select_rows(records, trace, str(name))
        assert records["people"][found].sum() == people
        assert not (found & ~everybody).any()


def check_the_rows_of_moved_people_are_all_of_theirs(
    records: pd.DataFrame, counts: Counts, trace: Trace
) -> None:
    moved = records[select_rows(records, trace, "moved")]
    assert moved.drop_duplicates(["period", "identity"]).shape[0] == counts.moved.sum()
    active = records[records["outcome"] == "active"]
    theirs = active.merge(moved[["period", "identity"]].drop_duplicates())
    assert sorted(theirs["row"]) == sorted(moved["row"])


def check_no_identity_is_in_the_rows_shown(
    rows: list[dict[str, str]], records: pd.DataFrame, trace: Trace
) -> None:
    shown = describe_rows(records, trace, select_rows(records, trace, "rows"))
    assert len(shown) == len(rows)
    assert "identity" not in trace.rows
    said = shown.to_csv() + trace.places.to_csv()
    assert not any(an_identity(n) in said for n in range(4))


@given(rows=files, seed=st.integers(0, 2**16))
def test_order_of_rows_changes_nothing(
    tmp_path: Path, rows: list[dict[str, str]], seed: int
) -> None:
    records = records_of(tmp_path, rows)
    shuffled = records.sample(frac=1, random_state=seed).reset_index(drop=True)
    first, second = count_people(records, a_gazetteer()), count_people(shuffled, a_gazetteer())
    for one, other in zip(tables(first), tables(second), strict=True):
        keys = list(one.columns)
        pd.testing.assert_frame_equal(
            one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True)
        )


@pytest.mark.parametrize("column", ["DESA", "KECAMATAN", "KODE_DESA", "SEGMEN", "PROGRAM"])
def test_an_identity_in_the_wrong_column_is_not_kept(tmp_path: Path, column: str) -> None:
    lost = {"KODE_DESA": "", "DESA": "Nowhere"}
    counts = count_rows(tmp_path, [a_row(**(lost | {column: an_identity(7)}))])
    assert an_identity(7) not in "\n".join(map(str, cells(counts)))
    assert counts.people["people"].sum() == 1


def test_no_identity_of_the_sample_is_kept(sample: Dataset) -> None:
    said = pd.Series(cells(sample.counts)).astype("str")
    assert not said.str.contains(r"\d{11,}", regex=True).any()


def test_a_person_counts_once_in_repeated_rows(tmp_path: Path) -> None:
    counts = count_rows(tmp_path, [a_row(), a_row(), a_row(2)])
    assert counts.people["people"].tolist() == [2]
    assert counts.rows.loc["2024-10", ["counted", "duplicate"]].tolist() == [2, 1]


def test_two_segments_are_one_combination(tmp_path: Path) -> None:
    counts = count_rows(tmp_path, [a_row(SEGMEN="RT/RW"), a_row(PROGRAM="JHT JKM,JKK")])
    assert counts.people["combination"].tolist() == ["pu:jht+jkk+jkm|rt_rw:jkk+jkm"]
    assert counts.people["people"].tolist() == [1]


def test_the_village_of_the_latest_start_wins(tmp_path: Path) -> None:
    old = in_village("62.05.01.2002", TANGGAL_KEPESERTAAN="31-12-2022")
    new = in_village("62.05.02.2001", SEGMEN="BPU", TANGGAL_KEPESERTAAN="01-01-2023")
    undated = in_village("62.05.01.1001", SEGMEN="BPD", TANGGAL_KEPESERTAAN="")
    people = count_rows(tmp_path, [old, new, undated]).people
    assert people["code"].tolist() == ["62.05.02.2001"]


def test_of_equal_starts_a_village_wins_over_its_subdistrict(tmp_path: Path) -> None:
    vague = a_row(KODE_DESA="", DESA="-", SEGMEN="BPU")
    people = count_rows(tmp_path, [vague, in_village("62.05.02.2001")]).people
    assert people["code"].tolist() == ["62.05.02.2001"]


def test_the_same_person_counts_in_each_period(tmp_path: Path) -> None:
    counts = count_rows(tmp_path, [a_row(), a_row(PERIODE="2024-04")])
    assert counts.people.set_index("period")["people"].to_dict() == {"2024-04": 1, "2024-10": 1}


def test_how_a_person_was_matched_does_not_hang_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [a_row(), a_row(KODE_DESA=""), a_row(KODE_DESA="", KECAMATAN="Kec. Montallat")]
    first, second = count_rows(tmp_path, rows), count_rows(tmp_path, rows[::-1])
    pd.testing.assert_frame_equal(first.matches, second.matches)


def test_inactive_members_are_counted_as_rows_only(tmp_path: Path) -> None:
    counts = count_rows(tmp_path, [a_row(), a_row(2, STATUS="NONAKTIF")])
    assert counts.people["people"].sum() == 1
    assert counts.rows.loc["2024-10", "inactive"] == 1


def test_a_file_without_a_single_active_member_counts_nobody(tmp_path: Path) -> None:
    counts = count_rows(tmp_path, [a_row(STATUS="NONAKTIF"), a_row(NIK="-")])
    assert counts.people.empty
    assert counts.rows.loc["2024-10", ["inactive", "no_identity"]].tolist() == [1, 1]


def test_unmatched_spellings_are_listed_with_rows_and_people(tmp_path: Path) -> None:
    lost = {"KODE_DESA": "", "DESA": "Sangkurang"}
    counts = count_rows(tmp_path, [a_row(**lost), a_row(**lost), a_row(2, **lost), a_row(3)])
    (line,) = counts.unmatched.to_dict("records")
    assert (line["village"], line["rows"], line["people"]) == ("Sangkurang", 3, 2)
    assert line["outcome"] == "unmatched"


def test_synthetic_identities_are_recognised(tmp_path: Path) -> None:
    assert count_rows(tmp_path, [a_row()]).synthetic
    assert not count_rows(tmp_path, [a_row(NIK="6205010000000001")]).synthetic


def test_several_files_are_counted_together(tmp_path: Path) -> None:
    write_workers(tmp_path, [a_row()], name="workers_2024-04.csv")
    write_workers(tmp_path, [a_row(PERIODE="2023-10")], name="workers_2023-10.csv")
    counts = count_people(read_records(tmp_path, covers="all"), a_gazetteer())
    assert sorted(counts.people["period"]) == ["2023-10", "2024-10"]
