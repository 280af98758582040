"""The ranked table of a view: rows in the reader's words, beside the values they sort by.

Few villages are sent whole and sorted by the reader's browser; of many a page is sent, and
sorting and searching happen here, over all of them.
"""

from __future__ import annotations

import gzip
import json
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
from ..core.labels import STATE_LABELS, scope_words
from ..measures.dataset import Dataset
from ..measures.view import View
from .findings import listed_sentence

PAGE_ROWS: Final = 150
_LONGEST: Final = 80
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
# What the table is called when sorted by a column: the lowest first, and the highest first. The
# cumulative share belongs to one order, the largest gap first; it is shown in no other, and
# nothing is sorted by it.
_TITLES: Final = {
    "name": (mark("Villages by name, A to Z"), mark("Villages by name, Z to A")),
    "coverage_gap": (
        mark("Villages, the smallest gap first"),
        mark("Villages, the largest gap first"),
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
    "cost_year": (
        mark("Villages, the lowest cost first"),
        mark("Villages, the highest cost first"),
    ),
}


@dataclass(frozen=True)
class Page:
    """Which of the found villages a table shows.

    Attributes
    ----------
    sort : str
        Column to sort by.
    descending : bool
        The largest first; unknown values are last either way.
    text : str
        Part of a name, or the beginning of a code; empty for all.
    start : int or None
        First row; None for the page that the village singled out is on.
    selected : str
        Code of the village singled out; empty for none.
    """

    sort: str = "coverage_gap"
    descending: bool = True
    text: str = ""
    start: int | None = None
    selected: str = ""


def read_page(parameters: Mapping[str, str]) -> Page:
    """Read the page that an address asks for; senseless values get their default."""
    sort, start = parameters.get("sort", ""), parameters.get("start", "")
    return Page(
        sort=sort if sort in _TITLES else Page.sort,
        descending=parameters.get("descending") != "0",
        text=parameters.get("text", "").strip()[:_LONGEST],
        start=int(start) if re.fullmatch("[0-9]{1,9}", start) else None,
        selected=parameters.get("selected", "")[:_LONGEST],
    )


def build_ranking(
    data: Dataset, view: View, language: Language, page: Page = Page()
) -> dict[str, Any]:
    """Everything the table component shows.

    Returns
    -------
    dict
        ``note``, ``scope`` (whose gap the cumulative share is of, where not
        of all), ``sort`` (text), ``columns`` (key, label, and titles of the table
        when sorted by it, ascending and descending; none where it cannot be),
        ``rows`` (code, rank among all found, name, place above, state, sorting
        values, texts, bar as a fraction), ``whole`` (whether these are all rows),
        ``page`` (what of them is shown), ``words`` (of the page's controls).
    """
    villages = view.found
    order, ranks = _order(villages, page)
    start = _start(villages.index, order, page)
    page_order = order[start : start + PAGE_ROWS]
    gaps = villages["coverage_gap"].fillna(0).to_numpy()
    page_rows = villages.iloc[page_order].assign(
        cumulative=(gaps.cumsum() / (gaps.sum() or 1))[page_order]
    )
    # Of villages whose gap is unknown there is no largest.
    largest = max(gaps.max(initial=0), 1)
    rows = [_row(row, data, language, largest) for row in page_rows.itertuples()]
    scope = [scope_words(view.scope, language)] if view.scope else []
    return {
        "note": _note(start, len(page_order), len(order), language),
        "scope": listed_sentence(view, language),
        "sort": language("sort by {column}"),
        "columns": [
            {
                "key": key,
                "label": language(label),
                "titles": [" · ".join((language(title), *scope)) for title in _TITLES.get(key, ())],
            }
            for key, label in _HEADINGS.items()
        ],
        "rows": [
            row | {"rank": int(rank)}
            for row, rank in zip(rows, ranks[start : start + PAGE_ROWS], strict=True)
        ],
        "whole": len(villages) <= PAGE_ROWS,
        "page": {"start": start, "size": PAGE_ROWS, "count": len(order)},
        "words": {
            "search": language("Search in the table"),
            "previous": language("previous"),
            "next": language("next"),
        },
    }


def pack_ranking(table: dict[str, Any]) -> bytes:
    """Pack a table for the browser: JSON, compressed."""
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 6, mtime=0)


def _order(
    villages: pd.DataFrame, page: Page
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions of the villages to list, in the order to list them, and their ranks.

    A text chooses villages; it changes neither rank nor cumulative share.
    """
    values = villages["by_name" if page.sort == "name" else page.sort].to_numpy("float64")
    keys = np.where(np.isnan(values), np.inf, -values if page.descending else values)
    ordered = np.argsort(keys, kind="stable")
    ranks = np.arange(1, len(ordered) + 1)
    if not page.text:
        return ordered, ranks
    named = villages["name"].str.contains(page.text, case=False, regex=False)
    is_listed = (named | villages.index.str.startswith(page.text)).to_numpy("bool")[ordered]
    return ordered[is_listed], ranks[is_listed]


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
