"""Levels above the villages: dissolved from them, without slivers, on made and on real layers."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geo.boundary_files.gaps import make_seamless
from layer_factories import ours

from geo.boundaries import dissolve_levels
from geo.boundary_files.shapes import normalise_shapes, polygonal_part

STRIP_M = 30.0


def holes(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """What is cut out of a shape."""
    return [shapely.Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


def ring_around(gap: shapely.Geometry) -> list[shapely.Geometry]:
    """Two halves of a square, with a gap between them."""
    west, east = shapely.box(0, 0, 1000, 2000), shapely.box(1000, 0, 2000, 2000)
    return [west.difference(gap), east.difference(gap)]


def test_a_narrow_hole_goes_to_the_neighbour_with_the_longest_border() -> None:
    sliver = shapely.box(990, 500, 990 + STRIP_M, 1500)
    west, east = make_seamless(np.array(ring_around(sliver)), 50.0)
    assert holes(shapely.union(west, east)) == []
    assert west.area + east.area == pytest.approx(2000 * 2000)
    assert shapely.coverage_is_valid([west, east])


def test_a_wide_hole_stays() -> None:
    lake = shapely.box(800, 800, 1200, 1200)
    both = make_seamless(np.array(ring_around(lake)), 50.0)
    assert [hole.area for hole in holes(shapely.union_all(both))] == [lake.area]


def test_an_island_in_a_narrow_hole_is_not_swallowed() -> None:
    moat = shapely.box(990, 500, 1010, 1500)
    island = shapely.box(995, 900, 1005, 1100)
    shapes = np.array([*ring_around(moat), island])
    result = make_seamless(shapes, 50.0)
    assert shapely.coverage_is_valid(result)
    assert result[2].area == pytest.approx(island.area)
    assert sum(shape.area for shape in result) == pytest.approx(2000 * 2000)


def test_overlaps_are_parted() -> None:
    shapes = [shapely.box(0, 0, 1010, 1000), shapely.box(1000, 0, 2000, 1000)]
    result = make_seamless(np.array(shapes), 50.0)
    assert shapely.coverage_is_valid(result)
    assert sum(shape.area for shape in result) == pytest.approx(2000 * 1000)


def test_made_villages_become_one_piece_a_subdistrict() -> None:
    layer = ours().set_index("kode").geometry
    shrunk = layer.scale(0.9995, 0.9995)
    levels = dissolve_levels(gpd.GeoSeries(shrunk, crs=4326))
    assert shapely.coverage_is_valid(levels["village"].to_numpy())


@pytest.fixture(scope="module")
def province(shared: Path) -> tuple[gpd.GeoDataFrame, dict]:
    """Villages of Kalimantan Tengah as they are in the source, and the levels made of them."""
    villages = gpd.read_parquet(shared / "boundaries" / "indonesia_villages.parquet")
    villages = villages[villages["kode"].str.startswith("62")].set_index("kode")
    shapes = normalise_shapes(villages.geometry, "villages").shapes
    return villages, dissolve_levels(shapes.set_axis(villages.index))


def test_a_real_province_has_no_hole_that_is_not_official(shared: Path, province) -> None:
    for level, name in [("subdistrict", "subdistricts"), ("regency", "regencies")]:
        official = gpd.read_parquet(shared / "boundaries" / f"indonesia_{name}.parquet")
        official = official.set_index("kode").geometry
        for code, shape in province[1][level].items():
            known = shapely.union_all(holes(polygonal_part(shapely.make_valid(official[code]))))
            for hole in holes(shape):
                assert hole.intersection(known).area > hole.area / 2, code


def test_a_real_province_is_valid_seamless_and_in_one_piece_where_villages_touch(province) -> None:
    villages, levels = province
    assert shapely.coverage_is_valid(levels["village"].to_numpy())
    assert len(levels["village"]) == len(villages)
    for shapes in levels.values():
        assert shapes.is_valid.all()
    for code, shape in levels["subdistrict"].items():
        own = levels["village"][levels["village"].index.str.startswith(f"{code}.")]
        assert len(shapely.get_parts(shape)) <= len(shapely.get_parts(own.union_all()))


def test_villages_of_a_real_province_keep_their_area(province) -> None:
    before = province[0].make_valid().to_crs(6933).area
    after = province[1]["village"].to_crs(6933).area
    assert (after / before).between(0.99, 1.01).all()
