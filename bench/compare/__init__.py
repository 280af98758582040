"""Ours beside `gdf.explore`, `folium.Choropleth`, pydeck and lonboard: one run, one machine."""
