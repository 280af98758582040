"""Jangkau: where social security does not reach the workers yet.

Start with ``streamlit run app.py``. The page script is ``components/main.py``;
this file adds the routes under which the app serves scripts and styles, Leaflet
among them, shapes and figures itself, so that no request leaves the machine, and answers
the search for places and the table's pages, so that neither runs the page again.
The data are opened as soon as it starts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.routing import Mount, Route

from components.data import open_ahead, served_path, shapes_folder
from components.figures import send_figures
from components.parts import send_part
from components.search import answer_search
from components.shape_files import ShapeFolder
from components.table import send_rows
from components.websocket import look_far_back

_PREFIX = served_path()
look_far_back()


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    open_ahead()
    yield


app = st.App(
    "components/main.py",
    lifespan=_lifespan,
    routes=[
        Route(f"{_PREFIX}/places", answer_search),
        Mount(f"{_PREFIX}/shapes", ShapeFolder(directory=shapes_folder(), check_dir=False)),
        Route(f"{_PREFIX}/values/{{key}}", send_figures),
        Route(f"{_PREFIX}/rows/{{key}}", send_rows),
        Route(f"{_PREFIX}/parts/{{name}}", send_part),
    ],
)
