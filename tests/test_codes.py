"""What a text may be as a code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.codes import ancestor_code, code_level, dotted_code, parent_code, read_code


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
    assert read_code(text) == readings


@pytest.mark.parametrize("text", ["", "62.1", "62.5.1.2005", "6205012005.0", "62050120", "ID62.05"])
def test_damaged_codes_are_not_repaired(text: str) -> None:
    assert read_code(text) == []


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    for _, code in read_code(text):
        assert code.replace(".", "").isdigit()


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
def test_levels(code: str, level: str | None) -> None:
    assert code_level(code) == level


def test_parents_and_ancestors() -> None:
    assert parent_code("62.05.01.2005") == "62.05.01"
    assert parent_code("62") == ""
    assert ancestor_code("62.05.01.2005", "regency") == "62.05"
    assert ancestor_code("62.05", "village") == "62.05"


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_dots_come_and_go(digits: str) -> None:
    for scheme in ("kemendagri", "bps"):
        code = dotted_code(digits, scheme)
        assert code.replace(".", "") == digits
        assert code_level(code) == "village"
