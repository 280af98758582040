"""People of records whose places and kinds became numbers, counted by the engine that has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from .engines import EMBEDDED, count_bytes
from .persons import is_unknown, seems_padded
from .record_stream import count_places, read_numbers
from .rules import build_people, combine_records, pair_up
from .unique_persons import Ints, set_apart

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

KIND: Final = ("period", "segment", "programme", "status", "end")
# Tables and a view in the memory of the embedded engine.
_RECORDS: Final = "jangkau_records"
_PART: Final = "jangkau_part"
# What is held of each record, also while those who are alone are set apart, and of each person
# while they are counted; and what it takes to read files. As measured.
_RECORD_BYTES: Final = 18
_READ_BYTES: Final = 32
_PERSON_BYTES: Final = 60
_READING_BYTES: Final = 100_000_000
# Of more places with labels there is no array of the people of each.
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
    matching : callable
        Begins to match when it is first called: to the ``order`` and ``village`` of each spelling
        (`geo.counting.rules.build_people`), and the list that the order points to.
    stripped : bool
        Whether no identity has spaces around it; if not, it is found out while they are read.
    """

    records: Table
    kinds: pd.DataFrame
    spelled: pd.DataFrame
    matching: Callable[[], Future[tuple[pd.DataFrame, pd.DataFrame]]]
    stripped: bool

    @property
    def order(self) -> pd.DataFrame:
        """``order`` and ``village`` of each spelling; waits for them."""
        return self.matching().result()[0]

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return int(self.kinds["label"].max()) + 1

    @property
    def rows(self) -> int:
        """How many active records there are."""
        return int(self.kinds.loc[self.kinds["outcome"] == "active", "rows"].sum())

    def take(self) -> Table:
        """Of the active records the persons, with period and day, and what they are paired to."""
        import ibis

        places = list(self.spelled.columns)
        numbers = ibis.memtable(self.spelled.assign(place=range(len(self.spelled))))
        active, kinds = take_active(self.records, self.kinds)
        kind_texts = [name for name in kinds.columns if name != "label"]
        joined = active.join(ibis.memtable(kinds), kind_texts).join(numbers, places)
        pair = pair_up(joined["place"], joined["label"], len(self.spelled), self.labels)
        keys = [key for key in ("period", "person") if key in active.columns]
        return joined.select(*keys, "start", pair=pair)

    def read(self, parts: int, part: int) -> pa.Table:
        """Read the active records of some of the persons into memory as numbers."""
        active, kinds = take_active(self.records, self.kinds)
        if not self.stripped:
            active = active.mutate(padded=seems_padded(active))
        return read_numbers(_take_part(active, parts, part), self.spelled, kinds, self.labels)

    def count_rows(self, encoded: Table) -> Table:
        """How many records of each place there are among those."""
        keys = [key for key in ("period",) if key in encoded.columns]
        by = encoded.group_by(*keys, place=encoded["pair"].cast("int64") // self.labels)
        return by.agg(rows=encoded.count())

    def count(self, encoded: Table, build: Callable[..., Table] = build_people) -> Table:
        """How many people there are among those."""
        import ibis

        places = self.order.rename_axis(index="place").reset_index()
        segments = self.kinds[["label", "segment_no"]].drop_duplicates()
        segments = segments.set_axis(["label", "segment"], axis=1)
        return build(encoded, ibis.memtable(places), ibis.memtable(segments), self.labels)


def take_active(records: Table, kinds: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """Select records with an identity, and the texts and label of kinds that are active."""
    active = kinds[kinds["outcome"] == "active"]
    active_kinds = active[[*_least_columns(kinds), "label"]].drop_duplicates()
    if not kinds["known"].all():
        records = records.filter(~is_unknown(records["identity"]))
    return records, active_kinds.rename(columns={"period": "period_text"})


def _least_columns(kinds: pd.DataFrame) -> list[str]:
    """Find the fewest columns that tell a kind: each costs time to compare."""
    with_identity, names = kinds[kinds["known"]], list(KIND)
    for name in KIND:
        remaining = [column for column in names if column != name]
        meanings = with_identity.groupby(remaining)[["outcome", "label"]] if remaining else None
        if meanings is not None and (meanings.nunique() <= 1).all(axis=None):
            names = remaining
    return names


def count_numbered(numbered: Numbered) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count people; in the embedded engine some after others, as many as its memory holds.

    It writes nothing to disk. So the records are read into memory as numbers, all of them where
    they fit, else those of some of the people after those of others. People whose records say one
    place and label are set apart first (`geo.counting.unique_persons`).

    Parameters
    ----------
    numbered : Numbered
        Records and their numbers.

    Returns
    -------
    people, rows
        As `geo.counting.rules.build_people`; and the active ``rows`` by ``period``, where there are
        several, and ``place``. Several rows may mean one.
    """
    import ibis
    import pyarrow as pa

    engine = ibis.get_backend(numbered.records)
    if engine.name != EMBEDDED:
        encoded = numbered.take()
        return numbered.count(encoded).to_pandas(), numbered.count_rows(encoded).to_pandas()
    room = max(count_bytes(engine) - _READING_BYTES, _READING_BYTES // 10)
    readings = -(-numbered.rows * _READ_BYTES // room) or 1
    people, places = [], []
    for reading in range(readings):
        records = numbered.read(readings, reading)
        # Not before: reading keeps all cores busy, what follows one.
        numbered.matching()
        places.append(count_places(records, numbered.labels))
        single_persons = _set_apart(numbered, records)
        build = build_people
        if single_persons:
            build = combine_records
            people.append(_name_pairs(numbered, single_persons[0]))
            records = single_persons[1]
        engine.create_table(_RECORDS, records)
        del records, single_persons
        pa.default_memory_pool().release_unused()
        people += _count_held(numbered, build, room, readings, reading)
        engine.drop_table(_RECORDS)
    return pd.concat(people, ignore_index=True), pd.concat(places, ignore_index=True)


def _set_apart(numbered: Numbered, records: pa.Table) -> tuple[Ints, pa.Table] | None:
    """People of one pair, and the records of the others."""
    pairs = len(numbered.spelled) * numbered.labels
    # In a table of several periods a person is another one in each: all are compared.
    if pairs > _MOST_PAIRS or "period" in records.column_names:
        return None
    return set_apart(records, pairs)


def _name_pairs(numbered: Numbered, people: Ints) -> pd.DataFrame:
    """People by their pairs as the expression gives them."""
    pair = np.flatnonzero(people)
    place, label = np.divmod(pair, numbered.labels)
    texts = np.array([str(number) for number in range(numbered.labels)], dtype=object)
    return pd.DataFrame(
        {
            "place": numbered.order["order"].to_numpy()[place],
            "combination": texts[label],
            "moved": 0,
            "people": people[pair],
        }
    )


def _count_held(
    numbered: Numbered, build: Callable[..., Table], room: int, readings: int, reading: int
) -> Iterator[pd.DataFrame]:
    """Count the people of the records that are held, in as many parts as there is room for."""
    import ibis

    engine = ibis.get_backend(numbered.records)
    records = engine.table(_RECORDS)
    rows = int(records.count().to_pandas())
    parts = -(-rows * _PERSON_BYTES // max(room - rows * _RECORD_BYTES, 1)) or 1
    for part in range(parts):
        # A view is read again where the expression names it twice; a query would be kept.
        view = _take_part(records, readings * parts, reading * parts + part)
        people = numbered.count(engine.create_view(_PART, view, overwrite=True), build)
        yield people.to_pandas()


def _take_part(records: Table, parts: int, part: int) -> Table:
    """Select the persons whose numbers lie in one of so many equal ranges."""
    import ibis

    person = records["person"]
    if part:
        records = records.filter(person >= ibis.literal((part << 64) // parts, "uint64"))
    if part + 1 < parts:
        records = records.filter(person < ibis.literal((part + 1 << 64) // parts, "uint64"))
    return records
