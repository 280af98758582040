"""How likely two records without an equal number are of one person.

After Fellegi and Sunter: each thing that agrees or differs adds the logarithm of how much more
often that is so among records of one person than among those of two. The weights are judged from
what such lists hold, and checked by ``make bench-reconcile``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from .identities import NIK_LENGTH
from .names import skeleton

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Logarithms of the odds from which a pair is certain, and from which it is worth a look.
COVERED: Final = 4.6
LEAST: Final = -1.0
# Columns of people that are compared.
COMPARED: Final = ("key", "spoken", "birth", "area", "digits")
# Names less alike than this are other names.
NAMES_DIFFER: Final = 0.55
# A short list is drawn from the people of an area all the same.
_LEAST_PEOPLE: Final = 5_000
# Pairs of one key beyond this many say nothing.
_MOST_PAIRS: Final = 20_000
_RAREST_NAME: Final = 1 / 30_000
_SAME: Final = 0.97


def find_pairs(candidates: pd.DataFrame, enrolled: pd.DataFrame) -> pd.DataFrame:
    """Pairs that share enough to be looked at: ``left`` and ``right``, positions in the tables."""
    keys = zip(_keys(candidates, swapped=True), _keys(enrolled, swapped=False), strict=True)
    found = [_join(mine, theirs) for mine, theirs in keys]
    joined = np.unique(np.concatenate(found)) if found else np.zeros(0, dtype="int64")
    return pd.DataFrame({"left": joined // _SHIFT, "right": joined % _SHIFT})


_SHIFT: Final = 1 << 31


def _keys(people: pd.DataFrame, *, swapped: bool) -> Iterator[pd.Series]:
    """List what two records of one person may still have in common, one fault away."""
    birth, digits = people["birth"], people["digits"]
    day = birth.dt.strftime("%Y%m%d").fillna("")
    yield day
    other = birth.dt.strftime("%Y%d%m").fillna("") if swapped else day
    yield other.where((birth.dt.day <= 12) & (birth.dt.day != birth.dt.month), "")
    yield digits.str[:12].where(digits.str.len() >= 14, "")
    yield digits.str[6:].where(digits.str.len() == NIK_LENGTH, "")
    bones = people["key"].map({name: skeleton(name) for name in people["key"].unique()})
    # Serials are low: without the name, a tenth of a regency would share region and serial.
    numbered = (digits.str.len() == NIK_LENGTH) & (bones != "")
    yield (digits.str[:6] + digits.str[12:] + bones).where(numbered, "")
    placed = (people["area"] != "") & (bones.str.len() >= 3)
    yield (people["area"] + bones).where(placed, "")
    year = birth.dt.strftime("%Y").fillna("")
    yield (people["key"] + year).where((year != "") & (people["key"].str.len() > 5), "")


def _join(mine: pd.Series, theirs: pd.Series) -> Ints:
    """Pairs with an equal key as one number each; keys that too many share are left out."""
    left = pd.DataFrame({"key": mine.to_numpy(), "left": np.arange(len(mine))})
    right = pd.DataFrame({"key": theirs.to_numpy(), "right": np.arange(len(theirs))})
    left, right = left[left["key"] != ""], right[right["key"] != ""]
    many = left["key"].value_counts() * right["key"].value_counts()
    wanted = many.index[many <= _MOST_PAIRS]
    pairs = left[left["key"].isin(wanted)].merge(right, on="key")
    joined = pairs["left"].to_numpy("int64") * _SHIFT + pairs["right"].to_numpy("int64")
    return np.asarray(joined, dtype="int64")


def score_pairs(pairs: pd.DataFrame, candidates: pd.DataFrame, enrolled: pd.DataFrame) -> Floats:
    """Logarithm of the odds that each pair is one person.

    Parameters
    ----------
    pairs : pandas.DataFrame
        As `find_pairs` gives them.
    candidates, enrolled : pandas.DataFrame
        Tables of `geo.reconcile.people.People`.
    """
    left = candidates.iloc[pairs["left"].to_numpy()].reset_index(drop=True)
    right = enrolled.iloc[pairs["right"].to_numpy()].reset_index(drop=True)
    prior = -math.log(max(len(enrolled), _LEAST_PEOPLE))
    frequency = pd.concat([candidates["key"], enrolled["key"]]).value_counts(normalize=True)
    birth, same_birth = _score_births(left["birth"].to_numpy(), right["birth"].to_numpy())
    return (
        prior
        + _score_names(left, right, frequency)
        + birth
        + _score_places(left["area"], right["area"])
        + _score_digits(left["digits"], right["digits"], same_birth)
    )


def _score_names(left: pd.DataFrame, right: pd.DataFrame, frequency: pd.Series) -> Floats:
    """Weigh names: a rare one that agrees says more than a frequent one."""
    one, other = left["key"].tolist(), right["key"].tolist()
    alike = compare_names(left, right)
    parts = process.cpdist(one, other, scorer=fuzz.token_set_ratio, workers=-1) / 100
    words = np.minimum(*(side["key"].str.count(" ").to_numpy() for side in (left, right))) + 1
    # A middle name that one list leaves out; one word in common is too little for that.
    alike = np.maximum(alike, np.where((words >= 2) & (parts > _SAME), 0.93, 0))
    rare = np.maximum(*(side["key"].map(frequency).fillna(0).to_numpy() for side in (left, right)))
    same = np.log(0.75 / np.maximum(rare, _RAREST_NAME))
    near = np.log(0.2 / np.maximum(3 * rare, 1 / 3_000))
    levels = [alike >= _SAME, alike >= 0.9, alike >= 0.82, alike >= 0.7]
    score = np.select(levels, [same, np.minimum(near, same), 2.5, -1.0], -6.0)
    unknown = (left["key"] == "").to_numpy() | (right["key"] == "").to_numpy()
    return np.where(unknown, 0.0, score)


def compare_names(left: pd.DataFrame, right: pd.DataFrame) -> Floats:
    """Likeness of pairs of names, 0 to 1: words in any order, or letters without spaces."""
    keys = (side["key"].tolist() for side in (left, right))
    sort = process.cpdist(*keys, scorer=fuzz.token_sort_ratio, workers=-1)
    glued = (side["spoken"].str.replace(" ", "").tolist() for side in (left, right))
    whole = process.cpdist(*glued, scorer=fuzz.ratio, workers=-1)
    return np.asarray(np.maximum(sort, whole), dtype="float64") / 100


def _score_births(
    left: npt.NDArray[np.datetime64], right: npt.NDArray[np.datetime64]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Dates that are equal, have day and month swapped, or differ in one of their parts."""
    one, other = pd.DatetimeIndex(left), pd.DatetimeIndex(right)
    day, month, year = one.day == other.day, one.month == other.month, one.year == other.year
    swapped = year & (one.day == other.month) & (one.month == other.day)
    parts = day.astype("int8") + month + year
    # Who does not know the day is written down as born on the first of January or July.
    guessed = _are_guesses(one) | _are_guesses(other)
    score = np.select([parts == 3, guessed & year, swapped, parts == 2], [9.3, 3.4, 5.0, 2.3], -5.0)
    unknown = np.isnat(left) | np.isnat(right)
    return np.where(unknown, 0.0, score), np.asarray(parts == 3) & ~unknown


