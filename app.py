"""Jangkau: where social security does not reach the workers yet.

Start with ``python -m geo serve``. The page script is ``components/main.py``;
this file adds the routes under which the app serves scripts and styles, Leaflet
among them, shapes and figures itself, so that no request leaves the machine, and answers
the search for places and the table's pages, so that neither runs the page again.
Around all of it stand the check of who asks and the headers of every answer.
The data are opened as soon as it starts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route

import components
from components.access import AccessGuard, allow_hosts
from components.caching import base_path, open_ahead, served_path, startup_settings
from components.frontend_files import FrontendFiles
from components.response_headers import ResponseHeaders
from components.routes.field_page import field_routes
from components.routes.figures import send_figures
from components.routes.ogc_api import mount_service
from components.routes.shape_files import ShapeFolder
from components.search import answer_search
from components.static_assets import send_part
from components.table import send_rows
from components.uploads import keep_uploads_in_memory
from components.workarounds import send_without_delay, widen_compression_window
from geo.core.i18n import get_language

_SETTINGS = startup_settings()
_LANGUAGE = get_language(_SETTINGS.language)
widen_compression_window()
send_without_delay()
keep_uploads_in_memory()


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    open_ahead()
    yield


app = st.App(
    # Beside this file in the repository, elsewhere in an installed package.
    Path(components.__file__).parent / "main.py",
    lifespan=_lifespan,
    middleware=[
        Middleware(ResponseHeaders, base_path=base_path(), language=_LANGUAGE),
        Middleware(
            AccessGuard,
            hosts=allow_hosts(_SETTINGS.hosts),
            base_path=base_path(),
            language=_LANGUAGE,
        ),
        Middleware(FrontendFiles, base_path=base_path(), language=_LANGUAGE),
    ],
    routes=[
        Mount(
            served_path(),
            routes=[
                Route("/places", answer_search),
                Mount("/shapes", ShapeFolder(_SETTINGS.cache / "shapes")),
                Route("/values/{key}", send_figures),
                Route("/rows/{key}", send_rows),
                Route("/parts/{name}", send_part),
                Mount("/field", routes=field_routes()),
            ],
        ),
        *mount_service(_SETTINGS, _LANGUAGE),
    ],
)
