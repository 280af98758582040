"""Approximate boundaries: they tile the published area, and each holds its point."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.boundaries.approximate import approximate_boundaries
from geo.core.defaults import SAMPLE_BOUNDARIES
from geo.core.errors import ColumnProblem
from geo.measures.dataset import Dataset

EQUAL_AREA = "ESRI:54034"
AREA = 9_984.8

# Positions on a grid of 0.1 degrees: any shape, any place on land, none twice.
positions = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=25, unique=True
)
corners = st.sampled_from([(114.0, -1.5), (-70.0, 45.0), (10.0, 0.0)])


def points(grid: list[tuple[int, int]], corner: tuple[float, float] = (114, -1)) -> gpd.GeoSeries:
    west, south = corner
    x, y = np.array(grid, dtype="float64").T / 10
    return gpd.GeoSeries(
        gpd.points_from_xy(west + x, south + y, crs=4326), [f"v{i}" for i in range(len(grid))]
    )


def km2(shapes: gpd.GeoSeries) -> pd.Series:
    return shapes.to_crs(EQUAL_AREA).area / 1e6


@given(grid=positions, corner=corners)
def test_cells_of_any_points_tile_the_area(
    grid: list[tuple[int, int]], corner: tuple[float, float]
) -> None:
    places = points(grid, corner)
    cells = approximate_boundaries(places, area_km2=40_000)
    assert cells.index.equals(places.index)
    assert cells.is_valid.all()
    assert cells.covers(places).all()
    assert km2(cells).sum() == pytest.approx(40_000, rel=0.005)
    united = cells.to_crs(EQUAL_AREA).union_all().area / 1e6
    assert united == pytest.approx(km2(cells).sum(), rel=1e-4)


@given(grid=positions, corner=corners, seed=st.integers(0, 99))
def test_cells_of_any_areas_tile_the_outline(
    grid: list[tuple[int, int]], corner: tuple[float, float], seed: int
) -> None:
    places = points(grid, corner)
    areas = np.random.default_rng(seed).lognormal(sigma=1.0, size=len(places))
    cells = approximate_boundaries(
        places, area_km2=40_000, areas_km2=pd.Series(areas, places.index)
    )
    assert cells.index.equals(places.index)
    assert cells.is_valid.all()
    assert cells.covers(places).all()
    assert km2(cells).sum() == pytest.approx(40_000, rel=0.005)
    united = cells.to_crs(EQUAL_AREA).union_all().area / 1e6
    assert united == pytest.approx(km2(cells).sum(), rel=1e-4)


def test_each_village_of_the_sample_has_about_its_published_area(sample: Dataset) -> None:
    table = pd.read_csv(SAMPLE_BOUNDARIES, dtype={"code": "str"}).set_index("code").sort_index()
    cells = km2(sample.shapes.full("village"))
    off = np.abs(np.log(cells / table["area_km2"]))
    assert off.median() < 0.05
    assert off.max() < 0.3


def test_cells_lie_where_the_villages_are(sample: Dataset, shared: Path) -> None:
    """What the source of the sample's boundaries says of the overlap."""
    layer = gpd.read_file(shared / "boundaries" / "barito_utara_villages.geojson")
    real = layer.set_index("kode").to_crs(EQUAL_AREA).geometry.make_valid()
    cells = sample.shapes.full("village").to_crs(EQUAL_AREA)
    common = shapely.area(shapely.intersection(cells.array, real.reindex(cells.index).array))
    overlap = common / (cells.area + real.reindex(cells.index).area - common)
    assert overlap.median() >= 0.505
    assert "51 %" in sample.boundaries.source


def test_points_on_a_line_are_no_obstacle() -> None:
    cells = approximate_boundaries(points([(0, 0), (1, 0), (2, 0)]), area_km2=2_000)
    assert km2(cells).sum() == pytest.approx(2_000, rel=0.005)


def test_the_sample_has_the_published_area(sample: Dataset) -> None:
    assert km2(sample.shapes.full("village")).sum() == pytest.approx(AREA, rel=0.001)


def test_each_village_of_the_sample_holds_its_point(sample: Dataset) -> None:
    table = pd.read_csv(SAMPLE_BOUNDARIES, dtype={"code": "str"}).set_index("code").sort_index()
    places = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"], crs=4326), table.index)
    cells = sample.shapes.full("village")
    assert cells.covers(places).all()
    assert len(cells) == 103


def test_cells_of_the_sample_do_not_overlap(sample: Dataset) -> None:
    cells = sample.shapes.full("village").to_crs(EQUAL_AREA)
    left, right = cells.sindex.query(cells, predicate="overlaps")
    shared = shapely.intersection(cells.values[left], cells.values[right])
    assert shapely.area(shared).sum() < 1


def test_points_of_another_coordinate_system_give_the_same_cells() -> None:
    places = points([(0, 0), (3, 1), (2, 4), (5, 5)])
    plain = approximate_boundaries(places, area_km2=9_000)
    moved = approximate_boundaries(places.to_crs(32750), area_km2=9_000)
    assert plain.geom_equals_exact(moved, tolerance=1e-6).all()


def test_two_points_are_too_few() -> None:
    with pytest.raises(ColumnProblem, match="2 points"):
        approximate_boundaries(points([(0, 0), (1, 1)]), area_km2=100)


def test_a_point_given_twice_names_its_places() -> None:
    with pytest.raises(ColumnProblem, match="v0, v2"):
        approximate_boundaries(points([(0, 0), (1, 1), (0, 0)]), area_km2=100)


def test_an_area_smaller_than_the_points_is_refused() -> None:
    with pytest.raises(ColumnProblem, match="more than the area given, 5 km²"):
        approximate_boundaries(points([(0, 0), (9, 0), (0, 9)]), area_km2=5)
