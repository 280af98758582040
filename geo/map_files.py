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
# Of our own scripts: comments, which stand on lines of their own, and indentation.
_COMMENT: Final = re.compile(r"^\s*/\*.*?\*/\n|^ +", re.MULTILINE | re.DOTALL)


def own_script(name: str) -> str:
    """A script of ours, without what only its readers need."""
    return _COMMENT.sub("", (ASSETS / name).read_text(encoding="utf-8"))


def map_script() -> str:
    """Leaflet and our scripts as one: a browser asks once, and waits for nothing between them."""
    leaflet = (_LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    # Not the line that points to its source map: a browser would ask for it.
    lines = [line for line in leaflet.splitlines() if not line.startswith("//# sourceMappingURL")]
    return "\n".join([*lines, *map(own_script, _SCRIPTS)])


def map_style() -> str:
    """Leaflet's style and ours as one."""
    files_of = (_LEAFLET / "leaflet.css", ASSETS / "map.css")
    return "".join(file.read_text(encoding="utf-8") for file in files_of)
