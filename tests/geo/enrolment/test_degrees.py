"""Coordinates as forms and phones write them."""

from __future__ import annotations

import math

import pytest

from geo.enrolment.degrees import put_right, read_degrees, read_position


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("-1.01", -1.01), ("-1,01", -1.01), ("114.9°", 114.9), ("1,01 LS", -1.01)),
        *(("1°00'36\" LS", -1.01), ("1° 0' 36,0\" S", -1.01), ("114°54'0\"BT", 114.9)),
        *(("0°30' LU", 0.5), ("", math.nan), ("Hajak", math.nan), ("62.05.01", math.nan)),
    ],
)
def test_degrees(text: str, value: float) -> None:
    assert read_degrees(text) == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(
    "text", ["-1,01; 114,9", "-1.01,114.9", "-1.01, 114.9", "(-1.01, 114.9)", "-1,01 114,9"]
)
def test_two_numbers_of_one_text(text: str) -> None:
    assert read_position(text) == pytest.approx((-1.01, 114.9))


def test_swapped_degrees_are_put_right_where_they_can_be_told_apart() -> None:
    assert put_right(114.9, -1.01) == (-1.01, 114.9)
    assert put_right(-1.01, 114.9) == (-1.01, 114.9)
    assert put_right(1.0, 2.0) == (1.0, 2.0)
