"""GPX: villages as waypoints and rounds as routes, for OsmAnd, Organic Maps and GPS receivers.

GPX has no colours of its own. OsmAnd reads ``osmand:color``, Organic Maps and CoMaps read a
``color`` inside an element ``xsi:gpx``; others go by the symbol's name.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, Final

import pandas as pd

from ...core.i18n import Language
from ..store import STATUSES
from .plan import FieldPlan, FieldRound, field_notes

_GPX: Final = "http://www.topografix.com/GPX/1/1"
_OSMAND: Final = "https://osmand.net/docs/technical/osmand-file-formats/osmand-gpx"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
# Colour, symbol of Garmin's list, and icon of OsmAnd for each status.
_LOOKS: Final = {
    "planned": ("#B3400A", "Flag, Red", "special_marker"),
    "visited": ("#0B6B63", "Flag, Green", "special_flag_finish"),
    "postponed": ("#4A5763", "Flag, Blue", "special_time"),
    "refused": ("#5D4F9C", "Pin, Red", "special_symbol_remove"),
}
_BASE: Final = ("#1B242D", "Building", "special_house")
ROUND_COLOURS: Final = (
    *("#1F6FB2", "#A0522D", "#2E7D32", "#8E3A8E", "#9A7400", "#00808A", "#C2255C", "#5C5C8A"),
)
# What XML 1.0 cannot hold.
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")


def write_gpx(field: FieldPlan, language: Language) -> bytes:
    """Write waypoints of the villages and bases, and a route for each round.

    Villages whose position is not known are left out, and named in the description of the file.
    """
    for prefix, space in (("", _GPX), ("osmand", _OSMAND), ("xsi", _INSTANCE)):
        ET.register_namespace(prefix, space)
    root = ET.Element(f"{{{_GPX}}}gpx", version="1.1", creator="Jangkau")
    _add_about(root, field, language)
    for code, row in _placed(field.bases).iterrows():
        words = language("Base")
        if code not in field.villages.index:
            _add_point(root, "wpt", row, str(row["name"]), words, _BASE)
    for code, row in _placed(field.villages).iterrows():
        look, words = _LOOKS[row["status"]], _describe(field, str(code), row, language)
        _add_point(root, "wpt", row, _number(row) + str(row["name"]), words, look)
    for each in field.rounds:
        _add_route(root, field, each, language)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _placed(places: pd.DataFrame) -> pd.DataFrame:
    return places[places[["lat", "lon"]].notna().all(axis=1)]


def _number(row: pd.Series) -> str:
    """Round and stop before the name, as far as there are any: ``2.3 ``."""
    return f"{row['round']}.{row['stop']} " if row["round"] else ""


def _describe(field: FieldPlan, code: str, row: pd.Series, language: Language) -> str:
    say = language
    facts = [
        str(row["subdistrict"]),
        say("planned: {n} people", n=say.count(row["enrol"] + row["reactivate"])),
        say(STATUSES[row["status"]]),
        str(row["team"]),
        "" if row["placed"] else say("The position is estimated: the middle of the subdistrict."),
        str(row["note"]),
    ]
    return " · ".join(filter(None, facts))


def _add_about(root: ET.Element, field: FieldPlan, language: Language) -> None:
    about = _child(root, "metadata")
    _child(about, "name", field.plan.name)
    notes = field_notes(field, language)
    lacking = field.villages.loc[field.villages["lat"].isna(), "name"]
    if len(lacking):
        places = ", ".join(map(str, lacking))
        notes.append(language("Without a known position: {places}.", places=places))
    _child(about, "desc", ". ".join(notes))
    # The same plan gives the same bytes.
    _child(about, "time", field.plan.changed[:19] + "Z")


def _add_route(root: ET.Element, field: FieldPlan, each: FieldRound, language: Language) -> None:
    say = language
    route = _child(root, "rte")
    name = say("Round {n}", n=say.count(each.number))
    _child(route, "name", " · ".join(filter(None, (name, each.team))))
    facts = [
        say(
            "about {km} km, {hours} hours, from {base}",
            km=say.count(each.km),
            hours=say.number(each.hours, 1),
            base=field.name_of(each.base),
        )
    ]
    facts += [say("nights out: {n}", n=say.count(each.nights))] if each.nights else []
    _child(route, "desc", " · ".join(facts))
    _child(route, "number", str(each.number))
    _add_colour(route, ROUND_COLOURS[each.number % len(ROUND_COLOURS)])
    known = _placed(field.bases.combine_first(field.villages[["name", "lat", "lon"]]))
    for code in (each.base, *each.villages, each.base):
        if code in known.index:
            _add_point(route, "rtept", known.loc[code], str(known.at[code, "name"]))


def _add_point(
    parent: ET.Element,
    kind: str,
    row: pd.Series,
    name: str,
    words: str = "",
    look: tuple[str, str, str] | None = None,
) -> None:
    point = _child(parent, kind, lat=f"{row['lat']:.6f}", lon=f"{row['lon']:.6f}")
    _child(point, "name", name)
    if words:
        _child(point, "desc", words)
    if look:
        colour, symbol, icon = look
        _child(point, "sym", symbol)
        inside = _add_colour(point, colour)
        ET.SubElement(inside, f"{{{_OSMAND}}}icon").text = icon
        ET.SubElement(inside, f"{{{_OSMAND}}}background").text = "circle"


def _add_colour(parent: ET.Element, colour: str) -> ET.Element:
    inside = _child(parent, "extensions")
    ET.SubElement(inside, f"{{{_OSMAND}}}color").text = colour
    nested = ET.SubElement(inside, f"{{{_INSTANCE}}}gpx")
    ET.SubElement(nested, "color").text = f"#FF{colour[1:]}"
    return inside


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: Any) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_GPX}}}{tag}", attributes)
    if text:
        made.text = text.translate(_CONTROLS)
    return made
