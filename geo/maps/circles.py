"""Circles of people not covered: their area is in proportion to the people."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..measures.view import View

# More of them would hide the map and each other.
MOST_CIRCLES: Final = 2_000
# Radius of the largest circle in pixels: among few places, and, so that circles leave the map to
# be seen, over the root of how many there are.
LARGEST_CIRCLE: Final = 22.0
_CROWDED: Final = 132.0
_SMALLEST_CIRCLE: Final = 2.0
# Shares of the largest gap that the legend shows, before they are rounded down.
_LEGEND_SHARES: Final = (1.0, 0.3, 0.06)
_ROUND: Final = (5, 2, 1)


def has_circles(view: View) -> bool:
    """Whether circles are asked for, and few enough to be drawn."""
    return view.query.circles and len(view.shown) <= MOST_CIRCLES


def measure_radii(gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the circles of places in pixels.

    Parameters
    ----------
    gaps : numpy.ndarray
        People not covered in each place.

    Returns
    -------
    numpy.ndarray
        Radii, in the same order; 0 where nobody is left.
    """
    return _scale_radii(gaps, gaps.max(initial=0), len(gaps))


def legend_circles(view: View) -> list[tuple[int, float]]:
    """Round numbers of people, the largest first, and the radius that the map gives to each."""
    drawn = view.shown[view.shown["has_boundary"].to_numpy(bool)]
    gaps = drawn["coverage_gap"].fillna(0).to_numpy("float64")
    largest = gaps.max(initial=0)
    people = dict.fromkeys(_round_down(largest * share) for share in _LEGEND_SHARES)
    sizes = np.array([count for count in people if count], dtype="float64")
    radii = _scale_radii(sizes, largest, len(gaps))
    return [(int(size), float(radius)) for size, radius in zip(sizes, radii, strict=True)]


def _scale_radii(gaps: NDArray[np.float64], largest: float, places: int) -> NDArray[np.float64]:
    if not largest:
        return np.zeros(len(gaps))
    limit = min(LARGEST_CIRCLE, _CROWDED / math.sqrt(places))
    radii = np.sqrt(gaps / largest) * limit
    return np.where(gaps > 0, np.maximum(radii, min(_SMALLEST_CIRCLE, limit / 3)), 0)


def _round_down(value: float) -> int:
    """Round down to 1, 2 or 5 times a power of ten; 0 below 1."""
    if value < 1:
        return 0
    power = 10 ** math.floor(math.log10(value))
    return next(int(step * power) for step in _ROUND if step * power <= value)
