"""Fields of layers in spellings that no maker's convention has."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_factories import as_frame, grid, places

from geo.boundaries.reading import read_boundaries


@pytest.mark.parametrize(
    "names",
    [
        ("nm_kelurahan", "nm_kecamatan", "nm_kabupaten"),
        ("DESA", "KECAMATAN", "KABKOT"),
        ("nm_desa", "nm_kec", "nm_kab"),
    ],
)
def test_names_alone_in_other_spellings(tmp_path: Path, names: tuple[str, str, str]) -> None:
    p = places()
    columns = ("name", "subdistrict", "regency")
    fields = {field: p[column] for field, column in zip(names, columns, strict=True)}
    as_frame(fields, grid()).to_file(tmp_path / "layer.geojson")
    found = read_boundaries(tmp_path / "layer.geojson")
    assert list(found.villages.index) == sorted(p["code"])


def test_names_with_a_prefix(tmp_path: Path) -> None:
    p = places()
    fields = {"DESA": "Kel. " + p["name"], "KECAMATAN": "Kec. " + p["subdistrict"]}
    layer = as_frame(fields | {"KABUPATEN": "Kab. Barito Utara"}, grid())
    layer.to_file(tmp_path / "layer.geojson")
    found = read_boundaries(tmp_path / "layer.geojson")
    assert len(found.villages) >= len(p) - 2
