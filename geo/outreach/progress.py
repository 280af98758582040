"""How far a plan is: by team and subdistrict, and beside what later imports count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ..core import codes
from .store import Followed, SavedPlan

# A table of `list_visits`, for those who only hand it on.
VisitTable = pd.DataFrame
_COUNTED: Final = ["promised", "enrolled", "reactivated"]


def list_visits(plan: SavedPlan, followed: Sequence[Followed], names: pd.Series) -> pd.DataFrame:
    """Build a row for each village of a plan.

    Parameters
    ----------
    plan : SavedPlan
        What was promised.
    followed : sequence of Followed
        What came of it.
    names : pandas.Series
        Names of places by code.

    Returns
    -------
    pandas.DataFrame
        By code: ``name``, ``subdistrict``, ``status``, ``promised`` (people), ``enrolled``,
        ``reactivated``, ``team``, ``day``, ``note``, ``conflict`` (bool), ``seen`` (version).
    """
    rows = [
        {
            "code": village.code,
            "name": str(names.get(village.code, village.code)),
            "subdistrict": str(names.get(codes.parent(village.code), "")),
            "status": village.current.record.status,
            "promised": _promise(plan, village.code),
            "enrolled": village.current.record.enrolled,
            "reactivated": village.current.record.reactivated,
            "team": village.current.record.team,
            "day": village.current.record.day,
            "note": village.current.record.note,
            "conflict": bool(village.rivals),
            "seen": village.seen,
        }
        for village in followed
    ]
    columns = ("code", "name", "subdistrict", "status", *_COUNTED, "team", "day", "note")
    return pd.DataFrame(rows, columns=[*columns, "conflict", "seen"]).set_index("code")


def _promise(plan: SavedPlan, code: str) -> int:
    figures = plan.promised[code]
    return figures["enrol"] + figures["reactivate"]


def only_team(visits: pd.DataFrame, team: str) -> pd.DataFrame:
    """Select the villages of a team; all for an empty name."""
    return visits[visits["team"] == team] if team else visits


def order_visits(plan: SavedPlan, visits: pd.DataFrame) -> pd.DataFrame:
    """Villages in the order of the plan's rounds, others after them by subdistrict and name."""
    place = {
        code: number
        for number, code in enumerate(
            code
            for route in plan.content.get("rounds", {}).get("rounds", ())
            for code in route["villages"]
        )
    }
    ranked = visits.assign(place=[place.get(code, len(place)) for code in visits.index])
    return ranked.sort_values(["place", "subdistrict", "name"]).drop(columns="place")


def sum_progress(visits: pd.DataFrame, by: str) -> pd.DataFrame:
    """Figures of each team or subdistrict.

    Parameters
    ----------
    visits : pandas.DataFrame
        As `list_visits` gives it.
    by : str
        ``team`` or ``subdistrict``.

    Returns
    -------
    pandas.DataFrame
        By group: ``villages``, ``visited``, ``promised``, ``enrolled``, ``reactivated``.
    """
    marked = visits.assign(villages=1, visited=(visits["status"] == "visited").astype("int64"))
    return marked.groupby(by)[["villages", "visited", *_COUNTED]].sum()


def compare_with_counts(plan: SavedPlan, enrolled: pd.Series) -> pd.DataFrame:
    """Set what was promised beside the people enrolled since, as a later period counts them.

    Parameters
    ----------
    plan : SavedPlan
        With the people enrolled when it was made.
    enrolled : pandas.Series
        People enrolled by village code in the later period; NaN where unknown.

    Returns
    -------
    pandas.DataFrame
        By code: ``promised``, ``before``, ``now``, ``since`` (people; may be negative).
    """
    listed = pd.Index(list(plan.promised), name="code")
    before = pd.Series([plan.promised[code]["enrolled"] for code in listed], listed)
    now = enrolled.reindex(listed).astype("float64")
    return pd.DataFrame(
        {
            "promised": [_promise(plan, code) for code in listed],
            "before": before,
            "now": now,
            "since": now - before,
        }
    )
