"""Table files made to harm: one sentence each, in little memory and time, or the table."""

from __future__ import annotations

import decimal
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from confined import Outcome, read_confined
from factories import an_identity
from hostile_sheets import (
    HEADER,
    book_parts,
    lie_about_size,
    number,
    ods_cell,
    ods_parts,
    ods_row,
    ods_table,
    record,
    sheet_xml,
    write_bomb,
    write_book,
    write_gzip,
    write_package,
    write_parquet_table,
    write_records,
    write_xlsb,
    xls_number,
    xls_sheet,
    xlsb_sheet,
)
from sheet_factories import PLAIN, plain_row, write_ole, write_xlsx
from typer.testing import CliRunner

from geo.cli.main import app
from geo.core.defaults import SAMPLE_BOUNDARIES
from geo.core.errors import FileProblem
from geo.core.text_tables import read_text
from geo.enrolment.reading import EnrolmentReading, read_enrolment

FAR = "far outside its table"
MUCH = "far more than a table of workers"
DAMAGED = "damaged"
Case = tuple[str, Callable[[Path], Path]]


def read(path: Path) -> EnrolmentReading:
    return read_enrolment(path, period="2024-10")


def row(at: int, *cells: str) -> str:
    return f'<row r="{at}">{"".join(cells)}</row>'


def last_row(*cells: str, attributes: str = "") -> str:
    return sheet_xml(HEADER + row(1048576, *cells), attributes=attributes)


def many_rows(sheet: int) -> str:
    """A sheet of two numbers that takes 19 million cells."""
    return sheet_xml(row(1, number("A1", sheet)) + row(950000, number("T950000")))


def written(path: Path, body: bytes) -> Path:
    path.write_bytes(body)
    return path


def implicit_corner() -> str:
    """A cell in the far corner that does not say its place."""
    return sheet_xml(
        HEADER + '<row r="1048575"></row><row>' + "<c/>" * 16000 + "<c><v>1</v></c></row>"
    )


def two_sheets_of_one_part(path: Path) -> Path:
    parts = book_parts(many_rows(1), targets=["worksheets/sheet1.xml"] * 40)
    return write_package(path, parts)


def ods(path: Path, *rows: str) -> Path:
    return write_package(path, ods_parts(ods_table(*rows)))


def claims(path: Path, offset: int, value: int) -> Path:
    """An XLS file with another number in its header."""
    body = bytearray(write_records(path, [xls_sheet(xls_number(0, 0))]).read_bytes())
    struct.pack_into("<I", body, offset, value)
    return written(path, bytes(body))


def endless_storage(path: Path) -> Path:
    """An OLE file whose workbook is called a folder, its chain a ring."""
    body = bytearray(write_ole(path, "Workbook", content=b"x" * 5000).read_bytes())
    entry = 512 + 512 + 128
    body[entry + 66] = 1
    struct.pack_into("<I", body, 512 + 4 * 3, 3)
    return written(path, bytes(body))


def lying_member(path: Path) -> Path:
    """A sheet of two gigabytes that the list of contents calls small."""
    parts = book_parts(sheet_xml(HEADER + "@"))
    write_bomb(path, parts, "xl/worksheets/sheet1.xml", 120)
    return lie_about_size(path, "xl/worksheets/sheet1.xml", 100)


def huge_strings(path: Path) -> Path:
    parts = book_parts(sheet_xml(HEADER), strings="<sst><si><t>@</t></si></sst>")
    return write_bomb(path, parts, "xl/sharedStrings.xml", 120)


def merged_sheet() -> str:
    """Rows of a worker each, and ten thousand ranges over them all."""
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="str"><v>{an_identity(at)}</v></c></row>'
        for at in range(2, 20_000)
    )
    ranges = '<mergeCell ref="B2:B1048576"/>' * 10_000
    return sheet_xml(HEADER + rows, after=f'<mergeCells count="10000">{ranges}</mergeCells>')


