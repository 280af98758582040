"""Classes of a measure. Knows nothing about drawing.

One rule for map, legend, table and export: a class holds its lower limit and
not its upper, so exactly 80 % is in the class from 80 %. Only defined values
are classed; places in other states are drawn as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ckmeans
import numpy as np
import pandas as pd

from ..core.codes import Level
from .query import CHANGES

CLASS_COUNT: Final = 5
_POLICY_RATES: Final = (0.50, 0.65, 0.80, 0.95)
_POLICY_SHARES: Final = (0.01, 0.02, 0.05, 0.10)
# Points and people gained since an earlier period; below 0 they are losses.
_POLICY_POINTS: Final = (-0.05, 0.0, 0.02, 0.05)
_POLICY_GAINS: Final[dict[Level, tuple[float, ...]]] = {
    "village": (-10, 0, 10, 50),
    "subdistrict": (-100, 0, 100, 500),
    "regency": (-1_000, 0, 1_000, 5_000),
    "province": (-10_000, 0, 10_000, 50_000),
    "country": (-100_000, 0, 100_000, 500_000),
}
_POLICY_PEOPLE: Final[dict[Level, tuple[float, ...]]] = {
    "village": (25, 50, 100, 250),
    "subdistrict": (250, 500, 1_000, 2_500),
    "regency": (2_500, 5_000, 10_000, 25_000),
    "province": (25_000, 50_000, 100_000, 250_000),
    "country": (250_000, 500_000, 1_000_000, 2_500_000),
}


@dataclass(frozen=True)
class Classes:
    """Limits between classes, in ascending order.

    Attributes
    ----------
    measure, scheme : str
        What is classed, and how.
    limits : tuple of float
        ``k - 1`` limits make ``k`` classes; each belongs to the class above it.
    """

    measure: str
    scheme: str
    limits: tuple[float, ...]

    @property
    def count(self) -> int:
        """Number of classes."""
        return len(self.limits) + 1

    def assign(self, values: pd.Series) -> pd.Series:
        """Class of each value, from 0; -1 where the value is unknown."""
        found = np.searchsorted(self.limits, values.to_numpy("float64"), side="right")
        return pd.Series(np.where(values.isna(), -1, found), index=values.index, dtype="int64")


def classify_values(values: pd.Series, measure: str, scheme: str, level: Level) -> Classes:
    """Class limits of a measure.

    Parameters
    ----------
    values : pandas.Series
        The defined values to class (NaN is left out).
    measure : str
        Key of the measure.
    scheme : str
        ``policy`` (fixed limits), ``quantiles``, ``natural_breaks`` or
        ``equal_interval``.
    level : str
        Level of the places, which decides the fixed limits for people.

    Returns
    -------
    Classes
        At most five; fewer where there are fewer different values.
    """
    # Losses and gains must not share a class, as they would in any other scheme.
    if scheme == "policy" or measure in CHANGES:
        return Classes(measure, "policy", _policy_limits(measure, level))
    known = values.dropna()
    distinct = known.nunique()
    if distinct < 2:
        return Classes(measure, scheme, ())
    return Classes(measure, scheme, _LIMITS[scheme](known, min(CLASS_COUNT, distinct)))


def _policy_limits(measure: str, level: Level) -> tuple[float, ...]:
    if measure == "coverage_rate":
        return _POLICY_RATES
    if measure == "change_rate":
        return _POLICY_POINTS
    if measure == "change_enrolled":
        return _POLICY_GAINS[level]
    return _POLICY_SHARES if measure == "gap_share" else _POLICY_PEOPLE[level]


def _natural_limits(values: pd.Series, count: int) -> tuple[float, ...]:
    """Limits of the classes of least variance within (Fisher and Jenks), found exactly."""
    classes = ckmeans.ckmeans(values.to_numpy("float64"), count)
    return tuple(float(members[0]) for members in classes[1:])


def _equal_limits(values: pd.Series, count: int) -> tuple[float, ...]:
    """Limits at equal distances from the least value to the greatest."""
    edges = np.linspace(values.min(), values.max(), count + 1)
    return tuple(float(edge) for edge in edges[1:-1])


def _quantile_limits(values: pd.Series, count: int) -> tuple[float, ...]:
    """Limits that part the values as quantiles do: the least value above each."""
    above = (values[values > edge].min() for edge in values.quantile(np.arange(1, count) / count))
    return tuple(sorted({float(limit) for limit in above if not np.isnan(limit)}))


_LIMITS: Final = {
    "equal_interval": _equal_limits,
    "natural_breaks": _natural_limits,
    "quantiles": _quantile_limits,
}
