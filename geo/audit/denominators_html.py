"""Denominators read or estimated, as HTML: sums, and villages with their margin. All is escaped."""

from __future__ import annotations

import pandas as pd

from ..core.html_parts import figures_html
from ..core.i18n import Language
from ..core.labels import BASIS_LABELS
from ..denominators.build import Denominators
from ..measures.dataset import Dataset
from .tables_html import frame_html

_MOST_ROWS = 200


def denominators_html(found: Denominators, language: Language) -> str:
    """How many people in how many villages, and the margin of an estimate."""
    table = found.table
    rows = [
        (language("eligible workers"), language.count(found.total)),
        (
            language("margin"),
            f"{language.count(table['eligible_low'].sum())} – "
            f"{language.count(table['eligible_high'].sum())}",
        ),
        (language("villages with a number"), language.count(found.villages)),
        (language("all villages"), language.count(found.known)),
        (language("people of no village of the area"), language.count(found.lost)),
    ]
    return figures_html([(language("Eligible workers"), rows)])


def villages_html(found: Denominators, data: Dataset, language: Language) -> str:
    """Each village with its number, margin, how it came about, and source; the first of them."""
    sums = dict.fromkeys(("eligible", "eligible_low", "eligible_high"), "sum")
    table = found.table.groupby("code").agg({**sums, "basis": "first", "source": "first"})
    first = table.head(_MOST_ROWS)
    shown = {
        language("village"): [data.names.get(code, code) for code in first.index],
        language("eligible"): first["eligible"].map(language.count).to_numpy(),
        language("margin"): [
            f"{language.count(low)} – {language.count(high)}" if low < high else "–"
            for low, high in zip(first["eligible_low"], first["eligible_high"], strict=True)
        ],
        language("basis of eligible"): [language(BASIS_LABELS[basis]) for basis in first["basis"]],
        language("source of eligible"): [language(source) for source in first["source"]],
    }
    return frame_html(pd.DataFrame(shown, dtype="str"))
