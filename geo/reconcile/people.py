"""A list of people, read in memory: identities, names, dates of birth and places.

The same readers as for an import find container, sheet, header and columns. An import drops names
and dates of birth at once; here they are needed to tell people apart whose identity is damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ..core.errors import ColumnProblem, Note, mark
from ..core.files import Upload
from ..core.segments import to_segment_keys
from ..enrolment.cells import Cells, read_places, read_status
from ..enrolment.grid import Table, to_series
from ..enrolment.outcomes import find_no_data
from ..enrolment.roles import apply_mapping, guess_columns
from ..enrolment.sheets import open_source, read_table
from ..enrolment.values import Ambiguity, date_order, to_dates
from ..enrolment.vocabulary import normal_header
from ..gazetteer import Gazetteer, match_places
from .identities import are_cards, are_niks, birth_of_niks, read_digits
from .names import normalise_person, sort_words

# Columns of the office's own upload form.
SIPP: Final = (
    *("NAMA_DEPAN", "NAMA_TENGAH", "NAMA_BELAKANG", "TANGGAL_LAHIR", "JENIS_IDENTITAS"),
    *("NOMOR_IDENTITAS", "JENIS KELAMIN", "TANGGAL_KEPESERTAAN", "STATUS_KAWIN", "NPWP", "UPAH"),
    *("ALAMAT", "KODE_POS", "LOKASI_PEKERJAAN"),
)
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "nik": (
        *("nik", "no_nik", "nomor_nik", "nomor_identitas", "no_identitas", "no_ktp", "nomor_ktp"),
        *("ktp", "nik_ktp", "identity", "nomor_induk_kependudukan"),
    ),
    "card": (
        *("kpj", "no_kpj", "nomor_kpj", "no_kartu", "nomor_kartu", "no_peserta"),
        *("nomor_peserta", "nomor_kartu_peserta"),
    ),
    "name": (
        *("nama", "nama_lengkap", "nama_peserta", "nama_tenaga_kerja", "nama_tk", "nama_pekerja"),
        *("nama_anggota", "name", "full_name"),
    ),
    "birth": (
        *("tanggal_lahir", "tgl_lahir", "tgllahir", "tanggallahir", "lahir", "birth_date"),
        *("date_of_birth",),
    ),
    "sex": ("jenis_kelamin", "jk", "kelamin", "l_p", "lp", "sex", "gender"),
    "married": ("status_kawin", "status_perkawinan", "kawin"),
    "npwp": ("npwp",),
    "wage": ("upah", "gaji", "penghasilan"),
    "postcode": ("kode_pos", "kodepos"),
}
_NAME_PARTS: Final = ("nama_depan", "nama_tengah", "nama_belakang")
_PLACES: Final = ("code", "village", "subdistrict", "regency", "province")
_OTHERS: Final = ("sex", "married", "npwp", "wage", "postcode")

Progress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class People:
    """People of a file, one row each, in memory only.

    Attributes
    ----------
    file : str
        Name without folders.
    rows : int
        Rows of the file below its header, those that are no data among them.
    table : pandas.DataFrame
        ``row``; ``digits`` (of the identity as given), ``nik`` and ``card`` (sound ones, else
        empty), ``name`` as given, ``spoken`` and ``key`` (normalised, its words in their order and
        sorted), ``birth`` (date or NaT),
        ``village`` (code, empty where not certain), ``area`` (code of the finest place that is),
        ``segment``, ``active``, ``address``, and ``sex, married, npwp, wage, postcode``.
    notes : tuple of Note
        What was assumed.
    """

    file: str
    rows: int
    table: pd.DataFrame
    notes: tuple[Note, ...]


def read_people(
    path: Path | Upload,
    gazetteer: Gazetteer,
    *,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    progress: Progress = lambda step, done: None,
) -> People:
    """Read a list of people.

    Parameters
    ----------
    path : pathlib.Path or Upload
        Any table file.
    gazetteer : Gazetteer
        Places to match to.
    sheet, mapping : optional
        See `geo.enrolment.reading.read_enrolment`.
    progress : callable
        Told each step.

    Raises
    ------
    FileProblem
        If the file is no table.
    ColumnProblem
        If there is no column that tells people apart.
    """
    progress(mark("Reading rows"), None)
    table = read_table(open_source(path), sheet)
    columns = apply_mapping(guess_columns(table), mapping or {})
    cells = Cells(table, columns, {})
    found = _find_columns(table)
    if not ({"nik", "card"} & set(found)) and not {"name", "birth"} <= set(found):
        raise ColumnProblem(
            mark(
                "{path} has no column that tells people apart; expected is NIK, or a card number "
                "(KPJ), or a name and a date of birth. Its columns are: {found}."
            ),
            path=table.file,
            found=", ".join(column.name[:30] for column in columns[:12]),
        )
    progress(mark("Matching"), None)
    people, notes = _read_rows(cells, found, gazetteer)
    return People(table.file, table.body.height, people, notes)


def _find_columns(table: Table) -> dict[str, pd.Series]:
    """Texts of the columns that are known by their header, and names put together of parts."""
    spelled: dict[str, int] = {}
    for at, name in enumerate(table.header):
        spelled.setdefault(normal_header(name), at)
    found = {
        role: _text(table, spelled[each])
        for role, spellings in _SPELLINGS.items()
        for each in spellings[::-1]
        if each in spelled
    }
    parts = [_text(table, spelled[each]) for each in _NAME_PARTS if each in spelled]
    if parts and "name" not in found:
        found["name"] = parts[0].str.cat(parts[1:], sep=" ").str.split().str.join(" ")
    return found


def _text(table: Table, at: int) -> pd.Series:
    return to_series(table.body.columns[at]).astype("str")


def _read_rows(
    cells: Cells, found: dict[str, pd.Series], gazetteer: Gazetteer
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    empty = pd.Series("", index=range(cells.height), dtype="str")
    digits = read_digits(found.get("nik", empty))
    sound = are_niks(digits)
    cards = read_digits(found.get("card", empty))
    name = found.get("name", empty)
    spoken = name.map({text: normalise_person(text) for text in name.unique()})
    birth, notes = _read_births(found.get("birth", empty))
    birth = birth.where(birth.notna(), birth_of_niks(digits, sound))
    village, area = _match_villages(cells, gazetteer)
    people = pd.DataFrame(
        {
            "row": cells.table.body.rows,
            "digits": digits,
            "nik": digits.where(sound, ""),
            "card": cards.where(are_cards(cards), ""),
            "name": name,
            "spoken": spoken,
            "key": spoken.map({text: sort_words(text) for text in spoken.unique()}),
            "birth": birth,
            "village": village,
            "area": area,
            "segment": to_segment_keys(to_series(cells.text("segment"))),
            "active": read_status(cells) == 1,
            "address": to_series(cells.text("address")),
            **{role: found.get(role, empty) for role in _OTHERS},
        }
    )
    no_data = np.logical_or.reduce([*find_no_data(cells, sound).values()])
    nobody = (digits == "") & (cards == "") & (name == "")
    return people[~no_data & ~nobody.to_numpy()].reset_index(drop=True), notes


def _read_births(texts: pd.Series) -> tuple[pd.Series, tuple[Note, ...]]:
    """Dates; where nothing tells day from month, the form's own order (day first), and said."""
    distinct = [text for text in texts.unique() if text]
    order = date_order(distinct, "")
    notes: tuple[Note, ...] = ()
    if isinstance(order, Ambiguity):
        order = "dmy"
        notes = (Note(mark("Dates of birth are read with the day first (31-12-1990).")),)
    days = to_dates(distinct, order, serial=True)
    return pd.to_datetime(texts.map(days), errors="coerce").astype("datetime64[s]"), notes


def _match_villages(cells: Cells, gazetteer: Gazetteer) -> tuple[pd.Series, pd.Series]:
    """Codes of the villages that are certain, and of the finest place that is."""
    places = read_places(cells)
    given = pd.DataFrame({name: to_series(places[name]) for name in _PLACES})
    number = given.groupby(list(_PLACES), sort=False).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    spelled = given.iloc[first].reset_index(drop=True)
    matched = match_places(spelled, gazetteer, one_to_one=False)
    certain = (matched["outcome"] == "matched") & (matched["level"] == "village")
    village = matched["code"].where(certain, "")
    area = matched["code"].where(matched["code"] != "", matched["parent_code"])
    return (
        village.iloc[number].reset_index(drop=True),
        area.iloc[number].reset_index(drop=True),
    )
