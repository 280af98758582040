"""The printed table of places: rank, look, people not covered, coverage, gap to target, cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ..core.i18n import Language
from ..core.labels import LEVEL_LABELS, STATE_LABELS
from ..measures.order import order_places
from ..measures.view import Totals
from .looks import Looks

_MILLION: Final = 1_000_000
# Rows that a page has room for at the size of 8 points, and the smallest size.
_ROOMY: Final = 18


def build_table(
    places: pd.DataFrame,
    totals: Totals,
    looks: Looks,
    language: Language,
    *,
    order: str,
    level: str = "village",
    anchors: Mapping[str, str] = {},
) -> dict[str, Any]:
    """Build the table that a template sets.

    Parameters
    ----------
    places : pandas.DataFrame
        Rows, with the columns of `geo.measures.view.View.shown`.
    totals : Totals
        Of the last line.
    looks : Looks
        Gives the colour before each name.
    language : Language
        Of all words.
    order : str
        See `geo.measures.order.order_places`.
    level : str
        Of the rows.
    anchors : mapping of str to str
        What a row leads to, by code.
    """
    ordered = places.iloc[order_places(places, order)]
    largest = max(float(ordered["coverage_gap"].max()), 1.0) if len(ordered) else 1.0
    return {
        "heads": list_heads(level, language),
        "rows": [
            _build_row(number, str(code), row, looks, language, largest, anchors)
            for number, (code, row) in enumerate(ordered.iterrows(), 1)
        ],
        "total": [
            "",
            language("total"),
            language.count(totals.coverage_gap),
            "",
            language.rate(totals.coverage_rate),
            language.count(totals.gap_to_target),
            say_millions(totals.cost_target_year, language),
        ],
        "size": 8.0 if len(ordered) <= _ROOMY else 7.3,
        "inset": 0.85 if len(ordered) <= _ROOMY else 0.6,
    }


def number_places(places: pd.DataFrame, order: str) -> dict[str, str]:
    """Give places their numbers in the table, by code."""
    ordered = places.index[order_places(places, order)]
    return {str(code): str(number) for number, code in enumerate(ordered, 1)}


def list_heads(level: str, language: Language) -> list[str]:
    """Headings of the table; the bars stand under that of the people."""
    return [
        language("no."),
        language(LEVEL_LABELS[level]),
        language("not covered"),
        language("coverage"),
        language("gap to target"),
        language("a year to target (Rp million)"),
    ]


def say_millions(rupiah: float, language: Language) -> str:
    """Write an amount in millions of rupiah."""
    return language.number(rupiah / _MILLION, 1)


def _build_row(
    number: int,
    code: str,
    row: pd.Series,
    looks: Looks,
    language: Language,
    largest: float,
    anchors: Mapping[str, str],
) -> dict[str, Any]:
    rule = looks.rules.get(looks.keys.get(code, ""))
    gap = row["coverage_gap"]
    return {
        "rank": str(number),
        "name": row["name"],
        "colour": rule.colour if rule else "",
        "state": "" if row["state"] == "ok" else language(STATE_LABELS[row["state"]]),
        "people": language.count(gap),
        "share": round(float(gap) / largest, 4) if gap > 0 else 0,
        "rate": language.rate(row["coverage_rate"]),
        "short": language.count(row["gap_to_target"]),
        "cost": say_millions(row["cost_target_year"], language),
        "anchor": anchors.get(code, ""),
    }
