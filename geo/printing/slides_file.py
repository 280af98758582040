"""A briefing as slides (PPTX)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from .briefing import MAP_HEIGHT, MAP_WIDTH, Briefing, Table
from .office_files import (
    ACCENT,
    FONT,
    GROUND,
    INK,
    MUTED,
    fix_archive,
    locale_of,
    set_properties,
)

_WIDTH, _HEIGHT = 338.7, 190.5
_MARGIN: Final = 16.0
_TOP: Final = 36.0
_TITLE_ONLY: Final = 5
_SIZE, _SMALL = 17.0, 13.0
# Letters that a slide has room for at a size of 1 point, in a typeface wider than Calibri.
_ROOM: Final = 330_000
_COLUMNS: Final = {
    7: (14, 66, 66, 42, 38, 42, 38),
    5: (14, 96, 96, 50, 50),
}


def write_slides(briefing: Briefing) -> bytes:
    """Write a briefing as PPTX; the same briefing gives the same bytes."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Mm(_WIDTH), Mm(_HEIGHT)
    _Deck(deck, briefing).write()
    set_properties(deck.core_properties, briefing)
    body = io.BytesIO()
    deck.save(body)
    return fix_archive(body.getvalue())


class _Deck:
    """Slides with a title, the notes at the foot of each, and its number."""

    def __init__(self, deck: Any, briefing: Briefing) -> None:
        self._deck, self._briefing = deck, briefing
        self._number = 0

    def write(self) -> None:
        briefing = self._briefing
        self._add_opening()
        findings = briefing.findings
        for title, part in _divide(findings.title, findings.sentences, _SIZE):
            self._add_sentences(title, part)
        self._add_map()
        self._add_table(briefing.villages)
        if briefing.plan:
            for title, part in _divide(briefing.plan.title, briefing.plan.sentences, _SIZE):
                self._add_sentences(title, part)
        if briefing.plan_table and briefing.plan_table.rows:
            self._add_table(briefing.plan_table)
        method = (*briefing.method.sentences, briefing.source)
        for title, part in _divide(briefing.method.title, method, _SMALL):
            self._add_sentences(title, part, size=_SMALL)

    def _add_slide(self, title: str, *, size: float = 26) -> Any:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_TITLE_ONLY])
        self._number += 1
        holder = slide.shapes.title
        holder.left, holder.top = Mm(_MARGIN), Mm(12)
        holder.width, holder.height = Mm(_WIDTH - 2 * _MARGIN), Mm(18)
        self._write(holder.text_frame, [title], size=size, bold=True, anchor="b")
        words = " · ".join(("Jangkau", self._briefing.subtitle, *self._briefing.notes))
        foot = slide.shapes.add_textbox(
            Mm(_MARGIN), Mm(_HEIGHT - 13), Mm(_WIDTH - 2 * _MARGIN), Mm(8)
        )
        self._write(foot.text_frame, [f"{words} · {self._number}"], size=10, colour=MUTED)
        line = slide.shapes.add_connector(1, Mm(_MARGIN), Mm(32), Mm(_WIDTH - _MARGIN), Mm(32))
        line.line.color.rgb = _colour(ACCENT)
        line.line.width = Pt(1.25)
        return slide

    def _add_opening(self) -> None:
        briefing = self._briefing
        slide = self._add_slide(briefing.title, size=24)
        box = slide.shapes.add_textbox(Mm(_MARGIN), Mm(_TOP), Mm(_WIDTH - 2 * _MARGIN), Mm(20))
        lines = [briefing.subtitle]
        self._write(box.text_frame, lines, size=18, colour=MUTED)
        if briefing.notes:
            words = " · ".join(briefing.notes)
            box = slide.shapes.add_textbox(Mm(_MARGIN), Mm(_TOP + 12), Mm(_WIDTH - 32), Mm(9))
            text = f"{words[:1].upper()}{words[1:]}."
            self._write(box.text_frame, [text], size=14, bold=True)
        wide = (_WIDTH - 2 * _MARGIN) / 3
        for number, (figure, words) in enumerate(briefing.figures):
            left = _MARGIN + wide * (number % 3)
            top = _TOP + 30 + 48 * (number // 3)
            box = slide.shapes.add_textbox(Mm(left), Mm(top), Mm(wide - 4), Mm(40))
            self._write(box.text_frame, [figure], size=30, bold=True)
            self._add_paragraph(box.text_frame, words, size=15, colour=MUTED)

    def _add_sentences(self, title: str, sentences: Sequence[str], *, size: float = _SIZE) -> None:
        slide = self._add_slide(title)
        box = slide.shapes.add_textbox(
            Mm(_MARGIN), Mm(_TOP + 2), Mm(_WIDTH - 2 * _MARGIN), Mm(_HEIGHT - _TOP - 18)
        )
        self._write(box.text_frame, sentences, size=size, after=9, bullet=True)

    def _add_map(self) -> None:
        briefing = self._briefing
        slide = self._add_slide(briefing.map_title)
        height = _HEIGHT - _TOP - 16
        width = height * MAP_WIDTH / MAP_HEIGHT
        picture = slide.shapes.add_picture(
            io.BytesIO(briefing.map_png), Mm(_MARGIN), Mm(_TOP), Mm(width), Mm(height)
        )
        named = picture._element.nvPicPr.cNvPr
        named.set("descr", briefing.map_text)
        left = _MARGIN + width + 8
        box = slide.shapes.add_textbox(Mm(left), Mm(_TOP), Mm(_WIDTH - left - _MARGIN), Mm(height))
        sentences = [*briefing.findings.sentences[:3], briefing.source]
        self._write(box.text_frame, sentences, size=13, after=8)

    def _add_table(self, table: Table) -> None:
        slide = self._add_slide(table.title)
        widths = _COLUMNS[len(table.heads)]
        shape = slide.shapes.add_table(
            1 + len(table.rows),
            len(table.heads),
            Mm(_MARGIN),
            Mm(_TOP + 2),
            Mm(sum(widths)),
            Mm(11 * (1 + len(table.rows))),
        )
        grid = shape.table
        grid.horz_banding = False
        for column, width in enumerate(widths):
            grid.columns[column].width = Mm(width)
        for line, texts in enumerate((table.heads, *table.rows)):
            for column, text in enumerate(texts):
                cell = grid.cell(line, column)
                cell.fill.solid()
                colour = ACCENT if not line else GROUND if line % 2 == 0 else "FFFFFF"
                cell.fill.fore_color.rgb = _colour(colour)
                cell.margin_top = cell.margin_bottom = Mm(1.4)
                self._write(
                    cell.text_frame,
                    [text],
                    size=12 if not line else 13,
                    bold=not line,
                    colour=INK if line else "FFFFFF",
                    right=not 1 <= column <= table.texts,
                )

    def _write(
        self,
        frame: Any,
        paragraphs: Sequence[str],
        *,
        size: float,
        colour: str = INK,
        bold: bool = False,
        right: bool = False,
        bullet: bool = False,
        after: float = 0,
        anchor: str = "t",
    ) -> None:
        frame.word_wrap = True
        body = frame._txBody.find(qn("a:bodyPr"))
        if not right and body is not None:
            body.set("lIns", "0")
            body.set("anchor", anchor)
        for number, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if not number else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after = Pt(after)
            self._add_run(paragraph, text, size, colour, bold)
            if bullet:
                _add_bullet(paragraph)

    def _add_paragraph(self, frame: Any, text: str, *, size: float, colour: str) -> None:
        self._add_run(frame.add_paragraph(), text, size, colour, bold=False)

    def _add_run(self, paragraph: Any, text: str, size: float, colour: str, bold: bool) -> None:
        run = paragraph.add_run()
        run.text = text
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = _colour(colour)
        run._r.get_or_add_rPr().set("lang", locale_of(self._briefing))


def _colour(hexadecimal: str) -> Any:
    colour: Any = RGBColor
    return colour.from_string(hexadecimal)


def _add_bullet(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "228600")
    properties.set("indent", "-228600")
    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def _divide(title: str, sentences: Sequence[str], size: float) -> Iterator[tuple[str, list[str]]]:
    """Divide sentences into slides that have room for them at a size of points."""
    most = _ROOM / size**2
    parts: list[list[str]] = [[]]
    for sentence in sentences:
        if parts[-1] and sum(map(len, parts[-1])) + len(sentence) > most:
            parts.append([])
        parts[-1].append(sentence)
    for number, part in enumerate(parts, 1):
        yield (f"{title} ({number}/{len(parts)})" if len(parts) > 1 else title), part
