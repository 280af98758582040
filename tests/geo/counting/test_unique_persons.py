"""People of one place and label are set apart, and nobody else is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.counting.unique_persons import set_apart

PAIRS = 7


def hold(person: np.ndarray) -> pa.Table:
    """Records in several batches, as they are read."""
    rng = np.random.default_rng(1)
    pair = rng.integers(PAIRS, size=len(person)).astype("int32")
    table = pa.table({"person": person, "pair": pair})
    return pa.Table.from_batches(table.to_batches(max_chunksize=10_000), table.schema)


def drawn(count: int) -> np.ndarray:
    return np.random.default_rng(2).integers(1 << 64, size=count, dtype="uint64")


def check(held: pa.Table) -> None:
    """Whoever has one pair is counted in it; all records of the others are left."""
    apart = set_apart(held, PAIRS)
    assert apart is not None
    rows = held.to_pandas()
    several = rows.groupby("person")["pair"].transform("nunique") > 1
    one = rows[~several].drop_duplicates("person")["pair"]
    assert np.array_equal(apart[0], np.bincount(one, minlength=PAIRS))
    pd.testing.assert_frame_equal(apart[1].to_pandas(), rows[several].reset_index(drop=True))


def test_whoever_has_several_pairs_is_left_with_all_records() -> None:
    people = drawn(300_000)
    check(hold(np.concatenate([people, people[:20_000], people[:5_000]])))


def test_who_met_by_chance_is_counted_none_the_less() -> None:
    people = drawn(20_000)
    # The same first bits: neighbours by sorting those, in turns with records of their own.
    near = people[:2_000] ^ np.uint64(5)
    check(hold(np.concatenate([people, near, people[:1_000], near[:1_000]])))


def test_a_person_of_many_records_leaves_the_others_alone() -> None:
    check(hold(np.concatenate([drawn(5001)[1:], np.repeat(drawn(1), 1000)])))


def test_where_nobody_is_there_nobody_is_counted() -> None:
    check(hold(drawn(0)))


def test_where_few_are_alone_all_are_compared() -> None:
    assert set_apart(hold(np.repeat(drawn(100), 2)), PAIRS) is None
