"""Latitude and longitude in the spellings that forms and phones give them."""

from __future__ import annotations

import math
import re
from typing import Final

_PLAIN: Final = re.compile(r"[-+−]?\d{1,3}(?:[.,]\d+)?°?")
_PARTS: Final = re.compile(
    r"([-+−]?)(\d{1,3})\s*[°dº ]\s*(\d{1,2})\s*['′m ]\s*(\d{1,2}(?:[.,]\d+)?)?\s*"
    r"(?:\"|″|''|s)?\s*(LU|LS|BT|BB|[NSEWUTB])?",
    re.IGNORECASE,
)
_HEMISPHERE: Final = re.compile(r"\s*(LU|LS|BT|BB|[NSEWUT])$", re.IGNORECASE)
_SOUTH_OR_WEST: Final = ("LS", "S", "BB", "W")
_BOTH: Final = re.compile(r"\s*;\s*|\s*,\s+|\s*\|\s*|\s+(?=[-−+]?\d)")
# Within these Indonesia lies; a latitude beyond them that is a longitude of it is swapped.
_SOUTH, _NORTH, _WEST, _EAST = -11.5, 6.5, 94.5, 141.5


def read_degrees(text: str) -> float:
    """Degrees of a text: ``-1.01``, ``-1,01``, ``1°00'36" LS``; NaN where it is none."""
    text = text.strip()
    if match := _PARTS.fullmatch(text):
        sign, degrees, minutes, seconds, side = match.groups()
        value = int(degrees) + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
        negative = sign in ("-", "−") or (side or "").upper() in _SOUTH_OR_WEST
        return -value if negative else value
    side = _HEMISPHERE.search(text)
    bare = text[: side.start()] if side else text
    if not _PLAIN.fullmatch(bare.strip()):
        return math.nan
    value = float(bare.strip().rstrip("°").replace(",", ".").replace("−", "-"))
    return -abs(value) if side and side[1].upper() in _SOUTH_OR_WEST else value


def read_position(text: str) -> tuple[float, float]:
    """Two numbers of one text: ``-1,01; 114,9``, ``-1.01,114.9``; NaN where there are not two."""
    parts = [part for part in _BOTH.split(text.strip("() ")) if part]
    if len(parts) != 2 and text.count(",") == 1 and "." in text:
        parts = text.strip("() ").split(",")
    if len(parts) != 2:
        return math.nan, math.nan
    return read_degrees(parts[0]), read_degrees(parts[1])


def put_right(latitude: float, longitude: float) -> tuple[float, float]:
    """Latitude and longitude in their places, as far as those of Indonesia can be told apart."""
    swapped = _is_longitude(latitude) and _is_latitude(longitude)
    return (longitude, latitude) if swapped else (latitude, longitude)


def _is_latitude(value: float) -> bool:
    return _SOUTH <= value <= _NORTH


def _is_longitude(value: float) -> bool:
    return _WEST <= value <= _EAST


def is_degrees(text: str) -> bool:
    """Whether a text is a number of degrees."""
    return not math.isnan(read_degrees(text)) and abs(read_degrees(text)) <= 180


def is_position(text: str) -> bool:
    """Whether a text holds a latitude and a longitude."""
    return not any(map(math.isnan, read_position(text)))
