"""KML with the colours of the map: pyogrio writes none."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import Any, Final

import shapely

from ..core.codebook import COLUMNS
from ..core.i18n import Language
from .files import Extract, plain_rows
from .style_rules import build_rules, find_rule

_KML: Final = "http://www.opengis.net/kml/2.2"
# Rupiah of a country are more than a KML whole number (32 bits) holds.
_TYPES: Final = {"text": "string", "rate": "double", "rupiah": "double"}
_LINE: Final = "ffffffff"
_FILL_OPACITY: Final = "e6"
# What XML 1.0 cannot hold.
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")


def write_kml(extract: Extract, language: Language) -> bytes:
    """Places with figures, polygons and fills; what the figures are of stands in the document."""
    measure = extract.view.classes.measure
    rules = build_rules(extract.view, language)
    root = ET.Element("kml", xmlns=_KML)
    document = ET.SubElement(root, "Document")
    facts = {fact.key: f"{fact.label}: {fact.text}" for fact in extract.about}
    ET.SubElement(document, "name").text = _text(
        next(fact.text for fact in extract.about if fact.key == "name")
    )
    ET.SubElement(document, "description").text = _text("\n".join(facts.values()))
    for rule in rules:
        document.append(_style(rule.key, rule.colour))
    document.append(_schema(language))
    rows = plain_rows(extract.table)
    for row, shape in zip(rows, extract.shapes, strict=True):
        document.append(_placemark(row, shape, find_rule(rules, row, measure).key))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _style(key: str, colour: str) -> ET.Element:
    """A look; KML writes colours as opacity, blue, green, red."""
    style = ET.Element("Style", id=key)
    line = ET.SubElement(style, "LineStyle")
    ET.SubElement(line, "color").text = _LINE
    ET.SubElement(line, "width").text = "1"
    fill = ET.SubElement(style, "PolyStyle")
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    ET.SubElement(fill, "color").text = f"{_FILL_OPACITY}{blue}{green}{red}".lower()
    return style


def _schema(language: Language) -> ET.Element:
    schema = ET.Element("Schema", name="places", id="places")
    for column in COLUMNS:
        if column.name == "name":
            continue
        field = ET.SubElement(
            schema, "SimpleField", name=column.name, type=_TYPES.get(column.kind, "int")
        )
        ET.SubElement(field, "displayName").text = language(column.label)
    return schema


def _placemark(row: dict[str, Any], shape: Any, style: str) -> ET.Element:
    placemark = ET.Element("Placemark", id=f"p{row['code']}")
    ET.SubElement(placemark, "name").text = _text(row["name"])
    ET.SubElement(placemark, "styleUrl").text = f"#{style}"
    data = ET.SubElement(
        ET.SubElement(placemark, "ExtendedData"), "SchemaData", schemaUrl="#places"
    )
    for name, value in row.items():
        # GDAL takes the name of a placemark for a column, and no second one of that name.
        if value is not None and name != "name":
            ET.SubElement(data, "SimpleData", name=name).text = _text(str(value))
    if shape is not None:
        several = ET.SubElement(placemark, "MultiGeometry")
        for polygon in shapely.get_parts(shape):
            several.append(_polygon(polygon))
    return placemark


def _polygon(polygon: Any) -> ET.Element:
    element = ET.Element("Polygon")
    polygon = shapely.orient_polygons(polygon, exterior_cw=False)
    outer = ET.SubElement(element, "outerBoundaryIs")
    outer.append(_ring(polygon.exterior.coords))
    for hole in polygon.interiors:
        ET.SubElement(element, "innerBoundaryIs").append(_ring(hole.coords))
    return element


def _ring(positions: Iterable[tuple[float, ...]]) -> ET.Element:
    ring = ET.Element("LinearRing")
    ET.SubElement(ring, "coordinates").text = " ".join(
        f"{position[0]:.10g},{position[1]:.10g}" for position in positions
    )
    return ring


def _text(text: str) -> str:
    return text.translate(_CONTROLS)
