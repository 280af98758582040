"""Parts of a page that several packages show: headline figures, plain tables, groups of figures.

All text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .markup import render_template

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Figure:
    """A headline figure, the words below it, a note, and the full amount told on hover."""

    value: str
    words: str
    note: str | None = None
    full: str = ""


def headline_list(figures: Sequence[Figure], *, classes: str = "jk-headline") -> str:
    """Write headline figures side by side."""
    return render_template(_TEMPLATES / "headline.html", figures=figures, classes=classes)


def table_html(
    titles: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Iterable[int] = ()
) -> str:
    """Write a plain table of text; ``numbers`` are the places of the columns set to the right."""
    return render_template(
        _TEMPLATES / "table.html", titles=titles, rows=rows, numbers=frozenset(numbers)
    )


def scroll_html(inside: str, *, label: str = "") -> str:
    """Put markup into a frame that scrolls by itself."""
    return render_template(_TEMPLATES / "scroll.html", inside=inside, label=label)


def figures_html(groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """Write titled groups of figures side by side."""
    return render_template(_TEMPLATES / "figures.html", groups=groups)


def paragraphs_html(texts: Iterable[str]) -> str:
    """Write each text as a paragraph."""
    return render_template(_TEMPLATES / "paragraphs.html", texts=texts)
