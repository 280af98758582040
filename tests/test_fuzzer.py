"""A fixed run of the fuzzer, the failures it kept, and that it notices what no reader may do."""

from __future__ import annotations

import sys
from itertools import chain

import pytest

from geo.isolation.limits import list_missing_limits
from tests.fuzz.campaign import (
    CRASHES,
    READERS,
    Input,
    describe,
    list_inputs,
    read_kept,
    run_inputs,
)
from tests.fuzz.targets import LAYERS, TABLES

pytestmark = pytest.mark.skipif(
    bool(list_missing_limits()), reason=f"{sys.platform} cannot hold a process to these limits"
)

SEED = 10
COUNTS = {
    **dict.fromkeys(TABLES, 15),
    **dict.fromkeys(LAYERS, 4),
    **{"query": 500, "view": 10, "settings": 100},
}
MISDEEDS = {
    "raise": ("failure", "ZeroDivisionError"),
    "compute for ever": ("failure", "a hang"),
    "abort": ("failure", "the end of the process, code -6"),
    "abort for memory": ("memory", "abort"),
    "read outside": ("failure", "a file read outside"),
    "tell secret": ("failure", "the planted secret"),
    "write outside": ("failure", "a file outside the folder"),
    "connect": ("failure", "a connection"),
    "tell identity": ("failure", "an identity in a sentence"),
    "say nonsense": ("failure", "KeyError"),
    "return object": ("failure", "TypeError"),
    "fill memory": ("memory", "MemoryError"),
}


def test_a_fixed_run_meets_no_failure() -> None:
    inputs = chain.from_iterable(
        map(list_inputs(reader, SEED), range(COUNTS[reader])) for reader in READERS
    )
    summary = run_inputs(inputs)
    assert [f"{f.given.reader}: {describe(f.outcome)}" for f in summary.failures] == []
    assert summary.counts.total() == sum(COUNTS.values())
    assert summary.counts["reading"] > 400
    assert len(summary.sentences) > 5


def test_what_failed_once_fails_no_more() -> None:
    kept = sorted(CRASHES.glob("*.bin"))
    summary = run_inputs(map(read_kept, kept))
    assert [f"{kept[f.number].name}: {describe(f.outcome)}" for f in summary.failures] == []
    assert summary.counts.total() == len(kept)


def test_each_kept_failure_says_what_it_did() -> None:
    said = (CRASHES / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in CRASHES.glob("*.bin") if f"`{path.name}`" not in said] == []


def test_every_misdeed_is_noticed() -> None:
    summary = run_inputs((Input("misdeed", "x", name.encode()) for name in MISDEEDS), seconds=1)
    noticed = {
        cause.given.data.decode(): (cause.outcome.kind, cause.outcome.what)
        for cause in summary.causes.values()
    }
    assert noticed == MISDEEDS


@pytest.mark.parametrize("reader", [*TABLES, *LAYERS])
def test_inputs_are_the_same_in_every_run(reader: str) -> None:
    one, other = list_inputs(reader, SEED), list_inputs(reader, SEED)
    # An input depends on its number alone, not on those made before.
    backwards = [other(number) for number in reversed(range(20))]
    assert [one(number) for number in range(20)] == backwards[::-1]
