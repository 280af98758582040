"""People of one record, told from the others without comparing anybody.

To group tens of millions of persons takes most of the time of counting, and most of them have one
record. So their numbers are thrown into buckets first, of a byte each: a record that has a bucket
to itself is all there is of its person, who counts where it says. The others, those of several
records and those who met by chance, are left to the expression of `geo.aggregate`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

Ints = npt.NDArray[np.int64]

_BUCKETS_A_RECORD: Final = 6
_BATCH: Final = 1 << 20
# Where fewer are alone, there would be no room to hold the others twice for a moment.
_LEAST_ALONE: Final = 0.6


def set_apart(records: Table, rows: int, pairs: int) -> tuple[Ints, pa.Table] | None:
    """Count the records that are alone, and give the others.

    Parameters
    ----------
    records : ibis.Table
        Held in memory: ``person``, an unsigned number that looks drawn, and ``pair``, from 0.
    rows : int
        How many they are.
    pairs : int
        How many pairs there may be.

    Returns
    -------
    (alone, others) or None
        How many of each pair are alone, and the records that may not be; None where too few are
        alone to be worth it.
    """
    import pyarrow as pa

    buckets = _fill_buckets(records, rows)
    alone = sum(int(np.count_nonzero(some == 1)) for some in np.array_split(buckets, 64))
    if alone <= _LEAST_ALONE * rows:
        return None
    counted, others = np.zeros(pairs, dtype="int64"), []
    for batch in _read(records):
        single = buckets[_bucket_of(batch, buckets)] == 1
        np.add.at(counted, batch["pair"].to_numpy()[single].astype("int64"), 1)
        others.append(batch.filter(pa.array(~single)))
    # A byte that ran over, as 257 records make one, would have more than one record alone.
    return (counted, pa.Table.from_batches(others)) if counted.sum() == alone else None


def _fill_buckets(records: Table, rows: int) -> npt.NDArray[np.uint8]:
    buckets = np.zeros(max(rows * _BUCKETS_A_RECORD, 1), dtype="uint8")
    for batch in _read(records.select("person")):
        np.add.at(buckets, _bucket_of(batch, buckets), np.uint8(1))
    return buckets


def _read(records: Table) -> pa.RecordBatchReader:
    import ibis

    # What Ibis 12 calls for batches is gone from DuckDB 2.
    engine: Any = ibis.get_backend(records)
    return engine.con.sql(ibis.to_sql(records, dialect="duckdb")).to_arrow_reader(_BATCH)


def _bucket_of(batch: pa.RecordBatch, buckets: npt.NDArray[np.uint8]) -> Ints:
    person: npt.NDArray[np.uint64] = batch["person"].to_numpy()
    # By the last bits: by the first ones the records are read in parts, where they do not fit.
    last = person & np.uint64(0xFFFFFFFF)
    return ((last * np.uint64(len(buckets))) >> np.uint64(32)).astype(np.int64)
