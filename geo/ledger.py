"""Counts and denominators of all places as numbers, so that an area is a slice of them.

Codes sort so that an area stands just before everything in it: ``62.05``, ``62.05.01``,
``62.05.01.1001``. People lie in a sparse table with a row for every place and period and a
column for every combination; what a filter asks for is one product with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .segments import satisfies

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# "/" is the character after ".": the first text behind everything that starts with a code.
_BEHIND: Final = "/"
# A view asks for the same sums several times over: of now, of before, of all periods.
_KEPT_SUMS: Final = 4


@dataclass(frozen=True)
class Sums:
    """What a filter asks for in an area, in every period.

    Attributes
    ----------
    places : pandas.DataFrame
        The villages of the area.
    codes : pandas.Index
        Places of the area that people are counted at: its villages, areas
        (village unknown) and, in the whole of the data, the empty code.
    lengths : numpy.ndarray of int
        Characters of each of ``codes``.
    inside : numpy.ndarray of bool
        Which of ``codes`` are in the area by their code.
    rows : numpy.ndarray of int
        Where the villages stand in ``codes``.
    periods : tuple of str
        Sorted.
    people : numpy.ndarray of int
        Enrolled people by ``codes`` and ``periods``.
    recorded : numpy.ndarray of bool
        Where anybody at all is recorded, asked for or not.
    eligible : pandas.Series
        Eligible workers by village; NaN where unknown.
    """

    places: pd.DataFrame
    codes: pd.Index
    lengths: Ints
    inside: Flags
    rows: Ints
    periods: tuple[str, ...]
    people: Ints
    recorded: Flags
    eligible: pd.Series

    def enrolled(self, period: str) -> pd.Series:
        """Enrolled people by village; NaN where nothing is recorded in the period."""
        at = self.periods.index(period)
        known = self.recorded[self.rows, at]
        people = np.where(known, self.people[self.rows, at], np.nan)
        return pd.Series(people, self.places.index)

    def people_by(self, period: str, length: int) -> pd.Series:
        """People of the area by the first ``length`` characters of their code.

        Those included whose village is unknown, if their place is that fine.
        """
        at = self.periods.index(period)
        keys, found = self._prefixes(length)
        here = self.inside & (self.lengths >= length) & self.recorded[:, at]
        people = np.bincount(keys, np.where(here, self.people[:, at], 0), len(found))
        known = np.bincount(keys, here, len(found)) > 0
        return pd.Series(people[known], found[known])

    @cached_property
    def _prefixes(self) -> Callable[[int], tuple[Ints, pd.Index]]:
        return cache(lambda length: pd.factorize(self.codes.str[:length]))


@dataclass(frozen=True)
class Ledger:
    """All counts and denominators of a dataset, by position.

    Attributes
    ----------
    places : pandas.DataFrame
        The villages, sorted by code.
    codes : pandas.Index
        Villages and every other place that people are counted at, sorted.
    periods, combinations, segments : tuple of str
        What occurs, sorted.
    people : scipy.sparse.csr_array
        Row ``place * len(periods) + period``, column combination.
    eligible : scipy.sparse.csr_array
        Row village, column segment.
    """

    places: pd.DataFrame
    codes: pd.Index
    periods: tuple[str, ...]
    combinations: tuple[str, ...]
    segments: tuple[str, ...]
    people: csr_array
    eligible: csr_array

    def sum_area(
        self,
        place: str,
        subdistricts: Sequence[str] = (),
        *,
        segments: Collection[str] = (),
        programmes: Collection[str] = (),
        elsewhere: bool = False,
    ) -> Sums:
        """People and denominators of an area (not to be changed: the result is kept).

        Parameters
        ----------
        place : str
            Code of the area; empty for all.
        subdistricts : sequence of str
            Codes of the subdistricts to keep; empty keeps all.
        segments, programmes : collection of str
            Keys to keep (see `geo.segments.satisfies`); empty keeps all.
        elsewhere : bool
            Whether people of no known place, or outside, are counted too.
        """
        key = (place, tuple(sorted(set(subdistricts))), elsewhere)
        return self._kept(*key, tuple(sorted(segments)), tuple(sorted(programmes)))

    @cached_property
    def _kept(self) -> Callable[..., Sums]:
        return lru_cache(_KEPT_SUMS)(self._sum_area)

    def _sum_area(
        self,
        place: str,
        subdistricts: tuple[str, ...],
        elsewhere: bool,
        segments: tuple[str, ...],
        programmes: tuple[str, ...],
    ) -> Sums:
        inside = self._runs(place, subdistricts)
        runs = [slice(0, len(self.codes))] if elsewhere else inside
        at = _positions(runs)
        rows = np.flatnonzero(self._village_at[at] >= 0)
        villages = self._village_at[at][rows]
        places = _take(self.places, villages)
        wanted = [satisfies(c, segments, programmes) for c in self.combinations]
        return Sums(
            places,
            _take(self.codes, at),
            self._lengths[at],
            np.isin(at, _positions(inside), assume_unique=True) if elsewhere else at >= 0,
            rows,
            self.periods,
            self._people_of(runs, np.array(wanted, dtype="int64")),
            self._recorded[at],
            self._eligible_of(villages, segments).set_axis(places.index),
        )

    def _runs(self, place: str, subdistricts: tuple[str, ...]) -> list[slice]:
        """Where the places of the area stand among the codes."""
        asked = subdistricts or (place,)
        finer = [max(code, place, key=len) for code in asked if _nested(code, place)]
        return [self._run(code) for code in dict.fromkeys(finer)]

    def _run(self, code: str) -> slice:
        if not code:
            return slice(0, len(self.codes))
        return slice(*(int(at) for at in np.searchsorted(self._texts, [code, code + _BEHIND])))

    @cached_property
    def _texts(self) -> npt.NDArray[Any]:
        return np.asarray(self.codes, dtype=object)

    @cached_property
    def _lengths(self) -> Ints:
        return np.asarray(self.codes.str.len(), dtype="int64")

    @cached_property
    def _village_at(self) -> Ints:
        """Position of each place among the villages; -1 where it is none."""
        return np.asarray(self.places.index.get_indexer(self.codes), dtype="int64")

    @cached_property
    def _recorded(self) -> Flags:
        filled: Flags = np.diff(self.people.indptr) > 0
        return filled.reshape(len(self.codes), len(self.periods))

    def _people_of(self, runs: list[slice], wanted: Ints) -> Ints:
        width = len(self.periods)
        parts = [_rows(self.people, r.start * width, r.stop * width) @ wanted for r in runs]
        return np.concatenate([np.zeros(0, "int64"), *parts]).reshape(-1, width)

    def _eligible_of(self, villages: Ints, segments: tuple[str, ...]) -> pd.Series:
        asked = [not segments or segment in segments for segment in self.segments]
        wanted = np.array(asked, dtype="int64")
        table = self.eligible
        if len(villages) < table.shape[0]:
            table = table[villages]
        named = _sparse((np.ones_like(table.data), table.indices, table.indptr), table.shape)
        return pd.Series(np.where(named @ wanted > 0, table @ wanted, np.nan))


def build_ledger(places: pd.DataFrame, people: pd.DataFrame, eligible: pd.DataFrame) -> Ledger:
    """Counts and denominators by position.

    Parameters
    ----------
    places : pandas.DataFrame
        Villages by code, sorted.
    people : pandas.DataFrame
        ``period, code, combination, people``.
    eligible : pandas.DataFrame
        ``code, segment, eligible``.
    """
    at, found = _factorize(people["code"])
    codes = places.index.union(pd.Index(found, dtype="str")).sort_values()
    period, periods = _factorize(people["period"])
    combination, combinations = _factorize(people["combination"])
    place = codes.get_indexer(pd.Index(found, dtype="str"))[at] if found else at
    segment, segments = _factorize(eligible["segment"])
    village = places.index.get_indexer(eligible["code"].astype("str"))
    known = village >= 0
    return Ledger(
        places,
        codes,
        tuple(periods),
        tuple(combinations),
        tuple(segments),
        _sparse(
            (people["people"].to_numpy("int64"), (place * len(periods) + period, combination)),
            (len(codes) * len(periods), len(combinations)),
        ),
        _sparse(
            (eligible["eligible"].to_numpy("int64")[known], (village[known], segment[known])),
            (len(places), len(segments)),
        ),
    )


def _factorize(texts: pd.Series) -> tuple[Ints, list[str]]:
    """Each text's position in the sorted list of them."""
    at, found = pd.factorize(texts)
    values = np.array([str(value) for value in found], dtype=object)
    order = np.argsort(values)
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    return rank[at], values[order].tolist()


def _rows(table: csr_array, start: int, stop: int) -> csr_array:
    """Some rows that follow each other; nothing is copied."""
    first, last = table.indptr[start], table.indptr[stop]
    parts = (table.data[first:last], table.indices[first:last], table.indptr[start : stop + 1])
    return _sparse((*parts[:2], parts[2] - first), (stop - start, table.shape[1]))


def _sparse(parts: tuple[Any, ...], shape: tuple[int, ...]) -> csr_array:
    # Not at the start: it takes a while to load.
    from scipy.sparse import csr_array

    return csr_array(parts, shape=shape)


def _positions(runs: Sequence[slice]) -> Ints:
    return np.concatenate([np.arange(0), *(np.arange(run.start, run.stop) for run in runs)])


def _take(things: Any, at: Ints) -> Any:
    """Some rows; all of them are the thing itself, whose index knows its codes already."""
    if len(at) == len(things):
        return things
    return things.iloc[at] if isinstance(things, pd.DataFrame) else things[at]


def _nested(code: str, place: str) -> bool:
    return code.startswith(place) or place.startswith(code)
