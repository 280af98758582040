"""A briefing as a Word document (DOCX)."""

from __future__ import annotations

import io
from typing import Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .briefing import Briefing, Section, Table
from .office_files import (
    ACCENT,
    FONT,
    GROUND,
    HAIRLINE,
    INK,
    MUTED,
    fix_archive,
    locale_of,
    set_properties,
)

_WIDTH: Final = Mm(166)
_COLUMNS: Final = {
    7: (12, 34, 32, 24, 20, 23, 21),
    5: (12, 50, 49, 28, 27),
}
_ACROSS: Final = 3


def write_word(briefing: Briefing) -> bytes:
    """Write a briefing as DOCX; the same briefing gives the same bytes."""
    document = docx.Document()
    _set_page(document, briefing)
    _set_styles(document, briefing)
    document.add_paragraph(briefing.title, "Title")
    document.add_paragraph(briefing.subtitle, "Subtitle")
    _add_notes(document, briefing)
    _add_figures(document, briefing)
    _add_section(document, briefing.findings)
    _add_table(document, briefing.villages)
    _add_map(document, briefing)
    if briefing.plan:
        _add_section(document, briefing.plan)
    if briefing.plan_table and briefing.plan_table.rows:
        _add_table(document, briefing.plan_table)
    _add_section(document, briefing.method)
    document.add_paragraph(briefing.source, "Caption")
    set_properties(document.core_properties, briefing)
    body = io.BytesIO()
    document.save(body)
    return fix_archive(body.getvalue())


def _set_page(document: Any, briefing: Briefing) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    footer = section.footer.paragraphs[0]
    words = " · ".join(("Jangkau", briefing.subtitle, *briefing.notes))
    run = footer.add_run(f"{words} · ")
    _colour(run, MUTED, 8)
    _add_field(footer, "PAGE")


def _add_field(paragraph: Any, name: str) -> None:
    """Add a number that the program of the reader computes."""
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        run = paragraph.add_run()
        _colour(run, MUTED, 8)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _set_styles(document: Any, briefing: Briefing) -> None:
    looks = {
        "Normal": (10.5, INK, False, 0, 4),
        "Title": (20, INK, True, 0, 2),
        "Subtitle": (12, MUTED, False, 0, 6),
        "Heading 1": (13, ACCENT, True, 14, 4),
        "Caption": (8.5, MUTED, False, 4, 6),
        "List Bullet": (10.5, INK, False, 0, 3),
    }
    for name, (size, colour, bold, before, after) in looks.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.bold, style.font.italic = bold, False
        style.font.color.rgb = RGBColor.from_string(colour)
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        for attribute in list(fonts.attrib):
            del fonts.attrib[attribute]
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        spacing = properties.find(qn("w:spacing"))
        if spacing is not None:
            properties.remove(spacing)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), locale_of(briefing))
        properties.append(language)
    border = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        document.styles["Title"].element.pPr.remove(border)
    document.styles["Heading 1"].paragraph_format.keep_with_next = True


def _add_notes(document: Any, briefing: Briefing) -> None:
    if briefing.notes:
        words = " · ".join(briefing.notes)
        run = document.add_paragraph().add_run(f"{words[:1].upper()}{words[1:]}.")
        run.bold = True


def _add_figures(document: Any, briefing: Briefing) -> None:
    """Add the headline figures, three in a line."""
    lines = -(-len(briefing.figures) // _ACROSS)
    table = document.add_table(lines, _ACROSS)
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    _set_borders(table, {"top": (ACCENT, 12), "bottom": (HAIRLINE, 6)})
    for number, (figure, words) in enumerate(briefing.figures):
        cell = table.cell(number // _ACROSS, number % _ACROSS)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(4)
        run = paragraph.add_run(figure)
        run.bold = True
        run.font.size = Pt(16)
        run.add_break()
        _colour(paragraph.add_run(words), MUTED, 9)


def _add_section(document: Any, section: Section) -> None:
    document.add_paragraph(section.title, "Heading 1")
    for sentence in section.sentences:
        document.add_paragraph(sentence, "List Bullet")


def _add_map(document: Any, briefing: Briefing) -> None:
    document.add_paragraph(briefing.map_title, "Heading 1")
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(briefing.map_png), width=_WIDTH)
    shape._inline.docPr.set("descr", briefing.map_text)
    shape._inline.docPr.set("title", briefing.map_title)
    paragraph.paragraph_format.keep_with_next = True
    document.add_paragraph(briefing.source, "Caption")


def _add_table(document: Any, table: Table) -> None:
    document.add_paragraph(table.title, "Heading 1")
    grid = document.add_table(1 + len(table.rows), len(table.heads))
    grid.autofit = False
    for column, width in zip(grid.columns, _COLUMNS[len(table.heads)], strict=True):
        column.width = Mm(width)
    _set_borders(grid, {"top": (INK, 8), "bottom": (INK, 8), "insideH": (HAIRLINE, 4)})
    for line, texts in enumerate((table.heads, *table.rows)):
        row = grid.rows[line]
        _set_row(row, header=not line)
        for column, text in enumerate(texts):
            cell = row.cells[column]
            cell.width = Mm(_COLUMNS[len(table.heads)][column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = line < len(table.rows)
            if not 1 <= column <= table.texts:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(text)
            run.font.size = Pt(8 if not line else 9.5)
            run.bold = not line
            if not line:
                _shade(cell)


def _set_row(row: Any, *, header: bool) -> None:
    """Keep a row on one page; repeat a header on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), GROUND)
    cell._tc.get_or_add_tcPr().append(shading)


def _set_borders(table: Any, sides: dict[str, tuple[str, int]]) -> None:
    """Draw lines of a colour and of eighths of a point."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        if side in sides:
            colour, size = sides[side]
            line = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", str(size)), ("color", colour)):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
    table._tbl.tblPr.append(borders)


def _colour(run: Any, colour: str, size: float) -> None:
    run.font.color.rgb = RGBColor.from_string(colour)
    run.font.size = Pt(size)
