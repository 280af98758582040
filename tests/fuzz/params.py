"""Random parameters of a link and random settings, as inputs like those of the file readers."""

from __future__ import annotations

import json
import random
import string
from dataclasses import fields

from geo.core.codes import level_of
from geo.core.segments import PROGRAMMES, SEGMENTS
from geo.enrolment.reference_tables import CONTRIBUTION_BASES
from geo.measures.order import ORDERS
from geo.measures.query import MEASURES, PALETTES, SCHEMES, STATES, Query
from geo.sample.records import PERIODS
from geo.workspace.settings import Settings

from . import tokens

_FIELDS = {"segments": "segment", "programmes": "programme"} | {
    "subdistricts": "subdistrict",
    "states": "state",
}
_NAMES = [_FIELDS.get(field.name, field.name) for field in fields(Query)]
_PLACES = ("", "62", "62.05", "62.05.01", "62.05.02", "62.05.07", "62.05.01.1001", "62.05.07.2001")
_NUMBERS = (
    *("0", "1", "50", "80", "95", "100", "150", "0.5", "99.9999999", "33.333333", "1e2", "1_0"),
    *("nan", "inf", "-0", "+5", " 7 ", "٣", "²", "１", "0x1", "1e400", "-1", "999999999", "9" * 12),
    *("12,5", "1.", ".5", "", "0" * 5000 + "1", "1e-7", "99.99995", "0.00004"),
)
_FITTING = {
    "place": _PLACES,
    "selected": _PLACES,
    "period": ("", *PERIODS),
    "segment": tuple(SEGMENTS),
    "programme": tuple(PROGRAMMES),
    "subdistrict": tuple(code for code in _PLACES if level_of(code) == "subdistrict"),
    "state": STATES,
    "contribution": tuple(CONTRIBUTION_BASES),
    "measure": MEASURES,
    "scheme": SCHEMES,
    "palette": PALETTES,
    **dict.fromkeys(("villages", "circles", "tiles", "chosen"), ("0", "1")),
    "compare": PERIODS,
    "order": (*ORDERS, *(f"-{order}" for order in ORDERS)),
    "basket": ("62.05.01.1001", "62.05.07.2001-2002", "62.05.07.2001-2999", "62.05.07"),
    "price": ("999", "1000", "16800", "1000000"),
}
_SETTINGS = tuple(Settings.model_fields)
_SIZES = ("2GB", "1500MB", "512 MiB", "0GB", "GB", "1KB", "-1GB", "9" * 30 + "GB", "1GB\n", "１GB")
_TOML = (
    *(
        '"x"',
        "1",
        "0.8",
        "true",
        "nan",
        "-inf",
        "1979-05-27",
        "[]",
        "{}",
        "[1, 2]",
        '"""x"""',
        "''",
    ),
    *("0x10", "1_0", "9" * 40, '"\\ud800"', '"\\u0000"', "'" + "x" * 3000 + "'", '"2GB"', "", "="),
)

_FITTING_SETTINGS = {
    "target": ("0.8", "1", "0.01"),
    "language": ("id", "en"),
    **dict.fromkeys(("memory", "reader_memory"), ("2GB", "1500MB", "512 MiB")),
    **dict.fromkeys(("readers", "reader_seconds"), ("1", "64")),
}
_FITTING_SHARE = 0.6


def make_params(rng: random.Random) -> bytes:
    """Parameters of a link: many that fit, some that do not."""
    names = rng.sample(_NAMES, rng.choice((0, 1, 2, 3, 5, 8, 18)))
    if rng.random() < 0.05:
        names.append(_make_text(rng))
    return json.dumps({name: _make_values(rng, name) for name in names}).encode()


def _make_values(rng: random.Random, name: str) -> list[str]:
    values = []
    for _ in range(rng.choice((0, 1, 1, 1, 1, 1, 2, 3))):
        fitting = _FITTING.get(name, _NUMBERS)
        if rng.random() < 0.75:
            values.append(rng.choice(fitting))
        elif rng.random() < 0.5:
            values.append(repr(rng.choice((rng.uniform(-5, 120), rng.randint(-9, 10**10)))))
        else:
            values.append(_make_text(rng))
    return values


def _make_text(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice((*tokens.VALUES, *_NUMBERS, *_PLACES))
    alphabet = string.printable + "٣é\N{ZERO WIDTH SPACE}{}\0\ud7ff\N{PILE OF POO}"
    return "".join(rng.choices(alphabet, k=rng.choice((1, 2, 5, 12, 70))))


def make_settings(rng: random.Random) -> bytes:
    """Variables of the environment, and a settings file, of which each character is a byte."""
    lines = [_make_line(rng) for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 6)))]
    variables = {
        f"JANGKAU_{name.upper()}": _make_variable(rng, name)
        for name in rng.sample(_SETTINGS, rng.choice((0, 1, 1, 2, 4)))
    }
    if rng.random() < 0.1:
        variables["JANGKAU_COLOUR"] = "red"
    return json.dumps({"environment": variables, "file": "\n".join(lines)}).encode()


def _make_variable(rng: random.Random, name: str) -> str:
    if rng.random() < _FITTING_SHARE:
        return rng.choice(_FITTING_SETTINGS.get(name, ("folder/file",)))
    text = rng.choice((*_NUMBERS, *_SIZES, "id", "en", _make_text(rng), _make_text(rng)))
    # The system takes no NUL in a variable.
    return text.replace("\0", "")


def _make_line(rng: random.Random) -> str:
    name = rng.choice(_SETTINGS)
    if rng.random() < _FITTING_SHARE:
        value = rng.choice(_FITTING_SETTINGS.get(name, ("folder/file",)))
        return f"{name} = {value if value[0].isdigit() and value[-1].isdigit() else repr(value)}"
    name = rng.choice((name, name, "colour", "a.b", '"x y"', "[table]", "[[list]]", "#"))
    value = rng.choice((*_TOML, *_NUMBERS, *(f'"{size}"' for size in _SIZES)))
    line = f"{name} = {value}" if rng.random() < 0.9 else _make_text(rng)
    return line.encode("utf-8", "surrogatepass").decode("latin-1")
