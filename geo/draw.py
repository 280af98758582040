"""Drawing a view with Folium: in the app (shapes by address) and as one self-contained file."""

from __future__ import annotations

import gzip
import json
import math
from base64 import b64encode
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from . import codes
from .about import eligible_source
from .dataset import Dataset
from .errors import mark
from .i18n import Language
from .legend import legend_html
from .payload import build_payload, list_figures, pack_figures
from .report import mapped_sentence
from .view import View

ASSETS: Final = Path(__file__).parent / "assets"
LEAFLET: Final = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
# In the order to load them.
_SCRIPTS: Final = (
    "shapes.js",
    "shape_files.js",
    "coverage_paths.js",
    "coverage_canvas.js",
    "coverage_layer.js",
)
# What a screen shows at zoom 0, and how many zooms a page of its own may be looked at closer than
# its whole area before its shapes look coarse.
_SCREEN_DEGREES: Final = 360 * 900 / 256
_CLOSER: Final = 2

_TOO_OLD: Final = mark(
    "The map needs a newer browser: Chrome 80, Firefox 113, Safari 16.4, or later."
)
# Scripts of plain text wait until page_start.js runs them.
_PAGE: Final = Template(
    "<!DOCTYPE html>\n<html>\n<head>\n<title>{{ this.title }}</title>"
    "{{ this.header.render(**kwargs) }}\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
    '<script type="text/plain">{{ this.packed }}</script>\n'
    '<script type="text/plain">{{ this.script.render(**kwargs) }}</script>\n'
    "<script>{{ this.start }}</script>\n</body>\n</html>\n"
)


class CoverageLayer(MacroElement):
    """A view's places as one Folium element, drawn by ``coverage_layer.js``.

    Parameters
    ----------
    payload : dict
        As `geo.payload.build_payload` gives it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "Jangkau.draw({{ this._parent.get_name() }},"
        " Object.assign({map: {{ this.map_name() }}}, {{ this.payload }}));"
        "{% endmacro %}"
    )

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "CoverageLayer"
        self.payload = _script_safe(payload)

    def map_name(self) -> str:
        """JavaScript name of the map the layer ends up on."""
        group: Any = self._parent
        return str(group._parent.get_name())


def _script_safe(payload: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def build_map(bounds: list[list[float]], *, assets: str | None) -> folium.Map:
    """An empty map without tiles.

    Parameters
    ----------
    bounds : list
        ``[[south, west], [north, east]]`` in degrees.
    assets : str or None
        Address under which Leaflet and our script are served; None for a map
        that carries them inside.
    """
    (south, west), (north, east) = bounds
    base = folium.Map(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=8,
        tiles=None,
        zoom_snap=0.25,
        attribution_control=True,
    )
    # Instance attributes: the class keeps Folium's own addresses for everybody else.
    base.default_js = []
    base.default_css = []
    if assets:
        base.default_js = [
            ("leaflet", f"{assets}/leaflet/leaflet.js"),
            *((script, f"{assets}/jangkau/{script}") for script in _SCRIPTS),
        ]
        base.default_css = [
            ("leaflet_css", f"{assets}/leaflet/leaflet.css"),
            ("jangkau_css", f"{assets}/jangkau/map.css"),
        ]
    return base


def build_layer(payload: dict[str, Any]) -> folium.FeatureGroup:
    """The view's places in a feature group, to be swapped while the map stays."""
    group = folium.FeatureGroup(name="coverage")
    CoverageLayer(payload).add_to(group)
    return group


def area_bounds(data: Dataset, place: str) -> list[list[float]]:
    """Bounds of an area's shapes as ``[[south, west], [north, east]]``."""
    west, south, east, north = data.shapes.bounds(place)
    return [[south, west], [north, east]]


