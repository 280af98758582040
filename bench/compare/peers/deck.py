"""pydeck: a GeoJSON layer on deck.gl (WebGL). It has no legend of its own."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import pydeck

from bench.compare.villages import CLASSES, COLOURS, FIGURES

LEGEND = False
_FILLS = {
    name: [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for name, colour in zip(CLASSES, COLOURS, strict=True)
}


def build_page(frame: gpd.GeoDataFrame) -> str:
    """The map as one HTML page, with tooltip."""
    shapes = json.loads(frame.assign(fill=frame["coverage"].map(_FILLS)).to_json(drop_id=True))
    layer = pydeck.Layer(
        "GeoJsonLayer",
        shapes,
        pickable=True,
        get_fill_color="properties.fill",
        get_line_color=[255, 255, 255],
        line_width_min_pixels=1,
    )
    words = "<br>".join(f"{{{name}}}" for name in ("name", *FIGURES))
    deck = pydeck.Deck(
        [layer],
        initial_view_state=_see(frame.total_bounds),
        map_provider=None,
        tooltip={"html": words},
    )
    return str(deck.to_html(as_string=True))


def _see(bounds: tuple[float, float, float, float]) -> pydeck.ViewState:
    west, south, east, north = bounds
    zoom = math.log2(360 / max(east - west, (north - south) * 1.5)) + 1
    return pydeck.ViewState((west + east) / 2, (south + north) / 2, zoom=zoom)
