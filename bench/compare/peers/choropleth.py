"""``folium.Choropleth``, with the tooltip of its documentation."""

from __future__ import annotations

import folium
import geopandas as gpd

from bench.compare.villages import FIGURES, LIMITS

LEGEND = True


def build_page(frame: gpd.GeoDataFrame) -> str:
    """The map as one HTML page, with tooltip and legend."""
    base = folium.Map(tiles=None)
    drawn = folium.Choropleth(
        geo_data=frame,
        data=frame,
        columns=["code", "rate"],
        key_on="feature.properties.code",
        bins=[0, *LIMITS, 1],
        fill_color="Oranges",
        fill_opacity=1,
        line_color="white",
        legend_name="coverage",
    )
    folium.GeoJsonTooltip(["name", *FIGURES]).add_to(drawn.geojson)
    drawn.add_to(base)
    west, south, east, north = frame.total_bounds
    base.fit_bounds([[south, west], [north, east]])
    return str(base.get_root().render())
