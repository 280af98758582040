"""A view: a dataset seen through a query. The same for page, map, table, file and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core import codes
from ..core.segments import Scope
from ..counting.counts_cube import Sums
from .classify import Classes, classify_values
from .compare import add_changes, add_no_changes, compared_period
from .dataset import Dataset
from .measure import LEAST_KNOWN, SUMMED, count_to_half, group_places, measure_villages, roll_up
from .order import order_places
from .origins import find_origins
from .query import CHANGES, Query

_CLASSED: Final = ("ok", "no_boundary", "partly_known")
_MARGINS: Final = ("eligible_low", "eligible_high")


@dataclass(frozen=True)
class Totals:
    """Headline figures of the area (people, fractions, rupiah); NaN where nothing is known.

    ``known`` counts the villages whose gap is known; gap, cost and
    ``below_target`` are of those. ``mapped``, ``unplaced`` (of no village),
    ``elsewhere`` (of a village that is none of these) and
    ``without_eligible`` (of a village whose eligible workers are not known)
    are enrolled people; ``without_enrolment`` are eligible workers of
    villages without enrolment data. ``uncounted`` people are in none of the
    figures: they are of other segments than the denominators. ``eligible_low``
    and ``eligible_high`` are known where eligible workers are estimated, in
    ``estimated`` villages. ``together`` villages have no figure as their
    eligible workers are known for all segments together only.
    """

    period: str
    enrolled: float
    eligible: float
    coverage_rate: float
    coverage_gap: float
    surplus: float
    gap_to_target: float
    cost_month: float
    cost_year: float
    cost_target_year: float
    villages: int
    known: int
    below_target: int
    mapped: int
    unplaced: int
    elsewhere: int
    without_eligible: int
    without_enrolment: int
    uncounted: int
    eligible_low: float = float("nan")
    eligible_high: float = float("nan")
    estimated: int = 0
    together: int = 0

    @property
    def partly_known(self) -> bool:
        """Whether the figures are of too few of the area's villages; a village is no area."""
        return self.villages > 1 and self.known < LEAST_KNOWN * self.villages


