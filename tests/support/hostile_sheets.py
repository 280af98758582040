"""Builders of small table files that were made to harm: built by hand, some bytes at a time."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from sheet_factories import write_ole

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEADER = '<row r="1"><c r="A1" t="str"><v>NIK</v></c><c r="B1" t="str"><v>DESA</v></c></row>'
# Text that packs a thousandfold.
BLANK = b" " * (1 << 20)


def sheet_xml(rows: str, *, after: str = "", attributes: str = "") -> str:
    """A part that holds a sheet."""
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"{attributes}>'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def number(place: str, value: int = 1) -> str:
    """A cell with a number."""
    return f'<c r="{place}"><v>{value}</v></c>'


def book_parts(
    *sheets: str, targets: Sequence[str] = (), strings: str = ""
) -> dict[str, bytes | str]:
    """Members of an XLSX file with these sheets."""
    targets = targets or [f"worksheets/sheet{at}.xml" for at in range(1, len(sheets) + 1)]
    named = "".join(
        f'<sheet name="S{at}" sheetId="{at}" r:id="rId{at}"/>' for at in range(1, len(targets) + 1)
    )
    kinds = ["worksheet"] * len(targets) + ["sharedStrings"]
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (target, kind) in enumerate(
            zip([*targets, "sharedStrings.xml"], kinds, strict=True), 1
        )
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types "
        'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>',
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{_MAIN}"/>',
    }
    parts |= {f"xl/worksheets/sheet{at}.xml": sheet for at, sheet in enumerate(sheets, 1)}
    return parts


def write_package(path: Path, parts: Mapping[str, bytes | str]) -> Path:
    """A ZIP archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path


def write_book(path: Path, *sheets: str) -> Path:
    """An XLSX file of parts that hold a sheet each."""
    return write_package(path, book_parts(*sheets))


def write_bomb(path: Path, parts: Mapping[str, bytes | str], member: str, megabytes: int) -> Path:
    """A ZIP archive in which one member more unpacks to megabytes of blanks, within its text."""
    before, _, after = str(parts.get(member, "@")).partition("@")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            if name != member:
                archive.writestr(name, body)
        with archive.open(member, "w", force_zip64=True) as file:
            file.write(before.encode())
            for _ in range(megabytes):
                file.write(BLANK)
            file.write(after.encode())
    return path


def lie_about_size(path: Path, member: str, size: int) -> Path:
    """The archive with another size of a member in its list of contents."""
    body = bytearray(path.read_bytes())
    at = body.find(b"PK\x01\x02")
    while at >= 0:
        (length,) = struct.unpack_from("<H", body, at + 28)
        if body[at + 46 : at + 46 + length] == member.encode():
            struct.pack_into("<I", body, at + 24, size)
        at = body.find(b"PK\x01\x02", at + 1)
    path.write_bytes(bytes(body))
    return path


def ods_parts(table: str, *, manifest: str = "") -> dict[str, bytes | str]:
    """Members of an ODS file with this inside its spreadsheet."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return {
        "mimetype": kind,
        "content.xml": f'<?xml version="1.0"?><office:document-content{names}><office:body>'
        f"<office:spreadsheet>{table}</office:spreadsheet></office:body>"
        "</office:document-content>",
        "META-INF/manifest.xml": manifest
        or f'<manifest><file-entry full-path="/" media-type="{kind}"/></manifest>',
    }


def ods_table(*rows: str) -> str:
    """A sheet of an ODS file."""
    return f'<table:table table:name="A">{"".join(rows)}</table:table>'


def ods_row(*cells: str, repeated: int = 1) -> str:
    """A row of an ODS sheet."""
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}'
        "</table:table-row>"
    )


def ods_cell(text: str = "", *, repeated: int = 1) -> str:
    """A cell of an ODS sheet, empty without text."""
    kind = ' office:value-type="string"' if text else ""
    inside = f"<text:p>{text}</text:p>" if text else ""
    repeats = f'table:number-columns-repeated="{repeated}"'
    return f"<table:table-cell {repeats}{kind}>{inside}</table:table-cell>"


def record(kind: int, body: bytes) -> bytes:
    """A record of an XLS file."""
    return struct.pack("<HH", kind, len(body)) + body


def write_records(path: Path, sheets: Sequence[bytes], *, globals_: bytes = b"") -> Path:
    """An XLS file whose sheets are these records; one that begins with BOF or not."""
    begin = record(0x809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6))
    listed = 14
    first = len(begin) + len(globals_) + len(sheets) * listed + 4
    starts = [first + sum(map(len, sheets[:at])) for at in range(len(sheets))]
    heads = b"".join(
        record(0x85, struct.pack("<IBBBB", start, 0, 0, 2, 0) + f"S{at}".encode())
        for at, start in enumerate(starts)
    )
    content = begin + globals_ + heads + record(0x0A, b"") + b"".join(sheets)
    return write_ole(path, "Workbook", content=content)


def xls_sheet(*records: bytes) -> bytes:
    """Records between the begin and the end of a sheet."""
    begin = record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6))
    return begin + b"".join(records) + record(0x0A, b"")


def xls_number(row: int, column: int) -> bytes:
    """A cell with a number."""
    return record(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


def write_gzip(path: Path, megabytes: int, head: bytes = b"NIK,DESA\n") -> Path:
    """A gzipped text of a header and blanks."""
    with gzip.open(path, "wb") as file:
        file.write(head)
        for _ in range(megabytes):
            file.write(BLANK)
    return path


def xlsb_record(kind: int, body: bytes = b"") -> bytes:
    """A record of an XLSB part."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(body)]) + body


def xlsb_sheet(*cells: tuple[int, int]) -> bytes:
    """A part of an XLSB file that holds numbers at these places."""
    body = xlsb_record(0x81) + xlsb_record(0x94, bytes(16)) + xlsb_record(0x91)
    for row, column in cells:
        body += xlsb_record(0x00, struct.pack("<I", row) + bytes(13))
        body += xlsb_record(0x05, struct.pack("<IId", column, 0, 1.0))
    return body + xlsb_record(0x92) + xlsb_record(0x82)


def write_xlsb(path: Path, *sheets: bytes) -> Path:
    """An XLSB file of parts that hold a sheet each."""
    listed = b""
    for at in range(1, len(sheets) + 1):
        link, name = f"rId{at}".encode("utf-16-le"), f"S{at}".encode("utf-16-le")
        texts = struct.pack("<I", len(link) // 2) + link + struct.pack("<I", len(name) // 2) + name
        listed += xlsb_record(0x9C, struct.pack("<II", 0, at) + texts)
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(sheets) + 1)
    )
    book = xlsb_record(0x83) + listed + xlsb_record(0x90) + xlsb_record(0x9D)
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.bin": book + xlsb_record(0x84),
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_LINKS}">{links}</Relationships>',
    }
    parts |= {f"xl/worksheets/sheet{at}.bin": sheet for at, sheet in enumerate(sheets, 1)}
    return write_package(path, parts)


def write_parquet_table(path: Path, table: pa.Table, **options: object) -> Path:
    """A Parquet file of a table."""
    buffer = io.BytesIO()
    pa.parquet.write_table(table, buffer, **options)
    path.write_bytes(buffer.getvalue())
    return path
