"""The map of a view as one sheet, SVG or PNG: title, filters, map, legend, sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..measures.view import View
from ..reporting.statement import build_statement
from . import svg
from .figure import draw_figure
from .fonts import LINE, embed_fonts, wrap_text
from .labels import Label
from .places import collect_places
from .typesetting import paint_picture
from .wording import describe_map, list_findings, list_notes, source_sentence

# A4 lying, and its margins; mm.
WIDTH, HEIGHT = 297.0, 210.0
_MARGIN: Final = 14.0
_TITLE, _TEXT, _SMALL = 6.2, 2.9, 2.3


@dataclass(frozen=True)
class Sheet:
    """A map ready to be written.

    Attributes
    ----------
    svg : str
        The drawing, 297 x 210 mm, with words as words.
    maps : tuple of tuple of Label
        Names on the map, and on each enlarged piece.
    """

    svg: str
    maps: tuple[tuple[Label, ...], ...]

    def to_svg(self) -> bytes:
        """Give the drawing as a file that has its typeface in it."""
        drawing = self.svg.replace("<defs>", f"{embed_fonts(self.svg)}<defs>", 1)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}'.encode()

    def to_png(self, dots_per_inch: int = 300) -> bytes:
        """Paint the drawing."""
        return paint_picture(self.svg, WIDTH, dots_per_inch=dots_per_inch)


def draw_sheet(data: Dataset, view: View, language: Language) -> Sheet:
    """Draw the map of a view with title, filter statement, legend, notes and sources.

    Parameters
    ----------
    data, view : Dataset, View
        What is looked at.
    language : Language
        Of all words.
    """
    statement = build_statement(data, view.query, language)
    width = WIDTH - 2 * _MARGIN
    sentence = statement.sentence.removeprefix(f"{statement.title}; ")
    drawn, top = _draw_head(statement.title, f"{sentence[:1].upper()}{sentence[1:]}", width)
    foot, foot_height = _draw_foot(data, view, language, width)
    height = HEIGHT - top - foot_height - _MARGIN
    places = collect_places(data, view, language)
    figure = draw_figure(places, language, width, height)
    drawn.append(svg.group([figure.inside], x=_MARGIN, y=top))
    drawn.append(svg.group(foot, x=_MARGIN, y=HEIGHT - _MARGIN - foot_height + 4))
    text = svg.write_document(
        WIDTH,
        HEIGHT,
        [svg.draw_rect(0, 0, WIDTH, HEIGHT, fill=svg.PAPER), *drawn],
        title=f"Jangkau: {statement.title}",
        description=describe_map(data, view, statement.area, language),
    )
    return Sheet(text, figure.maps)


def _draw_head(title: str, sentence: str, width: float) -> tuple[list[str], float]:
    titles = wrap_text(title, width, _TITLE, bold=True)
    sentences = wrap_text(sentence, width, _TEXT)
    top = _MARGIN + 4.6
    drawn = [svg.draw_text(_MARGIN, top, titles, _TITLE, bold=True)]
    top += len(titles) * _TITLE * LINE - 1
    drawn.append(svg.draw_text(_MARGIN, top, sentences, _TEXT, colour=svg.MUTED))
    top += len(sentences) * _TEXT * LINE
    return drawn, top


def _draw_foot(
    data: Dataset, view: View, language: Language, width: float
) -> tuple[list[str], float]:
    findings = wrap_text(" ".join(list_findings(view, language)), width, _SMALL + 0.2)
    source = f"{source_sentence(data, view, language)} Jangkau."
    sources = wrap_text(source, width, _SMALL)
    notes = list_notes(data, view, language)
    drawn, top = [svg.draw_text(0, 2.5, findings, _SMALL + 0.2)], 2.5
    top += len(findings) * (_SMALL + 0.2) * LINE + 0.8
    drawn.append(svg.draw_text(0, top, sources, _SMALL, colour=svg.MUTED))
    top += len(sources) * _SMALL * LINE
    if notes:
        words = " · ".join(notes)
        drawn.append(
            svg.draw_text(0, top + 0.4, [f"{words[:1].upper()}{words[1:]}."], 2.6, bold=True)
        )
        top += 3.4
    return drawn, top
