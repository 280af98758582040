"""The map page, read like an outline: map, header, figures, filters, table, files."""

from __future__ import annotations

import streamlit as st

from components import caching as caches
from components import state
from components.area_panel import show_side
from components.changes import show_changes
from components.downloads import show_downloads
from components.filters import show_filters
from components.header import show_header
from components.headline import show_headline
from components.map import draw_map, place_breadcrumb, show_breadcrumb, show_map
from components.notices import show_empty, show_link_problems
from components.table import show_table
from components.unmatched import show_unmatched

settings, language = state.page_basis()
with st.spinner(language("Reading boundaries and records …")):
    data = caches.open_data(settings, language)
query, problems = state.begin(data.options, settings)
# Before anything is shown: who goes back as soon as the map is there goes back one view.
state.finish(query)
view = caches.cached_view(data, query)

# The map is sent before all else, as what a change is waited for, and together with the places
# around it: the browser works out the page once with both, or twice. It stays where it is,
# whatever is said above it: mounted again, it would load its frame anew.
drawn = draw_map(data, view, language)
top, figures, middle = st.container(), st.container(), st.container(key="map_row")
left, right = middle.columns([2.15, 1], gap="medium")
with left:
    breadcrumb = place_breadcrumb()
    show_map(data, view, drawn)
with breadcrumb:
    show_breadcrumb(data, view, language)
with right:
    show_side(data, view, language)
with top:
    show_header(data, view, language)
    show_link_problems(problems, language)
with figures:
    show_headline(data, view, language)
with st.sidebar:
    show_filters(data, view, language)

if view.found.empty:
    show_empty(view, language)
else:
    basket = caches.cached_basket(data, query) if query.basket else None
    show_table(data, view, basket, language)
    show_changes(data, view, language)
    show_downloads(data, view, language)
show_unmatched(data, view, language)
