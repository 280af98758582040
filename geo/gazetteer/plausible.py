"""Which spellings can be kept: those that name a place, and not perhaps a person.

A faulty file has names and addresses of people where a village should be. A spelling that is not
matched is written to disk only if it is like the name of a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import pandas as pd
from rapidfuzz.distance import Indel

from .names import parse_name
from .places import read_place_names

HIDDEN: Final = "•••"
_LIKE: Final = 0.8
_NAMES: Final = ("village", "subdistrict", "regency", "province")
_SUGGESTED: Final = ("suggestion_1", "suggestion_2", "suggestion_3")


def hide_unlikely_places(spellings: pd.DataFrame) -> pd.DataFrame:
    """Hide texts that are not the name of a place in Indonesia, nor like a suggested one.

    Parameters
    ----------
    spellings : pandas.DataFrame
        Any of ``village, subdistrict, regency, province`` as a file spells them, and
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
    return spellings.assign(**texts_by_column)


def is_place_like(text: str, likely: Iterable[str] = ()) -> bool:
    """Say whether a text is the name of a place, but for numerals and words such as Hilir or Baru.

    Parameters
    ----------
    text : str
        As a file spells it; the empty text hides nothing.
    likely : iterable of str
        Names that it may be a misspelling of.
    """
    stem = parse_name(text).stem
    if not stem:
        return len(text) <= 3
    if stem in _official_stems():
        return True
    return any(Indel.normalized_similarity(stem, parse_name(n).stem) >= _LIKE for n in likely)


@cache
def _official_stems() -> frozenset[str]:
    return frozenset(parse_name(name).stem for name in read_place_names().tolist()) - {""}