def parquet(path: Path, **columns: object) -> Path:
    """Two workers, and other columns."""
    table = {"NIK": [an_identity(1), an_identity(2)], "DESA": ["Hajak", "Liju"], **columns}
    return write_parquet_table(path, pa.table(table))


CASES: dict[str, Case] = {
    # One cell far out.
    "the last cell": (
        "XFD1048576",
        lambda f: write_book(f / "a.xlsx", last_row(number("XFD1048576"))),
    ),
    "the last row of an allowed width": (
        "GR1048576",
        lambda f: write_book(f / "b.xlsx", last_row(number("GR1048576"))),
    ),
    "attributes in another order": (
        FAR,
        lambda f: write_book(f / "c.xlsx", last_row('<c s="0" r="XFD1048576"><v>1</v></c>')),
    ),
    "single quotes": (
        FAR,
        lambda f: write_book(f / "d.xlsx", last_row("<c r='XFD1048576'><v>1</v></c>")),
    ),
    "another prefix": (
        FAR,
        lambda f: write_book(
            f / "e.xlsx",
            last_row(
                '<verylongprefix:c r="XFD1048576"><v>1</v></verylongprefix:c>',
                attributes=' xmlns:verylongprefix="http://schemas.openxmlformats.org/'
                'spreadsheetml/2006/main"',
            ),
        ),
    ),
    "small letters": (
        FAR,
        lambda f: write_book(f / "f.xlsx", last_row('<c r="xfd1048576"><v>1</v></c>')),
    ),
    "no place at all": (FAR, lambda f: write_book(f / "g.xlsx", implicit_corner())),
    "a text without content": (
        FAR,
        lambda f: write_book(
            f / "h.xlsx", last_row('<c r="XFD1048576" t="inlineStr"><is><t></t></is></c>')
        ),
    ),
    "a row beyond the last": (
        DAMAGED,
        lambda f: write_book(f / "i.xlsx", sheet_xml(row(1) + '<row r="4294967295"><c/></row>')),
    ),
    "a cell beyond the last": (
        DAMAGED,
        lambda f: write_book(f / "j.xlsx", sheet_xml(HEADER + row(2, number("A4294967295")))),
    ),
    "a column beyond the last": (
        DAMAGED,
        lambda f: write_book(f / "k.xlsx", sheet_xml(HEADER + row(900000, number("ZZZZ900000")))),
    ),
    "a hostile second sheet": (
        FAR,
        lambda f: write_book(
            f / "l.xlsx", sheet_xml(HEADER + row(2, number("A2"))), last_row(number("XFD1048576"))
        ),
    ),
    "many sheets of an allowed size": (
        FAR,
        lambda f: write_book(f / "m.xlsx", *map(many_rows, range(40))),
    ),
    "one part for many sheets": (
        DAMAGED,
        lambda f: two_sheets_of_one_part(f / "n.xlsx"),
    ),
    "a far cell of an XLSB": (
        FAR,
        lambda f: write_xlsb(f / "o.xlsb", xlsb_sheet((0, 0), (1048575, 16383))),
    ),
    "a column of an XLSB that is none": (
        FAR,
        lambda f: write_xlsb(f / "p.xlsb", xlsb_sheet((0, 0), (9, 4294967295))),
    ),
    "a far cell of an XLS": (
        FAR,
        lambda f: write_records(
            f / "q.xls", [xls_sheet(xls_number(0, 0), xls_number(65535, 65535))]
        ),
    ),
    "a far cell in a chart of an XLS": (
        FAR,
        lambda f: write_records(
            f / "r.xls", [xls_sheet(xls_number(0, 0), xls_sheet(xls_number(65535, 65535)))]
        ),
    ),
    # Damaged XLS.
    "dimensions that no XLS has": (
        DAMAGED,
        lambda f: write_records(
            f / "s.xls",
            [xls_sheet(record(0x200, struct.pack("<IIHHH", 0, 1 << 31, 0, 1 << 15, 0)))],
        ),
    ),
    "dimensions that end before they begin": (
        DAMAGED,
        lambda f: write_records(
            f / "t.xls", [xls_sheet(record(0x200, struct.pack("<IIHHH", 90, 1, 0, 3, 0)))]
        ),
    ),
    "more strings than bytes": (
        DAMAGED,
        lambda f: write_records(
            f / "u.xls", [], globals_=record(0xFC, struct.pack("<II", 1, (1 << 31) - 1))
        ),
    ),
    "a sheet that begins nowhere": (
        DAMAGED,
        lambda f: write_records(f / "v.xls", [xls_number(65535, 65535)]),
    ),
    "a directory that claims gigabytes": (DAMAGED, lambda f: claims(f / "w.xls", 40, 1 << 31)),
    "tables that claim gigabytes": (DAMAGED, lambda f: claims(f / "x.xls", 44, 1 << 31)),
    "short streams that claim gigabytes": (DAMAGED, lambda f: claims(f / "y.xls", 64, 0xFFFF0001)),
    "a ring that is called a folder": (DAMAGED, lambda f: endless_storage(f / "z.xls")),
    # Repetitions in ODS.
    "a cell repeated to the right": (
        DAMAGED,
        lambda f: ods(f / "a.ods", ods_row(ods_cell("NIK", repeated=1 << 40))),
    ),
    "rows repeated": (
        FAR,
        lambda f: ods(f / "b.ods", ods_row(ods_cell("N", repeated=99), repeated=1 << 20)),
    ),
    "nothing repeated before a cell": (
        FAR,
        lambda f: ods(
            f / "c.ods",
            ods_row(ods_cell("NIK"), ods_cell("DESA")),
            ods_row(repeated=1 << 20),
            ods_row(ods_cell(repeated=16383), ods_cell("x")),
        ),
    ),
    "text repeated": (
        DAMAGED,
        lambda f: ods(f / "d.ods", ods_row(ods_cell("N" * 99999, repeated=99), repeated=9999)),
    ),
    "spaces repeated": (
        DAMAGED,
        lambda f: ods(f / "e.ods", ods_row(ods_cell('N<text:s text:c="9999999999"/>'))),
    ),
    "a table that never ends": (
        DAMAGED,
        lambda f: write_package(
            f / "f.ods",
            ods_parts("") | {"content.xml": '<a xmlns:table="x"><table:table table:name="A">'},
        ),
    ),
    # What unpacks to more than is sound.
    "a manifest of gigabytes": (
        MUCH,
        lambda f: write_bomb(
            f / "g.ods",
            ods_parts("", manifest="<manifest>@</manifest>"),
            "META-INF/manifest.xml",
            120,
        ),
    ),
    "content of gigabytes": (
        MUCH,
        lambda f: write_bomb(f / "h.ods", ods_parts("@"), "content.xml", 120),
    ),
    "a sheet of gigabytes": (
        MUCH,
        lambda f: write_bomb(
            f / "aa.xlsx", book_parts(sheet_xml("@")), "xl/worksheets/sheet1.xml", 120
        ),
    ),
    "a sheet that lies about its size": (MUCH, lambda f: lying_member(f / "ab.xlsx")),
    "strings of gigabytes": (MUCH, lambda f: huge_strings(f / "ac.xlsx")),
    "a member that no sheet names": (
        MUCH,
        lambda f: write_bomb(f / "ad.xlsx", book_parts(sheet_xml(HEADER)), "xl/x.xml", 120),
    ),
    "a list of sheets of gigabytes": (
        MUCH,
        lambda f: write_bomb(
            f / "ae.xlsx",
            book_parts(sheet_xml(HEADER)) | {"xl/workbook.xml": "<workbook>@</workbook>"},
            "xl/workbook.xml",
            90,
        ),
    ),
    "text of gigabytes": (MUCH, lambda f: write_gzip(f / "a.csv.gz", 120)),
    "too many members": (
        MUCH,
        lambda f: write_package(
            f / "af.xlsx", book_parts(sheet_xml(HEADER)) | {f"x/{n}": "" for n in range(5001)}
        ),
    ),
    # Entities and document types.
    "a document type": (
        DAMAGED,
        lambda f: write_book(
            f / "ag.xlsx",
            last_row(number("XFD1048576")).replace(
                "<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
            ),
        ),
    ),
    "an encoding that nobody knows": (
        DAMAGED,
        lambda f: write_book(
            f / "ak.xlsx",
            last_row(number("XFD1048576")).replace("?>", ' encoding="UTF-99"?>', 1),
        ),
    ),
    # Patterns that backtracked for minutes.
    "cells in a comment": (
        "",
        lambda f: write_book(
            f / "ah.xlsx",
            sheet_xml(HEADER + "<!--" + '<c r="A1" ' * 60000 + 't="e" -->' + row(2, number("A2"))),
        ),
    ),
    "sheets in a comment": (
        "",
        lambda f: write_package(
            f / "ai.xlsx",
            book_parts(sheet_xml(HEADER + row(2, '<c r="A2" t="e"><v>#N/A</v></c>')))
            | {
                "xl/workbook.xml": str(book_parts("")["xl/workbook.xml"]).replace(
                    "<sheets>", "<!--" + "<sheet " * 60000 + "--><sheets>"
                )
            },
        ),
    ),
    # Merged cells over more rows than there are.
    "many merged ranges": ("", lambda f: write_book(f / "aj.xlsx", merged_sheet())),
    # Parquet.
    "nested columns": ("", lambda f: parquet(f / "a.parquet", X=[[[1]], []], Y=[{"a": 1}, None])),
    "decimals and categories": (
        "",
        lambda f: parquet(
            f / "b.parquet",
            X=[decimal.Decimal("1.5"), None],
            Y=pa.array(["a", "b"]).dictionary_encode(),
        ),
    ),
    "times that no calendar has": (
        "",
        lambda f: parquet(
            f / "c.parquet",
            X=pa.array([1 << 62, -(1 << 62)], pa.timestamp("us")),
            Y=pa.array([(1 << 31) - 1, -(1 << 31)], pa.date32()),
        ),
    ),
    "no columns": (
        "d.parquet",
        lambda f: write_parquet_table(f / "d.parquet", pa.table({})),
    ),
    "ten thousand columns": (
        "10000 columns",
        lambda f: write_parquet_table(
            f / "e.parquet", pa.table({f"c{at}": [1] for at in range(10_000)})
        ),
    ),
    "one text a million times": (
        MUCH,
        lambda f: write_parquet_table(
            f / "f.parquet",
            pa.table(
                {
                    "NIK": pa.DictionaryArray.from_arrays(
                        pa.array(np.zeros(1_000_000, dtype="int32")), ["x" * 1_000_000]
                    )
                }
            ),
        ),
    ),
    "numbers a hundred million times": (
        MUCH,
        lambda f: write_parquet_table(
            f / "g.parquet",
            pa.table({f"c{at}": pa.repeat(pa.scalar(0, pa.int8()), 5_000_000) for at in range(90)}),
        ),
    ),
    "a name that is an identity twice": (
        "",
        lambda f: write_parquet_table(
            f / "h.parquet",
            pa.table([["a"], ["b"], ["c"]], names=["NIK", "DESA", "DESA"]),
        ),
    ),
    # Text.
    "one line without an end": (
        "one column only",
        lambda f: written(f / "b.csv", b"NIK" * (20 << 20)),
    ),
    "a line without an end under a header": (
        "b2.csv",
        lambda f: written(f / "b2.csv", b"NIK,DESA\n1," + b"x" * (60 << 20)),
    ),
    "ten million separators": (
        "columns",
        lambda f: written(f / "c.csv", b"NIK" + b"," * 10_000_000),
    ),
    "ten million separators under a header": (
        "",
        lambda f: written(f / "c2.csv", b"NIK,DESA\n1,a\n" + b"," * 10_000_000),
    ),
    "nothing but NUL": ("no table", lambda f: written(f / "d.csv", bytes(1 << 20))),
    "NUL after the sample": (
        "",
        lambda f: written(f / "e.csv", b"NIK,DESA\n" + b"1,a\n" * 90_000 + b"2,\0\n" * 9),
    ),
    "a quote that never closes": (
        "",
        lambda f: written(f / "f.csv", b'NIK,DESA\n1,"a\n' + b"2,Hajak\n" * (2 << 20)),
    ),
    "a quote in every other line": (
        "",
        lambda f: written(f / "g.csv", b"NIK,DESA\n" + b'1,"a\n2,b\n3,c"\n' * 90_000),
    ),
    "a cell longer than the limit of CSV": (
        "",
        lambda f: written(f / "h.csv", b'NIK,DESA\n1,"' + b"x" * 200_000 + b'"\n2,b\n'),
    ),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """What comes of reading every file, each in a process of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [make(folder) for _, make in CASES.values()]
    return dict(zip(CASES, read_confined(paths), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_table_is_one_sentence(outcomes: dict[str, Outcome], case: str) -> None:
    outcome, (expected, _) = outcomes[case], CASES[case]
    assert "fault" not in outcome, outcome
    if expected:
        assert expected in str(outcome.get("sentence")), outcome
        assert "\n" not in str(outcome["sentence"])


def test_a_merged_label_is_carried_down_no_further_than_the_rows(tmp_path: Path) -> None:
    rows = [PLAIN, plain_row(1), plain_row(2, DESA=""), plain_row(3, DESA="Liju")]
    book = write_xlsx(tmp_path / "a.xlsx", {"A": rows}, merged=[(1, 1, 1048575, 1)])
    assert read(book).records["village"].tolist() == ["Hajak", "Hajak", "Liju"]


def test_text_of_a_parquet_file_that_is_not_unicode_is_read(tmp_path: Path) -> None:
    texts = [b"D\xe9sa", "Désa".encode()]
    offsets = pa.py_buffer(struct.pack("<3i", 0, 4, 9))
    broken = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"".join(texts)))
    for name, column in (("text", broken), ("bytes", pa.array(texts))):
        table = {"NIK": [an_identity(1), an_identity(2)], "DESA": column}
        file = write_parquet_table(tmp_path / f"{name}.parquet", pa.table(table))
        assert read(file).records["village"].tolist() == ["Désa", "Désa"]


@pytest.mark.parametrize("command", ["check", "measure", "match"])
@pytest.mark.parametrize("kind", ["folder", "device", "pipe", "long", "url", "missing"])
def test_a_path_that_leads_to_no_file_is_one_sentence(
    tmp_path: Path, kind: str, command: str
) -> None:
    os.mkfifo(tmp_path / "pipa")
    path, expected = {
        "folder": (str(tmp_path), "folder"),
        "device": ("/dev/zero", "device"),
        "pipe": (str(tmp_path / "pipa"), "pipe"),
        "long": ("a" * 300, "no file"),
        "url": ("http://[::1", "no file"),
        "missing": (str(tmp_path / "tiada.csv"), "no file"),
    }[kind]
    out = str(tmp_path / "out.csv")
    words = {
        "check": ["check", path],
        "measure": ["measure", "--enrolment", path, "--out", out],
        "match": ["match", "--places", path, "--gazetteer", str(SAMPLE_BOUNDARIES), "--out", out],
    }[command]
    result = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    # A folder of records is allowed; this one has none.
    assert expected in line or (kind, command) == ("folder", "measure")


@pytest.mark.parametrize("name", ["eligible.csv", "eligible.csv.gz"])
def test_a_packed_reference_table_is_bounded(tmp_path: Path, name: str) -> None:
    path = write_gzip(tmp_path / name, 1, b"code,eligible\n62.05.01.2005,9\n")
    assert read_text(path)["code"][0] == "62.05.01.2005"
    with pytest.raises(FileProblem, match=MUCH):
        read_text(write_gzip(tmp_path / name, 300))


def test_a_path_with_a_nul_leads_to_no_file() -> None:
    for reader in (read, read_text):
        with pytest.raises(FileProblem, match="There is no file"):
            reader(Path("a\0b"))
