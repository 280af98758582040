"""Builders of the table files that offices really send, and of broken ones."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter
from factories import an_identity

Row = Sequence[Any]
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
XLS_ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#N/A": 0x2A}

SIPP = (
    *("NAMA_DEPAN", "NAMA_TENGAH", "NAMA_BELAKANG", "TANGGAL_LAHIR", "JENIS_IDENTITAS"),
    *("NOMOR_IDENTITAS", "JENIS KELAMIN", "TANGGAL_KEPESERTAAN", "STATUS_KAWIN", "NPWP", "UPAH"),
    *("ALAMAT", "KODE_POS", "LOKASI_PEKERJAAN"),
)
CLONE = (
    *("NAMA_LENGKAP", "NO_IDENTITAS", "STATUS_PEGAWAI", "", "TGL_AWAL_BEKERJA"),
    *("TGL_AKHIR_KONTRAK", "DESA", "KECAMATAN"),
)
EXITS = ("KPJ", "NAMA_LENGKAP", "TGL_LAHIR", "SEBAB_NA", "TGL_KEJADIAN")
AGENTS = (
    *("PEMBINA", "KECAMATAN", "KELURAHAN", "LINGK", "NIK", "NO KPJ"),
    *("ID AKUN PERISAI", "TERDAFTAR BPU"),
)
STATUS_EXPORT = (
    *("Kode TK", "NPP", "Nama Perusahaan", "Nama Tenaga Kerja", "Handphone", "Segmen", "Status"),
    "Alamat",
)
PLAIN = ("NIK", "DESA", "KECAMATAN", "SEGMEN", "STATUS")


def sipp_row(person: int, *, address: str = "Jl. A 1, Kel. Hajak, Kec. Montallat, Kab. X") -> Row:
    return (
        *("SITI", "", "A", "02-03-1990", "KTP", f"{an_identity(person)}  ", "P", "25-01-2023"),
        *("K", "99.999.999.9-999.000", "3.261.616,00", address, "73811", "6205"),
    )


def plain_row(person: int, **fields: Any) -> Row:
    row = {
        "NIK": an_identity(person),
        "DESA": "Hajak",
        "KECAMATAN": "Montallat",
        "SEGMEN": "BPU",
        "STATUS": "AKTIF",
    }
    return tuple((row | fields).values())


def to_text(rows: Sequence[Row], separator: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def write_text(
    path: Path, rows: Sequence[Row], *, separator: str = ",", encoding: str = "utf-8"
) -> Path:
    """A text table; gzipped where the name ends so."""
    data = to_text(rows, separator).encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_xlsx(
    path: Path,
    sheets: Mapping[str, Sequence[Row]],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
) -> Path:
    """A workbook; text that begins with # becomes an error cell of a formula.

    Merged ranges (first row, first column, last row, last column, from 0) keep
    the first cell's text.
    """
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        # The same rows give the same bytes.
        book.set_properties({"created": dt.datetime(2024, 10, 22)})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("#"):
                        sheet.write_formula(at, column, "=NA()", None, cell)
                    elif isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    else:
                        sheet.write(at, column, cell)
            for a, b, c, d in merged:
                sheet.merge_range(a, b, c, d, str(rows[a][b]))
    return path


def write_ods(path: Path, rows: Sequence[Row]) -> Path:
    """The least that an OpenDocument spreadsheet needs; text with # is an error of a formula."""
    cells = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    names += f' xmlns:calcext="{CALC}"'
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest><file-entry full-path="/" media-type="{kind}"/></manifest>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(cell: Any) -> str:
    kind = 'office:value-type="string"'
    if str(cell).startswith("#"):
        kind += ' office:string-value="" calcext:value-type="error" table:formula="of:=NA()"'
    return f"<table:table-cell {kind}><text:p>{escape(str(cell))}</text:p></table:table-cell>"


def write_parquet(path: Path, header: Row, rows: Sequence[Row]) -> Path:
    columns = list(zip(*rows, strict=True))
    pa.parquet.write_table(pa.table(list(map(pa.array, columns)), names=list(header)), path)
    return path


def write_xls(
    path: Path, sheets: Mapping[str, Sequence[Row]], *, at: tuple[int, int] = (0, 0)
) -> Path:
    """A workbook of Excel 97: text, numbers, and text with # as an error, plain or of a formula.

    ``at`` is the row and the column that the first cell stands in.
    """
    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 6)
    bodies = [_xls_sheet(rows, at) for rows in sheets.values()]
    heads = [
        struct.pack("<IBBBB", 0, 0, 0, len(name), 0) + name.encode("latin-1") for name in sheets
    ]
    first = len(_record(0x809, begin)) + sum(len(_record(0x85, head)) for head in heads) + 4
    starts = [first + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    listed = [
        _record(0x85, struct.pack("<I", start) + head[4:])
        for start, head in zip(starts, heads, strict=True)
    ]
    book = _record(0x809, begin) + b"".join(listed)
    return write_ole(path, "Workbook", content=book + _record(0x0A, b"") + b"".join(bodies))


def _xls_sheet(rows: Sequence[Row], at: tuple[int, int]) -> bytes:
    cells = [
        _xls_cell(row, column, cell)
        for row, line in enumerate(rows, at[0])
        for column, cell in enumerate(line, at[1])
        if cell != ""
    ]
    begin = struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 6)
    return _record(0x809, begin) + b"".join(cells) + _record(0x0A, b"")


def _xls_cell(row: int, column: int, cell: Any) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if cell in XLS_ERRORS and column % 2:
        result = struct.pack("<BBBBHH", 2, 0, XLS_ERRORS[cell], 0, 0, 0xFFFF)
        return _record(0x06, place + result + struct.pack("<HIHBB", 0, 0, 2, 0x1C, 0x2A))
    if cell in XLS_ERRORS:
        return _record(0x205, place + struct.pack("<BB", XLS_ERRORS[cell], 1))
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return _record(0x204, place + struct.pack("<HB", len(cell), 1) + text)
    return _record(0x203, place + struct.pack("<d", cell))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def write_ole(path: Path, stream: str, *, ring: bool = False, content: bytes = b"") -> Path:
    """An OLE file of one stream; empty, as a workbook under a password is; a ring never ends."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    # A stream of 4096 bytes and more lies in sectors of its own.
    content = content and content.ljust(4096, b"\0")
    used = -(-len(content) // 512)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<108I", *[free] * 108)
    chain = [*range(3, 2 + used), end] if used else []
    links = [table, 1 if ring else end, *chain]
    sectors = struct.pack("<128I", *links, *[free] * (128 - len(links)))
    directory = _entry("Root Entry", 5, 1) + _entry(stream, 2, free, len(content))
    body = content.ljust(used * 512, b"\0")
    path.write_bytes(header + sectors + directory.ljust(512, b"\0") + body)
    return path


def _entry(name: str, kind: int, child: int, size: int = 0) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + links
    return head.ljust(116, b"\0") + struct.pack("<III", 2 if size else 0xFFFFFFFE, size, 0)
