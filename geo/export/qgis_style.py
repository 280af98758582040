"""The look of a layer for QGIS: a rule-based renderer as QML, and a project of layers.

Rules decide by state before value: a graduated renderer would leave places above 100 % and
unknown ones as holes.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..core.codebook import COLUMNS
from ..core.i18n import Language
from .style_rules import StyleRule

# The version whose form is written; later ones read it.
QGIS_VERSION: Final = "3.22.16-Białowieża"
_OUTLINE: Final = "#FFFFFF"
_PAPER: Final = "#FBFAF7"
_INK: Final = "#61707D"
# What QGIS calls the hatching of a pattern, and its colour.
_HATCHES: Final = {
    "wide": ("f_diagonal", _PAPER),
    "lines": ("b_diagonal", _INK),
    "dots": ("dense6", _INK),
}


@dataclass(frozen=True)
class ProjectLayer:
    """A layer of a project.

    Attributes
    ----------
    key : str
        Letters, digits and underscores.
    title : str
        As the list of layers shows it.
    source, provider : str
        In the form that QGIS reads: a path relative to the project with ``|layername=``, or the
        words of a service.
    rules, measure : tuple of StyleRule, str
        The look.
    extent : tuple of float
        West, south, east, north in degrees.
    """

    key: str
    title: str
    source: str
    provider: str
    rules: tuple[StyleRule, ...]
    measure: str
    extent: tuple[float, float, float, float]


def write_qml(rules: Sequence[StyleRule], measure: str, language: Language) -> bytes:
    """The look of a layer as QML, with the labels of the columns as names of the fields."""
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology|Fields")
    root.append(_renderer(rules, measure))
    aliases = ET.SubElement(root, "aliases")
    for index, column in enumerate(COLUMNS):
        ET.SubElement(
            aliases, "alias", field=column.name, name=language(column.label), index=str(index)
        )
    ET.SubElement(root, "layerGeometryType").text = "2"
    head = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + bytes(ET.tostring(root, encoding="utf-8"))


def rule_expression(rule: StyleRule, measure: str) -> str:
    """The places of a rule as an expression of QGIS; ``ELSE`` for all that are left."""
    if not rule.states:
        return "ELSE"
    states = ", ".join(f"'{state}'" for state in rule.states)
    parts = [f'"state" IN ({states})']
    if rule.above_100 is not None:
        parts.append(f'"enrolled" {">" if rule.above_100 else "<="} "eligible"')
    if rule.low is not None:
        parts.append(f'"{measure}" >= {rule.low:.10g}')
    if rule.high is not None:
        parts.append(f'"{measure}" < {rule.high:.10g}')
    elif rule.low is None and rule.key.endswith("class_0"):
        parts.append(f'"{measure}" IS NOT NULL')
    return " AND ".join(parts)


def _renderer(rules: Sequence[StyleRule], measure: str) -> ET.Element:
    renderer = ET.Element(
        "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    listed = ET.SubElement(renderer, "rules", key="{jangkau}")
    symbols = ET.SubElement(renderer, "symbols")
    for index, rule in enumerate(rules):
        ET.SubElement(
            listed,
            "rule",
            key=f"{{{rule.key}}}",
            symbol=str(index),
            label=rule.label,
            filter=rule_expression(rule, measure),
        )
        symbols.append(_symbol(index, rule))
    return renderer


def _symbol(index: int, rule: StyleRule) -> ET.Element:
    symbol = ET.Element(
        "symbol", type="fill", name=str(index), alpha="1", clip_to_extent="1", force_rhr="0"
    )
    symbol.append(_fill(rule.colour, "solid", "solid"))
    if rule.pattern:
        brush, colour = _HATCHES[rule.pattern]
        symbol.append(_fill(colour, brush, "no"))
    return symbol


def _fill(colour: str, brush: str, outline: str) -> ET.Element:
    return build_symbol_layer(
        "SimpleFill",
        ("color", qgis_colour(colour)),
        ("style", brush),
        ("outline_color", qgis_colour(_OUTLINE)),
        ("outline_style", outline),
        ("outline_width", "0.2"),
        ("outline_width_unit", "MM"),
        ("joinstyle", "bevel"),
    )


def build_symbol_layer(kind: str, *options: tuple[str, str]) -> ET.Element:
    """One layer of a symbol, with its options in the form of QGIS 3 before and after 3.22.

    Parameters
    ----------
    kind : str
        ``SimpleFill``, ``SimpleLine``, ``SimpleMarker``.
    *options : (str, str)
        Names and values, as QGIS writes them.
    """
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    listed = ET.SubElement(layer, "Option", type="Map")
    for name, value in options:
        ET.SubElement(listed, "Option", type="QString", name=name, value=value)
        ET.SubElement(layer, "prop", k=name, v=value)
    return layer


def qgis_colour(colour: str) -> str:
    """A colour ``#RRGGBB`` as QGIS writes it: red, green, blue, opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"


