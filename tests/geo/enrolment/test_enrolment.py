"""Worker files: the faults that offices' files have, each seen for what it is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from factories import FIRST, HEADER, a_row, an_identity, records_of, write_workers

from geo.core.errors import ColumnProblem, FileProblem
from geo.enrolment.reading import read_records


def outcome(folder: Path, **fields: str) -> str:
    return records_of(folder, [a_row(**fields)])["outcome"].iloc[0]


def test_a_sound_row_is_read_as_it_is_meant(tmp_path: Path) -> None:
    row = records_of(tmp_path, [a_row(SEGMEN="RT/RW", PROGRAM="JKM,JKK")]).iloc[0]
    assert row[["period", "code", "village"]].tolist() == ["2024-10", FIRST, "Lemo I"]
    assert row[["segment", "programmes"]].tolist() == ["rt_rw", "jkk+jkm"]
    assert row["start"] == pd.Timestamp(2023, 2, 1)
    assert row["outcome"] == "active"


@pytest.mark.parametrize("nik", ["", "-", " ", "tidak ada"])
def test_no_identity(tmp_path: Path, nik: str) -> None:
    assert outcome(tmp_path, NIK=nik) == "no_identity"


@pytest.mark.parametrize(
    "nik",
    ["9.96205E+15", "9962050000000001.0", "996205000000001", "99620500000000012", "9962-0500"],
)
def test_a_damaged_identity_is_flagged_never_mended(tmp_path: Path, nik: str) -> None:
    assert outcome(tmp_path, NIK=nik) == "damaged_identity"


def test_spaces_after_an_identity_do_not_matter(tmp_path: Path) -> None:
    records = records_of(tmp_path, [a_row(NIK=an_identity(1) + "   ")])
    assert records["identity"].tolist() == [an_identity(1)]
    assert records["outcome"].tolist() == ["active"]


def test_a_leading_zero_of_an_identity_is_kept(tmp_path: Path) -> None:
    assert records_of(tmp_path, [a_row(NIK="0" * 15 + "7")])["identity"].tolist() == [
        "0" * 15 + "7"
    ]


@pytest.mark.parametrize("status", ["NONAKTIF", "Non Aktif", "tidak aktif"])
def test_who_is_not_active_is_inactive(tmp_path: Path, status: str) -> None:
    assert outcome(tmp_path, STATUS=status) == "inactive"


@pytest.mark.parametrize("status", ["AKTIF", "aktif ", "Active"])
def test_active_is_said_in_several_ways(tmp_path: Path, status: str) -> None:
    assert outcome(tmp_path, STATUS=status) == "active"


def test_blank_rows_totals_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    rows = [a_row(), {}, dict(zip(HEADER, HEADER, strict=True)), {"PERIODE": "JUMLAH", "NIK": "1"}]
    outcomes = records_of(tmp_path, rows)["outcome"].tolist()
    assert outcomes == ["active", "not_data", "not_data", "not_data"]


def test_a_wholly_blank_line_is_a_row(tmp_path: Path) -> None:
    path = write_workers(tmp_path, [a_row()])
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert read_records(path)["outcome"].tolist() == ["active", "not_data", "not_data"]


def test_headers_of_other_files_are_understood(tmp_path: Path) -> None:
    header = ["Nomor Identitas", "Kelurahan ", "Kecamatan", "Segmen", "Status", "UPAH", "NAMA"]
    row = {
        "Nomor Identitas": an_identity(1),
        "Kelurahan ": "Lemo I",
        "Status": "AKTIF",
        "Segmen": "BPU",
    }
    path = write_workers(tmp_path, [row | {"UPAH": "3000000", "NAMA": "Anyone"}], header=header)
    records = read_records(path)
    assert records[["village", "period", "outcome"]].iloc[0].tolist() == [
        "Lemo I",
        "2024-10",
        "active",
    ]
    assert not records.astype("str").isin(["3000000", "Anyone"]).any(axis=None)


def test_the_period_of_a_row_wins_over_the_name_of_the_file(tmp_path: Path) -> None:
    assert records_of(tmp_path, [a_row(PERIODE="2023-04")])["period"].tolist() == ["2023-04"]


def test_a_file_without_any_period_is_refused(tmp_path: Path) -> None:
    path = write_workers(tmp_path, [a_row()], name="workers_new.csv", header=HEADER[1:])
    with pytest.raises(ColumnProblem, match="says no period"):
        read_records(path)


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    path = write_workers(tmp_path, [a_row()])
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_records(path)["period"].tolist() == ["2024-10"]


def test_a_folder_without_worker_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"workers_\*\.csv"):
        read_records(tmp_path)
