"""The mount of the live layers for GIS programs, where the setting `features_api` asks for it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

from components.caching import base_path, open_prepared
from geo.core.i18n import Language
from geo.workspace.settings import Settings

_OFF = "off"
_OPEN = "open"


def mount_service(settings: Settings, language: Language) -> list[BaseRoute]:
    """The service under ``/ogc``; nothing where it is off."""
    if settings.features_api == _OFF:
        return []
    # Not at the start of an app that does not need it.
    from geo.api.service import build_service

    key = "" if settings.features_api == _OPEN else settings.features_api
    service = build_service(lambda: open_prepared(settings), key=key, language=language)
    path = f"{base_path()}/ogc"
    # QGIS asks without a slash at the end, which no mount answers.
    return [Route(path, _add_slash), Mount(path, service)]


def _add_slash(request: Request) -> RedirectResponse:
    return RedirectResponse(str(request.url.replace(path=f"{request.url.path}/")))
