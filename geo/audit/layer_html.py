"""The audit of a boundary layer as HTML. All text is escaped."""

from __future__ import annotations

from typing import Final

from ..boundaries.layer_audit import LayerAudit
from ..boundaries.reading import Boundaries
from ..core.codes import Level
from ..core.errors import mark
from ..core.html_parts import figures_html, table_html
from ..core.i18n import Language

_MOST_ROWS: Final = 200
LEVEL_WORDS: Final[dict[Level, str]] = {
    "village": mark("village"),
    "subdistrict": mark("subdistrict"),
    "regency": mark("regency"),
    "province": mark("province"),
}
FIELD_WORDS: Final = {
    "code": mark("village code"),
    "name": mark("village name"),
    "subdistrict": mark("subdistrict name"),
    "subdistrict_code": mark("subdistrict code"),
    "regency": mark("regency name"),
    "regency_code": mark("regency code"),
    "province": mark("province name"),
    "province_code": mark("province code"),
}


def layer_html(layer: Boundaries, language: Language) -> str:
    """Rows in = villages + joined + left out, and what was recognised."""
    audit = layer.audit
    rows = [
        (language("rows of the layer"), language.count(audit.rows_in)),
        (language("villages"), language.count(audit.villages)),
        (language("joined"), language.count(audit.dissolved)),
        (language("left out"), language.count(audit.left_out)),
    ]
    return figures_html(
        [(language("Rows"), rows), (language("Read as"), _read_as(audit, language))]
    )


def _read_as(audit: LayerAudit, language: Language) -> list[tuple[str, str]]:
    recognition = audit.recognition
    rows = [(language("format"), audit.kind), (language("coordinate system"), audit.crs)]
    if recognition is None:
        return rows
    return [
        (language("convention"), recognition.convention or language("not known")),
        (language("code"), " + ".join(recognition.code) or "–"),
        (language("name"), recognition.name or "–"),
        *rows,
    ]


def events_html(layer: Boundaries, event: str, language: Language) -> str:
    """List the rows that an event concerns."""
    rows = [
        (str(row.row), str(row.code), str(row.name), str(row.detail))
        for row in layer.audit.of(event).head(_MOST_ROWS).itertuples()
    ]
    titles = (language("row"), language("code"), language("name"), language("remark"))
    return table_html(titles, rows)
