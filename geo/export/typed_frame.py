"""Places as a typed table: whole numbers with nulls, codes as text, in every format."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from ..core.codebook import COLUMNS
from .files import Extract
from .style_rules import RATE_DIGITS

LAYER_NAMES: Final = {
    "village": "villages",
    "subdistrict": "subdistricts",
    "regency": "regencies",
    "province": "provinces",
}


def layer_name(extract: Extract) -> str:
    """Name of the layer of an extract: ``villages``, ``subdistricts``."""
    return LAYER_NAMES[extract.view.level]


def build_table(extract: Extract) -> pd.DataFrame:
    """The table of an extract, typed.

    Returns
    -------
    pandas.DataFrame
        People, counts and rupiah as ``Int64`` (an unknown value stays unknown instead of making
        decimals of all), rates as rounded floats, all else as text.
    """
    typed = {}
    for column in COLUMNS:
        values = extract.table[column.name]
        if column.kind == "text":
            typed[column.name] = values.astype("str")
        elif column.kind == "rate":
            typed[column.name] = values.astype("float64").round(RATE_DIGITS)
        else:
            typed[column.name] = values.astype("float64").round().astype("Int64")
    return pd.DataFrame(typed)


def build_frame(extract: Extract) -> gpd.GeoDataFrame:
    """The table of an extract with its polygons at full resolution (EPSG:4326)."""
    return gpd.GeoDataFrame(build_table(extract), geometry=extract.shapes.to_numpy(), crs=4326)
