"""Orders of a list of places, each with the worst first.

One order for page, files and command line. Places whose value is not known are last either way;
those of the same value stand by their gap, the largest first.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

# Whether the largest value of a column is the worst.
ORDERS: Final = {
    "coverage_gap": True,
    "coverage_rate": False,
    "priority": True,
    "gap_to_target": True,
    "change_rate": False,
    "change_enrolled": False,
    "name": False,
    "enrolled": True,
    "eligible": True,
    "cost_target_year": True,
    "cost_year": True,
}


DEFAULT_ORDER: Final = "coverage_gap"


def read_order(text: object) -> str:
    """The order that a browser or a link asks for; the first of them where it is none."""
    return str(text) if str(text).removeprefix("-") in ORDERS else DEFAULT_ORDER


def split_order(order: str) -> tuple[str, bool]:
    """Column of an order, and whether its largest value comes first."""
    column = order.removeprefix("-")
    return column, ORDERS[column] != order.startswith("-")


def order_places(places: pd.DataFrame, order: str) -> npt.NDArray[np.int64]:
    """Positions of places in an order.

    Parameters
    ----------
    places : pandas.DataFrame
        With the column of the order, and ``coverage_gap`` and ``name``.
    order : str
        Key of `ORDERS`; after a hyphen, the worst last.
    """
    column, descending = split_order(order)
    names = _name_ranks(places)
    values = names if column == "name" else places[column].to_numpy("float64")
    keys = np.where(np.isnan(values), np.inf, -values if descending else values)
    gaps = places["coverage_gap"].fillna(-1).to_numpy()
    return np.lexsort((names, -gaps, keys))


def first_villages(places: pd.DataFrame, order: str, count: int) -> list[str]:
    """Codes of the first places in an order."""
    first: list[str] = places.index[order_places(places, order)[:count]].tolist()
    return first


def _name_ranks(places: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Place of each name among all names, known beforehand for villages."""
    if "by_name" in places:
        ranks = places["by_name"].to_numpy("float64")
    else:
        ranks = pd.factorize(places["name"], sort=True)[0].astype("float64")
    return np.asarray(ranks)
