"""From degrees to millimetres on paper, at a round scale, with ticks of degrees."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

METRES_PER_DEGREE: Final = 111_320.0
# A scale is one of these times a power of ten.
_SCALES: Final = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.5, 8.0, 9.0)
_STEPS: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600)
_MOST_TICKS: Final = 5
# Nearer to a corner words of both edges would meet; mm.
_CORNER: Final = 4.0
_LARGEST_SCALE: Final = 1_000


@dataclass(frozen=True)
class Paper:
    """A frame on paper and what of the ground is in it; north is up, scale true in its middle.

    Attributes
    ----------
    width, height : float
        Of the frame in mm.
    west, north : float
        Degrees at its upper left corner.
    scale : float
        Denominator: 250,000 metres of ground are a metre of paper.
    squeeze : float
        Length of a degree of longitude by that of latitude.
    """

    width: float
    height: float
    west: float
    north: float
    scale: float
    squeeze: float

    @property
    def per_degree(self) -> float:
        """Millimetres of a degree of latitude."""
        return METRES_PER_DEGREE * 1000 / self.scale

    @property
    def box(self) -> shapely.Polygon:
        """The frame in mm."""
        return shapely.box(0, 0, self.width, self.height)

    def project(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """Turn shapes of degrees into shapes of mm, from the upper left corner down."""

        def to_paper(ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            across = (ends[:, 0] - self.west) * self.squeeze * self.per_degree
            return np.column_stack([across, (self.north - ends[:, 1]) * self.per_degree])

        projected: npt.NDArray[np.object_] = shapely.transform(shapes, to_paper)
        return projected

    def list_ticks(self, ends: tuple[str, str], *, upwards: bool) -> list[tuple[float, str]]:
        """List where round degrees lie along an edge in mm, each with its words: ``114°45' E``.

        Parameters
        ----------
        ends : tuple of str
            Words for east and west, or for north and south.
        upwards : bool
            Along the left edge instead of the upper one.
        """
        per_minute = self.per_degree / 60 * (1 if upwards else self.squeeze)
        length = self.height if upwards else self.width
        start = self.north - length / per_minute / 60 if upwards else self.west
        minutes = length / per_minute
        step = next((s for s in _STEPS if minutes / s <= _MOST_TICKS), _STEPS[-1])
        first = math.ceil(start * 60 / step)
        ticks: list[tuple[float, str]] = []
        for number in count(first):
            along = (number * step - start * 60) * per_minute
            if along > length:
                return ticks
            if _CORNER <= along <= length - _CORNER:
                place = length - along if upwards else along
                ticks.append((float(place), _degrees(number * step, ends)))
        return ticks


def _degrees(minutes: int, ends: tuple[str, str]) -> str:
    whole, rest = divmod(abs(minutes), 60)
    side = f" {ends[minutes < 0]}" if minutes else ""
    return f"{whole}°{rest:02}'{side}" if rest else f"{whole}°{side}"


def fit_paper(
    bounds: tuple[float, float, float, float], width: float, height: float, *, margin: float = 4
) -> Paper:
    """Fit the extent of places (west, south, east, north) in a frame, at a round scale.

    Parameters
    ----------
    bounds : tuple of float
        Degrees.
    width, height, margin : float
        Of the frame, and free inside its edges; mm.
    """
    west, south, east, north = bounds
    middle = ((west + east) / 2, (south + north) / 2)
    squeeze = math.cos(math.radians(middle[1]))
    wide, high = (east - west) * squeeze, north - south
    most = max(wide / (width - 2 * margin), high / (height - 2 * margin))
    scale = _round_up(max(most * METRES_PER_DEGREE * 1000, _LARGEST_SCALE))
    per_degree = METRES_PER_DEGREE * 1000 / scale
    return Paper(
        width,
        height,
        middle[0] - width / 2 / (per_degree * squeeze),
        middle[1] + height / 2 / per_degree,
        scale,
        squeeze,
    )


def _round_up(scale: float) -> float:
    power: float = 10 ** math.floor(math.log10(scale))
    return next((s * power for s in _SCALES if s * power >= scale), 10.0 * power)
