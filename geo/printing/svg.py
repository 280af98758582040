"""Pieces of SVG in millimetres: shapes, words, patterns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import shapely

from .fonts import FAMILIES, LINE

INK: Final = "#1F2933"
MUTED: Final = "#55636F"
FAINT: Final = "#C9C4B8"
PAPER: Final = "#FFFFFF"
GROUND: Final = "#F4F2EC"
ACCENT: Final = "#0F766E"
# What no XML may hold.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")
# From the middle of letters down to their foot, by their size.
_FOOT: Final = 0.36
# Lines over a fill, each pattern another one also on grey paper.
PATTERNS: Final = {
    "over": '<pattern id="over" width="1.4" height="1.4" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 .7H1.4" stroke="#fff" stroke-width=".3"/></pattern>',
    "lines": '<pattern id="lines" width="1.3" height="1.3" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(-45)"><path d="M0 .65H1.3" stroke="#8A8578" stroke-width=".18"/>'
    "</pattern>",
    "dots": '<pattern id="dots" width="1.5" height="1.5" patternUnits="userSpaceOnUse">'
    '<circle cx=".75" cy=".75" r=".24" fill="#8A8578"/></pattern>',
    "wide": '<pattern id="wide" width="2.6" height="2.6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 1.3H2.6" stroke="#FBFAF7" stroke-width=".7"/>'
    "</pattern>",
}


def write_document(
    width: float, height: float, inside: Iterable[str], *, title: str = "", description: str = ""
) -> str:
    """Write a drawing as a file of its own, its size in mm, with words for who cannot see it."""
    named = f"<title>{escape(title)}</title>" if title else ""
    named += f"<desc>{escape(description)}</desc>" if description else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" font-family="{FAMILIES}">{named}'
        f"<defs>{''.join(PATTERNS.values())}</defs>{''.join(inside)}</svg>"
    )


def group(inside: Iterable[str], *, x: float = 0, y: float = 0, clip: str = "") -> str:
    """Pieces moved together; cut at the shape of a ``clipPath`` by its name."""
    clipped = f' clip-path="url(#{clip})"' if clip else ""
    return f'<g transform="translate({x:.2f} {y:.2f})"{clipped}>{"".join(inside)}</g>'


def clip_rect(name: str, width: float, height: float) -> str:
    """Define a rectangle to cut at."""
    return f'<clipPath id="{name}"><rect width="{width:.2f}" height="{height:.2f}"/></clipPath>'


def draw_rect(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "none",
    line: str = "",
    **more: str,
) -> str:
    """Draw a rectangle; ``line`` is a colour, further attributes have ``_`` for a hyphen."""
    stroke = f' stroke="{line}"' if line else ""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{fill}"'
        f"{stroke}{_attributes(more)}/>"
    )


def draw_line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float) -> str:
    """Draw a straight line."""
    return (
        f'<path d="M{x1:.2f} {y1:.2f}L{x2:.2f} {y2:.2f}" stroke="{colour}" '
        f'stroke-width="{width:g}" fill="none"/>'
    )


def draw_shapes(shapes: Iterable[shapely.Geometry], fill: str, **more: str) -> str:
    """Draw polygons and lines as one path; nothing where there is none."""
    path = "".join(_path(part) for shape in shapes for part in shapely.get_parts(shape))
    return f'<path d="{path}" fill="{fill}"{_attributes(more)}/>' if path else ""


def draw_fill(shapes: Sequence[shapely.Geometry], colour: str, pattern: str, line: str) -> str:
    """Draw polygons with a colour, the pattern over it, and a thin line around."""
    edges = {"stroke": line, "stroke_width": ".18", "stroke_linejoin": "round"}
    drawn = draw_shapes(shapes, colour or PAPER, fill_rule="evenodd", **edges)
    return drawn + (draw_shapes(shapes, f"url(#{pattern})", **edges) if pattern else "")


def draw_text(
    x: float,
    y: float,
    lines: Sequence[str],
    size: float,
    *,
    colour: str = INK,
    bold: bool = False,
    italic: bool = False,
    anchor: str = "start",
    halo: float = 0,
    turn: float = 0,
) -> str:
    """Write lines of text, the foot of the first one at ``y``.

    Parameters
    ----------
    halo : float
        Width of paper around the letters, mm.
    turn : float
        Degrees clockwise around the first line's foot.
    """
    looks = ' font-weight="bold"' * bold + ' font-style="italic"' * italic
    looks += f' text-anchor="{anchor}"' if anchor != "start" else ""
    if halo:
        looks += f' stroke="{PAPER}" stroke-width="{halo:g}" stroke-linejoin="round" '
        looks += 'paint-order="stroke" stroke-opacity=".85"'
    looks += f' transform="rotate({turn:g} {x:.2f} {y:.2f})"' if turn else ""
    return "".join(
        f'<text x="{x:.2f}" y="{y + n * size * LINE:.2f}" font-size="{size:g}" fill="{colour}"'
        f"{looks}>{escape(_CONTROLS.sub(' ', line))}</text>"
        for n, line in enumerate(lines)
    )


def first_foot(middle: float, lines: int, size: float) -> float:
    """Foot of the first of some lines whose middle is given."""
    return middle - (lines - 1) * size * LINE / 2 + size * _FOOT


def _attributes(more: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())


def _path(part: shapely.Geometry) -> str:
    if part.geom_type == "LineString":
        return _points(part)
    if part.geom_type != "Polygon":
        return ""
    return "".join(_points(ring) + "Z" for ring in (part.exterior, *part.interiors))


def _points(line: shapely.LineString) -> str:
    """Write positions as steps of a hundredth of a millimetre, which are short."""
    ends = [(round(x * 100), round(y * 100)) for x, y in shapely.get_coordinates(line).tolist()]
    words = [f"M{_hundredths(ends[0][0])} {_hundredths(ends[0][1])}l"]
    for (x, y), (next_x, next_y) in itertools.pairwise(ends):
        if (x, y) != (next_x, next_y):
            words.append(f"{_hundredths(next_x - x)} {_hundredths(next_y - y)} ")
    return "".join(words).rstrip(" l")


def _hundredths(value: int) -> str:
    return f"{value / 100:.2f}".rstrip("0").rstrip(".")
