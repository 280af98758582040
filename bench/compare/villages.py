"""The sets of villages, with the same seeded figures for every tool."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.maps.palettes import class_colours

ROOT: Final = Path(__file__).resolve().parents[2]
LAYER: Final = ROOT.parent / "shared" / "boundaries" / "indonesia_villages.parquet"
# Number of villages: code of the area they lie in.
SETS: Final = {103: "62.05", 1571: "62", 8494: "35", 83246: ""}
LIMITS: Final = (0.5, 0.65, 0.8, 0.95)
CLASSES: Final = ("below 50 %", "50 to 65 %", "65 to 80 %", "80 to 95 %", "from 95 %")
COLOURS: Final = class_colours("oranges", len(CLASSES), "coverage_rate")
FIGURES: Final = ("enrolled", "eligible", "gap", "rate")
_SEED: Final = 20241022


def read_villages(size: int) -> gpd.GeoDataFrame:
    """Villages of a set, as the layer gives them: ``kode``, ``nama``, geometry.

    Parameters
    ----------
    size : int
        A key of `SETS`.
    """
    layer = gpd.read_parquet(LAYER)
    return layer[layer["kode"].str.startswith(SETS[size])].reset_index(drop=True)


def draw_figures(codes: pd.Series) -> pd.DataFrame:
    """Seeded figures in the order of ``codes``: people, rate (fraction) and class from 0."""
    rng = np.random.default_rng(_SEED)
    eligible = rng.integers(80, 2_400, len(codes))
    enrolled = np.round(eligible * rng.beta(5, 2, len(codes))).astype("int64")
    rate = enrolled / eligible
    return pd.DataFrame(
        {
            "enrolled": enrolled,
            "eligible": eligible,
            "gap": eligible - enrolled,
            "rate": rate.round(4),
            "class": np.searchsorted(LIMITS, rate, side="right"),
        },
        index=codes.index,
    )


def with_figures(villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What every peer is given: ``code, name``, figures, class in words, geometry."""
    named = villages.rename(columns={"kode": "code", "nama": "name"})
    figures = draw_figures(named["code"])
    words = figures["class"].map(dict(enumerate(CLASSES)))
    frame = named[["code", "name"]].join(figures[list(FIGURES)]).assign(coverage=words)
    return gpd.GeoDataFrame(frame, geometry=named.geometry, crs=villages.crs)


def count_vertices(shapes: gpd.GeoSeries) -> int:
    """Vertices of all shapes."""
    return int(shapes.count_coordinates().sum())
