"""Vector tiles as PMTiles, written by a process of its own.

Reading a boundary file takes every driver out of GDAL that reading does not need, that of PMTiles
among them (see `geo.boundaries.drivers`); a new process has them all.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .files import Extract
from .parquet import write_geoparquet
from .typed_frame import layer_name

_WRITER = """
import sys, geopandas, pyogrio
out, *layers = sys.argv[1:]
for index, path in enumerate(layers):
    frame = geopandas.read_parquet(path)
    frame = frame[frame.geometry.notna()].drop(columns="bbox", errors="ignore")
    pyogrio.write_dataframe(
        frame, out, layer=path.rsplit("/", 1)[-1].removesuffix(".parquet"), driver="PMTiles",
        append=index > 0, dataset_options={"MINZOOM": "5", "MAXZOOM": "12"},
    )
"""


def write_pmtiles(extract: Extract) -> bytes:
    """One layer as PMTiles, from the view of a province to that of a village."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{layer_name(extract)}.parquet"
        source.write_bytes(write_geoparquet(extract))
        out = Path(folder) / "places.pmtiles"
        subprocess.run([sys.executable, "-c", _WRITER, out, source], check=True)  # noqa: S603 -- words of our own
        return out.read_bytes()
