"""Colours of classes and states. Low coverage is the news, so it is dark.

Each ramp reads in order in greyscale and under the common colour-vision
deficiencies; a test simulates both.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ..measures.query import CHANGES

_RAMPS: Final = {
    "oranges": ("#8C2D04", "#D94801", "#FD8D3C", "#FDBE85", "#FEEDDE"),
    "blues": ("#08306B", "#2171B5", "#6BAED6", "#BDD7E7", "#EFF3FF"),
    "viridis": ("#440154", "#3B528B", "#21918C", "#5EC962", "#FDE725"),
}
# Losses are brown, gains green; the middle holds no change (see `geo.measures.classify`).
_CHANGES: Final = ("#8C510A", "#D8B365", "#F5F5F5", "#5AB4AC", "#01665E")
# Beside blues, violet would be taken for a class by who sees no red; viridis has its own violet.
_OVER_100: Final = {"oranges": "#7B6FB0", "blues": "#D1495B", "viridis": "#D1495B"}
# Of places where no village passes the filters.
FADED_FILL: Final = "#E3E0D8"
STATE_PATTERNS: Final = {
    "partly_known": "wide",
    "no_denominator": "lines",
    "no_enrolment": "dots",
}


def class_colours(palette: str, count: int, measure: str) -> list[str]:
    """Colours of ``count`` classes in ascending order of their values.

    A low rate and a large gap are dark; with fewer than five classes the ramp
    is read at equal steps, its ends included. A change has five colours of its own.
    """
    if measure in CHANGES:
        return list(_CHANGES)
    ramp = _RAMPS[palette] if measure == "coverage_rate" else _RAMPS[palette][::-1]
    if count == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[round(step)] for step in np.linspace(0, len(ramp) - 1, count)]


def state_fills(palette: str) -> dict[str, str]:
    """Colours of the states that are drawn as such, beside the classes of a palette."""
    return {
        "over_100": _OVER_100[palette],
        "no_denominator": "#EDECE8",
        "no_enrolment": "#F3F2EE",
    }
