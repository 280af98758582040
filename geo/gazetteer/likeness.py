"""How alike two names are, and which one-to-one pairing of them is likely right."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from .names import Name, is_guard, parse_name

VOWELS = frozenset("aeiou")
# Letters that one village's name is written with from list to list; the price is relative to
# 1.0 for unrelated letters.
ALIKE = {
    frozenset(pair): cost
    for pairs, cost in (
        ("ae ei ao ou iy uw kq yj", 0.4),  # sebalo/sabalo, suko/suka, kuwun/kuun, laya/laja
        ("gk dt bp cj fp vf wb sz sc td", 0.5),  # ngebrug/ngebruk, duwed/duwet
        ("mn lr nl", 0.7),
    )
    for pair in pairs.split()
}
OTHER_VOWEL = 0.5
SILENT = {"h": 0.4, "k": 0.6, "q": 0.4, "e": 0.5, "w": 0.6, "y": 0.6, "n": 0.6, "g": 0.6}
INSERT = 0.9
DOUBLED = 0.2  # montallat/montalat
SWAPPED = 0.7  # paharangan/parahangan
# Likeness of names that differ in an abbreviation, or in a word that the whole neighbourhood
# gained: the letters differ by much, the names do not.
ABBREVIATED = 0.93
# Left over at the end of one name these may be a numeral without its space: "Tawa", "Tawai".
GLUED_NUMERALS = frozenset({"i", "ii", "iii", "iv", "v", "vi", "1", "2", "3"})
AFFIXED = 0.93


def _replace_cost(a: str, b: str) -> float:
    """Price of reading letter `a` as `b`."""
    if a == b:
        return 0.0
    both_vowels = a in VOWELS and b in VOWELS
    return ALIKE.get(frozenset((a, b)), OTHER_VOWEL if both_vowels else 1.0)


def _insert_cost(text: str, index: int) -> float:
    """Price of a letter that the other name lacks."""
    letter = text[index]
    neighbours = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return DOUBLED if letter in neighbours else SILENT.get(letter, INSERT)


@lru_cache(maxsize=200_000)
def spelling_cost(a: str, b: str) -> float:
    """Weighted edit distance: 0 for equal texts, about 1 for one unrelated letter."""
    drop = [_insert_cost(a, i) for i in range(len(a))]
    add = [_insert_cost(b, j) for j in range(len(b))]
    older: list[float] = []
    before = [sum(add[:j]) for j in range(len(b) + 1)]
    for i, letter in enumerate(a):
        row = [before[0] + drop[i]]
        for j, other in enumerate(b):
            cost = before[j] + _replace_cost(letter, other)
            cost = min(cost, before[j + 1] + drop[i], row[j] + add[j])
            if i and j and letter == b[j - 1] and a[i - 1] == other:
                cost = min(cost, older[j - 1] + SWAPPED)
            row.append(cost)
        older, before = before, row
    return before[-1]


def likeness(a: str, b: str) -> float:
    """Likeness of two texts from 0 to 1."""
    longest = max(len(a), len(b))
    return max(0.0, 1.0 - spelling_cost(a, b) / longest) if longest else 0.0


def same_guard(a: Name, b: Name) -> bool:
    """Whether no numeral or guard word tells the names apart."""
    short, long = sorted((a.stem, b.stem), key=len)
    glued = long.startswith(short) and long[len(short) :] in GLUED_NUMERALS
    return a.guard == b.guard and bool(a.stem) == bool(b.stem) and not glued


def _shortens(short: str, word: str) -> bool:
    """Whether "krg" may stand for "karang": same first letter, letters in order, no vowels."""
    if len(short) > 4 or len(short) >= len(word) or VOWELS & set(short) or short[0] != word[0]:
        return False
    letters = iter(word)
    return all(letter in letters for letter in short)


def expand_abbreviations(name: Name, other: Name) -> Name | None:
    """Write the abbreviated words of `name` as `other` has them, word by word.

    "Tb. Agung Tengah" beside "Tambaagung Tengah" has other words and stays as it is; initials
    ("ST" for "Sungai Tuan") are written out where they end the name.
    """
    words, full = name.tokens, other.tokens
    if len(words) > 1 and len(words) < len(full):
        initials = full[len(words) - 1 :]
        if words[-1] == "".join(word[0] for word in initials) and len(initials) > 1:
            return parse_name(" ".join([*words[:-1], *initials]))
    if len(words) != len(full) or len(words) < 2:
        return None
    pairs = zip(words, full, strict=True)
    expanded = [b if _shortens(a, b) and not b.isdigit() else a for a, b in pairs]
    return None if tuple(expanded) == words else parse_name(" ".join(expanded))


def _abbreviated(name: Name) -> bool:
    """Whether a word of the name has no vowel and may stand for a longer one."""
    return any(len(w) <= 4 and not VOWELS & set(w) and not w.isdigit() for w in name.tokens)


def _unshared(a: Name, b: Name) -> tuple[str, str]:
    """Find what two names do not share word by word, guard words aside."""
    tokens_a, tokens_b = Counter(a.tokens), Counter(b.tokens)
    only_a, only_b = tokens_a - tokens_b, tokens_b - tokens_a
    return (
        "".join(word for word in a.tokens if word in only_a and not is_guard(word)),
        "".join(word for word in b.tokens if word in only_b and not is_guard(word)),
    )


def _spelled_alike(a: Name, b: Name) -> float:
    """Likeness of two names of equal guard words.

    The mean of the likeness of the whole and of what differs: "Sindang Jati" and "Sindang Jaya"
    share a word that half the villages around share as well.
    """
    whole = likeness(a.stem, b.stem)
    unshared = _unshared(a, b)
    return (whole + likeness(*unshared)) / 2 if all(unshared) else whole


@lru_cache(maxsize=200_000)
def similarity(a: Name, b: Name) -> float:
    """Likeness from 0 to 1 of two names for an automatic match; 0 across guard words."""
    best = _spelled_alike(a, b) if same_guard(a, b) else 0.0
    for short, full in ((a, b), (b, a)):
        expanded = expand_abbreviations(short, full) if _abbreviated(short) else None
        if expanded and same_guard(expanded, full):
            best = max(best, ABBREVIATED * _spelled_alike(expanded, full))
    return best


def added_words(name: Name, other: Name) -> tuple[str, ...]:
    """Words that `other` has beyond all those of `name`, if none of them is a guard word."""
    extra = Counter(other.tokens) - Counter(name.tokens)
    missing = Counter(name.tokens) - Counter(other.tokens)
    words = tuple(sorted(extra.elements()))
    return () if missing or not name.stem or any(map(is_guard, words)) else words


def systematic_words(names: Sequence[Name], other_names: Sequence[Name]) -> frozenset[str]:
    """Words that at least three of `names` gained or lost against `others`.

    One village that gained a word is another village ("Liju", "Sei Liju"); a subdistrict whose
    villages all gained "Linggang" renamed them by one decree.
    """
    counts = Counter(
        words[0]
        for a in names
        for b in other_names
        if len(words := added_words(a, b) or added_words(b, a)) == 1
    )
    return frozenset(word for word, count in counts.items() if count >= 3)


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposed match of a name with a candidate.

    Attributes
    ----------
    row, column : int
        Positions in the two lists of names.
    likeness : float
        From 0 to 1.
    margin : float
        Lead over the best rival of either side.
    """

    row: int
    column: int
    likeness: float
    margin: float


