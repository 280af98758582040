"""The look of a layer as SLD 1.1, for GeoServer, ArcGIS and others that do not read QML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Final

from .style_rules import StyleRule

_SLD: Final = "http://www.opengis.net/sld"
_SE: Final = "http://www.opengis.net/se"
_OGC: Final = "http://www.opengis.net/ogc"
_NAMES: Final = {"": _SLD, "se": _SE, "ogc": _OGC}
_OUTLINE: Final = {"stroke": "#FFFFFF", "stroke-width": "0.5"}


def write_sld(name: str, title: str, rules: Sequence[StyleRule], measure: str) -> bytes:
    """The look of a layer as SLD; the hatching of a state is left out, its colour is not.

    Parameters
    ----------
    name, title : str
        Of the layer and of its style.
    rules, measure : sequence of StyleRule, str
        The look.
    """
    for prefix, address in _NAMES.items():
        ET.register_namespace(prefix, address)
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    layer = ET.SubElement(root, f"{{{_SLD}}}NamedLayer")
    ET.SubElement(layer, f"{{{_SE}}}Name").text = name
    user = ET.SubElement(layer, f"{{{_SLD}}}UserStyle")
    ET.SubElement(user, f"{{{_SE}}}Name").text = title
    kind = ET.SubElement(user, f"{{{_SE}}}FeatureTypeStyle")
    for rule in rules:
        kind.append(_rule(rule, measure))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _rule(rule: StyleRule, measure: str) -> ET.Element:
    element = ET.Element(f"{{{_SE}}}Rule")
    ET.SubElement(element, f"{{{_SE}}}Name").text = rule.label
    # QGIS 3.22 takes an ElseFilter for no filter and paints it over all: what is left is said.
    condition = _condition(rule, measure) if rule.states else _is_null(measure)
    ET.SubElement(element, f"{{{_OGC}}}Filter").append(condition)
    symbol = ET.SubElement(element, f"{{{_SE}}}PolygonSymbolizer")
    fill = ET.SubElement(symbol, f"{{{_SE}}}Fill")
    ET.SubElement(fill, f"{{{_SE}}}SvgParameter", name="fill").text = rule.colour
    stroke = ET.SubElement(symbol, f"{{{_SE}}}Stroke")
    for key, value in _OUTLINE.items():
        ET.SubElement(stroke, f"{{{_SE}}}SvgParameter", name=key).text = value
    return element


def _condition(rule: StyleRule, measure: str) -> ET.Element:
    parts = [_any([_compare("EqualTo", "state", state) for state in rule.states])]
    if rule.above_100 is not None:
        kind = "GreaterThan" if rule.above_100 else "LessThanOrEqualTo"
        parts.append(_compare(kind, "enrolled", "eligible", is_column=True))
    if rule.low is not None:
        parts.append(_compare("GreaterThanOrEqualTo", measure, f"{rule.low:.10g}"))
    if rule.high is not None:
        parts.append(_compare("LessThan", measure, f"{rule.high:.10g}"))
    if len(parts) == 1:
        return parts[0]
    both = ET.Element(f"{{{_OGC}}}And")
    both.extend(parts)
    return both


def _is_null(measure: str) -> ET.Element:
    """Places whose state is known and whose value is not, such as a share of no gap at all."""
    both = ET.Element(f"{{{_OGC}}}And")
    both.append(_compare("EqualTo", "state", "ok"))
    empty = ET.SubElement(both, f"{{{_OGC}}}PropertyIsNull")
    ET.SubElement(empty, f"{{{_OGC}}}PropertyName").text = measure
    return both


def _any(parts: list[ET.Element]) -> ET.Element:
    if len(parts) == 1:
        return parts[0]
    either = ET.Element(f"{{{_OGC}}}Or")
    either.extend(parts)
    return either


def _compare(kind: str, column: str, value: str, *, is_column: bool = False) -> ET.Element:
    element = ET.Element(f"{{{_OGC}}}PropertyIs{kind}")
    ET.SubElement(element, f"{{{_OGC}}}PropertyName").text = column
    ET.SubElement(element, f"{{{_OGC}}}{'PropertyName' if is_column else 'Literal'}").text = value
    return element
