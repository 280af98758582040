"""The ranked table: all rows of few villages, pages of many, and every village reached."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from factories import a_dataset, in_village, squares

from geo.core.i18n import get_language
from geo.measures.dataset import Dataset
from geo.measures.order import ORDERS, split_order
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting import ranking
from geo.reporting.ranking import PAGE_ROWS, Page, build_ranking, pack_ranking, read_page

MANY = 400
LANGUAGE = get_language("id")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Four hundred villages in a row, each with another gap."""
    names = {f"62.05.01.2{at:03}": f"Desa {chr(97 + at % 26)}{at:03}" for at in range(1, MANY + 1)}
    people = {code: 10 + at for at, code in enumerate(names)}
    rows = [in_village(code, at) for at, code in enumerate(names)]
    return a_dataset(tmp_path_factory.mktemp("many"), rows, people, layer=squares(names))


def ranked(data: Dataset, page: Page = Page(), **fields: Any) -> dict[str, Any]:  # noqa: B008
    return build_ranking(data, build_view(data, Query(**fields)), LANGUAGE, page)


def test_few_villages_are_all_there(sample: Dataset) -> None:
    table = ranked(sample)
    assert (len(table["rows"]), table["many"]) == (103, False)
    assert [row["rank"] for row in table["rows"]] == list(range(1, 104))


def test_every_village_is_on_one_page(many: Dataset) -> None:
    seen = []
    for start in range(0, MANY, PAGE_ROWS):
        table = ranked(many, Page(start=start))
        assert len(table["rows"]) <= PAGE_ROWS
        seen += [(row["rank"], row["code"]) for row in table["rows"]]
    assert [rank for rank, _ in seen] == list(range(1, MANY + 1))
    assert {code for _, code in seen} == set(many.places.index)


@pytest.mark.parametrize("column", ["name", "coverage_gap", "coverage_rate", "priority"])
@pytest.mark.parametrize("turned", [False, True])
def test_sorting_is_over_all_villages_and_the_worst_come_first(
    many: Dataset, column: str, turned: bool
) -> None:
    order = f"-{column}" if turned else column
    listed = []
    for start in range(0, MANY, PAGE_ROWS):
        listed += [row["code"] for row in ranked(many, Page(order=order, start=start))["rows"]]
    values = build_view(many, Query()).villages.loc[listed, column].tolist()
    worst_is_largest = column in ("coverage_gap", "priority")
    assert values == sorted(values, reverse=worst_is_largest != turned)


@pytest.mark.parametrize("order", [*ORDERS, *(f"-{column}" for column in ORDERS)])
def test_heading_mark_and_cumulative_share_are_of_the_order(sample: Dataset, order: str) -> None:
    table = ranked(sample, Page(order=order), compare="2024-04")
    column, descending = split_order(order)
    assert table["title"] == LANGUAGE(ranking._TITLES[column][descending])
    marked = [c for c in table["columns"] if c["key"] == column]
    assert all(c["ascending"] != descending for c in marked)
    assert all(c["order"] == (f"-{column}" if order == column else column) for c in marked)
    at = [c["key"] for c in table["columns"]].index("cumulative")
    view = build_view(sample, Query())
    gaps = view.villages["coverage_gap"].fillna(0)
    added = 0.0
    for row in table["rows"]:
        added += gaps[row["code"]]
        words = LANGUAGE.rate(added / gaps.sum(), 0) if gaps[row["code"]] else "–"
        assert row["texts"][at] == words


def test_low_coverage_and_many_people_is_a_stated_rule(sample: Dataset) -> None:
    table = ranked(sample, Page(order="priority"))
    assert "orang belum terlindungi × persentase yang belum terlindungi" in table["note"]
    villages = build_view(sample, Query()).villages
    first = villages.loc[[row["code"] for row in table["rows"][:10]]]
    score = villages["coverage_gap"] * (1 - villages["coverage_rate"].clip(upper=1))
    assert (first["priority"] == score.nlargest(10)).all()


def test_unknown_values_are_last_either_way(tmp_path: Path) -> None:
    names = {f"62.05.01.2{at:03}": f"Desa {at}" for at in range(1, 6)}
    people = dict.fromkeys(list(names)[1:], 9)
    data = a_dataset(tmp_path, [in_village(c) for c in names], people, layer=squares(names))
    for order in ("eligible", "-eligible"):
        table = ranked(data, Page(order=order))
        assert table["rows"][-1]["code"] == "62.05.01.2001"


@pytest.mark.parametrize(("text", "count"), [("Z0", 3), ("62.05.01.21", 100), ("no such", 0)])
def test_a_text_searches_all_villages(many: Dataset, text: str, count: int) -> None:
    table = ranked(many, Page(text=text))
    assert table["page"]["count"] == count
    assert len(table["rows"]) == min(count, PAGE_ROWS)


def test_the_page_with_the_chosen_village_is_shown(many: Dataset) -> None:
    last = ranked(many, Page(start=MANY))["rows"][-1]["code"]
    table = ranked(many, Page(selected=last))
    assert table["page"]["start"] == MANY // PAGE_ROWS * PAGE_ROWS
    assert last in {row["code"] for row in table["rows"]}
    assert ranked(many, Page(start=0, selected=last))["page"]["start"] == 0


def test_a_message_is_its_rows_and_little_more(many: Dataset) -> None:
    table = ranked(many)
    rows = len(json.dumps(table["rows"]).encode())
    assert len(json.dumps(table).encode()) - rows < 2_400
    assert rows / len(table["rows"]) < 300
    assert len(pack_ranking(table)) < 12_000


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ({}, Page()),
        ({"order": "-name", "text": " a ", "start": "150", "selected": "62.05"},
         Page("-name", "a", 150, "62.05")),
        ({"order": "__class__", "start": "x"}, Page()),
        ({"order": "--name"}, Page()),
        ({"start": "-5"}, Page()),
        ({"start": "9" * 40}, Page()),
        ({"text": "x" * 900, "selected": "x" * 900}, Page(text="x" * 80, selected="x" * 80)),
    ],
)  # fmt: skip
def test_what_a_browser_asks_is_checked(asked: dict[str, str], page: Page) -> None:
    assert read_page(asked) == page
