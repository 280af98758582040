"""Eligible workers by village: as counted, estimated from population, or shared out of a total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core import codes
from ..core.errors import QueryProblem, mark
from .factors import Factor

COLUMNS: Final = ("code", "segment", "eligible", "eligible_low", "eligible_high", "source", "basis")
COUNTED: Final = "counted"
ESTIMATED: Final = "estimated"


def as_counted(people: pd.DataFrame, source: str) -> pd.DataFrame:
    """Eligible workers as an office counted them.

    Parameters
    ----------
    people : pandas.DataFrame
        ``code`` (villages), ``segment``, ``people``.
    source : str
        Where the numbers are from.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`; low and high are the number itself.
    """
    number = people["people"].to_numpy("int64")
    return _table(people["code"], people["segment"], (number, number, number), source, COUNTED)


def estimate_eligible(
    population: pd.Series, factors: Sequence[Factor], source: str
) -> pd.DataFrame:
    """Estimate eligible workers from the population of villages.

    Parameters
    ----------
    population : pandas.Series
        People by village code.
    factors : sequence of Factor
        Shares to multiply by.
    source : str
        Where the population is from.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, all segments together. The sum over villages is that of the population times
        the shares, rounded: villages are rounded together, by largest remainder.
    """
    value, low, high = (
        math.prod(getattr(factor, name) for factor in factors) for name in ("value", "low", "high")
    )
    weights = population.to_numpy("float64")
    number = share_out(round(float(weights.sum()) * value), weights)
    margin = (np.floor(weights * low), np.ceil(weights * high))
    bounds = (np.minimum(margin[0], number), np.maximum(margin[1], number))
    segment = pd.Series("", population.index)
    return _table(population.index, segment, (number, *bounds), source, ESTIMATED)


def distribute_total(
    total: int, population: pd.Series, source: str, *, margin: float = 0.15
) -> pd.DataFrame:
    """Share a known total of a regency out to its villages by their population.

    Parameters
    ----------
    total : int
        Eligible workers of all villages together.
    population : pandas.Series
        People by village code.
    source : str
        Where total and population are from.
    margin : float
        How far a village may be from the share that its population gives it, as a fraction.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, all segments together; the sum is exactly the total.

    Raises
    ------
    QueryProblem
        If the total is not above 0, or nobody lives in the villages.
    """
    number = share_out(total, population.to_numpy("float64"))
    bounds = (np.floor(number * (1 - margin)), np.ceil(number * (1 + margin)))
    segment = pd.Series("", population.index)
    return _table(population.index, segment, (number, *bounds), source, ESTIMATED)


def share_out(total: int, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Share a whole number out in proportion to weights, its sum exact (largest remainder).

    Raises
    ------
    QueryProblem
        If the total is negative, or the weights add up to nothing.
    """
    if total < 0 or not weights.sum() > 0:
        raise QueryProblem(
            mark("{total} people cannot be shared out: the villages have no population."),
            total=total,
        )
    exact = weights / weights.sum() * total
    number = np.floor(exact).astype("int64")
    rest = total - int(number.sum())
    # Of equal remainders the first village gets one more: the order is that of the codes.
    more = np.argsort(-(exact - number), kind="stable")[:rest]
    number[more] += 1
    return np.asarray(number, dtype="int64")


def split_areas(people: pd.DataFrame, villages: pd.Series, source: str) -> pd.DataFrame:
    """Share denominators of subdistricts out to their villages.

    Parameters
    ----------
    people : pandas.DataFrame
        ``code`` (of subdistricts), ``segment``, ``people``.
    villages : pandas.Series
        Weights by village code: its population, or 1 where that is not known.
    source : str
        Where the numbers are from.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, estimated. The sum of each subdistrict is exact.
    """
    length = codes.length_of("subdistrict")
    parts = []
    for row in people.itertuples():
        inside = villages[villages.index.str[:length] == row.code]
        if inside.sum() > 0:
            number = share_out(int(row.people), inside.to_numpy("float64"))
            segment = pd.Series(row.segment, inside.index)
            bounds = (np.floor(number * 0.5), np.ceil(number * 1.5))
            parts.append(_table(inside.index, segment, (number, *bounds), source, ESTIMATED))
    return (
        pd.concat(parts, ignore_index=True) if parts else _table([], [], ([], [], []), source, "")
    )


def _table(
    place: object, segment: object, numbers: Sequence[object], source: str, basis: str
) -> pd.DataFrame:
    number, low, high = (np.asarray(values, dtype="int64") for values in numbers)
    return pd.DataFrame(
        {
            "code": np.asarray(place, dtype=object),
            "segment": np.asarray(segment, dtype=object),
            "eligible": number,
            "eligible_low": low,
            "eligible_high": high,
            "source": source,
            "basis": basis,
        }
    ).astype({"code": "str", "segment": "str", "source": "str", "basis": "str"})
