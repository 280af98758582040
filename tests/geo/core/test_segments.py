"""Segments and programmes: labels become keys, memberships a combination."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.core.segments import (
    PROGRAMMES,
    SEGMENTS,
    parse_combination,
    satisfies,
    to_programme_keys,
    to_segment_keys,
)

memberships = st.dictionaries(
    st.sampled_from(sorted(SEGMENTS)),
    st.frozensets(st.sampled_from(sorted(PROGRAMMES))),
    min_size=1,
)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Perangkat  Desa", "perangkat_desa"),
        ("RT/RW", "rt_rw"),
        ("rtrw", "rt_rw"),
        ("NON-ASN ", "non_asn"),
        ("Pekerja Rentan", "pekerja_rentan"),
        ("Bukan Penerima Upah", "bpu"),
        ("Jasa Konstruksi", "jakon"),
        ("TKI", "pmi"),
        ("Guru Mengaji", "guru_mengaji"),
        ("", ""),
    ],
)
def test_labels_of_offices_become_keys(label: str, key: str) -> None:
    assert to_segment_keys(pd.Series([label])).tolist() == [key]


@pytest.mark.parametrize("label", ["JKM, JKK", "jkk+jkm", "JKK JKM JKK", " JKM;JKK "])
def test_programmes_are_sorted_and_distinct(label: str) -> None:
    assert to_programme_keys(pd.Series([label])).tolist() == ["jkk+jkm"]


def test_keys_keep_the_index_and_bear_missing_labels() -> None:
    labels = pd.Series(["PU", None], index=[3, 1], dtype="str")
    assert to_segment_keys(labels).to_dict() == {3: "pu", 1: ""}
    assert to_programme_keys(labels).to_dict() == {3: "pu", 1: ""}


@given(held=memberships)
def test_a_combination_says_what_went_into_it(held: dict[str, frozenset[str]]) -> None:
    text = "|".join(f"{segment}:{'+'.join(sorted(p))}" for segment, p in sorted(held.items()))
    assert parse_combination(text) == held
    assert satisfies(text, (), ())
    assert all(satisfies(text, (segment,), tuple(p)) for segment, p in held.items() if p)


def test_one_membership_must_meet_both_filters() -> None:
    combination = "pu:jht+jkk|rt_rw:jkk"
    assert satisfies(combination, ("pu", "bpu"), ("jht",))
    assert not satisfies(combination, ("rt_rw",), ("jht",))
    assert not satisfies(combination, ("bpu",), ())
    assert not satisfies(combination, (), ("jp",))
