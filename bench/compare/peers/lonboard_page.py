"""lonboard: GeoArrow in Parquet on deck.gl (WebGL), exported as HTML. It has no legend."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
from lonboard import Map, PolygonLayer

from bench.compare.villages import CLASSES, COLOURS

LEGEND = False
# The page pins a minified require.js by its hash; npm has the same version unminified only.
_PIN = re.compile(r' integrity="[^"]{0,200}"')


def build_page(frame: gpd.GeoDataFrame) -> str:
    """The map as one HTML page, with lonboard's panel of attributes on a click."""
    fills = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in COLOURS], dtype="uint8")
    classes = frame["coverage"].map({name: at for at, name in enumerate(CLASSES)})
    layer = PolygonLayer.from_geopandas(
        frame, get_fill_color=fills[classes], get_line_color=[255, 255, 255]
    )
    # lonboard takes None for no base map, which its types do not say.
    page = Map(layer, basemap=None, show_tooltip=True).to_html()  # type: ignore[arg-type]
    return _PIN.sub("", str(page), count=1)
