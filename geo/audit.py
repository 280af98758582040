"""The audit of an import: what became of every row and person, and of every village.

Each figure stands beside the rows it counts, so that a number can always be opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from . import codes
from .count import SUGGESTED, Counts
from .dataset import Dataset
from .enrolment import EnrolmentReading
from .errors import QueryProblem, mark
from .query import Query
from .view import View, build_view

VILLAGE_FINDINGS = {
    "no_enrolment": mark("villages with no enrolment"),
    "no_denominator": mark("villages whose eligible workers are not known"),
    "no_boundary": mark("villages without a polygon"),
    "over_100": mark("villages with more enrolled than eligible"),
}
# So many villages a list can still be searched in.
_MOST_CHOICES = 2_000
_TEXTS = ("province", "regency", "subdistrict", "village")
_VILLAGE_COLUMNS = ("name", "kind", "enrolled", "eligible", "coverage_rate")


@dataclass(frozen=True)
class Audit:
    """Both sides of an import.

    Attributes
    ----------
    rows : dict of str to int
        Rows of the file by outcome (keys of ``Counts.rows``); they sum to all rows.
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
    duplicates : pandas.DataFrame
        Rows of people already counted (see `geo.count.Counts`).
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
    duplicates: pd.DataFrame
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
        rows={str(k): int(v) for k, v in _rows_of(counts, period).items()},
        people=int(counts.people["people"][counts.people["period"] == period].sum()),
        matched=by_outcome.get("matched", 0),
        ambiguous=by_outcome.get("ambiguous", 0),
        unmatched=by_outcome.get("unmatched", 0),
        moved=int(counts.moved.get(period, 0)),
        claimed=int(counts.claimed.get(period, 0)),
        villages=dict(_findings(view)),
        places=counts.unmatched[counts.unmatched["period"] == period].reset_index(drop=True),
        fixes=_rows_to_fix(reading, counts, period),
        duplicates=counts.duplicates[counts.duplicates["period"] == period],
        view=view,
    )


def account_for_rows(reading: EnrolmentReading, counts: Counts) -> dict[str, int]:
    """Every row of a file by what became of it, all periods together.

    Raises
    ------
    QueryProblem
        If the outcomes do not add up to the rows read.
    """
    outcomes = {str(name): int(count) for name, count in counts.rows.sum().items() if count}
    if sum(outcomes.values()) != reading.tally.rows:
        raise QueryProblem(
            mark("{rows} rows of {path} were read but {sum} accounted for; nothing was saved."),
            rows=reading.tally.rows,
            path=reading.file,
            sum=sum(outcomes.values()),
        )
    return outcomes


def rows_to_fix(audits: Iterable[Audit]) -> pd.DataFrame:
    """Rows to fix of several periods of one file, each once."""
    return pd.concat([audit.fixes for audit in audits]).drop_duplicates(ignore_index=True)


def _rows_to_fix(reading: EnrolmentReading, counts: Counts, period: str) -> pd.DataFrame:
    """What reading found, and the rows that matching left without a village."""
    lost = counts.unplaced[counts.unplaced["period"] == period]
    rows = pd.DataFrame(
        {
            "file": reading.file,
            "sheet": reading.sheet,
            "row": lost["row"],
            "kind": "doubtful",
            "reason": "no_village",
            "column": "",
            "value": lost["village"] + ", " + lost["subdistrict"],
        }
    )
    return pd.concat([reading.fixes, rows], ignore_index=True)


def _rows_of(counts: Counts, period: str) -> pd.Series:
    """Rows by outcome; rows that say no period are the file's all the same."""
    return counts.rows[counts.rows.index.isin([period, ""])].sum()


def _people_by_outcome(counts: Counts, period: str) -> dict[str, int]:
    here = counts.matches[counts.matches["period"] == period]
    return {str(k): int(v) for k, v in here.groupby("outcome")["people"].sum().items()}


def _findings(view: View) -> Iterator[tuple[str, pd.DataFrame]]:
    for state in VILLAGE_FINDINGS:
        found = view.villages[view.villages["state"] == state]
        yield state, found[list(_VILLAGE_COLUMNS)]


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


@dataclass(frozen=True)
class Spelling:
    """A place of the file without a village, and what it may mean.

    Attributes
    ----------
    texts : dict of str to str
        ``province, regency, subdistrict, village`` as the file spells them.
    people : int
        People who would be placed by it.
    options : tuple of str
        Codes of villages, the suggestions first.
    suggested : int
        How many of the options are suggestions.
    """

    texts: dict[str, str]
    people: int
    options: tuple[str, ...]
    suggested: int

    @property
    def key(self) -> str:
        """The same for the same spelling."""
        return "|".join(self.texts.values())


def open_spellings(audit: Audit, data: Dataset) -> list[Spelling]:
    """Spellings that name a village which matching left open, the most people first."""
    named = audit.places[audit.places["village"].str.len() > 1]
    return [_to_spelling(row, data) for row in named.to_dict("records")]


def _to_spelling(row: dict[Any, Any], data: Dataset) -> Spelling:
    suggested = [row[name] for name in SUGGESTED if row[name] in data.places.index]
    areas = {codes.parent(code) for code in suggested}
    near = [code for code in data.places.index if codes.parent(code) in areas]
    others = near if near else list(data.places.index[:_MOST_CHOICES])
    options = tuple(dict.fromkeys([*suggested, *others]))
    return Spelling({n: row[n] for n in _TEXTS}, int(row["people"]), options, len(suggested))


def to_aliases(chosen: dict[str, str], spellings: list[Spelling]) -> pd.DataFrame:
    """Confirmed spellings as the workspace keeps them: their texts and the code chosen by key."""
    rows = [s.texts | {"code": chosen[s.key]} for s in spellings if s.key in chosen]
    return pd.DataFrame(rows, columns=[*_TEXTS, "code"])