def build_page(data: Dataset, view: View, language: Language) -> str:
    """One self-contained HTML file: script, style and shapes inside, no request to anywhere."""
    bounds = area_bounds(data, view.place)
    figures = {"data": _text(pack_figures(list_figures(view)))}
    inside = _shapes_inside(data, view, bounds)
    payload = build_payload(data, view, language, source=inside, values=figures, bounds=bounds)
    base = build_map(bounds, assets=None)
    # No table stands below a page of its own.
    build_layer(payload | {"title": _title(data, view, language)}).add_to(base)
    root: Any = base.get_root()
    root.header.add_child(Element(f"<style>{_read(ASSETS / 'legend.css')}</style>"))
    root.html.add_child(Element(_panel(data, view, language)))
    root.packed, root.start = _text(_pack_scripts()), _read(ASSETS / "page_start.js")
    root._template = _PAGE
    root.title = f"Jangkau: {_title(data, view, language)}"
    return str(root.render())


def _shapes_inside(data: Dataset, view: View, bounds: list[list[float]]) -> dict[str, Any]:
    """The shape files that a page of its own needs, and the index of them."""
    store = data.shapes
    index = json.loads(gzip.decompress(store.read(store.index)))
    finest = _resolution_for(bounds, [step["min_zoom"] for step in index["resolutions"]])
    levels = {}
    for level in _levels_inside(view):
        found = [f for f in index["levels"][level]["files"] if _related(f[0], view.place)]
        best = max((f[1] for f in found if f[1] <= finest), default=0)
        levels[level] = {"files": [f for f in found if f[1] == best]}
    names = [file[2] for level in levels.values() for file in level["files"]]
    return {
        "index": index | {"levels": levels},
        "files": {name: _text(store.read(name)) for name in names},
    }


def _levels_inside(view: View) -> list[codes.Level]:
    """The level drawn, and that of a larger place singled out.

    Lines between places of the levels above are found among the borders of those drawn.
    """
    drawn, selected = codes.PLACE_LEVELS.index(view.level), codes.level_of(view.query.selected)
    return [*({selected} & {*codes.PLACE_LEVELS[:drawn]}), view.level]


def _related(area: str, place: str) -> bool:
    return area.startswith(place) or place.startswith(area)


def _resolution_for(bounds: list[list[float]], least_zooms: list[int]) -> int:
    """The finest resolution that shows at the zoom of the whole area, and a little closer."""
    (south, west), (north, east) = bounds
    zoom = math.log2(_SCREEN_DEGREES / max(east - west, north - south, 1e-9)) + _CLOSER
    return max(i for i, least in enumerate(least_zooms) if not i or least <= zoom)


def _text(body: bytes) -> str:
    return b64encode(body).decode("ascii")


def _read(asset: Path) -> str:
    return asset.read_text(encoding="utf-8")


@cache
def _pack_scripts() -> bytes:
    """What a page of its own runs, compressed: Leaflet is most of it."""
    scripts = [_without_map(LEAFLET / "leaflet.js"), *(_read(ASSETS / name) for name in _SCRIPTS)]
    style = _read(LEAFLET / "leaflet.css") + _read(ASSETS / "map.css")
    return gzip.compress(json.dumps({"style": style, "scripts": scripts}).encode(), 9, mtime=0)


def _without_map(script: Path) -> str:
    """The script without the line that points to its source map: a browser would ask for it."""
    lines = _read(script).splitlines()
    return "\n".join(line for line in lines if not line.startswith("//# sourceMappingURL"))


def _title(data: Dataset, view: View, language: Language) -> str:
    return f"{data.names.get(view.place, 'Indonesia')} · {language.period(view.query.period)}"


def _panel(data: Dataset, view: View, language: Language) -> str:
    """Title, headline, legend and sources, beside the map."""
    sources = language(
        "Boundaries: {boundaries}. Eligible workers: {eligible}.",
        boundaries=language(data.boundaries.source),
        eligible=eligible_source(data, language),
    )
    return (
        f'<aside class="jk-panel"><h3>{escape(_title(data, view, language))}</h3>'
        f'<p class="jk-figure">{language.rate(view.totals.coverage_rate)}</p>'
        f"<p>{escape(mapped_sentence(view, language))}</p>"
        f"{legend_html(view, language)}<p>{escape(sources)}</p>"
        f'<p class="jk-too-old" hidden>{escape(language(_TOO_OLD))}</p></aside>'
    )
