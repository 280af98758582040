"""Counts of records that stay where they are.

Three questions go to the engine: which kinds of rows there are, which spellings of places, and how
many people each place and combination has (`geo.aggregate`). Kinds and spellings are judged here,
by the same functions as a file's, and go back as small tables of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..aggregate import MOST_LABELS, MOST_PLACES, NO_VILLAGE, SEPARATOR, build_people, pair_up
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
from ..enrolment_files.cells import read_statuses
from ..enrolment_files.records import PLACE_COLUMNS
from ..enrolment_files.values import period_end, to_periods
from ..errors import QueryProblem, mark
from ..matching import Gazetteer
from ..segments import to_programme_keys, to_segment_keys
from .columns import take_columns
from .engines import EMBEDDED, count_bytes
from .persons import is_known, is_padded, is_synthetic, tell_apart

if TYPE_CHECKING:
    from ibis.expr.types import Table

# Tables and a view in the memory of the embedded engine.
_RECORDS: Final = "jangkau_records"
_PART: Final = "jangkau_part"
_PEOPLE: Final = "jangkau_people"
_KIND: Final = ("period", "segment", "programme", "status", "end")
# What DuckDB holds of each record and each person while it counts, and to read files, as measured.
_RECORD_BYTES: Final = 18
_PERSON_BYTES: Final = 60
_READING_BYTES: Final = 100_000_000
# Of its memory the records may take so much; the persons are counted in what is left.
_RECORDS_SHARE: Final = 0.6
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
    records, asked = _without_nulls(records, _ask_kinds(records), list(_KIND))
    kinds = _judge_kinds(asked, segment)
    progress(mark("Matching places"))
    padded = bool(kinds["padded"].max())
    synthetic = _any_synthetic(records, padded)
    records, alone = _with_persons(records, kinds, padded)
    records, rows = _without_nulls(records, _ask_places(records, places, kinds), places)
    numbers, spellings = _match_spellings(rows, places, gazetteer, aliases)
    progress(mark("Counting people"))
    numbered = _Numbered(records, places, kinds, numbers)
    people = _count_numbered(numbered, int(rows["rows"].sum()))
    people = people if alone is None else people.assign(period=alone)
    rows = rows.merge(numbers, on=places)
    rows = rows.rename(columns={"moment": "period", "place_no": "place"})
    counts = _to_counts(people, rows, kinds, spellings)
    return replace(counts, synthetic=synthetic)


def _without_nulls(
    records: Table, asked: pd.DataFrame, names: list[str]
) -> tuple[Table, pd.DataFrame]:
    """Nulls as empty texts, in the answer and, of columns that have any, in the records."""
    empty = [name for name in names if asked[name].isna().any()]
    if not empty:
        return records, asked
    records = records.mutate(**{name: records[name].fill_null("") for name in empty})
    sums = {name: "sum" if name == "rows" else "max" for name in ("rows", "padded")}
    keys = [name for name in asked.columns if name not in sums]
    told = {name: how for name, how in sums.items() if name in asked.columns}
    asked = asked.assign(**{name: asked[name].fillna("") for name in empty})
    return records, asked.groupby(keys, as_index=False, sort=False).agg(told)


# ---- kinds of rows ----


def _ask_kinds(records: Table, padded: bool = False) -> pd.DataFrame:
    """Rows of each kind; ``padded`` says whether any identity may have spaces around it."""
    import ibis

    identity = records["identity"]
    rows = records.select(
        *_KIND,
        known=is_known(identity, padded),
        padded=ibis.ifelse(is_padded(identity), 1, 0),
    )
    told = {"rows": rows.count(), "padded": rows["padded"].max()}
    kinds = rows.group_by(*_KIND, "known").agg(**told).to_pandas()
    # To strip each is dear, so it is done where one needs it.
    return _ask_kinds(records, True) if kinds["padded"].any() and not padded else kinds


def _any_synthetic(records: Table, padded: bool) -> bool:
    """Whether any identity is invented: the first that is found will do."""
    found = records.filter(is_synthetic(records["identity"], padded)).limit(1)
    return bool(found.count().to_pandas())


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
    rows = _take_active(records, kinds, "moment")
    return rows.group_by("moment", *places).agg(rows=rows.count()).to_pandas()


def _match_spellings(
    asked: pd.DataFrame, places: list[str], gazetteer: Gazetteer, aliases: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The number of each spelling, and the sorted list that the numbers point to."""
    distinct = asked[places].drop_duplicates(ignore_index=True)
    _check_few(len(distinct), MOST_PLACES)
    texts = distinct.reindex(columns=list(PLACE_COLUMNS), fill_value="")
    number, spellings = match_spellings(texts, gazetteer, aliases)
    matched = spellings["match"].eq("matched").to_numpy()
    village = np.where(matched, pd.factorize(spellings["place"])[0], NO_VILLAGE)
    return distinct.assign(place_no=number, village_no=village[number]), spellings


# ---- people ----


