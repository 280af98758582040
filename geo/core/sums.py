"""Sums of many people by a few whole numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]


def sum_by(people: pd.Series, **keys: Ints) -> pd.DataFrame:
    """Sum people by several numbers, sorted by them.

    Parameters
    ----------
    people : pandas.Series
        Whole numbers, of shape (n,).
    **keys : numpy.ndarray
        Whole numbers from 0, each of shape (n,). They are sorted as one number: several times
        faster than grouping by each.

    Returns
    -------
    pandas.DataFrame
        The keys under their names, and ``people``; one row for each combination that is there.
    """
    sizes = [int(key.max(initial=0)) + 1 for key in keys.values()]
    number = np.ravel_multi_index(list(keys.values()), sizes)
    order = np.argsort(number)
    number = number[order]
    first = np.flatnonzero(np.diff(number, prepend=-1))
    sums = np.add.reduceat(people.to_numpy("int64")[order], first) if len(first) else first
    named = dict(zip(keys, np.unravel_index(number[first], sizes), strict=True))
    return pd.DataFrame(named | {"people": sums})
