"""Which village a row of a layer is: by its code, through the crosswalk, or by its names.

A 10-digit code may be of Kemendagri or of BPS. Both are looked up in what is
known; the scheme that explains more rows is the layer's.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final, Literal

import pandas as pd

from ..core import codes
from ..gazetteer import Gazetteer, match_places, normalise_name
from ..gazetteer.places import (
    are_bps_villages,
    are_regions,
    are_villages,
    read_crosswalk,
    read_place_names,
    read_village_names,
)

Scheme = Literal["kemendagri", "bps", ""]

_P_CODE: Final = r"^[Ii][Dd](?=\d)"
_VILLAGE_DIGITS: Final = 10
_REGION_DIGITS: Final = re.compile(r"^(\d{2})(\d{2})(\d{2})?$")
# Short enough to be worked out; more digits are no village's code.
_DECIMAL_NUMBER: Final = r"\d{10}\.0{1,9}|\d(?:[.,]\d{1,15})?[eE]\+?0?9"
_ENOUGH_NAMES: Final = 3
_ENOUGH_SHARE: Final = 0.5


def resolve_codes(given: pd.Series) -> tuple[pd.Series, Scheme]:
    """Dotted Kemendagri codes of codes of either scheme.

    Parameters
    ----------
    given : pandas.Series of str
        Codes as text: dotted or not, of Kemendagri or BPS, p-codes, codes of
        sub-village units (their first ten digits are the village's).

    Returns
    -------
    pandas.Series of str
        Index of ``given``; empty where the code leads to no village.
    str
        ``kemendagri`` or ``bps``; empty where neither list knows the codes.
    """
    text = given.fillna("").astype("str").str.strip()
    digits = text.str.replace(_P_CODE, "", regex=True)
    dotted = codes.to_dotted(text)
    written_dotted = dotted.where(text.str.contains(".", regex=False), "")
    villages = digits.where(digits.str.fullmatch(r"\d{10,18}"), "").str[:_VILLAGE_DIGITS]
    kemendagri = codes.to_dotted(villages)
    kemendagri = kemendagri.where(are_villages(kemendagri), "")
    bps = villages.map(read_crosswalk()).fillna("").astype("str")
    scheme = _likelier(kemendagri, bps, written_dotted, p_codes=bool((digits != text).any()))
    if scheme == "kemendagri":
        # A village newer than the list has a sound code all the same.
        kemendagri = kemendagri.where(kemendagri != "", _of_known_subdistricts(villages))
    found = {"kemendagri": kemendagri, "bps": bps}.get(scheme, bps)
    return written_dotted.where(written_dotted != "", found), scheme


def codes_of_numbers(texts: pd.Series) -> pd.Series:
    """Undotted codes of texts that went through a number and lost nothing by it.

    Parameters
    ----------
    texts : pandas.Series of str
        Cells as they stand in the file.

    Returns
    -------
    pandas.Series of str
        Index of ``texts``: ten digits where the text is a decimal number that is
        exactly whole (``6205012005.0``, ``6.205012005e9``) and the code of a known
        village; empty for every other text, a plain code among them.
    """
    numbers = texts[texts.str.fullmatch(_DECIMAL_NUMBER)].str.replace(",", ".")
    digits = numbers.map(_whole_digits).astype("str")
    known = are_villages(codes.to_dotted(digits)) | are_bps_villages(digits)
    return digits.where(known, "").reindex(texts.index, fill_value="")


def _whole_digits(number: str) -> str:
    value = Decimal(number)
    whole = value == value.to_integral_value() and value.adjusted() == _VILLAGE_DIGITS - 1
    return str(int(value)) if whole else ""


def _of_known_subdistricts(villages: pd.Series) -> pd.Series:
    """Dotted codes whose subdistrict exists and whose serial a village can have."""
    dotted = codes.to_dotted(villages)
    sound = are_regions(dotted.str[:8]) & dotted.str[9:10].isin(list("123"))
    return dotted.where(sound, "")


def _likelier(kemendagri: pd.Series, bps: pd.Series, dotted: pd.Series, *, p_codes: bool) -> Scheme:
    """The scheme that knows more of the codes, if it knows a fair part of them."""
    if (dotted != "").any():
        return "kemendagri"
    if p_codes:
        return "bps"
    known = {"kemendagri": int((kemendagri != "").sum()), "bps": int((bps != "").sum())}
    if known["bps"] > known["kemendagri"]:
        return "bps"
    # BPS numbers hit a Kemendagri village now and then; a true layer hits nearly always.
    return "kemendagri" if known["kemendagri"] > _ENOUGH_SHARE * len(kemendagri) else ""


def region_codes(given: pd.Series) -> pd.Series:
    """Dotted codes of subdistricts, regencies and provinces; empty for any other text."""
    text = given.fillna("").astype("str").str.strip()
    dotted = text.str.replace(_REGION_DIGITS, r"\1.\2.\3", regex=True).str.rstrip(".")
    return dotted.where(are_regions(dotted), "")


def level_of_codes(given: pd.Series) -> codes.Level:
    """The level that most of the codes are of; ``village`` where they are of none."""
    dotted = region_codes(given)
    regions = dotted[(dotted != "") & ~dotted.duplicated()]
    if len(regions) <= _ENOUGH_SHARE * len(given):
        return "village"
    length = int(regions.str.len().mode().iloc[0])
    return next(level for level in codes.LEVELS if codes.length_of(level) == length)


def resolve_names(places: pd.DataFrame) -> pd.Series:
    """Codes of villages known by their names; empty where none or several fit.

    The one place where boundaries are matched by name.

    Parameters
    ----------
    places : pandas.DataFrame
        Text columns ``village``, ``subdistrict``, ``regency``, ``province``;
        any may be empty in a row.

    Returns
    -------
    pandas.Series of str
        Index of ``places``. Where the layer names no regency, it is the one
        that knows most of its villages, if that is clear.
    """
    asked = places[["village", "subdistrict", "regency", "province"]].copy()
    if not (asked["regency"] != "").any():
        likely = find_likely_regency(asked["village"])
        asked["regency"] = read_place_names().get(likely, "")
        asked["province"] = read_place_names().get(likely[:2], "")
    matches = match_places(asked, _official_gazetteer())
    certain = (matches["outcome"] == "matched") & (matches["level"] == "village")
    return matches["code"].where(certain, "").astype("str")


@cache
def _official_gazetteer() -> Gazetteer:
    names = read_place_names()
    return Gazetteer.from_table(pd.DataFrame({"code": names.index, "name": names.to_numpy()}))


@cache
def spelled_villages() -> pd.DataFrame:
    """List ``regency`` and normalised ``name`` of every village of Indonesia, each pair once."""
    names = read_village_names()
    spelled = [normalise_name(name) for name in names]
    pairs = {"regency": names.index.str[: codes.length_of("regency")], "name": spelled}
    return pd.DataFrame(pairs).drop_duplicates(ignore_index=True)


def find_likely_regency(villages: pd.Series) -> str:
    """The regency that knows most of the names, where they clearly point to one."""
    wanted = {normalise_name(name) for name in villages.unique()} - {""}
    if len(wanted) < _ENOUGH_NAMES:
        return ""
    pairs = spelled_villages()
    pairs = pairs[pairs["name"].isin(wanted)]
    counts = pairs.groupby("regency").size().sort_values(ascending=False)
    if counts.empty or counts.iloc[0] <= _ENOUGH_SHARE * len(wanted):
        return ""
    clear = len(counts) == 1 or counts.iloc[1] <= _ENOUGH_SHARE * counts.iloc[0]
    return str(counts.index[0]) if clear else ""
