"""The map: Folium element, payload, page of its own, legend, scripts."""
