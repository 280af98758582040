"""Old and free workbooks: the same table, whatever the program that wrote it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from factories import an_identity
from hostile_sheets import (
    HEADER,
    ods_cell,
    ods_parts,
    ods_row,
    ods_table,
    sheet_xml,
    write_book,
    write_package,
)
from sheet_factories import PLAIN, Row, plain_row, write_ods, write_xls, write_xlsx

from geo.core.errors import FileProblem
from geo.enrolment.reading import EnrolmentReading, read_enrolment

Writer = Callable[[Path, list[Row]], Path]
ROWS: list[Row] = [
    PLAIN,
    plain_row(1),
    plain_row(2, DESA="#REF!"),
    plain_row(3, KECAMATAN="#N/A"),
    plain_row(4, DESA="Liju", KECAMATAN="#DIV/0!"),
    plain_row(5),
]
WRITERS: dict[str, Writer] = {
    ".xlsx": lambda path, rows: write_xlsx(path, {"Data": rows}),
    ".xls": lambda path, rows: write_xls(path, {"Data": rows}),
    ".ods": write_ods,
}


def read(path: Path, sheet: str | None = None) -> EnrolmentReading:
    return read_enrolment(path, period="2024-10", sheet=sheet)


@pytest.mark.parametrize("suffix", WRITERS)
def test_errors_of_a_spreadsheet_are_flagged_in_any_workbook(tmp_path: Path, suffix: str) -> None:
    reading = read(WRITERS[suffix](tmp_path / f"peserta{suffix}", ROWS))
    assert reading.tally.rejected == {"error_cell": 3}
    assert reading.tally.candidates == 2
    fixes = reading.fixes[["row", "column", "value"]].to_numpy().tolist()
    assert fixes == [[3, "DESA", "#REF!"], [4, "KECAMATAN", "#N/A"], [5, "KECAMATAN", "#DIV/0!"]]


def test_a_table_away_from_the_corner_keeps_its_errors_and_merged_cells(tmp_path: Path) -> None:
    moved: list[Row] = [("",) * 6, *(("", *row) for row in ROWS)]
    books = [
        write_xlsx(tmp_path / "a.xlsx", {"Data": moved}),
        write_xls(tmp_path / "b.xls", {"Lain": [("x",)], "Data": ROWS}, at=(1, 1)),
    ]
    for book in books:
        fixes = read(book, "Data").fixes
        assert fixes["row"].tolist() == [4, 5, 6]
        assert fixes["column"].tolist() == ["DESA", "KECAMATAN", "KECAMATAN"]
    rows: list[Row] = [PLAIN, plain_row(1), plain_row(2, DESA="")]
    away: list[Row] = [("", *row) for row in rows]
    book = write_xlsx(tmp_path / "c.xlsx", {"Data": away}, merged=[(1, 2, 2, 2)])
    assert read(book).records["village"].tolist() == ["Hajak", "Hajak"]


def test_an_old_workbook_keeps_texts_and_marks_numbers(tmp_path: Path) -> None:
    rows: list[Row] = [PLAIN, plain_row(1, DESA="Désa"), plain_row(2, NIK=float(an_identity(2)))]
    reading = read(write_xls(tmp_path / "lama.xls", {"Data": rows}))
    assert reading.records["village"].tolist() == ["Désa", "Hajak"]
    assert reading.tally.rejected == {"damaged_identity": 1}


def test_an_old_workbook_of_several_sheets_lists_them(tmp_path: Path) -> None:
    sheets: dict[str, list[Row]] = {"Catatan": [("x",)], "Data": [PLAIN, plain_row(1)]}
    book = write_xls(tmp_path / "lama.xls", sheets)
    reading = read(book)
    assert (reading.sheet, [info.name for info in reading.sheets]) == ("Data", list(sheets))
    with pytest.raises(FileProblem, match="there are: Catatan, Data"):
        read(book, "Juli")


@pytest.mark.parametrize("cut", [600, 1100, 2000, 4000])
def test_an_old_workbook_that_is_cut_off_says_so(tmp_path: Path, cut: int) -> None:
    book = write_xls(tmp_path / "lama.xls", {"Data": ROWS})
    book.write_bytes(book.read_bytes()[:cut])
    with pytest.raises(FileProblem, match=r"lama\.xls"):
        read(book)


def test_an_error_of_a_free_workbook_kept_as_a_nought_is_none(tmp_path: Path) -> None:
    header = ("DESA", "KECAMATAN", "PESERTA")
    book = write_ods(
        tmp_path / "rekap.ods", [header, ("Hajak", "Montallat", "7"), ("Liju", "", "#N/A")]
    )
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    old = b'office:value-type="string" office:string-value="" calcext:value-type="error"'
    parts["content.xml"] = parts["content.xml"].replace(
        old, b'office:value-type="float" office:value="0"'
    )
    with zipfile.ZipFile(book, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    reading = read(book)
    assert reading.tally.rejected == {"error_cell": 1}
    assert reading.records["people"].sum() == 7


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
@pytest.mark.parametrize("field", [6, 8, 10])  # version, flags and method of the list of contents
def test_an_archive_that_claims_what_nobody_has_says_so(
    tmp_path: Path, suffix: str, field: int
) -> None:
    book = WRITERS[suffix](tmp_path / f"peserta{suffix}", ROWS)
    body = bytearray(book.read_bytes())
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        body[at + field] = 0xFF
        at = body.find(b"PK\x01\x02", at + 1)
    book.write_bytes(bytes(body))
    with pytest.raises(FileProblem, match="peserta"):
        read(book)


@pytest.mark.parametrize(
    "error",
    [
        '<c r="B2" t="e"><v>#N/A</v></c>',
        '<c t="e" r="B2"><v>#N/A</v></c>',
        "<c t='e' r='B2' ><f>NA()</f><v>#N/A</v></c>",
        '<c t="e"><v>#N/A</v></c>',
        '<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" t="e" r="B2">'
        "<x:v>#N/A</x:v></x:c>",
    ],
)
def test_an_error_is_found_however_its_cell_is_written(tmp_path: Path, error: str) -> None:
    identity = f'<c r="A2" t="str"><v>{an_identity(1)}</v></c>'
    book = write_book(
        tmp_path / "peserta.xlsx", sheet_xml(f'{HEADER}<row r="2">{identity}{error}</row>')
    )
    reading = read(book)
    assert reading.tally.rejected == {"error_cell": 1}
    assert reading.fixes[["row", "column", "value"]].to_numpy().tolist() == [[2, "DESA", "#N/A"]]


def test_an_error_of_a_free_workbook_is_found_in_every_repeated_row(tmp_path: Path) -> None:
    rows = (
        ods_row(ods_cell("NIK"), ods_cell("DESA")),
        ods_row(ods_cell(an_identity(1)), ods_cell("#N/A"), repeated=3),
    )
    book = write_package(tmp_path / "peserta.ods", ods_parts(ods_table(*rows)))
    assert read(book).fixes["row"].tolist() == [2, 3, 4]


def test_formats_far_from_the_table_are_no_cells(tmp_path: Path) -> None:
    styled = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    row = f'<row r="2"><c r="A2" t="str"><v>{an_identity(1)}</v></c></row>'
    book = write_book(tmp_path / "peserta.xlsx", sheet_xml(HEADER + row + styled))
    assert read(book).tally.rows == 1
    empty = ods_row(ods_cell(repeated=16384), repeated=1048000)
    header, worker = ods_row(ods_cell("NIK"), ods_cell("DESA")), ods_row(ods_cell(an_identity(1)))
    free = write_package(tmp_path / "peserta.ods", ods_parts(ods_table(header, worker, empty)))
    assert read(free).tally.rows == 1
