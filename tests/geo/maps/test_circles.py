"""Circles: their area is in proportion to the people, on the map and in the legend alike."""

from __future__ import annotations

import numpy as np
import pytest

from geo.core.i18n import Language
from geo.maps.circles import LARGEST_CIRCLE, legend_circles, measure_radii
from geo.maps.legend import build_legend, legend_html
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view

ENGLISH = Language("en")


def test_the_area_of_a_circle_is_in_proportion_to_its_people() -> None:
    radii = measure_radii(np.array([100.0, 400.0, 0.0]))
    assert radii[1] == LARGEST_CIRCLE
    assert radii[1] == pytest.approx(2 * radii[0])
    assert radii[2] == 0


def test_the_legend_has_three_round_sizes_on_the_scale_of_the_map(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True))
    gaps = view.shown["coverage_gap"].fillna(0).to_numpy()
    assert gaps.max() == 385
    circles = legend_circles(view)
    assert [people for people, _ in circles] == [200, 100, 20]
    largest = measure_radii(gaps).max()
    for people, radius in circles:
        assert radius == pytest.approx(largest * np.sqrt(people / 385), rel=1e-6)
    assert legend_html(view, ENGLISH).count("--jk-size") == 3


def test_a_legend_without_gaps_has_no_circles(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True, circles=False))
    assert "jk-circles" not in legend_html(view, ENGLISH)


def test_the_top_class_of_a_rate_says_its_end_and_gaps_say_their_unit(sample: Dataset) -> None:
    rates = build_legend(build_view(sample, Query(villages=True)), ENGLISH)
    assert rates[4].label.replace("\N{NO-BREAK SPACE}", " ") == "95 % – 100 %"
    gaps = build_legend(build_view(sample, Query(measure="coverage_gap")), ENGLISH)
    assert all(row.label.endswith(" people") for row in gaps)
