"""Counts of two matched lists as HTML. All text is escaped, and no person is in it."""

from __future__ import annotations

from html import escape
from typing import Final

import pandas as pd

from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..reconcile.match import HOW, OUTCOMES
from ..reconcile.reconcile import Reconciliation, count_outcomes
from .tables_html import figures_html

_NUMBER: Final = ' class="jk-number"'


def outcomes_html(found: Reconciliation, language: Language) -> str:
    """Each outcome with its sum and the reasons it is made of."""
    once = found.people[~found.people["repeated"]]
    groups = []
    for outcome, words in OUTCOMES.items():
        here = once[once["outcome"] == outcome]
        reasons = here["how"].value_counts()
        rows = [
            (language(HOW[str(how)]) if how else language("nobody like them is enrolled"), n)
            for how, n in reasons.items()
        ]
        listed = [(label, language.count(n)) for label, n in rows]
        listed.append((language("all"), language.count(len(here))))
        groups.append((language(words).capitalize(), listed))
    lists = language(
        "{candidates} candidates ({repeated} rows repeat one of them); {enrolled} participants, "
        "{active} of them active.",
        candidates=language.count(len(once)),
        repeated=language.count(len(found.people) - len(once)),
        enrolled=language.count(found.enrolled),
        active=language.count(found.active),
    )
    return f"{figures_html(groups)}<p>{escape(lists)}</p>"


def places_html(found: Reconciliation, data: Dataset, language: Language) -> str:
    """Candidates by subdistrict and outcome, those with most people not covered first."""
    counts = count_outcomes(found.people, "subdistrict")
    counts = counts.sort_values(["not_covered", "candidates"], ascending=False)
    names = [data.names.get(code, "") or language("no known place") for code in counts.index]
    titles = (
        language("Subdistrict"),
        language("candidates"),
        *(language(words) for words in OUTCOMES.values()),
        language("share covered"),
    )
    head = "".join(
        f"<th{_NUMBER if at else ''}>{escape(title)}</th>" for at, title in enumerate(titles)
    )
    body = "".join(
        _row(name, row, language) for name, (_, row) in zip(names, counts.iterrows(), strict=True)
    )
    label = escape(language("Candidates by subdistrict"))
    return (
        f'<div class="jk-scroll" tabindex="0" aria-label="{label}"><table class="jk-plain">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(name: str, row: pd.Series, language: Language) -> str:
    figures = [language.count(row[column]) for column in ("candidates", *OUTCOMES)]
    figures.append(language.rate(row["covered"] / row["candidates"]))
    cells = "".join(f"<td{_NUMBER}>{escape(figure)}</td>" for figure in figures)
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"
