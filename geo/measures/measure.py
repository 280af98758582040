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

from ..core import codes
from ..enrolment.reference_tables import MONTHS_PER_YEAR

SUMMED: Final = [
    *("coverage_gap", "surplus", "gap_to_target"),
    *("cost_month", "cost_year", "cost_target_year"),
]
# A count of people is whole; the tolerance keeps 0.95 x 1,900 = 1805.0000000000002 from asking
# for one person more.
_ROUNDING: Final = 1e-9
# Share of its villages that must be known, or an area is partly known.
LEAST_KNOWN: Final = 0.8
# In the order in which they are told.
_STATES: Final = pd.array(
    ["no_boundary", "no_denominator", "no_enrolment", "partly_known", "over_100", "ok"], "str"
)


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


def priority(gap: pd.Series, rate: pd.Series) -> pd.Series:
    """People not covered x share not covered: high where coverage is low and people are many."""
    return gap * np.maximum(1 - rate, 0)


def share_of_total(gap: pd.Series) -> pd.Series:
    """Each gap's share of their sum, as a fraction; NaN where there is no gap at all."""
    total = gap.sum()
    return gap / total if total else gap * np.nan


def is_partly_known(known: pd.Series, villages: pd.Series) -> pd.Series:
    """Whether fewer of the villages of an area are known than `LEAST_KNOWN` asks for."""
    return known < villages * LEAST_KNOWN - _ROUNDING


def find_states(
    enrolled: pd.Series,
    eligible: pd.Series,
    *,
    has_boundary: pd.Series,
    partly_known: pd.Series | None = None,
) -> pd.Series:
    """The one state of each place.

    Parameters
    ----------
    enrolled, eligible : pandas.Series
        People; NaN for unknown.
    has_boundary : pandas.Series of bool
        Whether the place can be drawn.
    partly_known : pandas.Series of bool, optional
        Whether too few villages of the place are known; left out for villages, which are known
        or not.

    Returns
    -------
    pandas.Series of str
        ``no_boundary``, else ``no_denominator`` (eligible unknown or 0), else
        ``no_enrolment``, else ``partly_known``, else ``over_100``, else ``ok``.
    """
    if partly_known is None:
        partly_known = pd.Series(False, enrolled.index)
    conditions = [
        ~has_boundary.to_numpy("bool"),
        ~(eligible.to_numpy("float64") > 0),
        enrolled.isna().to_numpy(),
        partly_known.to_numpy("bool"),
        enrolled.to_numpy("float64") > eligible.to_numpy("float64"),
    ]
    which = np.select(conditions, range(len(conditions)), len(conditions))
    return pd.Series(_STATES.take(which), index=enrolled.index)


def measure_villages(
    places: pd.DataFrame,
    enrolled: pd.Series,
    eligible: pd.Series,
    *,
    target: float,
    monthly: int,
    bounds: pd.DataFrame | None = None,
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
    bounds : pandas.DataFrame, optional
        ``eligible_low, eligible_high, estimated`` by village code, where any denominator is
        estimated (see `geo.counting.counts_cube.Sums`); the result has them, too.

    Returns
    -------
    pandas.DataFrame
        Index of ``places``, with ``enrolled, eligible, coverage_rate,
        coverage_gap, surplus, gap_to_target, gap_share, priority, cost_month,
        cost_year, cost_target_year, state`` beside the columns of ``places``. People and
        rupiah are floats so that unknown can be NaN.
    """
    enrolled = enrolled.reindex(places.index).astype("float64")
    eligible = eligible.reindex(places.index).astype("float64")
    # A denominator of 0 is none: nothing can be said against it.
    known = _above_zero(eligible)
    gap, rate = coverage_gap(enrolled, known), coverage_rate(enrolled, known)
    short = gap_to_target(enrolled, known, target=target)
    measures = {
        "enrolled": enrolled,
        "eligible": eligible,
        "coverage_rate": rate,
        "coverage_gap": gap,
        "surplus": surplus(enrolled, known),
        "gap_to_target": short,
        "gap_share": share_of_total(gap),
        "priority": priority(gap, rate),
        "cost_month": gap * monthly,
        "cost_year": gap * monthly * MONTHS_PER_YEAR,
        "cost_target_year": short * monthly * MONTHS_PER_YEAR,
        "state": find_states(enrolled, eligible, has_boundary=places["has_boundary"]),
    }
    if bounds is not None:
        measures |= {name: bounds[name].reindex(places.index) for name in bounds}
    # At once: each column put in by itself copies the list of their names.
    return pd.DataFrame({**places, **measures}, copy=False)


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
        and ``kind``, and ``villages`` (their count), ``known`` (those whose gap is known) and
        ``below_target``.
    """
    keys, found = group_places(villages.index, level)
    groups = villages.groupby(keys)
    margins = [name for name in ("eligible_low", "eligible_high") if name in villages]
    table = groups[[*SUMMED, "eligible", *margins]].sum(min_count=1)
    if margins:
        # Of villages without a denominator nothing is estimated, and nothing is counted.
        table["estimated"] = groups["estimated"].mean()
    table["has_boundary"] = groups["has_boundary"].any()
    table["villages"] = groups.size()
    table["known"] = villages["coverage_gap"].notna().groupby(keys).sum()
    table["below_target"] = (villages["gap_to_target"] > 0).groupby(keys).sum()
    table.index = found
    table["enrolled"] = enrolled.reindex(found).astype("float64")
    table["coverage_rate"] = coverage_rate(table["enrolled"], table["eligible"])
    table["gap_share"] = share_of_total(table["coverage_gap"])
    table["priority"] = priority(table["coverage_gap"], table["coverage_rate"])
    table["state"] = find_states(
        table["enrolled"],
        table["eligible"],
        has_boundary=table["has_boundary"],
        partly_known=is_partly_known(table["known"], table["villages"]),
    )
    return table


def find_basis(places: pd.DataFrame) -> pd.Series:
    """How the eligible workers of each place came about.

    Parameters
    ----------
    places : pandas.DataFrame
        As `measure_villages` or `roll_up` gives it.

    Returns
    -------
    pandas.Series of str
        ``counted``, ``estimated``, ``mixed`` (an area, or segments, of both), empty where unknown.
    """
    share = places.get("estimated", pd.Series(0.0, places.index)).to_numpy("float64")
    known = (places["eligible"] > 0).to_numpy("bool")
    conditions = [~known, share == 0, share == 1]
    basis = np.select(conditions, ["", "counted", "estimated"], "mixed")
    return pd.Series(basis, places.index, dtype="str")


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
