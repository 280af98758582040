"""Scripts and styles as files that a browser keeps, under names that say what is in them.

Streamlit sends a style, and a component's script, again with every run of the page; ours say no
more than where the files are.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, Final

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit.file_util import get_static_dir

from components.caching import served_path
from components.streamlit_words import STREAMLIT_WORDS
from geo.core.i18n import LANGUAGES, get_language
from geo.maps.scripts import ASSETS as DRAWN
from geo.maps.scripts import map_script, map_style

_ASSETS: Final = Path(__file__).parent / "assets"
_FILES: Final = [*_ASSETS.glob("*.js"), *_ASSETS.glob("*.css"), DRAWN / "legend.css"]
MAP_SCRIPT: Final = "map.js"
MAP_STYLE: Final = "map.css"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
# An address on this host in full: the script that says it has none of its own to start from.
_LOADER: Final = """\
const at = (path) => location.origin + "{folder}/" + path;
const loader = import(at("{loader}"));
export default async (part) => (await loader).default(part, at("{script}"){style});
"""


def _pack(file: str, body: bytes) -> tuple[str, bytes]:
    stem, _, suffix = file.partition(".")
    name = f"{stem}.{hashlib.sha256(body).hexdigest()[:20]}.{suffix}"
    return name, gzip.compress(body, 9, mtime=0)


def _font_style() -> str:
    """The font of the page for the frame of the map, beside which it is served."""
    font = next(Path(get_static_dir()).glob("static/media/SourceSansVF-Upright*.woff2"))
    return (
        '@font-face{font-family:"Source Sans";font-weight:200 900;font-display:swap;'
        f'src:url("../../static/media/{font.name}") format("woff2")}}'
    )


def _words_script(body: str) -> str:
    """The script of Streamlit's words with our words in it, so that no run sends them again."""
    words = {
        code: {word: get_language(code)(word) for word in STREAMLIT_WORDS} for code in LANGUAGES
    }
    return body.replace("WORDS = {}", f"WORDS = {json.dumps(words, ensure_ascii=False)}", 1)


_told: Final = {path.name: path.read_bytes() for path in _FILES}
_told["words.js"] = _words_script(_told["words.js"].decode()).encode()
_told.update({MAP_SCRIPT: map_script().encode(), MAP_STYLE: (_font_style() + map_style()).encode()})
_packed: Final = {file: _pack(file, body) for file, body in _told.items()}
_bodies: Final = dict(_packed.values())


def part_name(file: str) -> str:
    """Name of a file among the parts that are served."""
    return _packed[file][0]


def _folder() -> str:
    return f"{served_path()}/parts"


def build_part(name: str) -> Any:
    """A component of ``<name>.js`` in the folder of assets, and ``<name>.css`` if there is one."""
    style = f"{name}.css"
    script = _LOADER.format(
        folder=_folder(),
        loader=part_name("part.js"),
        script=part_name(f"{name}.js"),
        style=f', at("{part_name(style)}")' if style in _packed else "",
    )
    return st.components.v2.component(f"jangkau_{name}", js=script)


def styles_html(*names: str) -> str:
    """Markup that brings styles to the page."""
    imports = (f"@import url({_folder()}/{part_name(name)});" for name in names)
    return f"<style>{''.join(imports)}</style>"


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
