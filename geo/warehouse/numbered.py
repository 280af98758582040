"""People of records whose places and kinds became numbers, counted by the engine that has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ..aggregate import build_people, pair_up
from .alone import Ints, set_apart
from .engines import EMBEDDED, count_bytes
from .persons import is_unknown, join_texts

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend
    from ibis.expr.types import Table

KIND: Final = ("period", "segment", "programme", "status", "end")
# Tables and a view in the memory of the embedded engine.
_RECORDS: Final = "jangkau_records"
_PART: Final = "jangkau_part"
# What is held of each record, while those who are alone are set apart, and of each person while
# they are counted; and what it takes to read files. As measured.
_RECORD_BYTES: Final = 18
_APART_BYTES: Final = 14
_PERSON_BYTES: Final = 60
_READING_BYTES: Final = 100_000_000
# Of more places with labels there is no array of those who are alone.
_MOST_PAIRS: Final = 1 << 23


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
    they fit, else those of some of the people after those of others. People of one record are set
    apart first (`geo.warehouse.alone`).

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
    room = max(count_bytes(engine) - _READING_BYTES, _READING_BYTES // 10)
    readings = -(-rows * (_RECORD_BYTES + _APART_BYTES) // room) or 1
    found: list[pd.DataFrame] = []
    pairs = len(numbered.spelled) * numbered.labels
    alone = np.zeros(pairs if pairs <= _MOST_PAIRS else 0, dtype="int64")
    for reading in range(readings):
        some = _take_part(numbered.records, readings, reading)
        alone += _count_alone(
            engine, engine.create_table(_RECORDS, numbered.take(some)), alone.size
        )
        found += _count_held(numbered, engine, room, readings, reading)
        engine.drop_table(_RECORDS)
    return pd.concat([*found, _name_pairs(numbered, alone)], ignore_index=True)


def _count_alone(engine: SQLBackend, held: Table, pairs: int) -> Ints | int:
    """Count people of one record by their pairs, and hold the records of the others only."""
    # In a table of several periods a person is another one in each: all are compared.
    asked = pairs and "period" not in held.columns
    apart = set_apart(held, _count_rows(held), pairs) if asked else None
    if apart is None:
        return 0
    alone, others = apart
    engine.drop_table(_RECORDS)
    engine.create_table(_RECORDS, others)
    return alone


def _name_pairs(numbered: Numbered, people: Ints) -> pd.DataFrame:
    """People by their pairs as the expression gives them."""
    pair = np.flatnonzero(people)
    place, label = np.divmod(pair, numbered.labels)
    texts = np.array([str(number) for number in range(numbered.labels)], dtype=object)
    return pd.DataFrame(
        {
            "place": numbered.order()["order"].to_numpy()[place],
            "combination": texts[label],
            "moved": 0,
            "people": people[pair],
        }
    )


def _count_rows(table: Table) -> int:
    return int(table.count().to_pandas())


def _count_held(
    numbered: Numbered, engine: SQLBackend, room: int, readings: int, reading: int
) -> Iterator[pd.DataFrame]:
    """Count the people of the records that are held, in as many parts as there is room for."""
    held = engine.table(_RECORDS)
    rows = _count_rows(held)
    parts = -(-rows * _PERSON_BYTES // max(room - rows * _RECORD_BYTES, 1)) or 1
    for part in range(parts):
        # A view is read again where the expression names it twice; a query would be kept.
        view = _take_part(held, readings * parts, reading * parts + part)
        people = numbered.count(engine.create_view(_PART, view, overwrite=True))
        yield people.to_pandas()


def _take_part(records: Table, parts: int, part: int) -> Table:
    """Some of the persons: those whose numbers lie in one of so many equal ranges."""
    import ibis

    person = records["person"]
    if part:
        records = records.filter(person >= ibis.literal((part << 64) // parts, "uint64"))
    if part + 1 < parts:
        records = records.filter(person < ibis.literal((part + 1 << 64) // parts, "uint64"))
    return records
