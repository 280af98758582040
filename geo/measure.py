"""Measures of coverage: per village, and rolled up from sums.

Counts are extensive (summed), rates intensive (recomputed from sums, never
averaged). A surplus in one village never cancels a gap in another: gaps of an
area are the sum of its villages' gaps.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from . import codes
from .tables import MONTHS_PER_YEAR

_SUMMED: Final = ["coverage_gap", "surplus", "gap_to_target", "cost_month", "cost_year"]
# A count of people is whole; the tolerance keeps 0.95 x 1,900 = 1805.0000000000002 from asking
# for one person more.
_ROUNDING: Final = 1e-9


def _above_zero(people: pd.Series) -> pd.Series:
    """People where there are any; else NaN."""
    return pd.Series(np.where(people > 0, people, np.nan), people.index)


def coverage_rate(enrolled: pd.Series, eligible: pd.Series) -> pd.Series:
    """Enrolled / eligible as a fraction; NaN where eligible is unknown or 0; never capped."""
    return enrolled / _above_zero(eligible)


def coverage_gap(enrolled: pd.Series, eligible: pd.Series) -> pd.Series:
    """People not covered: max(eligible - enrolled, 0)."""
    return np.maximum(eligible - enrolled, 0)


def surplus(enrolled: pd.Series, eligible: pd.Series) -> pd.Series:
    """People enrolled beyond the eligible: max(enrolled - eligible, 0)."""
    return np.maximum(enrolled - eligible, 0)


def gap_to_target(enrolled: pd.Series, eligible: pd.Series, *, target: float) -> pd.Series:
    """People still to enrol so that the rate reaches ``target`` (a fraction)."""
    needed = np.ceil(eligible * target - _ROUNDING)
    return np.maximum(needed - enrolled, 0)


def share_of_total(gap: pd.Series) -> pd.Series:
    """Each gap's share of their sum, as a fraction; NaN where there is no gap at all."""
    total = gap.sum()
    return gap / total if total else gap * np.nan


def find_states(table: pd.DataFrame) -> pd.Series:
    """The one state of each place.

    Parameters
    ----------
    table : pandas.DataFrame
        ``enrolled``, ``eligible`` (NaN for unknown) and ``has_boundary``.

    Returns
    -------
    pandas.Series of str
        ``no_boundary``, else ``no_denominator`` (eligible unknown or 0), else
        ``no_enrolment``, else ``over_100``, else ``ok``.
    """
    conditions = [
        ~table["has_boundary"].astype(bool),
        ~(table["eligible"] > 0),
        table["enrolled"].isna(),
        table["enrolled"] > table["eligible"],
    ]
    states = pd.array(["no_boundary", "no_denominator", "no_enrolment", "over_100", "ok"], "str")
    which = np.select(conditions, range(len(conditions)), len(conditions))
    return pd.Series(states.take(which), index=table.index)


def measure_villages(
    places: pd.DataFrame,
    enrolled: pd.Series,
    eligible: pd.Series,
    *,
    target: float,
    monthly: int,
) -> pd.DataFrame:
    """All measures of every village.

    Parameters
    ----------
    places : pandas.DataFrame
        ``name``, ``kind``, ``has_boundary`` by village code.
    enrolled, eligible : pandas.Series
        People by village code; a village that is missing is unknown, not 0.
    target : float
        Coverage to reach, as a fraction.
    monthly : int
        Price of cover for one person and month, in rupiah.

    Returns
    -------
    pandas.DataFrame
        Index of ``places``, with ``enrolled, eligible, coverage_rate,
        coverage_gap, surplus, gap_to_target, gap_share, cost_month,
        cost_year, state`` beside the columns of ``places``. People and
        rupiah are floats so that unknown can be NaN.
    """
    table = places.assign(
        enrolled=enrolled.reindex(places.index).astype("float64"),
        eligible=eligible.reindex(places.index).astype("float64"),
    )
    # A denominator of 0 is none: nothing can be said against it.
    known = _above_zero(table["eligible"])
    table["coverage_rate"] = coverage_rate(table["enrolled"], known)
    table["coverage_gap"] = coverage_gap(table["enrolled"], known)
    table["surplus"] = surplus(table["enrolled"], known)
    table["gap_to_target"] = gap_to_target(table["enrolled"], known, target=target)
    table["gap_share"] = share_of_total(table["coverage_gap"])
    table["cost_month"] = table["coverage_gap"] * monthly
    table["cost_year"] = table["cost_month"] * MONTHS_PER_YEAR
    table["state"] = find_states(table)
    return table


def roll_up(villages: pd.DataFrame, level: codes.Level, enrolled: pd.Series) -> pd.DataFrame:
    """Measures of the places of a level, from sums over their villages.

    Parameters
    ----------
    villages : pandas.DataFrame
        As `measure_villages` gives it.
    level : str
        Level of the result.
    enrolled : pandas.Series
        People by code of ``level``, those included whose village is unknown.

    Returns
    -------
    pandas.DataFrame
        By code of ``level``: the columns of `measure_villages` but ``name``
        and ``kind``, and ``villages`` (their count) and ``below_target``.
    """
    keys, found = group_places(villages.index, level)
    groups = villages.groupby(keys)
    table = groups[[*_SUMMED, "eligible"]].sum(min_count=1)
    table["has_boundary"] = groups["has_boundary"].any()
    table["villages"] = groups.size()
    table["below_target"] = (villages["gap_to_target"] > 0).groupby(keys).sum()
    table.index = found
    table["enrolled"] = enrolled.reindex(found).astype("float64")
    table["coverage_rate"] = coverage_rate(table["enrolled"], table["eligible"])
    table["gap_share"] = share_of_total(table["coverage_gap"])
    table["state"] = find_states(table)
    return table


def group_places(places: pd.Index, level: codes.Level) -> tuple[npt.NDArray[np.int64], pd.Index]:
    """For each code the number of the place of ``level`` it lies in, and those places, sorted.

    Numbers group many times faster than text.
    """
    keys, found = pd.factorize(places.str[: codes.length_of(level)], sort=True)
    return keys, found.rename("code")


def count_to_half(gaps: pd.Series) -> int:
    """Fewest places that together hold at least half of the total gap."""
    ordered = gaps.dropna().sort_values(ascending=False)
    if not ordered.sum():
        return 0
    return int((ordered.cumsum() < ordered.sum() / 2).sum()) + 1
