"""Counts of records that stay where they are.

Three questions go to the engine: which kinds of rows there are, which spellings of places, and how
many people each place and combination has (`geo.aggregate`). Kinds and spellings are judged here,
by the same functions as a file's, and go back as small tables of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..aggregate import MOST_LABELS, MOST_PLACES, SEPARATOR, build_people
from ..count import (
    OUTCOMES,
    Coded,
    Counts,
    by_period,
    match_report,
    match_spellings,
    tally,
    unmatched_places,
)
from ..enrolment import SYNTHETIC_PREFIX
from ..enrolment_files.cells import read_statuses
from ..enrolment_files.records import PLACE_COLUMNS
from ..enrolment_files.values import period_end, to_periods
from ..errors import QueryProblem, mark
from ..matching import Gazetteer
from ..segments import to_programme_keys, to_segment_keys
from .columns import take_columns

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table, Value

_KIND: Final = ("period", "segment", "programme", "status", "end")
_NO_IDENTITY: Final = ("", "-", "0")
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
        Its columns by role (`geo.warehouse.columns.find_columns`).
    gazetteer : Gazetteer
        Places to match to.
    aliases : pandas.DataFrame, optional
        Confirmed spellings (see `geo.matching.match_places`).
    period, segment : str
        For a table that says none.
    progress : callable
        Is told each step by name.

    Returns
    -------
    Counts
        As `geo.count.count_people` gives them of the same records, without a trace.

    Raises
    ------
    QueryProblem
        If there are more spellings or kinds than can be told apart.
    """
    records = take_columns(table, roles, period, segment)
    places = [name for name in PLACE_COLUMNS if name in roles]
    progress(mark("Reading kinds of rows"))
    kinds = _judge_kinds(_ask_kinds(records), segment)
    progress(mark("Matching places"))
    rows = _ask_places(records, places, kinds)
    numbers, spellings = _match_spellings(rows, places, gazetteer, aliases)
    progress(mark("Counting people"))
    asked = _Asked(records, places, kinds, numbers, spellings)
    rows = rows.merge(numbers, on=places).rename(columns={"moment": "period"})
    return _to_counts(asked, _ask_people(asked), rows)


@dataclass(frozen=True)
class _Asked:
    """Records, and what is known of them so far.

    ``kinds`` has a row a kind of row (`_KIND`) with what it means; ``numbers`` a row a spelling
    (``places``) with its number; ``spellings`` the sorted list the numbers point to.
    """

    records: Table
    places: list[str]
    kinds: pd.DataFrame
    numbers: pd.DataFrame
    spellings: pd.DataFrame


def _is_known(records: Table) -> BooleanValue:
    """Whether a row has an identity."""
    identity = records["identity"]
    if identity.type().is_integer():
        return identity.notnull() & (identity != 0)
    return identity.notnull() & identity.strip().notin(_NO_IDENTITY)


def _as_number(records: Table) -> Value | None:
    """The identity as a whole number, which groups faster; None where the engine cannot try."""
    import ibis

    identity = records["identity"]
    if identity.type().is_integer():
        return identity
    if ibis.get_backend(records).name != "duckdb":
        return None
    return identity.try_cast("int64")


# ---- kinds of rows ----


def _ask_kinds(records: Table) -> pd.DataFrame:
    """Rows of each kind; ``plain`` says whether all identities are plain whole numbers."""
    import ibis

    text = records["identity"].cast("string").strip()
    number = _as_number(records)
    plain = (number.cast("string") == text).fill_null(False) if number is not None else None
    rows = records.select(
        *_KIND[:-1],
        end=records["end"].cast("string").fill_null(""),
        known=_is_known(records),
        synthetic=text.startswith(SYNTHETIC_PREFIX).fill_null(False).cast("int8"),
        plain=ibis.literal(0, "int8") if plain is None else plain.cast("int8"),
    )
    keys = (*_KIND, "known")
    return (
        rows.group_by(*keys)
        .agg(rows=rows.count(), synthetic=rows["synthetic"].max(), plain=rows["plain"].min())
        .to_pandas()
    )


