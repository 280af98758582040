"""What each figure means, where the data is from, and what is synthetic."""

from __future__ import annotations

import streamlit as st

from components import caching as caches
from components import state
from components.header import show_plain_header
from geo.reporting.about import about_markdown

settings, language = state.page_basis()
state.finish()
data = caches.open_data(settings, language)
show_plain_header(language("About"), language)
with st.container(key="about"):
    st.markdown(about_markdown(data, language))
