"""The store: borders coincide, nobody vanishes, prepared once, only what changed, never broken."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from factories import squares, write_layer
from shape_files import ShapeFile, decode_shapes

from geo.boundaries.reading import read_boundaries
from geo.core import codes
from geo.core.errors import ColumnProblem, FileProblem, SettingProblem
from geo.shapes import block_builder as build
from geo.shapes import prepare, store_builder
from geo.shapes.cache import Cache
from geo.shapes.resolutions import CUTS, RESOLUTIONS
from geo.shapes.store import ShapeStore, open_store

ROOT = Path(__file__).parents[3]
Edge = frozenset[tuple[int, int]]
# What the real layers may weigh: a tenth above what they were when this was written.
KALTENG_BYTES = (52_000, 130_000, 314_000)
BARITO_BYTES = (5_200, 15_400, 30_200)
BARITO_VERTICES = (720, 3_230, 7_700)
TWO_BLOCKS = {
    "51.01.01.2001": "Melaya",
    "51.01.01.2002": "Tuwed",
    "62.05.01.2002": "Lemo II",
    "62.05.01.2003": "Hajak",
    "62.05.02.2001": "Liju",
}


def two_blocks(*, moved: float = 0.0) -> gpd.GeoDataFrame:
    """Two villages of Bali far from three of Kalimantan; the first may be moved."""
    layer = squares(TWO_BLOCKS)
    east = layer["kode"].str.startswith("62")
    layer.loc[east, "geometry"] = layer[east].translate(2.0)
    layer.loc[0, "geometry"] = shapely.box(114.9 - moved, -1, 115.1, -0.9)
    return layer


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file of a cache with what changes when it is written again."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def opened(folder: Path, layer: gpd.GeoDataFrame | None = None) -> ShapeStore:
    path = folder / "villages.parquet"
    write_layer(two_blocks() if layer is None else layer, path)
    return open_store(path, folder / "cache")


def decoded(store: ShapeStore, level: codes.Level, resolution: int) -> list[ShapeFile]:
    files = [f for f in store.files(level) if f["resolution"] == resolution]
    return [decode_shapes(store.read(file["name"])) for file in files]


def edges(places: list[list[np.ndarray]]) -> set[Edge]:
    """Edges that an odd number of the places' rings run along: the border of them all."""
    count: Counter[Edge] = Counter()
    for rings in places:
        for ring in rings:
            ends = [tuple(map(int, vertex)) for vertex in ring]
            count.update(map(frozenset, zip(ends, [*ends[1:], ends[0]], strict=True)))
    return {edge for edge, times in count.items() if times % 2 and len(edge) == 2}


