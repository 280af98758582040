"""Files without sound identities: another number, rows as people, numbers by occupation."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import VILLAGES, a_gazetteer, squares, write_layer
from sheet_factories import write_text, write_xlsx
from typer.testing import CliRunner

from geo.cli.main import app
from geo.counting.count import count_people
from geo.enrolment.reading import EnrolmentReading, lacks_identities, read_enrolment
from geo.workspace.periods import Workspace

HEAD = ("NIK", "NO KPJ", "DESA", "KECAMATAN", "STATUS")


def read(path: Path, **options: object) -> EnrolmentReading:
    return read_enrolment(path, **({"period": "2024-10", "covers": "all"} | options))  # type: ignore[arg-type]


def people(reading: EnrolmentReading) -> int:
    return int(count_people(reading.records, a_gazetteer()).people["people"].sum())


def workbook(folder: Path, numbers: list[int], cards: bool = False) -> Path:
    """A workbook whose NIK are numbers; an optional column of card numbers is text."""
    rows = [
        (number, f"{70_000_000_000 + at}" if cards else "", "Hajak", "Montallat", "AKTIF")
        for at, number in enumerate(numbers)
    ]
    return write_xlsx(folder / "peserta.xlsx", {"Data": [HEAD, *rows]})


TYPED = [6_205_011_503_900_010 + 10 * at for at in range(12)]
WRITTEN = [6_205_011_503_900_001 + 7 * at for at in range(12)]


def test_numbers_with_all_digits_are_identities(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, [*WRITTEN, WRITTEN[0]]))
    assert people(reading) == 12
    assert not lacks_identities(reading)


def test_numbers_beyond_what_a_number_can_hold_are_damaged(tmp_path: Path) -> None:
    # Above 2^53 a number takes the place of its neighbour.
    reading = read(workbook(tmp_path, [9_205_011_503_900_001 + 7 * at for at in range(12)]))
    assert reading.tally.rejected == {"damaged_identity": 12}


def test_card_numbers_stand_in_for_identities_that_lost_a_digit(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path, TYPED, cards=True))
    assert people(reading) == 12
    assert [column.role for column in reading.columns[:2]] == ["ignored", "identity"]
    (note,) = [note for note in reading.notes if "spoilt" in note.facts]
    assert note.facts == {"spoilt": "NIK", "column": "NO KPJ"}


def test_rows_are_people_only_when_the_user_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, TYPED)
    reading = read(path)
    assert reading.tally.rejected == {"damaged_identity": 12}
    assert lacks_identities(reading)
    reading = read(path, one_each=True)
    assert people(reading) == 12
    assert reading.records["identity"].eq("").all()
    assert reading.fixes.empty
    assert "One row is counted as one person" in reading.notes[0].message
    assert int(count_people(reading.records, a_gazetteer()).claimed["2024-10"]) == 12


def test_totals_and_inactive_rows_are_no_people(tmp_path: Path) -> None:
    rows = [
        ("NO", "NAMA", "DESA", "KECAMATAN", "STATUS"),
        ("1", "A", "Hajak", "Montallat", "AKTIF"),
        ("2", "B", "Hajak", "Montallat", "NONAKTIF"),
        ("3", "A", "Liju", "Gunung Timang", "AKTIF"),
        ("JUMLAH", "", "", "", "3"),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows), one_each=True)
    assert people(reading) == 2
    assert (reading.tally.inactive, reading.tally.not_data) == (1, 1)


def test_the_command_line_says_it_and_saves_it(tmp_path: Path) -> None:
    rows = [("NAMA", "DESA", "KECAMATAN"), ("A", "Hajak", "Montallat")]
    file = write_text(tmp_path / "peserta 2024-10.csv", rows)
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    words = ["import", file, "--workspace", tmp_path / "w", "--boundaries", layer, "--lang", "en"]
    words += ["--covers", "all", "--accept-unmatched"]
    refused = CliRunner().invoke(app, [str(word) for word in words])
    assert refused.exit_code != 0
    assert "Where one row is one person, give --one-row-one-person." in refused.output
    done = CliRunner().invoke(app, [*map(str, words), "--one-row-one-person"])
    assert done.exit_code == 0, done.output
    assert "One row is counted as one person" in done.output
    saved = Workspace(tmp_path / "w").read_counts("2024-10")
    assert (int(saved.people["people"].sum()), int(saved.claimed["2024-10"])) == (1, 1)


@pytest.mark.parametrize(
    ("extra", "total"), [((), 10), (("JUMLAH",), 10)], ids=["no total", "total"]
)
def test_occupations_in_columns_are_added(
    tmp_path: Path, extra: tuple[str, ...], total: int
) -> None:
    rows = [
        ("DESA", "KECAMATAN", "PETANI/PEKEBUN", "JML NELAYAN", "BURUH HARIAN LEPAS", *extra),
        ("Hajak", "Montallat", "3", "4", "", *("7" for _ in extra)),
        ("Liju", "Gunung Timang", "1", "-", "2", *("3" for _ in extra)),
    ]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert people(reading) == total
    added = [note for note in reading.notes if "occupations" in note.message]
    assert len(added) == (0 if extra else 1)


def test_an_occupation_of_a_worker_is_no_number(tmp_path: Path) -> None:
    rows = [("NIK", "DESA", "KADER", "BURUH")]
    rows += [(f"62050115039000{at:02}", "Hajak", "ya", "tidak") for at in range(1, 5)]
    reading = read(write_text(tmp_path / "a.csv", rows))
    assert reading.form == "workers"
    assert people(reading) == 4


def test_months_of_men_and_women_stay_apart(tmp_path: Path) -> None:
    villages = list(VILLAGES.values())
    rows = [
        ("DESA", "KECAMATAN", "SEGMEN", "Sep 2024", "Okt 2024"),
        (villages[2], "Montallat", "PU", "3", "4"),
        (villages[2], "Montallat", "BPU", "1", "2"),
    ]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows))
    sums = reading.records.groupby(["period", "segment"])["people"].sum().to_dict()
    assert sums == {
        ("2024-09", "pu"): 3, ("2024-09", "bpu"): 1, ("2024-10", "pu"): 4, ("2024-10", "bpu"): 2,
    }  # fmt: skip
