"""What the map is told of a view: a letter a place, small, and true to the view."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from factories import VILLAGES, a_dataset, in_village

from geo.core.i18n import Language
from geo.maps.circles import MOST_CIRCLES
from geo.maps.folium_layer import area_bounds
from geo.maps.legend import build_legend, legend_html
from geo.maps.payload import build_payload, list_figures, pack_figures
from geo.maps.scripts import ASSETS
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import View, build_view

ENGLISH = Language("en")
FADED = 32


def payload_of(data: Dataset, view: View) -> dict[str, Any]:
    return build_payload(
        data,
        view,
        ENGLISH,
        source={"url": "index.json"},
        values={"url": "values"},
        bounds=area_bounds(data, view.place),
    )


def letters(payload: dict[str, Any]) -> list[int]:
    return [ord(letter) - ord("0") for letter in payload["classes"]]


@pytest.mark.parametrize(
    "query",
    [
        Query(villages=True),
        Query(villages=True, gap_min=100),
        Query(measure="coverage_gap"),
        Query(place="62.05.04", scheme="quantiles", palette="blues"),
    ],
)
def test_letters_count_as_the_legend_does(sample: Dataset, query: Query) -> None:
    view = build_view(sample, query)
    payload = payload_of(sample, view)
    counted: Counter[str] = Counter()
    for letter in letters(payload):
        counted["left out by the filters" if letter >= FADED else styled(payload, letter)] += 1
    legend = {row.label: row.count for row in build_legend(view, ENGLISH) if row.count}
    assert dict(counted) == legend


def styled(payload: dict[str, Any], letter: int) -> str:
    return str(payload["styles"][letter]["words"])


def test_a_letter_stands_where_the_code_does(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True))
    payload = payload_of(sample, view)
    drawn = view.shown[view.shown["has_boundary"]].sort_index()
    for letter, row in zip(letters(payload), drawn.itertuples(), strict=True):
        assert (letter < payload["states"]) == (row.state == "ok")
        if row.state == "ok":
            assert letter == row.class_index


def test_parts_name_the_subdistricts_asked_for(sample: Dataset) -> None:
    query = Query(villages=True, subdistricts=("62.05.04", "62.05.01"))
    payload = payload_of(sample, build_view(sample, query))
    assert payload["parts"] == [("62.05.01", 10), ("62.05.04", 12)]
    assert len(payload["classes"]) == 22


def test_the_whole_area_is_one_part(sample: Dataset) -> None:
    assert payload_of(sample, build_view(sample, Query()))["parts"] == [("62.05", 9)]


def test_a_share_of_no_gap_at_all_has_a_style(tmp_path: Any) -> None:
    rows = [in_village(code, n) for n, code in enumerate(VILLAGES)]
    data = a_dataset(tmp_path, rows, dict.fromkeys(VILLAGES, 1))
    payload = payload_of(data, build_view(data, Query(villages=True, measure="gap_share")))
    assert {styled(payload, letter) for letter in letters(payload)} == {"coverage known"}


def test_a_change_sends_a_letter_a_village_and_little_else(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True, circles=False))
    # As large as the country: the same villages again and again.
    many = view.shown.iloc[[0]].loc[lambda rows: rows.index.repeat(83_246)]
    large = payload_of(sample, replace(view, shown=many))
    assert len(json.dumps(large, ensure_ascii=False)) < 83_246 + 5_000


def test_too_many_circles_are_neither_drawn_nor_in_the_legend(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True))
    assert len(payload_of(sample, view)["circles"]) == 103
    assert "circle" in legend_html(view, ENGLISH)
    many = view.shown.iloc[[0]].loc[lambda rows: rows.index.repeat(MOST_CIRCLES + 1)]
    crowded = replace(view, shown=many)
    assert payload_of(sample, crowded)["circles"] == ""
    assert "circle" not in legend_html(crowded, ENGLISH)


def test_the_largest_gap_is_labelled_first_and_has_the_largest_circle(sample: Dataset) -> None:
    view = build_view(sample, Query())
    payload = payload_of(sample, view)
    drawn = view.shown.sort_index()
    first = payload["labels"][0]
    assert drawn.index[first] == drawn["coverage_gap"].idxmax()
    radii, largest = read_radii()
    steps = [radii.index(letter) for letter in payload["circles"]]
    assert steps[first] * largest / (len(radii) - 1) == pytest.approx(22)
    assert max(steps) == steps[first]


def test_places_that_pass_the_filters_are_labelled_first(sample: Dataset) -> None:
    view = build_view(sample, Query(place="62.05.09", gap_min=60))
    drawn = view.shown.sort_index()
    labels = payload_of(sample, view)["labels"]
    passing = (drawn["found"] > 0).tolist()
    assert 0 < sum(passing) < len(passing)
    assert len(labels) == len(drawn)
    assert [passing[at] for at in labels] == sorted(passing, reverse=True)
    # Of more places than there is room for names, those that pass.
    assert payload_of(sample, build_view(sample, Query(villages=True)))["labels"] == []
    few = build_view(sample, Query(villages=True, gap_min=200))
    named = few.shown.sort_index().iloc[payload_of(sample, few)["labels"]]
    assert set(named.index) == set(few.found.index)


def read_radii() -> tuple[str, float]:
    """The letters of radii, and the largest radius, as the map's script has them."""
    script = (ASSETS / "view.js").read_text(encoding="utf-8")
    found = re.search(r'RADII = "([^"]+)", LARGEST = (\d+);', script)
    assert found is not None
    return found[1], float(found[2])


def test_figures_hold_what_the_view_holds_and_minus_one_for_unknown(sample: Dataset) -> None:
    view = build_view(sample, Query(villages=True))
    figures = json.loads(gzip.decompress(pack_figures(list_figures(view))))
    drawn = view.shown[view.shown["has_boundary"]].sort_index()
    assert set(figures) == {"enrolled", "eligible", "gap"}
    assert figures["eligible"] == drawn["eligible"].fillna(-1).astype(int).tolist()
    assert figures["gap"] == drawn["coverage_gap"].fillna(-1).astype(int).tolist()
    assert -1 in figures["enrolled"]


def test_figures_of_larger_places_say_how_many_villages_pass(sample: Dataset) -> None:
    view = build_view(sample, Query(gap_min=100), level="subdistrict")
    figures = list_figures(view)
    assert figures["passing"].sum() == len(view.found)
    assert figures["villages"].sum() == 103
