"""What is written of spellings that match no village names places, not people."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.core.files import Upload
from geo.counting.count import count_people
from geo.enrolment.reading import read_enrolment
from geo.gazetteer.plausible import HIDDEN, is_place_like
from geo.measures.dataset import Dataset
from geo.workspace.periods import Workspace

PEOPLE = ("BUDI SANTOSO", "Siti Aminah", "H. ABDUL KADIR", "AGUS", "JL RAHASIA NO 0 RT 3 (IBU ANI)")
PLACES = ("Lemo III", "Luwe Tengah", "Kandui Baru", "Sukamaju", "")


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_or_an_address_is_no_place(text: str) -> None:
    assert not is_place_like(text, ["Hajak", "Sikui"])


@pytest.mark.parametrize("text", PLACES)
def test_a_place_is_one_whatever_its_numeral(text: str) -> None:
    assert is_place_like(text)


def test_a_misspelling_is_a_place_beside_what_it_may_mean() -> None:
    assert not is_place_like("Hajjakk")
    assert is_place_like("Hajjakk", ["Hajak"])


def test_no_name_of_a_person_reaches_the_disk(sample: Dataset, tmp_path: Path) -> None:
    rows = [
        f"9962050{at:09d};{village};Teweh Baru;BPU;AKTIF"
        for at, village in enumerate([*PEOPLE, *PLACES])
    ]
    body = "\n".join(["NIK;DESA;KECAMATAN;SEGMEN;STATUS", *rows]).encode()
    reading = read_enrolment(Upload("workers_2024-10.csv", body))
    counts = count_people(reading.records, sample.gazetteer)
    assert set(PEOPLE) <= set(counts.unmatched["village"])
    workspace = Workspace(tmp_path)
    workspace.save(counts, "2024-10", {"file": "workers_2024-10.csv", "sha256": "0"})
    saved = workspace.read_counts("2024-10").unmatched
    assert set(saved["village"]) == {HIDDEN, *PLACES}
    assert saved["people"].sum() == len(PEOPLE) + len(PLACES)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [name for name in PEOPLE if name.encode() in written] == []
