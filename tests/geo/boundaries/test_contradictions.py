"""Codes of another area than the names beside them: the names decide, or the row is set aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_factories import as_frame, big_2023, grid, places

from geo.boundaries.reading import Boundaries, read_boundaries

ELSEWHERE = "61.01.01.2001"  # a village of Sambas


def read(folder: Path, field: str = "WADMKK", **first: str) -> Boundaries:
    """The layer of BIG with other fields in its first row, and the regency under some name."""
    layer = big_2023().rename(columns={"WADMKK": field})
    for name, value in first.items():
        layer.loc[0, name] = value
    layer.to_file(folder / "layer.geojson")
    return read_boundaries(folder / "layer.geojson")


@pytest.mark.parametrize("field", ["WADMKK", "wiadkk", "KABKOT", "nm_kabkota"])
def test_names_decide_where_the_code_is_of_another_regency(tmp_path: Path, field: str) -> None:
    found = read(tmp_path, field, KDEPUM=ELSEWHERE)
    assert list(found.villages.index) == sorted(places()["code"])
    assert found.audit.of("contradicted")["detail"].tolist() == [ELSEWHERE]
    assert found.audit.balanced


def test_a_row_whose_names_lead_nowhere_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, KDEPUM=ELSEWHERE, NAMOBJ="Tiada", WADMKD="Tiada")
    assert ELSEWHERE not in found.villages.index
    assert len(found.unmatched) == 1
    assert found.audit.balanced


def test_another_subdistrict_of_the_regency_is_listed(tmp_path: Path) -> None:
    other = "Lahei" if places()["subdistrict"].iloc[0] != "Lahei" else "Montallat"
    found = read(tmp_path, WADMKC=other)
    assert places()["code"].iloc[0] in found.villages.index
    assert found.audit.count("contradicted") == 1


def test_an_old_name_of_the_regency_contradicts_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, WADMKK="Barito Lama")
    assert found.audit.count("contradicted") == 0


def test_codes_of_bps_alone_are_read_through_the_crosswalk(tmp_path: Path) -> None:
    layer = as_frame({"iddesa": places()["bps"]}, grid())
    layer.to_file(tmp_path / "layer.geojson")
    assert list(read_boundaries(tmp_path / "layer.geojson").villages.index) == sorted(
        places()["code"]
    )
