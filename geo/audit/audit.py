"""The audit of an import: what became of every row and person, and of every village.

Each figure stands beside the rows it counts, so that a number can always be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from ..core.errors import QueryProblem, mark
from ..core.privacy import hide_numbers
from ..counting.count import Counts, Trace, rows_of_period
from ..enrolment.reading import EnrolmentReading
from ..gazetteer.plausible import hide_unlikely_places
from ..measures.dataset import Dataset
from ..measures.query import Query
from ..measures.view import View, build_view
from .source_rows import describe_rows

VILLAGE_FINDINGS = {
    "no_enrolment": mark("villages with no enrolment"),
    "no_denominator": mark("villages whose eligible workers are not known"),
    "no_boundary": mark("villages without a polygon"),
    "over_100": mark("villages with more enrolled than eligible"),
}
_VILLAGE_COLUMNS = ("name", "kind", "enrolled", "eligible", "coverage_rate")


@dataclass(frozen=True)
class Audit:
    """Both sides of an import.

    Attributes
    ----------
    rows : dict of str to int
        Rows of the period by outcome (see `sum_rows`).
    people, matched, ambiguous, unmatched : int
        Distinct people counted, and by what matching said of their village.
    moved, claimed : int
        People with records in several villages; people taken from counts.
    villages : dict of str to pandas.DataFrame
        For each key of `VILLAGE_FINDINGS` the villages it is about.
    places : pandas.DataFrame
        Spellings without a village (``Counts.unmatched`` of the period).
    fixes : pandas.DataFrame
        Rows to fix, masked.
    view : View
        The period as the map would show it.
    """

    rows: dict[str, int]
    people: int
    matched: int
    ambiguous: int
    unmatched: int
    moved: int
    claimed: int
    villages: dict[str, pd.DataFrame]
    places: pd.DataFrame
    fixes: pd.DataFrame
    view: View


def check_overlap(audit: Audit, data: Dataset) -> None:
    """Refuse an import of which nobody lies in the area of the boundaries.

    Raises
    ------
    QueryProblem
        If no person was matched to a village.
    """
    if not audit.matched:
        raise QueryProblem(
            mark(
                "None of {people} people lies in a village of {layer}; choose boundaries of their "
                "area before saving."
            ),
            people=audit.people,
            layer=data.boundaries.source,
        )


def audit_import(data: Dataset, reading: EnrolmentReading, counts: Counts, period: str) -> Audit:
    """Look at one period of an import from both sides.

    Parameters
    ----------
    data : Dataset
        Boundaries, places and denominators the records are set against.
    reading : EnrolmentReading
        The file as read.
    counts : Counts
        What was counted from it.
    period : str
        The period to look at.
    """
    view = build_view(replace(data, counts=counts), Query(period=period))
    by_outcome = _people_by_outcome(counts, period)
    return Audit(
        rows=sum_rows(counts, period),
        people=int(counts.people["people"][counts.people["period"] == period].sum()),
        matched=by_outcome.get("matched", 0),
        ambiguous=by_outcome.get("ambiguous", 0),
        unmatched=by_outcome.get("unmatched", 0),
        moved=int(counts.moved.get(period, 0)),
        claimed=int(counts.claimed.get(period, 0)),
        villages=dict(_findings(view)),
        places=counts.unmatched[counts.unmatched["period"] == period].reset_index(drop=True),
        fixes=_rows_to_fix(reading, counts, period),
        view=view,
    )


def account_for_rows(reading: EnrolmentReading, counts: Counts) -> dict[str, int]:
    """Every row of a file by what became of it, all periods together.

    Raises
    ------
    QueryProblem
        If the outcomes do not add up to the rows read.
    """
    outcomes = {name: count for name, count in sum_rows(counts).items() if count}
    if sum(outcomes.values()) != reading.tally.rows:
        raise QueryProblem(
            mark("{rows} rows of {path} were read but {sum} accounted for; nothing was saved."),
            rows=reading.tally.rows,
            path=reading.file,
            sum=sum(outcomes.values()),
        )
    return outcomes


def sum_rows(counts: Counts, period: str = "") -> dict[str, int]:
    """Rows of the file by outcome, of one period or of all; they sum to the rows read.

    Rows that say no period are told with the period where there is only one, else with the
    whole file alone.
    """
    part = rows_of_period(counts, period) if period else counts.rows
    return {str(name): int(count) for name, count in part.sum().items()}


def count_lost_rows(counts: Counts) -> int:
    """Rows that are told with no period, because the file has several and they say none."""
    period_sums = [sum_rows(counts, str(period)) for period in counts.rows.index if period]
    return sum(sum_rows(counts).values()) - sum(sum(rows.values()) for rows in period_sums)


def rows_to_fix(audits: Iterable[Audit]) -> pd.DataFrame:
    """Rows to fix of several periods of one file, each once."""
    return pd.concat([audit.fixes for audit in audits]).drop_duplicates(ignore_index=True)


def _rows_to_fix(reading: EnrolmentReading, counts: Counts, period: str) -> pd.DataFrame:
    """List what reading found, and the rows that matching left without a village."""
    # The list leaves memory: a faulty file has addresses and persons where a village should be.
    lost = hide_unlikely_places(_without_village(reading, counts, period))
    rows = pd.DataFrame(
        {
            "file": hide_numbers(reading.file),
            "sheet": hide_numbers(reading.sheet),
            "row": lost["row"],
            "kind": "doubtful",
            "reason": "no_village",
            "column": "",
            "value": lost["village"] + ", " + lost["subdistrict"],
        }
    )
    return pd.concat([reading.fixes, rows], ignore_index=True)


def _without_village(reading: EnrolmentReading, counts: Counts, period: str) -> pd.DataFrame:
    """Active rows that matching left without a certain village."""
    trace = trace_of(counts)
    lost = trace.places.index[trace.places["match"] != "matched"]
    chosen = trace.rows["place"].isin(lost) & (trace.rows["period"] == period)
    return describe_rows(reading.records, trace, chosen)


def trace_of(counts: Counts) -> Trace:
    """Say what became of each row of a file that was just read.

    Raises
    ------
    ValueError
        If the counts were saved and read back.
    """
    if counts.trace is None:
        raise ValueError("only counts of a file that was just read can be audited")
    return counts.trace


def _people_by_outcome(counts: Counts, period: str) -> dict[str, int]:
    period_matches = counts.matches[counts.matches["period"] == period]
    return {str(k): int(v) for k, v in period_matches.groupby("outcome")["people"].sum().items()}


def _findings(view: View) -> Iterator[tuple[str, pd.DataFrame]]:
    for state in VILLAGE_FINDINGS:
        villages = view.villages[view.villages["state"] == state]
        yield state, villages[list(_VILLAGE_COLUMNS)]


def compare_periods(before: Counts, after: Counts, names: pd.Series, period: str) -> pd.DataFrame:
    """People of each place before and after a replacement, where they differ.

    Returns
    -------
    pandas.DataFrame
        ``name, before, after, change`` by code, the largest change first.
    """
    sums = [
        c.people[c.people["period"] == period].groupby("code")["people"].sum()
        for c in (before, after)
    ]
    table = pd.concat(sums, axis=1, keys=["before", "after"]).fillna(0).astype("int64")
    table["change"] = table["after"] - table["before"]
    table.insert(0, "name", names.reindex(table.index).fillna(""))
    changed = table[table["change"] != 0]
    return changed.loc[changed["change"].abs().sort_values(ascending=False).index]
