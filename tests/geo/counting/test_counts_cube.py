"""The ledger: sums of an area touch its own rows alone, and are those of the long table."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo.core.segments import satisfies
from geo.counting.counts_cube import _rows, build_ledger
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view

PLACES = pd.DataFrame(
    {"name": list("ABCD")},
    index=["62.05.01.1001", "62.05.01.2002", "62.05.02.2001", "63.01.01.2001"],
)
PEOPLE = pd.DataFrame(
    [
        ("2024-04", "62.05.01.1001", "pu:jkk", 1),
        ("2024-10", "62.05.01.1001", "pu:jkk", 2),
        ("2024-10", "62.05.01.1001", "bpu:jkk", 4),
        ("2024-10", "62.05.01", "pu:jkk", 8),
        ("2024-10", "62.05.02.2001", "pu:jht", 16),
        ("2024-10", "", "pu:jkk", 32),
        ("2024-10", "64.01.01.2001", "pu:jkk", 64),
    ],
    columns=["period", "code", "combination", "people"],
)
ELIGIBLE = pd.DataFrame(
    [("62.05.01.1001", "pu", 10), ("62.05.01.1001", "bpu", 5), ("63.01.01.2001", "bpu", 0)],
    columns=["code", "segment", "eligible"],
)
LEDGER = build_ledger(PLACES, PEOPLE, ELIGIBLE)


@pytest.mark.parametrize(
    ("place", "subdistricts", "people"),
    [
        ("62.05", (), 30),
        ("62.05.01", (), 14),
        ("62.05.01.1001", (), 6),
        ("62", ("62.05.02",), 16),
        ("62.05.01", ("62.05.02",), 0),
        ("", (), 126),
        ("63", (), 0),
    ],
)
def test_an_area_is_what_begins_with_its_code(
    place: str, subdistricts: tuple[str, ...], people: int
) -> None:
    assert LEDGER.sum_area(place, subdistricts).people[:, 1].sum() == people


def test_people_of_no_known_place_are_added_to_the_whole_alone() -> None:
    whole = LEDGER.sum_area("62.05", elsewhere=True)
    assert whole.people[:, 1].sum() == 126
    assert list(whole.places.index) == list(PLACES.index)
    assert whole.people_by("2024-10", 8).to_dict() == {"62.05.01": 14, "62.05.02": 16}


def test_nobody_asked_for_is_zero_and_nobody_recorded_unknown() -> None:
    sums = LEDGER.sum_area("", segments=["jakon"])
    assert sums.enrolled("2024-10").fillna(-1).tolist() == [0, -1, 0, -1]


def test_a_denominator_is_known_where_a_chosen_segment_has_one() -> None:
    assert LEDGER.sum_area("").eligible["2024-10"].fillna(-1).tolist() == [15, -1, -1, 0]
    asked = LEDGER.sum_area("", segments=["pu"]).eligible["2024-10"]
    assert asked.fillna(-1).tolist() == [10, -1, -1, -1]


def test_an_area_touches_its_own_rows_and_copies_none() -> None:
    part = _rows(LEDGER.people, 2, 6)
    assert np.shares_memory(part.data, LEDGER.people.data)
    sums = LEDGER.sum_area("62.05.01")
    assert (len(sums.codes), sums.people.shape) == (3, (3, 2))


def test_a_new_target_sums_nothing_again() -> None:
    asked = {"segments": ("pu",), "programmes": ()}
    assert LEDGER.sum_area("62.05", **asked) is LEDGER.sum_area("62.05", **asked)


def test_categories_and_text_make_the_same_ledger() -> None:
    named = PEOPLE.astype({"period": "category", "code": "category", "combination": "category"})
    same = build_ledger(PLACES, named, ELIGIBLE)
    assert (same.periods, same.combinations) == (LEDGER.periods, LEDGER.combinations)
    assert (same.people.toarray() == LEDGER.people.toarray()).all()


def test_sums_are_those_of_the_long_table(sample: Dataset) -> None:
    draw = random.Random(4)
    people = sample.counts.people
    for _ in range(20):
        segments = tuple(draw.sample(sample.options.segments, draw.choice([0, 1, 2])))
        programmes = tuple(draw.sample(("jkk", "jht", "jp"), draw.choice([0, 1])))
        place = draw.choice(["62.05", "62.05.03", "62.05.07.2005"])
        asked = people["combination"].map(lambda c, s=segments, p=programmes: satisfies(c, s, p))
        here = people[asked & people["code"].str.startswith(place)]
        sums = sample.ledger.sum_area(place, segments=segments, programmes=programmes)
        expected = here.groupby("period")["people"].sum().reindex(sums.periods, fill_value=0)
        assert sums.people.sum(axis=0).tolist() == expected.tolist()


def test_an_area_where_nobody_passes_the_filter_has_zero_like_its_villages(
    sample: Dataset,
) -> None:
    query = Query(segments=("jakon",), programmes=("jht",))
    assert build_view(sample, query).totals.enrolled == 0
    table = build_view(sample, query, level="subdistrict").shown
    assert (table["enrolled"] == 0).all()
    assert build_view(sample, replace(query, place="62.05.01")).totals.enrolled == 0
