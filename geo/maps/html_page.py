"""The map as one self-contained HTML file: script, style and shapes inside."""

from __future__ import annotations

import gzip
import json
import math
from base64 import b64encode
from functools import cache
from html import escape
from typing import Any, Final

from branca.element import Element
from folium.template import Template

from ..core import codes
from ..core.errors import mark
from ..core.i18n import Language
from ..core.markup import render_template
from ..measures.dataset import Dataset
from ..measures.view import View
from ..reporting.about import eligible_source
from ..reporting.findings import balance_sentence, half_sentence, limit_sentences
from ..reporting.report import mapped_sentence
from ..reporting.statement import build_statement
from .folium_layer import CoverageLayer, area_bounds, build_map, script_safe
from .legend import legend_html
from .payload import build_payload, list_figures, map_notice, pack_figures
from .scripts import TEMPLATES, map_script, map_style, own_file

# What a screen shows at zoom 0, and how many zooms a page of its own may be looked at closer than
# its whole area before its shapes look coarse.
_SCREEN_DEGREES: Final = 360 * 900 / 256
_CLOSER: Final = 2

_TOO_OLD: Final = mark(
    "The map needs a newer browser: Chrome 80, Firefox 113, Safari 16.4, or later."
)
# Where title, panel, view and shapes stand, in this order.
_SLOT: Final = "jangkau-slot"
# Scripts of plain text wait until page_start.js runs them, which needs no shapes yet to begin.
# Folium's own kind of template, which escapes nothing: what it is given is script and style.
_PAGE: Final = Template((TEMPLATES / "page.html").read_text(encoding="utf-8"))
# What the panel's title says already.
_IN_TITLE: Final = ("area", "period")
# The script moves the map to its area before anything is seen.
_ANYWHERE: Final = [[-11.0, 95.0], [6.0, 141.0]]


def build_page(data: Dataset, view: View, language: Language) -> str:
    """One self-contained HTML file, which makes no request to anywhere."""
    bounds = area_bounds(data, view.place, view.query.subdistricts)
    figures = {"data": _text(pack_figures(list_figures(view)))}
    inside = _shapes_inside(data, view, bounds)
    # Beside the script: in it the parser of JavaScript would read megabytes for a country.
    shapes = "".join(_plain_script(name, body) for name, body in inside.pop("files").items())
    payload = build_payload(data, view, language, source=inside, values=figures, bounds=bounds)
    title = build_statement(data, view.query, language).title
    before, titled, told, drawn, after = _split_frame()
    # Neither table nor explanations stand beside a page of its own: the map is called by what it
    # shows.
    notice = map_notice(data, view, language, about=False)
    script = script_safe(payload | {"title": title, "notice": notice})
    panel = _panel(data, view, language)
    page = [before, f"Jangkau: {escape(title)}", titled, panel, told, script, drawn, shapes, after]
    return "".join(page)


def _plain_script(name: str, body: str) -> str:
    return f'<script type="text/plain" id="{name}">{body}</script>\n'


@cache
def _split_frame() -> list[str]:
    """What every page has, as Folium renders it, in pieces between the slots.

    Rendered once: nothing that a file of the user says is ever part of a template.
    """
    base = build_map(_ANYWHERE)
    CoverageLayer(_SLOT).add_to(base)
    root: Any = base.get_root()
    root.header.add_child(Element(f"<style>{own_file('legend.css')}</style>"))
    root.packed, root.start = _text(_pack_scripts()), own_file("page_start.js")
    root._template, root.slot = _PAGE, _SLOT
    return str(root.render()).split(_SLOT)


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


def _pack_scripts() -> bytes:
    """What a page of its own runs, compressed: Leaflet is most of it."""
    told = {"style": map_style(), "script": map_script()}
    return gzip.compress(json.dumps(told).encode(), 9, mtime=0)


def _panel(data: Dataset, view: View, language: Language) -> str:
    """Title, headline, legend, what is shown, and sources, beside the map."""
    statement = build_statement(data, view.query, language)
    findings = (half_sentence(view, language), balance_sentence(view, language))
    return render_template(
        TEMPLATES / "panel.html",
        area=statement.area,
        people_and_period=statement.people_and_period,
        limits=limit_sentences(view, language),
        rate=language.rate(view.totals.coverage_rate),
        coverage=language("coverage"),
        mapped=mapped_sentence(view, language),
        legend=legend_html(view, language),
        facts=[fact for fact in statement.facts if fact.key not in _IN_TITLE],
        findings=[sentence for sentence in findings if sentence],
        sources=language(
            "Boundaries: {boundaries}. Eligible workers: {eligible}.",
            boundaries=language(data.boundaries.source),
            eligible=eligible_source(data, language),
        ),
        too_old=language(_TOO_OLD),
    )
