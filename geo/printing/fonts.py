"""The one typeface of everything printed, and how wide its words are."""

from __future__ import annotations

import io
import unicodedata
from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

FAMILY: Final = "Lato"
# What a program takes that has not got the typeface.
FAMILIES: Final = f"{FAMILY}, 'Source Sans 3', Arial, sans-serif"
# Height of a line, by that of the letters.
LINE: Final = 1.2
_FOLDER: Final = Path(str(files("font_lato"))) / "files"
_FACES: Final = {False: "Lato-Regular.ttf", True: "Lato-Bold.ttf"}


@cache
def load_fonts() -> typst.Fonts:
    """Open the typeface, and no other: none of the machine's own is ever printed."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FOLDER)]
    )


def measure_text(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in the unit of its size."""
    widths, missing = _widths(bold)
    return sum(widths.get(letter, missing) for letter in text) * size


def replace_missing(text: str) -> str:
    """Write letters that the typeface has not got as the nearest one that it has, else as ``?``.

    Controls become spaces. Marks of a file's syntax are never among what comes out newly.
    """
    widths, _ = _widths(False)
    missing = {letter for letter in text if letter not in widths}
    return text.translate({ord(letter): _find_nearest(letter, widths) for letter in missing})


def _find_nearest(letter: str, known: dict[str, float]) -> str:
    if letter.isspace() or unicodedata.category(letter).startswith("C"):
        return " "
    plain = unicodedata.normalize("NFKD", letter)[0]
    return plain if plain.isalnum() and plain in known else "?"


def embed_fonts(text: str) -> str:
    """Write a style sheet with the letters of a text, for programs without the typeface."""
    rules = (
        f"@font-face{{font-family:{FAMILY};font-weight:{700 if bold else 400};"
        f"src:url(data:font/ttf;base64,{_cut_face(bold, text)})}}"
        for bold in _FACES
    )
    return f"<style>{''.join(rules)}</style>"


def _cut_face(bold: bool, text: str) -> str:
    """Cut a face down to the letters of a text; in base 64."""
    # Not at the start: only files with words in them need it.
    from fontTools.subset import Options, Subsetter

    with TTFont(_FOLDER / _FACES[bold], recalcTimestamp=False) as font:
        cutter = Subsetter(Options(hinting=False, layout_features=["kern", "mark", "mkmk"]))
        cutter.populate(text=text)
        cutter.subset(font)
        body = io.BytesIO()
        font.save(body)
    return b64encode(body.getvalue()).decode("ascii")


@cache
def _widths(bold: bool) -> tuple[dict[str, float], float]:
    """Width of each letter of a face by its size, and that of one it has not got."""
    with TTFont(_FOLDER / _FACES[bold], lazy=True) as font:
        metrics, unit = font["hmtx"], font["head"].unitsPerEm
        letters = font.getBestCmap().items()
        return {chr(code): metrics[glyph][0] / unit for code, glyph in letters}, 0.7


def wrap_text(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Lines of a text that are no wider than a width, broken at spaces alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_text(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
