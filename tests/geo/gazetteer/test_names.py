"""How names read once their spelling habits are removed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.names import (
    name_variants,
    normalise_name,
    parse_name,
    plain_name,
    roman_value,
    split_regency,
)
from geo.gazetteer.word_lists import ABBREVIATIONS, EQUIVALENTS, PREFIXES

TEXT = (
    "Desa Ds. Kel. Sei Sungai Tj. S. Lemo II 2 dua puluh belas Baru lama (lama) x Hulu ilir A/B 'u "
    "Kampung Gampong VIII iv 011 dan Kab. KOTA -"
)
WORDS = st.sampled_from(TEXT.split())


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("TEWEH  BARU", "teweh baru"),
        ("Desa Benangin II", "benangin 2"),
        ("Benangin Dua", "benangin 2"),
        ("Kel. Lanjas", "lanjas"),
        ("Ds. Sei Rahayu 1", "sungai rahayu 1"),
        ("Tj. Harapan", "tanjung harapan"),
        ("Sbr. Rejo", "sumber rejo"),
        ("S. Durait Ilir", "sungai durait hilir"),
        ("Mano'an", "manoan"),
        ("Olak-olak Kubu", "olak olak kubu"),
        ("Tanjung Niara (Wosia)", "tanjung niara"),
        ("Kurau (Timur)", "kurau timur"),
        ("Dua-puluh Ilir Tiga", "20 hilir 3"),
        ("Delapanbelas Ilir", "18 hilir"),
        ("2 x 11 Anam Lingkuang", "2 x 11 6 lingkuang"),
        ("Benteng TawaI", "benteng tawa 1"),
        ("Muara Joloi 02", "muara joloi 2"),
        ("Désa Kébon", "kebon"),
    ],
)
def test_spelling_habits_are_removed(written: str, normal: str) -> None:
    assert normalise_name(written) == normal


def test_a_prefix_stays_when_no_name_would_be_left() -> None:
    assert normalise_name("Desa Baru") == "desa baru"
    assert normalise_name("Desa") == "desa"
    assert normalise_name("Desa II") == "desa 2"


def test_an_empty_text_is_an_empty_name() -> None:
    assert normalise_name("") == normalise_name(" - ") == ""


@given(st.one_of(st.text(), st.lists(WORDS, max_size=5).map(" ".join)))
def test_normalisation_is_idempotent(text: str) -> None:
    once = normalise_name(text)
    assert normalise_name(once) == once


@given(st.lists(WORDS, max_size=5).map(" ".join))
def test_case_and_spacing_do_not_matter(text: str) -> None:
    assert normalise_name(text.lower()) == normalise_name("  " + text.lower().replace(" ", "   "))


def test_equivalents_lead_to_themselves() -> None:
    for target in [*EQUIVALENTS.values(), *ABBREVIATIONS.values()]:
        assert target not in EQUIVALENTS
        assert target not in ABBREVIATIONS
        assert target not in PREFIXES


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Lemo I", "Lemo II"),
        ("Benao Hilir", "Benao Hulu"),
        ("Jangkang Baru", "Jangkang Lama"),
        ("Pucunglor", "Pucung Kidul"),
        ("Oebelo A", "Oebelo B"),
        ("Banjaran Kulon", "Banjaran"),
        ("Silungkang Duo", "Silungkang Tigo"),
        ("Sungai Atas", "Sungai Bawah"),
    ],
)
def test_guard_words_differ(a: str, b: str) -> None:
    assert parse_name(a).guard != parse_name(b).guard


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Gentengkulon", "Genteng Kulon"),
        ("Jingah Hilir", "Jingah Ilir"),
        ("Sembuluh Satu", "Sembuluh I"),
        ("Gampong Baro", "Kampung Baru"),
    ],
)
def test_spellings_of_one_guard_word_agree(a: str, b: str) -> None:
    assert parse_name(a).guard == parse_name(b).guard
    assert parse_name(a).key == parse_name(b).key


def test_local_kind_words_are_only_dropped_from_the_core() -> None:
    name = parse_name("Kampung Dalam")
    assert (name.key, name.core) == ("kampungdalam", "dalam")


@pytest.mark.parametrize(
    ("token", "value"),
    [("i", 1), ("iv", 4), ("ix", 9), ("xvi", 16), ("c", 0), ("iiii", 0), ("", 0)],
)
def test_roman_numerals(token: str, value: int) -> None:
    assert roman_value(token) == value


def test_plain_name_keeps_letters_and_digits() -> None:
    assert plain_name("Sa'dan  Malimbong-2") == "sadanmalimbong2"


def test_alternatives_are_names_and_lists_of_numerals_are_not() -> None:
    assert name_variants("Baruang/Ekeno") == ("Baruang", "Ekeno")
    assert name_variants("Cemaga Utara (Singgang Bulan)") == ("Cemaga Utara", "Singgang Bulan")
    assert name_variants("Parit I/II") == ()
    assert name_variants("Lemo") == ()


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("KAB. BOGOR", "kabupaten", "BOGOR"),
        ("Kab.Bogor", "kabupaten", "Bogor"),
        ("Kabupaten Bogor", "kabupaten", "Bogor"),
        ("KOTA BOGOR", "kota", "BOGOR"),
        ("Kota Administrasi Jakarta Pusat", "kota", "Jakarta Pusat"),
        ("Kotawaringin Barat", "", "Kotawaringin Barat"),
        ("Bogor", "", "Bogor"),
        ("", "", ""),
    ],
)
def test_the_kind_of_a_regency_is_kept_apart(text: str, kind: str, name: str) -> None:
    assert split_regency(text) == (kind, name)