@pytest.fixture(scope="module")
def kalteng(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> ShapeStore:
    """Kalimantan Tengah, prepared."""
    source = shared / "boundaries" / "indonesia_villages.parquet"
    villages = gpd.read_parquet(source, filters=[("kode", ">=", "62"), ("kode", "<", "63")])
    folder = tmp_path_factory.mktemp("kalteng")
    path = write_layer(villages, folder / "villages.parquet")
    return open_store(path, folder / "cache")


@pytest.mark.parametrize("resolution", range(len(RESOLUTIONS)))
def test_borders_coincide_between_levels_and_neighbours(
    kalteng: ShapeStore, resolution: int
) -> None:
    villages = decoded(kalteng, "village", resolution)
    rings = {
        code: rings for file in villages for code, rings in zip(file.codes, file.rings, strict=True)
    }
    for level in ("subdistrict", "regency", "province"):
        for file in decoded(kalteng, level, resolution):
            for code, own in zip(file.codes, file.rings, strict=True):
                inside = [r for village, r in rings.items() if village.startswith(f"{code}.")]
                assert edges([own]) == edges(inside), code


def hole_area(shape: Any) -> float:
    parts = shapely.get_parts(shape)
    return float(sum(shapely.Polygon(ring).area for part in parts for ring in part.interiors))


def test_neighbours_leave_no_hole_between_them(kalteng: ShapeStore) -> None:
    for file in decoded(kalteng, "village", 2)[2:5]:
        area = file.codes[0][:5]
        villages = shapely.union_all([file.polygon(code) for code in file.codes])
        full = kalteng.full("regency", area).iloc[0]
        # A square of one step is 4e-10.
        assert hole_area(villages) == pytest.approx(hole_area(full), abs=1e-12), area
        assert villages.symmetric_difference(full).area < 0.002 * full.area


def test_every_place_is_in_every_resolution_in_order_of_codes(kalteng: ShapeStore) -> None:
    for level, cuts in CUTS.items():
        known = kalteng.full(level).dropna().index.to_list()
        for resolution in range(len(cuts)):
            files = decoded(kalteng, level, resolution)
            assert [code for file in files for code in file.codes] == known
            assert all(len(rings) for file in files for rings in file.rings)


def test_a_village_of_a_metre_is_still_there(tmp_path: Path) -> None:
    layer = two_blocks()
    layer.loc[1, "geometry"] = shapely.box(118, -3, 118.00001, -2.99999)
    store = opened(tmp_path, layer)
    for resolution in range(len(CUTS["village"])):
        drawn = {c for f in decoded(store, "village", resolution) for c in f.codes}
        assert drawn == set(TWO_BLOCKS)


def test_real_files_stay_small(kalteng: ShapeStore, real: Any) -> None:
    sizes = [sum(kalteng.sizes(number).values()) for number in range(len(RESOLUTIONS))]
    assert [size < limit for size, limit in zip(sizes, KALTENG_BYTES, strict=True)] == [True] * 3
    sizes = [sum(real.shapes.sizes(number).values()) for number in range(len(RESOLUTIONS))]
    assert [size < limit for size, limit in zip(sizes, BARITO_BYTES, strict=True)] == [True] * 3
    vertices = [
        sum(file.header["vertices"] for file in decoded(real.shapes, "village", number))
        for number in range(len(RESOLUTIONS))
    ]
    limits = zip(vertices, BARITO_VERTICES, strict=True)
    assert [count < limit for count, limit in limits] == [True] * 3


def test_the_index_lists_the_files(kalteng: ShapeStore) -> None:
    index = json.loads(gzip.decompress(kalteng.read(kalteng.index)))
    assert [step["min_zoom"] for step in index["resolutions"]] == [0, 7, 10]
    for level, listed in index["levels"].items():
        assert len(listed["files"]) == len(kalteng.files(level))
        for area, resolution, name, count, bounds in listed["files"]:
            file = decode_shapes(kalteng.read(name))
            assert file.header["level"] == level
            assert all(code.startswith(area) for code in file.codes)
            assert len(file.codes) == count
            assert file.header["quantum"] == index["resolutions"][resolution]["quantum"]
            assert bounds[0] < bounds[2]


def test_exports_have_the_geometry_of_the_layer_untouched(shared: Path, real: Any) -> None:
    layer = read_boundaries(shared / "boundaries" / "barito_utara_villages.geojson").villages
    kept = real.shapes.full("village")
    assert kept.index.equals(layer.index)
    assert [shapely.to_wkb(s) for s in kept] == [shapely.to_wkb(s) for s in layer.geometry]


def test_full_shapes_are_those_inside_an_area(real: Any) -> None:
    assert list(real.shapes.full("village", "62.05.07").index.str[:8].unique()) == ["62.05.07"]
    assert list(real.shapes.full("regency", "62.05.07").index) == ["62.05"]
    assert real.shapes.full("village", "11").empty


def test_bounds_of_a_place_are_those_of_its_villages(real: Any) -> None:
    villages = real.shapes.full("village", "62.05.07")
    assert real.shapes.bounds("62.05.07") == pytest.approx(tuple(villages.total_bounds))
    whole = tuple(real.shapes.full("village").total_bounds)
    assert real.shapes.bounds() == real.shapes.bounds("11") == pytest.approx(whole)


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    opened(tmp_path)
    before = files_of(tmp_path / "cache")
    again = open_store(tmp_path / "villages.parquet", tmp_path / "cache")
    assert again.prepared.blocks == 0
    assert files_of(tmp_path / "cache") == before


def test_the_same_layer_elsewhere_is_the_same_store(tmp_path: Path) -> None:
    opened(tmp_path)
    path = (tmp_path / "villages.parquet").rename(tmp_path / "other.parquet")
    assert open_store(path, tmp_path / "cache").prepared.blocks == 0


def test_a_changed_village_makes_only_its_block_anew(tmp_path: Path) -> None:
    before = opened(tmp_path)
    files = files_of(tmp_path / "cache")
    after = opened(tmp_path, two_blocks(moved=0.05))
    assert (before.prepared.blocks, after.prepared.blocks) == (2, 1)
    kept = files_of(tmp_path / "cache")
    assert files.items() <= kept.items()
    for level in CUTS:
        east = [f["name"] for f in before.files(level) if f["area"].startswith("62")]
        assert east == [f["name"] for f in after.files(level) if f["area"].startswith("62")]


def test_a_layer_taken_back_finds_its_old_store(tmp_path: Path) -> None:
    opened(tmp_path)
    opened(tmp_path, two_blocks(moved=0.05))
    assert opened(tmp_path).prepared.blocks == 0


def test_what_is_cut_off_half_way_leaves_the_store_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path)
    calls = []

    def stop(*given: Any, **options: Any) -> bytes:
        calls.append(given)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return original(*given, **options)

    original = build.encode_shapes
    with monkeypatch.context() as patch:
        patch.setattr(build, "encode_shapes", stop)
        with pytest.raises(KeyboardInterrupt):
            opened(tmp_path, two_blocks(moved=0.05))
    assert opened(tmp_path).prepared.blocks == 0
    assert opened(tmp_path, two_blocks(moved=0.05)).prepared.blocks == 1


