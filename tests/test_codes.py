"""Codes are text, and never mended."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import FIRST

from geo import codes
from geo.dataset import Dataset


@pytest.mark.parametrize(
    ("given", "dotted"),
    [
        ("62.05.01.2005", "62.05.01.2005"),
        ("6205012005", "62.05.01.2005"),
        (" 62.05.01.2005 ", "62.05.01.2005"),
        ("62.10.01.2010", "62.10.01.2010"),
        ("", ""),
        ("62.05", ""),
        ("62.05.01", ""),
        ("6205012005.0", ""),
        ("6.205012005E9", ""),
        ("ID6205012005", ""),
        ("62.05.01.20055", ""),
        ("62-05-01-2005", ""),
        (None, ""),
    ],
)
def test_only_village_codes_become_dotted(given: str | None, dotted: str) -> None:
    assert codes.to_dotted(pd.Series([given], dtype="str")).tolist() == [dotted]


def test_dotting_keeps_the_index() -> None:
    given = pd.Series(["6205012005", "x"], index=[9, 4])
    assert codes.to_dotted(given).to_dict() == {9: "62.05.01.2005", 4: ""}


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("", "country", ""),
        ("62", "province", ""),
        ("62.05", "regency", "62"),
        ("62.05.01", "subdistrict", "62.05"),
        (FIRST, "village", "62.05.01"),
    ],
)
def test_level_and_parent_of_a_code(code: str, level: codes.Level, parent: str) -> None:
    assert codes.level_of(code) == level
    assert codes.parent(code) == parent
    assert codes.length_of(level) == len(code)
    assert codes.ancestor(FIRST, level) == code


def test_ancestors_run_from_the_province_to_the_place_itself() -> None:
    assert codes.ancestors("62.05.01") == ["62", "62.05", "62.05.01"]
    assert codes.ancestors("") == []


def test_each_level_leads_to_the_one_below_and_villages_to_themselves() -> None:
    below = [codes.child_level(level) for level in codes.LEVELS]
    assert below == [*codes.LEVELS[1:], "village"]


def test_the_level_of_a_wrong_code_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"62\.5"):
        codes.level_of("62.5")


@pytest.mark.parametrize(
    ("text", "sound"), [("62", True), ("62.05.01.2005", True), ("62.5", False), ("6205", False)]
)
def test_codes_are_recognised(text: str, sound: bool) -> None:
    assert codes.is_code(text) is sound


def test_every_code_of_the_sample_is_sound(sample: Dataset) -> None:
    assert all(map(codes.is_code, sample.names.index))
