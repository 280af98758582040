"""Finding a place: by code, by name in any spelling, with the places above it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from starlette.requests import Request

from components.search import answer_search
from geo.gazetteer.places import read_place_names
from geo.gazetteer.search import MOST_HITS, SearchIndex, build_search, list_inside, search_places
from geo.measures.dataset import Dataset


@pytest.fixture(scope="module")
def country() -> SearchIndex:
    """All 91,599 places of the official list."""
    return build_search(read_place_names())


def first(index: SearchIndex, text: str) -> str:
    hits = search_places(index, text)
    return hits[0].code if hits else ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("62.05.07.2005", "62.05.07.2005"),
        ("6205072005", "62.05.07.2005"),
        ("62.05", "62.05"),
        ("6205", "62.05"),
        ("Barito Utara", "62.05"),
        ("kab. barito utara", "62.05"),
        ("KABUPATEN  BARITO UTARA", "62.05"),
        ("baritoutara", "62.05"),
        ("brito utara", "62.05"),
        ("kota bogor", "32.71"),
        ("Kab. Bogor", "32.01"),
        ("kec. lahei", "62.05.06"),
        ("Lemo 2", "62.05.05.2011"),
        ("desa lemo II", "62.05.05.2011"),
        ("hajak, teweh baru", "62.05.07.2005"),
        ("hajak teweh baru", "62.05.07.2005"),
        ("hajk barito utara", "62.05.07.2005"),
        ("hajak teweh baru barito utara", "62.05.07.2005"),
    ],
)
def test_a_place_is_found_first(country: SearchIndex, text: str, code: str) -> None:
    assert first(country, text) == code


@pytest.mark.parametrize(
    ("place", "level", "count"),
    [
        ("", "province", 38),
        ("62", "regency", 14),
        ("62.05", "subdistrict", 9),
        ("62.05.05", "village", 10),
        ("62.05.05.2011", "village", 0),
    ],
)
def test_an_area_lists_what_is_in_it(
    country: SearchIndex, place: str, level: str, count: int
) -> None:
    hits = list_inside(country, place)
    assert [hit.level for hit in hits] == [level] * count
    assert all(hit.code.startswith(place) for hit in hits)


def test_a_beginning_is_enough_and_higher_levels_come_first(country: SearchIndex) -> None:
    hits = search_places(country, "barito")
    assert [hit.level for hit in hits[:5]] == ["regency"] * 4 + [hits[4].level]
    assert all(hit.name.startswith("Kabupaten Barito") for hit in hits[:4])


def test_the_same_name_is_better_than_its_beginning_and_that_than_a_likeness(
    country: SearchIndex,
) -> None:
    hits = search_places(country, "lemo", limit=50)
    kinds = [hit.name == "Lemo" for hit in hits]
    assert kinds == sorted(kinds, reverse=True)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_says_where_it_lies(country: SearchIndex) -> None:
    (hit,) = search_places(country, "62.05.07.2005")
    assert (hit.name, hit.level) == ("Hajak", "village")
    assert hit.above == "Teweh Baru, Kabupaten Barito Utara, Kalimantan Tengah"


@pytest.mark.parametrize("text", ["", "  ", ",", "()", "!!!", "qqqqxyzzy", "99.99", "x" * 5_000])
def test_nonsense_finds_nothing_and_breaks_nothing(country: SearchIndex, text: str) -> None:
    assert search_places(country, text) == []


def test_old_names_find_their_villages(country: SearchIndex, shared: Path) -> None:
    """Names of 2016 that are written otherwise today: every tenth of 1,520."""
    table = pd.read_csv(
        shared / "names" / "village_names_2016.csv", dtype="str", keep_default_na=False
    )
    renamed = table[table["desa"] != table["desa_2025"]][::10]
    alone = within = 0
    for row in renamed.itertuples():
        alone += row.kode in {hit.code for hit in search_places(country, row.desa)}
        text = f"{row.desa}, {row.kabupaten}"
        within += row.kode in {hit.code for hit in search_places(country, text)}
    assert alone / len(renamed) > 0.80
    assert within / len(renamed) > 0.96


def test_only_places_of_the_data_are_found(sample: Dataset) -> None:
    assert search_places(sample.search, "Bogor") == []
    assert first(sample.search, "Hajak") == "62.05.07.2005"


def ask(**params: str) -> tuple[int, dict[str, Any], int]:
    """Status, answer and bytes of the route."""
    scope = {"type": "http", "query_string": urlencode(params).encode(), "headers": []}
    answer = answer_search(Request(scope))
    return answer.status_code, json.loads(bytes(answer.body)), len(answer.body)


@pytest.mark.usefixtures("sample")  # its shapes are prepared
def test_the_route_answers_in_the_language_asked_and_in_few_bytes() -> None:
    status, answer, size = ask(q="lemo", lang="en")
    assert (status, answer["hits"][0]["level"]) == (200, "village")
    assert len(answer["hits"]) <= MOST_HITS
    assert size < 2_000
    assert ask(q="lemo", lang="xx")[1]["hits"][0]["level"] == "desa"
    assert len(ask(within="62.05")[1]["hits"]) == 9
    assert ask(within="nowhere")[1] == {"hits": []}


def test_before_the_shapes_are_prepared_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGKAU_CACHE", str(tmp_path / "cache"))
    scope = {"type": "http", "query_string": b"q=lemo", "headers": []}
    assert answer_search(Request(scope)).status_code == 404
    assert not (tmp_path / "cache").exists()


@pytest.mark.usefixtures("sample")
def test_a_wrong_setting_is_answered_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGKAU_ENROLMENT", "no/such/file.csv")
    status, answer, _ = ask(q="lemo", lang="en")
    assert status == 503
    assert "no/such/file.csv" in answer["error"]
