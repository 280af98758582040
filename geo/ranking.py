"""The ranked table of a view: rows in the reader's words, beside the values they sort by."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from . import codes
from .dataset import Dataset
from .errors import mark
from .i18n import Language
from .legend import STATE_LABELS
from .view import View

MOST_ROWS: Final = 500
_HEADINGS: Final = {
    "name": mark("village"),
    "coverage_gap": mark("not covered"),
    "cumulative": mark("cumulative share"),
    "coverage_rate": mark("coverage"),
    "enrolled": mark("enrolled"),
    "eligible": mark("eligible"),
    "gap_to_target": mark("gap to target"),
    "cost_year": mark("cost a year"),
}


def build_ranking(data: Dataset, view: View, language: Language) -> dict[str, Any]:
    """Everything the table component shows.

    Returns
    -------
    dict
        ``language``, ``title``, ``note``, ``sort`` (text), ``columns`` (key and label),
        ``rows`` (code, name, place above, state, sorting values, texts, bar
        as a fraction), ``selected``.
    """
    found = view.found
    listed = found.head(MOST_ROWS).assign(
        cumulative=(found["coverage_gap"].fillna(0).cumsum() / (found["coverage_gap"].sum() or 1))
    )
    # Of villages whose gap is unknown there is no largest.
    largest = max(found["coverage_gap"].fillna(0).max(), 1)
    return {
        "language": language.code,
        "title": language("Villages, the largest gap first"),
        "note": _note(len(found), language),
        "sort": language("sort by {column}"),
        "columns": [{"key": k, "label": language(label)} for k, label in _HEADINGS.items()],
        "rows": [_row(row, data, language, largest) for row in listed.itertuples()],
        "selected": view.query.selected,
    }


def _note(count: int, language: Language) -> str:
    if count > MOST_ROWS:
        return language(
            "The first {shown} of {count} villages are listed; the files hold all of them.",
            shown=language.count(MOST_ROWS),
            count=language.count(count),
        )
    return language.plural(
        "{n} village passes the filters.", "{n} villages pass the filters.", count
    )


def _row(row: Any, data: Dataset, language: Language, largest: float) -> dict[str, Any]:
    values = {name: _sortable(getattr(row, name)) for name in _HEADINGS}
    return {
        "code": row.Index,
        "above": data.names.get(codes.parent(row.Index), ""),
        "state": "" if row.state == "ok" else language(STATE_LABELS[row.state]),
        "bar": (values["coverage_gap"] or 0) / largest,
        "values": values,
        "texts": {
            "name": row.name,
            "coverage_gap": language.count(row.coverage_gap),
            "cumulative": language.rate(row.cumulative, 0) if values["coverage_gap"] else "–",
            "coverage_rate": language.rate(row.coverage_rate),
            "enrolled": language.count(row.enrolled),
            "eligible": language.count(row.eligible),
            "gap_to_target": language.count(row.gap_to_target),
            "cost_year": language.money(row.cost_year),
        },
    }


def _sortable(value: Any) -> Any:
    """Text as it is, numbers rounded, unknown as None (sorted last)."""
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else round(float(value), 6)
