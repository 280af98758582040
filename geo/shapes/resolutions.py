"""The resolutions that shapes are drawn at, and how they are cut into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..core.codes import Level


@dataclass(frozen=True)
class Resolution:
    """One degree of detail.

    Attributes
    ----------
    tolerance : float
        Of the simplification, in degrees (see `geo.shapes.coverage`).
    quantum : float
        Step of the coordinates, in degrees.
    min_zoom : int
        Least zoom of the map at which it is drawn.
    """

    tolerance: float
    quantum: float
    min_zoom: int


# Of the format that they are written in.
VERSION: Final = 2
# About a pixel at the zoom where the next takes over, steps of a fifth of it.
RESOLUTIONS: Final = (
    Resolution(0.01, 0.001, 0),
    Resolution(0.0015, 0.0002, 7),
    Resolution(0.0002, 0.00002, 10),
)
# For each level, of what area a file is at each resolution; a level without
# the finest is drawn from the last it has.
CUTS: Final[dict[Level, tuple[Level, ...]]] = {
    "province": ("country", "province"),
    "regency": ("province", "province"),
    "subdistrict": ("province", "province", "regency"),
    "village": ("province", "province", "regency"),
}
