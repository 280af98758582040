"""A folder for any file host: data, tiles, looks, codebook, metadata, and a page with a map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import shapely

from ..core.errors import mark
from ..core.files import write_atomically
from ..core.i18n import Language
from ..core.markup import render_template
from .codebook import write_codebook
from .files import Extract, plain_rows, write_csv, write_geojson
from .formats import format_of
from .metadata import build_data_package, build_satu_data
from .parquet import write_geoparquet
from .qgis_style import write_qml
from .sld_style import write_sld
from .style_rules import StyleRule, build_rules, find_rule
from .tiles import write_pmtiles
from .typed_frame import layer_name

_TEMPLATE: Final = Path(__file__).parent / "templates" / "index.html"
_WIDTH: Final = 900
_STYLE: Final = (
    "body{font:16px/1.55 system-ui,sans-serif;color:#1F2933;background:#FBFAF7;margin:0 auto;"
    "max-width:64rem;padding:1.5rem 1rem}h1{font-size:1.5rem}a{color:#0F766E}svg{width:100%;"
    "max-height:75vh}path{stroke:#FFF;stroke-width:.6}path:hover{stroke:#1F2933;stroke-width:1.5}"
    "dl{display:grid;grid-template-columns:minmax(6rem,max-content) minmax(0,1fr);gap:.2rem 1rem}"
    "dt{color:#61707D}dt,dd,a{overflow-wrap:anywhere}dd{margin:0}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "td,th{border-bottom:1px solid #E3E0D8;padding:.25rem .6rem;text-align:right}"
    "td:first-child,th:first-child{text-align:left}i{display:inline-block;width:1rem;height:1rem;"
    "margin-right:.4rem;vertical-align:-.15rem;border:1px solid #E3E0D8}li{margin:.15rem 0}"
    "ul.legend{list-style:none;padding:0;columns:14rem}.scroll{overflow-x:auto}"
)
_FILES: Final = mark("Files")
_COLUMNS: Final = ("enrolled", "eligible", "coverage_rate", "coverage_gap")
_HEADS: Final = {
    "name": mark("name"),
    "enrolled": mark("enrolled"),
    "eligible": mark("eligible"),
    "coverage_rate": mark("coverage"),
    "coverage_gap": mark("not covered"),
}


def publish_folder(layers: Sequence[Extract], out: Path, language: Language) -> list[Path]:
    """Write every file of a folder that works from any file host.

    Parameters
    ----------
    layers : sequence of Extract
        The one on the map first.
    out : pathlib.Path
        The folder; made where it is absent. Files of the same names are replaced.
    language : Language
        Of page and labels.

    Returns
    -------
    list of pathlib.Path
        What was written.
    """
    out.mkdir(parents=True, exist_ok=True)
    bodies: dict[str, bytes] = {}
    for extract in layers:
        name, measure = layer_name(extract), extract.view.classes.measure
        rules = build_rules(extract.view, language)
        bodies[f"{name}.parquet"] = write_geoparquet(extract)
        bodies[f"{name}.geojson"] = write_geojson(extract)
        bodies[f"{name}.csv"] = write_csv(extract)
        bodies[f"{name}.pmtiles"] = write_pmtiles(extract)
        bodies[f"{name}.qml"] = write_qml(rules, measure, language)
        bodies[f"{name}.sld"] = write_sld(name, measure, rules, measure)
    bodies["jangkau.gpkg"] = format_of("gpkg").write(layers, language)
    bodies["codebook.csv"] = write_codebook()
    bodies["satu-data.json"] = _json(build_satu_data(layers[0]))
    tables = {f"{layer_name(extract)}.csv": "csv" for extract in layers}
    files = {name: tables.get(name, Path(name).suffix[1:]) for name in bodies}
    bodies["datapackage.json"] = _json(build_data_package(layers[0], files))
    bodies["index.html"] = write_index(layers[0], list(bodies), language).encode()
    for name, body in bodies.items():
        write_atomically(out / name, body)
    return [out / name for name in bodies]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def write_index(extract: Extract, files: Sequence[str], language: Language) -> str:
    """A page with map, legend, statement, table and files; it has no script and loads nothing."""
    rows = plain_rows(extract.table)
    return render_template(
        _TEMPLATE,
        language=language.code,
        style=_STYLE,
        title=next(fact.text for fact in extract.about if fact.key == "name"),
        map=_draw_map(extract, build_rules(extract.view, language), language),
        facts=[fact for fact in extract.about if fact.key != "name"],
        files_title=language(_FILES),
        files=files,
        places_title=language("Places"),
        titles=[language(words) for words in _HEADS.values()],
        rows=[(row["name"], *(_say(row, column, language) for column in _COLUMNS)) for row in rows],
    )


def _draw_map(
    extract: Extract, rules: tuple[StyleRule, ...], language: Language
) -> dict[str, Any] | None:
    """Outlines with their colours and words, and the legend of those; None where none is known."""
    known = extract.shapes.dropna()
    if known.empty:
        return None
    west, south, east, north = known.total_bounds
    scale = _WIDTH / max(east - west, 1e-9)
    measure = extract.view.classes.measure
    places, used = [], set()
    rows = plain_rows(extract.table)
    shapes = shapely.simplify(extract.shapes.to_numpy(), 0.5 / scale)
    for row, shape in zip(rows, shapes, strict=True):
        if shape is None:
            continue
        rule = find_rule(rules, row, measure)
        used.add(rule.key)
        drawn = shapely.transform(shape, lambda at: (at - [west, north]) * [scale, -scale])
        words = f"{row['name']}: {_say(row, 'coverage_rate', language)} · {rule.label}"
        places.append({"path": _trace(drawn), "colour": rule.colour, "words": words})
    return {
        "box": f"0 0 {_WIDTH} {(north - south) * scale:.0f}",
        "label": language("Map"),
        "places": places,
        "legend": [rule for rule in rules if rule.key in used],
    }


def _trace(shape: Any) -> str:
    rings = (shapely.get_coordinates(ring) for ring in shapely.get_rings(shape))
    return "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in ring)}Z" for ring in rings)


def _say(row: dict[str, Any], column: str, language: Language) -> str:
    value = row[column]
    return language.rate(value) if column == "coverage_rate" else language.count(value)
