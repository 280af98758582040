"""From records to counts of people, where identities end.

The rules, and where they are counted (`Counts`):

- A person counts once a period: distinct identity, active. Their memberships
  make one combination (see `geo.core.segments`).
- The same person twice in a segment: the latest record is the membership, the
  others are ``duplicate`` rows.
- The same person in two villages: the village of the record with the latest
  start date; of equal dates the finer place, then the lower code, so that the
  order of rows never matters. Such people are ``moved``.
- A table of counts has no identities: its numbers are added up as they are,
  and that nobody is in them twice is the file's own claim (``claimed``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.privacy import hide_numbers
from ..core.segments import Scope, find_scopes
from ..core.sums import sum_by
from ..enrolment.outcomes import NO_DATA, REJECTED
from ..enrolment.reading import SYNTHETIC_PREFIX
from ..gazetteer import Gazetteer, match_places

Ints = npt.NDArray[np.int64]

OUTCOMES: Final = ("counted", "duplicate", "inactive", *REJECTED, NO_DATA)
_GIVEN: Final = ("code", "village", "subdistrict", "regency", "province")
_SPELLED: Final = ("village", "subdistrict", "regency", "province", "code")
SUGGESTED: Final = ("suggestion_1", "suggestion_2", "suggestion_3")
_FAR: Final = 1 << 40  # seconds; further back than any date


@dataclass(frozen=True)
class Trace:
    """What became of each record, in memory only: without identities, and never saved.

    Attributes
    ----------
    rows : pandas.DataFrame
        Aligned with the records as given: ``period`` (empty where it is unknown
        or the row is no data), ``outcome`` (one of `OUTCOMES`), ``place``
        (position in `places`; -1 for rows that are not active), ``decides``
        (the one record that stands for its person in the period, and every
        counted one of a table of counts), ``moved`` (any active record of a
        person who has some in several villages).
    places : pandas.DataFrame
        ``code, village, subdistrict, regency, province`` as given, each
        spelling once; ``place`` (code of the village or of the area above that
        is certain, else empty), ``match``, ``method``, ``score`` and
        ``suggestion_1..3`` (see `geo.gazetteer.match_places`).
    """

    rows: pd.DataFrame
    places: pd.DataFrame


@dataclass(frozen=True)
class Counts:
    """Counts of people, and what became of every row.

    Attributes
    ----------
    people : pandas.DataFrame
        ``period, code, combination, people``; ``code`` is a village, a
        subdistrict (village unknown) or empty (place unknown).
    rows : pandas.DataFrame
        Rows by period (index; empty where unknown) and outcome (columns
        `OUTCOMES`). Every row is in exactly one.
    matches : pandas.DataFrame
        ``period, outcome, method, rows, people``: the match report.
    unmatched : pandas.DataFrame
        ``period, outcome, village, subdistrict, regency, province, code,
        suggestion_1..3, rows, people``: spellings of places that were not
        matched to a village, with the codes of villages they may mean.
    synthetic : bool
        Whether any identity is one of the synthetic sample's.
    moved : pandas.Series
        People with active records in several places, by period.
    claimed : pandas.Series
        People from tables of counts, by period: not distinct by identity.
    scopes : dict of str to tuple of str
        Segments that the records of a period cover; none or no entry: all workers.
    trace : Trace or None
        What became of each record; None where counts were saved and read back.
    """

    people: pd.DataFrame
    rows: pd.DataFrame
    matches: pd.DataFrame
    unmatched: pd.DataFrame
    synthetic: bool
    moved: pd.Series
    claimed: pd.Series
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    trace: Trace | None = None


def rows_of_period(counts: Counts, period: str) -> pd.DataFrame:
    """Rows of one period, as a table of that period alone.

    Rows that say no period belong to it where the file has no other, else to none.
    """
    only_period = set(counts.rows.index) <= {period, ""}
    periods = [period, ""] if only_period else [period]
    row_counts = counts.rows[counts.rows.index.isin(periods)].sum()
    return row_counts.to_frame(period).T.rename_axis("period")


def count_people(
    records: pd.DataFrame, gazetteer: Gazetteer, *, aliases: pd.DataFrame | None = None
) -> Counts:
    """Count distinct active people by village, period and combination.

    Parameters
    ----------
    records : pandas.DataFrame
        Normal form of `geo.enrolment.records`.
    gazetteer : Gazetteer
        Places to match to.
    aliases : pandas.DataFrame, optional
        Confirmed spellings (see `geo.gazetteer.match_places`).

    Returns
    -------
    Counts
        Without any identity. ``rows`` sums to the rows of the files;
        ``people`` sums to the distinct active identities of each period and
        the people of tables of counts.
    """
    records = records.reset_index(drop=True)
    coded = _to_codes(records, gazetteer, aliases)
    table = coded.table
    members = _latest_memberships(table[table["person"] >= 0])
    claims = table[table["person"] < 0]
    persons, combinations = _one_row_a_person(members, coded.labels)
    counted = pd.concat([persons, claims.assign(combination=claims["label"])])
    moved = _find_moved(table[table["person"] >= 0], coded)
    rows = _trace_rows(records, table, members.index.append(claims.index))
    rows["decides"] = rows.index.isin(counted.index)
    rows["moved"] = rows.index.isin(table.index[table["person"].isin(moved["person"])])
    sums = sum_places(counted, coded)
    return Counts(
        people=tally(counted, coded, combinations),
        rows=_count_outcomes(rows, records["rows"]),
        matches=match_report(sums, coded),
        unmatched=unmatched_places(sums, coded),
        synthetic=bool(records["identity"].str.startswith(SYNTHETIC_PREFIX).any()),
        moved=by_period(moved.groupby("period").size(), coded, "moved"),
        claimed=by_period(claims.groupby("period")["people"].sum(), coded, "claimed"),
        scopes=find_scopes(records),
        trace=Trace(rows, _hide_numbers(coded.places.drop(columns="finer"))),
    )


def _trace_rows(records: pd.DataFrame, table: pd.DataFrame, counted: pd.Index) -> pd.DataFrame:
    """Period, outcome and place of each record; an active one that is not counted repeats one."""
    outcome = pd.Categorical(records["outcome"], ["active", *OUTCOMES]).codes.astype("int8") - 1
    outcome[outcome < 0] = OUTCOMES.index("duplicate")
    outcome[counted.to_numpy()] = OUTCOMES.index("counted")
    no_data = outcome == OUTCOMES.index(NO_DATA)
    return pd.DataFrame(
        {
            "period": records["period"].mask(no_data, "").astype("category"),
            "outcome": pd.Categorical.from_codes(outcome, OUTCOMES),
            "place": table["place"].reindex(records.index, fill_value=-1).astype("int32"),
        }
    )


@dataclass(frozen=True)
class Coded:
    """Active rows as whole numbers, which sort and group a hundred times faster than text.

    ``table`` has ``period, person, segment, label, start, place, people, rows``
    by position of the record; all but the last three and ``person`` are
    positions in the lists beside it, which are sorted. ``person`` is -1 in
    tables of counts.
    """

    table: pd.DataFrame
    periods: list[str]
    labels: list[str]
    places: pd.DataFrame


def _to_codes(records: pd.DataFrame, gazetteer: Gazetteer, aliases: pd.DataFrame | None) -> Coded:
    # Column by column: all of them at once would be the records a second time.
    active_rows = np.flatnonzero(records["outcome"] == "active")
    place, places = _match_distinct(records, active_rows, gazetteer, aliases)
    period, periods = _factorize(records["period"].iloc[active_rows])
    segment, segments = _factorize(records["segment"].iloc[active_rows])
    programmes, kinds = _factorize(records["programmes"].iloc[active_rows])
    both, pairs = pd.factorize(segment * max(len(kinds), 1) + programmes, sort=True)
    labels = [f"{segments[p // len(kinds)]}:{kinds[p % len(kinds)]}" for p in pairs.tolist()]
    rank = np.argsort(np.argsort(np.array(labels, dtype=object), kind="stable"), kind="stable")
    identity, start = records["identity"].iloc[active_rows], records["start"].iloc[active_rows]
    person = pd.factorize(identity)[0].astype("int64") * max(len(periods), 1) + period
    table = pd.DataFrame(
        {
            "period": period,
            "person": np.where(identity != "", person, -1),
            "segment": segment,
            "label": rank.astype("int64")[both],
            "start": start.to_numpy().astype("datetime64[s]").astype("int64"),
            "place": place,
            "people": records["people"].iloc[active_rows],
            "rows": records["rows"].iloc[active_rows],
        },
        index=records.index[active_rows],
    )
    return Coded(table, periods, sorted(labels), places)


def _factorize(texts: pd.Series) -> tuple[Ints, list[str]]:
    codes, values = pd.factorize(texts, sort=True)
    return codes.astype("int64"), [str(value) for value in values]


def _match_distinct(
    records: pd.DataFrame, active_rows: Ints, gazetteer: Gazetteer, aliases: pd.DataFrame | None
) -> tuple[Ints, pd.DataFrame]:
    """Each spelling of a place matched once: the number of each active row, and the list.

    The list is sorted so that of two records of one day the finer place, then
    the lower code comes first.
    """
    given_columns = [name for name in _GIVEN if name in records]
    number = np.zeros(len(active_rows), dtype="int64")
    for name in given_columns:
        codes, values = pd.factorize(records[name].iloc[active_rows])
        number = pd.factorize(number * max(len(values), 1) + codes)[0].astype("int64")
    first = np.unique(number, return_index=True)[1]
    spelled = records[given_columns].iloc[active_rows[first]].reset_index(drop=True)
    spelled = spelled.reindex(columns=list(_GIVEN), fill_value="")
    place, places = match_spellings(spelled, gazetteer, aliases)
    return place[number], places


def match_spellings(
    spelled: pd.DataFrame, gazetteer: Gazetteer, aliases: pd.DataFrame | None
) -> tuple[Ints, pd.DataFrame]:
    """Match distinct spellings: the position of each in the sorted list, and the list."""
    # Each spelling once, but several spellings may mean one village: no list of villages.
    match = match_places(spelled, gazetteer, aliases=aliases, one_to_one=False)
    finest = match["code"].where(match["code"] != "", match["parent_code"])
    # Where no village is named an area above it can be matched; its village is unknown still.
    area = (match["outcome"] == "matched") & (match["level"] != "village")
    places = spelled.assign(
        place=finest,
        match=match["outcome"].mask(area, "unmatched"),
        method=match["method"].mask(area, ""),
        score=match["score"],
    )
    places[list(SUGGESTED)] = match[list(SUGGESTED)]
    places["finer"] = -places["place"].str.len()
    order = places.sort_values(["finer", "place", *_GIVEN]).index.to_numpy()
    back = np.empty(len(order), dtype="int64")
    back[order] = np.arange(len(order))
    return back, places.loc[order].reset_index(drop=True)


def _latest_memberships(table: pd.DataFrame) -> pd.DataFrame:
    """One row per period, person and segment: the latest record."""
    several = table["person"].duplicated(keep=False)
    order = _latest_first(table[several])
    return pd.concat([table[~several], order.drop_duplicates(["person", "segment"])])


def _latest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of each person together, the one that decides on top."""
    # Undated records come last: the missing date is the least whole number.
    keys = (table["label"], table["place"], -table["start"].clip(lower=-_FAR), table["person"])
    return table.iloc[np.lexsort([key.to_numpy() for key in keys])]


