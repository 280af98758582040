"""Serve Streamlit's own scripts packed and from memory, and announce them ahead.

Streamlit sends the three megabytes of its scripts unpacked and reads each from disk again. It also
lets the browser find the scripts of widgets only when the first message names them. This
middleware answers for both: a script is packed once, when it is first asked for, and the page names
what it will need before its first script runs.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from geo.core.i18n import Language

# The elements of the map page, by the names of Streamlit's scripts for them.
_ELEMENTS: Final = (
    *("BidiComponent", "Button", "ButtonGroup", "Checkbox", "ComponentInstance"),
    *("DownloadButton", "Html", "Multiselect", "PageLink", "Selectbox", "Slider", "TextInput"),
)
_IMPORT: Final = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
_NAMED: Final = re.compile(r'\./static/js/([\w.-]+\.js)"')
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_KEEP: Final = {
    "Content-Encoding": "gzip",
    "Cache-Control": "public, immutable, max-age=31536000",
    "Vary": "Accept-Encoding",
}
_ASK_AGAIN: Final = _KEEP | {"Cache-Control": "no-cache"}


class FrontendFiles:
    """ASGI middleware that answers for Streamlit's scripts, styles and first page.

    A browser that does not unpack gzip is answered by Streamlit itself.

    Parameters
    ----------
    app : ASGI application
        What answers everything else.
    base_path : str
        Path under which the app is served, such as ``/jangkau``; empty for the root.
    language : Language
        Language of the page before its first run.
    """

    def __init__(self, app: ASGIApp, *, base_path: str, language: Language) -> None:
        self._app = app
        self._page_path = f"{base_path}/"
        self._language = language
        root = Path(get_static_dir())
        self._files = {
            f"{base_path}/{file.relative_to(root).as_posix()}": file
            for file in (root / "static").rglob("*")
            if file.suffix in _TYPES
        }
        self._packed: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a script, a style or the first page; pass on all others."""
        response = None
        if scope["type"] == "http" and scope["method"] == "GET" and _unpacks_gzip(scope):
            response = await self._answer(scope["path"])
        await (response or self._app)(scope, receive, send)

    async def _answer(self, path: str) -> Response | None:
        is_page = path == self._page_path
        if not is_page and path not in self._files:
            return None
        if path not in self._packed:
            self._packed[path] = await run_in_threadpool(self._pack, path)
        media_type = "text/html" if is_page else _TYPES[self._files[path].suffix]
        headers = _ASK_AGAIN if is_page else _KEEP
        return Response(self._packed[path], media_type=media_type, headers=headers)

    def _pack(self, path: str) -> bytes:
        if path == self._page_path:
            body = _write_page(Path(get_static_dir()), self._language).encode()
        else:
            body = self._files[path].read_bytes()
        return gzip.compress(body, 6, mtime=0)


def _unpacks_gzip(scope: Scope) -> bool:
    return "gzip" in Headers(scope=scope).get("accept-encoding", "")


def _write_page(root: Path, language: Language) -> str:
    """Return Streamlit's first page in our language and name, with links to what comes next."""
    page = (root / "index.html").read_text(encoding="utf-8")
    named = _NAMED.findall(page)
    scripts = root / "static" / "js"
    ahead = [file for file in _list_imports(scripts, _find_scripts(scripts)) if file not in named]
    links = [f'<link rel="modulepreload" crossorigin href="./static/js/{n}">' for n in ahead]
    page = page.replace('<html lang="en">', f'<html lang="{language.code}">')
    page = page.replace("<title>Streamlit</title>", "<title>Jangkau</title>")
    return page.replace("</head>", f"{''.join(links)}</head>")


def _find_scripts(folder: Path) -> Iterator[str]:
    """Names of the scripts of the map page's elements, which carry a digest."""
    for element in _ELEMENTS:
        yield from (file.name for file in folder.glob(f"{element}.*.js"))


def _list_imports(folder: Path, names: Iterable[str]) -> list[str]:
    """Names of scripts and of all that they import, each once."""
    listed: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in listed:
            listed[name] = None
            waiting += _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return list(listed)
