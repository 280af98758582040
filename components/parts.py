"""Components of our own, whose scripts and styles are files that a browser keeps.

Streamlit sends a component's script inside every message of it; ours says no more than where the
files are, so that a message is the component's data and little else.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from components.data import served_path

_ASSETS: Final = Path(__file__).parent / "assets"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
# An address on this host in full: the script that says it has none of its own to start from.
_LOADER: Final = """
const at = (path) => new URL(path, location.origin).href;
export default async (part) => {
  const root = part.parentElement;
  root.jangkauStyle ??= new Promise((done) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: at("CSS"), onload: done, onerror: done });
    root.append(link);
  });
  const [script] = await Promise.all([import(at("JS")), root.jangkauStyle]);
  return script.default(part);
};
"""


def _read(path: Path) -> tuple[str, bytes]:
    body = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:20]}{path.suffix}"
    return name, gzip.compress(body, 9, mtime=0)


_names: Final[dict[str, str]] = {}
_bodies: Final[dict[str, bytes]] = {}
for _path in _ASSETS.iterdir():
    if _path.suffix in _TYPES:
        _names[_path.name], _body = _read(_path)
        _bodies[_names[_path.name]] = _body


def build_part(name: str) -> Any:
    """A component of ``<name>.js`` and ``<name>.css`` in the folder of assets."""
    script = _LOADER
    for kind in ("js", "css"):
        address = f"{served_path()}/parts/{_names[f'{name}.{kind}']}"
        script = script.replace(f'"{kind.upper()}"', f'"{address}"')
    return st.components.v2.component(f"jangkau_{name}", js=script)


def send_part(request: Request) -> Response:
    """A script or a style by its name, which says what is in it."""
    name = request.path_params["name"]
    body = _bodies.get(name)
    if body is None:
        return Response(status_code=404)
    headers = {
        "Content-Encoding": "gzip",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    return Response(body, media_type=_TYPES[Path(name).suffix], headers=headers)
