"""From worker records to counts of people, where identities end.

A person counts once a period: distinct identity, active. Their memberships
make one combination (see `geo.segments`); their village is that of the record
with the latest start date (of equal dates, the finer place, then the lower
code, so that the order of rows never matters).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from .enrolment import SYNTHETIC_PREFIX
from .matching import Gazetteer, match_places
from .privacy import hide_numbers

_PERSON: Final = ["period", "identity"]


@dataclass(frozen=True)
class Counts:
    """Counts of people, and what became of every row.

    Attributes
    ----------
    people : pandas.DataFrame
        ``period, code, combination, people``; ``code`` is a village, a
        subdistrict (village unknown) or empty (place unknown).
    rows : pandas.DataFrame
        Rows by period (index) and outcome (columns: ``counted``,
        ``duplicate``, ``inactive``, ``no_identity``, ``damaged_identity``,
        ``not_data``). Every row is in exactly one.
    matches : pandas.DataFrame
        ``period, outcome, method, rows, people``: the match report.
    unmatched : pandas.DataFrame
        ``period, outcome, village, subdistrict, code, rows, people``: spellings of
        places that were not matched to a village.
    synthetic : bool
        Whether any identity is one of the synthetic sample's.
    """

    people: pd.DataFrame
    rows: pd.DataFrame
    matches: pd.DataFrame
    unmatched: pd.DataFrame
    synthetic: bool


def count_people(records: pd.DataFrame, gazetteer: Gazetteer) -> Counts:
    """Count distinct active people by village, period and combination.

    Parameters
    ----------
    records : pandas.DataFrame
        Normal form of `geo.enrolment`.
    gazetteer : Gazetteer
        Places to match to.

    Returns
    -------
    Counts
        Without any identity. ``rows`` sums to the rows given; ``people``
        sums to the distinct active identities of each period.
    """
    match = match_places(records, gazetteer)
    finest = match["code"].where(match["code"] != "", match["parent_code"])
    placed = records.assign(place=finest, match=match["outcome"], method=match["method"])
    active = placed[placed["outcome"] == "active"]
    memberships = _latest_memberships(active)
    persons = _one_row_a_person(memberships)
    return Counts(
        people=_tally(persons),
        rows=_count_outcomes(placed, memberships),
        matches=_match_report(active, persons),
        unmatched=_unmatched_places(active, persons),
        synthetic=bool(records["identity"].str.startswith(SYNTHETIC_PREFIX).any()),
    )


def _latest_memberships(active: pd.DataFrame) -> pd.DataFrame:
    """One row per period, person and segment: the latest record."""
    least = ["finer", "place", "segment", "programmes", "village", "subdistrict", "code"]
    order = active.assign(finer=-active["place"].str.len()).sort_values(
        [*_PERSON, "start", *least],
        ascending=[True, True, False, *[True] * len(least)],
        na_position="last",
    )
    return order.drop_duplicates([*_PERSON, "segment"])


def _one_row_a_person(memberships: pd.DataFrame) -> pd.DataFrame:
    """The person's place (of the latest record) and combination."""
    persons = memberships.drop_duplicates(_PERSON).set_index(_PERSON)
    labels = memberships["segment"] + ":" + memberships["programmes"]
    keyed = labels.set_axis(pd.MultiIndex.from_frame(memberships[_PERSON]))
    several = keyed[keyed.index.duplicated(keep=False)]
    joined = several.sort_values().groupby(level=[0, 1]).agg("|".join)
    single = keyed[~keyed.index.duplicated(keep=False)]
    return persons.assign(combination=pd.concat([single, joined]).reindex(persons.index))


def _tally(persons: pd.DataFrame) -> pd.DataFrame:
    flat = persons.reset_index()[["period", "place", "combination"]]
    counted = flat.groupby(["period", "place", "combination"], as_index=False).size()
    return counted.rename(columns={"place": "code", "size": "people"})


def _count_outcomes(placed: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    outcome = placed["outcome"].where(placed["outcome"] != "active", "duplicate")
    outcome.loc[memberships.index] = "counted"
    period = placed["period"].where(placed["outcome"] != "not_data", "")
    table = pd.crosstab(period, outcome)
    columns = ["counted", "duplicate", "inactive", "no_identity", "damaged_identity", "not_data"]
    return table.reindex(columns=columns, fill_value=0).rename_axis(columns=None)


def _match_report(active: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    keys = ["period", "match", "method"]
    rows = active.groupby(keys).size().rename("rows")
    people = persons.groupby(keys).size().rename("people")
    table = pd.concat([rows, people], axis=1).fillna(0).astype("int64")
    return table.reset_index().rename(columns={"match": "outcome"})


def _unmatched_places(active: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """Spellings without a village. An empty place is said as it is: empty."""
    keys = ["period", "match", "village", "subdistrict", "code"]
    rows = active[active["match"] != "matched"].groupby(keys).size().rename("rows")
    lost = persons[persons["match"] != "matched"].groupby(keys).size().rename("people")
    table = pd.concat([rows, lost], axis=1).fillna(0).astype("int64").reset_index()
    # A misplaced column can put a number of 16 digits where a village should be.
    for column in ("village", "subdistrict", "code"):
        table[column] = table[column].map(hide_numbers)
    return table.rename(columns={"match": "outcome"}).sort_values(
        ["period", "people", "village"], ascending=[False, False, True], ignore_index=True
    )
