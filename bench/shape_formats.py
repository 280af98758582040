"""Compare our shape files with quantised TopoJSON: bytes, encoding and decoding.

``python -m bench.shape_formats [--layer FILE] [--client FOLDER] [--sizes 103 1571]`` encodes the
villages of a regency and of a province at each resolution, both ways with the same grid, simplified
borders and gzip, and decodes them in Node. FOLDER is that of topojson-client, such as
``node_modules/topojson-client``; without it, the topology is only parsed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bench.compare.villages import LAYER, SETS
from geo.shapes import codec
from geo.shapes.arcs import find_arcs
from geo.shapes.coverage import clean_coverage, simplify_coverage
from geo.shapes.resolutions import RESOLUTIONS

_DECODE = Path(__file__).with_name("decode_shapes.mjs")


def encode_topology(shapes: gpd.GeoSeries, names: pd.Series, quantum: float) -> bytes:
    """Encode places as TopoJSON on the same grid, with the same arcs as `encode_shapes`."""
    rings = codec._on_grid(shapes.to_numpy(), quantum)
    walked = find_arcs(rings.vertices, rings.ring)
    begins = np.flatnonzero(walked.first)
    ring_of_arc = rings.ring[walked.walk][begins]
    new = walked.back == 0
    newest = np.cumsum(new) - 1
    number = np.where(new, newest, ~(newest - walked.back + 1))
    place_of_ring = rings.place[np.flatnonzero(np.diff(rings.ring, prepend=-1))]
    arcs_of_ring = [part.tolist() for part in _split(number, ring_of_arc)]
    rings_of_place: list[list[list[int]]] = [[] for _ in range(len(shapes))]
    for place, arcs in zip(place_of_ring.tolist(), arcs_of_ring, strict=True):
        rings_of_place[place].append(arcs)
    topology = {
        "type": "Topology",
        "transform": {"scale": [quantum, quantum], "translate": [0, 0]},
        "objects": {
            "places": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "id": code, "properties": {"name": name}, "arcs": arcs}
                    for code, name, arcs in zip(shapes.index, names, rings_of_place, strict=True)
                ],
            }
        },
        "arcs": _arcs(rings.vertices[walked.walk], begins, ring_of_arc, new),
    }
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def _split(values: Any, groups: Any) -> list[Any]:
    """Split values where their group changes."""
    return np.split(values, np.flatnonzero(np.diff(groups)) + 1)


def _arcs(vertices: Any, begins: Any, ring_of_arc: Any, new: Any) -> list[Any]:
    """Positions of each new arc, its end included, as differences."""
    ends = np.append(begins[1:], len(vertices))
    first_of_ring = begins[np.searchsorted(ring_of_arc, ring_of_arc)]
    last_of_ring = np.append(np.diff(ring_of_arc) != 0, True)
    closing = np.where(last_of_ring, first_of_ring, ends % len(vertices))
    arcs = []
    for arc in np.flatnonzero(new):
        positions = np.vstack([vertices[begins[arc] : ends[arc]], vertices[closing[arc]]])
        arcs.append(np.diff(positions, axis=0, prepend=[[0, 0]]).tolist())
    return arcs


def _timed(encode: Callable[[], bytes]) -> tuple[bytes, float]:
    """What is encoded, and the milliseconds of the processor."""
    begin = time.process_time()
    body = encode()
    return body, (time.process_time() - begin) * 1000


def compare(villages: gpd.GeoDataFrame, client: Path | None) -> list[dict[str, float]]:
    """Figures of both formats at each resolution."""
    table = villages[villages.geometry.notna()].set_index("kode").sort_index()
    coverage = clean_coverage(table.geometry.to_numpy())
    drawn, names, rows = coverage.shapes, table["nama"], []
    for resolution in reversed(RESOLUTIONS):
        drawn = simplify_coverage(drawn, coverage.apart, resolution.tolerance)
        shapes = gpd.GeoSeries(drawn, index=table.index, crs=4326)
        quantum = resolution.quantum
        ours, our_time = _timed(
            lambda s=shapes, q=quantum: codec.encode_shapes(s, names, level="village", quantum=q)
        )
        topology, topology_time = _timed(lambda s=shapes, q=quantum: encode_topology(s, names, q))
        decoded = _decode(ours, topology, client)
        rows.append(
            {
                "tolerance": resolution.tolerance,
                "kB": len(ours) / 1000,
                "TopoJSON kB": len(topology) / 1000,
                "encode ms": our_time,
                "TopoJSON encode ms": topology_time,
                "decode ms": decoded["ours"],
                "TopoJSON parse ms": decoded["parsed"],
                "TopoJSON decode ms": decoded.get("client", float("nan")),
            }
        )
    return rows


def _decode(ours: bytes, topology: bytes, client: Path | None) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "ours.gz", Path(folder) / "topology.gz"]
        for path, body in zip(paths, (ours, topology), strict=True):
            path.write_bytes(body)
        command = ["node", _DECODE, *paths, *([client] if client else [])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own script
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the figures of each set of villages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layer", type=Path, default=LAYER)
    parser.add_argument("--client", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[103, 1571])
    given = parser.parse_args()
    layer, rows = gpd.read_parquet(given.layer), {}
    for size in given.sizes:
        villages = layer[layer["kode"].str.startswith(SETS[size])]
        for row in compare(villages, given.client):
            rows[f"{size} villages, {row.pop('tolerance')}°"] = row
    print(pd.DataFrame(rows).T.round(1).to_string())


if __name__ == "__main__":
    main()
