"""Publication copies, attacked: no count that was left out can be had from what was published."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.core import codes
from geo.core.codebook import COLUMNS
from geo.core.errors import QueryProblem
from geo.core.i18n import Language
from geo.export.files import build_extract, write_geojson
from geo.export.formats import FORMATS, build_layers
from geo.export.publication import SUPPRESSED, build_published, hide_figures, make_plan
from geo.export.suppression import Plan, plan_suppression
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view

ENGLISH = Language("en")
THRESHOLD = 11
FIGURES = ["enrolled", "coverage_rate", "coverage_gap", "surplus", "gap_to_target", "cost_month"]
TOP = "62.05"


def is_small(enrolled: float, eligible: float, threshold: int = THRESHOLD) -> bool:
    apart = abs(eligible - enrolled) if enrolled and eligible else 0
    return any(0 < n < threshold for n in (enrolled, eligible, apart))


def attack(places: pd.DataFrame, plan: Plan, threshold: int = THRESHOLD) -> dict[str, float]:
    """Width of the interval of each small count, to who knows all but what is hidden.

    The attacker knows every eligible worker, how many people are in no known village unless they
    are few, and, where the gap of an area is published, that no hidden village is above 100 %.
    """
    places = places.fillna(0.0)
    parents = {codes.parent(code) for code in places.index if code != TOP}
    villages = [code for code in places.index if code not in parents]
    areas = [code for code in places.index if code in parents]

    def unplaced(area: str) -> float:
        placed = [c for c in places.index if c != TOP and codes.parent(c) == area]
        return places.at[area, "enrolled"] - places.loc[placed, "enrolled"].sum()

    few = [area for area in areas if 0 < unplaced(area) < threshold]
    names = [*villages, *(f"unplaced {area}" for area in few)]
    bounds: list[tuple[float, float | None]] = [(0, None)] * len(names)
    for at, code in enumerate(villages):
        enrolled, eligible = places.loc[code, ["enrolled", "eligible"]]
        if code not in plan.hidden:
            bounds[at] = (enrolled, enrolled)
        elif any(code.startswith(a) and a not in {*plan.closed, *plan.hidden} for a in areas):
            bounds[at] = (0, eligible)
    published = [area for area in areas if area not in plan.hidden]
    sums, totals = [], []
    for area in published:
        sums.append([float(name.removeprefix("unplaced ").startswith(area)) for name in names])
        known = sum(unplaced(a) for a in areas if a.startswith(area) and a not in few)
        totals.append(places.at[area, "enrolled"] - known)
    targets = [
        c for c in places.index if is_small(*places.loc[c, ["enrolled", "eligible"]], threshold)
    ]
    widths = {}
    for target in [*targets, *(f"unplaced {area}" for area in few)]:
        goal = np.array(
            [float(name.removeprefix("unplaced ").startswith(target)) for name in names]
        )
        if target.startswith("unplaced"):
            goal = np.array([float(name == target) for name in names])
        ends = []
        for sign in (1, -1):
            equations = {"A_eq": sums, "b_eq": totals} if sums else {}
            answer = linprog(sign * goal, bounds=bounds, **equations)
            assert answer.status in (0, 3), answer.message
            ends.append(sign * answer.fun if answer.status == 0 else sign * -np.inf)
        widths[target] = ends[1] - ends[0]
    return widths


def needed(places: pd.DataFrame, target: str, threshold: int = THRESHOLD) -> float:
    """How wide the interval must be; a count is never more uncertain than its denominator is."""
    eligible = places["eligible"].get(target, np.nan)
    return min(threshold, eligible) if eligible > 0 else threshold


@st.composite
def trees(draw: st.DrawFn) -> pd.DataFrame:
    """A regency of one to four subdistricts of one to six villages, with odd counts."""
    people = st.one_of(st.integers(0, 14), st.integers(0, 400))
    rows: dict[str, tuple[float, float]] = {}
    total = np.zeros(2)
    for sub in range(1, draw(st.integers(1, 4)) + 1):
        inside = np.zeros(2)
        for village in range(1, draw(st.integers(1, 6)) + 1):
            eligible = draw(people)
            enrolled = draw(st.one_of(people, st.integers(max(eligible - 12, 0), eligible + 12)))
            rows[f"62.05.{sub:02}.2{village:03}"] = (enrolled, eligible)
            inside += (enrolled, eligible)
        inside[0] += draw(st.sampled_from([0, 0, 3, 40]))
        rows[f"62.05.{sub:02}"] = tuple(inside)
        total += inside
    total[0] += draw(st.sampled_from([0, 0, 5, 60]))
    rows[TOP] = tuple(total)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["enrolled", "eligible"])


@settings(max_examples=60)
@given(places=trees())
def test_no_small_count_of_any_tree_can_be_computed(places: pd.DataFrame) -> None:
    plan = plan_suppression(places, TOP, THRESHOLD)
    for code, row in places.iterrows():
        assert not is_small(row["enrolled"], row["eligible"]) or code in plan.hidden
    for target, width in attack(places, plan).items():
        assert width >= needed(places, target) - 1e-6, target


def test_the_attack_finds_what_plain_suppression_leaves_open() -> None:
    places = pd.DataFrame(
        {"enrolled": [4.0, 60, 80, 144, 144], "eligible": [30.0, 90, 99, 219, 219]},
        ["62.05.01.2001", "62.05.01.2002", "62.05.01.2003", "62.05.01", TOP],
    )
    alone = Plan(frozenset({"62.05.01.2001"}), frozenset({"62.05.01", TOP}), frozenset())
    assert attack(places, alone)["62.05.01.2001"] < 1e-6
    assert attack(places, plan_suppression(places, TOP))["62.05.01.2001"] >= THRESHOLD


@pytest.fixture(scope="module")
def published(sample: Dataset) -> dict[str, pd.DataFrame]:
    levels = ("village", "subdistrict", "regency")
    return {level: build_published(sample, Query(), level, ENGLISH).table for level in levels}


def test_the_sample_holds_against_the_attack_in_every_period(sample: Dataset) -> None:
    for period in sample.options.periods:
        plan = make_plan(sample, period, THRESHOLD)
        parts = [
            build_view(sample, Query(period=period), level=level).shown[["enrolled", "eligible"]]
            for level in ("village", "subdistrict", "regency")
        ]
        places = pd.concat(parts)
        widths = attack(places, plan)
        assert all(width >= needed(places, code) - 1e-6 for code, width in widths.items())


def test_no_small_count_stands_in_a_copy(published: dict[str, pd.DataFrame]) -> None:
    for table in published.values():
        for column in ("enrolled", "eligible", "surplus", "coverage_gap"):
            counts = table[column].dropna()
            assert counts[(counts > 0) & (counts < THRESHOLD)].empty, column


def test_a_hidden_place_has_no_figure_and_says_so(
    published: dict[str, pd.DataFrame], sample: Dataset
) -> None:
    table = published["village"]
    hidden = table[table["state"] == SUPPRESSED]
    assert 0 < len(hidden) < len(table) / 2
    numbers = [column.name for column in COLUMNS if column.kind != "text"]
    told = {name for name in numbers if hidden[name].notna().any()}
    assert told == {"target", "contribution_month"}
    assert len(table) == len(build_extract(sample, Query(), "village", ENGLISH).table)
    assert table["code"].is_monotonic_increasing
    assert table["cumulative_share"].isna().all() and table["gap_share"].isna().all()
    assert table["note"].str.contains("publication copy").all()


def test_a_second_copy_of_another_filter_tells_nothing_more(
    sample: Dataset, published: dict[str, pd.DataFrame]
) -> None:
    whole = published["village"].set_index("code")
    queries = (
        Query(place="62.05.07"),
        Query(subdistricts=("62.05.01", "62.05.06")),
        Query(gap_max=10),
        Query(gap_min=1, gap_max=60),
        Query(rate_max=0.5),
        Query(states=("ok",)),
        Query(target=0.8),
        Query(measure="coverage_gap", scheme="natural_breaks"),
    )
    for query in queries:
        table = build_published(sample, query, "village", ENGLISH).table.set_index("code")
        same = whole.loc[table.index]
        assert (table["state"] == same["state"]).all()
        for column in ("enrolled", "coverage_rate", "coverage_gap", "surplus", "cost_year"):
            pd.testing.assert_series_equal(table[column], same[column])
        if query.narrows:
            assert SUPPRESSED not in set(table["state"])


def test_copies_of_some_segments_are_refused(sample: Dataset) -> None:
    for query in (Query(segments=("pekerja_rentan",)), Query(programmes=("jkk",))):
        with pytest.raises(QueryProblem, match="all segments"):
            build_published(sample, query, "village", ENGLISH)


def test_sentences_of_exact_figures_are_left_out(sample: Dataset) -> None:
    about = json.loads(write_geojson(build_published(sample, Query(), "village", ENGLISH)))
    assert not {"listed", "balance"} & set(about)
    assert about["publication"] == THRESHOLD


def test_limits_of_classes_come_from_published_values(sample: Dataset) -> None:
    query = Query(measure="coverage_gap", scheme="natural_breaks")
    extract = build_published(sample, query, "village", ENGLISH)
    assert set(extract.view.classes.limits) <= set(extract.table["coverage_gap"].dropna())


@pytest.mark.parametrize("key", [f.key for f in FORMATS])
def test_every_format_can_be_a_copy(sample: Dataset, key: str) -> None:
    chosen = next(f for f in FORMATS if f.key == key)
    layers = build_layers(sample, Query(), "village", chosen, ENGLISH, threshold=THRESHOLD)
    assert len(chosen.write(layers, ENGLISH)) > 500


def test_a_higher_threshold_leaves_out_more(sample: Dataset) -> None:
    few = make_plan(sample, "2024-10", 5).hidden
    many = make_plan(sample, "2024-10", 40).hidden
    assert len(few) < len(many)


def test_sums_of_gaps_go_where_one_of_their_villages_is_hidden_above_100() -> None:
    figures = {c.name: [5.0] for c in COLUMNS if c.kind != "text"}
    table = pd.DataFrame({"code": [TOP], "state": ["ok"], **figures})
    plan = Plan(frozenset({"62.05.01.2001"}), frozenset({TOP}), frozenset({TOP}))
    shown = hide_figures(table, plan).iloc[0]
    assert shown["enrolled"] == 5
    assert np.isnan(shown["coverage_gap"]) and np.isnan(shown["gap_to_target"])