def write_project(title: str, layers: Sequence[ProjectLayer]) -> bytes:
    """A project (``.qgs``) that shows layers in their colours.

    Parameters
    ----------
    title : str
        Of the project.
    layers : sequence of ProjectLayer
        The one on top first.
    """
    root = ET.Element("qgis", projectname=title, version=QGIS_VERSION)
    ET.SubElement(root, "title").text = title
    tree = ET.SubElement(root, "layer-tree-group")
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas")
    ET.SubElement(canvas, "units").text = "degrees"
    _add_extent(canvas, layers[0].extent)
    destination = ET.SubElement(canvas, "destinationsrs")
    destination.append(_reference_system())
    ET.SubElement(root, "projectCrs").append(_reference_system())
    listed = ET.SubElement(root, "projectlayers")
    order = ET.SubElement(root, "layerorder")
    for index, layer in enumerate(layers):
        checked = "Qt::Checked" if index == 0 else "Qt::Unchecked"
        ET.SubElement(
            tree,
            "layer-tree-layer",
            id=layer.key,
            name=layer.title,
            checked=checked,
            expanded="1" if index == 0 else "0",
            source=layer.source,
            providerKey=layer.provider,
        )
        ET.SubElement(order, "layer", id=layer.key)
        listed.append(_map_layer(layer))
    head = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + bytes(ET.tostring(root, encoding="utf-8"))


def _map_layer(layer: ProjectLayer) -> ET.Element:
    element = ET.Element(
        "maplayer",
        type="vector",
        geometry="Polygon",
        wkbType="MultiPolygon",
        hasScaleBasedVisibilityFlag="0",
    )
    _add_extent(element, layer.extent)
    ET.SubElement(element, "id").text = layer.key
    ET.SubElement(element, "datasource").text = layer.source
    ET.SubElement(element, "layername").text = layer.title
    ET.SubElement(element, "srs").append(_reference_system())
    ET.SubElement(element, "provider", encoding="UTF-8").text = layer.provider
    element.append(_renderer(layer.rules, layer.measure))
    ET.SubElement(element, "layerGeometryType").text = "2"
    return element


def _add_extent(parent: ET.Element, extent: tuple[float, float, float, float]) -> None:
    element = ET.SubElement(parent, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        ET.SubElement(element, name).text = f"{value:.7f}"


def _reference_system() -> ET.Element:
    system = ET.Element("spatialrefsys")
    for name, value in (
        ("proj4", "+proj=longlat +datum=WGS84 +no_defs"),
        ("srsid", "3452"),
        ("srid", "4326"),
        ("authid", "EPSG:4326"),
        ("description", "WGS 84"),
        ("projectionacronym", "longlat"),
        ("ellipsoidacronym", "EPSG:7030"),
        ("geographicflag", "true"),
    ):
        ET.SubElement(system, name).text = value
    return system
