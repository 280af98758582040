"""Counts of records that stay where they are.

Three questions go to the engine: which kinds of rows there are, which spellings of places, and how
many people each place and combination has (`geo.counting.rules`). Kinds and spellings are judged
here, by the same functions as a file's, and go back as small tables of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import cache as once
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..core.errors import QueryProblem, mark
from ..core.segments import Scope, find_scopes, to_programme_keys, to_segment_keys
from ..enrolment.cells import read_statuses
from ..enrolment.records import PLACE_COLUMNS
from ..enrolment.values import period_end, to_periods
from ..gazetteer import Gazetteer
from .columns import take_columns
from .count import (
    OUTCOMES,
    Coded,
    Counts,
    by_period,
    match_report,
    match_spellings,
    sum_places,
    tally,
    unmatched_places,
)
from .encoded_counting import KIND, Numbered, count_numbered, take_active
from .persons import (
    PaddedIdentities,
    check_identities,
    has_any,
    is_synthetic,
    is_unknown,
    strip_identities,
    tell_apart,
)
from .record_stream import read_spellings
from .rules import MOST_LABELS, MOST_PLACES, NO_VILLAGE, SEPARATOR

if TYPE_CHECKING:
    from ibis.expr.types import Table

Progress = Callable[[str], None]


def count_stored(
    table: Table,
    roles: Mapping[str, str],
    gazetteer: Gazetteer,
    *,
    aliases: pd.DataFrame | None = None,
    period: str = "",
    segment: str = "",
    progress: Progress = lambda step: None,
) -> Counts:
    """Count distinct active people of a table that an engine holds.

    Parameters
    ----------
    table : ibis.Table
        One row a membership.
    roles : mapping
        Its columns by role (`geo.counting.columns.find_columns`).
    gazetteer : Gazetteer
        Places to match to.
    aliases : pandas.DataFrame, optional
        Confirmed spellings (see `geo.gazetteer.match_places`).
    period, segment : str
        For a table that says none.
    progress : callable
        Is told each step by name.

    Returns
    -------
    Counts
        As `geo.counting.count.count_people` gives them of the same records, without a trace.

    Raises
    ------
    QueryProblem
        If there are more spellings or kinds than can be told apart.
    """
    records = take_columns(table, roles, period, segment)
    places = [name for name in PLACE_COLUMNS if name in roles]
    count = partial(_count, places, segment, gazetteer, aliases, progress)
    # Begun anew behind the block: what was read so far is let go of with the exception.
    with suppress(PaddedIdentities):
        return count(records, stripped=False)
    return count(strip_identities(records), stripped=True)


def _count(
    places: list[str],
    segment: str,
    gazetteer: Gazetteer,
    aliases: pd.DataFrame | None,
    progress: Progress,
    records: Table,
    *,
    stripped: bool,
) -> Counts:
    progress(mark("Reading kinds of rows"))
    if not stripped:
        check_identities(records)
    records, kind_rows = _without_nulls(records, _ask_kinds(records))
    kind_rows = kind_rows.groupby([*KIND, "known"], as_index=False, sort=False)["rows"].sum()
    kinds = _judge_kinds(kind_rows, segment)
    progress(mark("Matching places"))
    synthetic = has_any(records.filter(is_synthetic(records["identity"])))
    records, only_period = _with_persons(records, kinds)
    records, spelled = _ask_spellings(records, places, kinds)
    progress(mark("Counting people"))
    with ThreadPoolExecutor(1) as pool:
        matching = once(lambda: pool.submit(_match_spellings, spelled, gazetteer, aliases))
        numbered = Numbered(
            records=records, kinds=kinds, spelled=spelled, matching=matching, stripped=stripped
        )
        people, rows = count_numbered(numbered)
    if only_period is not None:
        people, rows = people.assign(period=only_period), rows.assign(period=only_period)
    numbers, spellings = matching().result()
    rows["place"] = numbers["order"].to_numpy()[rows["place"]]
    counts = _to_counts(people, rows, kinds, spellings)
    return replace(counts, synthetic=synthetic, scopes=_scopes_of(kinds))


def _scopes_of(kinds: pd.DataFrame) -> dict[str, Scope]:
    """Segments that the records of each period name."""
    columns = {"period": kinds["month"], "outcome": kinds["outcome"]}
    return find_scopes(kinds.assign(segment=kinds["label_text"].str.partition(":")[0], **columns))


def _without_nulls(records: Table, answer: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """Nulls as empty texts, in the answer and, of columns that have any, in the records."""
    empty = answer.columns[answer.isna().any()]
    records = records.mutate(**{name: records[name].fill_null("") for name in empty})
    return records, answer.fillna(dict.fromkeys(empty, ""))


# ---- kinds of rows ----


def _ask_kinds(records: Table) -> pd.DataFrame:
    """Rows of each kind, those with an identity (``known``) and those without."""
    all_kinds = _count_kinds(records).assign(known=True)
    # Asked apart: no identity is read for those of a file whose least and greatest exclude it.
    unknown = _count_kinds(records.filter(is_unknown(records["identity"]))).assign(known=False)
    signed = pd.concat([all_kinds, unknown.assign(known=True, rows=-unknown["rows"])])
    known = signed.groupby([*KIND, "known"], as_index=False, dropna=False, sort=False).sum()
    return pd.concat([known[known["rows"] > 0], unknown], ignore_index=True)


def _count_kinds(records: Table) -> pd.DataFrame:
    return records.group_by(*KIND).agg(rows=records.count()).to_pandas()


def _judge_kinds(kinds: pd.DataFrame, segment: str) -> pd.DataFrame:
    """Judge the rows of each kind, and number their period, segment and label."""
    texts = kinds["period"].unique()
    months = kinds["period"].map(to_periods(texts, "dmy"))
    keys = to_segment_keys(kinds["segment"])
    keys = keys.where(keys != "", segment)
    label = keys + ":" + to_programme_keys(kinds["programme"])
    status = np.array(read_statuses(kinds["status"].tolist()))
    ended = [e != "" and m != "" and e[:10] < str(period_end(m).date())
            for e, m in zip(kinds["end"], months, strict=True)]  # fmt: skip
    outcome = np.select(
        [~kinds["known"], months == "", status < 0, (status == 0) | np.array(ended, dtype=bool)],
        ["no_identity", "no_period", "unknown_status", "inactive"],
        "active",
    )
    judged = kinds.assign(month=months, label_text=label, outcome=outcome)
    for name, values in (("moment", months), ("segment_no", keys), ("label", label)):
        judged[name] = pd.factorize(values, sort=True)[0].astype("int64")
    _check_few(judged["label"].nunique(), MOST_LABELS)
    return judged


def _check_few(count: int, most: int) -> None:
    if count > most:
        raise QueryProblem(
            mark("There are {count} spellings in one table, more than {most}; count it in parts."),
            count=count,
            most=most,
        )


# ---- places ----


def _ask_spellings(
    records: Table, places: list[str], kinds: pd.DataFrame
) -> tuple[Table, pd.DataFrame]:
    """Distinct spellings of the places of active rows, and the records without nulls in them."""
    active, kind_texts = take_active(records, kinds)
    spelled = read_spellings(active, kind_texts.drop(columns="label"), places)
    records, spelled = _without_nulls(records, spelled)
    spelled = spelled.drop_duplicates(ignore_index=True)
    _check_few(len(spelled), MOST_PLACES)
    return records, spelled


def _match_spellings(
    spelled: pd.DataFrame, gazetteer: Gazetteer, aliases: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Order and village of each spelling, and the sorted list that the order points to."""
    texts = spelled.reindex(columns=list(PLACE_COLUMNS), fill_value="")
    order, spellings = match_spellings(texts, gazetteer, aliases)
    matched = spellings["match"].eq("matched").to_numpy()
    village = np.where(matched, pd.factorize(spellings["place"])[0], NO_VILLAGE)
    return pd.DataFrame({"order": order, "village": village[order]}), spellings