def _with_persons(
    records: Table, kinds: pd.DataFrame, padded: bool
) -> tuple[Table, int | None]:
    """Records with what tells people apart and the number of their period.

    Where there is but one period its number comes beside: it need not be grouped by.
    """
    taken: dict[str, Any] = {"person": tell_apart(records, padded)}
    records = records.rename(period_text="period")
    found = kinds.loc[kinds["outcome"] == "active", ["period", "moment"]].drop_duplicates()
    moments = sorted(set(found["moment"].tolist()))
    if len(moments) > 1:
        pairs = zip(found["period"].tolist(), found["moment"].tolist(), strict=True)
        taken["period"] = records["period_text"].cases(*pairs, else_=None)
    told = records.mutate(**taken)
    return told, None if len(moments) > 1 else sum(moments)


@dataclass(frozen=True)
class _Numbered:
    """Records whose places and kinds become numbers, and what these numbers mean."""

    records: Table
    places: list[str]
    kinds: pd.DataFrame
    numbers: pd.DataFrame

    @property
    def labels(self) -> int:
        return int(self.kinds["label"].max()) + 1

    def take(self, records: Table) -> Table:
        """Of some of the records the persons, their period and day, and what they are paired to."""
        import ibis

        spelled = ibis.memtable(self.numbers)
        joined = _take_active(records, self.kinds, "label").join(spelled, self.places)
        pair = pair_up(joined["place_no"], joined["label"], len(self.numbers), self.labels)
        keys = [key for key in ("period", "person") if key in records.columns]
        return joined.select(*keys, "start", pair=pair)

    def count(self, taken: Table) -> Table:
        """How many people there are among those."""
        import ibis

        villages = self.numbers[["place_no", "village_no"]].drop_duplicates()
        villages = villages.set_axis(["place", "village"], axis=1)
        segments = self.kinds[["label", "segment_no"]].drop_duplicates()
        segments = segments.set_axis(["label", "segment"], axis=1)
        return build_people(taken, ibis.memtable(villages), ibis.memtable(segments), self.labels)


def _count_numbered(numbered: _Numbered, rows: int) -> pd.DataFrame:
    """The people; in the embedded engine some after others, as many as its memory holds.

    It writes nothing to disk. So the records are read into memory as numbers, all of them where
    they leave room to count, else those of some of the people after those of others.
    """
    import ibis

    engine = ibis.get_backend(numbered.records)
    if engine.name != EMBEDDED:
        return numbered.count(numbered.take(numbered.records)).to_pandas()
    readings, parts = _plan_parts(count_bytes(engine), rows)
    for reading in range(readings):
        some = _take_part(numbered.records, 0, readings, reading)
        held = engine.create_table(_RECORDS, numbered.take(some))
        for part in range(parts):
            # A view is read again where the expression names it twice; a query would be kept.
            view = _take_part(held, 32, parts, part)
            people = numbered.count(engine.create_view(_PART, view, overwrite=True))
            if reading == part == 0:
                engine.create_table(_PEOPLE, people)
            else:
                engine.insert(_PEOPLE, people)
        engine.drop_table(_RECORDS)
    every = engine.table(_PEOPLE)
    told = [name for name in every.columns if name != "people"]
    people = every.group_by(told).agg(people=every["people"].sum()).to_pandas()
    engine.drop_table(_PEOPLE)
    return people


def _plan_parts(memory: int, rows: int) -> tuple[int, int]:
    """How often to read the records, and in how many parts to count what was read."""
    room = max(memory - _READING_BYTES, _READING_BYTES // 10)
    readings = -(-rows * _RECORD_BYTES // int(room * _RECORDS_SHARE)) or 1
    left = room - rows * _RECORD_BYTES // readings
    return readings, -(-rows * _PERSON_BYTES // (readings * left)) or 1


def _take_part(records: Table, bit: int, parts: int, part: int) -> Table:
    """Some of the persons, by the bits of their numbers from one bit on."""
    return records.filter((records["person"] >> bit) % parts == part) if parts > 1 else records


def _take_active(records: Table, kinds: pd.DataFrame, *told: str) -> Table:
    """Rows of kinds that are active, with what is told of their kind."""
    import ibis

    active = kinds[kinds["outcome"] == "active"].rename(columns={"period": "period_text"})
    on = _least_columns(kinds, ["outcome", *told])
    on = ["period_text" if name == "period" else name for name in on]
    if not kinds["known"].all():
        records = records.filter(is_known(records["identity"], bool(kinds["padded"].max())))
    return records.join(ibis.memtable(active[[*on, *told]].drop_duplicates()), on)


def _least_columns(kinds: pd.DataFrame, told: list[str]) -> list[str]:
    """The fewest columns of a kind that say what is to be told: each is dear to compare."""
    known, names = kinds[kinds["known"]], list(_KIND)
    for name in _KIND:
        rest = [other for other in names if other != name]
        if rest and (known.groupby(rest)[told].nunique() <= 1).all(axis=None):
            names = rest
    return names


# ---- what comes back ----


def _to_counts(
    people: pd.DataFrame, rows: pd.DataFrame, kinds: pd.DataFrame, spellings: pd.DataFrame
) -> Counts:
    periods = sorted(kinds["month"].unique())
    labels = sorted(kinds["label_text"].unique())
    coded = Coded(rows, periods, labels, spellings)
    counted, combinations, held = _name_combinations(people, labels)
    moved = people[people["moved"] == 1].groupby("period")["people"].sum()
    return Counts(
        people=tally(counted, coded, combinations),
        rows=_count_rows(kinds, counted.assign(held=held), periods),
        matches=match_report(counted, coded),
        unmatched=unmatched_places(counted, coded),
        synthetic=False,
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