@pytest.mark.parametrize("folder", ["shapes", "tables", "stores", "blocks"])
@pytest.mark.parametrize("harm", ["cut", "gone", "garbage"])
def test_a_damaged_store_is_made_anew(tmp_path: Path, folder: str, harm: str) -> None:
    whole = opened(tmp_path)
    before = {f["name"] for level in CUTS for f in whole.files(level)}
    for path in (tmp_path / "cache" / folder).iterdir():
        if path.suffix == ".lock":
            continue
        body = path.read_bytes()
        bodies = {"cut": body[: len(body) // 2], "garbage": bytes(len(body)), "gone": b""}
        path.unlink() if harm == "gone" else path.write_bytes(bodies[harm])
    for _ in range(2):
        store = open_store(tmp_path / "villages.parquet", tmp_path / "cache")
        try:
            assert len(store.full("village")) == len(TWO_BLOCKS)
            break
        except FileProblem:
            continue
    else:
        pytest.fail("the store stays damaged")
    assert {f["name"] for level in CUTS for f in store.files(level)} == before


def test_a_store_of_an_older_format_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path)
    monkeypatch.setattr(prepare, "_format", lambda: b"another")
    assert opened(tmp_path).prepared.blocks == 2


def test_a_large_layer_is_prepared_apart_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opened(tmp_path)
    monkeypatch.setattr(prepare, "_LARGE", 0)
    shares: list[float] = []
    apart = open_store(
        tmp_path / "villages.parquet",
        tmp_path / "other",
        progress=lambda step, share=0.0: shares.append(share),
    )
    manifests = [json.dumps(store.prepared.manifest) for store in (here, apart)]
    assert manifests[0] == manifests[1]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def call_small_files_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take small files for large, but make their shapes here: not apart, which takes seconds."""
    make_store = store_builder.make_store
    monkeypatch.setattr(prepare, "_LARGE", 1_000)
    monkeypatch.setattr(
        store_builder,
        "make_store",
        lambda cache, task, form, apart, progress: make_store(cache, task, form, False, progress),
    )


@pytest.mark.parametrize(("settled", "times"), [(-1.0, 0), (3600.0, 1)])
def test_a_large_file_is_read_to_be_known_once_it_may_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled: float, times: int
) -> None:
    call_small_files_large(monkeypatch)
    monkeypatch.setattr(prepare, "_SETTLED", settled)
    first = opened(tmp_path)
    path, digest = tmp_path / "villages.parquet", prepare.digest
    read: list[Path] = []
    monkeypatch.setattr(prepare, "digest", lambda file: read.append(file) or digest(file))

    def at_another_start() -> ShapeStore:
        prepare._digest.cache_clear()
        return open_store(path, tmp_path / "cache")

    assert at_another_start().prepared.name == first.prepared.name
    assert read.count(path) == times
    write_layer(two_blocks(moved=0.05), path)
    assert at_another_start().prepared.name != first.prepared.name
    assert read.count(path) == times + 1


def test_a_large_file_that_looks_as_old_as_before_is_known_to_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_small_files_large(monkeypatch)
    monkeypatch.setattr(prepare, "_SETTLED", -1.0)
    opened(tmp_path)
    path, cache = tmp_path / "villages.parquet", tmp_path / "cache"
    before, body = path.stat(), path.read_bytes()
    path.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    prepare._digest.cache_clear()
    assert not prepare.is_prepared(path, cache)
    path.write_bytes(body)
    assert prepare.is_prepared(path, cache)


def test_what_is_wrong_with_a_large_layer_is_said_in_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "_LARGE", 0)
    layer = two_blocks()
    layer["kode"] = layer["kode"].str[:8]
    path = write_layer(layer, tmp_path / "subdistricts.geojson")
    with pytest.raises(ColumnProblem) as found:
        open_store(path, tmp_path / "cache")
    with pytest.raises(ColumnProblem) as expected:
        read_boundaries(path)
    assert str(found.value) == str(expected.value)


def test_two_at_once_do_no_harm(tmp_path: Path) -> None:
    path = write_layer(two_blocks(), tmp_path / "villages.parquet")
    command = [sys.executable, "-m", "geo", "prepare", "--boundaries", path]
    command += ["--cache", tmp_path / "cache"]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(2)
    ]
    said = [process.communicate()[0].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert open_store(path, tmp_path / "cache").prepared.blocks == 0


def test_a_prepared_store_is_opened_without_any_geometry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("geometry is read")

    for module, name in [(shapely, "from_wkb"), (gpd, "read_parquet"), (Cache, "keep_table")]:
        monkeypatch.setattr(module, name, refuse)
    store = open_store(tmp_path / "villages.parquet", tmp_path / "cache")
    assert list(store.villages.index) == list(TWO_BLOCKS)
    assert store.villages["has_boundary"].all()
    assert store.facts.audit.villages == len(TWO_BLOCKS)
    assert store.facts.audit.balanced


def test_facts_come_back_as_they_were(tmp_path: Path) -> None:
    layer = two_blocks()
    layer.loc[2, "geometry"] = shapely.Polygon([(117, 0), (118, 1), (118, 0), (117, 1)])
    layer.loc[5] = ["", "Nowhere at all", layer.geometry[3]]
    layer = gpd.GeoDataFrame(layer, crs=4326)
    store = opened(tmp_path, layer)
    facts = read_boundaries(tmp_path / "villages.parquet").facts
    assert store.facts.audit.recognition == facts.audit.recognition
    assert store.facts.audit.notes == facts.audit.notes
    assert store.facts.audit.events.to_dict() == facts.audit.events.to_dict()
    assert store.facts.unmatched.to_dict() == facts.unmatched.to_dict()
    assert (store.facts.source, store.facts.date) == (facts.source, facts.date)


def test_a_village_without_a_polygon_is_known_but_not_drawn(tmp_path: Path) -> None:
    layer = two_blocks()
    layer.loc[4, "geometry"] = None
    store = opened(tmp_path, layer)
    assert store.villages["has_boundary"].to_list() == [True, True, True, True, False]
    assert store.full("village").isna().sum() == 1
    assert sum(f["count"] for f in store.files("village") if f["resolution"] == 0) == 4


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    path = write_layer(two_blocks(), tmp_path / "villages.parquet")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingProblem, match="cannot be written"):
        open_store(path, tmp_path / "file" / "cache")
