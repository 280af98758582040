"""A true coverage: gaps closed, overlaps parted, nobody lost, levels dissolved without slivers."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from factories import squares
from layer_factories import ours

from geo.boundaries.shapes import normalise_shapes, polygonal_part
from geo.shapes.blocks import find_blocks
from geo.shapes.coverage import (
    METRES_A_DEGREE,
    Coverage,
    clean_coverage,
    dissolve_levels,
    km2,
    simplify_coverage,
)

NONE_APART = np.zeros(2, bool)


def metres(*bounds: float) -> shapely.Polygon:
    """A box whose bounds are in metres, at the equator."""
    west, south, east, north = np.array(bounds) / METRES_A_DEGREE
    return shapely.box(115 + west, south, 115 + east, north)


def holes(shape: shapely.Geometry) -> list[shapely.Polygon]:
    """What is cut out of a shape."""
    return [shapely.Polygon(ring) for part in shapely.get_parts(shape) for ring in part.interiors]


def around(gap: shapely.Geometry) -> list[shapely.Geometry]:
    """Two halves of a square, with a gap between them."""
    halves = metres(0, 0, 1000, 2000), metres(1000, 0, 2000, 2000)
    return [half.difference(gap) for half in halves]


def clean(*shapes: shapely.Geometry) -> Coverage:
    found = clean_coverage(np.array(shapes))
    assert shapely.coverage_is_valid(found.shapes[~found.apart])
    return found


def area(*shapes: shapely.Geometry) -> float:
    return float(sum(shape.area for shape in shapes))


def test_a_narrow_hole_goes_to_the_neighbour_with_the_longest_border() -> None:
    sliver = metres(990, 500, 1020, 1500)
    found = clean(*around(sliver))
    west, east = found.shapes
    assert holes(shapely.union(west, east)) == []
    assert area(west, east) == pytest.approx(metres(0, 0, 2000, 2000).area)
    assert found.closed == 1
    assert found.closed_km2 == pytest.approx(km2(np.array([sliver])).sum())
    assert found.parted_km2 == pytest.approx(0, abs=1e-9)


def test_a_wide_hole_stays() -> None:
    lake = metres(800, 800, 1200, 1200)
    found = clean(*around(lake))
    assert [hole.area for hole in holes(shapely.union_all(found.shapes))] == [
        pytest.approx(lake.area)
    ]
    assert found.closed == 0


def test_a_long_bent_hole_is_as_wide_as_its_largest_circle() -> None:
    bent = metres(500, 500, 1500, 540).union(metres(500, 500, 540, 1500))
    assert clean(*around(bent)).closed == 1


def test_an_island_in_a_narrow_hole_is_not_swallowed() -> None:
    moat, island = metres(990, 500, 1010, 1500), metres(995, 900, 1005, 1100)
    found = clean(*around(moat), island)
    assert found.shapes[2].area == pytest.approx(island.area)
    assert area(*found.shapes) == pytest.approx(metres(0, 0, 2000, 2000).area)


def test_overlaps_are_parted() -> None:
    found = clean(metres(0, 0, 1010, 1000), metres(1000, 0, 2000, 1000))
    assert area(*found.shapes) == pytest.approx(metres(0, 0, 2000, 1000).area)
    assert found.parted_km2 == pytest.approx(0.01, rel=0.02)


def test_a_village_that_lies_in_another_stays() -> None:
    inner = metres(200, 200, 400, 400)
    found = clean(metres(0, 0, 1000, 1000), inner)
    assert found.shapes[1].area == pytest.approx(inner.area)
    assert not found.apart.any()


def test_a_village_that_geos_loses_is_sought_with_another_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps, original = [], shapely.coverage_clean

    def lose_one(shapes: np.ndarray, **options: float) -> np.ndarray:
        found = original(shapes, **options)
        steps.append(options["snapping_distance"])
        if len(steps) == 1:
            found[0] = shapely.Polygon()
        return found

    monkeypatch.setattr(shapely, "coverage_clean", lose_one)
    found = clean(metres(0, 0, 1000, 1000), metres(1000, 0, 2000, 1000))
    assert len(set(steps)) == 2
    assert not shapely.is_empty(found.shapes).any()


def test_the_same_polygon_twice_is_kept_apart_and_drawn() -> None:
    twin = metres(0, 0, 1000, 1000)
    found = clean(twin, twin, metres(1000, 0, 2000, 1000))
    assert found.apart.sum() == 1
    simple = simplify_coverage(found.shapes, found.apart, 1e-3)
    assert not shapely.is_empty(simple).any()
    index = pd.Index(["62.05.01.2001", "62.05.02.2001", "62.05.02.2002"])
    levels = dissolve_levels(simple, index, found.apart)
    assert list(levels["subdistrict"].index) == ["62.05.01", "62.05.02"]


def test_squares_dissolve_to_every_level_with_their_area() -> None:
    shapes = squares().set_index("kode").geometry
    levels = dissolve_levels(shapes.to_numpy(), shapes.index, np.zeros(len(shapes), bool))
    assert list(levels["subdistrict"].index) == ["62.05.01", "62.05.02"]
    assert levels["province"].index.tolist() == ["62"]
    for each in levels.values():
        assert area(*each) == pytest.approx(6 * 0.1 * 0.1)


def test_made_villages_stay_whole_with_slits_to_the_outside() -> None:
    shrunk = ours().geometry.scale(0.9995, 0.9995).to_numpy()
    assert area(*clean(*shrunk).shapes) == pytest.approx(area(*shrunk))


def test_a_splinter_cut_off_by_an_overlap_goes_to_whom_it_lies_on() -> None:
    # The strip beyond the small village lies in nobody else's land but touches its neighbour.
    long, small = metres(0, 0, 1030, 1000), metres(1000, -10, 1020, 1010)
    found = clean(long, small, metres(1030, 0, 3000, 1000))
    assert [shape.geom_type for shape in found.shapes] == ["Polygon"] * 3
    assert area(*found.shapes) == pytest.approx(
        area(long, small, metres(1030, 0, 3000, 1000)) - metres(1000, 0, 1020, 1000).area
    )


def test_an_islet_that_touches_nobody_stays() -> None:
    islet = metres(5000, 0, 5010, 10)
    (only,) = clean(metres(0, 0, 1000, 1000).union(islet)).shapes
    assert area(only) == pytest.approx(metres(0, 0, 1000, 1000).area + islet.area)


def test_provinces_that_touch_are_one_block() -> None:
    boxes = [
        metres(0, 0, 9, 9),
        metres(9, 0, 18, 9),
        metres(18.1, 0, 27, 9),
        metres(900, 0, 909, 9),
    ]
    shapes = pd.Series(boxes, [f"{p}.01.01.2001" for p in ("11", "12", "13", "51")])
    assert find_blocks(shapes) == [["11", "12", "13"], ["51"]]


def test_holes_that_are_surely_wide_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[int] = []
    original = shapely.maximum_inscribed_circle

    def count(shapes: np.ndarray, **options: float) -> np.ndarray:
        measured.append(len(shapes))
        return original(shapes, **options)

    monkeypatch.setattr(shapely, "maximum_inscribed_circle", count)
    clean(*around(metres(800, 800, 1200, 1200).union(metres(900, 100, 1100, 110))))
    assert sum(measured) == 0


@pytest.fixture(scope="module")
def province(shared: Path) -> tuple[gpd.GeoSeries, Coverage]:
    """Villages of Kalimantan Tengah as they are in the source, and cleaned."""
    path = shared / "boundaries" / "indonesia_villages.parquet"
    villages = gpd.read_parquet(path, filters=[("kode", ">=", "62"), ("kode", "<", "63")])
    shapes = normalise_shapes(villages.geometry, "villages").shapes.set_axis(villages["kode"])
    return shapes.sort_index(), clean_coverage(shapes.sort_index().to_numpy())


def test_a_real_province_has_no_hole_that_is_not_official(shared: Path, province) -> None:
    levels = dissolve_levels(province[1].shapes, province[0].index, province[1].apart)
    for level, name in [("subdistrict", "subdistricts"), ("regency", "regencies")]:
        official = gpd.read_parquet(shared / "boundaries" / f"indonesia_{name}.parquet")
        official = official.set_index("kode").geometry
        for code, shape in levels[level].items():
            known = shapely.union_all(holes(polygonal_part(shapely.make_valid(official[code]))))
            for hole in holes(shape):
                assert hole.intersection(known).area > hole.area / 2, code


def test_a_real_province_is_valid_seamless_and_whole(province) -> None:
    villages, cleaned = province
    assert shapely.coverage_is_valid(cleaned.shapes)
    assert shapely.is_valid(cleaned.shapes).all()
    assert not cleaned.apart.any()
    moved = cleaned.closed_km2 + cleaned.parted_km2
    assert moved < 0.0005 * km2(cleaned.shapes).sum()
    # Where villages overlap, the smaller has the land; else nobody loses any to speak of.
    parts = gpd.GeoSeries(cleaned.shapes, villages.index, crs=4326)
    share = parts.to_crs(6933).area / villages.to_crs(6933).area
    assert (share.between(0.99, 1.01)).sum() >= len(villages) - 20
    assert share.max() < 1.02


def test_simplifying_a_real_province_keeps_everybody_and_their_borders(province) -> None:
    cleaned = province[1]
    shapes = cleaned.shapes
    for tolerance in (0.0002, 0.0015, 0.01):
        simple = simplify_coverage(shapes, cleaned.apart, tolerance)
        assert shapely.coverage_is_valid(simple)
        assert not shapely.is_empty(simple).any()
        before, after = (shapely.get_num_coordinates(s).sum() for s in (shapes, simple))
        assert after < before
        shapes = simple
