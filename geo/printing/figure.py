"""A map with what belongs to it: legend, enlarged pieces, scale, north."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ..core.i18n import Language
from ..core.labels import LEVEL_LABELS
from ..export.style_rules import StyleRule
from ..maps.legend import legend_title
from . import svg
from .area_map import AreaMap, draw_area_map, draw_inset
from .fonts import LINE, measure_text, wrap_text
from .insets import GAP
from .labels import Label
from .places import PrintedPlaces

# Room for degrees left of a frame and above it.
EDGE: Final = 4.2
PANEL: Final = 42.0
_GUTTER: Final = 5.0
# Kept free at the right, so that no letter is cut.
_BLEED: Final = 0.6
_SIZE: Final = 2.35
_SWATCH: Final = (5.2, 3.2)
_COUNT_WIDTH: Final = 8.0
_SCALE_HEIGHT: Final = 17.0
_LEAST_INSET: Final = 12.0
_BAR_SHARE: Final = 0.72
_ROUND: Final = (5, 2, 1)


@dataclass(frozen=True)
class Figure:
    """A drawing with every name that is on it.

    Attributes
    ----------
    inside : str
        SVG without its root, the upper left corner at 0, 0.
    width, height : float
        In mm.
    maps : tuple of tuple of Label
        Names of the map, and of each enlarged piece; none touches another of the same map.
    area_map : AreaMap
        The map itself.
    """

    inside: str
    width: float
    height: float
    maps: tuple[tuple[Label, ...], ...]
    area_map: AreaMap

    def write(self, title: str = "", description: str = "") -> str:
        """Write the drawing as a file."""
        return svg.write_document(
            self.width, self.height, [self.inside], title=title, description=description
        )


def draw_figure(
    places: PrintedPlaces,
    language: Language,
    width: float,
    height: float,
    *,
    within: str = "",
    marked: str = "",
    names_areas: bool = False,
    numbers: Mapping[str, str] = {},
    name: str = "map",
) -> Figure:
    """Draw a map, and beside it legend, enlarged pieces, scale and north.

    Parameters
    ----------
    places : PrintedPlaces
        What is drawn.
    language : Language
        Of all words.
    width, height : float
        Of the whole, mm.
    within, marked, names_areas, numbers, name
        See `geo.printing.area_map.draw_area_map`.
    """
    frame_width = width - EDGE - _GUTTER - PANEL - _BLEED
    frame_height = height - EDGE - 0.3
    legend, depth = draw_legend(places, language, within)
    room = height - EDGE - depth - _SCALE_HEIGHT - 8
    area_map = draw_area_map(
        places,
        frame_width,
        frame_height,
        within=within,
        marked=marked,
        names_areas=names_areas,
        numbers=numbers,
        inset_size=(PANEL - 0.4, room) if room > _LEAST_INSET else None,
        name=name,
    )
    left = width - PANEL - _BLEED
    pieces, maps = [], [area_map.labels]
    top = EDGE + depth + 2
    for inset in area_map.insets:
        drawing, labels = draw_inset(places, inset, f"{name}-{inset.letter}", numbers)
        pieces.append(svg.group([drawing], x=left, y=top))
        maps.append(tuple(labels))
        top += inset.paper.height + GAP
    if any(label.lines == (numbers.get(label.key),) for labels in maps for label in labels):
        words = [language("Numbers: rows of the table")]
        pieces.append(svg.draw_text(left, height - _SCALE_HEIGHT - 2, words, 1.85))
    inside = [
        svg.group([area_map.drawing], x=EDGE, y=EDGE),
        svg.group([legend], x=left, y=EDGE),
        *pieces,
        svg.group(draw_scale(area_map.paper.scale, language), x=left, y=height - _SCALE_HEIGHT),
    ]
    return Figure("".join(inside), width, height, tuple(maps), area_map)


def draw_legend(
    places: PrintedPlaces, language: Language, within: str = "", width: float = PANEL
) -> tuple[str, float]:
    """Draw the classes and the states that occur, with their number of places.

    Returns
    -------
    tuple of str and float
        SVG, and its height in mm.
    """
    title = legend_title(places.view, language)
    lines = wrap_text(title[:1].upper() + title[1:], width, 2.6, bold=True)
    drawn = [svg.draw_text(0, 2.2, lines, 2.6, bold=True)]
    top = 2.2 + len(lines) * 2.6 * LINE + 0.6
    head = language("number")
    drawn.append(svg.draw_text(width, top, [head], 1.95, colour=svg.MUTED, anchor="end"))
    top += 1.6
    for rule, count in places.looks.list_legend(within):
        row, depth = _draw_row(rule, language.count(count), width)
        drawn.append(svg.group([row], y=top))
        top += depth
    if len(places.outlines) > 1 or (within and len(places.outlines)):
        drawn.append(_draw_border_row(places, language, top))
        top += 4.4
    return "".join(drawn), top


def _draw_row(rule: StyleRule, count: str, width: float) -> tuple[str, float]:
    wide, high = _SWATCH
    lines = wrap_text(rule.label, width - wide - 2 - _COUNT_WIDTH, _SIZE)
    depth = max(4.4, len(lines) * _SIZE * LINE + 1.2)
    swatch = ""
    if rule.colour:
        edges = {"line": "#8A8578", "stroke_width": ".15"}
        swatch = svg.draw_rect(0, 0, wide, high, fill=rule.colour, **edges)
        if rule.pattern:
            swatch += svg.draw_rect(0, 0, wide, high, fill=f"url(#{rule.pattern})", **edges)
    words = svg.draw_text(wide + 2, 2.45, lines, _SIZE)
    number = svg.draw_text(width, 2.45, [count], _SIZE, anchor="end", colour=svg.MUTED)
    return swatch + words + number, depth


def _draw_border_row(places: PrintedPlaces, language: Language, top: float) -> str:
    level = places.outlines.index[0].count(".")
    above = ("province", "regency", "subdistrict")[level]
    line = svg.draw_line(0, top + 1.6, _SWATCH[0], top + 1.6, svg.INK, 0.32)
    words = language("border of {level}", level=language(LEVEL_LABELS[above]))
    return line + svg.draw_text(_SWATCH[0] + 2, top + 2.45, [words], _SIZE)


def draw_scale(scale: float, language: Language, width: float = PANEL) -> Iterator[str]:
    """Draw the scale in figures, a bar of round kilometres, and an arrow to the north."""
    per_km = 1_000_000 / scale
    km = _round_down(width * _BAR_SHARE / per_km)
    length, half = km * per_km, km * per_km / 2
    words = language("Scale 1 : {scale}", scale=language.count(scale))
    yield svg.draw_text(0, 3, [words], _SIZE)
    for start, fill in ((0.0, svg.INK), (half, svg.PAPER)):
        yield svg.draw_rect(start, 6, half, 1.3, fill=fill, line=svg.INK, stroke_width=".2")
    for at, value in ((0.0, 0.0), (half, km / 2), (length, km)):
        text = language.decimal(value, 2)
        anchor = "start" if not at else "middle"
        yield svg.draw_text(at, 10, [text], 1.95, anchor=anchor)
    yield svg.draw_text(
        length + measure_text(language.decimal(km, 2), 1.95) / 2 + 0.7, 10, ["km"], 1.95
    )
    note = language("A4 paper, north up, WGS 84")
    yield svg.draw_text(0, 14.4, [note], 1.85, colour=svg.MUTED)
    middle = width - 3.2
    yield f'<path d="M{middle:g} 0l2.2 7-2.2-1.5-2.2 1.5z" fill="{svg.INK}"/>'
    yield svg.draw_text(
        middle, 10, [language("north")[:1].upper()], 2.4, bold=True, anchor="middle"
    )


def _round_down(value: float) -> float:
    power = 1000.0
    while True:
        for step in _ROUND:
            if step * power <= value:
                return step * power
        power /= 10
