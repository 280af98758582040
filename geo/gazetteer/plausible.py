"""Which spellings can be kept: those that name a place, and not perhaps a person.

A faulty file has names and addresses of people where a village should be. A spelling that is not
matched is written to disk only if it is like the name of a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import pandas as pd
from rapidfuzz.distance import Indel

from .names import parse_name
from .places import read_place_names

HIDDEN: Final = "•••"
_LIKE: Final = 0.8
_LONGEST: Final = 50
# Addresses and persons: matching reads past a remark in brackets, what is kept must not.
_SAYS_MORE: Final = re.compile(
    r"\d{3,}|\d.*\d.*\d|[@#]|\b(?:rt|rw|jl|jln|jalan|gg|gang|no|nomor|blok|hp|telp|nik"
    r"|ibu|bapak|bpk|bp|sdr|sdri|saudara|tn|ny|h|hj|haji|hajah|drs|dr|ir|alm|almh)\b"
    r"(?=\W*\w)|\b(?:bin|binti|alias)\b|\(\s*(?!(?:i|v|x)+\s*\)|\d{1,2}\s*\))"
    r"(?!(?:hulu|hilir|baru|lama|barat|timur|utara|selatan|tengah|atas|bawah)\s*\))",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"[\d. ]{0,14}|(?:id)?\d{10}", re.IGNORECASE)
_NAMES: Final = ("village", "subdistrict", "regency", "province")
_SUGGESTED: Final = ("suggestion_1", "suggestion_2", "suggestion_3")


def hide_unlikely_places(spellings: pd.DataFrame) -> pd.DataFrame:
    """Hide texts that are not the name of a place in Indonesia, nor like a suggested one.

    Parameters
    ----------
    spellings : pandas.DataFrame
        Any of ``village, subdistrict, regency, province, code`` as a file spells them, and
        ``suggestion_1..3`` (codes).

    Returns
    -------
    pandas.DataFrame
        The same rows and columns; ``•••`` stands where a text is hidden.
    """
    names = [column for column in _NAMES if column in spellings]
    suggested = [column for column in _SUGGESTED if column in spellings]
    official = read_place_names()
    texts_by_column: dict[str, list[str]] = {column: [] for column in names}
    for row in spellings[[*names, *suggested]].to_dict("records"):
        codes = [row[column] for column in suggested if row[column] in official.index]
        likely = [official[code] for code in codes]
        for column in names:
            text = row[column]
            texts_by_column[column].append(text if is_place_like(text, likely) else HIDDEN)
    columns = {
        column: pd.Series(texts, spellings.index, dtype="str")
        for column, texts in texts_by_column.items()
    }
    hidden = spellings.assign(**columns)
    if "code" in hidden:
        hidden["code"] = hidden["code"].map(lambda text: text if _CODE.fullmatch(text) else HIDDEN)
    return hidden


def is_place_like(text: str, likely: Iterable[str] = ()) -> bool:
    """Say whether a text is the name of a place, but for numerals and words such as Hilir or Baru.

    Parameters
    ----------
    text : str
        As a file spells it; the empty text hides nothing.
    likely : iterable of str
        Names that it may be a misspelling of.
    """
    if _SAYS_MORE.search(text) or len(text) > _LONGEST:
        return False
    stem = parse_name(text).stem
    if not stem:
        return len(text) <= 3
    if stem in _official_stems():
        return True
    return any(Indel.normalized_similarity(stem, parse_name(n).stem) >= _LIKE for n in likely)


@cache
def _official_stems() -> frozenset[str]:
    return frozenset(parse_name(name).stem for name in read_place_names().tolist()) - {""}
