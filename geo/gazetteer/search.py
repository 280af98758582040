"""Finding a place by name or code, forgiving of spelling, among all places of the data.

Names are compared as `geo.gazetteer` reads them (``Sei Lemo II`` and ``sungai lemo 2`` are one),
and as plain letters. What stands behind a comma, or behind the name, may be a place above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz, process

from ..core import codes
from .names import fold, name_tokens, plain_name

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_HITS: Final = 10
_EXACT, _PREFIX, _WORD, _ALIKE = 100.0, 90.0, 88.0, 0.87
# Below this ratio two names share letters by chance.
_LEAST_ALIKE: Final = 65
_LEAST_ABOVE: Final = 75.0
_MOST_ABOVE: Final = 40
_MOST_WORDS: Final = 8
_LONGEST: Final = 80
_CODE: Final = re.compile(r"\d[\d.]*")
_BEHIND_ANY: Final = "\uffff"
_LEVELS: Final[dict[str, codes.Level]] = {
    "provinsi": "province",
    "prov": "province",
    "kabupaten": "regency",
    "kab": "regency",
    "kota": "regency",
    "kecamatan": "subdistrict",
    "kec": "subdistrict",
    "desa": "village",
    "ds": "village",
    "kelurahan": "village",
    "kel": "village",
}


@dataclass(frozen=True)
class Hit:
    """A place found.

    Attributes
    ----------
    code, name : str
        Of the place.
    level : str
        Its level.
    above : str
        Names of the places it lies in, the nearest first.
    score : float
        From 0 to 100 (the name or code itself).
    """

    code: str
    name: str
    level: codes.Level
    above: str
    score: float


@dataclass(frozen=True)
class NameIndex:
    """Names of places in the forms that are compared.

    Attributes
    ----------
    names : pandas.Series
        Names by code, sorted by code.
    words : pandas.Series
        Normalised words of each name, each after a space.
    keys : numpy.ndarray of str
        Every way to write a name without spaces, once, sorted.
    key, place : numpy.ndarray of int
        Which place is written which way; sorted by key.
    """

    names: pd.Series
    words: pd.Series
    keys: npt.NDArray[np.object_]
    key: Ints
    place: Ints

    @cached_property
    def codes(self) -> npt.NDArray[np.object_]:
        """Codes as texts to look up in order."""
        return np.asarray(self.names.index, dtype=object)

    def name_of(self, code: str) -> str:
        """Name of a place; its code where there is none."""
        position = int(np.searchsorted(self.codes, code))
        has_code = position < len(self.codes) and self.codes[position] == code
        return str(self.names.iloc[position]) if has_code else code


@dataclass(frozen=True)
class SearchIndex(NameIndex):
    """Names of places of all levels.

    Attributes
    ----------
    areas : NameIndex
        The places above villages, alone and with the next above.
    """

    areas: NameIndex

    @cached_property
    def levels(self) -> Ints:
        """Position of each place's level, from the province (0)."""
        return _levels_of(self.names)


def build_search(names: pd.Series) -> SearchIndex:
    """Index of places.

    Parameters
    ----------
    names : pandas.Series of str
        Names of places of all levels, by code.
    """
    names = names.sort_index()
    above = names[_levels_of(names) < codes.PLACE_LEVELS.index("village")]
    official = dict(zip(above.index.tolist(), above.tolist(), strict=True))
    both = [
        f"{name} {' '.join(name_tokens(official.get(codes.parent(code), '')))}"
        for code, name in official.items()
    ]
    areas = pd.concat([above, pd.Series(both, above.index, dtype="str")]).sort_index()
    return SearchIndex(**vars(_index(names)), areas=_index(areas))


def _index(names: pd.Series) -> NameIndex:
    number, distinct = pd.factorize(names)
    written = distinct.tolist()
    words = [name_tokens(name) for name in written]
    joined = pd.Series(["".join(parts) for parts in words], dtype="object")
    plain = pd.Series([plain_name(name) for name in written], dtype="object")
    key_of_name, keys = pd.factorize(pd.concat([joined, plain]), sort=True)
    pairs = np.unique(
        np.column_stack(
            [key_of_name.reshape(2, -1)[:, number].ravel(), np.tile(np.arange(len(names)), 2)]
        ),
        axis=0,
    )
    spaced = pd.Series(["".join(f" {part}" for part in parts) for parts in words], dtype="str")
    words_of = spaced.take(number).reset_index(drop=True)
    return NameIndex(
        names=names,
        words=words_of,
        keys=np.asarray(keys, dtype=object),
        key=pairs[:, 0],
        place=pairs[:, 1],
    )


def _levels_of(names: pd.Series) -> Ints:
    """Position of the level of each place, by code: 0 of a province."""
    lengths = [codes.length_of(level) for level in codes.PLACE_LEVELS]
    return np.asarray(np.searchsorted(lengths, names.index.str.len()), dtype="int64")


def search_places(index: SearchIndex, text: str, limit: int = MOST_HITS) -> list[Hit]:
    """Places that a text may mean, the likeliest first.

    Parameters
    ----------
    index : SearchIndex
        Places to search.
    text : str
        A code (dotted or not, or its beginning) or a name, alone or with
        places above it (``Lemo II, Montallat``).
    limit : int
        How many at most.

    Returns
    -------
    list of Hit
        By score; of equal scores the higher level, then the lower code first.
    """
    text = text.strip()[:_LONGEST]
    scores = _score_code(index, text) if _CODE.fullmatch(text) else _score_text(index, text)
    matches = np.flatnonzero(scores > 0)
    level = _named_level(text)
    levels, wanted_level = index.levels[matches], -1
    if level is not None:
        wanted_level = codes.PLACE_LEVELS.index(level)
    order = np.lexsort((matches, levels, levels != wanted_level, -scores[matches].round(1)))
    best = matches[order][:limit]
    return [_hit(index, position, float(scores[position])) for position in best.tolist()]


