"""Counts of two matched lists as HTML. All text is escaped, and no person is in it."""

from __future__ import annotations

import pandas as pd

from ..core.html_parts import figures_html, paragraphs_html, scroll_html, table_html
from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..reconcile.match import HOW, OUTCOMES
from ..reconcile.reconcile import Reconciliation, count_outcomes


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
    return figures_html(groups) + paragraphs_html([lists])


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
    rows = [
        _row(name, row, language) for name, (_, row) in zip(names, counts.iterrows(), strict=True)
    ]
    table = table_html(titles, rows, numbers=range(1, len(titles)))
    return scroll_html(table, label=language("Candidates by subdistrict"))


def _row(name: str, row: pd.Series, language: Language) -> tuple[str, ...]:
    figures = [language.count(row[column]) for column in ("candidates", *OUTCOMES)]
    return name, *figures, language.rate(row["covered"] / row["candidates"])
