"""What a browser draws the map with: Leaflet, our scripts and their styles."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).parent / "assets"
_LEAFLET: Final = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
# In the order that they need one another.
_SCRIPTS: Final = (
    "shapes.js",
    "shape_files.js",
    "coverage_paths.js",
    "coverage_fills.js",
    "coverage_canvas.js",
    "coverage_layer.js",
)
# Of our own scripts and of styles: comments, which stand on lines of their own, and indentation.
_COMMENT: Final = re.compile(r"^\s*/\*.*?\*/\n|^[ \t]+", re.MULTILINE | re.DOTALL)


def own_file(name: str) -> str:
    """A script or a style of ours, without what only its readers need."""
    return _read_bare(ASSETS / name)


def _read_bare(path: Path) -> str:
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def map_script() -> str:
    """Leaflet and our scripts as one: a browser asks once, and waits for nothing between them."""
    leaflet = (_LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    # Not the line that points to its source map: a browser would ask for it.
    lines = [line for line in leaflet.splitlines() if not line.startswith("//# sourceMappingURL")]
    return "\n".join([*lines, *map(own_file, _SCRIPTS)])


def map_style() -> str:
    """Leaflet's style and ours as one."""
    return _read_bare(_LEAFLET / "leaflet.css") + own_file("map.css")
