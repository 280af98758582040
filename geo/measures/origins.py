"""Where the eligible workers of places are from: counted, estimated, or of another source."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from .dataset import Dataset
from .measure import find_basis

ESTIMATED: Final = "estimated"
MIXED: Final = "mixed"
OTHER_SOURCE: Final = "other_source"
# Origins that a map marks, in the order of its legend.
MARKED: Final = (ESTIMATED, MIXED, OTHER_SOURCE)


def find_origins(data: Dataset, places: pd.DataFrame) -> pd.Series:
    """Say of each place where its eligible workers are from, beside those of the other places.

    Parameters
    ----------
    data : Dataset
        Knows the source of each denominator.
    places : pandas.DataFrame
        As `geo.measures.measure.measure_villages` or `roll_up` gives it, by code.

    Returns
    -------
    pandas.Series of str
        ``counted``, ``estimated``, ``mixed`` (partly estimated), ``other_source`` (counted, and
        not of the one source that most villages have theirs of); empty where unknown.
    """
    origins = find_basis(places)
    usual = data.usual_source
    counted = origins.index[origins == "counted"]
    if len(data.counted_sources) < 2 or not len(counted):
        return origins
    others = [code for code in counted if data.list_sources(code) != (usual,)]
    return origins.mask(origins.index.isin(others), OTHER_SOURCE)


def are_mixed(origins: pd.Series) -> bool:
    """Whether the known places differ in where their eligible workers are from."""
    known = origins.to_numpy("str")
    return len(np.unique(known[known != ""])) > 1