def _are_guesses(days: pd.DatetimeIndex) -> npt.NDArray[np.bool_]:
    first = (days.day == 1) & ((days.month == 1) | (days.month == 7))
    return np.asarray(first | ((days.day == 31) & (days.month == 12)), dtype=bool)


def _score_places(left: pd.Series, right: pd.Series) -> Floats:
    """Compare villages: the same, one of the same subdistrict, or another; people move."""
    known = (left != "").to_numpy() & (right != "").to_numpy()
    village = (left == right).to_numpy()
    subdistrict = (left.str[:8] == right.str[:8]).to_numpy()
    return np.where(known, np.select([village, subdistrict], [4.0, -0.5], -2.5), 0.0)


def _score_digits(left: pd.Series, right: pd.Series, same_birth: npt.NDArray[np.bool_]) -> Floats:
    """Compare what is left of a damaged identity; two sound ones that differ are of two people."""
    one, other = left.tolist(), right.tolist()
    faults = process.cpdist(one, other, scorer=DamerauLevenshtein.distance, workers=-1)
    long = (left.str.len() >= 14).to_numpy() & (right.str.len() >= 14).to_numpy()
    whole = (left.str.len() == NIK_LENGTH).to_numpy() & (right.str.len() == NIK_LENGTH).to_numpy()
    # Kept as a number, the last digit becomes 0.
    cut = (left.str[:15] == right.str[:15]).to_numpy() & (
        left.str.endswith("0") | right.str.endswith("0")
    ).to_numpy()
    serial = (left.str[:12] == right.str[:12]).to_numpy() & whole & ~cut
    # Twins, and children registered on one day, differ in their serials alone.
    score = np.select(
        [faults == 0, cut, serial & (faults <= 2), faults == 1, faults == 2, faults <= 4],
        [8.0, 6.0, -3.5, 6.5, 3.0, -3.0],
        -5.0,
    )
    # Date of birth and identity share six digits: they are not counted twice.
    score = np.where(same_birth & (score > 0), score - 2.0, score)
    return np.where(long, score, 0.0)
