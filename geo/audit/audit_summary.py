"""The report of an import as groups of figures, each with the name of the rows it opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.errors import mark
from ..core.i18n import Language
from ..enrolment.outcomes import reason_words
from ..reporting.report import OUTCOMES
from .audit import VILLAGE_FINDINGS, Audit

_PEOPLE = {
    "matched": mark("matched to a village"),
    "ambiguous": mark("ambiguous"),
    "unmatched": mark("unmatched"),
}


def build_figures(
    rows: dict[str, int], audit: Audit, opened: str, language: Language
) -> dict[str, Any]:
    """Everything the component of figures shows.

    Parameters
    ----------
    rows : dict of str to int
        Rows of the whole file by outcome (see `geo.audit.audit.sum_rows`).
    audit : Audit
        Of the period that is shown.
    opened : str
        The number that is open now, or empty.
    language : Language
        Of all words.

    Returns
    -------
    dict
        ``language``, ``hint``, ``opened`` and ``groups``: ``title, note`` and ``figures`` of
        ``key`` (see `geo.audit.drilldown.open_number`; empty where nothing opens), ``label``,
        ``value`` and ``total`` (whether those above add up to it).
    """
    return {
        "language": language.code,
        "hint": language("show the rows: {label}"),
        "opened": opened,
        "groups": [
            _group(language("Rows of the file"), _rows(rows, language), _sum(rows, language)),
            _group(language("People"), _people(audit, language)),
            _group(language("Villages"), _villages(audit, language)),
            _group(language("To check"), _checks(audit, language)),
        ],
    }


def label_of(number: str, figures: dict[str, Any]) -> str:
    """Give the words beside a number."""
    every = (figure for group in figures["groups"] for figure in group["figures"])
    return next((str(f["label"]) for f in every if f["key"] == number), "")


def _group(title: str, figures: Iterable[dict[str, Any]], note: str = "") -> dict[str, Any]:
    return {"title": title, "figures": list(figures), "note": note}


def _figure(key: str, label: str, count: int, language: Language) -> dict[str, Any]:
    kind, _, name = key.partition(":")
    return {
        "key": key if count else "",
        "label": label,
        "value": language.count(count),
        "total": kind == name,
    }


def _rows(rows: dict[str, int], language: Language) -> Iterable[dict[str, Any]]:
    for outcome, count in rows.items():
        if count:
            yield _figure(f"rows:{outcome}", language(OUTCOMES[outcome]), count, language)
    yield _figure("rows:rows", language("all rows"), sum(rows.values()), language)


def _sum(rows: dict[str, int], language: Language) -> str:
    """``58 + 4 + 1 = 63``: every row is somewhere, once."""
    parts = [language.count(count) for count in rows.values() if count]
    total = language.count(sum(rows.values()))
    return language(
        "{sum} = {total}: every row is accounted for.", sum=" + ".join(parts), total=total
    )


def _people(audit: Audit, language: Language) -> Iterable[dict[str, Any]]:
    counts = {"matched": audit.matched, "ambiguous": audit.ambiguous, "unmatched": audit.unmatched}
    for name, count in counts.items():
        yield _figure(f"people:{name}", language(_PEOPLE[name]), count, language)
    yield _figure("people:people", language("all people"), audit.people, language)
    several = language("with records in several villages: the latest counts")
    yield _figure("people:moved", several, audit.moved, language)
    if audit.claimed:
        words = language("taken from a table of counts")
        yield _figure("people:claimed", words, audit.claimed, language)


def _villages(audit: Audit, language: Language) -> Iterable[dict[str, Any]]:
    for state, words in VILLAGE_FINDINGS.items():
        yield _figure(f"villages:{state}", language(words), len(audit.villages[state]), language)
    totals = audit.view.totals
    every, rate = language.count(totals.villages), language.rate(totals.coverage_rate)
    yield {"key": "", "label": language("all villages"), "value": every, "total": False}
    yield {"key": "", "label": language("coverage"), "value": rate, "total": False}


def _checks(audit: Audit, language: Language) -> Iterable[dict[str, Any]]:
    """Cells that are damaged or doubtful, by reason."""
    counts = audit.fixes["reason"].value_counts()
    for reason, words in reason_words(language).items():
        if reason in counts:
            yield _figure(f"check:{reason}", words, int(counts[reason]), language)
