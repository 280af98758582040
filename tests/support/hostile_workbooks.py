"""Workbooks made to harm, each with what is to be said of it; nothing where it may be read."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

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
    write_records,
    write_xlsb,
    xls_number,
    xls_sheet,
    xlsb_sheet,
)
from sheet_factories import write_ole

FAR = "far outside its table"
MUCH = "far more than a table of workers"
DAMAGED = "damaged"
Case = tuple[str, Callable[[Path], Path]]


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


def ring_behind_stream(path: Path) -> Path:
    """An OLE file whose workbook has as many sectors as it says, and then a ring."""
    body = bytearray(write_ole(path, "Workbook", content=b"x" * 5000).read_bytes())
    struct.pack_into("<I", body, 512 + 4 * 11, 11)
    return written(path, bytes(body))


def ring_of_short_sectors(path: Path) -> Path:
    """An OLE file whose workbook lies in short sectors of 64 bytes, the first of them a ring."""
    body = bytearray(write_ole(path, "Workbook", content=b"x" * 1024).read_bytes())
    root, stream = 1024, 1024 + 128
    # The table of short sectors lies in sector 3, the short sectors in sector 4.
    struct.pack_into("<II", body, 60, 3, 1)
    struct.pack_into("<II", body, 512 + 4 * 3, 0xFFFFFFFE, 0xFFFFFFFE)
    struct.pack_into("<II", body, root + 116, 4, 512)
    struct.pack_into("<II", body, stream + 116, 0, 300)
    struct.pack_into("<I", body, 512 + 512 * 3, 0)
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


WORKBOOKS: dict[str, Case] = {
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
    "a ring behind a stream": (DAMAGED, lambda f: ring_behind_stream(f / "za.xls")),
    "a ring of short sectors": (DAMAGED, lambda f: ring_of_short_sectors(f / "zb.xls")),
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
}
