"""The ranked table of a view: pages of rows in the reader's words.

Sorting and searching happen here, over all villages that pass, whichever of them are sent.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core import codes
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import ORDER_LABELS, STATE_LABELS, scope_words
from ..measures.dataset import Dataset
from ..measures.order import DEFAULT_ORDER, ORDERS, order_places, read_order, split_order
from ..measures.query import CHANGES, MOST_BASKET
from ..measures.view import View
from .findings import listed_sentence

PAGE_ROWS: Final = 150
_LONGEST: Final = 80
_HEADINGS: Final = {
    "name": mark("village"),
    "coverage_gap": mark("not covered"),
    "cumulative": mark("cumulative share"),
    "coverage_rate": mark("coverage"),
    "change_rate": mark("change, points"),
    "enrolled": mark("enrolled"),
    "change_enrolled": mark("change, people"),
    "eligible": mark("eligible"),
    "gap_to_target": mark("gap to target"),
    "cost_target_year": mark("a year to target (Rp million)"),
    "cost_year": mark("a year to close the gap (Rp million)"),
}
_MILLION: Final = 1_000_000
# What the table is called in an order: the lowest first, and the highest first.
_TITLES: Final = {
    "name": (mark("Villages by name, A to Z"), mark("Villages by name, Z to A")),
    "coverage_gap": (
        mark("Villages, the smallest gap first"),
        mark("Villages, the largest gap first"),
    ),
    "priority": (
        mark("Villages, high coverage and few people first"),
        mark("Villages, low coverage and many people first"),
    ),
    "coverage_rate": (
        mark("Villages, the lowest coverage first"),
        mark("Villages, the highest coverage first"),
    ),
    "enrolled": (
        mark("Villages, the fewest enrolled first"),
        mark("Villages, the most enrolled first"),
    ),
    "eligible": (
        mark("Villages, the fewest eligible workers first"),
        mark("Villages, the most eligible workers first"),
    ),
    "gap_to_target": (
        mark("Villages, the smallest gap to target first"),
        mark("Villages, the largest gap to target first"),
    ),
    "cost_target_year": (
        mark("Villages, the lowest cost to target first"),
        mark("Villages, the highest cost to target first"),
    ),
    "cost_year": (
        mark("Villages, the lowest cost first"),
        mark("Villages, the highest cost first"),
    ),
    "change_rate": (
        mark("Villages, the largest loss of coverage first"),
        mark("Villages, the largest gain of coverage first"),
    ),
    "change_enrolled": (
        mark("Villages, the largest loss of enrolled first"),
        mark("Villages, the largest gain of enrolled first"),
    ),
}
# Before a number of eligible workers that is estimated, wholly or partly; beside its digits.
_ESTIMATE: Final = dict.fromkeys(("estimated", "mixed"), "≈\N{NO-BREAK SPACE}")
_ESTIMATE_NOTE: Final = mark("≈: eligible workers estimated, wholly or partly.")
_RULE: Final = mark("Order: people not covered x share not covered.")


@dataclass(frozen=True)
class Page:
    """Which of the found villages a table shows.

    Attributes
    ----------
    order : str
        See `geo.measures.order.order_places`.
    text : str
        Part of a name, or the beginning of a code; empty for all.
    start : int or None
        First row; None for the page that the village singled out is on.
    selected : str
        Code of the village singled out; empty for none.
    """

    order: str = DEFAULT_ORDER
    text: str = ""
    start: int | None = None
    selected: str = ""


def read_page(parameters: Mapping[str, str]) -> Page:
    """Read the page that an address asks for; senseless values get their default."""
    start = parameters.get("start", "")
    return Page(
        read_order(parameters.get("order", "")),
        parameters.get("text", "").strip()[:_LONGEST],
        int(start) if re.fullmatch("[0-9]{1,9}", start) else None,
        parameters.get("selected", "")[:_LONGEST],
    )


def build_ranking(
    data: Dataset, view: View, language: Language, page: Page = Page()
) -> dict[str, Any]:
    """Everything the table component shows.

    Returns
    -------
    dict
        ``title``, ``note`` (how many pass, and the rule of the order where it has one),
        ``scope`` (whose gap the cumulative share is of, where not of all), ``order``,
        ``columns`` (key, label, the order that a click on it asks for; none where it cannot
        be sorted by), ``rows`` (code, rank, place above, state, texts, bar as a fraction),
        ``page`` (what of them is shown), ``many`` (whether there are several pages),
        ``orders`` (key and words of the rankings to choose from), ``most`` (how many villages
        can be chosen), ``words`` (of the controls).
    """
    villages = view.found
    ordered, places = _order(villages, page)
    start = _start(villages.index, ordered[places], page)
    ranks = places[start : start + PAGE_ROWS]
    gaps = villages["coverage_gap"].fillna(0).to_numpy()
    shares = gaps[ordered].cumsum() / (gaps.sum() or 1)
    listed = villages.iloc[ordered[ranks]].assign(cumulative=shares[ranks], rank=ranks + 1)
    # Of villages whose gap is unknown there is no largest.
    largest = max(float(gaps.max(initial=0)), 1)
    columns = [key for key in _HEADINGS if key not in CHANGES or view.compared]
    rule = [language(_RULE)] if split_order(page.order)[0] == "priority" else []
    estimate = [language(_ESTIMATE_NOTE)] if listed["origin"].isin(_ESTIMATE).any() else []
    return {
        "title": _title(view, page, language),
        "note": " ".join((_note(start, len(ranks), len(places), language), *rule, *estimate)),
        "scope": listed_sentence(view, language),
        "order": page.order,
        "columns": [_column(key, page, language) for key in columns],
        "rows": [_row(row, data, language, largest, columns) for row in listed.itertuples()],
        "page": {"start": start, "size": PAGE_ROWS, "count": len(places)},
        "many": len(villages) > PAGE_ROWS,
        "orders": [(key, language(label).capitalize()) for key, label in ORDER_LABELS.items()],
        "most": MOST_BASKET,
        "words": _words(language),
    }


def _words(language: Language) -> dict[str, str]:
    """Return the words of the table's controls."""
    return {
        "order": language("Order"),
        "first": language("Choose the first"),
        "take": language("Choose"),
        "range": language(
            "Expected is a whole number from 1 to {most}.", most=language.count(MOST_BASKET)
        ),
        "tick": language("choose {village}"),
        "basket": language("Chosen villages"),
        "alone": language("Show these alone"),
        "all": language("Show all"),
        "empty": language("Choose none"),
        "copy": language("Copy link"),
        "copied": language("Link copied"),
        "more": language("Show {n} more villages"),
        "search": language("Search in the table"),
        "previous": language("previous"),
        "next": language("next"),
    }


