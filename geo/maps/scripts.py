"""What a browser draws the map with: Leaflet, our scripts and their styles, templates of HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).parent / "assets"
TEMPLATES: Final = Path(__file__).parent / "templates"
_LEAFLET: Final = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
# Modules in the order that they need one another; the last one says what a page may call.
_MODULES: Final = (
    "view",
    "numbers",
    "tooltips",
    "shapes",
    "shape_files",
    "coverage_paths",
    "coverage_fills",
    "theme",
    "painting",
    "coverage_canvas",
    "abbreviations",
    "labels",
    "map_focus",
    "box_choice",
    "host_page",
    "coverage_layer",
)
_IMPORT: Final = re.compile(r'^import (\{ [^}]+ \}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (\{ [^}]+ \});$", re.MULTILINE)
# Of our own scripts and of styles: comments, which stand on lines of their own, and indentation.
_COMMENT: Final = re.compile(
    r"^\s*(?:/\*(?:(?!\*/).)*\*/|// [^\n]*)\n|^[ \t]+", re.MULTILINE | re.DOTALL
)


def own_file(name: str) -> str:
    """A script or a style of ours, without what only its readers need."""
    return read_bare(ASSETS / name)


def read_bare(path: Path) -> str:
    """A script or a style without comments on lines of their own, and without indentation."""
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def map_script() -> str:
    """Leaflet and our modules as one: a browser asks once, and waits for nothing between them."""
    leaflet = (_LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    # Not the line that points to its source map: a browser would ask for it.
    lines = [line for line in leaflet.splitlines() if not line.startswith("//# sourceMappingURL")]
    return "\n".join([*lines, join_modules(ASSETS, _MODULES)])


def join_modules(folder: Path, names: Sequence[str]) -> str:
    """Modules of a folder as one script, in the order that they need one another."""
    modules = "".join(_join_module(folder, name) for name in names)
    return f'(() => {{"use strict";\n{modules}}})();'


def _join_module(folder: Path, name: str) -> str:
    """A module as a constant of its exports, as a script cannot import from its own page."""
    text = _IMPORT.sub(r"const \1 = \2;", read_bare(folder / f"{name}.js"))
    text = _EXPORT.sub(r"return \1;", text)
    return f"const {name} = (() => {{\n{text}}})();\n"


def map_style() -> str:
    """Leaflet's style and ours as one."""
    return read_bare(_LEAFLET / "leaflet.css") + own_file("map.css")