def list_inside(index: SearchIndex, place: str) -> list[Hit]:
    """List the places one level below an area, by code; empty code: the topmost places."""
    inside = np.asarray(index.names.index.str.startswith(f"{place}." if place else ""))
    levels = index.levels[inside]
    if not len(levels):
        return []
    positions = np.flatnonzero(inside)[levels == levels.min()]
    return [_hit(index, position, _EXACT) for position in positions.tolist()]


def _hit(index: SearchIndex, position: int, score: float) -> Hit:
    code = str(index.codes[position])
    above = [index.name_of(c) for c in reversed(codes.ancestors(code)[:-1])]
    level = codes.PLACE_LEVELS[index.levels[position]]
    return Hit(
        code=code,
        name=str(index.names.iloc[position]),
        level=level,
        above=", ".join(above),
        score=round(score, 1),
    )


def _named_level(text: str) -> codes.Level | None:
    """Find the level that the first word says: ``Kec. Lahei``."""
    first, _, remainder = fold(text).partition(" ")
    return _LEVELS.get(first.rstrip(".")) if remainder else None


def _score_code(index: SearchIndex, text: str) -> Floats:
    start = text if "." in text else _dotted_start(text)
    first, last = np.searchsorted(index.codes, [start, start + _BEHIND_ANY])
    scores = np.zeros(len(index.codes))
    scores[first:last] = _PREFIX
    scores[first:last][index.codes[first:last] == start] = _EXACT
    return scores


def _dotted_start(digits: str) -> str:
    """Write the beginning of a code with the dots it would have."""
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:])
    return ".".join(part for part in parts if part)


def _score_text(index: SearchIndex, text: str) -> Floats:
    """Score the best of all readings: the whole as a name, or a name and places above it."""
    name, *above = [part for part in re.split(r"[,;]", text) if name_tokens(part)] or [""]
    if above:
        return _score_within(index, name, above)
    words = name.split()[:_MOST_WORDS]
    readings = [_score_name(index, name)]
    if readings[0].max(initial=0) < _EXACT:
        readings += [
            _score_within(index, " ".join(words[:cut]), [" ".join(words[cut:])])
            for cut in range(1, len(words))
        ]
    best: Floats = np.maximum.reduce(readings)
    return best


def _score_within(index: SearchIndex, name: str, above: list[str]) -> Floats:
    """Score a name inside places whose names are like given ones; 0 outside."""
    inside = np.full(len(index.names), _EXACT)
    for part in above:
        inside = np.minimum(inside, _score_inside(index, part))
    positions = np.flatnonzero(inside)
    scores = np.zeros(len(inside))
    if len(positions):
        scores[positions] = 0.75 * _score_name(index, name, positions) + 0.25 * inside[positions]
        scores[positions] *= scores[positions] > 0.25 * inside[positions]
    return scores


def _score_inside(index: SearchIndex, name: str) -> Floats:
    """How alike the names of the areas each place lies in are to this one."""
    areas = _score_name(index.areas, name)
    best = np.argsort(-areas, kind="stable")[:_MOST_ABOVE]
    scores = np.zeros(len(index.names))
    for area in best[areas[best] >= _LEAST_ABOVE][::-1].tolist():
        code = index.areas.codes[area]
        first, last = np.searchsorted(index.codes, [code + ".", code + "/"])
        scores[first:last] = np.maximum(scores[first:last], areas[area])
    return scores


def _score_name(index: NameIndex, name: str, among: Ints | None = None) -> Floats:
    """How alike each place's name is; of the places at ``among`` alone, if given."""
    words = name_tokens(name)
    if not words:
        return np.zeros(len(index.names) if among is None else len(among))
    number, keys, places = _pairs(index, among)
    scores = np.zeros(len(index.names) if among is None else len(among))
    for key in {"".join(words), plain_name(name)} - {""}:
        np.maximum.at(scores, places, _score_keys(keys, key)[number])
    started = index.words if among is None else index.words.iloc[among]
    begins = started.str.contains(" " + " ".join(words), regex=False).to_numpy()
    return np.maximum(scores, np.where(begins, _WORD, 0))


def _pairs(index: NameIndex, among: Ints | None) -> tuple[Ints, npt.NDArray[np.object_], Ints]:
    """Give the number of the key of each pair, the keys, and the place of each pair."""
    if among is None:
        return index.key, index.keys, index.place
    where = np.full(len(index.names), -1)
    where[among] = np.arange(len(among))
    is_inside = where[index.place] >= 0
    used_keys, number = np.unique(index.key[is_inside], return_inverse=True)
    return number, index.keys[used_keys], where[index.place[is_inside]]


def _score_keys(keys: npt.NDArray[np.object_], text: str) -> Floats:
    """Scores of sorted keys: the same, begun so, or alike."""
    alike = process.cdist(
        [text], keys, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, dtype=np.uint8
    )[0]
    scores: Floats = alike * _ALIKE
    first, last = np.searchsorted(keys, [text, text + _BEHIND_ANY])
    shares = [len(text) / len(key) for key in keys[first:last]]
    scores[first:last] = _PREFIX + 9 * np.array(shares)
    if first < last and keys[first] == text:
        scores[first] = _EXACT
    return scores
