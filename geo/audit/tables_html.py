"""Tables of the page "Data" as HTML. All text is escaped."""

from __future__ import annotations

import pandas as pd

from ..core.errors import mark
from ..core.html_parts import scroll_html, table_html
from ..core.i18n import Language

_MOST_ROWS = 200
_ACTIONS = {
    "import": mark("import"),
    "eligible": mark("eligible workers"),
    "remove": mark("remove"),
    "undo": mark("undo"),
}


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


def frame_html(table: pd.DataFrame) -> str:
    """Write a table of text as HTML, in a frame that scrolls by itself."""
    rows = list(table.itertuples(index=False, name=None))
    return scroll_html(table_html(tuple(map(str, table.columns)), rows))
