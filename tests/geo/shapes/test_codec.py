"""Shape files: what goes in comes out, neighbours keep their edges, nobody vanishes."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from browser import CHROMIUM, chromium
from hypothesis import assume, given
from hypothesis import strategies as st
from shape_files import ShapeFile, decode_shapes

from geo.maps.scripts import map_script
from geo.shapes.codec import encode_shapes
from geo.shapes.coverage import clean_coverage, simplify_coverage

QUANTUM = 1e-4
CODES = ["62.05.01.2001", "62.05.01.2002", "62.05.01.2003"]
# A file decoded in the browser, positions back in steps of 2e-4 degrees.
DECODE = """
(text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const found = Jangkau.decode(bytes.buffer);
  const latitude = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  const steps = (degrees) => Math.round(degrees / 2e-4);
  const back = (xs, ys) => [...xs].map((x, i) => [steps((x - 0.5) * 360), steps(latitude(ys[i]))]);
  const { codes, names, firstRing, firstWalk, along, arcs, boxes } = found;
  const ends = (firsts, i) => [firsts[i], firsts[i + 1]];
  const arcOf = (a, range = ends(arcs.firstVertex, a)) =>
    back(arcs.x.slice(...range), arcs.y.slice(...range));
  const walked = (a) => (a < 0 ? arcOf(-1 - a).reverse() : arcOf(a)).slice(0, -1);
  const corner = (side) => [...codes].map((_, i) => boxes[i * 4 + side]);
  return {
    codes, names, firstRing: [...firstRing],
    rings: [...firstWalk.slice(1)].map((_, r) => [...along.slice(...ends(firstWalk, r))])
      .map((walks) => walks.flatMap(walked)),
    points: back(found.pointX, found.pointY),
    northWest: back(corner(0), corner(1)), southEast: back(corner(2), corner(3)),
    arcs: [...arcs.left].map((_, a) => arcOf(a)),
    sides: [...arcs.left].map((left, a) => [left, arcs.right[a]]),
  };
}
"""


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
    assert found.codes == CODES[:2]
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
    assert found.codes == list(shapes.index)
    for code, shape in shapes.items():
        assert found.polygon(str(code)).hausdorff_distance(shape) <= quantum * 2


def sides(found: ShapeFile) -> Counter[tuple[int, int]]:
    return Counter((low, high) for low, high in map(sorted, found.sides))


def vertices(found: ShapeFile) -> int:
    return sum(len(ring) for rings in found.rings for ring in rings)


def edges_of(shape: shapely.Geometry) -> Counter[frozenset[tuple[int, int]]]:
    """Edges of a shape on the grid, whichever way round."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    grid = [[(round(x / QUANTUM), round(y / QUANTUM)) for x, y in ring.coords] for ring in rings]
    return Counter(frozenset(edge) for ring in grid for edge in pairwise(ring))


def assert_whole(found: ShapeFile, shapes: gpd.GeoSeries) -> None:
    """Rings have the edges that went in, and arcs none that their places have not."""
    for shape, rings in zip(shapes, found.rings, strict=True):
        closed = [[*map(tuple, ring), tuple(ring[0])] for ring in rings]
        assert Counter(frozenset(e) for ring in closed for e in pairwise(ring)) == edges_of(shape)
    for (left, right), arc in zip(found.sides, found.arcs, strict=True):
        for place in {left, right} - {-1}:
            assert all(edges_of(shapes.iloc[place])[frozenset(edge)] for edge in pairwise(arc))


def test_a_border_that_two_places_share_is_told_once() -> None:
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    found = decode_shapes(encode(layer(left, right)))
    assert_whole(found, layer(left, right))
    assert sides(found) == {(-1, 0): 1, (-1, 1): 1, (0, 1): 1}
    assert found.header["vertices"] == 6


def test_borders_shared_in_part_end_where_the_third_place_begins() -> None:
    # A vertex of the one in the middle of an edge of the other: nothing is shared there.
    big = shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 2), (0, 2)])
    shapes = layer(big, shapely.box(1, 0, 2, 1), shapely.box(1, 1, 2, 3))
    found = decode_shapes(encode(shapes))
    assert_whole(found, shapes)
    assert sides(found) == {(-1, 0): 1, (-1, 1): 1, (-1, 2): 1, (0, 1): 1, (1, 2): 1}


