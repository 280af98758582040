"""The audit as HTML: two lists of figures, and the rows behind them. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from .audit import VILLAGE_FINDINGS, Audit, Spelling
from .enrolment_files.outcomes import reason_words
from .errors import mark
from .i18n import Language
from .report import OUTCOMES

_MOST_ROWS = 200
_ACTIONS = {"import": mark("import"), "remove": mark("remove"), "undo": mark("undo")}


def audit_html(audit: Audit, language: Language) -> str:
    """Rows, people and villages, each group adding up."""
    groups = (
        (language("Rows of the file"), _row_figures(audit, language)),
        (language("People"), _people_figures(audit, language)),
        (language("Villages"), _village_figures(audit, language)),
    )
    return figures_html(groups)


def figures_html(groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """Titled groups of figures side by side."""
    return f'<div class="jk-audit">{"".join(_group(title, rows) for title, rows in groups)}</div>'


def _group(title: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in rows)
    return f'<section class="jk-place"><h4>{escape(title)}</h4><dl>{lines}</dl></section>'


def _row_figures(audit: Audit, language: Language) -> list[tuple[str, str]]:
    rows = [
        (language(OUTCOMES[name]), language.count(count))
        for name, count in audit.rows.items()
        if count
    ]
    return [*rows, (language("all rows"), language.count(sum(audit.rows.values())))]


def _people_figures(audit: Audit, language: Language) -> list[tuple[str, str]]:
    figures = [
        (language("matched to a village"), audit.matched),
        (language("ambiguous"), audit.ambiguous),
        (language("unmatched"), audit.unmatched),
        (language("all people"), audit.people),
        (language("with records in several villages: the latest counts"), audit.moved),
        (language("taken from a table of counts"), audit.claimed),
    ]
    return [(words, language.count(count)) for words, count in figures]


def _village_figures(audit: Audit, language: Language) -> list[tuple[str, str]]:
    figures = [
        (language(words), language.count(len(audit.villages[state])))
        for state, words in VILLAGE_FINDINGS.items()
    ]
    return [
        *figures,
        (language("all villages"), language.count(audit.view.totals.villages)),
        (language("coverage"), language.rate(audit.view.totals.coverage_rate)),
    ]


def fixes_html(fixes: pd.DataFrame, language: Language) -> str:
    """The first rows to fix, identities masked; the file holds all of them."""
    reasons = reason_words(language)
    rows = [
        (str(row.row), reasons[str(row.reason)], str(row.column), str(row.value))
        for row in fixes.head(_MOST_ROWS).itertuples()
    ]
    titles = (language("row"), language("reason"), language("column"), language("value"))
    return table_html(titles, rows)


def duplicates_html(rows: pd.DataFrame, language: Language) -> str:
    """Rows of people already counted in that segment."""
    lines = [
        (str(row.row), str(row.village), str(row.subdistrict), str(row.segment))
        for row in rows.head(_MOST_ROWS).itertuples()
    ]
    titles = (language("row"), language("village"), language("subdistrict"), language("segment"))
    return table_html(titles, lines)


def villages_html(villages: pd.DataFrame, language: Language) -> str:
    """Villages of a finding with both sides of their rate."""
    rows = [
        (
            str(row.Index),
            str(row.name),
            language.count(row.enrolled),
            language.count(row.eligible),
            language.rate(row.coverage_rate),
        )
        for row in villages.head(_MOST_ROWS).itertuples()
    ]
    titles = ("code", "village", "enrolled", "eligible", "coverage")
    return table_html(tuple(language(t) for t in titles), rows)


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


def log_html(log: pd.DataFrame, language: Language) -> str:
    """The import log, the latest first."""
    rows = [
        (
            str(row.when)[:16].replace("T", " "),
            language(_ACTIONS[row.action]),
            str(row.period),
            str(row.file),
            str(row.people),
            str(row.sha256)[:12],
        )
        for row in log.head(_MOST_ROWS).itertuples()
    ]
    titles = (
        language("when (UTC)"),
        language("action"),
        language("period"),
        language("file"),
        language("people"),
        "SHA-256",
    )
    return table_html(titles, rows)


def spelling_html(spelling: Spelling, language: Language) -> str:
    """A spelling as the file has it, and how many people it places."""
    above = [text for text in list(spelling.texts.values())[-2::-1] if text]
    people = language.plural("{n} person", "{n} people", spelling.people)
    return (
        f'<div class="jk-spelling"><strong>{escape(spelling.texts["village"])}</strong>'
        f"<small>{escape(', '.join([*above, people]))}</small></div>"
    )


def table_html(titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A plain table of text."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<table class="jk-plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
