"""Headers of every answer: what a browser may load, run and show of the app, and where.

The page itself needs no inline script but Streamlit's one, allowed by its hash, and no ``eval``.
Components of ours are scripts behind ``blob:`` addresses. The frame of the map needs more:
streamlit-folium runs the map's script as text. Styles are inline in both. The page for the field
runs its one script, and may ask where its reader is.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from geo.core.errors import mark
from geo.core.i18n import Language
from geo.maps.payload import TILES_ORIGIN
from geo.outreach.field.scripts import field_policy

_MAP_FRAME: Final = "/component/streamlit_folium.st_folium/"
_PAGE_POLICY: Final = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The page that a team takes along says where its reader is; no other page asks.
_FIELD_FOLDER: Final = "/assets/field/"
_FIELD_ALWAYS: Final = _ALWAYS | {
    "Permissions-Policy": _ALWAYS["Permissions-Policy"].replace(
        "geolocation=()", "geolocation=(self)"
    )
}
_FAILED: Final = mark("The request was not answered; the reason is in the log of the server.")


class ResponseHeaders:
    """ASGI middleware that adds the headers to every HTTP answer.

    Parameters
    ----------
    app : ASGI application
        What answers.
    base_path : str
        Path under which the app is served, such as ``/jangkau``; empty for the root.
    language : Language
        Language of the answer to a request that fails.
    """

    def __init__(self, app: ASGIApp, *, base_path: str, language: Language) -> None:
        self._app = app
        self._page_headers = _encode(page_policy())
        self._other_headers = {
            base_path + _MAP_FRAME: _encode(frame_policy()),
            base_path + _FIELD_FOLDER: _encode(field_policy(served=True), _FIELD_ALWAYS),
        }
        self._replaced = {name for name, _ in self._page_headers}
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers; a request that fails is answered with them, too."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = self._page_headers
        for folder, headers in self._other_headers.items():
            if scope["path"].startswith(folder):
                added = headers
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                kept = (pair for pair in message["headers"] if pair[0] not in self._replaced)
                message["headers"] = [*kept, *added]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            # Starlette's own answer to a failure is made outside of all middleware.
            if not begun:
                answer = PlainTextResponse(self._language(_FAILED), status_code=500)
                await answer(scope, receive, send_with_headers)
            raise


def page_policy() -> dict[str, str]:
    """Content security policy of everything but the frame of the map, by directive."""
    hashes = _hash_inline_scripts(Path(get_static_dir()) / "index.html")
    return _PAGE_POLICY | {"script-src": " ".join(["'self'", "blob:", *hashes])}


def frame_policy() -> dict[str, str]:
    """Content security policy of the frame of the map, by directive."""
    return _PAGE_POLICY | {
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
        "img-src": f"{_PAGE_POLICY['img-src']} {TILES_ORIGIN}",
    }


def _encode(
    policy: Mapping[str, str], always: Mapping[str, str] = _ALWAYS
) -> list[tuple[bytes, bytes]]:
    directives = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    headers = {"Content-Security-Policy": directives, **always}
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class _InlineScripts(HTMLParser):
    """Collects the text of scripts that stand in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        """Begin to collect where a script has no address."""
        self._inside = tag == "script" and "src" not in dict(attrs)

    def handle_data(self, data: str) -> None:
        """Collect the text of a script; the parser gives it in one piece."""
        if self._inside:
            self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Stop collecting."""
        self._inside = False


def _hash_inline_scripts(page: Path) -> list[str]:
    scripts = _InlineScripts()
    scripts.feed(page.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts.texts)
    return [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]
