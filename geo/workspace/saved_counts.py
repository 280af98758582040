"""The files of a saved period, and how they are read: whole, or with one sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ..core.errors import UNREADABLE, FileProblem, mark
from ..core.segments import ALL_WORKERS, Scope, check_scope, order_segments
from ..core.text_tables import read_text
from ..counting.count import OUTCOMES, Counts, rows_of_period
from ..gazetteer.plausible import hide_unlikely_places

_TABLES: Final = {
    "rows": ("period",),
    "matches": ("period", "outcome", "method", "rows", "people"),
    "unmatched": ("period", "outcome", "village", "subdistrict", "code", "rows", "people"),
}
_PEOPLE: Final = {"period": "str", "code": "str", "combination": "str", "people": "int64"}
_ABOUT: Final = ("people", "rows", "moved", "claimed", "synthetic")
_NUMBERS: Final = {"rows", "people", "moved", "claimed", *OUTCOMES}
ADDED: Final = mark("People who are in both files count twice.")
_WRONG: Final = (*UNREADABLE, KeyError, TypeError)


def join_counts(parts: list[Counts]) -> Counts:
    """Join the counts of several periods.

    Raises
    ------
    ValueError
        If there is none.
    """
    return Counts(
        people=pd.concat([p.people for p in parts], ignore_index=True),
        rows=pd.concat([p.rows for p in parts]).groupby(level=0).sum(),
        matches=pd.concat([p.matches for p in parts], ignore_index=True),
        unmatched=pd.concat([p.unmatched for p in parts], ignore_index=True),
        synthetic=any(p.synthetic for p in parts),
        moved=pd.concat([p.moved for p in parts]),
        claimed=pd.concat([p.claimed for p in parts]),
        scopes={period: scope for p in parts for period, scope in p.scopes.items()},
    )


def add_counts(before: Counts, added: Counts, period: str) -> Counts:
    """People of a period from two files together: of one office each, or one subdistrict each.

    Identities are gone by now: who is in both files is counted twice.

    Parameters
    ----------
    before : Counts
        What is saved for the period.
    added : Counts
        Of the file to be added; its other periods stay as they are.
    period : str
        The period.
    """
    here, others = of_period(added, period), added.people["period"] != period
    keys = ["period", "code", "combination"]
    people = pd.concat([before.people, here.people]).groupby(keys, as_index=False).sum()
    scopes = (before.scopes.get(period, ()), here.scopes.get(period, ()))
    # Of all workers together where one of the files is.
    scope = order_segments({*scopes[0], *scopes[1]}) if all(scopes) else ()
    return replace(
        added,
        people=pd.concat([added.people[others], people], ignore_index=True),
        rows=pd.concat([added.rows, before.rows]).fillna(0).groupby(level=0).sum().astype("int64"),
        matches=pd.concat([added.matches, before.matches], ignore_index=True),
        unmatched=pd.concat([added.unmatched, before.unmatched], ignore_index=True),
        synthetic=added.synthetic or before.synthetic,
        moved=pd.concat([added.moved, before.moved]).groupby(level=0).sum(),
        claimed=pd.concat([added.claimed, before.claimed]).groupby(level=0).sum(),
        scopes={**added.scopes, period: scope},
    )


def state_scope(counts: Counts, scope: Scope | None, known: Iterable[str] = ()) -> Counts:
    """State which segments all periods of counts cover; None leaves what their records say.

    Parameters
    ----------
    counts : Counts
        Of some periods.
    scope : tuple of str or None
        Segments covered; empty for all workers.
    known : iterable of str
        Segments that can be covered beside those of the records.

    Raises
    ------
    QueryProblem
        If a segment is not known (see `geo.core.segments.check_scope`).
    """
    if scope is None:
        return counts
    check_scope(scope, {*known}.union(*counts.scopes.values()))
    return replace(counts, scopes=dict.fromkeys(counts.people["period"].unique(), scope))


def of_period(counts: Counts, period: str) -> Counts:
    """One period of counts, without the trace of its rows."""

    def here(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["period"] == period].reset_index(drop=True)

    return Counts(
        people=here(counts.people),
        rows=rows_of_period(counts, period),
        matches=here(counts.matches),
        unmatched=here(counts.unmatched),
        synthetic=counts.synthetic,
        moved=counts.moved[counts.moved.index == period],
        claimed=counts.claimed[counts.claimed.index == period],
        scopes={period: counts.scopes.get(period, ())},
    )


def read_version(folder: Path, period: str) -> Counts:
    """Read the counts of a period as `write_version` wrote them.

    Raises
    ------
    FileProblem
        If a file is missing, damaged, or not of this kind.
    """
    about = read_about(folder, period)
    try:
        people = pd.read_parquet(folder / "people.parquet")[list(_PEOPLE)].astype(_PEOPLE)
        tables = {name: _read_table(folder, name) for name in _TABLES}
    except (*_WRONG, FileProblem) as error:
        raise damaged(period) from error
    return Counts(
        people=people,
        rows=tables["rows"].set_index("period"),
        matches=tables["matches"],
        unmatched=tables["unmatched"],
        synthetic=bool(about["synthetic"]),
        moved=pd.Series({period: about["moved"]}, dtype="int64"),
        claimed=pd.Series({period: about["claimed"]}, dtype="int64"),
        scopes={period: about["covers"]},
    )


def read_about(folder: Path, period: str) -> dict[str, Any]:
    """Describe a version: file, sums, segments covered, and whether it is synthetic.

    Raises
    ------
    FileProblem
        If it is missing, damaged, or does not say the sums as numbers and the segments covered,
        if it says any, as their keys.
    """
    try:
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        numbers = {name: int(about[name]) for name in _ABOUT}
        covers = _read_covers(about.get("covers", ALL_WORKERS))
    except _WRONG as error:
        raise damaged(period) from error
    return dict(about) | numbers | {"covers": covers}


def _read_covers(covers: Any) -> Scope:
    """Segments covered; of a period saved before that was asked, all workers."""
    if covers == ALL_WORKERS:
        return ()
    if not (isinstance(covers, list) and covers and all(isinstance(key, str) for key in covers)):
        raise TypeError(covers)
    return tuple(covers)


def write_version(counts: Counts, folder: Path, about: dict[str, Any]) -> None:
    """Write the counts of one period into a folder that is there."""
    # Where a village should be, a faulty file can have a person's name.
    counts = replace(counts, unmatched=hide_unlikely_places(counts.unmatched))
    counts.people.to_parquet(folder / "people.parquet", index=False)
    for table in _TABLES:
        getattr(counts, table).to_csv(folder / f"{table}.csv", index=table == "rows")
    (scope,) = counts.scopes.values() or [()]
    facts = about | {"covers": list(scope) or ALL_WORKERS}
    (folder / "about.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _read_table(folder: Path, name: str) -> pd.DataFrame:
    table = read_text(folder / f"{name}.csv")
    numbers = [column for column in table.columns if column in _NUMBERS]
    table = table.astype(dict.fromkeys(numbers, "int64"))
    missing = [column for column in _TABLES[name] if column not in table.columns]
    if missing:
        raise KeyError(*missing)
    return table


def damaged(period: str) -> FileProblem:
    """Make the error of a period whose files cannot be used."""
    return FileProblem(
        mark("The saved period {period} is damaged; undo its last change or import it again."),
        period=period,
    )
