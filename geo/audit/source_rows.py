"""The rows behind each number of an import: which they are, and what became of them.

Made on demand from the records and their `geo.counting.count.Trace`, in memory; identities stay
there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from ..core.privacy import hide_numbers
from ..counting.count import OUTCOMES, Trace

BEHIND_COLUMNS: Final = (
    *("row", "period", "code", "village", "subdistrict", "regency", "segment"),
    *("outcome", "match", "method", "place"),
)
_GIVEN: Final = ("code", "village", "subdistrict", "regency", "segment")
_MATCHES: Final = ("matched", "ambiguous", "unmatched")
_NO_MATCH: Final = ("match", "method", "place")


def select_rows(records: pd.DataFrame, trace: Trace, number: str, period: str = "") -> pd.Series:
    """Say of each record whether a number counts it.

    Parameters
    ----------
    records : pandas.DataFrame
        Normal form, as they were counted.
    trace : Trace
        What became of them.
    number : str
        An outcome of a row (`geo.counting.count.OUTCOMES`) or ``rows`` for all of them;
        ``matched``, ``ambiguous``, ``unmatched`` or ``people`` for the record that stands for
        each person;
        ``claimed`` for people of tables of counts; ``moved`` for every active record of people
        with records in several villages.
    period : str, optional
        Only this period.

    Returns
    -------
    pandas.Series of bool
        Aligned with the trace. ``records["rows"]`` of an outcome's sum to it, and
        ``records["people"]`` of ``people`` and its parts.
    """
    rows = trace.rows
    chosen = _choose(records, trace, number)
    return chosen & (rows["period"] == period) if period else chosen


def _choose(records: pd.DataFrame, trace: Trace, number: str) -> pd.Series:
    rows = trace.rows
    if number in OUTCOMES:
        return (rows["outcome"] == number) & (records["rows"].to_numpy() > 0)
    if number in _MATCHES:
        places = trace.places.index[trace.places["match"] == number]
        return rows["decides"] & rows["place"].isin(places)
    selections: dict[str, Callable[[], pd.Series]] = {
        "rows": lambda: pd.Series(records["rows"].to_numpy() > 0, rows.index),
        "people": lambda: rows["decides"],
        "moved": lambda: rows["moved"],
        "claimed": lambda: rows["decides"] & (records["identity"] == "").to_numpy(),
    }
    return selections[number]()


def describe_rows(records: pd.DataFrame, trace: Trace, chosen: pd.Series) -> pd.DataFrame:
    """Rows as a person may look at them: `BEHIND_COLUMNS`, in the order of the file.

    Numbers of many digits that stand where a place should be are hidden: they may be identities.
    """
    positions = chosen.to_numpy().nonzero()[0]
    facts = trace.rows.iloc[positions]
    table = records[["row", *_GIVEN]].iloc[positions].astype(dict.fromkeys(_GIVEN, "str"))
    for column in _GIVEN:
        table[column] = table[column].map({t: hide_numbers(t) for t in table[column].unique()})
    places = trace.places[list(_NO_MATCH)].reindex(facts["place"]).fillna("")
    table = table.assign(period=facts["period"].astype("str").to_numpy())
    table["outcome"] = facts["outcome"].astype("str").to_numpy()
    table[list(_NO_MATCH)] = places.to_numpy()
    return table[list(BEHIND_COLUMNS)].sort_values("row", ignore_index=True)
