"""Counts and denominators of all places as numbers, so that an area is a slice of them.

Codes sort so that an area stands just before everything in it: ``62.05``, ``62.05.01``,
``62.05.01.1001``. People lie in a sparse table with a row for every place and period and a
column for every combination; what a filter asks for is one product with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.segments import Scope, is_whole, order_segments, parse_combination, satisfies

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
    uncounted : numpy.ndarray of int
        People left out by ``codes`` and ``periods``, as they are of other segments than the
        denominators; 0 where segments are asked for.
    eligible : dict of str to pandas.Series
        Eligible workers by period and village, of the segments that the records of the period
        cover; NaN where unknown.
    scopes : dict of str to tuple of str
        By period the segments that the figures are of, where the records or the denominators
        lack some of those asked for; empty where they lack none.
    bounds : dict of str to pandas.DataFrame
        By period ``eligible_low``, ``eligible_high`` and ``estimated`` (share of the village's
        denominators that are), by village; empty where all of them are counted.
    together : pandas.Series of bool
        By village, whether eligible workers of all segments together are known.
    """

    places: pd.DataFrame
    codes: pd.Index
    lengths: Ints
    inside: Flags
    rows: Ints
    periods: tuple[str, ...]
    people: Ints
    recorded: Flags
    uncounted: Ints
    eligible: Mapping[str, pd.Series]
    scopes: Mapping[str, Scope]
    bounds: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    together: pd.Series = field(default_factory=lambda: pd.Series(dtype="bool"))

    def enrolled(self, period: str) -> pd.Series:
        """Enrolled people by village; NaN where nothing is recorded in the period."""
        period_index = self.periods.index(period)
        is_recorded = self.recorded[self.rows, period_index]
        people = np.where(is_recorded, self.people[self.rows, period_index], np.nan)
        return pd.Series(people, self.places.index)

    def people_by(self, period: str, length: int) -> pd.Series:
        """People of the area by the first ``length`` characters of their code.

        Those included whose village is unknown, if their place is that fine.
        """
        period_index = self.periods.index(period)
        keys, prefixes = self._prefixes(length)
        is_counted = self.inside & (self.lengths >= length) & self.recorded[:, period_index]
        people = np.bincount(
            keys, np.where(is_counted, self.people[:, period_index], 0), len(prefixes)
        )
        has_records = np.bincount(keys, is_counted, len(prefixes)) > 0
        return pd.Series(people[has_records], prefixes[has_records])

    @cached_property
    def _prefixes(self) -> Callable[[int], tuple[Ints, pd.Index]]:
        return cache(lambda length: pd.factorize(self.codes.str[:length]))


