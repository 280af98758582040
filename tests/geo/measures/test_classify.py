"""Classes: one rule, lower limit in, upper limit out, and unknown in none."""

from __future__ import annotations

import warnings

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.core.codes import LEVELS
from geo.measures.classify import CLASS_COUNT, Classes, classify_values

STATISTICAL = {
    "quantiles": mapclassify.Quantiles,
    "natural_breaks": mapclassify.FisherJenks,
    "equal_interval": mapclassify.EqualInterval,
}
values = st.lists(st.integers(0, 400), min_size=8, max_size=40).map(
    lambda numbers: pd.Series(numbers, dtype="float64")
)


@pytest.mark.parametrize("limit", [0.50, 0.65, 0.80, 0.95])
def test_a_rate_at_a_policy_limit_goes_up(limit: float) -> None:
    classes = classify_values(pd.Series([limit]), "coverage_rate", "policy", "village")
    below, at = classes.assign(pd.Series([np.nextafter(limit, 0), limit]))
    assert at == below + 1


def test_80_of_100_people_is_in_the_class_from_80_percent() -> None:
    classes = classify_values(pd.Series([0.5]), "coverage_rate", "policy", "village")
    assert classes.limits[classes.assign(pd.Series([80 / 100])).iloc[0] - 1] == 0.80


@pytest.mark.parametrize("scheme", ["policy", *STATISTICAL])
def test_unknown_values_are_in_no_class(scheme: str) -> None:
    given = pd.Series([np.nan, 10.0, 20.0, 30.0], index=list("abcd"))
    classes = classify_values(given, "coverage_gap", scheme, "village")
    assigned = classes.assign(given)
    assert assigned["a"] == -1
    assert (assigned[["b", "c", "d"]] >= 0).all()
    assert assigned.index.equals(given.index)


def mapclassify_classes(given: pd.Series, scheme: str) -> pd.Series:
    with warnings.catch_warnings():
        # mapclassify says that Numba would be faster, and where values leave fewer classes.
        warnings.simplefilter("ignore", UserWarning)
        return pd.Series(STATISTICAL[scheme](given, k=CLASS_COUNT).yb)


@pytest.mark.parametrize("scheme", ["quantiles", "equal_interval"])
@given(given=values)
def test_our_limits_part_values_as_mapclassify_does(scheme: str, given: pd.Series) -> None:
    assume(given.nunique() > CLASS_COUNT)
    if scheme == "equal_interval":
        # Theirs hold their upper limit, ours the lower: no value lies on one here.
        limits = np.linspace(given.min(), given.max(), CLASS_COUNT + 1)[1:-1]
        assume(not np.isclose(np.subtract.outer(given.to_numpy(), limits), 0).any())
    theirs = mapclassify_classes(given, scheme)
    ours = classify_values(given, "coverage_gap", scheme, "village").assign(given)
    assert theirs.groupby(ours).nunique().eq(1).all()
    assert ours.groupby(theirs).nunique().eq(1).all()


def spread(values: pd.Series, classes: pd.Series) -> float:
    """Sum of squared distances of values from the mean of their class."""
    return float(values.groupby(classes).var(ddof=0).mul(values.groupby(classes).size()).sum())


@given(given=values)
def test_natural_breaks_part_values_as_well_as_mapclassify_does(given: pd.Series) -> None:
    """Several partings can be the best: which of them is not held."""
    assume(given.nunique() > CLASS_COUNT)
    ours = classify_values(given, "coverage_gap", "natural_breaks", "village")
    theirs = mapclassify_classes(given, "natural_breaks")
    assert ours.count == CLASS_COUNT
    assert spread(given, ours.assign(given)) <= spread(given, theirs) + 1e-6


@pytest.mark.parametrize("scheme", STATISTICAL)
@pytest.mark.parametrize("distinct", [0, 1, 2, 3])
def test_few_different_values_have_no_more_classes_than_values(scheme: str, distinct: int) -> None:
    given = pd.Series([n % distinct for n in range(9)] if distinct else [], dtype="float64")
    classes = classify_values(given, "coverage_gap", scheme, "village")
    assert classes.count <= max(distinct, 1)
    assert classes.assign(given).nunique() == distinct


@pytest.mark.parametrize("measure", ["coverage_rate", "coverage_gap", "gap_to_target", "gap_share"])
@pytest.mark.parametrize("level", LEVELS)
def test_policy_limits_ascend_whatever_the_values(measure: str, level: str) -> None:
    classes = classify_values(pd.Series(dtype="float64"), measure, "policy", level)
    assert classes.count == CLASS_COUNT
    assert list(classes.limits) == sorted(set(classes.limits))


def test_policy_limits_for_people_grow_with_the_level() -> None:
    nothing = pd.Series(dtype="float64")
    village, regency = (
        classify_values(nothing, "coverage_gap", "policy", level).limits
        for level in ("village", "regency")
    )
    assert all(small < large for small, large in zip(village, regency, strict=True))


def test_equal_intervals_are_equal() -> None:
    classes = classify_values(pd.Series(range(101)), "coverage_gap", "equal_interval", "village")
    assert np.diff([0, *classes.limits, 101]).tolist() == pytest.approx([20] * 5, abs=1)


def test_quantiles_hold_as_many_places_each() -> None:
    given = pd.Series(range(100), dtype="float64")
    classes = classify_values(given, "coverage_gap", "quantiles", "village")
    assert classes.assign(given).value_counts().tolist() == [20] * 5


def test_natural_breaks_find_the_clusters() -> None:
    given = pd.Series([1, 2, 3, 50, 51, 52, 200, 201, 400, 401, 800, 801], dtype="float64")
    classes = classify_values(given, "coverage_gap", "natural_breaks", "village")
    assert classes.limits == (50, 200, 400, 800)


def test_no_limit_is_one_class() -> None:
    classes = Classes("coverage_gap", "quantiles", ())
    assert classes.assign(pd.Series([5.0, np.nan])).tolist() == [0, -1]
