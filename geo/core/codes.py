"""Place codes as text: Kemendagri dotted or not, BPS and p-codes; parents and levels.

Kemendagri: ``62.05.01.2005`` is province.regency.subdistrict.village. BPS has as many digits but
another numbering; the two cannot be told apart by looking at them, so this module says what a
text may be, and only a gazetteer says what it is. Codes are text, always: read as a number,
``62.10`` becomes ``62.1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Final, Literal

import pandas as pd

Level = Literal["country", "province", "regency", "subdistrict", "village"]
Scheme = Literal["kemendagri", "bps"]

LEVELS: Final[tuple[Level, ...]] = ("country", "province", "regency", "subdistrict", "village")
PLACE_LEVELS: Final[tuple[Level, ...]] = LEVELS[1:]
_LENGTHS: Final = {"country": 0, "province": 2, "regency": 5, "subdistrict": 8, "village": 13}
# Digits of an undotted code; BPS subdistricts have a third serial digit.
_DIGITS: Final[dict[Scheme, tuple[int, ...]]] = {"kemendagri": (2, 4, 6, 10), "bps": (2, 4, 7, 10)}
_WIDTHS: Final[dict[Scheme, tuple[int, ...]]] = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
_KEMENDAGRI: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_EITHER: Final = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?|\.\d{3}(\.\d{3})?)?)?")
_PCODE: Final = re.compile(r"(?i)id(\d{2}|\d{4}|\d{7}|\d{10})")
_VILLAGES: Final = re.compile(r"(\d{2}\.\d{2}\.\d{2})((?:[.-]\d{4})+)")
_UNDOTTED: Final = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{4})")


def find_level(text: str) -> Level | None:
    """Level of a dotted code (Kemendagri, or BPS written with dots); None if it is none."""
    return PLACE_LEVELS[text.count(".")] if _EITHER.fullmatch(text) else None


def level_of(code: str) -> Level:
    """Level of a dotted code; the empty code is the whole country.

    Raises
    ------
    ValueError
        If ``code`` is no dotted code.
    """
    level = find_level(code) if code else "country"
    if level is None:
        raise ValueError(f"not a dotted code: {code!r}")
    return level


def length_of(level: Level) -> int:
    """Characters of a dotted Kemendagri code of a level."""
    return _LENGTHS[level]


def ancestor(code: str, level: Level) -> str:
    """Find the place of ``level`` that ``code`` lies in (or is)."""
    return ".".join(code.split(".")[: LEVELS.index(level)])


def parent(code: str) -> str:
    """Code of the place one level above; of a province: the empty code."""
    return code.rpartition(".")[0]


def levels_within(code: str) -> tuple[Level, ...]:
    """Levels of places that lie in an area, and its own, from villages up."""
    return tuple(reversed(PLACE_LEVELS[max(LEVELS.index(level_of(code)) - 1, 0) :]))


def child_level(level: Level) -> Level:
    """Find the level below, or ``village`` itself."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def ancestors(code: str) -> list[str]:
    """Codes from the province down to ``code`` itself."""
    depth = LEVELS.index(level_of(code))
    return [ancestor(code, level) for level in LEVELS[1 : depth + 1]]


def pack_villages(villages: Iterable[str]) -> list[str]:
    """Village codes as few short texts, one a subdistrict: ``62.05.07.2005-2006``."""
    packed: dict[str, list[str]] = {}
    for code in sorted(set(villages)):
        packed.setdefault(parent(code), []).append(code.rpartition(".")[2])
    return [f"{subdistrict}.{'-'.join(serials)}" for subdistrict, serials in packed.items()]


def unpack_villages(text: str) -> list[str]:
    """Village codes of a text that `pack_villages` wrote; anything else as it is."""
    packed = _VILLAGES.fullmatch(text)
    if packed is None:
        return [text]
    return [f"{packed[1]}.{serial}" for serial in re.split("[.-]", packed[2][1:])]


def enclosing(villages: Iterable[str]) -> str:
    """Code of the smallest area that holds all villages; empty for the country."""
    parts = zip(*(code.split(".")[:-1] for code in villages), strict=False)
    return ".".join(takewhile(bool, ("" if len({*same}) > 1 else same[0] for same in parts)))


def to_dotted(codes: pd.Series) -> pd.Series:
    """Kemendagri village codes in dotted form; whatever is not one becomes the empty text.

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
    whole = dotted.str.fullmatch(_KEMENDAGRI.pattern) & (dotted.str.len() == _LENGTHS["village"])
    return dotted.where(whole, "")


def write_dots(digits: str, scheme: Scheme = "kemendagri") -> str:
    """Write an undotted code with dots; empty if its length fits no level."""
    if len(digits) not in _DIGITS[scheme] or not (digits.isascii() and digits.isdigit()):
        return ""
    parts, remaining = [], digits
    for width in _WIDTHS[scheme]:
        if remaining:
            parts.append(remaining[:width])
            remaining = remaining[width:]
    return ".".join(parts)


def read_code(text: str) -> list[tuple[Scheme, str]]:
    """List what a text may be, as pairs of a scheme and a code as that scheme writes it.

    Parameters
    ----------
    text : str
        One cell: ``62.05.01.2005``, ``6205012005``, ``ID6205010006``.

    Returns
    -------
    list of (scheme, code)
        Kemendagri codes dotted, BPS codes as digits; both readings of an undotted code, none
        for anything else. Numbers that lost a zero (``62.1``) are not repaired.
    """
    text = text.strip()
    if pcode := _PCODE.fullmatch(text):
        return [("bps", pcode[1])]
    if "." in text:
        return [("kemendagri", text)] if _KEMENDAGRI.fullmatch(text) else []
    if not (text.isascii() and text.isdigit()):
        return []
    readings: list[tuple[Scheme, str]] = []
    if dotted := write_dots(text):
        readings.append(("kemendagri", dotted))
    if len(text) in _DIGITS["bps"]:
        readings.append(("bps", text))
    return readings


def kind_of(code: str) -> str:
    """Kind of a village by its serial: 1 kelurahan, 3 desa adat, else desa."""
    return {"1": "kelurahan", "3": "desa adat"}.get(code[9:10], "desa")
