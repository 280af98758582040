"""A fixed run of the fuzzer, the failures it kept, and that it notices what no reader may do."""

from __future__ import annotations

import sys

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
RANGES = {
    **dict.fromkeys(TABLES, range(6)),
    **dict.fromkeys(LAYERS, range(2)),
    **{"query": range(300), "view": range(6), "settings": range(100)},
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


def test_kept_failures_and_a_fixed_run_meet_no_failure() -> None:
    kept = list(map(read_kept, sorted(CRASHES.glob("*.bin"))))
    made = [given for reader in READERS for given in map(list_inputs(reader, SEED), RANGES[reader])]
    summary = run_inputs([*kept, *made])
    assert [
        f"{cause.given.reader}, input {cause.number} (kept: the first {len(kept)}): "
        + describe(cause.outcome)
        for cause in summary.failures
    ] == []
    assert summary.counts.total() == len(kept) + len(made)
    assert summary.counts["reading"] > 250
    assert len(summary.sentences) > 5


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