def _title(view: View, page: Page, language: Language) -> str:
    column, descending = split_order(page.order)
    scope = [scope_words(view.scope, language)] if view.scope else []
    return " · ".join((language(_TITLES[column][descending]), *scope))


def _column(key: str, page: Page, language: Language) -> dict[str, Any]:
    """Describe a column's heading; a click on that of the present order turns the order round."""
    column = {"key": key, "label": language(_HEADINGS[key])}
    if key not in ORDERS:
        return column
    reverse = f"-{key}" if page.order == key else key
    label = language("sort by {column}", column=column["label"])
    return column | {"order": reverse, "hint": label, "ascending": not split_order(page.order)[1]}


def pack_ranking(table: dict[str, Any]) -> bytes:
    """Pack a table for the browser: JSON, compressed."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _order(
    villages: pd.DataFrame, page: Page
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Put all villages in their order as positions, and which of these are listed.

    A text chooses villages; it changes neither rank nor cumulative share.
    """
    ordered = order_places(villages, page.order)
    if not page.text:
        return ordered, np.arange(len(ordered))
    named = villages["name"].str.contains(page.text, case=False, regex=False)
    listed = (named | villages.index.str.startswith(page.text)).to_numpy("bool")[ordered]
    return ordered, np.flatnonzero(listed)


def _start(index: pd.Index, order: npt.NDArray[np.int64], page: Page) -> int:
    """First row of the page asked for, or of the one with the village singled out."""
    row = page.start or 0
    if page.start is None and page.selected in index:
        (positions,) = np.nonzero(order == index.get_loc(page.selected))
        row = int(positions[0]) if len(positions) else 0
    last = max(len(order) - 1, 0)
    return min(row, last) // PAGE_ROWS * PAGE_ROWS


def _note(start: int, rows_shown: int, count: int, language: Language) -> str:
    if rows_shown < count:
        return language(
            "{first}–{last} of {count} villages",
            first=language.count(start + 1),
            last=language.count(start + rows_shown),
            count=language.count(count),
        )
    return language.plural(
        "{n} village passes the filters.", "{n} villages pass the filters.", count
    )


def _row(
    row: Any, data: Dataset, language: Language, largest: float, columns: list[str]
) -> dict[str, Any]:
    known = not math.isnan(row.coverage_gap)
    texts = {
        "name": row.name,
        "coverage_gap": language.count(row.coverage_gap),
        "cumulative": language.rate(row.cumulative, 0) if row.coverage_gap > 0 else "–",
        "coverage_rate": language.rate(row.coverage_rate),
        "change_rate": language.change(row.change_rate),
        "enrolled": language.count(row.enrolled),
        "change_enrolled": language.signed(row.change_enrolled),
        "eligible": _ESTIMATE.get(row.origin, "") + language.count(row.eligible),
        "gap_to_target": language.count(row.gap_to_target),
        "cost_target_year": language.number(row.cost_target_year / _MILLION, 1),
        "cost_year": language.number(row.cost_year / _MILLION, 1),
    }
    return {
        "code": row.Index,
        "rank": row.rank,
        "above": data.names.get(codes.parent(row.Index), ""),
        "state": "" if row.state == "ok" else language(STATE_LABELS[row.state]),
        "bar": round(float(row.coverage_gap) / largest, 4) if known else 0,
        "texts": [texts[name] for name in columns],
    }
