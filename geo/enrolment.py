"""Enrolment records: reading worker files into the normal form.

Normal form, one row a row of the file: ``period`` (``2024-10``), ``identity``,
``code``, ``village``, ``subdistrict``, ``segment`` (key), ``programmes``
(``jkk+jkm``), ``active``, ``start`` (date), ``outcome``. Identities live in
this table only, in memory, until `geo.count` has counted people.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pandas as pd

from .errors import ColumnProblem, FileProblem, mark
from .segments import to_programme_keys, to_segment_keys
from .tables import read_text

WORKER_FILES: Final = "workers_*.csv*"
SYNTHETIC_PREFIX: Final = "99"
_FIELDS: Final = {
    "period": ("periode", "period"),
    "identity": ("nik", "nomor_identitas", "no_identitas", "identity"),
    "code": ("kode_desa", "kode", "code", "village_code"),
    "village": ("desa", "kelurahan", "desa_kelurahan", "village"),
    "subdistrict": ("kecamatan", "subdistrict", "district"),
    "segment": ("segmen", "segment"),
    "programmes": ("program", "programme", "programmes"),
    "status": ("status",),
    "start": ("tanggal_kepesertaan", "tgl_kepesertaan", "start"),
}
_REQUIRED: Final = ("identity", "segment", "status")
_PERIOD: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_IDENTITY: Final = r"\d{16}"
_ACTIVE: Final = {"aktif", "active", "1", "ya"}


def read_records(path: Path) -> pd.DataFrame:
    """Records of one worker file, or of all worker files of a folder.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file (may be gzipped), or a folder with ``workers_*.csv[.gz]``.

    Returns
    -------
    pandas.DataFrame
        Normal form (see the module); ``outcome`` is ``active``, ``inactive``,
        ``no_identity``, ``damaged_identity`` or ``not_data`` (blank rows,
        repeated headers, totals).

    Raises
    ------
    FileProblem
        If there is no such file, or it is no CSV text.
    ColumnProblem
        If a needed column is missing or no period is given.
    """
    files = sorted(path.glob(WORKER_FILES)) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise FileProblem(
            mark("There are no enrolment records at {path}; expected is a file or {pattern}."),
            path=str(path),
            pattern=WORKER_FILES,
        )
    return pd.concat([_read_file(file) for file in files], ignore_index=True)


def _read_file(path: Path) -> pd.DataFrame:
    table = read_text(path, blank_lines=True)
    fields = _find_fields(table, path)
    text = pd.DataFrame({name: table[field].str.strip() for name, field in fields.items()})
    for name in set(_FIELDS) - set(fields):
        text[name] = _period_of_name(path) if name == "period" else ""
    return _to_normal_form(text)


def _find_fields(table: pd.DataFrame, path: Path) -> dict[str, str]:
    spelled = {re.sub(r"[^a-z]+", "_", str(c).strip().lower()).strip("_"): c for c in table.columns}
    fields = {
        name: next(spelled[s] for s in spellings if s in spelled)
        for name, spellings in _FIELDS.items()
        if any(s in spelled for s in spellings)
    }
    missing = [name for name in _REQUIRED if name not in fields]
    if not {"code", "village"} & set(fields):
        missing.append("village")
    if missing:
        raise ColumnProblem(
            mark("{path} lacks the column {missing}; expected is a header such as {expected}."),
            path=str(path),
            missing=", ".join(missing),
            expected=", ".join(_FIELDS[name][0].upper() for name in missing),
        )
    return fields


def _period_of_name(path: Path) -> str:
    found = _PERIOD.search(path.name)
    if not found:
        raise ColumnProblem(
            mark("{path} says no period; add a column PERIODE or a name such as {example}."),
            path=str(path),
            example="workers_2024-10.csv",
        )
    return found.group()


def _to_normal_form(text: pd.DataFrame) -> pd.DataFrame:
    records = text[["period", "identity", "code", "village", "subdistrict"]].copy()
    records["segment"] = to_segment_keys(text["segment"])
    records["programmes"] = to_programme_keys(text["programmes"])
    records["start"] = pd.to_datetime(text["start"], format="%d-%m-%Y", errors="coerce")
    records["outcome"] = _outcomes(text)
    return records


def _outcomes(text: pd.DataFrame) -> pd.Series:
    """What a row is, first reason first."""
    outcome = pd.Series("active", index=text.index, dtype="str")
    active = text["status"].str.lower().isin(_ACTIVE)
    outcome = outcome.where(active, "inactive")
    sound = text["identity"].str.fullmatch(_IDENTITY)
    outcome = outcome.where(sound, "damaged_identity")
    outcome = outcome.where(text["identity"].str.contains(r"\d", regex=True), "no_identity")
    data = text["period"].str.fullmatch(_PERIOD.pattern) & (text["status"] != "")
    return outcome.where(data, "not_data")
