"""Drawings of a plan as SVG: the curve of budgets, the shares of villages, the map of visits.

Colours are classes that the page's style gives a meaning. What can be clicked carries
``data-value``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ..core.i18n import Language
from ..measures.dataset import Dataset
from .explain import share_held
from .inputs import read_content
from .store import SavedPlan
from .villages import list_villages

_WIDTH: Final = 560
_HEIGHT: Final = 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 14, 40
_SHARES: Final = (0.25, 0.5, 0.75, 0.9)
_MAP_WIDTH: Final = 720
_MARGIN: Final = 24
_LARGEST: Final = 15.0
# Smallest circle that a number is read in.
_LEGIBLE: Final = 6.0
_MOST_HIGH: Final = 0.8
_ROUND_COLOURS: Final = 8
# Degrees of simplification of outlines: about 300 m, less than a pixel of a regency.
_TOLERANCE: Final = 0.003
Floats = npt.NDArray[np.float64]


def curve_svg(curve: pd.DataFrame, budget: int | None, language: Language) -> str:
    """Most people by budget; each point can be chosen."""
    across, up = _scale(curve["budget"]), _scale(curve["people"], upwards=True)
    points = [
        _point(
            across(row.budget),
            up(row.people),
            str(row.budget),
            language(
                "{money}: {people} people",
                money=language.money_short(row.budget),
                people=language.count(row.people),
            ),
        )
        for row in curve.itertuples()
    ]
    line = _line(across(0), up(0), curve["budget"].map(across), curve["people"].map(up))
    here = ""
    if budget is not None and budget <= curve["budget"].max():
        here = f'<line class="here" x1="{across(budget):.1f}" x2="{across(budget):.1f}" '
        here += f'y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
    axes = _axes(
        [(across(v), language.money_short(v)) for v in _ticks(float(curve["budget"].max()), 3)],
        [(up(v), language.count(v)) for v in _ticks(float(curve["people"].max()), 4)],
    )
    return _svg(language("people covered, by budget"), axes + here + line + "".join(points))


def shares_svg(gaps: pd.Series, share: float, language: Language) -> str:
    """Share of the gap in the first villages; the shares marked can be chosen."""
    held = share_held(gaps)
    across = _scale(pd.Series(held.index))
    up = _scale(pd.Series([1.0]), upwards=True)
    line = _line(across(0), up(0), held.index.map(across), held.map(up))
    marks = []
    for wanted in sorted({*_SHARES, share}):
        count = int((held < wanted - 1e-9).sum()) + 1
        words = language(
            "{share} of the gap: {count} villages",
            share=language.share(wanted),
            count=language.count(count),
        )
        chosen = abs(wanted - share) < 1e-9
        marks.append(_point(across(count), up(wanted), str(wanted), words, chosen=chosen))
    axes = _axes(
        [(across(v), language.count(v)) for v in _ticks(float(held.index.max()), 4)],
        [(up(v), language.share(v)) for v in (0.5, 1.0)],
    )
    return _svg(language("share of the gap, by number of villages"), axes + line + "".join(marks))


@dataclass(frozen=True)
class Outline:
    """A subdistrict to draw behind the villages: its name, and rings of (longitude, latitude)."""

    name: str
    rings: tuple[Floats, ...]


def list_outlines(data: Dataset, place: str) -> list[Outline]:
    """Outlines of the subdistricts of an area, simplified together so that no gaps open."""
    shapes = data.shapes.full("subdistrict", place)
    shapes = shapes[shapes.notna()]
    simple = shapely.coverage_simplify(shapes.to_numpy(), _TOLERANCE) if len(shapes) else []
    return [
        Outline(
            str(data.names.get(code, code)),
            tuple(
                shapely.get_coordinates(shapely.get_exterior_ring(part))
                for part in shapely.get_parts(shape)
            ),
        )
        for code, shape in zip(shapes.index, simple, strict=True)
    ]


def map_svg(
    villages: pd.DataFrame,
    base: str,
    language: Language,
    *,
    outlines: Sequence[Outline] = (),
    routes: Sequence[Sequence[str]] = (),
    states: pd.Series | None = None,
) -> str:
    """Villages as circles by the people to cover, the base, and the rounds as lines.

    Parameters
    ----------
    villages : pandas.DataFrame
        By code: ``name``, ``lat``, ``lon``, ``visit`` (bool) and ``people``.
    base : str
        Code of the village that teams start from.
    language : Language
        Of what is said on pointing.
    outlines : sequence of Outline
        Drawn behind the villages.
    routes : sequence of sequences of str
        Codes of each round, from base to base.
    states : pandas.Series, optional
        Status of visits by code, which gives circles their class.
    """
    ends = [ring for outline in outlines for ring in outline.rings]
    ends.append(villages[["lon", "lat"]].to_numpy("float64"))
    project = _Projection(np.concatenate(ends))
    points = project(villages[["lon", "lat"]].to_numpy("float64"))
    at = dict(zip(villages.index, points.tolist(), strict=True))
    drawn = [_draw_outline(outline, project) for outline in outlines]
    for number, route in enumerate(routes):
        path = " ".join(f"{at[code][0]:.1f},{at[code][1]:.1f}" for code in route if code in at)
        drawn.append(f'<polyline class="round r{number % _ROUND_COLOURS}" points="{path}"/>')
    order = {code: n for route in routes for n, code in enumerate(route[:-1]) if n}
    most = max(1, int(villages["people"].max()))
    for code, row in villages.sort_values("people", ascending=False).iterrows():
        size = max(3.0, _LARGEST * float(np.sqrt(row["people"] / most))) if row["visit"] else 2.0
        words = f"{row['name']}: " + language.plural("{n} person", "{n} people", int(row["people"]))
        kind = "visit" if row["visit"] else "other"
        kind += f" {states[code]}" if states is not None and code in states else ""
        drawn.append(_draw_village(str(code), at[code], size, kind, words, order.get(code)))
    left, top = at[base]
    name = escape(language("base: {place}", place=str(villages.loc[base, "name"])))
    drawn.append(
        f'<path class="base" d="M{left:.1f} {top - 9:.1f}l8 15h-16z"><title>{name}</title></path>'
    )
    label = escape(language("map of the visits"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" role="img" aria-label="{label}" '
        f'viewBox="0 0 {_MAP_WIDTH} {project.height:.0f}">{"".join(drawn)}</svg>'
    )


def _draw_outline(outline: Outline, project: _Projection) -> str:
    rings = [project(ring) for ring in outline.rings]
    paths = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.tolist()) + "Z" for ring in rings
    )
    largest = max(rings, key=len)
    x, y = (largest.min(axis=0) + largest.max(axis=0)) / 2
    name = f'<text class="area" x="{x:.1f}" y="{y:.1f}">{escape(outline.name)}</text>'
    return f'<path class="outline" d="{paths}"/>{name}'


def _draw_village(
    code: str, at: Sequence[float], size: float, kind: str, words: str, order: int | None
) -> str:
    left, top = at
    shown = order is not None and size >= _LEGIBLE
    number = "" if not shown else f'<text x="{left:.1f}" y="{top + 3.5:.1f}">{order}</text>'
    return (
        f'<g class="{kind}" data-value="{escape(code)}"><circle cx="{left:.1f}" cy="{top:.1f}" '
        f'r="{size:.1f}"/><title>{escape(words)}</title>{number}</g>'
    )


def visits_svg(
    data: Dataset,
    plan: SavedPlan,
    visits: pd.DataFrame,
    language: Language,
    *,
    routes: Sequence[Sequence[str]] = (),
) -> str:
    """Map of a saved plan, with the status of each visit."""
    inputs, query = read_content(plan.content, data)
    listed = list_villages(data, query)
    villages = listed.villages.assign(
        visit=listed.villages.index.isin(visits.index),
        people=visits["promised"].reindex(listed.villages.index).fillna(0).astype("int64"),
    )
    return map_svg(
        villages,
        inputs.without_unknown(listed).base,
        language,
        outlines=list_outlines(data, query.place or data.top),
        routes=routes,
        states=visits["status"],
    )


class _Projection:
    """From longitude and latitude to the drawing, north up."""

    def __init__(self, ends: Floats) -> None:
        self._west, self._south = ends.min(axis=0)
        east, self._north = ends.max(axis=0)
        self._squeeze = float(np.cos(np.radians((self._north + self._south) / 2)))
        wide = (east - self._west) * self._squeeze or 0.01
        high = self._north - self._south or 0.01
        self._scale = (_MAP_WIDTH - 2 * _MARGIN) / max(wide, high * _MOST_HIGH)
        self.height = high * self._scale + 2 * _MARGIN

    def __call__(self, ends: Floats) -> Floats:
        x = _MARGIN + (ends[:, 0] - self._west) * self._squeeze * self._scale
        y = _MARGIN + (self._north - ends[:, 1]) * self._scale
        return np.column_stack([x, y])


class _scale:  # noqa: N801 - used as a function
    """From a value to its place on an axis that starts at 0."""

    def __init__(self, values: pd.Series, *, upwards: bool = False) -> None:
        self._most = float(values.max()) or 1.0
        self._upwards = upwards

    def __call__(self, value: float) -> float:
        share = float(value) / self._most
        if self._upwards:
            return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _ticks(most: float, count: int) -> list[float]:
    """About so many round values up to the most."""
    if most <= 0:
        return []
    rough = most / count
    power = 10 ** np.floor(np.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.99)
    return [float(v) for v in np.arange(step, most * 1.001, step)]


def _line(left: float, top: float, xs: pd.Series, ys: pd.Series) -> str:
    places = [(left, top), *zip(xs, ys, strict=True)]
    return '<polyline class="line" points="{}"/>'.format(
        " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    )


def _point(x: float, y: float, value: str, words: str, *, chosen: bool = False) -> str:
    return (
        f'<g class="point{" chosen" if chosen else ""}" data-value="{escape(value)}" tabindex="0" '
        f'role="button" aria-label="{escape(words)}"><circle class="hit" cx="{x:.1f}" '
        f'cy="{y:.1f}" r="12"/><circle cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
        f"<title>{escape(words)}</title></g>"
    )


def _axes(below: Sequence[tuple[float, str]], beside: Sequence[tuple[float, str]]) -> str:
    floor = _HEIGHT - _BOTTOM
    parts = [f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{floor}" y2="{floor}"/>']
    parts += [
        f'<text class="below" x="{x:.1f}" y="{floor + 22}">{escape(words)}</text>'
        for x, words in below
    ]
    parts += [
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="beside" x="{_LEFT - 8}" y="{y + 4:.1f}">{escape(words)}</text>'
        for y, words in beside
    ]
    return "".join(parts)


def _svg(label: str, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="group" aria-label="{escape(label)}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}">{inside}</svg>'
    )
