"""Dates under a yes, periods in two columns, and denominators beside counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import an_identity
from sheet_factories import AGENTS, PLAIN, plain_row, write_text

from geo.enrolment.reading import EnrolmentReading, read_enrolment


def read(path: Path, **options: object) -> EnrolmentReading:
    return read_enrolment(path, **({"period": "2024-10"} | options))  # type: ignore[arg-type]


def roles(reading: EnrolmentReading) -> dict[str, str]:
    return {c.role: c.name for c in reading.columns if c.role != "ignored"}


def test_a_date_under_registered_means_a_member_since_then(tmp_path: Path) -> None:
    def row(person: int, registered: object) -> tuple[object, ...]:
        return ("ANI", "TEWEH BARU", "HAJAK", "1", an_identity(person), "", "P1", registered)

    told = ["25-01-2023", "03-02-2024", "YA", "BELUM", "", "entah", "22 Oktober 2024"]
    path = write_text(tmp_path / "a.csv", [AGENTS, *map(row, range(1, 8), told)])
    reading = read(path)
    assert reading.questions == ()
    outcomes = ["active"] * 3 + ["inactive"] + ["unknown_status"] * 2 + ["active"]
    assert reading.records["outcome"].tolist() == outcomes
    assert reading.records["segment"].unique().tolist() == ["bpu"]
    since = reading.records["start"].dt.strftime("%Y-%m-%d").fillna("").tolist()
    assert since == ["2023-01-25", "2024-02-03", "", "", "", "", "2024-10-22"]
    assert "bad_date" not in set(reading.fixes["reason"])


def test_dates_under_registered_may_be_asked_about_and_stand_beside_a_start(
    tmp_path: Path,
) -> None:
    row = ("ANI", "TEWEH BARU", "HAJAK", "1", an_identity(1), "", "P1", "03-02-2024")
    asked = read(write_text(tmp_path / "a.csv", [AGENTS, row]))
    assert [question.column for question in asked.questions] == ["TERDAFTAR BPU"]
    assert asked.tally.candidates == 1
    day = read(tmp_path / "a.csv", styles={"TERDAFTAR BPU": "mdy"}).records["start"][0]
    assert (day.month, day.day) == (3, 2)
    rows = [(*AGENTS, "TMT"), (*row, "2020-05-06")]
    beside = read(write_text(tmp_path / "b.csv", rows))
    assert beside.tally.candidates == 1
    assert beside.records["start"][0].year == 2020


@pytest.mark.parametrize("month", ["10", "Oktober", "OKT", "October", "Okt."])
def test_a_year_and_a_month_are_a_period(tmp_path: Path, month: str) -> None:
    rows = [
        ("TAHUN", "BULAN", *PLAIN),
        ("2024", month, *plain_row(1)),
        ("2024", "9", *plain_row(2)),
        ("2024", "13", *plain_row(3)),
        ("", "9", *plain_row(4)),
    ]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows))
    assert reading.records["period"].tolist()[:2] == ["2024-10", "2024-09"]
    assert reading.tally.rejected == {"no_period": 2}
    assert reading.fixes["column"].tolist() == ["BULAN", "BULAN"]
    assert reading.questions == ()


def test_a_month_alone_is_no_period_and_a_full_one_wins(tmp_path: Path) -> None:
    alone = write_text(tmp_path / "a.csv", [("BULAN", *PLAIN), ("10", *plain_row(1))])
    asked = read_enrolment(alone)
    assert roles(asked)["month"] == "BULAN"  # kept, so that other months are not added up
    assert [question.kind for question in asked.questions] == ["period"]
    rows = [("TAHUN", "BULAN", "PERIODE", *PLAIN), ("2023", "1", "2024-10", *plain_row(1))]
    both = read_enrolment(write_text(tmp_path / "b.csv", rows))
    assert both.records["period"].tolist() == ["2024-10"]
    assert "year" not in roles(both)


def test_eligible_workers_beside_counts_are_said_not_to_be_taken(tmp_path: Path) -> None:
    rows = [("DESA", "KECAMATAN", "PESERTA", "JUMLAH ANGKATAN KERJA"), ("Hajak", "X", 7, 20)]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert reading.records["people"].tolist() == [7]
    assert any(note.facts == {"column": "JUMLAH ANGKATAN KERJA"} for note in reading.notes)