# Logistic fit on all of village_names_2016.csv: intercept, likeness, margin. Fitted on Java alone
# it holds for Kalimantan and Bali, and the other way round (`python -m bench.calibrate`).
DENSE_FIT = (-11.5, 16.9, 4.6)  # against the few places that no other name stands for
OPEN_FIT = (-16.5, 20.6, 7.7)  # against all places
MARGIN_CAP = 0.4


def match_probability(pair: Pair, *, dense: bool) -> float:
    """Calibrated probability that a pair is right.

    Parameters
    ----------
    pair : Pair
    dense : bool
        Whether it was chosen among the few places that no other name stands for.
    """
    intercept, slope, lead = DENSE_FIT if dense else OPEN_FIT
    logit = intercept + slope * pair.likeness + lead * min(pair.margin, MARGIN_CAP)
    return 1.0 / (1.0 + math.exp(-logit))


def likeness_matrix(
    names: Sequence[Name], other_names: Sequence[Name], cutoff: float = 50.0
) -> NDArray[np.float64]:
    """Likeness of every pair whose RapidFuzz ratio reaches a cutoff, 0 elsewhere."""
    keys, other_keys = [name.key for name in names], [name.key for name in other_names]
    rough = process.cdist(keys, other_keys, scorer=fuzz.ratio, score_cutoff=cutoff)
    matrix = np.zeros(rough.shape)
    for i, j in zip(*np.nonzero(rough), strict=True):
        matrix[i, j] = similarity(names[i], other_names[j])
    return matrix


def affix_matrix(
    names: Sequence[Name], other_names: Sequence[Name], parent_words: frozenset[str]
) -> NDArray[np.float64]:
    """AFFIXED for every pair that differs by words of the parent or by systematic words.

    Not where those words are a candidate themselves: "Gayungan Ketintang" may have become
    Gayungan as well as Ketintang.
    """
    confirmed_words = parent_words | systematic_words(names, other_names)
    keys = {other.key for other in other_names}
    matrix = np.zeros((len(names), len(other_names)))
    for i, a in enumerate(names):
        for j, b in enumerate(other_names):
            words = added_words(a, b) or added_words(b, a)
            if words and confirmed_words.issuperset(words) and not keys.intersection(words):
                matrix[i, j] = AFFIXED
    return matrix


def _margin(matrix: NDArray[np.float64], row: int, column: int, exclusive: bool) -> float:
    """Lead of one cell over the best other cell of its row, and of its column if exclusive."""
    rivals = [np.delete(matrix[row], column)]
    if exclusive:
        rivals.append(np.delete(matrix[:, column], row))
    return float(matrix[row, column] - max((line.max() for line in rivals if line.size), default=0))


def pair_names(matrix: NDArray[np.float64], *, exclusive: bool) -> list[Pair]:
    """Pair names with candidates by greatest total likeness.

    Parameters
    ----------
    matrix : array
        Likeness of every name (row) with every candidate (column).
    exclusive : bool
        Whether a candidate goes to one name at most; otherwise each name takes its best.
    """
    if not matrix.size:
        return []
    if exclusive:
        # Here, as loading it takes as long as all the rest of this package, and few need it.
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(matrix, maximize=True)
    else:
        rows, columns = np.arange(len(matrix)), matrix.argmax(axis=1)
    return [
        Pair(int(i), int(j), float(matrix[i, j]), _margin(matrix, i, j, exclusive))
        for i, j in zip(rows, columns, strict=True)
        if matrix[i, j] > 0
    ]
