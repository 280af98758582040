"""Measures: a gap is no surplus, unknown is not 0, and rates come from sums."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.core.codes import ancestor
from geo.measures import measure
from geo.measures.query import STATES

people = st.one_of(st.none(), st.integers(0, 3_000))
village_rows = st.lists(st.tuples(people, people, st.booleans()), min_size=1, max_size=12)
targets = st.integers(1, 100).map(lambda percent: percent / 100)


def series(*values: float | None) -> pd.Series:
    return pd.Series(values, [f"62.05.0{i % 3}.20{i:02}" for i in range(len(values))], "float64")


def measured(rows: list[tuple[int | None, int | None, bool]], target: float = 0.95) -> pd.DataFrame:
    enrolled, eligible, drawn = zip(*rows, strict=True)
    index = series(*enrolled).index
    places = pd.DataFrame({"name": "x", "kind": "desa", "has_boundary": drawn}, index=index)
    return measure.measure_villages(
        places,
        series(*enrolled).dropna(),
        series(*eligible).dropna(),
        target=target,
        monthly=16_800,
    )


@given(rows=village_rows, target=targets)
def test_a_village_has_a_gap_or_a_surplus_never_both(
    rows: list[tuple[int | None, int | None, bool]], target: float
) -> None:
    table = measured(rows, target)
    known = table[table["coverage_rate"].notna()]
    assert not ((known["coverage_gap"] > 0) & (known["surplus"] > 0)).any()
    difference = known["eligible"] - known["enrolled"]
    assert (known["coverage_gap"] - known["surplus"] == difference).all()
    assert (known["gap_to_target"] <= known["coverage_gap"]).all()


@given(rows=village_rows)
def test_states_are_exclusive_and_exhaustive(
    rows: list[tuple[int | None, int | None, bool]],
) -> None:
    table = measured(rows)
    assert set(table["state"]) <= set(STATES)
    expected = [
        "no_boundary" if not drawn
        else "no_denominator" if not eligible
        else "no_enrolment" if enrolled is None
        else "over_100" if enrolled > eligible
        else "ok"
        for enrolled, eligible, drawn in rows
    ]  # fmt: skip
    assert table["state"].tolist() == expected


@given(rows=village_rows)
def test_unknown_is_never_zero(rows: list[tuple[int | None, int | None, bool]]) -> None:
    table = measured(rows)
    derived = ["coverage_rate", "coverage_gap", "surplus", "gap_to_target", "cost_month"]
    unknown = [enrolled is None or not eligible for enrolled, eligible, _ in rows]
    assert table.loc[unknown, derived].isna().all(axis=None)
    assert table.loc[~np.array(unknown), derived].notna().all(axis=None)


@given(rows=village_rows, target=targets)
def test_enrolling_the_gap_reaches_the_target_and_one_less_does_not(
    rows: list[tuple[int | None, int | None, bool]], target: float
) -> None:
    table = measured(rows, target)
    short = table[table["gap_to_target"] > 0]
    reached = short["enrolled"] + short["gap_to_target"]
    needed = short["eligible"] * target
    assert (reached >= needed - 1e-6).all()
    assert (reached - 1 < needed + 1e-6).all()


@given(rows=village_rows)
def test_roll_ups_sum_and_rates_come_from_the_sums(
    rows: list[tuple[int | None, int | None, bool]],
) -> None:
    villages = measured(rows)
    keys = villages.index.map(lambda code: ancestor(code, "subdistrict"))
    enrolled = villages["enrolled"].groupby(keys).sum(min_count=1)
    rolled = measure.roll_up(villages, "subdistrict", enrolled)
    for column in ("coverage_gap", "surplus", "gap_to_target", "cost_year", "eligible", "enrolled"):
        assert rolled[column].sum() == pytest.approx(villages[column].sum())
    assert rolled["villages"].sum() == len(villages)
    rate = rolled["coverage_rate"].dropna()
    expected = (rolled["enrolled"] / rolled["eligible"])[rate.index]
    assert rate.to_list() == pytest.approx(expected.to_list())


@given(rows=village_rows)
def test_the_index_is_kept(rows: list[tuple[int | None, int | None, bool]]) -> None:
    table = measured(rows)
    enrolled, eligible = table["enrolled"], table["eligible"]
    for result in (
        measure.coverage_rate(enrolled, eligible),
        measure.coverage_gap(enrolled, eligible),
        measure.surplus(enrolled, eligible),
        measure.gap_to_target(enrolled, eligible, target=0.9),
        measure.share_of_total(table["coverage_gap"]),
        measure.find_states(enrolled, eligible, has_boundary=table["has_boundary"]),
    ):
        assert result.index.equals(table.index)


@given(gaps=st.lists(st.integers(0, 500), max_size=15))
def test_half_is_the_fewest_places_that_hold_half(gaps: list[int]) -> None:
    assume(sum(gaps))
    half = measure.count_to_half(pd.Series(gaps, dtype="float64"))
    largest = sorted(gaps, reverse=True)
    assert sum(largest[:half]) >= sum(gaps) / 2 > sum(largest[: half - 1])


def test_no_gap_has_no_half() -> None:
    assert measure.count_to_half(series(0, 0)) == 0


def test_a_rate_is_not_averaged() -> None:
    villages = measured([(90, 100, True)] * 3 + [(1, 1_000, True)])
    rolled = measure.roll_up(villages, "subdistrict", pd.Series({"62.05.00": 91.0}))
    assert rolled.loc["62.05.00", "coverage_rate"] == 91 / 1_100


def test_an_area_of_unknown_villages_is_unknown_not_zero() -> None:
    villages = measured([(None, 10, True), (5, None, True), (5, 10, True)])
    rolled = measure.roll_up(villages, "subdistrict", pd.Series({"62.05.02": 5.0}))
    gaps, eligible = rolled["coverage_gap"], rolled["eligible"]
    assert gaps.isna().tolist() == [True, True, False]
    assert eligible.isna().tolist() == [False, True, False]
    assert rolled["state"].tolist() == ["no_enrolment", "no_denominator", "ok"]


def test_a_surplus_never_cancels_a_gap() -> None:
    villages = measured([(150, 100, True)] + [(100, 100, True)] * 2 + [(50, 100, True)])
    rolled = measure.roll_up(villages, "subdistrict", pd.Series({"62.05.00": 200.0}))
    assert rolled.loc["62.05.00", ["coverage_gap", "surplus"]].tolist() == [50, 50]


def test_a_rate_is_not_capped() -> None:
    assert measure.coverage_rate(series(112), series(100)).tolist() == [1.12]


@pytest.mark.parametrize(
    ("enrolled", "eligible", "target", "missing"),
    [(1_804, 1_900, 0.95, 1), (1_805, 1_900, 0.95, 0), (0, 101, 0.95, 96), (7, 100, 0.07, 0)],
)
def test_people_to_the_target_are_whole(
    enrolled: int, eligible: int, target: float, missing: int
) -> None:
    gap = measure.gap_to_target(series(enrolled), series(eligible), target=target)
    assert gap.tolist() == [missing]


def test_shares_of_the_gap_sum_to_one() -> None:
    shares = measure.share_of_total(series(30, None, 10))
    assert shares.iloc[[0, 2]].tolist() == [0.75, 0.25]
    assert math.isnan(shares.iloc[1])


def test_no_gap_at_all_has_no_shares() -> None:
    assert measure.share_of_total(series(0, 0)).isna().all()


def test_cost_is_the_gap_times_the_price() -> None:
    table = measured([(90, 100, True)])
    assert table["cost_month"].tolist() == [168_000]
    assert table["cost_year"].tolist() == [2_016_000]
