"""How far villages are from each other, and how long the way takes.

A table of minutes that the user has comes first. Elsewhere the way is estimated: the straight line
times a factor, at one speed. Every estimate is said to be one where it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.errors import FileProblem, mark

_MINUTES_COLUMNS: Final = 3
_EARTH: Final = 6371.0088  # mean radius in km
DEFAULT_FACTOR: Final = 1.4
DEFAULT_SPEED: Final = 25.0  # km/h
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Travel:
    """How a way is estimated.

    Attributes
    ----------
    factor : float
        Length of the way over that of the straight line.
    speed : float
        Kilometres an hour.
    """

    factor: float = DEFAULT_FACTOR
    speed: float = DEFAULT_SPEED

    def kilometres(self, places: pd.DataFrame, others: pd.DataFrame | None = None) -> Floats:
        """Estimated way between each two places, in km.

        Parameters
        ----------
        places, others : pandas.DataFrame
            ``lat`` and ``lon`` in degrees; ``others`` left out: the same places.
        """
        ends = places if others is None else others
        return self.factor * _great_circle(places, ends)

    def minutes(self, kilometres: Floats) -> Floats:
        """Estimated minutes for ways."""
        return kilometres / self.speed * 60


def _great_circle(places: pd.DataFrame, ends: pd.DataFrame) -> Floats:
    """Haversine distances in km, a row for each place, a column for each end."""
    lat, lon = (np.radians(places[name].to_numpy("float64"))[:, None] for name in ("lat", "lon"))
    end_lat, end_lon = (np.radians(ends[name].to_numpy("float64")) for name in ("lat", "lon"))
    half = (
        np.sin((end_lat - lat) / 2) ** 2
        + np.cos(lat) * np.cos(end_lat) * np.sin((end_lon - lon) / 2) ** 2
    )
    distances: Floats = 2 * _EARTH * np.arcsin(np.sqrt(half))
    return distances


def read_minutes(
    rows: Sequence[tuple[int, Sequence[str]]], names: pd.Series
) -> dict[tuple[str, str], int]:
    """Minutes between villages of a table with three columns: from, to, minutes.

    Parameters
    ----------
    rows : sequence of (int, sequence of str)
        Number and cells of each row; the first may hold headings.
    names : pandas.Series
        Names of the villages by code; a village is given by code, or by a name that is no other's.

    Raises
    ------
    FileProblem
        If a row names no village of these, or its minutes are no whole number.
    """
    unique = names[~names.str.casefold().duplicated(keep=False)]
    codes = {code: code for code in names.index}
    codes |= {str(name).casefold(): code for code, name in unique.items()}
    minutes = {}
    for at, (number, cells) in enumerate(rows):
        texts = [cell.strip() for cell in cells if cell.strip()]
        if not texts:
            continue
        start, end = (codes.get(text.casefold()) for text in (*texts, "", "")[:2])
        if len(texts) == _MINUTES_COLUMNS and start and end and texts[2].isdecimal():
            minutes[start, end] = int(texts[2])
        elif at > 0:
            raise FileProblem(
                mark(
                    "Row {row} of the table of minutes is not understood; expected are two "
                    "villages (code, or name) and a whole number of minutes."
                ),
                row=number,
            )
    return minutes