def _judge_kinds(kinds: pd.DataFrame, segment: str) -> pd.DataFrame:
    """What becomes of rows of each kind, with the numbers of their period, segment and label."""
    texts = kinds["period"].unique()
    months = kinds["period"].map(to_periods(texts, "dmy"))
    keys = to_segment_keys(kinds["segment"])
    keys = keys.where(keys != "", segment)
    label = keys + ":" + to_programme_keys(kinds["programme"])
    status = np.array(read_statuses(kinds["status"].tolist()))
    left = [e != "" and m != "" and e[:10] < str(period_end(m).date())
            for e, m in zip(kinds["end"], months, strict=True)]  # fmt: skip
    outcome = np.select(
        [~kinds["known"], months == "", status < 0, (status == 0) | np.array(left, dtype=bool)],
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


def _ask_places(records: Table, places: list[str], kinds: pd.DataFrame) -> pd.DataFrame:
    """Active rows by number of period and spelling of the place."""
    rows = _take_active(records.rename(period_text="period"), kinds)
    return rows.group_by("moment", *places).agg(rows=rows.count()).to_pandas()


def _match_spellings(
    asked: pd.DataFrame, places: list[str], gazetteer: Gazetteer, aliases: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The number of each spelling, and the sorted list that the numbers point to."""
    distinct = asked[places].drop_duplicates(ignore_index=True)
    _check_few(len(distinct), MOST_PLACES)
    texts = distinct.reindex(columns=list(PLACE_COLUMNS), fill_value="")
    number, spellings = match_spellings(texts, gazetteer, aliases)
    matched = pd.Series(spellings["match"].eq("matched").to_numpy()[number])
    village = pd.Series(pd.factorize(spellings["place"])[0][number], dtype="Int64")
    return distinct.assign(place=number, village=village.where(matched)), spellings


# ---- people ----


def _ask_people(asked: _Asked) -> pd.DataFrame:
    """People by number of period, place and combination."""
    people = build_people(_with_persons(asked), _number(asked)).to_pandas()
    alone = _only_moment(asked)
    return people if alone is None else people.assign(period=alone)


def _only_moment(asked: _Asked) -> int | None:
    """The number of the period where there is but one, which then need not be grouped by."""
    found = asked.kinds.loc[asked.kinds["outcome"] == "active", "moment"].unique()
    return int(found[0]) if len(found) == 1 else None


def _with_persons(asked: _Asked) -> Table:
    """Records with what tells people apart and, of several periods, the number of theirs."""
    records, kinds = asked.records, asked.kinds
    number = _as_number(records)
    known = kinds[kinds["known"]]
    plain = number is not None and bool(known["plain"].all())
    taken: dict[str, Any] = {"person": number if plain else records["identity"].strip()}
    pairs = kinds.loc[kinds["month"] != "", ["period", "moment"]].drop_duplicates()
    texts = dict(zip(pairs["period"], pairs["moment"].tolist(), strict=True))
    records = records.rename(period_text="period")
    if _only_moment(asked) is None and texts:
        taken["period"] = records["period_text"].cases(*texts.items(), else_=None)
    return records.mutate(**taken)


def _number(asked: _Asked) -> Callable[[Table], Table]:
    """How records get their numbers."""
    import ibis

    numbers = ibis.memtable(asked.numbers)

    def number(records: Table) -> Table:
        joined = _take_active(records, asked.kinds).join(numbers, asked.places)
        keys = [key for key in ("period", "person") if key in records.columns]
        return joined.select(
            *keys, "start", "place", "label", "village", segment=joined["segment_no"]
        )

    return number


def _take_active(records: Table, kinds: pd.DataFrame) -> Table:
    """Rows of kinds that are active, with the numbers of period, segment and label."""
    import ibis

    active = kinds[kinds["outcome"] == "active"].rename(columns={"period": "period_text"})
    on = ["period_text", *_KIND[1:]]
    known = records.filter(_is_known(records))
    known = known.mutate(end=known["end"].cast("string").fill_null(""))
    return known.join(ibis.memtable(active[[*on, "moment", "segment_no", "label"]]), on)


# ---- what comes back ----


def _to_counts(asked: _Asked, people: pd.DataFrame, rows: pd.DataFrame) -> Counts:
    kinds = asked.kinds
    periods = sorted(kinds["month"].unique())
    labels = sorted(kinds["label_text"].unique())
    coded = Coded(rows, periods, labels, asked.spellings)
    counted, combinations, held = _name_combinations(people, labels)
    moved = people[people["moved"] == 1].groupby("period")["people"].sum()
    return Counts(
        people=tally(counted, coded, combinations),
        rows=_count_rows(kinds, counted.assign(held=held), periods),
        matches=match_report(counted, coded),
        unmatched=unmatched_places(counted, coded),
        synthetic=bool(kinds["synthetic"].max()),
        moved=_active_only(by_period(moved, coded, "moved"), kinds),
        claimed=_active_only(by_period(moved * 0, coded, "claimed"), kinds),
    )


def _active_only(sums: pd.Series, kinds: pd.DataFrame) -> pd.Series:
    return sums[sums.index.isin(kinds.loc[kinds["outcome"] == "active", "month"])]


def _name_combinations(
    people: pd.DataFrame, labels: list[str]
) -> tuple[pd.DataFrame, list[str], np.ndarray]:
    """The combination of each row as a number of a list of texts, and how many it joins."""
    at, texts = pd.factorize(people["combination"])
    numbers = [sorted(map(int, str(text).split(SEPARATOR))) for text in texts]
    named = ["|".join(labels[n] for n in several) for several in numbers]
    combinations = sorted(set(named))
    place = {text: number for number, text in enumerate(combinations)}
    code = np.array([place[text] for text in named], dtype="int64")[at]
    held = np.array([len(several) for several in numbers], dtype="int64")[at]
    return people.assign(combination=code), combinations, held


def _count_rows(kinds: pd.DataFrame, counted: pd.DataFrame, periods: list[str]) -> pd.DataFrame:
    """Rows by period and outcome; an active row that is no membership repeats one."""
    by = kinds.groupby(["month", "outcome"])["rows"].sum().unstack(fill_value=0)
    members = (counted["people"] * counted["held"]).groupby(counted["period"]).sum()
    table = by.reindex(columns=[*OUTCOMES, "active"], fill_value=0).reindex(periods, fill_value=0)
    table["counted"] = members.reindex(range(len(periods)), fill_value=0).to_numpy()
    table["duplicate"] = table["active"] - table["counted"]
    return table[list(OUTCOMES)].astype("int64").rename_axis(index="period", columns=None)
