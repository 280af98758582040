"""People of one place and label, told from the others without comparing all.

To group tens of millions of persons takes most of the time of counting, and most of them have one
record. So the first bits of their numbers are sorted, each with the position of its record: whoever
has no neighbour of the same bits has one record, and counts where it says. Of the others, those of
several records and those who met by chance, whole numbers are sorted. Whose records differ is left
to the expression of `geo.counting.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

Part = TypeVar("Part", "pa.Array", "pa.RecordBatch")

_STEP: Final = 1 << 20
# A power of two: sorted some after others, as there is no room for a copy of all.
_PARTS: Final = 4
# Where fewer are alone, there would be no room to hold the others twice for a moment.
_LEAST_ALONE: Final = 0.6


def set_apart(records: pa.Table, pairs: int) -> tuple[Ints, pa.Table] | None:
    """Count the people of one pair, and give the records of the others.

    Parameters
    ----------
    held : pyarrow.Table
        ``person``, an unsigned number that looks drawn, and ``pair``, from 0.
    pairs : int
        How many pairs there may be.

    Returns
    -------
    (people, others) or None
        How many people have each pair and no other, and the records of those who have several;
        None where too few have one record to be worth it.
    """
    import pyarrow as pa

    several = _find_several(records["person"])
    if np.count_nonzero(several) > (1 - _LEAST_ALONE) * len(several):
        return None
    people, parts = np.zeros(pairs, dtype="int64"), []
    for place, batch in _with_places(records.to_batches()):
        np.add.at(people, batch["pair"].to_numpy()[~several[place]], 1)
        parts.append(batch.filter(pa.array(several[place])))
    remaining = pa.Table.from_batches(parts, records.schema)
    return people, remaining.filter(pa.array(_count_same(remaining, people)))


def _count_same(records: pa.Table, people: Ints) -> Bools:
    """Add the people whose records say the same, and tell the records of those who differ."""
    person, pair = records["person"].to_numpy(), records["pair"].to_numpy()
    differs = np.zeros(len(records), dtype="bool")
    for part in range(_PARTS):
        positions = np.flatnonzero(person & np.uint64(_PARTS - 1) == part)
        positions = positions[np.argsort(person[positions])]
        first_rows, differing_rows = _find_same(person[positions], pair[positions])
        np.add.at(people, pair[positions[first_rows]], 1)
        differs[positions[differing_rows]] = True
    return differs


def _with_places(parts: Sequence[Part]) -> Iterator[tuple[slice, Part]]:
    """Parts of a column or table with the places of their rows in all of it."""
    start = 0
    for part in parts:
        yield slice(start, start + len(part)), part
        start += len(part)


def _find_several(person: pa.ChunkedArray) -> Bools:
    """Which records have a neighbour of the same first bits."""
    bits = len(person).bit_length()
    low = np.uint64((1 << bits) - 1)
    key = np.empty(len(person), dtype="uint64")
    for place, chunk in _with_places(person.chunks):
        key[place] = (chunk.to_numpy() & ~low) | np.arange(place.start, place.stop, dtype="uint64")
    key.sort()
    several = np.zeros(len(key), dtype="bool")
    for start in range(0, len(key), _STEP):
        near = key[start : start + _STEP + 1]
        neighbours = np.flatnonzero((near[1:] ^ near[:-1]) <= low)
        several[near[neighbours] & low] = several[near[neighbours + 1] & low] = True
    return several


def _find_same(person: Numbers, pair: Ints) -> tuple[Ints, Bools]:
    """Of sorted persons the first rows of those of one pair, and which rows are of the others."""
    begins = np.flatnonzero(np.diff(person, prepend=~person[:1]))
    if not len(begins):
        return begins, np.zeros(0, dtype="bool")
    one = np.minimum.reduceat(pair, begins) == np.maximum.reduceat(pair, begins)
    return begins[one], np.repeat(~one, np.diff(begins, append=len(person)))
