"""Keeping identities out of what is said, shown and written.

A member's number can stand in any column of a faulty file. Whatever text of a
file is repeated to the user goes through here first. The name of a file can be
the name of a person: of it only words of a fixed list are kept on disk.
"""

from __future__ import annotations

import re
from typing import Final

# A NIK has 16 digits, a card number 11; a village code has 10, with or without dots.
_LONG_NUMBER: Final = re.compile(r"\d(?:[ .\-]?\d){10,}")
_HIDDEN: Final = "…"
_SUFFIX: Final = re.compile(
    r"\.(?:csv|tsv|txt|xlsx|xlsm|xlsb|xls|ods|parquet|geoparquet|json|geojson|topojson"
    r"|gpkg|shp|fgb|kml|kmz|zip|gdb)(?:\.gz|\.zip)?$",
    re.IGNORECASE,
)
# A number between signs, or a word. An underscore joins words and is none of them.
_TOKEN: Final = re.compile(r"\d+(?:[\W_]+\d+)*|[^\W\d_]+")
# Anything else between words becomes a space.
_SIGN: Final = re.compile(r"[^ _.,()+&…\-]")
# Parts of a date or a counter: 7, 10, 2024, 202410, 20241022, 22102024.
_DATE_PART: Final = re.compile(r"\d{1,2}|(?:19|20)\d\d(?:\d\d){0,2}|\d{4}(?:19|20)\d\d")
_DATE_DIGITS: Final = 10
_MONTH: Final = re.compile(
    r"jan(?:uari|uary)?|[fp]eb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|ag(?:t|s|u|ust|ustus)|aug(?:ust)?|sep(?:t|tember)?|o[kc]t(?:ober)?|no[vp](?:ember)?"
    r"|de[sc](?:ember)?",
    re.IGNORECASE,
)
# Words that offices call their files by. None is a name of a person or a place: villages are
# called Budi and Sri as people are.
_PLAIN_WORDS: Final = {
    word
    for words in (
        "data daftar list rekap rekapitulasi laporan report tabel table sheet export unduhan",
        "download hasil result copy salinan kopi lampiran file berkas template format contoh",
        "sample all semua public input output raw mentah bersih final fix revisi rev update",
        "terbaru new baru lama old per dan and of the dari by s d sd to",
        # of whom
        "peserta pekerja tenaga kerja anggota worker workers member members people orang",
        "participant participants kepesertaan enrolment enrollment enrolled eligible aktif",
        "nonaktif non active inactive penerima bukan upah rentan informal formal jasa",
        "konstruksi migran pu bpu jakon pmi jkk jkm jht jp jkp bpjs tk bpjstk bpjamsostek",
        "jamsostek ketenagakerjaan program programme segmen segment kantor cabang kacab",
        # of where
        "desa kelurahan kel kecamatan kec kabupaten kab kota provinsi prov wilayah area village",
        "villages subdistrict regency province kode code nama batas administrasi administrative",
        "admin adm ar level boundaries boundary peta map polygon poligon layer shp rbi big bps",
        "penduduk kependudukan population populasi jiwa berhak potensi disdukcapil calon",
        "kemendagri dukcapil hdx idn indonesia gadm osm",
        # of when
        "bulan bln tahun thn tanggal tgl periode period month year semester sem triwulan tw",
        "kuartal quarter q sampai hingga",
    )
    for word in words.split()
}


def hide_numbers(text: str) -> str:
    """Hide runs of 11 or more digits in a text, however they are grouped."""
    return _LONG_NUMBER.sub(_HIDDEN, text)


def label_file(name: str, sha256: str) -> str:
    """Shorten the name of a file to what cannot be the name of a person.

    Words of a fixed list, dates and the suffix stay, all else is hidden. Where anything is, the
    first digits of the content's SHA-256 tell the file from others.

    Parameters
    ----------
    name : str
        Name without folders, or what was kept of one.
    sha256 : str
        Of the content, in hexadecimal; may be empty.

    Returns
    -------
    str
        ``data … okt 2024 (3f2a9c1b).xlsx``, or the name where nothing is hidden.
    """
    content = f" ({sha256[:8]})" if sha256 else ""
    suffix = match.group() if (match := _SUFFIX.search(name)) else ""
    # What was kept of a name is kept as it is.
    stem = name.removesuffix(suffix).removesuffix(content)
    tokens = list(_TOKEN.finditer(stem))
    label, end = "", 0
    for place, token in enumerate(tokens):
        beside = [other.group() for other in tokens[max(place - 1, 0) : place + 2]]
        gap = _SIGN.sub(" ", stem[end : token.start()])
        end = token.end()
        if _is_plain(token.group(), beside):
            label += gap + token.group()
        elif not label.endswith(_HIDDEN):
            label += gap + _HIDDEN
    label += _SIGN.sub(" ", stem[end:])
    return label + (content if _HIDDEN in label else "") + suffix


def _is_plain(text: str, beside: list[str]) -> bool:
    """Whether a word or number of a file's name is a date or a word of the list."""
    if text[0].isdigit():
        parts = re.findall(r"\d+", text)
        return all(map(_DATE_PART.fullmatch, parts)) and sum(map(len, parts)) <= _DATE_DIGITS
    if _MONTH.fullmatch(text):
        # A month can be a person's name, too; beside a number it is a month.
        return any(other[0].isdigit() for other in beside)
    return text.casefold() in _PLAIN_WORDS
