"""Identity numbers of people, and what they say by themselves: region and date of birth.

A NIK is six digits of the place of registration, six of the date of birth (40 is added to the day
of a woman's) and a serial of four. There is no check digit, so these parts are what can be judged.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core import codes
from ..enrolment.reading import SYNTHETIC_PREFIX
from ..gazetteer.places import read_region_names

Bools = npt.NDArray[np.bool_]

NIK_LENGTH: Final = 16
_NIK: Final = r"[0-9]{16}"
_ONE_DIGIT: Final = r"([0-9])\1{15}"
_CARD: Final = r"[0-9]{11}"
_WOMEN: Final = 40
_CENTURY: Final = 100


def read_digits(texts: pd.Series) -> pd.Series:
    """Digits of identity numbers; what a number adds at the end (``.0``) is dropped."""
    bare = texts.str.replace(r"\.0+$", "", regex=True)
    return bare.str.replace(r"[^0-9]", "", regex=True)


def are_niks(digits: pd.Series) -> Bools:
    """Whether texts are sound NIK: 16 digits, of a regency that exists, with a date that can be.

    Parameters
    ----------
    digits : pandas.Series of str
        As `read_digits` gives them.
    """
    whole = digits.str.fullmatch(_NIK) & ~digits.str.fullmatch(_ONE_DIGIT)
    known = digits.str[:2].isin(_provinces())
    day, month = _number(digits, 6), _number(digits, 8)
    day = np.where(day > _WOMEN, day - _WOMEN, day)
    dated = (day >= 1) & (day <= 31) & (month >= 1) & (month <= 12)
    # Those of the synthetic sample are of no province and say no date.
    made_up = digits.str.startswith(SYNTHETIC_PREFIX)
    return np.asarray(whole & ((known & dated) | made_up), dtype=bool)


def are_cards(digits: pd.Series) -> Bools:
    """Whether texts are card numbers of participants: 11 digits."""
    return np.asarray(digits.str.fullmatch(_CARD) & (digits != "0" * 11), dtype=bool)


def birth_of_niks(digits: pd.Series, sound: Bools) -> pd.Series:
    """Dates of birth that sound NIK say; a year that would lie ahead is of the century before."""
    day, month, year = (_number(digits, at) for at in (6, 8, 10))
    day = np.where(day > _WOMEN, day - _WOMEN, day)
    year = np.where(year > pd.Timestamp.now().year % _CENTURY, year + 1900, year + 2000)
    parts = pd.DataFrame({"year": year, "month": month, "day": day}, digits.index, dtype="float64")
    parts[~sound] = np.nan
    return pd.to_datetime(parts, errors="coerce").astype("datetime64[s]")


def _number(digits: pd.Series, at: int) -> npt.NDArray[np.int64]:
    """Read the two digits at a position; 0 where there are none."""
    part = digits.str[at : at + 2]
    return np.asarray(part.where(part.str.fullmatch("[0-9]{2}"), "0").astype("int64"))


@cache
def _provinces() -> frozenset[str]:
    names = read_region_names()
    return frozenset(names.index[names.index.str.len() == codes.length_of("province")])
