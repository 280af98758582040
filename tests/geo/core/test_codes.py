"""Codes are text, and never mended."""

from __future__ import annotations

import pandas as pd
import pytest
from factories import FIRST
from hypothesis import given
from hypothesis import strategies as st

from geo.core import codes
from geo.measures.dataset import Dataset

SCHEMES: tuple[codes.Scheme, ...] = ("kemendagri", "bps")


@pytest.mark.parametrize(
    ("text", "dotted"),
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
def test_only_village_codes_become_dotted(text: str | None, dotted: str) -> None:
    assert codes.to_dotted(pd.Series([text], dtype="str")).tolist() == [dotted]


def test_dotting_keeps_the_index() -> None:
    texts = pd.Series(["6205012005", "x"], index=[9, 4])
    assert codes.to_dotted(texts).to_dict() == {9: "62.05.01.2005", 4: ""}


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


def test_every_code_of_the_sample_is_sound(sample: Dataset) -> None:
    assert all(map(codes.find_level, sample.names.index))


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("62.05.01.2005", [("kemendagri", "62.05.01.2005")]),
        (" 62.05 ", [("kemendagri", "62.05")]),
        ("6205012005", [("kemendagri", "62.05.01.2005"), ("bps", "6205012005")]),
        ("620501", [("kemendagri", "62.05.01")]),
        ("6205010", [("bps", "6205010")]),
        ("ID6205010006", [("bps", "6205010006")]),
        ("id6205010010", [("bps", "6205010010")]),
    ],
)
def test_codes_are_recognised(text: str, readings: list[tuple[str, str]]) -> None:
    assert codes.read_code(text) == readings


@pytest.mark.parametrize("text", ["", "62.1", "62.5.1.2005", "6205012005.0", "62050120", "ID62.05"])
def test_damaged_codes_are_not_repaired(text: str) -> None:
    assert codes.read_code(text) == []


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    for _, found in codes.read_code(text):
        assert found.replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("62", "province"),
        ("62.05", "regency"),
        ("62.05.01", "subdistrict"),
        ("62.05.01.2005", "village"),
        ("62.05.010.006", "village"),
        ("6205", None),
        ("", None),
    ],
)
def test_levels_of_any_scheme(code: str, level: str | None) -> None:
    assert codes.find_level(code) == level


def test_parents_and_ancestors() -> None:
    assert codes.parent("62.05.01.2005") == "62.05.01"
    assert codes.parent("62") == ""
    assert codes.ancestor("62.05.01.2005", "regency") == "62.05"
    assert codes.ancestor("62.05", "village") == "62.05"


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_dots_come_and_go(digits: str) -> None:
    for scheme in SCHEMES:
        code = codes.write_dots(digits, scheme)
        assert code.replace(".", "") == digits
        assert codes.find_level(code) == "village"