@dataclass(frozen=True)
class View:
    """What is to be shown.

    Attributes
    ----------
    query : Query
        With the period filled in.
    place : str
        Code of the area looked at.
    level : str
        Level of the places drawn.
    villages : pandas.DataFrame
        Measures of every village of the area, changes since ``compared`` (see
        `geo.measures.compare.add_changes`), ``origin`` (see `geo.measures.origins.find_origins`)
        and ``found`` (passes the filters).
    shown : pandas.DataFrame
        Measures and changes of the places drawn, with ``name``, ``origin`` (see
        `geo.measures.origins.find_origins`), ``found`` (villages in it that pass),
        ``class_index`` (from 0; -1 where none) and ``class_state`` (the state that a map draws:
        a change has a class also above 100 %).
    totals : Totals
        Of the area, whatever the range filters.
    previous : Totals or None
        Of the period compared with, else of the one before.
    compared : str
        Period that the changes are since; empty where nothing is compared.
    classes : Classes
        Of the places drawn.
    half : int
        How many of the found villages hold half of their gap.
    scopes : dict of str to tuple of str
        By period the segments that its figures are of, where its records do not cover all that
        is asked for (see `geo.counting.counts_cube.Sums`); empty where they do.
    """

    query: Query
    place: str
    level: codes.Level
    villages: pd.DataFrame
    shown: pd.DataFrame
    totals: Totals
    previous: Totals | None
    compared: str
    classes: Classes
    half: int
    scopes: Mapping[str, Scope]

    @property
    def scope(self) -> Scope:
        """Segments that the figures are of, where the records do not cover all asked for."""
        return self.scopes[self.query.period]

    @property
    def comparable(self) -> bool:
        """Whether now and the period compared with are of the same segments."""
        return not self.compared or self.scopes[self.compared] == self.scope

    @cached_property
    def found(self) -> pd.DataFrame:
        """The villages that pass every filter, the largest gap first."""
        passing = self.villages[self.villages["found"]]
        return passing.iloc[order_places(passing, "coverage_gap")]

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The places drawn that hold a village that passes, in the order of the query."""
        passing = self.shown[self.shown["found"] > 0]
        return passing.iloc[order_places(passing, self.query.order)]


def build_view(data: Dataset, query: Query, *, level: codes.Level | None = None) -> View:
    """Measure, filter, roll up and classify.

    Parameters
    ----------
    data : Dataset
        What there is.
    query : Query
        What is asked. Range and state filters choose villages; they never
        change the figures of the area.
    level : str, optional
        Level to draw, where it is not the query that decides.
    """
    query = replace(query, period=query.period or data.options.periods[-1])
    place = query.place or data.top
    level = level or _shown_level(place, query)
    sums = _sum_area(data, query, place)
    villages = _measure_area(data, query, sums)
    shown = _places_of_level(data, query, villages, sums, level)
    compared = compared_period(query, sums.periods)
    earlier, before = _measure_earlier(data, query, sums)
    if compared:
        earlier_shown = _places_of_level(data, earlier, before, sums, level)
        same = sums.scopes[compared] == sums.scopes[query.period]
        villages = add_changes(villages, before, target=query.target, comparable=same)
        shown = add_changes(shown, earlier_shown, target=query.target, comparable=same)
    else:
        villages, shown = add_no_changes(villages), add_no_changes(shown)
    passing = _passes(villages, query, sums, place)
    villages["origin"] = find_origins(data, villages)
    shown["origin"] = find_origins(data, shown)
    shown["found"] = _count_passing(passing, level)
    shown["class_state"] = _drawn_states(shown, query)
    values = shown[query.measure].where(_is_classed(shown))
    classes = classify_values(values, query.measure, query.scheme, level)
    shown["class_index"] = classes.assign(values)
    return View(
        query,
        place,
        level,
        villages.assign(found=passing),
        shown,
        _measure_totals(query, villages, sums),
        None if before.empty else _measure_totals(earlier, before, sums),
        compared,
        classes,
        count_to_half(villages["coverage_gap"][passing]),
        sums.scopes,
    )


def build_timeline(data: Dataset, query: Query, place: str) -> pd.Series:
    """Coverage rate in every period (index; fractions), of what the query keeps of a place."""
    sums = _sum_area(data, query, place)
    eligible = pd.Series({p: sums.eligible[p].sum() for p in sums.periods}, dtype="float64")
    people = np.where(sums.recorded.any(axis=0), sums.people.sum(axis=0), np.nan)
    return people / eligible.where(eligible > 0)


def find_price(data: Dataset, query: Query) -> int:
    """Price of cover for one person and month, in rupiah: the reader's own, else the table's."""
    return query.price or data.contributions.monthly[query.contribution]


def _sum_area(data: Dataset, query: Query, place: str) -> Sums:
    """Sums of the area; in the whole area also of those of no known place."""
    return data.ledger.sum_area(
        place,
        query.subdistricts,
        segments=query.segments,
        programmes=query.programmes,
        elsewhere=place == data.top and not query.subdistricts,
    )


def _measure_area(data: Dataset, query: Query, sums: Sums) -> pd.DataFrame:
    return measure_villages(
        sums.places,
        sums.enrolled(query.period),
        sums.eligible[query.period],
        target=query.target,
        monthly=find_price(data, query),
        bounds=sums.bounds.get(query.period),
    )


def _passes(villages: pd.DataFrame, query: Query, sums: Sums, place: str) -> pd.Series:
    """Villages within the ranges and states; an unknown value is in no range.

    Of a partly known area that the map draws, all villages are in that state.
    """
    keep = pd.Series(True, index=villages.index)
    if query.chosen:
        keep &= villages.index.isin(query.basket)
    limits = (
        ("coverage_gap", query.gap_min, query.gap_max),
        ("coverage_rate", query.rate_min, query.rate_max),
    )
    for column, low, high in limits:
        if low is not None:
            keep &= villages[column] >= low
        if high is not None:
            keep &= villages[column] <= high
    if not query.states:
        return keep
    within = villages["state"].isin(query.states)
    level = _shown_level(place, query)
    if "partly_known" in query.states and level != "village":
        areas = roll_up(villages, level, sums.people_by(query.period, codes.length_of(level)))
        keys, _ = group_places(villages.index, level)
        within |= (areas["state"] == "partly_known").to_numpy()[keys]
    return keep & within


def _shown_level(place: str, query: Query) -> codes.Level:
    """The level below the area; in a regency villages, where filters choose some of them.

    An area is partly known, never a village: who asks for these sees areas.
    """
    narrowed = query.narrows and "partly_known" not in query.states
    in_regency = codes.level_of(place) == "regency"
    if query.villages or (in_regency and (narrowed or query.subdistricts)):
        return "village"
    return codes.child_level(codes.level_of(place))


def _places_of_level(
    data: Dataset, query: Query, villages: pd.DataFrame, sums: Sums, level: codes.Level
) -> pd.DataFrame:
    if level == "village":
        table = villages.assign(
            villages=1,
            known=villages["coverage_gap"].notna().astype("int64"),
            below_target=(villages["gap_to_target"] > 0).astype("int64"),
        )
    else:
        table = roll_up(villages, level, sums.people_by(query.period, codes.length_of(level)))
        table["name"] = data.names.reindex(table.index)
        table["kind"] = level
    return table.rename_axis("code")


def _count_passing(passing: pd.Series, level: codes.Level) -> npt.NDArray[np.int64]:
    """How many villages of each place of a level pass the filters, in the order of codes."""
    if level == "village":
        return np.asarray(passing, dtype="int64")
    keys, _ = group_places(passing.index, level)
    return np.asarray(np.bincount(keys, passing), dtype="int64")


def _measure_totals(query: Query, villages: pd.DataFrame, sums: Sums) -> Totals:
    at = sums.periods.index(query.period)
    people = sums.people[:, at]
    # Nobody found is not nobody there: without any record nothing is known.
    enrolled = float(people.sum()) if sums.recorded[:, at].any() else float("nan")
    added = {name: _sum_known(villages[name]) for name in ("eligible", *SUMMED)}
    in_villages = people[sums.rows]
    unplaced = int(people[sums.lengths != codes.length_of("village")].sum())
    has_eligible = (villages["eligible"] > 0).to_numpy("bool")
    unrecorded = villages["enrolled"].isna().to_numpy("bool")
    return Totals(
        period=query.period,
        enrolled=enrolled,
        coverage_rate=enrolled / added["eligible"] if added["eligible"] > 0 else float("nan"),
        **added,
        villages=len(villages),
        known=int(villages["coverage_gap"].notna().sum()),
        below_target=int((villages["gap_to_target"] > 0).sum()),
        mapped=int(in_villages[villages["has_boundary"].to_numpy("bool")].sum()),
        unplaced=unplaced,
        elsewhere=int(people.sum() - in_villages.sum()) - unplaced,
        without_eligible=int(in_villages[~has_eligible].sum()),
        without_enrolment=int(villages["eligible"][has_eligible & unrecorded].sum()),
        uncounted=int(sums.uncounted[:, at].sum()),
        estimated=int((villages["estimated"] > 0).sum()) if "estimated" in villages else 0,
        together=int((villages["eligible"].isna() & sums.together).sum()),
        **{name: _sum_known(villages[name]) for name in _MARGINS if name in villages},
    )


def _sum_known(values: pd.Series) -> float:
    """Their sum without the unknown; NaN where all are."""
    known = values.to_numpy("float64")
    known = known[~np.isnan(known)]
    return float(known.sum()) if len(known) else float("nan")


def _measure_earlier(data: Dataset, query: Query, sums: Sums) -> tuple[Query, pd.DataFrame]:
    """Measures of the period compared with, else of the one before; none where there is none."""
    past = [period for period in sums.periods if period < query.period]
    period = compared_period(query, sums.periods) or (past[-1] if past else "")
    if not period:
        return query, pd.DataFrame()
    earlier = replace(query, period=period)
    return earlier, _measure_area(data, earlier, sums)


def _drawn_states(shown: pd.DataFrame, query: Query) -> pd.Series:
    """States as a map draws them: where a change is drawn, it has a class also above 100 %."""
    if query.measure not in CHANGES:
        return shown["state"]
    return shown["state"].mask(shown["state"] == "over_100", "ok")


def _is_classed(shown: pd.DataFrame) -> pd.Series:
    """Places of the classes; who is above 100 % is in none, also where partly known."""
    over = (shown["class_state"] == "partly_known") & (shown["enrolled"] > shown["eligible"])
    return shown["class_state"].isin(_CLASSED) & ~over
