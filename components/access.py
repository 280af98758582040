"""Refuse requests under a foreign host name, from another page, or for what the page never asks.

A page elsewhere can let its own host name point to this machine (DNS rebinding): its scripts then
count as the app's own. The ``Host`` header still says the foreign name, so each request must name
a host that is known. Streamlit checks this for its websocket alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from geo.core.errors import mark
from geo.core.i18n import Language

# Names of this computer for itself; no other machine can make a browser use them for it.
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_HOST: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\[\]:/?#@\s]+))(?::\d{1,5})?")
_CORE: Final = "/_stcore/"
_STREAM: Final = f"{_CORE}stream"
# All that the page asks of Streamlit's own addresses. Metrics, the interface for programs and
# the check of the script are not among them.
_ASKED: Final = frozenset({f"{_CORE}health", f"{_CORE}host-config"})
_UPLOADS: Final = f"{_CORE}upload_file/"
# Sign-in, which the app has none of, and a folder of files that it does not serve.
_CLOSED: Final = ("/auth/", "/oauth2callback", "/app/static/")

_FOREIGN: Final = mark(
    "Jangkau is not reached under this address; "
    "whoever runs it adds the host name to the setting `hosts`."
)
_ELSEWHERE: Final = mark("This request comes from another page, which Jangkau does not answer.")


def allow_hosts(hosts: Collection[str]) -> frozenset[str]:
    """Let Streamlit's own check of the websocket accept the same names.

    Parameters
    ----------
    hosts : collection of str
        Names under which a network reaches the app.

    Returns
    -------
    frozenset of str
        These names and those of this computer.
    """
    allowed = frozenset({*LOOPBACK, *hosts})
    config.set_option("server.allowedHosts", sorted(allowed), "the setting `hosts`")
    return allowed


class AccessGuard:
    """ASGI middleware that answers a request only if host, origin and address are known.

    Parameters
    ----------
    app : ASGI application
        What answers the requests that pass.
    hosts : collection of str
        Host names, without port, that a request may name.
    base_path : str
        Path under which the app is served, such as ``/jangkau``; empty for the root.
    language : Language
        Language of refusals.
    """

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str], base_path: str, language: Language
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._base_path = base_path
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it."""
        refusal = None if scope["type"] == "lifespan" else self._refuse(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # policy violation
        else:
            await refusal(scope, receive, send)

    def _refuse(self, scope: Scope) -> Response | None:
        """Answer to a request that does not pass; None if it passes."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or read_host(hosts[0]) not in self._hosts:
            return PlainTextResponse(self._language(_FOREIGN), status_code=403)
        if any(not _is_of_host(origin, hosts[0]) for origin in headers.getlist("origin")):
            return PlainTextResponse(self._language(_ELSEWHERE), status_code=403)
        path = scope["path"].removeprefix(self._base_path)
        asked = path == _STREAM if scope["type"] == "websocket" else _is_asked(path)
        return None if asked else Response(status_code=404)


def read_host(header: str) -> str | None:
    """Host name of a ``Host`` header, in lower case, without port; None if it is malformed."""
    match = _HOST.fullmatch(header.lower())
    return (match[1] or match[2]).removesuffix(".") if match else None


def _is_of_host(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # such as an unclosed bracket
        return False


def _is_asked(path: str) -> bool:
    if path.startswith(_CORE):
        return path in _ASKED or path.startswith(_UPLOADS)
    return not path.startswith(_CLOSED)
