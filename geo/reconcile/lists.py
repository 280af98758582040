"""The lists themselves: people of a place who are not covered, as a workbook built in memory.

Its columns are those of the office's own upload form (SIPP), so that it can be filled in and sent
on. It is made on the click and handed to the browser; nothing of it touches a disk.
"""

from __future__ import annotations

import io
import re
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import mark
from ..core.i18n import Language
from .match import HOW, OUTCOMES
from .people import SIPP

_PARTS: Final = 3
_NO_SIGN: Final = ""
_EXTRA: Final = {
    "village": mark("village"),
    "subdistrict": mark("subdistrict"),
    "row": mark("row of the list of candidates"),
    "how": mark("reason"),
    "likelihood": mark("likelihood"),
    "enrolled_row": mark("row of the enrolment file"),
}
# Columns that only a list of people to be checked needs.
_OF_CHECKS: Final = ("likelihood", "enrolled_row")


def select_people(people: pd.DataFrame, outcome: str, within: str) -> pd.DataFrame:
    """People with an outcome inside an area, each once.

    Parameters
    ----------
    people : pandas.DataFrame
        Of a `geo.reconcile.reconcile.Reconciliation`.
    outcome : str
        ``not_covered`` or ``check``.
    within : str
        Code of a village or of an area above; empty for all.
    """
    here = people["area"].str.startswith(within)
    return people[(people["outcome"] == outcome) & ~people["repeated"] & here]


def list_areas(people: pd.DataFrame, names: pd.Series) -> list[str]:
    """Codes of subdistricts and villages in which candidates are, in order and with a name."""
    villages = people["area"].drop_duplicates()
    above = villages.str[: codes.length_of("subdistrict")]
    return [code for code in sorted({*villages, *above} - {""}) if code in names.index]


def name_list(outcome: str, within: str, names: pd.Series, language: Language) -> str:
    """Name of the file without its suffix: ``jangkau-belum-terlindungi-montallat``."""
    words = f"jangkau {language(OUTCOMES[outcome])} {names.get(within, '')}".lower()
    return re.sub(r"[^a-z0-9]+", "-", words).strip("-")


def write_list(
    people: pd.DataFrame, outcome: str, within: str, names: pd.Series, language: Language
) -> bytes:
    """Write the people of an area with an outcome as a workbook.

    Parameters
    ----------
    people, outcome, within
        See `select_people`.
    names : pandas.Series
        Names of places by code.
    language : Language
        Of the columns beside those of the form.
    """
    # Not at the start: only who asks for a list needs it.
    import xlsxwriter

    chosen = select_people(people, outcome, within).sort_values(["area", "key", "row"])
    table = _in_form(chosen, names, language, checks=outcome == "check")
    buffer = io.BytesIO()
    # Without this the parts of a workbook are written to temporary files first.
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(language("people"))
        bold = book.add_format({"bold": True, "bottom": 1})
        for at, title in enumerate(table.columns):
            sheet.write_string(0, at, str(title), bold)
            sheet.write_column(1, at, table[title].tolist())
            widest = max([len(str(title)), *table[title].astype("str").str.len().head(200)])
            sheet.set_column(at, at, min(widest + 2, 40))
        sheet.freeze_panes(1, 0)
        if len(table):
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    return buffer.getvalue()


def _in_form(
    people: pd.DataFrame, names: pd.Series, language: Language, *, checks: bool
) -> pd.DataFrame:
    first, middle, last = _split_names(people["name"])
    number = people["digits"].where(people["digits"] != "", people["card"])
    regency = people["area"].str[: codes.length_of("regency")].str.replace(".", "")
    columns = {
        "NAMA_DEPAN": first,
        "NAMA_TENGAH": middle,
        "NAMA_BELAKANG": last,
        "TANGGAL_LAHIR": people["birth"].dt.strftime("%d-%m-%Y").fillna(_NO_SIGN),
        "JENIS_IDENTITAS": (people["digits"] != "").map({True: "KTP", False: _NO_SIGN}),
        "NOMOR_IDENTITAS": number,
        "JENIS KELAMIN": people["sex"],
        "STATUS_KAWIN": people["married"],
        "NPWP": people["npwp"],
        "UPAH": people["wage"],
        "ALAMAT": people["address"],
        "KODE_POS": people["postcode"],
        "LOKASI_PEKERJAAN": regency,
    }
    form = pd.DataFrame({title: columns.get(title, _NO_SIGN) for title in SIPP}, people.index)
    extra = {
        "village": people["village"].map(names).fillna(_NO_SIGN),
        "subdistrict": people["area"].str[: codes.length_of("subdistrict")].map(names).fillna(""),
        "row": people["row"].astype("str"),
        "how": people["how"].map({key: language(words) for key, words in HOW.items()}),
        "likelihood": people["likelihood"].map(language.share),
        "enrolled_row": people["enrolled_row"].where(people["enrolled_row"] > 0, "").astype("str"),
    }
    wanted = [name for name in _EXTRA if checks or name not in _OF_CHECKS]
    return form.assign(**{language(_EXTRA[name]).capitalize(): extra[name] for name in wanted})


def _split_names(names: pd.Series) -> tuple[pd.Series, pd.Series, pd.Series]:
    """First word, words between, and last word, as the form asks for them."""
    words = names.str.split()
    count = words.str.len()
    last = words.str[-1].where(count > 1, _NO_SIGN)
    middle = words.str[1:-1].str.join(" ").where(count >= _PARTS, _NO_SIGN)
    return words.str[0].fillna(_NO_SIGN), middle, last
