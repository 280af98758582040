"""The field page: one HTML file that needs no network, with the plan and both languages inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from markupsafe import Markup

from ...core.i18n import LANGUAGES, Language, get_language
from ...core.markup import render_template
from ..inputs import SEGMENT_WORDS
from ..store import Record
from .plan import FieldPlan, field_notes, simplify_shapes
from .scripts import ASSETS, field_policy, field_script, field_style
from .words import list_words

FORMAT: Final = "jangkau-field"
_COLUMNS: Final = (
    *("code", "name", "area", "round", "stop", "enrol", "reactivate", "cost", "km", "lat", "lon"),
    *("placed", "at", "seen", "conflict", "record"),
)
# Units of the drawing on its longer side: 40 m in a regency of 150 km.
_UNITS: Final = 4000
_MARGIN: Final = 160
# Characters that outlines may take, so that the page stays below 1 MB, and where they begin.
_MOST_OUTLINES: Final = 350_000
_TOLERANCE: Final = 0.0005


def write_page(field: FieldPlan, language: Language, *, served: bool = False) -> bytes:
    """Write the page of a plan.

    Parameters
    ----------
    field : FieldPlan
        The plan, or a team's part of it.
    language : Language
        That the page opens in; the reader can change it.
    served : bool
        Whether the app serves it, with a manifest and a service worker beside it. Else the file
        stands alone.
    """
    policy = "; ".join(f"{name} {sources}" for name, sources in field_policy().items())
    page = render_template(
        ASSETS / "field.html",
        language=language.code,
        name=field.plan.name,
        served=served,
        # A page that is served has its policy in the header of the answer.
        policy="" if served else policy,
        style=Markup(field_style()),  # noqa: S704 - a file of ours
        script=Markup(field_script()),  # noqa: S704 - files of ours
        content=Markup(_script_safe(build_payload(field, language, served))),  # noqa: S704 - escaped
        no_script=language("This page needs JavaScript; allow it in the browser."),
    )
    return page.encode()


def _script_safe(content: Mapping[str, Any]) -> str:
    """JSON that no text in it can end the script element of."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def build_payload(field: FieldPlan, language: Language, served: bool) -> dict[str, Any]:
    """Collect what the page's script is told."""
    drawing = _Drawing(field)
    return {
        "format": FORMAT,
        "plan": field.plan.key,
        "name": field.plan.name,
        "language": language.code,
        "served": served,
        "words": list_words(),
        "notes": {code: field_notes(field, get_language(code)) for code in LANGUAGES},
        "prices": {code: _list_prices(field, get_language(code)) for code in LANGUAGES},
        "columns": _COLUMNS,
        "villages": _list_villages(field, drawing),
        "rounds": [
            {
                "number": each.number,
                "team": each.team,
                "base": field.name_of(each.base),
                "km": round(each.km, 1),
                "hours": round(each.hours, 1),
                "nights": each.nights,
                "line": drawing.line(field, (each.base, *each.villages, each.base)),
            }
            for each in field.rounds
        ],
        "bases": [
            {"name": row.name_, "at": drawing.place(row.lon, row.lat)}
            for row in field.bases.rename(columns={"name": "name_"}).itertuples()
        ],
        "map": drawing.describe(field),
    }


def _list_prices(field: FieldPlan, language: Language) -> list[tuple[str, str]]:
    """Segments with their price in words, those that somebody else pays left out."""
    return [
        (language(SEGMENT_WORDS.get(row.segment, row.segment)), language.money(row.price))
        for row in field.prices.itertuples()
        if row.price
    ]


def _list_villages(field: FieldPlan, drawing: _Drawing) -> list[tuple[Any, ...]]:
    """Cells of `_COLUMNS`; without the names of columns, thousands of villages fit."""
    return [
        (
            *(code, row["name"], row["subdistrict"], int(row["round"]), int(row["stop"])),
            *(int(row["enrol"]), int(row["reactivate"]), _known(row["visit_cost"], 0)),
            *(_known(row["km"], 1), _known(row["lat"], 5), _known(row["lon"], 5)),
            *(int(row["placed"]), drawing.place(row["lon"], row["lat"])),
            *(int(row["seen"]), int(row["conflict"]), _list_record(row)),
        )
        for code, row in field.villages.iterrows()
    ]


