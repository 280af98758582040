"""One place in words and a small time line, and the finding of a view, as HTML."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import pandas as pd

from . import codes
from .dataset import Dataset
from .i18n import Language
from .legend import STATE_LABELS
from .report import mapped_sentence
from .view import View
from .words import KIND_LABELS

_WIDTH, _HEIGHT, _EDGE = 260, 56, 6
_LINE = "#0F766E"


def place_html(
    data: Dataset, view: View, code: str, timeline: pd.Series, language: Language
) -> str:
    """Name, figures and time line of a village, or of the area looked at."""
    if code in view.villages.index:
        body = _village_rows(view.villages.loc[code], language)
        kind = language(KIND_LABELS[view.villages.loc[code, "kind"]])
        above = data.names.get(codes.parent(code), "")
    else:
        body = _area_rows(view, language)
        kind, above = language("area shown"), ""
    hidden = "" if _found(view, code) else language("left out by the filters")
    head = " · ".join(filter(None, (kind, above, hidden)))
    return (
        f'<section class="jk-place"><h4>{escape(data.names.get(code, "Indonesia"))}</h4>'
        f"<p>{escape(head)}</p><dl>{body}</dl>{sparkline(timeline, language)}</section>"
    )


def _found(view: View, code: str) -> bool:
    return code not in view.villages.index or bool(view.villages.loc[code, "found"])


def _row(label: str, value: str) -> str:
    return f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"


def _village_rows(village: pd.Series, language: Language) -> str:
    rows = [
        (language("coverage"), language.rate(village["coverage_rate"])),
        (language("enrolled"), language.count(village["enrolled"])),
        (language("eligible"), language.count(village["eligible"])),
        (language("not covered"), language.count(village["coverage_gap"])),
        (language("gap to target"), language.count(village["gap_to_target"])),
        (language("cost a year"), language.money(village["cost_year"])),
    ]
    if village["state"] != "ok":
        rows.insert(0, (language("state"), language(STATE_LABELS[village["state"]])))
    if village["surplus"] > 0:
        rows.append((language("surplus"), language.count(village["surplus"])))
    return "".join(_row(label, value) for label, value in rows)


def _area_rows(view: View, language: Language) -> str:
    totals = view.totals
    rows = [
        (language("coverage"), language.rate(totals.coverage_rate)),
        (language("not covered"), language.count(totals.coverage_gap)),
        (language("gap to target"), language.count(totals.gap_to_target)),
    ]
    return "".join(_row(label, value) for label, value in rows)


def sparkline(rates: pd.Series, language: Language) -> str:
    """Coverage over the periods as a line, its first and last value in words."""
    known = rates.dropna()
    if len(known) < 2:
        return ""
    low, high = known.min(), known.max()
    span = (high - low) or 1
    step = (_WIDTH - 2 * _EDGE) / (len(rates) - 1)
    points = [
        (
            _EDGE + step * rates.index.get_loc(period),
            _HEIGHT - _EDGE - (rate - low) / span * (_HEIGHT - 2 * _EDGE),
        )
        for period, rate in known.items()
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
    words = [f"{language.period(p, short=True)}: {language.rate(r, 1)}" for p, r in known.items()]
    # As an image: the page strips drawings that stand in its HTML.
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="2"/>'
        f'<g fill="{_LINE}">{dots}</g></svg>'
    )
    # Spelt out rather than in base64: what is alike in every message then packs.
    address = "data:image/svg+xml," + quote(drawing, safe=" /:=,'")
    return (
        f'<figure class="jk-line"><img src="{address}" alt="{escape("; ".join(words))}"'
        f' title="{escape(chr(10).join(words))}">'
        f"<figcaption><span>{escape(words[0])}</span><span>{escape(words[-1])}</span>"
        "</figcaption></figure>"
    )


def finding_html(view: View, language: Language) -> str:
    """How concentrated the gap is, and how much of the records the map shows."""
    sentences = [mapped_sentence(view, language) + "."]
    if view.half:
        half = language.plural(
            "{n} of {all} villages holds half of the gap.",
            "{n} of {all} villages hold half of the gap.",
            view.half,
            all=language.count(len(view.found)),
        )
        sentences.insert(0, half)
    return '<div class="jk-finding">' + "".join(f"<p>{escape(s)}</p>" for s in sentences) + "</div>"
