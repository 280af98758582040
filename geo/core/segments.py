"""Segments and programmes: keys, labels as offices write them, and combinations.

A person's memberships of one period are kept as one *combination*: text such
as ``pu:jht+jkk+jkm|rt_rw:jkk+jkm`` (segments in order, each with its
programmes). It says everything a later filter asks of segments and
programmes together, and nothing about who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

import pandas as pd

from .errors import QueryProblem, mark
from .privacy import hide_numbers

SEGMENTS: Final = {
    "perangkat_desa": mark("village officers"),
    "rt_rw": mark("neighbourhood heads (RT/RW)"),
    "bpd": mark("village council (BPD)"),
    "non_asn": mark("non-civil-servant staff"),
    "pekerja_rentan": mark("vulnerable workers"),
    "pu": mark("wage earners (PU)"),
    "bpu": mark("self-employed (BPU)"),
    "jakon": mark("construction (Jakon)"),
    "pmi": mark("migrant workers (PMI)"),
}
PROGRAMMES: Final = {
    "jkk": mark("work accident (JKK)"),
    "jkm": mark("death (JKM)"),
    "jht": mark("old age (JHT)"),
    "jp": mark("pension (JP)"),
    "jkp": mark("job loss (JKP)"),
}
_OTHER_LABELS: Final = {
    "penerima_upah": "pu",
    "bukan_penerima_upah": "bpu",
    "jasa_konstruksi": "jakon",
    "tki": "pmi",
    "pekerja_migran": "pmi",
    "perangkat": "perangkat_desa",
    "rtrw": "rt_rw",
    "rentan": "pekerja_rentan",
    "pegawai_non_asn": "non_asn",
}
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
# Segments that the records of a period cover, in order; empty: all workers.
Scope = tuple[str, ...]
ALL_WORKERS: Final = "all"
_MEMBERS: Final = ("active", "inactive")
# A misplaced column can put an identity where a label should be; it goes no further.


def to_segment_keys(labels: pd.Series) -> pd.Series:
    """Segment keys of labels such as ``Non-ASN`` or ``rt/rw``.

    A label that is no known segment is kept as a key of its own, so that its
    people are counted and shown under their label.
    """
    text = labels.fillna("").astype("str")
    keys = {label: _segment_key(label) for label in text.unique()}
    return text.map(keys).astype("str")


def _segment_key(label: str) -> str:
    key = _NOT_WORD.sub("_", hide_numbers(label).lower()).strip("_")
    return _OTHER_LABELS.get(key, key)


def to_programme_keys(labels: pd.Series) -> pd.Series:
    """Programmes as sorted keys joined with ``+``: ``JKM, JKK`` becomes ``jkk+jkm``."""
    text = labels.fillna("").astype("str")
    keys = {label: "+".join(sorted(set(_words(label)))) for label in text.unique()}
    return text.map(keys).astype("str")


def _words(label: str) -> list[str]:
    return [word for word in _NOT_WORD.split(hide_numbers(label).lower()) if word]


def parse_combination(combination: str) -> dict[str, frozenset[str]]:
    """Segments of a combination, each with its programmes."""
    parts = (part.partition(":") for part in combination.split("|") if part)
    return {
        segment: frozenset(p for p in programmes.split("+") if p)
        for segment, _, programmes in parts
    }


def satisfies(combination: str, segments: Collection[str], programmes: Collection[str]) -> bool:
    """Whether a person of this combination has a membership that the filter asks for.

    An empty filter asks for nothing. With both filters, one membership must
    meet both: a wage earner with old-age cover who is also a neighbourhood
    head without it is not a neighbourhood head with old-age cover.
    """
    return any(
        (not segments or segment in segments)
        and (not programmes or held_programmes & set(programmes))
        for segment, held_programmes in parse_combination(combination).items()
    )


def order_segments(keys: Iterable[str]) -> Scope:
    """Distinct segments in the order in which they are shown, those of no known name last."""
    present = set(keys) - {""}
    ordered = [segment for segment in SEGMENTS if segment in present]
    return (*ordered, *sorted(present - {*SEGMENTS}))


def find_scopes(rows: pd.DataFrame) -> dict[str, Scope]:
    """Segments that the members of each period name; empty where none names one.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``period``, ``segment`` (key) and ``outcome``: members are ``active`` or ``inactive``.
    """
    members = rows.loc[rows["outcome"].isin(_MEMBERS), ["period", "segment"]].drop_duplicates()
    groups = members[members["period"] != ""].groupby("period", observed=True)["segment"]
    return {str(period): order_segments(keys) for period, keys in groups}


def parse_scope(text: str) -> Scope:
    """Scope of a text such as ``pu,bpu``; ``all`` says that all workers are covered.

    Raises
    ------
    QueryProblem
        If the text names no segment, or names one beside ``all``.
    """
    keys = to_segment_keys(pd.Series(text.split(","), dtype="str")).tolist()
    if keys == [ALL_WORKERS]:
        return ()
    if not all(keys) or ALL_WORKERS in keys:
        raise QueryProblem(
            mark("{value} names no segments; expected is all, or segments such as {example}."),
            value=text[:60] or "–",
            example="pu,bpu",
        )
    return order_segments(keys)


def write_scope(scope: Scope) -> str:
    """Write a scope as `parse_scope` reads it."""
    return ",".join(scope) or ALL_WORKERS


def check_scope(scope: Scope, known: Iterable[str]) -> None:
    """Refuse a scope with a segment that nobody knows, as it would be one of a typing error.

    Raises
    ------
    QueryProblem
        If a segment is neither one of `SEGMENTS` nor of those given.
    """
    known_segments = order_segments((*SEGMENTS, *known))
    for segment in scope:
        if segment not in known_segments:
            raise QueryProblem(
                mark("{value} is no segment that the file or the eligible workers have: {known}."),
                value=segment,
                known=", ".join(known_segments),
            )


def is_whole(scope: Scope, denominators: Collection[str]) -> bool:
    """Whether records of a scope can be set against all denominators.

    Parameters
    ----------
    scope : tuple of str
        Segments that the records cover; empty for all workers.
    denominators : collection of str
        Segments of the eligible workers; the empty one stands for all workers together.
    """
    return not scope or set(denominators) <= {*scope}
