"""Kemendagri place codes: ``62.05.01.2005`` is province.regency.subdistrict.village.

Codes are text, always: read as a number, ``62.10`` becomes ``62.1``.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import pandas as pd

Level = Literal["country", "province", "regency", "subdistrict", "village"]

LEVELS: Final[tuple[Level, ...]] = ("country", "province", "regency", "subdistrict", "village")
_LENGTHS: Final = {"country": 0, "province": 2, "regency": 5, "subdistrict": 8, "village": 13}
_LEVEL_OF_LENGTH: Final = {length: level for level, length in _LENGTHS.items()}
_DOTTED: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_UNDOTTED: Final = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{4})")


def level_of(code: str) -> Level:
    """Level of a dotted code; the empty code is the whole country.

    Raises
    ------
    ValueError
        If ``code`` has no length that a code can have.
    """
    if len(code) not in _LEVEL_OF_LENGTH:
        raise ValueError(f"not a dotted Kemendagri code: {code!r}")
    return _LEVEL_OF_LENGTH[len(code)]  # type: ignore[return-value]


def length_of(level: Level) -> int:
    """Characters of a dotted code of a level."""
    return _LENGTHS[level]


def ancestor(code: str, level: Level) -> str:
    """The place of ``level`` that ``code`` lies in (or is)."""
    return code[: _LENGTHS[level]]


def parent(code: str) -> str:
    """Code of the place one level above; of a province: the empty code."""
    return ancestor(code, LEVELS[max(LEVELS.index(level_of(code)) - 1, 0)])


def child_level(level: Level) -> Level:
    """The level below, or ``village`` itself."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def ancestors(code: str) -> list[str]:
    """Codes from the province down to ``code`` itself."""
    here = LEVELS.index(level_of(code))
    return [ancestor(code, level) for level in LEVELS[1 : here + 1]]


def is_code(text: str) -> bool:
    """Whether ``text`` is a dotted code of any level."""
    return _DOTTED.fullmatch(text) is not None


def to_dotted(codes: pd.Series) -> pd.Series:
    """Village codes in dotted form; whatever is not one becomes the empty text.

    Parameters
    ----------
    codes : pandas.Series of str
        Dotted (``62.05.01.2005``) or undotted (``6205012005``) codes.

    Returns
    -------
    pandas.Series of str
        Same index.
    """
    text = codes.fillna("").astype("str").str.strip()
    dotted = text.str.replace(_UNDOTTED, r"\1.\2.\3.\4", regex=True)
    return dotted.where(dotted.str.fullmatch(_DOTTED.pattern) & (dotted.str.len() == 13), "")
