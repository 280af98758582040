"""Shapes as files: named by their content, written once, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from factories import FIRST, VILLAGES, squares

from geo.store import to_collection, write_shapes


@pytest.fixture
def shapes() -> gpd.GeoSeries:
    return squares().set_index("kode").geometry


def test_the_name_is_the_hash_of_the_content(tmp_path: Path, shapes: gpd.GeoSeries) -> None:
    name = write_shapes(shapes, tmp_path / "new" / "folder")
    body = (tmp_path / "new" / "folder" / name).read_bytes()
    assert hashlib.sha256(body).hexdigest().startswith(Path(name).stem)


def test_writing_again_leaves_the_file_as_it_is(tmp_path: Path, shapes: gpd.GeoSeries) -> None:
    first = write_shapes(shapes, tmp_path)
    before = (tmp_path / first).stat()
    assert write_shapes(shapes.copy(), tmp_path) == first
    after = (tmp_path / first).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_other_shapes_have_another_name(tmp_path: Path, shapes: gpd.GeoSeries) -> None:
    moved = shapes.translate(xoff=0.001)
    assert write_shapes(shapes, tmp_path) != write_shapes(moved, tmp_path)


def test_a_write_that_fails_leaves_no_shapes_behind(
    tmp_path: Path, shapes: gpd.GeoSeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_shapes(shapes, tmp_path)
    assert list(tmp_path.glob("*.json")) == []


def test_only_the_finished_file_is_there(tmp_path: Path, shapes: gpd.GeoSeries) -> None:
    name = write_shapes(shapes, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert len(json.loads((tmp_path / name).read_bytes())["features"]) == len(VILLAGES)


def test_features_bear_code_shape_and_an_inner_point(shapes: gpd.GeoSeries) -> None:
    for feature in to_collection(shapes)["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.equals_exact(shapes[feature["id"]], tolerance=1e-5)
        assert shape.contains(shapely.Point(feature["properties"]["point"]))


def test_positions_are_rounded_to_a_metre() -> None:
    exact = shapely.box(115.123456789, -1, 115.2, -0.9)
    (feature,) = to_collection(gpd.GeoSeries([exact], [FIRST], crs=4326))["features"]
    longitudes = {x for ring in feature["geometry"]["coordinates"] for x, _ in ring}
    assert longitudes == {115.12346, 115.2}
