"""The routes of the field page: a plan's page with what a browser needs to keep it offline.

Each plan has a folder of its own, which the scope of its worker ends at.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from components.caching import open_prepared, served_path
from geo.core.errors import JangkauError, QueryProblem, mark
from geo.core.i18n import get_language
from geo.outreach.field.scripts import ASSETS, worker_script
from geo.workspace.settings import read_settings

_FRESH: Final = {"Cache-Control": "no-cache"}
# Names and notes of a plan are not for caches on the way.
_PRIVATE: Final = {"Cache-Control": "private, no-cache"}
_ABSENT: Final = mark("There is no plan {value}; choose one of the list.")


def field_routes() -> list[Route]:
    """Page, manifest, worker and icon of each plan."""
    return [
        Route("/{key}", _add_slash),
        Route("/{key}/", send_field_page),
        Route("/{key}/manifest.webmanifest", send_manifest),
        Route("/{key}/worker.js", send_worker),
        Route("/{key}/icon.svg", send_icon),
    ]


def field_address(key: str) -> str:
    """Address of a plan's page on this server."""
    return f"{served_path()}/field/{key}/"


def send_field_page(request: Request) -> Response:
    """The page of a saved plan; a sentence where there is none, or the data are not ready."""
    # Not at the start of the app, which does without.
    from geo.outreach.field.page import write_page
    from geo.outreach.field.plan import build_field_plan
    from geo.outreach.store import PlanStore

    key, settings = request.path_params["key"], read_settings()
    language = get_language(settings.language)
    store = PlanStore(settings.workspace)
    try:
        data = open_prepared(settings)
        if data is None:
            return _refuse(language(mark("The boundaries are still being prepared.")), 503)
        if not store.path.exists():  # the store would make it
            return _refuse(language(_ABSENT, value=key[:40]), 404)
        plan = build_field_plan(data, store.read_plan(key), store.follow(key))
    except QueryProblem as error:
        return _refuse(language.say(error), 404)
    except JangkauError as error:
        return _refuse(language.say(error), 503)
    page = write_page(plan, language, served=True)
    return Response(page, media_type="text/html", headers=_PRIVATE)


def send_manifest(request: Request) -> Response:
    """What a phone needs to install the page; the plan is named by its page alone."""
    language = get_language(read_settings().language)
    return JSONResponse(
        {
            "id": f"field-{request.path_params['key']}",
            "name": language("Field visits"),
            "short_name": language("Field visits"),
            "lang": language.code,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": "#FBFAF7",
            "theme_color": "#0F766E",
            "icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"}],
        },
        media_type="application/manifest+json",
        headers=_FRESH,
    )


def send_worker(_request: Request) -> Response:
    """The script that keeps the page of this folder."""
    return Response(worker_script(), media_type="text/javascript", headers=_FRESH)


def send_icon(_request: Request) -> Response:
    """The icon of the installed page."""
    body = (ASSETS / "icon.svg").read_bytes()
    return Response(body, media_type="image/svg+xml", headers=_FRESH)


def _add_slash(request: Request) -> RedirectResponse:
    return RedirectResponse(field_address(request.path_params["key"]))


def _refuse(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status_code=status)
