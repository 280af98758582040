"""Publication copies: extracts that may leave the office, with small counts left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from ..core import codes
from ..core.codebook import COLUMNS
from ..core.errors import QueryProblem, mark
from ..core.i18n import Language
from ..measures.classify import classify_values
from ..measures.dataset import Dataset
from ..measures.query import Query
from ..measures.view import build_view
from ..reporting.statement import Fact
from .files import Extract, build_extract
from .suppression import DEFAULT_THRESHOLD, Plan, list_levels, plan_suppression

SUPPRESSED: Final = "suppressed"
# Numbers that are no figures of people.
_PUBLIC: Final = frozenset({"rank", "target", "contribution_month"})
_FIGURES: Final = tuple(
    column.name for column in COLUMNS if column.kind != "text" and column.name not in _PUBLIC
)
# Figures that an area still shows though one of its villages is hidden: sums of all its people, and
# what follows from them alone.
_OF_AREAS: Final = frozenset(
    {
        *("enrolled", "eligible", "eligible_low", "eligible_high", "coverage_rate", "villages"),
        *("gap_share", "cumulative_share", "enrolled_before", "coverage_rate_before"),
        *("change_rate", "change_enrolled", "coverage_gap_before"),
    }
)
# Those that go where a hidden village is above 100 %, too.
_OF_GAPS: Final = ("coverage_gap", "surplus", "cost_month", "cost_year")
# All others, a column added later as well, sum or count villages one by one.
_OF_VILLAGES: Final = tuple(f for f in _FIGURES if f not in {*_OF_AREAS, *_OF_GAPS})
# Sentences that are made of exact figures of all villages.
_TELLING: Final = frozenset({"listed", "balance"})
_NOTE: Final = mark("publication copy: counts of fewer than {threshold} people are left out")


def build_published(
    data: Dataset,
    query: Query,
    level: codes.Level,
    language: Language,
    *,
    threshold: int = DEFAULT_THRESHOLD,
) -> Extract:
    """The extract of a query as it may leave the office.

    What is left out is decided for the whole data of the period, whatever the query narrows: two
    copies of different filters leave out the same places. Range and state filters look at
    published figures alone.

    Parameters
    ----------
    data, query, level, language : Dataset, Query, str, Language
        See `geo.export.files.build_extract`.
    threshold : int
        The least number of people that is published.

    Raises
    ------
    QueryProblem
        If the query asks for some segments or programmes, or compares with another period: sums
        and differences of such copies could not be kept from telling small counts.
    """
    if obstacle := find_obstacle(query):
        raise obstacle
    whole = replace(query.without_filters(), subdistricts=query.subdistricts)
    extract = build_extract(data, whole, level, language)
    plan = make_plan(data, extract.view.query.period, threshold)
    table = hide_figures(extract.table, plan)
    if query.narrows:
        table = table[table["code"].isin(_passing(data, query, whole, plan, level, language))]
    table = table.sort_values("code", ignore_index=True)
    note = language(_NOTE, threshold=threshold)
    table["note"] = [f"{words}; {note}" if words else note for words in table["note"]]
    values = table.set_index("code")[query.measure]
    classes = classify_values(
        values.where(values.notna()).astype("float64"), query.measure, query.scheme, level
    )
    about = [fact for fact in extract.about if fact.key not in _TELLING]
    return Extract(
        table,
        extract.shapes.reindex(table["code"]),
        (*about, Fact("publication", language("publication copy"), note, threshold)),
        replace(extract.view, classes=classes),
    )


def find_obstacle(query: Query) -> QueryProblem | None:
    """Say why a query can have no publication copy; None where it can (see `build_published`)."""
    if query.compare:
        return QueryProblem(
            mark("A publication copy is of one period; take the comparison with another away.")
        )
    if query.segments or query.programmes:
        return QueryProblem(
            mark(
                "A publication copy is of all segments and programmes; "
                "take the filter of segments and programmes away."
            )
        )
    return None


def make_plan(data: Dataset, period: str, threshold: int) -> Plan:
    """What to leave out of a period, over all levels of the data."""
    parts = []
    for level in list_levels(data.top):
        if level == "country":
            totals = build_view(data, Query(period=period)).totals
            parts.append(
                pd.DataFrame({"enrolled": [totals.enrolled], "eligible": [totals.eligible]}, [""])
            )
        else:
            shown = build_view(data, Query(period=period), level=level).shown
            parts.append(shown[["enrolled", "eligible"]])
    return plan_suppression(pd.concat(parts), data.top, threshold)


def hide_figures(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """A table of places without what a plan leaves out, nor what it could be computed from."""
    published = table.copy()
    hidden = published["code"].isin(plan.hidden)
    holding = published["code"].isin(plan.holding)
    closed = published["code"].isin(plan.closed)
    for columns, rows in (
        (_FIGURES, hidden),
        (_OF_VILLAGES, hidden | holding | closed),
        (_OF_GAPS, closed),
    ):
        for column in columns:
            published[column] = published[column].astype("float64").mask(rows)
    published.loc[hidden, "state"] = SUPPRESSED
    # Shares tell their total, and the order of gaps tells between which two a hidden one lies.
    if plan.hidden:
        published[["gap_share", "cumulative_share", "rank"]] = float("nan")
    return published


def _passing(
    data: Dataset, query: Query, whole: Query, plan: Plan, level: codes.Level, language: Language
) -> set[str]:
    """Codes of the places of a level that hold a village whose published figures pass."""
    villages = hide_figures(build_extract(data, whole, "village", language).table, plan)
    keep = pd.Series(True, villages.index)
    limits: Mapping[str, tuple[float | None, float | None]] = {
        "coverage_gap": (query.gap_min, query.gap_max),
        "coverage_rate": (query.rate_min, query.rate_max),
    }
    for column, (low, high) in limits.items():
        if low is not None:
            keep &= villages[column] >= low
        if high is not None:
            keep &= villages[column] <= high
    if query.states:
        keep &= villages["state"].isin(query.states)
    if query.chosen:
        keep &= villages["code"].isin(query.basket)
    return set(villages["code"][keep].str[: codes.length_of(level)])
