"""Drawing a view with Folium: in the app (shapes by address) and as one self-contained file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import folium
import numpy as np
from branca.element import Element, MacroElement
from folium.template import Template

from . import codes
from .about import eligible_source
from .dataset import Dataset
from .i18n import Language
from .legend import STATE_LABELS, legend_html
from .palettes import STATE_PATTERNS, class_colours, state_fills
from .report import mapped_sentence
from .store import to_collection
from .view import View

ASSETS: Final = Path(__file__).parent / "assets"
LEAFLET: Final = Path(str(files("js_lib_leaflet"))) / "static" / "js_lib_leaflet"
# For each level its shapes: {"url": …} or {"data": …}.
Sources = Mapping[codes.Level, Mapping[str, Any]]
_TILES: Final = {
    "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    "attribution": "© OpenStreetMap contributors",
}
# Radius of the largest circle in pixels: among few places, and among many.
_LARGEST_CIRCLE: Final = (22.0, 13.0)
_MANY: Final = 30
_SMALLEST_CIRCLE: Final = 2.0
_MOST_LABELS: Final = 60


class CoverageLayer(MacroElement):
    """A view's places as one Folium element, drawn by ``coverage_layer.js``.

    Parameters
    ----------
    payload : dict
        As `build_payload` gives it.
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
            ("jangkau", f"{assets}/jangkau/coverage_layer.js"),
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


def build_payload(
    data: Dataset, view: View, language: Language, *, sources: Sources
) -> dict[str, Any]:
    """Everything the script needs to draw a view.

    Parameters
    ----------
    data, view : Dataset, View
        What to draw.
    language : Language
        Of tooltips and notice.
    sources : dict
        For each level its shapes: ``{"url": …}`` or ``{"data": …}``.
    """
    chosen = view.query.selected
    return {
        "shapes": sources[view.level],
        "outline": sources["subdistrict"] if view.level == "village" else None,
        "within": view.place,
        "selectable": sources.get(codes.level_of(chosen)) if chosen else None,
        "selected": chosen,
        "styles": _styles(view),
        "places": _places(view, language),
        "labels": len(view.shown) <= _MOST_LABELS,
        "focus": {"key": view.place, "bounds": area_bounds(data, view.place)},
        "tiles": _TILES if view.query.tiles else None,
        "notice": map_notice(data, view, language),
        "zoom": [language("zoom in"), language("zoom out")],
    }


def map_notice(data: Dataset, view: View, language: Language) -> str:
    """What must be said on the map itself; empty where nothing must."""
    notes = []
    if data.boundaries.approximate:
        notes.append(language("Approximate boundaries, not official: see About"))
    if data.synthetic:
        notes.append(language("synthetic sample"))
    missing = int((~view.shown["has_boundary"].astype(bool)).sum())
    if missing:
        notes.append(
            language.plural("{n} place has no boundary", "{n} places have no boundary", missing)
        )
    return " · ".join(notes)


def area_bounds(data: Dataset, place: str) -> list[list[float]]:
    """Bounds of an area's shapes as ``[[south, west], [north, east]]``."""
    villages = data.drawn["village"]
    inside = villages[villages.index.str.startswith(place)]
    west, south, east, north = (inside if len(inside) else villages).total_bounds
    return [[float(south), float(west)], [float(north), float(east)]]


def _styles(view: View) -> list[dict[str, str]]:
    colours = class_colours(view.query.palette, view.classes.count, view.classes.measure)
    states = [
        {"fill": fill, "pattern": STATE_PATTERNS.get(state, "")}
        for state, fill in state_fills(view.query.palette).items()
    ]
    return [{"fill": colour, "pattern": ""} for colour in colours] + states


def _places(view: View, language: Language) -> list[list[Any]]:
    """Rows of the script, the largest gap first (its label wins)."""
    special = {
        state: view.classes.count + i for i, state in enumerate(state_fills(view.query.palette))
    }
    drawn = view.shown[view.shown["has_boundary"].astype(bool)]
    drawn = drawn.sort_values("coverage_gap", ascending=False, na_position="last")
    radii = _radii(drawn["coverage_gap"].fillna(0).to_numpy() * view.query.circles)
    return [
        [
            row.Index,
            special.get(row.state, row.class_index),
            float(radii[i]),
            row.name,
            tooltip_lines(row, view, language),
            int(row.found == 0),
        ]
        for i, row in enumerate(drawn.itertuples())
    ]


def _radii(gaps: np.ndarray) -> np.ndarray:
    """Radii whose circles' areas are in proportion to the gaps, in pixels."""
    largest = gaps.max(initial=0)
    if not largest:
        return np.zeros(len(gaps))
    radii = np.sqrt(gaps / largest) * _LARGEST_CIRCLE[len(gaps) > _MANY]
    return np.where(gaps > 0, np.maximum(radii, _SMALLEST_CIRCLE), 0).round(1)


def tooltip_lines(row: Any, view: View, language: Language) -> list[str]:
    """Figures of a place in words; a state other than ok says itself first."""
    lines = []
    if row.state != "ok":
        lines.append(language(STATE_LABELS[row.state]))
    if row.coverage_rate == row.coverage_rate:
        lines.append(language("Coverage {rate}", rate=language.rate(row.coverage_rate)))
    lines.append(
        language(
            "{enrolled} active of {eligible} eligible",
            enrolled=language.count(row.enrolled),
            eligible=language.count(row.eligible),
        )
    )
    if row.coverage_gap == row.coverage_gap:
        lines.append(language("{gap} not covered", gap=language.count(row.coverage_gap)))
    if view.query.narrows and view.level != "village":
        lines.append(
            language(
                "{found} of {villages} villages pass the filters",
                found=language.count(row.found),
                villages=language.count(row.villages),
            )
        )
    return lines


def build_page(data: Dataset, view: View, language: Language) -> str:
    """One self-contained HTML file: script, style and shapes inside, no request to anywhere."""
    levels: set[codes.Level] = {view.level}
    levels |= {"subdistrict"} if view.level == "village" else set()
    sources: Sources = {
        level: {"data": to_collection(_inside(data.drawn[level], view.place))} for level in levels
    }
    base = build_map(area_bounds(data, view.place), assets=None)
    group = build_layer(build_payload(data, view, language, sources=sources))
    group.add_to(base)
    root: Any = base.get_root()
    for style in (LEAFLET / "leaflet.css", ASSETS / "map.css", ASSETS / "legend.css"):
        root.header.add_child(Element(f"<style>{style.read_text(encoding='utf-8')}</style>"))
    for script in (LEAFLET / "leaflet.js", ASSETS / "coverage_layer.js"):
        root.header.add_child(Element(f"<script>{_without_map(script)}</script>"))
    root.html.add_child(Element(_panel(data, view, language)))
    root.title = f"Jangkau: {_title(data, view, language)}"
    return str(root.render())


def _inside(shapes: Any, place: str) -> Any:
    return shapes[shapes.index.str.startswith(place[: len(shapes.index[0])])]


def _without_map(script: Path) -> str:
    """The script without the line that points to its source map: a browser would ask for it."""
    lines = script.read_text(encoding="utf-8").splitlines()
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
        f"{legend_html(view, language)}<p>{escape(sources)}</p></aside>"
    )
