"""A GeoPackage for QField and QGIS: visits to fill in, over villages, subdistricts and rounds.

The layer ``visits`` opens with its form: a list of the statuses, whole numbers, a calendar. What
identifies a village cannot be changed. Saved as a table (CSV or XLSX), its rows come back like
those of a worklist.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from ...core.errors import mark
from ...core.i18n import Language
from ...export.gdal_files import GEOPACKAGE_VERSION, LayerLook, add_looks
from ...export.qgis_style import QGIS_VERSION, build_symbol_layer, qgis_colour
from ..store import STATUSES
from ..worklist import HEADINGS, KEY
from .gpx import ROUND_COLOURS
from .plan import FieldPlan, field_notes

_GEOMETRY: Final = "geom"
_VISITS: Final = "visits"
_MOST_PEOPLE: Final = 100_000
_COLOURS: Final = {
    "planned": "#B3400A",
    "visited": "#0B6B63",
    "postponed": "#4A5763",
    "refused": "#5D4F9C",
}
# Labels of the fields that nobody fills in.
_GIVEN: Final = {
    KEY: KEY,
    "code": mark("Code"),
    "name": mark("Village"),
    "subdistrict": mark("Subdistrict"),
    "round": mark("Round"),
    "stop": mark("No."),
    "enrol": mark("Plan: to enrol"),
    "reactivate": mark("Plan: to reactivate"),
    "visit_cost": mark("Cost of the visit (planned)"),
    "estimated_position": mark("Position is estimated"),
}


def write_geopackage(field: FieldPlan, language: Language) -> bytes:
    """Write the layers of a plan with their looks and the form of the visits."""
    lines = gpd.GeoDataFrame(
        {
            "round": [each.number for each in field.rounds],
            "team": [each.team for each in field.rounds],
            "km_estimated": [each.km for each in field.rounds],
            "hours": [each.hours for each in field.rounds],
            "nights": [each.nights for each in field.rounds],
        },
        geometry=[_draw_round(field, each.base, each.villages) for each in field.rounds],
        crs=4326,
    ).astype({"team": "string"})
    layers = {
        _VISITS: (_list_visits(field), "Point"),
        "rounds": (lines, "LineString"),
        "villages": (_list_shapes(field, field.shapes), "MultiPolygon"),
        "subdistricts": (_list_shapes(field, field.areas), "MultiPolygon"),
    }
    about = {"plan": field.plan.key, "name": field.plan.name}
    about["notes"] = ". ".join(field_notes(field, language))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visits.gpkg"
        for index, (name, (frame, kind)) in enumerate(layers.items()):
            pyogrio.write_dataframe(
                frame,
                path,
                driver="GPKG",
                layer=name,
                geometry_type=kind,
                promote_to_multi=kind.startswith("Multi"),
                append=index > 0,
                # Only so do days stay days, without a time.
                use_arrow=True,
                layer_metadata=about,
                dataset_options={} if index else {"VERSION": GEOPACKAGE_VERSION},
                layer_options={"GEOMETRY_NAME": _GEOMETRY, "IDENTIFIER": name},
            )
        add_looks(path, _list_looks(language))
        return path.read_bytes()


def _list_visits(field: FieldPlan) -> gpd.GeoDataFrame:
    rows = field.villages
    known = rows["lat"].notna()
    days = [dt.date.fromisoformat(day) if day else None for day in rows["day"]]
    points = shapely.points(rows["lon"].fillna(0), rows["lat"].fillna(0))
    table = pd.DataFrame(
        {
            KEY: [field.row_key(str(code)) for code in rows.index],
            "code": rows.index.astype("str"),
            "name": rows["name"],
            "subdistrict": rows["subdistrict"],
            **{name: rows[name].astype("int32") for name in ("round", "stop", "enrol")},
            "reactivate": rows["reactivate"].astype("int32"),
            "visit_cost": rows["visit_cost"].round().astype("Int64"),
            "estimated_position": ~rows["placed"],
            "status": rows["status"],
            **{name: rows[name].astype("int32") for name in ("enrolled", "reactivated")},
            "team": rows["team"],
            "day": pd.Series(days, rows.index, pd.ArrowDtype(pa.date32())),
            "note": rows["note"],
        }
    )
    texts = (KEY, "code", "name", "subdistrict", "status", "team", "note")
    table = table.astype(dict.fromkeys(texts, "string"))
    shapes = [point if there else None for point, there in zip(points, known, strict=True)]
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=shapes, crs=4326)


def _list_shapes(field: FieldPlan, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    codes = shapes.index.astype("str")
    table = {"code": codes, "name": [field.name_of(code) for code in codes]}
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=4326)
    return frame.astype({"code": "string", "name": "string"})


def _draw_round(field: FieldPlan, base: str, villages: Sequence[str]) -> shapely.LineString | None:
    """Straight lines from base to base; None where fewer than two positions are known."""
    places = field.bases[["lon", "lat"]].combine_first(field.villages[["lon", "lat"]]).dropna()
    ends = [places.loc[code] for code in (base, *villages, base) if code in places.index]
    return shapely.LineString(ends) if len(ends) > 1 else None


def _list_looks(language: Language) -> list[LayerLook]:
    visits = _qml("Symbology|Fields|Forms|Labeling", "0")
    visits.extend((_status_renderer(language), _build_labels(), *_build_form(language)))
    rounds, villages, areas = (_qml("Symbology", kind) for kind in ("1", "2", "2"))
    rounds.append(_round_renderer())
    villages.append(_plain_renderer("#F8E7D6", "#C9C4B8", "0.2", "solid"))
    areas.append(_plain_renderer("#FFFFFF", "#4A5763", "0.5", "no"))
    trees = {_VISITS: visits, "rounds": rounds, "villages": villages, "subdistricts": areas}
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return [
        LayerLook(name, _GEOMETRY, name, head + ET.tostring(tree, encoding="unicode"))
        for name, tree in trees.items()
    ]


def _qml(categories: str, geometry: str) -> ET.Element:
    """Root of a look; geometry is 0 for points, 1 for lines, 2 for polygons."""
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories=categories)
    ET.SubElement(root, "layerGeometryType").text = geometry
    if geometry == "0":
        root.set("labelsEnabled", "1")
    return root


def _status_renderer(language: Language) -> ET.Element:
    """Points by status, the same colours as on the page."""
    renderer = ET.Element(
        "renderer-v2", type="categorizedSymbol", attr="status", symbollevels="0", forceraster="0"
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for index, (status, colour) in enumerate(_COLOURS.items()):
        look = {"symbol": str(index), "value": status, "render": "true", "type": "string"}
        ET.SubElement(categories, "category", look, label=language(STATUSES[status]))
        _add_symbol(
            symbols,
            index,
            "marker",
            build_symbol_layer(
                "SimpleMarker",
                ("name", "circle"),
                ("color", qgis_colour(colour)),
                ("outline_color", qgis_colour("#FFFFFF")),
                ("outline_width", "0.4"),
                ("size", "4"),
                ("size_unit", "MM"),
            ),
        )
    return renderer


def _build_labels() -> ET.Element:
    """Names beside the points, with a paper edge."""
    labels = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labels, "settings", calloutType="simple")
    style = {"fontSize": "9", "fontSizeUnit": "Point", "textColor": qgis_colour("#1B242D")}
    text = ET.SubElement(settings, "text-style", style, fieldName="name", isExpression="0")
    edge = {"bufferSize": "0.8", "bufferSizeUnits": "MM", "bufferColor": qgis_colour("#FFFFFF")}
    ET.SubElement(text, "text-buffer", edge, bufferDraw="1")
    ET.SubElement(settings, "placement", placement="6", dist="1.5", distUnits="MM")
    return labels


def _round_renderer() -> ET.Element:
    """Lines in the colours of the page, which repeat after eight rounds."""
    count = len(ROUND_COLOURS)
    renderer = ET.Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr=f'"round" % {count}',
        symbollevels="0",
        forceraster="0",
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for index, colour in enumerate(ROUND_COLOURS):
        look = {"symbol": str(index), "value": str(index), "render": "true", "type": "integer"}
        ET.SubElement(categories, "category", look, label=f"… {index or count}")
        line = build_symbol_layer(
            "SimpleLine", ("line_color", qgis_colour(colour)), ("line_width", "0.7")
        )
        _add_symbol(symbols, index, "line", line)
    return renderer


def _plain_renderer(fill: str, outline: str, width: str, brush: str) -> ET.Element:
    renderer = ET.Element("renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0")
    layer = build_symbol_layer(
        "SimpleFill",
        ("color", qgis_colour(fill)),
        ("style", brush),
        ("outline_color", qgis_colour(outline)),
        ("outline_width", width),
        ("outline_width_unit", "MM"),
    )
    _add_symbol(ET.SubElement(renderer, "symbols"), 0, "fill", layer)
    return renderer


def _add_symbol(symbols: ET.Element, index: int, kind: str, layer: ET.Element) -> None:
    symbol = ET.SubElement(symbols, "symbol", type=kind, name=str(index), alpha="1")
    symbol.append(layer)


def _build_form(language: Language) -> list[ET.Element]:
    """Widgets, labels, constraints and what may be edited, in the order of QGIS."""
    fields = _GIVEN | HEADINGS
    configuration = ET.Element("fieldConfiguration")
    aliases, editable = ET.Element("aliases"), ET.Element("editable")
    constraints, expressions = ET.Element("constraints"), ET.Element("constraintExpressions")
    defaults = ET.Element("defaults")
    for index, (name, words) in enumerate(fields.items()):
        configuration.append(_build_widget(name, language))
        ET.SubElement(aliases, "alias", field=name, name=language(words), index=str(index))
        ET.SubElement(editable, "field", name=name, editable="1" if name in HEADINGS else "0")
        rule = _RULES.get(name, "")
        needed = name in (KEY, "status", "enrolled", "reactivated")
        ET.SubElement(
            constraints,
            "constraint",
            field=name,
            constraints=str(needed + 4 * bool(rule)),
            notnull_strength="2" if needed else "0",
            unique_strength="0",
            exp_strength="2" if rule else "0",
        )
        sentence = language(_REASONS[name]) if rule else ""
        ET.SubElement(expressions, "constraint", field=name, exp=rule, desc=sentence)
        ET.SubElement(defaults, "default", field=name, expression="", applyOnUpdate="0")
    preview = ET.Element("previewExpression")
    preview.text = '"name"'
    return [configuration, aliases, defaults, constraints, expressions, editable, preview]


_PEOPLE: Final = mark("Enter a whole number from 0 to 100,000.")
_RULES: Final = {
    "status": '"status" IN ({})'.format(", ".join(f"'{status}'" for status in STATUSES)),
    "enrolled": f'"enrolled" >= 0 AND "enrolled" <= {_MOST_PEOPLE}',
    "reactivated": f'"reactivated" >= 0 AND "reactivated" <= {_MOST_PEOPLE}',
    "day": '"status" = \'planned\' OR "day" <= now()',
}
_REASONS: Final = {
    "status": mark("the status is none of the list"),
    "enrolled": _PEOPLE,
    "reactivated": _PEOPLE,
    "day": mark("Enter the date of the visit, not in the future."),
}


def _build_widget(name: str, language: Language) -> ET.Element:
    field = ET.Element("field", name=name, configurationFlags="None")
    kind = _WIDGETS.get(name, "TextEdit")
    widget = ET.SubElement(field, "editWidget", type=kind)
    options = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
    if kind == "ValueMap":
        listed = ET.SubElement(options, "Option", type="List", name="map")
        for status, words in STATUSES.items():
            pair = ET.SubElement(listed, "Option", type="Map")
            ET.SubElement(pair, "Option", type="QString", name=language(words), value=status)
    for option, (type_, value) in _OPTIONS.get(kind, {}).items():
        ET.SubElement(options, "Option", type=type_, name=option, value=value)
    if name == "note":
        ET.SubElement(options, "Option", type="bool", name="IsMultiline", value="true")
    return field


_WIDGETS: Final = {
    **{KEY: "Hidden", "status": "ValueMap", "day": "DateTime"},
    **{"enrolled": "Range", "reactivated": "Range"},
}
_OPTIONS: Final = {
    "Range": {
        "AllowNull": ("bool", "false"),
        "Min": ("int", "0"),
        "Max": ("int", str(_MOST_PEOPLE)),
        "Precision": ("int", "0"),
        "Step": ("int", "1"),
        "Style": ("QString", "SpinBox"),
    },
    "DateTime": {
        "allow_null": ("bool", "true"),
        "calendar_popup": ("bool", "true"),
        "display_format": ("QString", "dd/MM/yyyy"),
        "field_format": ("QString", "yyyy-MM-dd"),
        "field_iso_format": ("bool", "false"),
    },
}
