"""Entry script: page frame, language, navigation."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from components.notices import show_problem
from components.state import begin_page
from components.static_assets import styles_html
from components.wording import show_wording
from geo.core.errors import JangkauError
from geo.workspace.settings import read_settings

_ASSETS = Path(__file__).parent / "assets"

st.set_page_config(page_icon=str(_ASSETS / "icon.svg"), layout="wide")
st.html(styles_html("page.css", "legend.css"))

try:
    language = begin_page(urlsplit(st.context.url or "").path, read_settings())
    show_wording(language)
    page = st.navigation(
        [
            st.Page("screens/map.py", title=language("Map"), default=True),
            st.Page("screens/plan.py", title=language("Plan")),
            st.Page("screens/data.py", title=language("Data")),
            st.Page("screens/reconcile.py", title=language("Match lists")),
            st.Page("screens/about.py", title=language("About")),
        ],
        position="hidden",
    )
    page.run()
except JangkauError as error:
    show_problem(error)