def _known(value: float, digits: int) -> float | None:
    """Round a number; None for one that is not known."""
    if np.isnan(value):
        return None
    return round(float(value), digits) if digits else int(value)


def _list_record(row: pd.Series) -> tuple[Any, ...] | int:
    """Cells of a visit in the order of `geo.outreach.store.Record`; 0 where nothing is recorded."""
    record = Record(
        *(row["status"], int(row["enrolled"]), int(row["reactivated"])),
        *(row["team"], row["day"], row["note"]),
    )
    return 0 if record == Record() else astuple(record)


class _Drawing:
    """From longitude and latitude to whole units of the drawing, north up."""

    def __init__(self, field: FieldPlan) -> None:
        points = [field.villages[["lon", "lat"]], field.bases[["lon", "lat"]]]
        ends = np.concatenate([part.to_numpy("float64") for part in points])
        ends = ends[~np.isnan(ends).any(axis=1)]
        bounds = [*field.areas.bounds.to_numpy("float64").reshape(-1, 2)]
        ends = np.array([*ends, *bounds]) if len(ends) or len(bounds) else np.zeros((1, 2))
        ends = ends[~np.isnan(ends).any(axis=1)]
        self._west, self._south = ends.min(axis=0)
        east, self._north = ends.max(axis=0)
        self._squeeze = float(np.cos(np.radians((self._north + self._south) / 2)))
        wide, high = (east - self._west) * self._squeeze, self._north - self._south
        self._scale = _UNITS / max(wide, high, 0.01)
        self.size = [round(side * self._scale) + 2 * _MARGIN for side in (wide, high)]

    def place(self, lon: float, lat: float) -> list[int] | None:
        """Position in the drawing; None where it is not known."""
        if np.isnan(lon) or np.isnan(lat):
            return None
        x = (lon - self._west) * self._squeeze * self._scale + _MARGIN
        return [round(x), round((self._north - lat) * self._scale + _MARGIN)]

    def line(self, field: FieldPlan, codes: tuple[str, ...]) -> list[list[int]]:
        """Positions of places in their order, without those that are not known."""
        known = field.bases[["lon", "lat"]].combine_first(field.villages[["lon", "lat"]])
        points = (self.place(*known.loc[code]) for code in codes if code in known.index)
        return [point for point in points if point]

    def describe(self, field: FieldPlan) -> dict[str, Any]:
        """Size, projection and outlines, simplified until they are small enough."""
        tolerance = _TOLERANCE
        while True:
            areas = self._paths(simplify_shapes(field.areas, tolerance))
            shapes = self._paths(simplify_shapes(field.shapes, tolerance))
            if sum(map(len, (*areas.values(), *shapes.values()))) <= _MOST_OUTLINES:
                break
            tolerance *= 2
        middles = field.areas[field.areas.notna()].representative_point()
        return {
            "size": self.size,
            # What the page places the reader by.
            "projection": [self._west, self._north, self._squeeze, self._scale, _MARGIN],
            "areas": [
                {"name": field.name_of(code), "path": path, "at": self.place(point.x, point.y)}
                for (code, path), point in zip(areas.items(), middles, strict=True)
            ],
            "shapes": list(shapes.items()),
        }

    def _paths(self, shapes: gpd.GeoSeries) -> dict[str, str]:
        return {str(code): self._path(shape) for code, shape in shapes.items()}

    def _path(self, shape: Any) -> str:
        """Write an outline as steps in whole units; rings that became a point are left out."""
        rings = []
        for part in shapely.get_parts(shape):
            ends = shapely.get_coordinates(shapely.get_exterior_ring(part))
            x = (ends[:, 0] - self._west) * self._squeeze * self._scale + _MARGIN
            y = (self._north - ends[:, 1]) * self._scale + _MARGIN
            points = np.rint(np.column_stack([x, y])).astype(int)
            steps = np.diff(points, axis=0)
            steps = steps[steps.any(axis=1)][:-1]
            if len(steps) > 1:
                moves = " ".join(f"{dx} {dy}" for dx, dy in steps.tolist())
                rings.append(f"M{points[0, 0]} {points[0, 1]}l{moves}z")
        return "".join(rings)
