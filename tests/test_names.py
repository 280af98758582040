"""Names: spelling is evened out, different places stay different."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.dataset import Dataset
from geo.names import normalise_name, normalise_names


@pytest.mark.parametrize(
    "spelling",
    ["Lemo II", "lemo ii", "LEMO  II", " Desa Lemo II ", "Ds. Lemo II", "Kel.Lemo II", "lemo-ii"],
)
def test_spellings_of_one_name_are_the_same(spelling: str) -> None:
    assert normalise_name(spelling) == "lemo ii"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lemo I", "Lemo II"),
        ("Benao Hilir", "Benao Hulu"),
        ("Liju", "Sei Liju"),
        ("Jangkang Baru", "Jangkang Lama"),
        ("Batu Raya I", "Batu Raya II"),
    ],
)
def test_near_names_stay_different(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@pytest.mark.parametrize("name", ["Kecubung", "Desantara", "Keladan", "Kabupi"])
def test_a_name_that_begins_like_a_prefix_is_kept(name: str) -> None:
    assert normalise_name(name) == name.lower()


def test_a_name_that_is_a_prefix_only_is_kept() -> None:
    assert normalise_name("Desa") == "desa"


@given(name=st.text(max_size=20))
def test_series_and_single_names_agree(name: str) -> None:
    names = pd.Series([name, None], index=[5, 2], dtype="object")
    assert normalise_names(names).to_dict() == {5: normalise_name(name), 2: ""}


def test_villages_of_the_sample_differ_within_their_subdistrict(sample: Dataset) -> None:
    places = sample.places
    keys = places.index.str[:8] + "/" + normalise_names(places["name"])
    assert keys.is_unique