@dataclass(frozen=True)
class _Asked:
    """Segments of a period that a question is answered from.

    ``counted``: whose people are counted, empty for everybody, None where the records do not
    tell; ``denominators``: whose eligible workers are summed, empty for all; ``scope``: see
    `Sums`.
    """

    counted: Scope | None
    denominators: Scope
    scope: Scope = ()


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
    scopes : dict of str to tuple of str
        Segments that the records of a period cover; none or no entry: all workers.
    bounds : dict of str to scipy.sparse.csr_array
        ``eligible_low``, ``eligible_high`` and ``estimated`` (1 or 0) as ``eligible``; empty where
        all denominators are counted.
    """

    places: pd.DataFrame
    codes: pd.Index
    periods: tuple[str, ...]
    combinations: tuple[str, ...]
    segments: tuple[str, ...]
    people: csr_array
    eligible: csr_array
    scopes: Mapping[str, Scope]
    bounds: Mapping[str, csr_array] = field(default_factory=dict)

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
            Keys to keep (see `geo.core.segments.satisfies`); empty keeps all.
        elsewhere : bool
            Whether people of no known place, or outside, are counted too.
        """
        key = (place, tuple(sorted(set(subdistricts))), elsewhere)
        return self._memoised_sums(*key, tuple(sorted(segments)), tuple(sorted(programmes)))

    @cached_property
    def _memoised_sums(self) -> Callable[..., Sums]:
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
        positions = _positions(runs)
        rows = np.flatnonzero(self._village_at[positions] >= 0)
        villages = self._village_at[positions][rows]
        places = _take(self.places, villages)
        answers = [self._ask(period, segments) for period in self.periods]
        people = self._people_of(runs, [answer.counted for answer in answers], programmes)
        # Summed once more only where some people are left out.
        everybody = people
        if not segments and any(answer.counted for answer in answers):
            everybody = self._people_of(runs, [()] * len(answers), programmes)
        is_answered = np.array([answer.counted is not None for answer in answers], dtype="bool")
        eligible = {
            of: self._eligible_of(villages, of).set_axis(places.index)
            for of in {answer.denominators for answer in answers}
        }
        is_inside = np.ones(len(positions), dtype="bool")
        if elsewhere:
            is_inside = np.isin(positions, _positions(inside), assume_unique=True)
        return Sums(
            places=places,
            codes=_take(self.codes, positions),
            lengths=self._lengths[positions],
            inside=is_inside,
            rows=rows,
            periods=self.periods,
            people=people,
            recorded=self._recorded[positions] & is_answered,
            uncounted=everybody - people,
            eligible={
                p: eligible[answer.denominators]
                for p, answer in zip(self.periods, answers, strict=True)
            },
            scopes={p: answer.scope for p, answer in zip(self.periods, answers, strict=True)},
            bounds=self._bounds_of(villages, places.index, answers) if self.bounds else {},
            together=self._known_together(villages).set_axis(places.index),
        )

    def _known_together(self, villages: Ints) -> pd.Series:
        """Whether villages have a denominator of all segments together."""
        if "" not in self.segments:
            return pd.Series(np.zeros(len(villages), dtype="bool"))
        return self._eligible_of(villages, ("",)).notna()

    def _bounds_of(
        self, villages: Ints, index: pd.Index, answers: list[_Asked]
    ) -> dict[str, pd.DataFrame]:
        """Sum the margins of the denominators by period, and the share that is estimated."""
        bounds = {}
        for of in {answer.denominators for answer in answers}:
            sums = {
                name: self._eligible_of(villages, of, table).set_axis(index)
                for name, table in self.bounds.items()
            }
            number = self._eligible_of(villages, of, self.named).set_axis(index)
            bounds[of] = pd.DataFrame(sums).assign(estimated=sums["estimated"] / number)
        return {
            p: bounds[answer.denominators] for p, answer in zip(self.periods, answers, strict=True)
        }

    @cached_property
    def named(self) -> csr_array:
        """1 for each village and segment that has a denominator, 0 among them."""
        parts = (np.ones_like(self.eligible.data), self.eligible.indices, self.eligible.indptr)
        return _sparse(parts, self.eligible.shape)

    def find_scope(self, period: str, segments: Collection[str]) -> Scope:
        """Segments that the figures of a period are of (see `Sums`), for segments asked for."""
        return self._ask(period, tuple(sorted(segments))).scope

    def _ask(self, period: str, segments: Scope) -> _Asked:
        """Find what a period can answer of a question for segments (empty: for all)."""
        scope = self.scopes.get(period, ())
        scope = () if is_whole(scope, self.segments) else scope
        named, with_denominator = self._named[period], {*self.segments}
        answerable = order_segments(s for s in segments or scope if not scope or s in scope)
        # Where nobody's segment is known, only a question for all that is covered is answered.
        answered = answerable and (named or {*segments} >= {*(scope or with_denominator)})
        if segments and not answered:
            return _Asked(None, segments)
        # Nobody is set against denominators that are not of their segment.
        counted = answerable
        if with_denominator and "" not in with_denominator:
            counted = order_segments({*(answerable or named)} & with_denominator) or answerable
        left_out = named - {*counted} if counted else frozenset()
        everybody = not named or not (segments or left_out)
        limited = {*segments} != {*counted} if segments else bool(scope or left_out)
        return _Asked(
            () if everybody else (*counted, *(() if segments else ("",))),
            answerable,
            counted if limited else (),
        )

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """Segments that the people of each period are in, where they are known."""
        segments_of = [frozenset(parse_combination(c)) - {""} for c in self.combinations]
        filled = np.diff(self.people.indptr)
        period = np.repeat(np.arange(len(filled)) % max(len(self.periods), 1), filled)
        width = max(len(self.combinations), 1)
        pairs = np.unique(period * width + self.people.indices)
        return {
            name: frozenset().union(*(segments_of[c] for c in pairs[pairs // width == i] % width))
            for i, name in enumerate(self.periods)
        }

    def _runs(self, place: str, subdistricts: tuple[str, ...]) -> list[slice]:
        """Where the places of the area stand among the codes."""
        codes = subdistricts or (place,)
        finer = [max(code, place, key=len) for code in codes if _nested(code, place)]
        return [self._run(code) for code in dict.fromkeys(finer)]

    def _run(self, code: str) -> slice:
        if not code:
            return slice(0, len(self.codes))
        start, stop = np.searchsorted(self._texts, [code, code + _BEHIND])
        return slice(int(start), int(stop))

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

    def _people_of(self, runs: list[slice], counted: list[Scope | None], programmes: Scope) -> Ints:
        """People by place and period, of the segments that are counted in each period."""
        width = len(self.periods)
        rows = [_rows(self.people, r.start * width, r.stop * width) for r in runs]
        people = np.zeros((sum(run.stop - run.start for run in runs), width), dtype="int64")
        for segments in {*counted} - {None}:
            is_counted = [satisfies(c, segments or (), programmes) for c in self.combinations]
            ones = np.array(is_counted, dtype="int64")
            sums = np.concatenate([np.zeros(0, "int64"), *(run_rows @ ones for run_rows in rows)])
            is_of_segments = [scope == segments for scope in counted]
            people[:, is_of_segments] = sums.reshape(-1, width)[:, is_of_segments]
        return people

    def _eligible_of(
        self, villages: Ints, segments: tuple[str, ...], table: csr_array | None = None
    ) -> pd.Series:
        is_counted = [not segments or segment in segments for segment in self.segments]
        weights = np.array(is_counted, dtype="int64")
        table = self.eligible if table is None else table
        if len(villages) < table.shape[0]:
            table = table[villages]
        named = _sparse((np.ones_like(table.data), table.indices, table.indptr), table.shape)
        return pd.Series(np.where(named @ weights > 0, table @ weights, np.nan))


def build_ledger(
    places: pd.DataFrame,
    people: pd.DataFrame,
    eligible: pd.DataFrame,
    scopes: Mapping[str, Scope] | None = None,
) -> Ledger:
    """Build counts and denominators by position.

    Parameters
    ----------
    places : pandas.DataFrame
        Villages by code, sorted.
    people : pandas.DataFrame
        ``period, code, combination, people``.
    eligible : pandas.DataFrame
        ``code, segment, eligible``.
    scopes : dict of str to tuple of str, optional
        Segments that the records of a period cover; left out: all workers.
    """
    place_number, place_codes = _factorize(people["code"])
    codes = places.index.union(pd.Index(place_codes, dtype="str")).sort_values()
    period, periods = _factorize(people["period"])
    combination, combinations = _factorize(people["combination"])
    place = codes.get_indexer(pd.Index(place_codes, dtype="str"))[place_number]
    segment, segments = _factorize(eligible["segment"])
    village = places.index.get_indexer(eligible["code"].astype("str"))
    has_village = village >= 0
    return Ledger(
        places=places,
        codes=codes,
        periods=tuple(periods),
        combinations=tuple(combinations),
        segments=tuple(segments),
        people=_sparse(
            (people["people"].to_numpy("int64"), (place * len(periods) + period, combination)),
            (len(codes) * len(periods), len(combinations)),
        ),
        eligible=_sparse(
            (
                eligible["eligible"].to_numpy("int64")[has_village],
                (village[has_village], segment[has_village]),
            ),
            (len(places), len(segments)),
        ),
        scopes=scopes or {},
        bounds=_bounds(eligible, village, segment, (len(places), len(segments))),
    )


def _bounds(
    eligible: pd.DataFrame, village: Ints, segment: Ints, shape: tuple[int, int]
) -> dict[str, csr_array]:
    """Lay out margins of denominators; none where no number is estimated."""
    if "basis" not in eligible or not (eligible["basis"] == "estimated").any():
        return {}
    values = {
        "eligible_low": eligible["eligible_low"],
        "eligible_high": eligible["eligible_high"],
        "estimated": eligible["basis"] == "estimated",
    }
    has_village = village >= 0
    return {
        name: _sparse(
            (v.to_numpy("int64")[has_village], (village[has_village], segment[has_village])), shape
        )
        for name, v in values.items()
    }


def _factorize(texts: pd.Series) -> tuple[Ints, list[str]]:
    """Each text's position in the sorted list of them."""
    number, distinct = pd.factorize(texts)
    values = np.array([str(value) for value in distinct], dtype=object)
    order = np.argsort(values)
    rank = np.empty(len(order), dtype="int64")
    rank[order] = np.arange(len(order))
    return rank[number], values[order].tolist()


def _rows(table: csr_array, start: int, stop: int) -> csr_array:
    """Slice rows that follow each other, without copying."""
    first, last = table.indptr[start], table.indptr[stop]
    parts = (table.data[first:last], table.indices[first:last], table.indptr[start : stop + 1])
    return _sparse((*parts[:2], parts[2] - first), (stop - start, table.shape[1]))


def _sparse(parts: tuple[Any, ...], shape: tuple[int, ...]) -> csr_array:
    # Not at the start: it takes a while to load.
    from scipy.sparse import csr_array

    return csr_array(parts, shape=shape)


def _positions(runs: Sequence[slice]) -> Ints:
    return np.concatenate([np.arange(0), *(np.arange(run.start, run.stop) for run in runs)])


def _take(rows: Any, positions: Ints) -> Any:
    """Take some rows; all rows are the table itself, whose index is hashed already."""
    if len(positions) == len(rows):
        return rows
    return rows.iloc[positions] if isinstance(rows, pd.DataFrame) else rows[positions]


def _nested(code: str, place: str) -> bool:
    return code.startswith(place) or place.startswith(code)
