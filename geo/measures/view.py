"""A view: a dataset seen through a query. The same for page, map, table, file and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from ..core import codes
from ..core.segments import Scope
from ..counting.counts_cube import Sums
from .classify import Classes, classify_values
from .dataset import Dataset
from .measure import LEAST_KNOWN, count_to_half, group_places, measure_villages, roll_up
from .query import Query

_CLASSED: Final = ("ok", "no_boundary", "partly_known")
_SUMMED: Final = ["coverage_gap", "surplus", "gap_to_target", "cost_month", "cost_year"]


@dataclass(frozen=True)
class Totals:
    """Headline figures of the area (people, fractions, rupiah); NaN where nothing is known.

    ``known`` counts the villages whose gap is known; gap, cost and
    ``below_target`` are of those. ``mapped``, ``unplaced`` (of no village),
    ``elsewhere`` (of a village that is none of these) and
    ``without_eligible`` (of a village whose eligible workers are not known)
    are enrolled people; ``without_enrolment`` are eligible workers of
    villages without enrolment data. ``uncounted`` people are in none of the
    figures: they are of other segments than the denominators.
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
    villages: int
    known: int
    below_target: int
    mapped: int
    unplaced: int
    elsewhere: int
    without_eligible: int
    without_enrolment: int
    uncounted: int

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
        Measures of every village of the area, ``found`` (passes the filters)
        and ``class_index`` beside them.
    shown : pandas.DataFrame
        Measures of the places drawn, with ``name``, ``found`` (villages in it
        that pass) and ``class_index`` (from 0; -1 where none).
    totals : Totals
        Of the area, whatever the range filters.
    previous : Totals or None
        Of the period before.
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
    classes: Classes
    half: int
    scopes: Mapping[str, Scope]

    @property
    def scope(self) -> Scope:
        """Segments that the figures are of, where the records do not cover all asked for."""
        return self.scopes[self.query.period]

    @cached_property
    def found(self) -> pd.DataFrame:
        """The villages that pass every filter, the largest gap first."""
        return _largest_gap_first(self.villages[self.villages["found"]])

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The places drawn that hold a village that passes, the largest gap first."""
        return _largest_gap_first(self.shown[self.shown["found"] > 0])


def _largest_gap_first(places: pd.DataFrame) -> pd.DataFrame:
    """Places by gap, those of the same gap by name; a gap that is not known comes last."""
    gaps = places["coverage_gap"].fillna(-1).to_numpy()
    has_order = "by_name" in places
    names = places["by_name"] if has_order else pd.factorize(places["name"], sort=True)[0]
    return places.iloc[np.lexsort((np.asarray(names), -gaps))]


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
    sums = _sum_area(data, query, place)
    villages = _measure_area(data, query, sums)
    villages["found"] = _passes(villages, query, sums, place)
    level = level or _shown_level(place, query)
    shown = _places_of_level(data, query, villages, sums, level)
    values = shown[query.measure].where(_is_classed(shown))
    classes = classify_values(values, query.measure, query.scheme, level)
    shown["class_index"] = classes.assign(values)
    found = villages["coverage_gap"][villages["found"]]
    return View(
        query,
        place,
        level,
        villages,
        shown,
        _measure_totals(query, villages, sums),
        _previous_totals(data, query, sums),
        classes,
        count_to_half(found),
        sums.scopes,
    )


def build_timeline(data: Dataset, query: Query, place: str) -> pd.Series:
    """Coverage rate in every period (index; fractions), of what the query keeps of a place."""
    sums = _sum_area(data, query, place)
    eligible = pd.Series({p: sums.eligible[p].sum() for p in sums.periods}, dtype="float64")
    people = np.where(sums.recorded.any(axis=0), sums.people.sum(axis=0), np.nan)
    return people / eligible.where(eligible > 0)


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
        monthly=data.contributions.monthly[query.contribution],
    )


def _passes(villages: pd.DataFrame, query: Query, sums: Sums, place: str) -> pd.Series:
    """Villages within the ranges and states; an unknown value is in no range.

    Of a partly known area that the map draws, all villages are in that state.
    """
    keep = pd.Series(True, index=villages.index)
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
    if query.villages:
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
            found=villages["found"].astype("int64"),
        )
    else:
        length = codes.length_of(level)
        table = roll_up(villages, level, sums.people_by(query.period, length))
        keys, _ = group_places(villages.index, level)
        table["found"] = np.bincount(keys, villages["found"]).astype("int64")
        table["name"] = data.names.reindex(table.index)
        table["kind"] = level
    return table.rename_axis("code")


def _measure_totals(query: Query, villages: pd.DataFrame, sums: Sums) -> Totals:
    at = sums.periods.index(query.period)
    people = sums.people[:, at]
    # Nobody found is not nobody there: without any record nothing is known.
    enrolled = float(people.sum()) if sums.recorded[:, at].any() else float("nan")
    added = {name: _sum_known(villages[name]) for name in ("eligible", *_SUMMED)}
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
    )


def _sum_known(values: pd.Series) -> float:
    """Their sum without the unknown; NaN where all are."""
    known = values.to_numpy("float64")
    known = known[~np.isnan(known)]
    return float(known.sum()) if len(known) else float("nan")


def _previous_totals(data: Dataset, query: Query, sums: Sums) -> Totals | None:
    earlier = [period for period in sums.periods if period < query.period]
    if not earlier:
        return None
    before = replace(query, period=earlier[-1])
    return _measure_totals(before, _measure_area(data, before, sums), sums)


def _is_classed(shown: pd.DataFrame) -> pd.Series:
    """Places of the classes; who is above 100 % is in none, also where partly known."""
    over = (shown["state"] == "partly_known") & (shown["enrolled"] > shown["eligible"])
    return shown["state"].isin(_CLASSED) & ~over
