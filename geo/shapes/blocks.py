"""Blocks: provinces that touch over land are prepared together, so that their borders agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .coverage import GAP


def find_blocks(shapes: pd.Series) -> list[list[str]]:
    """Group provinces that are connected over land.

    Parameters
    ----------
    shapes : pandas.Series of Polygon or MultiPolygon
        Villages by dotted code, in degrees, none missing.

    Returns
    -------
    list of list of str
        Codes of provinces, sorted; two are in one group where villages of
        theirs lie within 50 m of each other.
    """
    names, province = np.unique(shapes.index.str[:2].to_numpy(dtype="str"), return_inverse=True)
    values = shapes.to_numpy()
    boxes = shapely.bounds(values)
    grown = shapely.box(*(boxes + np.array([-GAP, -GAP, GAP, GAP])).T)
    one, other = shapely.STRtree(grown).query(grown)
    across = province[one] < province[other]
    one, other = one[across], other[across]
    near = shapely.dwithin(values[one], values[other], GAP)
    pairs = (province[one[near]], province[other[near]])
    links = coo_array((np.ones(int(near.sum())), pairs), shape=(len(names), len(names)))
    _, group = connected_components(links, directed=False)
    return [names[group == each].tolist() for each in np.unique(group)]
