"""People of one record are set apart, and nobody else is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from geo.warehouse.alone import set_apart

PAIRS = 7


def hold(engine: Any, person: np.ndarray) -> Any:
    rng = np.random.default_rng(1)
    pair = rng.integers(PAIRS, size=len(person)).astype("int32")
    table = pa.table({"person": person, "pair": pair})
    return engine.create_table("held", table, overwrite=True)


def drawn(count: int) -> np.ndarray:
    return np.random.default_rng(2).integers(1 << 64, size=count, dtype="uint64")


def test_whoever_has_two_records_is_among_the_others(embedded: Any) -> None:
    people = drawn(300_000)
    held = hold(embedded, np.concatenate([people, people[:20_000], people[:5_000]]))
    rows = held.to_pandas()
    apart = set_apart(held, len(rows), PAIRS)
    assert apart is not None
    alone, others = apart[0], apart[1].to_pandas()
    assert set(people[:20_000]) <= set(others["person"])
    assert others["person"].isin(people[:20_000]).sum() == 45_000
    # Who met by chance is a person of one record; nobody is lost, and few are left over.
    assert alone.sum() + len(others) == len(rows)
    assert len(others) < 45_000 + 0.25 * len(people)
    left = np.bincount(others["pair"], minlength=PAIRS)
    assert np.array_equal(alone + left, np.bincount(rows["pair"], minlength=PAIRS))


def test_a_bucket_that_ran_over_sets_nobody_apart(embedded: Any) -> None:
    often = np.repeat(drawn(1), 257)  # a byte makes 1 of it
    held = hold(embedded, np.concatenate([drawn(1001)[1:], often]))
    assert set_apart(held, 1257, PAIRS) is None


def test_a_person_of_many_records_leaves_the_others_alone(embedded: Any) -> None:
    held = hold(embedded, np.concatenate([drawn(5001)[1:], np.repeat(drawn(1), 1000)]))
    apart = set_apart(held, 6000, PAIRS)
    assert apart is not None
    assert (apart[1]["person"].to_numpy() == drawn(1)[0]).sum() == 1000


@pytest.mark.parametrize("person", [drawn(0), np.repeat(drawn(100), 2)])
def test_where_few_are_alone_all_are_compared(embedded: Any, person: np.ndarray) -> None:
    assert set_apart(hold(embedded, person), len(person), PAIRS) is None
