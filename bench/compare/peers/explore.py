"""``GeoDataFrame.explore``: one call of GeoPandas."""

from __future__ import annotations

import geopandas as gpd

from bench.compare.villages import CLASSES, COLOURS, FIGURES

LEGEND = True


def build_page(frame: gpd.GeoDataFrame) -> str:
    """The map as one HTML page, with tooltip and legend."""
    drawn = frame.explore(
        column="coverage",
        categorical=True,
        categories=list(CLASSES),
        cmap=list(COLOURS),
        tooltip=["name", *FIGURES],
        tiles=None,
        style_kwds={"color": "white", "weight": 1, "fillOpacity": 1},
    )
    return str(drawn.get_root().render())
