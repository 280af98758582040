"""Matching: by code, then by exact name within the subdistrict, never by guess."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import VILLAGES, a_gazetteer

from geo.match import match_places

PLACES = ["code", "village", "subdistrict"]


def match(code: str = "", village: str = "", subdistrict: str = "") -> tuple[str, str, str]:
    places = pd.DataFrame([[code, village, subdistrict]], columns=PLACES, dtype="str")
    return tuple(match_places(places, a_gazetteer()).iloc[0])


@pytest.mark.parametrize("code", ["62.05.01.2002", "6205012002", " 62.05.01.2002 "])
def test_a_code_matches_dotted_or_not(code: str) -> None:
    assert match(code) == ("62.05.01.2002", "matched", "code")


def test_a_code_wins_over_a_name() -> None:
    assert match("62.05.01.2002", "Liju", "Gunung Timang")[0] == "62.05.01.2002"


@pytest.mark.parametrize("village", ["Lemo II", "LEMO  II", "Desa Lemo II", "ds. lemo ii"])
@pytest.mark.parametrize("subdistrict", ["Montallat", "Kec. MONTALLAT", "kecamatan montallat"])
def test_a_name_matches_within_its_subdistrict(village: str, subdistrict: str) -> None:
    assert match("", village, subdistrict) == ("62.05.01.2002", "matched", "name")


def test_the_same_name_in_two_subdistricts_is_told_apart() -> None:
    assert match("", "Hajak", "Montallat")[0] == "62.05.01.2003"
    assert match("", "Hajak", "Gunung Timang")[0] == "62.05.02.3003"


def test_an_unknown_code_falls_back_to_the_name() -> None:
    assert match("62.05.01.2999", "Lemo I", "Montallat") == ("62.05.01.1001", "matched", "name")


def test_an_unknown_village_stays_at_its_subdistrict() -> None:
    assert match("", "Sangkurang", "Montallat") == ("62.05.01", "unmatched", "")


def test_a_village_of_another_subdistrict_is_not_taken() -> None:
    assert match("", "Liju", "Montallat") == ("62.05.01", "unmatched", "")


def test_a_village_without_a_subdistrict_is_unmatched() -> None:
    assert match("", "Liju") == ("", "unmatched", "")


def test_nothing_known_is_unmatched() -> None:
    assert match() == ("", "unmatched", "")


@pytest.mark.parametrize("near", ["Lemo", "Lemo III", "Lemo l", "Sei Liju"])
def test_near_names_are_not_guessed(near: str) -> None:
    assert match("", near, "Montallat")[1] == "unmatched"


def test_a_name_borne_twice_in_the_subdistrict_is_ambiguous() -> None:
    gazetteer = a_gazetteer({**VILLAGES, "62.05.01.2009": "HAJAK"})
    places = pd.DataFrame([["", "Hajak", "Montallat"]], columns=PLACES)
    assert match_places(places, gazetteer).iloc[0].tolist() == ["62.05.01", "ambiguous", ""]


@pytest.mark.parametrize("village", ["", "-", "  "])
def test_an_empty_name_is_not_the_village_without_a_name(village: str) -> None:
    gazetteer = a_gazetteer({**VILLAGES, "62.05.01.2009": ""})
    places = pd.DataFrame([["", village, "Montallat"]], columns=PLACES)
    assert match_places(places, gazetteer)["outcome"].tolist() == ["unmatched"]


def test_index_and_order_are_kept() -> None:
    places = pd.DataFrame({"code": ["62.05.02.2001", "", "62.05.02.2001"]}, index=[7, 3, 5])
    found = match_places(places.reindex(columns=PLACES, fill_value=""), a_gazetteer())
    assert found["code"].to_dict() == {7: "62.05.02.2001", 3: "", 5: "62.05.02.2001"}
