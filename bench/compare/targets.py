"""What must hold against ``gdf.explore``, and whether it did."""

from __future__ import annotations

from dataclasses import dataclass

from bench.compare.results import GIVEN, OURS, SetResult

REFERENCE = "gdf.explore"
# Figure: how many times better than the reference, by number of villages.
_RATIOS: dict[str, dict[int, float]] = {
    "painted": {1571: 2.5, 8494: 5, 83246: 40},
    "size": {1571: 15, 8494: 25, 83246: 35},
    "warm": {1571: 30, 8494: 25, 83246: 50},
}
_RECOLOURED = {1571: 0.5, 8494: 0.5, 83246: 0.8}  # seconds
_SMALLEST = 103
_NEVER_SLOWER = ("painted", "size", "zipped", "cold", "warm", "peak", "zoomed", "memory")
WORDS = {
    "painted": "browser time to painted",
    "size": "page bytes (with tooltip and legend)",
    "zipped": "page bytes, gzip",
    "cold": "server time, cold",
    "warm": "server time, warm",
    "peak": "server memory",
    "zoomed": "zoom step",
    "memory": "browser memory",
}


@dataclass(frozen=True)
class Check:
    """A target and what was measured.

    Attributes
    ----------
    name : str
        The figure in words.
    size : int
        Villages.
    wanted, found : str
        As they are printed.
    reached : bool
        Whether it holds.
    """

    name: str
    size: int
    wanted: str
    found: str
    reached: bool


def check_targets(result: SetResult) -> list[Check]:
    """Every target of a set of villages that could be measured."""
    checks = [_ratio(result, name, wanted[result.size]) for name, wanted in _RATIOS.items()
              if result.size in wanted]  # fmt: skip
    if result.size == _SMALLEST:
        checks += [_ratio(result, name, 1) for name in _NEVER_SLOWER]
    found = [check for check in checks if check is not None]
    if result.visits and result.size in _RECOLOURED:
        found.append(_recoloured(result, _RECOLOURED[result.size]))
    return [*found, *_traffic(result)]


def _ratio(result: SetResult, name: str, wanted: float) -> Check | None:
    ours, other = result.page(OURS), result.page(REFERENCE, GIVEN)
    own, theirs = (page.figure(name) if page else None for page in (ours, other))
    if not own or theirs is None:
        return None
    ratio = theirs / own
    return Check(WORDS[name], result.size, f"{wanted:g}x", f"{ratio:.3g}x", ratio >= wanted)


def _recoloured(result: SetResult, wanted: float) -> Check:
    took = result.visit("recoloured") or 0.0
    name = "new target to new colours in the app"
    return Check(name, result.size, f"{wanted:g} s", f"{took:.2f} s", took <= wanted)


def _traffic(result: SetResult) -> list[Check]:
    if not result.visits:
        return []
    most, sent = 10_000 + result.size, result.visit("bytes") or 0.0
    name = "websocket bytes of a filter change, on the wire"
    return [Check(name, result.size, f"{most:,}", f"{sent:,.0f}", sent < most)]
