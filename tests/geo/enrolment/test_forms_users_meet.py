"""Forms that offices often send: a sheet a subdistrict, months or sexes in columns, NIK with .0."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import a_gazetteer, an_identity
from sheet_factories import PLAIN, plain_row, write_text, write_xlsx

from geo.counting.count import count_people
from geo.enrolment.reading import EnrolmentReading, read_enrolment

HEAD = ("NIK", "DESA", "STATUS")


def read(path: Path, **options: object) -> EnrolmentReading:
    return read_enrolment(path, **({"period": "2024-10", "covers": "all"} | options))  # type: ignore[arg-type]


def people(reading: EnrolmentReading) -> dict[str, int]:
    table = count_people(reading.records, a_gazetteer()).people
    return table.groupby("code")["people"].sum().to_dict()


def test_a_sheet_a_subdistrict_is_one_table(tmp_path: Path) -> None:
    sheets = {
        "Kec. Montallat": [HEAD, (an_identity(1), "Hajak", "AKTIF")],
        "2. Gunung Timang": [
            ("DAFTAR PESERTA", "", ""),
            HEAD,
            (an_identity(2), "Hajak", "AKTIF"),
            (an_identity(3), "Liju", "AKTIF"),
        ],
        "Catatan": [("diisi oleh kecamatan",)],
    }
    reading = read(write_xlsx(tmp_path / "a.xlsx", sheets))
    assert people(reading) == {"62.05.01.2003": 1, "62.05.02.3003": 1, "62.05.02.2001": 1}
    assert reading.tally.rows == 3
    assert "Kec. Montallat, 2. Gunung Timang" in str(reading.notes[0].facts["names"])
    alone = read(tmp_path / "a.xlsx", sheet="Kec. Montallat")
    assert alone.tally.rows == 1


def test_a_sheet_a_month_keeps_the_months_apart(tmp_path: Path) -> None:
    sheets = {
        name: [PLAIN, plain_row(number)]
        for number, name in enumerate(("September 2024", "Oktober 2024"))
    }
    reading = read_enrolment(write_xlsx(tmp_path / "a.xlsx", sheets), covers="all")
    assert reading.records["period"].tolist() == ["2024-09", "2024-10"]


def test_sheets_of_other_tables_are_not_added(tmp_path: Path) -> None:
    sheets = {
        "Data": [PLAIN, plain_row(1)],
        "Rekap": [("DESA", "JUMLAH PESERTA"), ("Hajak", 1)],
    }
    reading = read(write_xlsx(tmp_path / "a.xlsx", sheets))
    assert (reading.sheet, reading.tally.rows) == ("Data", 1)


def test_men_and_women_are_added(tmp_path: Path) -> None:
    rows = [
        ("DESA", "KECAMATAN", "LAKI-LAKI", "PEREMPUAN"),
        ("Hajak", "Montallat", "3", "4"),
        ("Lemo I", "Montallat", "", "5"),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert people(reading) == {"62.05.01.2003": 7, "62.05.01.1001": 5}
    assert "repeated_count" not in set(reading.fixes["reason"])
    total = [("DESA", "KECAMATAN", "L", "P", "JUMLAH"), ("Hajak", "Montallat", "3", "4", "7")]
    assert people(read(write_text(tmp_path / "b.csv", total))) == {"62.05.01.2003": 7}


@pytest.mark.parametrize(
    ("months", "title"),
    [
        (("Sep 2024", "Okt 2024"), ""),
        (("Sep-24", "Oct-24"), ""),
        (("2024-09", "2024-10"), ""),
        (("September", "Oktober"), "PESERTA TAHUN 2024"),
    ],
)
def test_months_in_columns_become_periods(
    tmp_path: Path, months: tuple[str, str], title: str
) -> None:
    rows = [(title, "", "", "")] if title else []
    rows += [("DESA", "KECAMATAN", *months), ("Hajak", "Montallat", "3", "4")]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows), covers="all")
    sums = reading.records.groupby("period")["people"].sum().to_dict()
    assert sums == {"2024-09": 3, "2024-10": 4}
    assert reading.tally.rows == 1


def test_an_identity_that_went_through_a_number_and_lost_nothing_is_used(tmp_path: Path) -> None:
    rows = [PLAIN, *(plain_row(0, NIK=f"62050115039000{at:02}.0") for at in range(1, 9))]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert reading.tally.candidates == 8
    assert reading.records["identity"][0] == "6205011503900001"


def test_identities_whose_last_digit_is_lost_are_damaged(tmp_path: Path) -> None:
    rows = [PLAIN, *(plain_row(0, NIK=f"62050115039{at:02}000.0") for at in range(1, 9))]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert reading.tally.rejected == {"damaged_identity": 8}


def test_of_two_codes_side_by_side_that_of_kemendagri_is_used(tmp_path: Path) -> None:
    rows = [
        ("NIK", "KODE BPS", "KODE KEMENDAGRI"),
        (an_identity(1), "6205010006", "62.05.01.2003"),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert people(reading) == {"62.05.01.2003": 1}
