"""Filters agree with DuckDB, also where values are unknown."""

from __future__ import annotations

import os
import random

import duckdb
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.api.cql_filter import match_rows, read_filter
from geo.api.problems import RequestProblem

# `FILTERS=10000 pytest tests/geo/api/test_cql_filter.py` for the long run.
FILTERS = int(os.environ.get("FILTERS", "300"))
TABLE = pd.DataFrame(
    {
        "id": range(60),
        "enrolled": pd.array([None if i % 7 == 0 else (i * 13) % 50 for i in range(60)], "Int64"),
        "eligible": pd.array([None if i % 5 == 0 else (i * 7) % 40 for i in range(60)], "Int64"),
        "rate": [float("nan") if i % 4 == 0 else i / 60 for i in range(60)],
        "name": [f"{'Lemo' if i % 3 else 'liju'} {i % 10}" for i in range(60)],
        "state": [("ok", "over_100", "no_enrolment")[i % 3] for i in range(60)],
    }
)
SHAPES = shapely.box(np.arange(60), 0, np.arange(60) + 0.5, 1)


def a_number(draw: random.Random, depth: int = 0) -> str:
    kind = draw.randrange(5 if depth < 2 else 4)
    if kind < 2:
        return draw.choice(["enrolled", "eligible", "rate", "id"])
    if kind < 4:
        return str(draw.choice([0, 1, 7, 20, 0.5, -3]))
    left, right = a_number(draw, depth + 1), a_number(draw, depth + 1)
    return f"({left} {draw.choice('+-*')} {right})"


def a_condition(draw: random.Random, depth: int = 0) -> str:
    kind = draw.randrange(9 if depth < 3 else 6)
    no = draw.choice(["", "NOT "])
    number = draw.choice(["enrolled", "eligible", "rate"])
    if kind == 0:
        return f"{a_number(draw)} {draw.choice(['=', '<>', '<', '<=', '>', '>='])} {a_number(draw)}"
    if kind == 1:
        return f"{number} IS {no}NULL"
    if kind == 2:
        low = draw.randrange(20)
        return f"{number} {no}BETWEEN {low} AND {low + draw.randrange(20)}"
    if kind == 3:
        listed = ", ".join(str(draw.randrange(50)) for _ in range(3))
        return f"{number} {no}IN ({listed})"
    if kind == 4:
        return f"name {no}LIKE '{draw.choice(['Lemo%', '%1', 'L_mo 2', 'liju%', '%'])}'"
    if kind == 5:
        return f"state {draw.choice(['=', '<>', '<', '>='])} '{draw.choice(['ok', 'over_100'])}'"
    if kind == 6:
        return f"NOT ({a_condition(draw, depth + 1)})"
    joined = draw.choice([" AND ", " OR "])
    return "(" + joined.join(a_condition(draw, depth + 1) for _ in range(2)) + ")"


def test_generated_filters_find_the_rows_that_duckdb_finds() -> None:
    draw = random.Random(20261130)
    places = TABLE.assign(rate=TABLE["rate"].astype("Float64").mask(TABLE["rate"].isna()))
    with duckdb.connect() as database:
        database.register("places", places)
        for _ in range(FILTERS):
            text = a_condition(draw)
            expected = database.execute(f"SELECT id FROM places WHERE {text}").fetchall()
            found = np.flatnonzero(match_rows(read_filter(text, "cql2-text"), TABLE, SHAPES))
            assert sorted(row[0] for row in expected) == found.tolist(), text


def test_what_is_unknown_is_no_match_and_neither_is_its_opposite() -> None:
    unknown = set(np.flatnonzero(TABLE["enrolled"].isna()))
    for text in ("enrolled > 5", "NOT enrolled > 5", "enrolled = enrolled"):
        found = np.flatnonzero(match_rows(read_filter(text, "cql2-text"), TABLE, SHAPES))
        assert not unknown & set(found)
    text = "enrolled > 5 OR name LIKE '%'"
    assert match_rows(read_filter(text, "cql2-text"), TABLE, SHAPES).all()


def test_json_and_text_mean_the_same() -> None:
    text = '{"op": "<", "args": [{"property": "rate"}, 0.5]}'
    one = match_rows(read_filter(text, "cql2-json"), TABLE, SHAPES)
    other = match_rows(read_filter("rate < 0.5", "cql2-text"), TABLE, SHAPES)
    assert one.tolist() == other.tolist() and one.any()


def test_places_are_found_by_what_they_touch() -> None:
    tree = read_filter("S_INTERSECTS(geometry, BBOX(10.2, 0, 12.1, 1))", "cql2-text")
    assert np.flatnonzero(match_rows(tree, TABLE, SHAPES)).tolist() == [10, 11, 12]


def test_letters_of_another_case_are_found_where_asked_for() -> None:
    tree = read_filter("CASEI(name) = CASEI('LEMO 1')", "cql2-text")
    assert match_rows(tree, TABLE, SHAPES).sum() > 0


@pytest.mark.parametrize(
    "text",
    [
        *("", "rate >", "nothing = 1", "name > 1", "foo(rate) = 1", "rate", "name LIKE rate"),
        *("S_INTERSECTS(geometry, 3)", "name + 1 > 2", "NOT " * 40 + "rate > 1"),
        "(" * 5_000 + "rate > 1" + ")" * 5_000,
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(RequestProblem):
        match_rows(read_filter(text, "cql2-text"), TABLE, SHAPES)


def test_a_pattern_of_many_wildcards_does_not_hold_the_process() -> None:
    tree = read_filter("name LIKE '" + "%_" * 12 + "x%%%%%%%%%%%%%'", "cql2-text")
    assert not match_rows(tree, TABLE, SHAPES).any()
