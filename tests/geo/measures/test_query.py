"""The query: the same as text and back, and a bad link is told, not punished."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queries import OPTIONS, VILLAGES, queries

from geo.measures.query import (
    MOST_BASKET,
    Query,
    from_params,
    to_params,
)

names = st.sampled_from(
    [*(field.name for field in fields(Query)), "segment", "programme", "subdistrict", "state"]
)


@given(query=queries)
def test_a_query_comes_back_from_its_link(query: Query) -> None:
    assert from_params(to_params(query), OPTIONS) == (query, [])


@given(params=st.dictionaries(names, st.lists(st.text(max_size=12), max_size=3)))
def test_any_link_opens_a_view(params: dict[str, list[str]]) -> None:
    query, problems = from_params(params, OPTIONS)
    asked = {name for name, values in params.items() if values}
    assert {problem.facts["name"] for problem in problems} <= asked
    assert from_params(to_params(query), OPTIONS) == (query, [])


@pytest.mark.parametrize(
    ("params", "name", "kept"),
    [
        (
            {"place": ["62.05.01"], "subdistrict": ["62.05.02", "62.05.01"]},
            "subdistrict",
            Query(place="62.05.01", subdistricts=("62.05.01",)),
        ),
        ({"gap_min": ["500"], "gap_max": ["100"]}, "gap_max", Query(gap_min=500)),
        ({"rate_min": ["80"], "rate_max": ["20"]}, "rate_max", Query(rate_min=0.8)),
        ({"segment": ["pu", "no-such"]}, "segment", Query(segments=("pu",))),
        ({"chosen": ["1"]}, "chosen", Query()),
        ({"compare": ["2024-10"]}, "compare", Query()),
        ({"basket": ["62.05.01.2001-2999"]}, "basket", Query(basket=("62.05.01.2001",))),
    ],
)
def test_of_what_cannot_be_together_the_fitting_part_is_kept(
    params: dict[str, list[str]], name: str, kept: Query
) -> None:
    query, problems = from_params(params, OPTIONS)
    assert query == kept
    assert [problem.facts["name"] for problem in problems] == [name]


def test_what_is_at_its_default_is_left_out() -> None:
    assert to_params(Query()) == {}
    assert to_params(Query(circles=False, target=0.8)) == {"circles": ["0"], "target": ["80"]}


def test_every_filter_can_stand_in_a_link() -> None:
    other = Query(
        "62", "2024-04", ("pu",), ("jkk",), ("62.05.01",), 1, 2, 0.1, 0.2, ("ok",), 0.5,
        "jkk_jkm_jht", "coverage_gap", "quantiles", "blues", True, False, True, "62.05",
        "2024-10", 20_000, "priority", ("62.05.01.2001",), True,
    )  # fmt: skip
    assert len(to_params(other)) == len(fields(Query))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("place", "62.99"),
        ("period", "2019-01"),
        ("segment", "astronaut"),
        ("subdistrict", "62.05"),
        ("gap_min", "-1"),
        ("gap_min", "1.5"),
        ("gap_min", "٣"),
        ("gap_max", "9999999999"),
        ("rate_max", "nan"),
        ("rate_max", "inf"),
        ("rate_min", "many"),
        ("target", "0"),
        ("target", "101"),
        ("measure", "budget"),
        ("villages", "yes"),
        ("order", "--name"),
        ("price", "999"),
        ("basket", "62.05.01"),
        ("selected", "<script>"),
    ],
)
def test_a_bad_value_is_a_problem_and_the_default_stays(name: str, value: str) -> None:
    query, (problem,) = from_params({name: [value], "scheme": ["quantiles"]}, OPTIONS)
    assert query == Query(scheme="quantiles")
    assert problem.facts == {"name": name, "value": value}
    assert value in str(problem)


def test_unknown_parameters_are_left_alone() -> None:
    assert from_params({"utm_source": ["mail"]}, OPTIONS) == (Query(), [])


def test_a_value_given_twice_is_asked_once() -> None:
    query, _ = from_params({"segment": ["pu", "bpu", "pu"]}, OPTIONS)
    assert query.segments == ("pu", "bpu")


@pytest.mark.parametrize("query", [Query(gap_min=0), Query(rate_max=0.5), Query(states=("ok",))])
def test_ranges_and_states_narrow_and_can_be_dropped(query: Query) -> None:
    assert query.narrows
    assert not query.without_filters().narrows


def test_a_place_or_a_segment_does_not_narrow() -> None:
    assert not Query(place="62.05.01", segments=("pu",)).narrows


def test_chosen_villages_are_short_in_a_link() -> None:
    assert to_params(Query(basket=VILLAGES)) == {"basket": ["62.05.01.2001-2002", "62.05.02.2001"]}
    for text in ("62.05.01.2001,62.05.01.2002", "62.05.01.2001.2002", "62.05.01-2001"):
        query, problems = from_params({"basket": [text]}, OPTIONS)
        assert set(query.basket) <= {*VILLAGES}
        assert query.basket or problems


def test_no_more_villages_are_chosen_than_a_link_can_hold() -> None:
    many = [f"62.05.01.{n}" for n in range(2000, 2000 + MOST_BASKET + 9)]
    query = Query().with_basket(many)
    assert len(query.basket) == MOST_BASKET
    assert sum(map(len, to_params(query)["basket"])) < 6 * MOST_BASKET


def test_what_lists_the_chosen_villages_alone_drops_every_other_filter() -> None:
    query = Query(place="62.05.01", gap_min=9, subdistricts=("62.05.01",)).with_basket(VILLAGES)
    alone = query.of_basket()
    assert (alone.place, alone.gap_min, alone.subdistricts) == ("62.05", None, ())
    assert alone.chosen
    assert alone.narrows
    assert Query(chosen=True).with_basket(()).chosen is False
