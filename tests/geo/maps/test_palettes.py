"""Colours: in order in greyscale, and told apart whoever looks.

Colour-vision deficiencies by the matrices of Machado, Oliveira and Fernandes
(2009), severity 1.0, in linear RGB; differences as CIE76 in CIELAB (D65).
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from geo.maps.palettes import STATE_PATTERNS, class_colours, state_fills
from geo.measures.query import PALETTES, STATES

MACHADO = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
# A difference of 2.3 is just noticed side by side; 10 is seen at a glance.
DISTINCT = 10.0
MEASURES = ("coverage_rate", "coverage_gap", "gap_to_target", "gap_share")


def linear(colour: str) -> np.ndarray:
    """Linear RGB of ``#RRGGBB``."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(TO_XYZ[1] @ linear(colour))


def lab(colour: str, sight: str) -> np.ndarray:
    """CIELAB of a colour as somebody with this sight sees it."""
    seen = np.clip(np.asarray(MACHADO[sight]) @ linear(colour), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(lab(one, sight) - lab(other, sight)))


def test_the_simulation_leaves_white_and_confuses_red_with_green() -> None:
    assert all(difference("#FFFFFF", "#FEFEFE", sight) < 1 for sight in MACHADO)
    normal, blind = (difference("#C04040", "#707020", s) for s in ("normal", "deuteranopia"))
    assert blind < normal / 2


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("count", range(2, 6))
@pytest.mark.parametrize("measure", MEASURES)
def test_ramps_are_in_order_in_greyscale(palette: str, count: int, measure: str) -> None:
    grey = [luminance(colour) for colour in class_colours(palette, count, measure)]
    darkest_first = measure == "coverage_rate"
    assert grey == sorted(grey, reverse=not darkest_first)
    assert len(set(grey)) == count


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("sight", MACHADO)
def test_neighbouring_classes_are_told_apart(palette: str, sight: str) -> None:
    colours = class_colours(palette, 5, "coverage_rate")
    steps = [difference(one, other, sight) for one, other in itertools.pairwise(colours)]
    assert min(steps) > DISTINCT


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("sight", MACHADO)
@pytest.mark.parametrize("state", [s for s in state_fills("oranges") if s not in STATE_PATTERNS])
def test_a_plain_state_is_told_from_every_class(palette: str, sight: str, state: str) -> None:
    colours = class_colours(palette, 5, "coverage_rate")
    fill = state_fills(palette)[state]
    assert min(difference(fill, colour, sight) for colour in colours) > DISTINCT


def test_states_that_are_drawn_have_a_fill_and_the_pale_ones_a_pattern_of_their_own() -> None:
    # What is partly known has the colour of its class, under a pattern.
    own = set(STATES) - {"ok", "no_boundary", "partly_known"}
    for palette in PALETTES:
        assert set(state_fills(palette)) == own
        assert set(STATE_PATTERNS) <= own | {"partly_known"}
    assert len(set(STATE_PATTERNS.values())) == len(STATE_PATTERNS)


@pytest.mark.parametrize("palette", PALETTES)
def test_a_single_class_has_the_middle_colour(palette: str) -> None:
    (colour,) = class_colours(palette, 1, "coverage_rate")
    assert colour == class_colours(palette, 5, "coverage_rate")[2]
