"""One name in two orthographies is one place; guard words and neighbours stay apart."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.gazetteer import Gazetteer, match_places

NAMES = {
    "11": "Aceh",
    "11.01": "Kabupaten Contoh",
    "11.01.01": "Jeunieb",
    "11.01.01.2001": "Meunasah Teungoh",
    "11.01.01.2002": "Blang Mee Barat",
    "11.01.01.2003": "Blang Mee Timu",
    "11.01.01.2004": "Paya Bili Sa",
    "11.01.01.2005": "Paya Bili Dua",
    "11.01.01.2006": "Seuneubok Bakhu",
    "11.01.01.2007": "Matang Jeuneu",
    "11.01.01.2008": "Cot Keutapang",
    "11.01.02": "Lain",
    "11.01.02.2001": "Keutapang Cut",
}
GAZETTEER = Gazetteer.from_table(pd.DataFrame({"code": NAMES.keys(), "name": NAMES.values()}))


def match(*villages: str) -> list[str]:
    asked = pd.DataFrame({"village": villages, "subdistrict": "Jeunieb", "regency": "Contoh"})
    found = match_places(asked, GAZETTEER, one_to_one=False)
    return found["code"].where(found["outcome"] == "matched", "").tolist()


@pytest.mark.parametrize(
    ("spelled", "serial"),
    [
        *(("MNS TONGAH", 1), ("Mnsh. Tengoh", 1), ("Teungoh", 1), ("Meuna. Tengah", 1)),
        *(("Blang Me Barat", 2), ("BLANG MEE TIMUR", 3)),
        *(("Paya Bili I", 4), ("Paya Bili Satu", 4), ("Paya Bili II", 5)),
        *(("Snb. Baru", 6), ("Seunebok Mbaru", 6)),
        *(("Matang Jeneu", 7), ("Mtg. Djene", 7)),
    ],
)
def test_two_orthographies_of_one_name(spelled: str, serial: int) -> None:
    assert match(spelled) == [f"11.01.01.200{serial}"]


@pytest.mark.parametrize("spelled", ["Blang Mee", "Blang Mee Utara", "Paya Bili III", "Paya Bili"])
def test_guard_words_are_never_crossed(spelled: str) -> None:
    assert match(spelled) == [""]


def test_letters_that_tell_two_neighbours_apart_are_a_question() -> None:
    names = {**NAMES, "11.01.01.2009": "Matang Jene", "11.01.01.2010": "Matang Jenee"}
    gazetteer = Gazetteer.from_table(pd.DataFrame({"code": names.keys(), "name": names.values()}))
    asked = pd.DataFrame({"village": ["Matang Djeneu"], "subdistrict": "Jeunieb"})
    assert match_places(asked, gazetteer, one_to_one=False)["outcome"].tolist() == ["ambiguous"]


@pytest.mark.parametrize(
    ("spelled", "serial"),
    [("Me Blang Barat", 2), ("Keutapang Cot", 8), ("C0t Keutapang", 8)],
)
def test_words_in_another_order_and_zeros_for_letters(spelled: str, serial: int) -> None:
    assert match(spelled) == [f"11.01.01.200{serial}"]


def test_two_places_of_the_same_words_are_a_question() -> None:
    names = {**NAMES, "11.01.01.2009": "Tiba Mesjid Cot", "11.01.01.2010": "Cot Tiba Mesjid"}
    gazetteer = Gazetteer.from_table(pd.DataFrame({"code": names.keys(), "name": names.values()}))
    asked = pd.DataFrame({"village": ["Mesjid Tiba Cot"], "subdistrict": "Jeunieb"})
    assert match_places(asked, gazetteer, one_to_one=False)["outcome"].tolist() == ["ambiguous"]
