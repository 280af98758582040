"""The headline figures as HTML: each with its words, and the sentence that explains it."""

from __future__ import annotations

from html import escape

from .i18n import Language
from .view import View


def headline_html(view: View, language: Language) -> str:
    """Six figures in a list; the full amount of money on hover."""
    items = "".join(
        f'<li title="{escape(full)}"><strong>{escape(figure)}</strong>'
        f"<span>{escape(words)}</span><small>{escape(note)}</small></li>"
        for figure, words, note, full in _figures(view, language)
    )
    return f'<ul class="jk-headline">{items}</ul>'


def _figures(view: View, language: Language) -> list[tuple[str, str, str, str]]:
    totals = view.totals
    say = language
    return [
        (say.rate(totals.coverage_rate), say("coverage"), _change_note(view, say), ""),
        (say.count(totals.enrolled), say("active participants"), _unplaced_note(view, say), ""),
        (say.count(totals.eligible), say("eligible workers"), "", ""),
        (say.count(totals.coverage_gap), say("not covered"), _surplus_note(view, say), ""),
        (
            say(
                "{below} of {villages}",
                below=say.count(totals.below_target),
                villages=say.count(totals.villages),
            ),
            say("villages below target {target}", target=say.rate(view.query.target, 0)),
            "",
            "",
        ),
        (
            say.money_short(totals.cost_year),
            say("a year to close the gap"),
            say("{money} a month", money=say.money_short(totals.cost_month)),
            say.money(totals.cost_year),
        ),
    ]


def _change_note(view: View, language: Language) -> str:
    if view.previous is None:
        return ""
    return language(
        "{change} points since {period}",
        change=language.change(view.totals.coverage_rate - view.previous.coverage_rate),
        period=language.period(view.previous.period, short=True),
    )


def _unplaced_note(view: View, language: Language) -> str:
    if not view.totals.unplaced:
        return ""
    return language(
        "{count} of them in no known village", count=language.count(view.totals.unplaced)
    )


def _surplus_note(view: View, language: Language) -> str:
    if not view.totals.surplus:
        return ""
    return language(
        "a surplus of {surplus} elsewhere is not set against it",
        surplus=language.count(view.totals.surplus),
    )
