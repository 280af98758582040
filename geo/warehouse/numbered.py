"""People of records whose places and kinds became numbers, counted by the engine that has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ..aggregate import build_people, pair_up
from .engines import EMBEDDED, count_bytes
from .persons import is_unknown, join_texts

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend
    from ibis.expr.types import Table

KIND: Final = ("period", "segment", "programme", "status", "end")
# Tables and a view in the memory of the embedded engine.
_RECORDS: Final = "jangkau_records"
_PART: Final = "jangkau_part"
_PEOPLE: Final = "jangkau_people"
# What DuckDB holds of each record and each person while it counts, and to read files, as measured.
_RECORD_BYTES: Final = 18
_PERSON_BYTES: Final = 60
_READING_BYTES: Final = 100_000_000
# Of its memory the records may take so much; the persons are counted in what is left.
_RECORDS_SHARE: Final = 0.6


@dataclass(frozen=True)
class Numbered:
    """Records, and the numbers of what they say.

    Attributes
    ----------
    records : ibis.Table
        With ``person``, ``start``, the columns of a kind and of a place, and ``period`` (a number)
        where there are several; a kind's own is ``period_text``.
    kinds : pandas.DataFrame
        Kinds of rows, as judged: with ``outcome``, ``label`` and ``segment_no``.
    spelled : pandas.DataFrame
        Distinct spellings of places; the position of a row is the number of a place.
    order : callable
        Gives of each spelling its ``order`` and ``village`` (`geo.aggregate.build_people`); waits
        for them.
    """

    records: Table
    kinds: pd.DataFrame
    spelled: pd.DataFrame
    order: Callable[[], pd.DataFrame]

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return int(self.kinds["label"].max()) + 1

    def take(self, records: Table) -> Table:
        """Of some of the records the persons, with period and day, and what they are paired to."""
        import ibis

        places = list(self.spelled.columns)
        numbers = ibis.memtable(self.spelled.assign(place=range(len(self.spelled))))
        joined = join_texts(take_active(records, self.kinds, "label"), numbers, places)
        pair = pair_up(joined["place"], joined["label"], len(self.spelled), self.labels)
        keys = [key for key in ("period", "person") if key in records.columns]
        return joined.select(*keys, "start", pair=pair)

    def count(self, taken: Table) -> Table:
        """How many people there are among those."""
        import ibis

        places = self.order().rename_axis(index="place").reset_index()
        segments = self.kinds[["label", "segment_no"]].drop_duplicates()
        segments = segments.set_axis(["label", "segment"], axis=1)
        return build_people(taken, ibis.memtable(places), ibis.memtable(segments), self.labels)


def take_active(records: Table, kinds: pd.DataFrame, *told: str) -> Table:
    """Rows of kinds that are active, with what is told of their kind."""
    import ibis

    active = kinds[kinds["outcome"] == "active"].rename(columns={"period": "period_text"})
    on = _least_columns(kinds, ["outcome", *told])
    on = ["period_text" if name == "period" else name for name in on]
    if not kinds["known"].all():
        records = records.filter(~is_unknown(records["identity"]))
    return join_texts(records, ibis.memtable(active[[*on, *told]].drop_duplicates()), on)


def _least_columns(kinds: pd.DataFrame, told: list[str]) -> list[str]:
    """The fewest columns of a kind that say what is to be told: each is dear to compare."""
    known, names = kinds[kinds["known"]], list(KIND)
    for name in KIND:
        rest = [other for other in names if other != name]
        if rest and (known.groupby(rest)[told].nunique() <= 1).all(axis=None):
            names = rest
    return names


def count_numbered(numbered: Numbered, rows: int) -> pd.DataFrame:
    """Count people; in the embedded engine some after others, as many as its memory holds.

    It writes nothing to disk. So the records are read into memory as numbers, all of them where
    they leave room to count, else those of some of the people after those of others.

    Parameters
    ----------
    numbered : Numbered
        Records and their numbers.
    rows : int
        How many of them are active.

    Returns
    -------
    pandas.DataFrame
        As `geo.aggregate.build_people`; several rows may mean one.
    """
    import ibis

    engine = ibis.get_backend(numbered.records)
    if engine.name != EMBEDDED:
        return numbered.count(numbered.take(numbered.records)).to_pandas()
    readings, parts = _plan_parts(count_bytes(engine), rows)
    for reading in range(readings):
        some = _take_part(numbered.records, readings, reading)
        held = engine.create_table(_RECORDS, numbered.take(some))
        for part in range(parts):
            # A view is read again where the expression names it twice; a query would be kept.
            view = _take_part(held, readings * parts, reading * parts + part)
            people = numbered.count(engine.create_view(_PART, view, overwrite=True))
            _add(engine, people, first=reading == part == 0)
        engine.drop_table(_RECORDS)
    every = engine.table(_PEOPLE)
    told = [name for name in every.columns if name != "people"]
    people = every.group_by(told).agg(people=every["people"].sum()).to_pandas()
    engine.drop_table(_PEOPLE)
    return people


def _add(engine: SQLBackend, people: Table, *, first: bool) -> None:
    if first:
        engine.create_table(_PEOPLE, people)
    else:
        engine.insert(_PEOPLE, people)


def _plan_parts(memory: int, rows: int) -> tuple[int, int]:
    """How often to read the records, and in how many parts to count what was read."""
    room = max(memory - _READING_BYTES, _READING_BYTES // 10)
    readings = -(-rows * _RECORD_BYTES // int(room * _RECORDS_SHARE)) or 1
    left = room - rows * _RECORD_BYTES // readings
    return readings, -(-rows * _PERSON_BYTES // (readings * left)) or 1


def _take_part(records: Table, parts: int, part: int) -> Table:
    """Some of the persons: those whose numbers lie in one of so many equal ranges."""
    import ibis

    person = records["person"]
    if part:
        records = records.filter(person >= ibis.literal((part << 64) // parts, "uint64"))
    if part + 1 < parts:
        records = records.filter(person < ibis.literal((part + 1 << 64) // parts, "uint64"))
    return records
