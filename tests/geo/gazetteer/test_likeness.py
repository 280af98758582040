"""Likeness of names and their pairing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.likeness import (
    ABBREVIATED,
    Pair,
    affix_matrix,
    likeness,
    match_probability,
    pair_names,
    similarity,
)
from geo.gazetteer.names import Name, parse_name


def names(*texts: str) -> list[Name]:
    return [parse_name(text) for text in texts]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Sangkorang", "Sangkurang"),
        ("Montallat", "Montalat"),
        ("Lebaq Mantan", "Lebak Mantan"),
        ("Mjg. Sari", "Manunjang Sari"),
        ("Benua Anyar DS", "Benua Anyar Danau Salak"),
    ],
)
def test_one_name_in_two_spellings_is_alike(a: str, b: str) -> None:
    assert similarity(parse_name(a), parse_name(b)) >= 0.9 * ABBREVIATED


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Lemo I", "Lemo II"),
        ("Benao Hilir", "Benao Hulu"),
        ("Sukorejo Lor", "Sukorejo"),
        ("Pucunglor", "Pucungkidul"),
        ("Tawa", "Tawai"),
    ],
)
def test_names_across_a_guard_word_are_not_alike(a: str, b: str) -> None:
    assert similarity(parse_name(a), parse_name(b)) == 0


def test_a_shared_word_is_little_proof() -> None:
    jati, jaya = names("Sindang Jati", "Sindang Jaya")
    assert similarity(jati, jaya) < likeness(jati.stem, jaya.stem)


@given(st.text("abehiknou", max_size=9), st.text("abehiknou", max_size=9))
def test_likeness_is_symmetric_and_a_share(a: str, b: str) -> None:
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert (likeness(a, b) == 1) == (a == b != "")


def test_a_word_counts_as_added_only_if_many_villages_gained_it() -> None:
    old, new = ["Tutung", "Kelubaq", "Banjarejo"], ["Ling Tutung", "Ling Kelubaq", "Ling Banjarejo"]
    assert affix_matrix(names(*old), names(*new), frozenset()).any()
    assert not affix_matrix(names("Liju"), names("Sei Liju"), frozenset()).any()
    assert affix_matrix(names("Jaruju"), names("Tatah Jaruju"), frozenset({"tatah"})).any()


def test_a_name_made_of_two_candidates_is_neither() -> None:
    matrix = affix_matrix(
        names("Gayungan Ketintang"), names("Gayungan", "Ketintang"), frozenset({"gayungan"})
    )
    assert not matrix[:, 1].any()


def test_an_exclusive_pairing_is_best_as_a_whole() -> None:
    matrix = np.array([[0.9, 0.8], [0.85, 0.0]])
    pairs = {(p.row, p.column) for p in pair_names(matrix, exclusive=True)}
    assert pairs == {(0, 1), (1, 0)}
    assert {p.column for p in pair_names(matrix, exclusive=False)} == {0}


def test_more_likeness_and_more_lead_are_more_probable() -> None:
    for dense in (True, False):
        low, lead = Pair(0, 0, 0.8, 0.1), Pair(0, 0, 0.8, 0.3)
        high = Pair(0, 0, 0.9, 0.3)
        chances = [match_probability(pair, dense=dense) for pair in (low, lead, high)]
        assert chances == sorted(chances)
