"""Drawing a view with Folium: an empty map, and the view's places on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import folium
from branca.element import Element
from folium.template import Template

from ..measures.dataset import Dataset


class CoverageLayer(folium.FeatureGroup):
    """A view's places as one Folium element, drawn by ``coverage_layer.js``.

    A feature group, because streamlit-folium swaps nothing else while the map stays.

    Parameters
    ----------
    payload : str
        What `geo.maps.payload.build_payload` gives, as `script_safe` writes it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = Jangkau.layer({{ this.payload }})"
        ".addTo({{ this._parent.get_name() }});"
        "{% endmacro %}"
    )

    def __init__(self, payload: str) -> None:
        super().__init__(name="coverage")
        self.payload = payload

    def render(self, **kwargs: Any) -> str:
        """Hand the script to the page as it stands; Folium would compile it as a template."""
        root: Any = self.get_root()
        script = self._template.module.script(self, kwargs)
        root.script.add_child(_Script(script), name=self.get_name())
        return ""


class _Script(Element):
    """Text of a script, in which nothing is filled in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **kwargs: Any) -> str:
        """The text as it stands."""
        return self._text


class _BareMap(folium.Map):
    """A map in a frame that is there: of Folium's page it needs neither head nor styles."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},"
        " {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});"
        "{% endmacro %}"
    )

    def render(self, **kwargs: Any) -> str:
        """Nothing: streamlit-folium takes script and addresses from the element itself."""
        return ""


def script_safe(payload: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def build_map(
    bounds: list[list[float]], *, script: str | None = None, style: str | None = None
) -> folium.Map:
    """An empty map without tiles.

    Parameters
    ----------
    bounds : list
        ``[[south, west], [north, east]]`` in degrees.
    script, style : str, optional
        Addresses under which the files of `geo.maps.scripts` are served; left out for a map that
        carries them inside.
    """
    (south, west), (north, east) = bounds
    base = (_BareMap if script else folium.Map)(
        location=((south + north) / 2, (west + east) / 2), zoom_start=8, tiles=None, zoom_snap=0.25
    )
    # Instance attributes: the class keeps Folium's own addresses for everybody else.
    base.default_js = [("jangkau", script)] if script else []
    base.default_css = [("jangkau_css", style)] if style else []
    return base


def area_bounds(data: Dataset, place: str, subdistricts: Sequence[str] = ()) -> list[list[float]]:
    """Bounds of an area's shapes, or of some of its subdistricts.

    Returns
    -------
    list
        ``[[south, west], [north, east]]`` in degrees.
    """
    boxes = [data.shapes.bounds(code) for code in subdistricts or (place,)]
    west, south, east, north = zip(*boxes, strict=True)
    return [[min(south), min(west)], [max(north), max(east)]]
