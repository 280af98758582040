"""Shape files: what goes in comes out, neighbours keep their edges, nobody vanishes."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.shape_store.codec import encode_shapes
from tests.shape_files import decode_shapes

QUANTUM = 1e-4
CODES = ["62.05.01.2001", "62.05.01.2002", "62.05.01.2003"]


def layer(*shapes: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=CODES[: len(shapes)], crs=4326)


def names(shapes: gpd.GeoSeries) -> pd.Series:
    return pd.Series([f"Desa {i} é" for i in range(len(shapes))], index=shapes.index)


def encode(shapes: gpd.GeoSeries, quantum: float = QUANTUM) -> bytes:
    return encode_shapes(shapes, names(shapes), level="village", quantum=quantum)


def test_polygons_with_holes_and_parts_come_out_as_they_went_in() -> None:
    box = shapely.box(114.5, -1.2, 114.9, -0.8)
    holed = box.difference(shapely.box(114.6, -1.1, 114.7, -1.0))
    apart = shapely.MultiPolygon([shapely.box(115, 0, 115.1, 0.2), shapely.box(116, 0, 116.1, 1)])
    found = decode_shapes(encode(layer(holed, apart)))
    assert found.polygon(CODES[0]).equals_exact(holed, 1e-9, normalize=True)
    assert found.polygon(CODES[1]).equals_exact(apart, 1e-9, normalize=True)
    assert found.header["codes"] == CODES[:2]
    assert found.header["names"] == ["Desa 0 é", "Desa 1 é"]


def test_neighbours_still_share_their_edge() -> None:
    edge = [(114.500013, -0.9), (114.512367, -0.812349), (114.5000171, -0.7)]
    left = shapely.Polygon([*edge, (114.1, -0.7), (114.1, -0.9)])
    right = shapely.Polygon([*edge, (114.9, -0.7), (114.9, -0.9)])
    found = decode_shapes(encode(layer(left, right)))
    assert shapely.coverage_is_valid([found.polygon(CODES[0]), found.polygon(CODES[1])])


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_place_smaller_than_a_step_keeps_a_ring(at: int) -> None:
    shapes = [shapely.box(114 + i, 0, 114.4 + i, 0.4) for i in range(3)]
    shapes[at] = shapely.box(113.00001, 0, 113.00002, 0.00001)
    found = decode_shapes(encode(layer(*shapes)))
    assert [len(rings) for rings in found.rings] == [1, 1, 1]
    assert found.polygon(CODES[at]).distance(shapes[at]) < QUANTUM
    assert found.polygon(CODES[at - 1]).equals_exact(shapes[at - 1], 1e-9, normalize=True)


def test_the_point_of_a_place_lies_in_it() -> None:
    ring = shapely.Point(114, 0).buffer(1).difference(shapely.Point(114, 0).buffer(0.8))
    found = decode_shapes(encode(layer(ring)))
    assert ring.contains(shapely.Point(found.points[0] * QUANTUM))


def test_a_place_without_a_name_stands_under_its_code() -> None:
    shapes = layer(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    packed = encode_shapes(shapes, names(shapes)[1:], level="village", quantum=QUANTUM)
    assert decode_shapes(packed).header["names"] == [CODES[0], "Desa 1 é"]


def test_the_same_shapes_give_the_same_bytes() -> None:
    shapes = layer(shapely.Point(114, 0).buffer(1))
    assert encode(shapes) == encode(shapes)


@given(
    st.lists(
        st.tuples(st.floats(-179, 178), st.floats(-80, 79), st.floats(1e-7, 1)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([1e-5, 1e-3, 1e-2]),
)
def test_no_vertex_moves_further_than_half_a_step(
    boxes: list[tuple[float, float, float]], quantum: float
) -> None:
    shapes = layer(*(shapely.box(x, y, x + w, y + w) for x, y, w in boxes))
    found = decode_shapes(encode(shapes, quantum))
    assert found.header["codes"] == list(shapes.index)
    for code, shape in shapes.items():
        assert found.polygon(str(code)).hausdorff_distance(shape) <= quantum * 2
