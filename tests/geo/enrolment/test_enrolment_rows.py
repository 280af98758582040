"""Whatever a file holds: no row is lost, order changes nothing, and no identity gets out."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from factories import VILLAGES, a_gazetteer, an_identity
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sheet_factories import Row, write_text, write_xlsx

from geo.core.i18n import Language
from geo.counting.count import OUTCOMES, Counts, count_people
from geo.enrolment.outcomes import DOUBTFUL, REJECTED, SKIPPED, write_fixes
from geo.enrolment.reading import EnrolmentReading, read_enrolment
from geo.reporting.report import OUTCOMES as WORDS

HEADER = ("NIK", "KODE_DESA", "DESA", "KECAMATAN", "SEGMEN", "STATUS", "TGL_DAFTAR", "TGL_AKHIR")
PERIOD = "2024-10"
NUMBER = re.compile(r"\d{11,}")

workers = st.tuples(
    st.sampled_from([*map(an_identity, range(4)), "", "-", "123", "9.9E+15", "0" * 16, "JUMLAH"]),
    st.sampled_from(["", *VILLAGES, "6205012002", an_identity(1), "#REF!", "6205012002.0"]),
    st.sampled_from(["", "-", "Hajak", "Ds. Lemo I", "Nowhere", an_identity(2)]),
    st.sampled_from(["", "Montallat", "Kec. Gunung Timang", "KECAMATAN"]),
    st.sampled_from(["PU", "BPU", "RT/RW", "", an_identity(3)]),
    st.sampled_from(["AKTIF", "AKTIF", "aktif", "NON AKTIF", "", "?", an_identity(0), "STATUS"]),
    st.sampled_from(["13-02-2023", "01-03-2023", "", "22-SEP-2023", "32-13-2023", an_identity(0)]),
    st.sampled_from(["", "", "30-09-2024", "31-10-2024", "31-12-2025"]),
)
odd = st.sampled_from([("",) * 8, HEADER, ("JUMLAH", "7", "", "", "", "", "", ""), ("x",) * 9])
tables = st.lists(st.one_of(workers, workers, odd), min_size=1, max_size=20)


def read(folder: Path, rows: list[Row]) -> EnrolmentReading:
    styles = {"start": "dmy", "end": "dmy"}
    path = write_text(folder / "a.csv", [HEADER, *rows], separator=";")
    return read_enrolment(path, period=PERIOD, styles=styles)


def said(reading: EnrolmentReading, counts: Counts) -> str:
    """Everything that leaves the import."""
    shown = [reading.columns, reading.notes, reading.questions, reading.tally, counts.rows.columns]
    tables = [reading.fixes, counts.people, counts.matches, counts.unmatched]
    cells = [cell for table in tables for cell in table.to_numpy().flat]
    return "\n".join(
        map(str, [*shown, *cells, write_fixes(reading.fixes, Language("id")).decode()])
    )


@given(rows=tables)
def test_rows_in_are_rows_out_and_no_identity_gets_out(tmp_path: Path, rows: list[Row]) -> None:
    reading = read(tmp_path, rows)
    tally = reading.tally
    rejected = sum(tally.rejected.values())
    assert tally.rows == len(rows)
    assert tally.candidates + tally.inactive + rejected + tally.not_data == len(rows)
    counts = count_people(reading.records, a_gazetteer())
    assert counts.rows.to_numpy().sum() == len(rows)
    assert counts.rows["counted"].sum() + counts.rows["duplicate"].sum() == tally.candidates
    listed = reading.fixes[reading.fixes["kind"] == "rejected"]["row"].nunique()
    assert listed == rejected
    assert not NUMBER.search(said(reading, counts))


@given(rows=tables, data=st.data())
def test_the_order_of_rows_changes_nothing(
    tmp_path: Path, rows: list[Row], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    one, other = read(tmp_path, rows), read(tmp_path, shuffled)
    # An area that stands in the first row of a block alone is for the rows below it.
    assume(not any("first row of each block" in n.message for n in (*one.notes, *other.notes)))
    assert one.tally == other.tally
    first, second = (count_people(r.records, a_gazetteer()) for r in (one, other))
    pd.testing.assert_frame_equal(first.people, second.people)
    pd.testing.assert_frame_equal(first.rows, second.rows)
    pd.testing.assert_frame_equal(first.matches, second.matches)
    pd.testing.assert_series_equal(first.moved, second.moved)


@settings(max_examples=10)
@given(rows=tables)
def test_a_workbook_reads_as_the_same_text_does(tmp_path: Path, rows: list[Row]) -> None:
    even = [row[:8] for row in rows]
    text = read(tmp_path, even)
    book = write_xlsx(tmp_path / "a.xlsx", {"Data": [HEADER, *even]})
    styles = {"start": "dmy", "end": "dmy"}
    other = read_enrolment(book, period=PERIOD, styles=styles)
    assert other.tally == text.tally


def test_who_moved_and_who_is_twice_is_counted(tmp_path: Path) -> None:
    rows = [
        (an_identity(1), "62.05.01.1001", "", "", "PU", "AKTIF", "13-01-2023", ""),
        (an_identity(1), "62.05.02.2001", "", "", "PU", "AKTIF", "14-01-2023", ""),
        (an_identity(2), "62.05.01.1001", "", "", "PU", "AKTIF", "13-01-2023", ""),
        (an_identity(2), "62.05.01.1001", "", "", "PU", "AKTIF", "13-01-2023", ""),
        (an_identity(3), "", "Nowhere", "", "PU", "AKTIF", "13-01-2023", ""),
    ]
    counts = count_people(read(tmp_path, rows).records, a_gazetteer())
    assert counts.moved.to_dict() == {PERIOD: 1}
    assert counts.rows.loc[PERIOD, "duplicate"] == 2
    assert counts.claimed.to_dict() == {PERIOD: 0}
    assert dict(zip(counts.people["code"], counts.people["people"], strict=True)) == {
        "": 1,
        "62.05.01.1001": 1,
        "62.05.02.2001": 1,
    }


def test_counts_of_a_file_are_its_own_claim(tmp_path: Path) -> None:
    rows = [
        ("KODE_DESA", "PU", "BPU"),
        ("62.05.01.1001", "12", "0"),
        ("62.05.01.1001", "3", ""),
        ("62.05.02.2001", "", "4"),
        ("62.05.02.2002", "x", "4"),
    ]
    reading = read_enrolment(write_text(tmp_path / "a.csv", rows), period=PERIOD)
    counts = count_people(reading.records, a_gazetteer())
    people = counts.people.set_index(["code", "combination"])["people"].to_dict()
    assert people == {
        ("62.05.01.1001", "pu:"): 15,
        ("62.05.01.1001", "bpu:"): 0,
        ("62.05.02.2001", "bpu:"): 4,
    }
    assert counts.claimed.to_dict() == {PERIOD: 19}
    assert counts.rows.loc[PERIOD, ["counted", "bad_count"]].tolist() == [3, 1]
    assert counts.matches[["rows", "people"]].sum().tolist() == [3, 19]


def test_a_status_in_words_nobody_knows_is_said_and_every_row_listed(tmp_path: Path) -> None:
    marks = ("K", "TK", "9962050000000009", "HB")
    rows = [(an_identity(at), "", "Hajak", "", "PU", text, "", "") for at, text in enumerate(marks)]
    reading = read(tmp_path, rows)
    assert reading.tally.candidates == len(marks)
    (note,) = reading.notes
    assert note.facts == {"column": "STATUS", "examples": "K, TK, …, …"}
    assert "none of its values is a known status" in note.message
    unread = reading.fixes[reading.fixes["reason"] == "unread_status"]
    assert unread["value"].tolist() == ["K", "TK", "…", "HB"]
    assert set(unread["kind"]) == {"doubtful"}


def test_a_status_that_is_chosen_or_missing_is_not_said_to_be_unread(tmp_path: Path) -> None:
    rows = [(an_identity(1), "", "Hajak", "", "PU", "K", "", "")]
    chosen = read_enrolment(
        write_text(tmp_path / "a.csv", [HEADER, *rows]),
        mapping={"STATUS": "status"},
        period="2024-10",
    )
    assert chosen.tally.rejected == {"unknown_status": 1}
    assert not chosen.notes
    bare = [row[:5] for row in (HEADER, *rows)]
    without = read_enrolment(write_text(tmp_path / "b.csv", bare), period="2024-10")
    assert [note.message.partition(";")[0] for note in without.notes] == [
        "No column says the status"
    ]
    assert "unread_status" not in set(without.fixes["reason"])


def test_a_membership_that_begins_after_the_period_is_counted_and_listed(tmp_path: Path) -> None:
    days = ("31-10-2024", "01-11-2024", "01-01-2025", "")
    rows = [
        (an_identity(at), "", "Hajak", "", "PU", "AKTIF", day, "") for at, day in enumerate(days)
    ]
    reading = read(tmp_path, rows)
    assert reading.tally.candidates == len(days)
    later = reading.fixes[reading.fixes["reason"] == "begins_later"]
    assert later[["row", "kind", "column"]].to_numpy().tolist() == [
        [3, "doubtful", "TGL_DAFTAR"],
        [4, "doubtful", "TGL_DAFTAR"],
    ]


def test_rows_to_fix_are_a_file_in_the_readers_words(tmp_path: Path) -> None:
    rows = [("-", "", "=1+1", "", "PU", "AKTIF", "", ""), ("1234567890123.0", *[""] * 7)]
    rows.append((an_identity(1), "", "Hajak", "", "PU", "=HYPERLINK", "", ""))
    reading = read(tmp_path, rows)
    lines = write_fixes(reading.fixes, Language("id")).decode("utf-8-sig").splitlines()
    assert lines[0] == "berkas,lembar,baris,hasil,alasan,kolom,nilai"
    assert lines[1].startswith("a.csv,,2,tidak dihitung,")
    assert lines[1].endswith("NIK,-")
    assert "'=HYPERLINK" in lines[3]


@pytest.mark.parametrize("reason", [*REJECTED, *DOUBTFUL, *SKIPPED])
def test_every_reason_is_said_in_indonesian(reason: str) -> None:
    message = (REJECTED | DOUBTFUL | SKIPPED)[reason]
    assert Language("id")(message) != message


def test_every_outcome_of_rows_has_words() -> None:
    assert set(WORDS) == set(OUTCOMES)
    assert all(Language("id")(words) != words for words in WORDS.values())
