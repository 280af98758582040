"""Shapes as small files that a browser fetches once.

A file is named by the hash of its content, so it never changes under its
name and can be kept for good. An index lists the files by level.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from .codes import Level
from .files import write_atomically
from .shape_store.codec import encode_shapes

_QUANTUM: Final = 1e-5


@dataclass(frozen=True)
class ShapeFiles:
    """Files by name, and the index of them."""

    index: dict[str, Any]
    files: Mapping[str, bytes]


def build_shape_files(drawn: Mapping[Level, gpd.GeoSeries], names: pd.Series) -> ShapeFiles:
    """One file a level, all at one resolution."""
    levels: dict[str, Any] = {}
    files = {}
    for level, shapes in drawn.items():
        if shapes.empty:
            continue
        body = encode_shapes(shapes.sort_index(), names, level=level, quantum=_QUANTUM)
        name = f"{hashlib.sha256(body).hexdigest()[:20]}.bin"
        bounds = [float(edge) for edge in shapes.total_bounds]
        files[name] = body
        levels[level] = {"files": [["", 0, name, len(shapes), bounds]]}
    resolutions = [{"tolerance": 0, "quantum": _QUANTUM, "min_zoom": 0}]
    return ShapeFiles({"version": 1, "levels": levels, "resolutions": resolutions}, files)


def write_shape_files(shapes: ShapeFiles, folder: Path) -> str:
    """Write files under the hash of their content, unless they are there.

    Returns
    -------
    str
        Name of the index inside ``folder``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = gzip.compress(json.dumps(shapes.index, separators=(",", ":")).encode(), 9, mtime=0)
    name = f"{hashlib.sha256(index).hexdigest()[:20]}.json"
    for path, body in {**shapes.files, name: index}.items():
        if not (folder / path).exists():
            write_atomically(folder / path, body)
    return name
