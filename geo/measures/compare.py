"""What changed between two periods: points of coverage, people, villages across the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from .order import split_order
from .query import CHANGES, Query

# Measures of the earlier period that stand beside those of now.
_BEFORE: Final = {
    "enrolled": "enrolled_before",
    "coverage_rate": "coverage_rate_before",
    "coverage_gap": "coverage_gap_before",
}
REACHED: Final = "reached"
FELL_BELOW: Final = "fell_below"


def compared_period(query: Query, periods: Sequence[str]) -> str:
    """The period that a query compares with; empty for none.

    Parameters
    ----------
    query : Query
        With its period filled in.
    periods : sequence of str
        Those there are, sorted.
    """
    if query.compare:
        return query.compare
    earlier = [period for period in periods if period < query.period]
    asked = query.measure in CHANGES or split_order(query.order)[0] in CHANGES
    return earlier[-1] if asked and earlier else ""


def add_changes(
    now: pd.DataFrame, before: pd.DataFrame, *, target: float, comparable: bool
) -> pd.DataFrame:
    """Measures of now beside those of an earlier period, and what changed.

    Parameters
    ----------
    now, before : pandas.DataFrame
        Measures of the same places (see `geo.measures.measure`).
    target : float
        Coverage to reach, as a fraction.
    comparable : bool
        Whether both are of the same segments; a change is not known otherwise.

    Returns
    -------
    pandas.DataFrame
        ``now`` with ``enrolled_before``, ``coverage_rate_before``, ``coverage_gap_before``,
        ``change_rate`` (as a fraction: 0.01 is one point), ``change_enrolled`` (people) and
        ``target_crossed``: ``reached``, ``fell_below`` or empty.
    """
    before = before.reindex(now.index)
    same_segments = 1.0 if comparable else np.nan
    known = now["coverage_rate"].notna() & before["coverage_rate"].notna() & comparable
    was_below, is_below = before["coverage_rate"] < target, now["coverage_rate"] < target
    crossed = np.select(
        [known & was_below & ~is_below, known & ~was_below & is_below], [REACHED, FELL_BELOW], ""
    )
    return now.assign(
        **{name: before[measure] for measure, name in _BEFORE.items()},
        change_rate=(now["coverage_rate"] - before["coverage_rate"]) * same_segments,
        change_enrolled=(now["enrolled"] - before["enrolled"]) * same_segments,
        target_crossed=crossed,
    )


def add_no_changes(now: pd.DataFrame) -> pd.DataFrame:
    """Measures of now with the columns of `add_changes`, all of them unknown."""
    unknown = dict.fromkeys((*_BEFORE.values(), *CHANGES), np.nan)
    return now.assign(**unknown, target_crossed="")
