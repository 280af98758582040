"""Queries drawn at random, each of them consistent."""

from __future__ import annotations

from hypothesis import strategies as st

from geo.core.segments import PROGRAMMES
from geo.enrolment.reference_tables import CONTRIBUTION_BASES
from geo.measures.order import ORDERS
from geo.measures.query import (
    LEAST_PRICE,
    MEASURES,
    MOST_PRICE,
    PALETTES,
    SCHEMES,
    STATES,
    Options,
    Query,
)

VILLAGES = ("62.05.01.2001", "62.05.01.2002", "62.05.02.2001")
OPTIONS = Options(
    periods=("2024-04", "2024-10"),
    segments=("pu", "bpu", "rt_rw"),
    places=frozenset({"", "62", "62.05", "62.05.01", "62.05.02", *VILLAGES}),
)
SUBDISTRICTS = ("62.05.01", "62.05.02")


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


def is_consistent(query: Query) -> bool:
    """Whether no two filters of the query exclude each other."""
    ranges = ((query.gap_min, query.gap_max), (query.rate_min, query.rate_max))
    ordered = all(None in ends or ends[0] <= ends[1] for ends in ranges)
    other_period = not query.compare or query.compare != (query.period or OPTIONS.periods[-1])
    within = all(code.startswith(query.place) for code in query.subdistricts)
    return ordered and other_period and within and (bool(query.basket) or not query.chosen)


rates = st.none() | st.integers(0, 1_500_000).map(lambda n: round(n / 1e6, 6))
counts = st.none() | st.integers(0, 999_999_999)
queries = st.builds(
    Query,
    place=st.sampled_from(sorted(OPTIONS.places)),
    period=st.sampled_from(("", *OPTIONS.periods)),
    segments=some(OPTIONS.segments),
    programmes=some(tuple(PROGRAMMES)),
    subdistricts=some(SUBDISTRICTS),
    gap_min=counts,
    gap_max=counts,
    rate_min=rates,
    rate_max=rates,
    states=some(STATES),
    target=st.integers(10_000, 1_000_000).map(lambda n: round(n / 1e6, 6)),
    contribution=st.sampled_from(sorted(CONTRIBUTION_BASES)),
    measure=st.sampled_from(MEASURES),
    scheme=st.sampled_from(SCHEMES),
    palette=st.sampled_from(PALETTES),
    villages=st.booleans(),
    circles=st.booleans(),
    tiles=st.booleans(),
    selected=st.sampled_from(sorted(OPTIONS.places)),
    compare=st.sampled_from(("", *OPTIONS.periods)),
    price=st.none() | st.integers(LEAST_PRICE, MOST_PRICE),
    order=st.sampled_from([*ORDERS, *(f"-{order}" for order in ORDERS)]),
    basket=st.lists(st.sampled_from(VILLAGES), unique=True).map(sorted).map(tuple),
    chosen=st.booleans(),
).filter(lambda query: is_consistent(query))