def _one_row_a_person(members: pd.DataFrame, labels: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Find the place (of the latest record) and the combination of each person."""
    several = members["person"].duplicated(keep=False)
    single, repeated = members[~several], members[several]
    latest = _latest_first(repeated).drop_duplicates("person")
    codes, combinations = _combine(repeated, labels)
    joined = latest.assign(combination=codes.reindex(latest["person"]).to_numpy())
    return pd.concat([single.assign(combination=single["label"]), joined]), combinations


def _combine(members: pd.DataFrame, labels: list[str]) -> tuple[pd.Series, list[str]]:
    """Join the labels of each person to a combination, in order; each distinct pair once."""
    combinations = list(labels)
    ordered = members.sort_values(["person", "label"])
    step = ordered.groupby("person").cumcount()
    first = ordered[step == 0]
    codes = first.set_index("person")["label"]
    for number in range(1, int(step.max()) + 1 if len(step) else 0):
        added = ordered[step == number].set_index("person")["label"]
        pair, pairs = pd.factorize(codes.loc[added.index] * len(labels) + added, sort=True)
        start = len(combinations)
        combinations += [
            f"{combinations[p // len(labels)]}|{labels[p % len(labels)]}" for p in pairs.tolist()
        ]
        codes.loc[added.index] = pair + start
    return codes, combinations


def tally(counted: pd.DataFrame, coded: Coded, combinations: list[str]) -> pd.DataFrame:
    """People by period, code and combination; ``counted`` has them in numbers."""
    code, codes = pd.factorize(coded.places["place"], sort=True)
    # Numbers are grouped, as texts of each row are slow; they sort as their texts do.
    text, texts = pd.factorize(pd.Series(combinations, dtype="str"), sort=True)
    sums = sum_by(
        counted["people"],
        period=counted["period"].to_numpy("int64"),
        code=code[counted["place"].to_numpy("int64")],
        combination=text[counted["combination"].to_numpy("int64")],
    )
    return pd.DataFrame(
        {
            "period": _names(sums["period"], coded.periods),
            "code": _names(sums["code"], list(codes)),
            "combination": _names(sums["combination"], list(texts)),
            "people": sums["people"].astype("int64"),
        }
    )


def _names(codes: pd.Series, names: list[str]) -> pd.Series:
    texts = pd.Series(names, dtype="str").reindex(codes)
    return texts.set_axis(codes.index)


def _count_outcomes(rows: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    periods = rows["period"].cat.categories
    flat = rows["period"].cat.codes.to_numpy("int64") * len(OUTCOMES)
    flat += rows["outcome"].cat.codes.to_numpy("int64")
    sums = np.bincount(flat, weights, len(periods) * len(OUTCOMES))
    table = sums.reshape(len(periods), len(OUTCOMES)).astype("int64")
    return pd.DataFrame(table, pd.Index(periods, name="period", dtype="str"), list(OUTCOMES))


def sum_places(counted: pd.DataFrame, coded: Coded) -> pd.DataFrame:
    """Rows and people by the number of the period and of the spelling of the place."""
    keys = ["period", "place"]
    rows = coded.table.groupby(keys)["rows"].sum()
    numbers = {key: counted[key].to_numpy("int64") for key in keys}
    people = sum_by(counted["people"], **numbers).set_index(keys)
    return pd.concat([rows, people], axis=1).fillna(0).astype("int64").reset_index()


def match_report(sums: pd.DataFrame, coded: Coded) -> pd.DataFrame:
    """Rows and people by period, outcome and method of matching, of `sum_places`."""
    return _by_place(sums, coded, ["match", "method"])


def unmatched_places(sums: pd.DataFrame, coded: Coded) -> pd.DataFrame:
    """Spellings without a village, of `sum_places`. An empty place is said as it is: empty."""
    table = _by_place(sums, coded, ["match", *_SPELLED, *SUGGESTED])
    table = table[table["outcome"] != "matched"]
    return _hide_numbers(table).sort_values(
        ["period", "people", "village"], ascending=[False, False, True], ignore_index=True
    )


def _hide_numbers(places: pd.DataFrame) -> pd.DataFrame:
    """Hide long numbers: a misplaced column can put an identity where a village should be."""
    return places.assign(**{column: places[column].map(hide_numbers) for column in _SPELLED})


def _by_place(sums: pd.DataFrame, coded: Coded, columns: list[str]) -> pd.DataFrame:
    """Rows and people by period and some facts of places."""
    facts = coded.places[columns].reindex(sums["place"]).set_axis(sums.index)
    named = facts.assign(period=_names(sums["period"], coded.periods), **sums[["rows", "people"]])
    table = named.groupby(["period", *columns], as_index=False)[["rows", "people"]].sum()
    return table.rename(columns={"match": "outcome"})


def _find_moved(table: pd.DataFrame, coded: Coded) -> pd.DataFrame:
    """People with active records in several villages, one row each."""
    several = table[table["person"].duplicated(keep=False)]
    matched = coded.places["match"].eq("matched")
    village = pd.factorize(coded.places["place"])[0]
    places_of_persons = several.assign(village=village[several["place"]])[
        matched.to_numpy()[several["place"]]
    ].drop_duplicates(["person", "village"])
    in_several_places = places_of_persons["person"].duplicated(keep=False)
    return places_of_persons[in_several_places].drop_duplicates("person")


def by_period(sums: pd.Series, coded: Coded, name: str) -> pd.Series:
    """Name the periods of sums by number, and put 0 where there are none."""
    full = sums.reindex(range(len(coded.periods)), fill_value=0).astype("int64")
    return full.set_axis(pd.Index(coded.periods, dtype="str", name="period")).rename(name)
