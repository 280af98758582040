"""The map of an area in its frame: fills, borders, names, neighbours, degrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import shapely

from . import svg
from .insets import Inset, find_insets
from .labels import Label, LabelStyle, place_labels
from .paper import Paper, fit_paper
from .places import PrintedPlaces

# Steps of borders that are less than so many mm cannot be seen.
_TOLERANCE: Final = 0.12
_TICK: Final = 1.2
_TICK_SIZE: Final = 1.75
# Beyond this number of places names would hide the map.
MOST_NAMED: Final = 150
_MOST_LEADERS: Final = 40
_LETTER_SIZE: Final = 2.2
_PLACES: Final = LabelStyle()
_AREAS: Final = LabelStyle((2.7, 2.3, 1.95), bold=True)
_NEIGHBOURS: Final = LabelStyle((2.2, 1.9), leaders=False)
_CROWD: Final = LabelStyle((1.95, 1.7), leaders=False)


@dataclass(frozen=True)
class AreaMap:
    """A map that is drawn.

    Attributes
    ----------
    drawing : str
        SVG, with the upper left corner of the frame at 0, 0.
    paper : Paper
        Frame and scale.
    labels : tuple of Label
        Names of places and of neighbours in the frame.
    insets : tuple of Inset
        Pieces to be drawn enlarged beside it.
    """

    drawing: str
    paper: Paper
    labels: tuple[Label, ...]
    insets: tuple[Inset, ...]


def draw_area_map(
    places: PrintedPlaces,
    width: float,
    height: float,
    *,
    within: str = "",
    marked: str = "",
    names_areas: bool = False,
    inset_size: tuple[float, float] | None = None,
    numbers: Mapping[str, str] = {},
    name: str = "map",
) -> AreaMap:
    """Draw the places inside an area, the others as neighbours.

    Parameters
    ----------
    places : PrintedPlaces
        What is drawn.
    width, height : float
        Of the frame, mm.
    within : str
        Code of the area in colour; empty for all.
    marked : str
        Code of a place to be ringed.
    names_areas : bool
        Write the names of the areas above instead of those of the places.
    inset_size : tuple of float, optional
        Most width and height of an enlarged piece, mm; none are made without.
    numbers : mapping of str to str
        Numbers of places in a table, which stand for names that have no room.
    name : str
        Of the frame inside the file, where several maps are in one.
    """
    paper = fit_paper(places.find_bounds(within), width, height)
    shapes = _on_paper(places.shapes, paper)
    focus = {code: shape for code, shape in shapes.items() if code.startswith(within)}
    outlines = _on_paper(places.outlines, paper)
    insets = [] if inset_size is None or names_areas else find_insets(focus, paper, *inset_size)
    drawn = _draw_ground(places, shapes, outlines, within, marked)
    letters = list(_draw_rects(insets))
    labels = _place_names(places, paper, focus, outlines, insets, within, names_areas, numbers)
    inside = [*drawn, *letters, *map(_draw_leader, labels), *(_draw_label(x) for x in labels)]
    drawing = [
        svg.clip_rect(name, width, height),
        svg.draw_rect(0, 0, width, height, fill=svg.PAPER),
        svg.group(inside, clip=name),
        svg.draw_rect(0, 0, width, height, line=svg.INK, stroke_width=".3"),
        *_draw_ticks(paper, places),
    ]
    return AreaMap("".join(drawing), paper, tuple(labels), tuple(insets))


def draw_inset(
    places: PrintedPlaces, inset: Inset, name: str, numbers: Mapping[str, str] = {}
) -> tuple[str, list[Label]]:
    """Draw an enlarged piece and its names, the upper left corner of its frame at 0, 0."""
    paper = inset.paper
    shapes = _on_paper(places.shapes, paper)
    outlines = _on_paper(places.outlines, paper)
    within = _common_start(inset.keys)
    corner = svg.draw_rect(0.6, 0.6, 3.4, 3.4, fill=svg.INK)
    letter = svg.draw_text(
        2.3, 3.1, [inset.letter], _LETTER_SIZE, colour=svg.PAPER, bold=True, anchor="middle"
    )
    areas = {key: shapes[key] for key in inset.keys if key in shapes}
    labels = place_labels(
        areas,
        places.names,
        paper.box,
        _PLACES,
        obstacles=[shapely.box(0, 0, 4.4, 4.4)],
        numbers=numbers,
    )
    inside = [
        *_draw_ground(places, shapes, outlines, within, ""),
        *map(_draw_leader, labels),
        *map(_draw_label, labels),
        corner,
        letter,
    ]
    drawing = [
        svg.clip_rect(name, paper.width, paper.height),
        svg.draw_rect(0, 0, paper.width, paper.height, fill=svg.PAPER),
        svg.group(inside, clip=name),
        svg.draw_rect(0, 0, paper.width, paper.height, line=svg.INK, stroke_width=".25"),
    ]
    return "".join(drawing), labels


def draw_locator(places: PrintedPlaces, width: float, height: float, within: str) -> str:
    """Draw where an area lies among its neighbours, as a file of its own."""
    paper = fit_paper(places.find_bounds(), width, height, margin=0.5)
    outlines = _on_paper(places.outlines, paper, tolerance=0.25)
    others = [shape for code, shape in outlines.items() if code != within]
    here = [shape for code, shape in outlines.items() if code == within]
    line = {"stroke": svg.PAPER, "stroke_width": ".25", "stroke_linejoin": "round"}
    drawn = [svg.draw_shapes(others, "#D9D4C7", **line), svg.draw_shapes(here, svg.ACCENT, **line)]
    return svg.write_document(width, height, drawn)


def _on_paper(
    shapes: gpd.GeoSeries, paper: Paper, tolerance: float = _TOLERANCE
) -> dict[str, shapely.Geometry]:
    """Shapes that reach into the frame, simplified together, by code."""
    if not len(shapes):
        return {}
    projected = paper.project(shapes.to_numpy())
    near = paper.box.buffer(2)
    kept = shapely.intersects(projected, near)
    if not kept.any():
        return {}
    simple = shapely.coverage_simplify(projected[kept], tolerance, simplify_boundary=True)
    cut = shapely.clip_by_rect(simple, *near.bounds)
    pairs = zip(shapes.index[kept], cut, strict=True)
    return {str(code): shape for code, shape in pairs if not shape.is_empty}


def _draw_ground(
    places: PrintedPlaces,
    shapes: dict[str, shapely.Geometry],
    outlines: dict[str, shapely.Geometry],
    within: str,
    marked: str,
) -> Iterator[str]:
    """Neighbours, fills of places by their looks, borders."""
    strange = [s for code, s in outlines.items() if not code.startswith(within)]
    if within and len(strange) < len(outlines):
        yield svg.draw_shapes(
            strange, svg.GROUND, stroke=svg.FAINT, stroke_width=".25", stroke_linejoin="round"
        )
    if not outlines:
        # Coasts of light places would not be seen on white paper.
        coast = {"stroke": svg.MUTED, "stroke_width": ".5", "stroke_linejoin": "round"}
        yield svg.draw_shapes(shapes.values(), "none", **coast)
    for key, rule in places.looks.rules.items():
        alike = [
            shape
            for code, shape in shapes.items()
            if code.startswith(within) and places.looks.keys.get(code) == key
        ]
        yield svg.draw_fill(alike, rule.colour, rule.pattern, svg.PAPER)
    lines = {"stroke": svg.INK, "stroke_width": ".32", "stroke_linejoin": "round"}
    own = [s for code, s in outlines.items() if code.startswith(within) or within.startswith(code)]
    yield svg.draw_shapes(own, "none", **lines)
    if marked in shapes:
        ring = [shapes[marked]]
        halo = {"stroke": svg.PAPER, "stroke_width": "1.5", "stroke_linejoin": "round"}
        yield svg.draw_shapes(ring, "none", **halo)
        yield svg.draw_shapes(ring, "none", **(halo | {"stroke": svg.ACCENT, "stroke_width": ".8"}))


def _place_names(
    places: PrintedPlaces,
    paper: Paper,
    focus: dict[str, shapely.Geometry],
    outlines: dict[str, shapely.Geometry],
    insets: Sequence[Inset],
    within: str,
    names_areas: bool,
    numbers: Mapping[str, str],
) -> list[Label]:
    frame = paper.box.buffer(-0.6, join_style="mitre")
    enlarged = {key for inset in insets for key in inset.keys}
    rects = [inset.rect.buffer(0.3, join_style="mitre") for inset in insets]
    named = outlines if names_areas else {c: s for c, s in focus.items() if c not in enlarged}
    if len(named) > MOST_NAMED:
        named = {}
    free = frame.difference(shapely.union_all(rects)) if rects else frame
    visible = {code: shape.intersection(free) for code, shape in named.items()}
    style = _AREAS if names_areas else _PLACES if len(named) <= _MOST_LEADERS else _CROWD
    labels = place_labels(visible, places.names, frame, style, obstacles=rects, numbers=numbers)
    if within and not names_areas:
        others = {
            code: shape.intersection(free)
            for code, shape in outlines.items()
            if not code.startswith(within) and not within.startswith(code)
        }
        taken = [*rects, *(label.footprint for label in labels)]
        labels += place_labels(others, places.names, frame, _NEIGHBOURS, obstacles=taken)
    return labels


def _draw_rects(insets: Sequence[Inset]) -> Iterator[str]:
    """Where the enlarged pieces lie on the map."""
    for inset in insets:
        west, top, east, bottom = inset.rect.bounds
        yield svg.draw_rect(west, top, east - west, bottom - top, line=svg.INK, stroke_width=".3")
        yield svg.draw_text(
            west + 0.6, top + 2.2, [inset.letter], _LETTER_SIZE, bold=True, halo=0.7
        )


def _draw_leader(label: Label) -> str:
    line = label.leader_line
    if line is None or label.leader is None:
        return ""
    x, y = label.leader
    dot = f'<circle cx="{x:.2f}" cy="{y:.2f}" r=".45" fill="{svg.INK}"/>'
    return svg.draw_shapes([line], "none", stroke=svg.INK, stroke_width=".18") + dot


def _draw_label(label: Label) -> str:
    foot = svg.first_foot(label.y, len(label.lines), label.size)
    foreign = label.size in _NEIGHBOURS.sizes
    return svg.draw_text(
        label.x,
        foot,
        label.lines,
        label.size,
        colour=svg.MUTED if foreign else svg.INK,
        bold=label.bold,
        anchor="middle",
        halo=0 if foreign else 0.6,
    )


def _draw_ticks(paper: Paper, places: PrintedPlaces) -> Iterator[str]:
    """Degrees along the upper and the left edge, outside of the frame."""
    across, up = places.directions
    for along, words in paper.list_ticks(across, upwards=False):
        yield svg.draw_line(along, -_TICK, along, 0, svg.INK, 0.2)
        yield svg.draw_text(along, -1.7, [words], _TICK_SIZE, colour=svg.MUTED, anchor="middle")
    for along, words in paper.list_ticks(up, upwards=True):
        yield svg.draw_line(-_TICK, along, 0, along, svg.INK, 0.2)
        yield svg.draw_text(
            -1.7, along, [words], _TICK_SIZE, colour=svg.MUTED, anchor="middle", turn=-90
        )


def _common_start(codes: Sequence[str]) -> str:
    """Code of the area that holds places, as their codes begin."""
    first, last = min(codes), max(codes)
    parts = [a for a, b in zip(first.split("."), last.split("."), strict=False) if a == b]
    return ".".join(parts[:3])
