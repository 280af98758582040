"""Figures and plain tables of the page "Data" as HTML. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from ..core.errors import mark
from ..core.i18n import Language

_MOST_ROWS = 200
_ACTIONS = {
    "import": mark("import"),
    "eligible": mark("eligible workers"),
    "remove": mark("remove"),
    "undo": mark("undo"),
}


def figures_html(groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """Titled groups of figures side by side."""
    return f'<div class="jk-audit">{"".join(_group(title, rows) for title, rows in groups)}</div>'


def _group(title: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in rows)
    head = f'<h4 aria-level="3">{escape(title)}</h4>'
    return f'<section class="jk-place">{head}<dl>{lines}</dl></section>'


def changes_html(changes: pd.DataFrame, language: Language) -> str:
    """Places whose people a replacement changes."""
    rows = [
        (
            str(row.name) or language("no known place"),
            language.count(row.before),
            language.count(row.after),
            f"{row.change:+d}",
        )
        for row in changes.head(_MOST_ROWS).itertuples()
    ]
    titles = (language("place"), language("before"), language("after"), language("change"))
    return table_html(titles, rows)


def log_html(log: pd.DataFrame, language: Language, zone: str = "") -> str:
    """Write the import log as HTML, the latest entry first, with times in the reader's zone."""
    rows = [
        (
            language.moment(str(row.when), zone),
            language(_ACTIONS.get(str(row.action), "")),
            str(row.period),
            str(row.file),
            str(row.people),
            str(row.sha256)[:12],
        )
        for row in log.head(_MOST_ROWS).itertuples()
    ]
    titles = (
        language("when"),
        language("action"),
        language("period"),
        language("file"),
        language("people"),
        "SHA-256",
    )
    return table_html(titles, rows)


def table_html(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Write a plain table of text as HTML."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="jk-plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def frame_html(table: pd.DataFrame) -> str:
    """Write a table of text as HTML, in a frame that scrolls by itself."""
    rows = list(table.itertuples(index=False, name=None))
    body = table_html(tuple(map(str, table.columns)), rows)
    return f'<div class="jk-scroll" tabindex="0">{body}</div>'
