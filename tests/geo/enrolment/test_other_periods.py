"""Tables that speak of several years or months: no number of people is ever added across them."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import a_gazetteer, an_identity
from sheet_factories import write_text

from geo.counting.count import count_people
from geo.enrolment.reading import EnrolmentReading, read_enrolment

YEARS = [
    ("TAHUN", "DESA", "KECAMATAN", "JUMLAH PESERTA"),
    *((year, "Hajak", "Montallat", people) for year, people in (("2022", 10), ("2023", 20))),
    ("2024", "Hajak", "Montallat", 30),
    ("2024", "Lemo I", "Montallat", 5),
]
MONTHS = [
    ("BULAN", "DESA", "KECAMATAN", "JUMLAH PESERTA"),
    ("September", "Hajak", "Montallat", 7),
    ("Oktober", "Hajak", "Montallat", 9),
]


def people_of(reading: EnrolmentReading) -> int:
    return int(count_people(reading.records, a_gazetteer()).people["people"].sum())


@pytest.mark.parametrize(
    ("period", "people", "others"), [("2024-10", 35, 2), ("2023-10", 20, 3), ("2021-10", 0, 4)]
)
def test_years_are_never_added_up(tmp_path: Path, period: str, people: int, others: int) -> None:
    path = write_text(tmp_path / "rekap.csv", YEARS)
    reading = read_enrolment(path, period=period, covers="all")
    assert people_of(reading) == people
    assert reading.tally.rejected == ({"other_period": others} if others else {})
    assert reading.tally.rows == len(YEARS) - 1
    assert any("2022, 2023, 2024" in str(note.facts.get("values")) for note in reading.notes)


def test_the_year_of_the_file_name_decides_as_well(tmp_path: Path) -> None:
    path = write_text(tmp_path / "rekap oktober 2024.csv", YEARS)
    assert people_of(read_enrolment(path, covers="all")) == 35


def test_the_period_is_asked_for_where_nothing_says_it(tmp_path: Path) -> None:
    reading = read_enrolment(write_text(tmp_path / "rekap.csv", YEARS), covers="all")
    assert [question.kind for question in reading.questions] == ["period"]


def test_months_without_a_year_are_never_added_up(tmp_path: Path) -> None:
    path = write_text(tmp_path / "rekap.csv", MONTHS)
    assert people_of(read_enrolment(path, period="2024-10", covers="all")) == 9


def test_year_and_month_together_say_the_period_of_each_row(tmp_path: Path) -> None:
    rows = [("TAHUN", *MONTHS[0]), *(("2024", *row) for row in MONTHS[1:])]
    reading = read_enrolment(write_text(tmp_path / "rekap.csv", rows), covers="all")
    assert reading.records.groupby("period")["people"].sum().to_dict() == {
        "2024-09": 7,
        "2024-10": 9,
    }


def test_people_of_several_years_count_once_and_that_is_said(tmp_path: Path) -> None:
    rows = [
        ("TAHUN", "NIK", "DESA", "KECAMATAN"),
        *((year, an_identity(1), "Hajak", "Montallat") for year in ("2023", "2024")),
    ]
    path = write_text(tmp_path / "peserta.csv", rows)
    reading = read_enrolment(path, period="2024-10", covers="all")
    assert people_of(reading) == 1
    assert any("count once" in note.message for note in reading.notes)
