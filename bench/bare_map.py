"""A bare Streamlit page with one map of streamlit-folium: what a first visit is compared with.

`bench.first_visit` runs it beside a folder ``static`` that holds Leaflet, because the page may
ask nothing of outside hosts.
"""

import json
from pathlib import Path

import folium
import streamlit as st
from streamlit_folium import st_folium

folium.Map.default_js = [("leaflet", "/app/static/leaflet.js")]
folium.Map.default_css = [("leaflet_css", "/app/static/leaflet.css")]
villages = json.loads((Path(__file__).parent / "villages.geojson").read_text())

st.set_page_config(layout="wide")
st.title("Villages")
shown = folium.Map([-0.9, 115.1], zoom_start=9, tiles=None)
folium.GeoJson(
    villages,
    style_function=lambda village: {
        "fillColor": village["properties"]["colour"],
        "color": "white",
        "weight": 1,
        "fillOpacity": 1,
    },
).add_to(shown)
st_folium(shown, use_container_width=True, height=620, returned_objects=[])