def _with_persons(records: Table, kinds: pd.DataFrame) -> tuple[Table, int | None]:
    """Add to records what tells people apart, and the number of their period.

    Where there is but one period its number comes beside: it need not be grouped by.
    """
    columns: dict[str, Any] = {"person": tell_apart(records)}
    records = records.rename(period_text="period")
    active_periods = kinds.loc[kinds["outcome"] == "active", ["period", "moment"]].drop_duplicates()
    moments = sorted(set(active_periods["moment"].tolist()))
    if len(moments) > 1:
        pairs = active_periods[["period", "moment"]].itertuples(index=False, name=None)
        columns["period"] = records["period_text"].cases(*pairs, else_=None)
    with_persons = records.mutate(**columns)
    return with_persons, None if len(moments) > 1 else sum(moments)


# ---- what comes back ----


def _to_counts(
    people: pd.DataFrame, rows: pd.DataFrame, kinds: pd.DataFrame, spellings: pd.DataFrame
) -> Counts:
    periods = sorted(kinds["month"].unique())
    labels = sorted(kinds["label_text"].unique())
    coded = Coded(rows, periods, labels, spellings)
    counted, combinations, labels_joined = _name_combinations(people, labels)
    sums = sum_places(counted, coded)
    moved = people[people["moved"] == 1].groupby("period")["people"].sum()
    return Counts(
        people=tally(counted, coded, combinations),
        rows=_count_rows(kinds, counted.assign(held=labels_joined), periods),
        matches=match_report(sums, coded),
        unmatched=unmatched_places(sums, coded),
        synthetic=False,
        moved=_active_only(by_period(moved, coded, "moved"), kinds),
        claimed=_active_only(by_period(moved * 0, coded, "claimed"), kinds),
    )


def _active_only(sums: pd.Series, kinds: pd.DataFrame) -> pd.Series:
    return sums[sums.index.isin(kinds.loc[kinds["outcome"] == "active", "month"])]


def _name_combinations(
    people: pd.DataFrame, labels: list[str]
) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """Find the combination of each row in a list of texts, and count what it joins."""
    text_number, texts = pd.factorize(people["combination"])
    numbers = [sorted(map(int, str(text).split(SEPARATOR))) for text in texts]
    named = ["|".join(labels[n] for n in several) for several in numbers]
    combinations = sorted(set(named))
    place = {text: number for number, text in enumerate(combinations)}
    code = np.array([place[text] for text in named], dtype="int64")[text_number]
    labels_joined = np.array([len(several) for several in numbers], dtype="int64")[text_number]
    return people.assign(combination=code), combinations, labels_joined


def _count_rows(kinds: pd.DataFrame, counted: pd.DataFrame, periods: list[str]) -> pd.DataFrame:
    """Rows by period and outcome; an active row that is no membership repeats one."""
    by = kinds.groupby(["month", "outcome"])["rows"].sum().unstack(fill_value=0)
    members = (counted["people"] * counted["held"]).groupby(counted["period"]).sum()
    table = by.reindex(columns=[*OUTCOMES, "active"], fill_value=0).reindex(periods, fill_value=0)
    table["counted"] = members.reindex(range(len(periods)), fill_value=0).to_numpy()
    table["duplicate"] = table["active"] - table["counted"]
    return table[list(OUTCOMES)].astype("int64").rename_axis(index="period", columns=None)
