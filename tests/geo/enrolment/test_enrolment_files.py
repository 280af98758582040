"""One generated file per container and damage: read, or refused in one sentence."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from factories import an_identity
from hypothesis import given
from hypothesis import strategies as st
from sheet_factories import (
    PLAIN,
    plain_row,
    to_text,
    write_ods,
    write_ole,
    write_parquet,
    write_text,
    write_xls,
    write_xlsx,
)

from geo.core.errors import FileProblem, JangkauError
from geo.enrolment.grid import MAX_COLUMNS
from geo.enrolment.reading import EnrolmentReading, read_enrolment
from geo.enrolment.sheets import open_source

PERIOD = "2024-10"
ROWS = (plain_row(1), plain_row(2, STATUS="NONAKTIF"), plain_row(3, DESA="Muara Té"))


def read(path: Path, **options: object) -> EnrolmentReading:
    return read_enrolment(path, **({"period": PERIOD} | options))  # type: ignore[arg-type]


def roles(reading: EnrolmentReading) -> dict[str, str]:
    return {c.role: c.name for c in reading.columns if c.role != "ignored"}


def reasons(reading: EnrolmentReading) -> dict[int, str]:
    return dict(zip(reading.fixes["row"], reading.fixes["reason"], strict=True))


def holds_the_plain_rows(reading: EnrolmentReading) -> None:
    assert reading.records["outcome"].tolist() == ["active", "inactive", "active"]
    assert reading.records["identity"].tolist() == [an_identity(1), "", an_identity(3)]
    assert reading.records["village"].tolist() == ["Hajak", "Hajak", "Muara Té"]
    assert reading.records["segment"].unique().tolist() == ["bpu"]
    assert reading.records["row"].tolist() == [2, 3, 4]


# ---- containers ----


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_tables(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "peserta.csv"
    holds_the_plain_rows(
        read(write_text(path, [PLAIN, *ROWS], separator=separator, encoding=encoding))
    )


@pytest.mark.parametrize("name", ["peserta.csv.gz", "peserta.xlsx"])
def test_content_decides_what_a_gzipped_file_is(tmp_path: Path, name: str) -> None:
    path = write_text(tmp_path / "peserta.csv.gz", [PLAIN, *ROWS]).rename(tmp_path / name)
    holds_the_plain_rows(read(path))


def test_workbooks(tmp_path: Path) -> None:
    holds_the_plain_rows(read(write_xlsx(tmp_path / "a.xlsx", {"Data": [PLAIN, *ROWS]})))
    holds_the_plain_rows(read(write_ods(tmp_path / "a.ods", [PLAIN, *ROWS])))
    holds_the_plain_rows(read((tmp_path / "a.xlsx").rename(tmp_path / "a.csv")))


def test_parquet(tmp_path: Path) -> None:
    holds_the_plain_rows(read(write_parquet(tmp_path / "a.parquet", PLAIN, ROWS)))


def test_quoted_line_breaks_do_not_shift_row_numbers(tmp_path: Path) -> None:
    rows = [PLAIN, plain_row(1, DESA="Ha\njak"), plain_row(2, NIK="-")]
    assert reasons(read(write_text(tmp_path / "a.csv", rows))) == {3: "no_identity"}


def test_a_sheet_is_suggested_and_the_others_are_listed(tmp_path: Path) -> None:
    notes = [["Petunjuk"], *[["isi dengan benar"]] * 30]
    path = write_xlsx(tmp_path / "a.xlsx", {"Petunjuk": notes, "Data": [PLAIN, *ROWS], "Lama": []})
    assert [(s.name, s.rows) for s in open_source(path).sheets] == [
        ("Petunjuk", 31),
        ("Data", 4),
        ("Lama", 0),
    ]
    reading = read(path)
    assert reading.sheet == "Data"
    assert "Petunjuk" in str([note.facts for note in reading.notes])
    with pytest.raises(FileProblem, match="no sheet Isi"):
        read(path, sheet="Isi")


# ---- files that are no table ----


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (bytes(range(256)) * 9, "is no table"),
        (b"PK\x03\x04" + b"x" * 90, "cut off or damaged"),
        (b"\x1f\x8b\x08\x00" + b"x" * 9, "cut off or damaged"),
        (b"PAR1" + b"x" * 90, "cut off or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cut off or damaged"),
        (b"<html><table><tr><td>NIK", "holds HTML"),
        (b'{"type": "FeatureCollection"}', "holds JSON"),
        (b"%PDF-1.7", "holds PDF"),
        (b"NIK\n1\n2\n", "one column only"),
        (b"NIK,DESA\n", "no row below"),
        (to_text([["x"] * 300] * 3).encode(), "300 columns"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "peserta.xlsx"
    path.write_bytes(content)
    with pytest.raises(JangkauError, match=said):
        read(path)


def test_a_protected_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="protected by a password"):
        read(write_ole(tmp_path / "a.xlsx", "EncryptedPackage"))


def test_an_old_workbook_with_a_ring_of_sectors_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="cut off or damaged"):
        read(write_ole(tmp_path / "a.xls", "Workbook", ring=True))


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".xlsx", ".xls", ".ods", ".parquet"])
@given(data=st.data())
def test_damage_of_any_kind_is_one_sentence(
    tmp_path: Path, suffix: str, data: st.DataObject
) -> None:
    path = tmp_path / f"a{suffix}"
    writers = {
        ".xlsx": lambda: write_xlsx(path, {"Data": [PLAIN, *ROWS]}),
        ".xls": lambda: write_xls(path, {"Data": [PLAIN, *ROWS]}),
        ".ods": lambda: write_ods(path, [PLAIN, *ROWS]),
        ".parquet": lambda: write_parquet(path, PLAIN, ROWS),
    }
    writers.get(suffix, lambda: write_text(path, [PLAIN, *ROWS]))()
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content)))
    put = data.draw(st.sampled_from([b"", b'"', b"\0", b"\n", b"\xff\xfe", b"," * 300]))
    path.write_bytes(content[:at] + put + content[at + data.draw(st.integers(0, 60)) :])
    with suppress(JangkauError):
        read(path)


def test_a_truncated_workbook_says_so(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": [PLAIN, *ROWS]})
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(FileProblem, match="cut off or damaged"):
        read(path)


def test_a_wide_workbook_and_an_archive_and_an_absent_file_say_so(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Data": [["x"] * (MAX_COLUMNS + 1)] * 2})
    with pytest.raises(FileProblem, match="201 columns"):
        read(path)
    with pytest.raises(FileProblem, match="no file"):
        read(tmp_path / "b.xlsx")
