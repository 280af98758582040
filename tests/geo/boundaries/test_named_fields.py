"""Layers whose fields are known by the names in them: both in one, or titles that slipped."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from layer_factories import as_frame, grid, places, write

from geo.boundaries.reading import Boundaries, guess_fields, read_boundaries
from geo.core.errors import ColumnProblem


def read(fields: dict[str, object], folder: Path) -> Boundaries:
    return read_boundaries(write(as_frame(fields, grid()), folder / "desa.geojson"))


def joined(separator: str, *, village_first: bool = False) -> pd.Series:
    p = places()
    parts = (p["name"], p["subdistrict"]) if village_first else (p["subdistrict"], p["name"])
    return (parts[0] + separator + parts[1]).str.upper()


@pytest.mark.parametrize("separator", ["_", " - ", "/", ", "])
@pytest.mark.parametrize("village_first", [False, True])
def test_subdistrict_and_village_in_one_field_are_parted(
    tmp_path: Path, separator: str, village_first: bool
) -> None:
    values = joined(separator, village_first=village_first)
    layer = read({"id": range(12), "kec_desa": values, "luas_ha": 1.5}, tmp_path)
    assert layer.villages.index.tolist() == sorted(places()["code"])
    assert layer.audit.count("by_name") == 12
    used = layer.audit.recognition
    name, above = ("kec_desa (1)", "kec_desa (2)")[:: 1 if village_first else -1]
    assert (used.name, used.names["subdistrict"]) == (name, above)
    assert used.examples[name]


def test_titles_shifted_by_a_column_give_way_to_the_values(tmp_path: Path) -> None:
    p = places()
    shifted = {
        "DESA": p["subdistrict"],
        "KECAMATAN": p["regency"],
        "KABUPATEN": p["province"],
        "PROVINSI": "INDONESIA",
        "KETERANGAN": p["name"],
    }
    layer = read(shifted, tmp_path)
    assert layer.villages.index.tolist() == sorted(places()["code"])
    used = layer.audit.recognition
    assert used.name == "KETERANGAN"
    assert used.names == {"subdistrict": "DESA", "regency": "KECAMATAN", "province": "KABUPATEN"}


def test_titles_that_are_right_are_kept(tmp_path: Path) -> None:
    p = places()
    sound = {"DESA": p["name"], "KECAMATAN": p["subdistrict"], "KETERANGAN": p["name"]}
    assert read(sound, tmp_path).audit.recognition.name == "DESA"


def test_fields_without_names_of_places_are_refused_as_before(tmp_path: Path) -> None:
    texts = [f"A{n}_B{n}" for n in range(12)]
    with pytest.raises(ColumnProblem, match="say which does"):
        read({"sifat": texts, "luas": 1.5}, tmp_path)


def test_the_page_shows_the_two_parts_and_they_can_be_chosen(tmp_path: Path) -> None:
    path = write(as_frame({"kec_desa": joined("_")}, grid()), tmp_path / "desa.geojson")
    guess, values = guess_fields(path)
    assert (guess.name, guess.level) == ("kec_desa (2)", "village")
    assert values["kec_desa (2)"][0] == places()["name"][0].upper()
    chosen = read_boundaries(path, mapping={"subdistrict": ""})
    assert chosen.audit.recognition.name == "kec_desa (2)"
    assert chosen.audit.recognition.names == {}