def test_an_enclave_shares_the_hole_it_lies_in() -> None:
    inner = shapely.Point(0.5, 0.5).buffer(0.2, quad_segs=3)
    outer = shapely.box(0, 0, 1, 1).difference(inner)
    islet = shapely.box(3, 3, 3.1, 3.1)
    found = decode_shapes(encode(layer(outer, inner, islet)))
    assert_whole(found, layer(outer, inner, islet))
    assert sides(found) == {(-1, 0): 1, (0, 1): 1, (-1, 2): 1}
    assert found.header["vertices"] == 4 + 12 + 4


def test_places_that_overlap_stay_whole() -> None:
    shapes = layer(shapely.box(0, 0, 1, 1), shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 1.5, 1))
    found = decode_shapes(encode(shapes))
    assert_whole(found, shapes)
    assert sides(found) == {(-1, 0): 1, (-1, 1): 1, (-1, 2): 1}


@given(st.lists(st.integers(-1, 2), min_size=36, max_size=36))
def test_any_pattern_of_cells_comes_out_whole(owners: list[int]) -> None:
    """Squares of a board given to three places or none: islands, holes, corners that touch."""
    cells = [shapely.box(at % 6, at // 6, at % 6 + 1, at // 6 + 1) for at in range(len(owners))]
    own = [[c for c, mine in zip(cells, owners, strict=True) if mine == at] for at in range(3)]
    assume(any(own))
    shapes = layer(*(shapely.coverage_union_all(each) for each in own if each))
    found = decode_shapes(encode(shapes))
    assert_whole(found, shapes)
    shared = Counter(edge for shape in shapes for edge in edges_of(shape))
    arcs = sum(len(arc) - 1 for arc in found.arcs)
    assert arcs == len(shared)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=12),
        min_size=1,
        max_size=3,
    )
)
def test_rings_that_the_grid_folded_come_out_whole(paths: list[list[tuple[int, int]]]) -> None:
    """Rings through the same few points: spikes, edges walked again and again, crossings."""
    drawn = [path for path in paths if len({*path}) > 1]
    loops = [
        [at for at, before in zip(path, [path[-1], *path], strict=False) if at != before]
        for path in drawn
    ]
    loops = [loop for loop in loops if len(loop) > 2]
    assume(loops)
    shapes = layer(*(shapely.Polygon(np.array(loop) * 0.1) for loop in loops))
    assert_whole(decode_shapes(encode(shapes)), shapes)


def test_real_borders_are_told_once(shared: Path) -> None:
    real = gpd.read_file(shared / "boundaries" / "barito_utara_villages.geojson").set_index("kode")
    clean = real.geometry.set_axis(real.index)
    apart = np.zeros(len(clean), bool)
    simple = simplify_coverage(clean_coverage(clean.to_numpy()).shapes, apart, 0.0015)
    shapes = gpd.GeoSeries(simple, index=clean.index, crs=4326).sort_index()
    found = decode_shapes(encode_shapes(shapes, real["nama"], level="village", quantum=2e-4))
    assert found.codes == list(shapes.index)
    assert sum(len(arc) for arc in found.arcs) < 0.66 * vertices(found)
    assert found.header["vertices"] < 0.58 * vertices(found)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)")
def test_the_browser_decodes_what_python_does(shared: Path) -> None:
    real = gpd.read_file(shared / "boundaries" / "barito_utara_villages.geojson").set_index("kode")
    packed = encode_shapes(real.geometry.sort_index(), real["nama"], level="village", quantum=2e-4)
    found = decode_shapes(packed)
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(content=map_script())
        seen = page.evaluate(DECODE, b64encode(gzip.decompress(packed)).decode())
    loops = [ring for rings in found.rings for ring in rings]
    assert seen["codes"] == found.codes
    assert seen["names"] == found.header["names"]
    assert np.diff(seen["firstRing"]).tolist() == [len(rings) for rings in found.rings]
    assert seen["rings"] == [np.asarray(ring).tolist() for ring in loops]
    places = [np.concatenate(rings) for rings in found.rings]
    west_south, east_north = ([end(place, 0) for place in places] for end in (np.min, np.max))
    assert seen["northWest"] == [
        [w, n] for (w, _), (_, n) in zip(west_south, east_north, strict=True)
    ]
    assert seen["southEast"] == [
        [e, s] for (_, s), (e, _) in zip(west_south, east_north, strict=True)
    ]
    assert np.array_equal(seen["points"], found.points)
    assert seen["arcs"] == [np.asarray(arc).tolist() for arc in found.arcs]
    assert seen["sides"] == found.sides
