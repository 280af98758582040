"""Counts of two matched lists as figures of the map: candidates eligible, covered enrolled.

Only numbers of people by village and segment come out; no identity does.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ..core.errors import FileProblem, Note, QueryProblem, mark
from ..core.segments import SEGMENTS, order_segments
from ..counting.count import OUTCOMES, SUGGESTED, Counts
from ..enrolment.reading import SYNTHETIC_PREFIX
from ..enrolment.values import is_period
from ..reconcile.reconcile import Reconciliation
from .build import Denominators
from .estimate import as_counted

_TOGETHER: Final = mark(
    "Not every candidate has a known segment; candidates are counted as of all segments together."
)
_UNPLACED: Final = mark("{count} candidates of no certain village are in no number.")
_MATCHES: Final = ("period", "outcome", "method", "rows", "people")
_UNMATCHED: Final = (
    *("period", "outcome", "village", "subdistrict", "regency", "province", "code"),
    *(*SUGGESTED, "rows", "people"),
)


def count_candidates(found: Reconciliation, places: pd.Index, source: str) -> Denominators:
    """Count candidates by village and segment as eligible workers.

    Parameters
    ----------
    found : Reconciliation
        Two matched lists.
    places : pandas.Index
        Codes of the villages of the area.
    source : str
        What is said of the list.

    Raises
    ------
    FileProblem
        If no candidate is in a village of the area.
    """
    people = _by_segment(found)
    inside = people["village"].isin(places)
    if not inside.any():
        raise FileProblem(
            mark("No candidate of {path} is in a village of the area of the boundaries."),
            path=found.candidates_file,
        )
    counted = people[inside].groupby(["village", "segment"]).size().rename("people")
    table = as_counted(counted.reset_index().rename(columns={"village": "code"}), source)
    lost = int((~inside).sum())
    notes = [Note(_TOGETHER)] if (people["segment"] == "").all() else []
    notes += [Note(_UNPLACED, {"count": lost})] if lost else []
    return Denominators(table, table["code"].nunique(), len(places), lost, tuple(notes))


def count_covered(found: Reconciliation, period: str) -> Counts:
    """Count covered candidates by place and segment as the enrolled people of a period.

    Parameters
    ----------
    found : Reconciliation
        Two matched lists. Who is to be checked is not among the enrolled.
    period : str
        Year and month, ``2024-10``.

    Raises
    ------
    QueryProblem
        If the period is no month.
    FileProblem
        If no candidate is covered.
    """
    if not is_period(period):
        raise QueryProblem(
            mark("{period} is no month; expected is one like 2024-10."), period=period
        )
    people = _by_segment(found)
    covered = people[people["outcome"] == "covered"]
    if covered.empty:
        raise FileProblem(
            mark("Nobody of {path} is covered for certain; there is no enrolment to save."),
            path=found.candidates_file,
        )
    # Where nobody of the candidates is covered, that is known: 0, and no missing enrolment.
    both = people.assign(people=(people["outcome"] == "covered").astype("int64"))
    counted = both.groupby(["area", "segment"], as_index=False)["people"].sum()
    table = pd.DataFrame(
        {
            "period": period,
            "code": counted["area"].astype("str"),
            "combination": counted["segment"].astype("str") + ":",
            "people": counted["people"],
        }
    )
    rows = pd.DataFrame(0, pd.Index([period], name="period", dtype="str"), list(OUTCOMES))
    rows.loc[period, "counted"] = len(covered)
    nobody = pd.Series({period: 0}, dtype="int64")
    return Counts(
        people=table,
        rows=rows,
        matches=pd.DataFrame(columns=list(_MATCHES)),
        unmatched=pd.DataFrame(columns=list(_UNMATCHED)),
        synthetic=bool(found.people["digits"].str.startswith(SYNTHETIC_PREFIX).any()),
        moved=nobody,
        claimed=nobody,
        scopes={period: order_segments(people["segment"])},
    )


def _by_segment(found: Reconciliation) -> pd.DataFrame:
    """Each candidate once; of all segments together where that of one of them is not known.

    A segment that is none of ours can be any text of a file, a name among them.
    """
    people = found.people.loc[~found.people["repeated"], ["village", "area", "segment", "outcome"]]
    return people if people["segment"].isin([*SEGMENTS]).all() else people.assign(segment="")
