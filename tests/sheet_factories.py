"""Builders of the table files that offices really send, and of broken ones."""

from __future__ import annotations

import csv
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
    """The least that an OpenDocument spreadsheet needs."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
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


def write_parquet(path: Path, header: Row, rows: Sequence[Row]) -> Path:
    columns = list(zip(*rows, strict=True))
    pa.parquet.write_table(pa.table(list(map(pa.array, columns)), names=list(header)), path)
    return path


def write_ole(path: Path, stream: str, *, ring: bool = False) -> Path:
    """An OLE file of one empty stream, as a workbook under a password is; a ring never ends."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<108I", *[free] * 108)
    sectors = struct.pack("<128I", table, 1 if ring else end, *[free] * 126)
    directory = _entry("Root Entry", 5, 1) + _entry(stream, 2, free)
    path.write_bytes(header + sectors + directory.ljust(512, b"\0"))
    return path


def _entry(name: str, kind: int, child: int) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + links
    return head.ljust(116, b"\0") + struct.pack("<III", 0xFFFFFFFE, 0, 0)
