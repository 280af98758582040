"""A view: a dataset seen through a query. The same for page, map, table, file and command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from . import codes
from .classify import Classes, classify_values
from .dataset import Dataset
from .measure import count_to_half, measure_villages, roll_up
from .query import Query
from .segments import satisfies

_CLASSED: Final = ("ok", "no_boundary")
_SUMMED: Final = ["coverage_gap", "surplus", "gap_to_target", "cost_month", "cost_year"]


@dataclass(frozen=True)
class Totals:
    """Headline figures of the area (people, fractions, rupiah); NaN where nothing is known.

    ``known`` counts the villages whose gap is known; gap, cost and
    ``below_target`` are of those.
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

    @property
    def found(self) -> pd.DataFrame:
        """The villages that pass every filter, the largest gap first."""
        found = self.villages[self.villages["found"]]
        return found.sort_values(["coverage_gap", "name"], ascending=[False, True])


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
    villages = _measure_area(data, query, place)
    villages["found"] = _passes(villages, query)
    level = level or _shown_level(place, query)
    shown = _places_of_level(data, query, villages, level)
    classes = classify_values(_classed(shown)[query.measure], query.measure, query.scheme, level)
    shown["class_index"] = classes.assign(shown[query.measure].where(shown["state"].isin(_CLASSED)))
    found = villages["coverage_gap"][villages["found"]]
    return View(
        query,
        place,
        level,
        villages,
        shown,
        _measure_totals(data, query, place, villages),
        _previous_totals(data, query, place),
        classes,
        count_to_half(found),
    )


def measure_level(data: Dataset, query: Query, level: codes.Level) -> pd.DataFrame:
    """Measures of every place of a level in the area, with names, for files."""
    query = replace(query, period=query.period or data.options.periods[-1])
    villages = _measure_area(data, query, query.place or data.top)
    villages["found"] = _passes(villages, query)
    return _places_of_level(data, query, villages, level)


def build_timeline(data: Dataset, query: Query, place: str) -> pd.Series:
    """Coverage rate of a place in every period (index; fractions)."""
    here = replace(query, subdistricts=())
    rates = {}
    for period in data.options.periods:
        asked = replace(here, period=period)
        villages = _measure_area(data, asked, place)
        if place in villages.index:
            rates[period] = villages.loc[place, "coverage_rate"]
        else:
            rates[period] = _measure_totals(data, asked, place, villages).coverage_rate
    return pd.Series(rates, dtype="float64")


def _measure_area(data: Dataset, query: Query, place: str) -> pd.DataFrame:
    people = _people_asked(data, query)
    recorded = data.counts.people["code"][data.counts.people["period"] == query.period]
    enrolled = people.groupby("code")["people"].sum()
    enrolled = enrolled.reindex(recorded.unique(), fill_value=0)
    eligible = _eligible_asked(data, query)
    places = data.places[_in_area(data.places.index.to_series(), place, query)]
    monthly = data.contributions.monthly[query.contribution]
    return measure_villages(places, enrolled, eligible, target=query.target, monthly=monthly)


def _people_asked(data: Dataset, query: Query) -> pd.DataFrame:
    """Counts of the period and of the combinations that the filter asks for."""
    people = data.counts.people
    asked = [
        c for c in people["combination"].unique() if satisfies(c, query.segments, query.programmes)
    ]
    return people[(people["period"] == query.period) & people["combination"].isin(asked)]


def _eligible_asked(data: Dataset, query: Query) -> pd.Series:
    table = data.eligible
    if query.segments:
        table = table[table["segment"].isin(query.segments)]
    return table.groupby("code")["eligible"].sum()


def _in_area(places: pd.Series, place: str, query: Query) -> pd.Series:
    inside = places.str.startswith(place)
    if query.subdistricts:
        inside &= places.str.startswith(query.subdistricts)
    return inside


def _passes(villages: pd.DataFrame, query: Query) -> pd.Series:
    """Villages within the ranges and states; an unknown value is in no range."""
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
    return keep & villages["state"].isin(query.states) if query.states else keep


def _shown_level(place: str, query: Query) -> codes.Level:
    if query.villages:
        return "village"
    return codes.child_level(codes.level_of(place))


def _places_of_level(
    data: Dataset, query: Query, villages: pd.DataFrame, level: codes.Level
) -> pd.DataFrame:
    keys = villages.index.map(lambda code: codes.ancestor(code, level)).rename("code")
    if level == "village":
        table = villages.assign(
            villages=1,
            below_target=(villages["gap_to_target"] > 0).astype("int64"),
            found=villages["found"].astype("int64"),
        )
    else:
        table = roll_up(villages, level, _people_at(data, query, level))
        table["found"] = villages["found"].groupby(keys).sum()
        table["name"] = data.names.reindex(table.index)
        table["kind"] = level
    return table.rename_axis("code")


def _people_at(data: Dataset, query: Query, level: codes.Level) -> pd.Series:
    """People of the area by place of a level, those included whose village is unknown."""
    people = _people_asked(data, query)
    people = people[_in_area(people["code"], query.place or data.top, query)]
    length = codes.length_of(level)
    here = people[people["code"].str.len() >= length]
    return here["people"].groupby(here["code"].str[:length]).sum()


def _measure_totals(data: Dataset, query: Query, place: str, villages: pd.DataFrame) -> Totals:
    people = _people_of_area(data, _people_asked(data, query), query, place)
    in_village = people[people["code"].isin(villages.index[villages["has_boundary"]])]
    placed = people["people"][people["code"].str.len() == codes.length_of("village")].sum()
    enrolled = float(people["people"].sum()) if _has_records(data, query, place) else float("nan")
    sums = villages[["eligible", *_SUMMED]].sum(min_count=1).astype("float64")
    return Totals(
        period=query.period,
        enrolled=enrolled,
        coverage_rate=enrolled / sums["eligible"] if sums["eligible"] > 0 else float("nan"),
        **{str(name): float(value) for name, value in sums.items()},
        villages=len(villages),
        known=int(villages["coverage_gap"].notna().sum()),
        below_target=int((villages["gap_to_target"] > 0).sum()),
        mapped=int(in_village["people"].sum()),
        unplaced=int(people["people"].sum() - placed),
    )


def _people_of_area(data: Dataset, people: pd.DataFrame, query: Query, place: str) -> pd.DataFrame:
    """People of the area; in the whole area also those of no known place."""
    if place == data.top and not query.subdistricts:
        return people
    return people[_in_area(people["code"], place, query)]


def _has_records(data: Dataset, query: Query, place: str) -> bool:
    """Whether anything is known of the area in the period: nobody found is not nobody there."""
    everybody = data.counts.people[data.counts.people["period"] == query.period]
    return not _people_of_area(data, everybody, query, place).empty


def _previous_totals(data: Dataset, query: Query, place: str) -> Totals | None:
    earlier = [p for p in data.options.periods if p < query.period]
    if not earlier:
        return None
    before = replace(query, period=earlier[-1])
    return _measure_totals(data, before, place, _measure_area(data, before, place))


def _classed(shown: pd.DataFrame) -> pd.DataFrame:
    return shown[shown["state"].isin(_CLASSED)]
