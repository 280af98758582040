"""Villages chosen one by one: their sums, their order, and how a reader changes them."""

from __future__ import annotations

import pytest

from geo.core.i18n import Language
from geo.measures.basket import change_basket, choose_box, sum_basket
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting.basket import basket_figures, basket_note

TEN = {"first": 10, "order": "coverage_gap"}


@pytest.mark.parametrize("place", ["", "62.05.07"])
def test_sums_are_of_the_chosen_villages_wherever_the_map_is(sample: Dataset, place: str) -> None:
    whole = build_view(sample, Query()).villages
    chosen = ("62.05.03.2006", "62.05.05.1013", "62.05.07.2005")
    basket = sum_basket(sample, build_view(sample, Query(place=place, basket=chosen)))
    rows = whole.loc[list(chosen)]
    assert basket.coverage_gap == rows["coverage_gap"].sum()
    assert basket.cost_target_year == rows["gap_to_target"].sum() * 16_800 * 12
    assert basket.cost_year == rows["coverage_gap"].sum() * 16_800 * 12
    assert basket.villages == ("62.05.05.1013", "62.05.03.2006", "62.05.07.2005")
    assert basket.budget == 4_972_965_376
    assert basket.outside == (2 if place else 0)
    share = rows["coverage_gap"].sum() / whole["coverage_gap"].sum()
    assert basket.gap_share == (None if place else pytest.approx(share))


def test_villages_of_unknown_gap_add_nothing_and_are_told(sample: Dataset) -> None:
    villages = build_view(sample, Query()).villages
    unknown = villages.index[villages["coverage_gap"].isna()][0]
    view = build_view(sample, Query(basket=tuple(sorted((unknown, "62.05.03.2006")))))
    basket = sum_basket(sample, view)
    assert (basket.unknown, basket.coverage_gap) == (1, 283)
    assert basket.villages[-1] == unknown
    assert "1 of them is not known" in basket_note(basket, Language("en"))


@pytest.mark.parametrize("order", ["coverage_gap", "coverage_rate", "priority", "gap_to_target"])
def test_the_first_of_a_ranking_are_chosen(sample: Dataset, order: str) -> None:
    view = build_view(sample, Query(rate_min=0.6))
    query = change_basket(view, view.query, {"first": 10, "order": order})
    found = view.found.sort_values(order, ascending=order == "coverage_rate", kind="stable")
    assert set(query.basket) == set(found.index[:10])
    assert query.order == order
    assert change_basket(view, query, {"clear": True}).basket == ()


def test_ticks_change_what_is_chosen_now_and_not_what_was_seen(sample: Dataset) -> None:
    view = build_view(sample, Query())
    newer = Query().with_basket(["62.05.03.2006", "62.05.05.1013"])
    asked = {"add": ["62.05.07.2005", "62.99.99.2001", "x"], "remove": ["62.05.05.1013"]}
    assert change_basket(view, newer, asked).basket == ("62.05.03.2006", "62.05.07.2005")


def test_chosen_villages_alone_are_a_filter_that_an_empty_choice_ends(sample: Dataset) -> None:
    view = build_view(sample, Query())
    ten = change_basket(view, view.query, TEN)
    alone = change_basket(view, ten, {"chosen": True})
    assert len(build_view(sample, alone).found) == 10
    assert build_view(sample, alone).totals == view.totals
    assert not change_basket(view, alone, {"clear": True}).chosen
    assert not change_basket(view, view.query, {"chosen": True}).chosen


def test_a_box_adds_the_villages_inside_that_pass(sample: Dataset) -> None:
    view = build_view(sample, Query(gap_min=100))
    everything = [[-90, -180], [90, 180]]
    query = choose_box(sample, view, Query(basket=("62.05.05.1013",)), everything)
    assert set(query.basket) == {*view.found.index, "62.05.05.1013"}
    west, south, east, north = sample.shapes.bounds("62.05.03.2006")
    one = [[(south + north) / 2 - 1e-6, (west + east) / 2 - 1e-6], [north, east]]
    assert "62.05.03.2006" in choose_box(sample, view, Query(), one).basket
    assert choose_box(sample, view, Query(), [[50, 0], [51, 1]]).basket == ()


def test_figures_say_people_share_and_both_costs_beside_the_budget(sample: Dataset) -> None:
    view = build_view(sample, Query())
    basket = sum_basket(sample, build_view(sample, change_basket(view, view.query, TEN)))
    figures = basket_figures(basket, 0.95, Language("id"))
    said = " · ".join(f"{f} {w}" for f, w in figures).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "10 desa dipilih · 2.253 belum terlindungi · 28,4 % dari celah wilayah · "
        "Rp 286,27 juta per tahun sampai target 95 % · Rp 454,20 juta per tahun untuk menutup "
        "celah · Rp 4,97 miliar anggaran program 2024"
    )
