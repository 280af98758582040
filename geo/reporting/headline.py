"""The headline figures as HTML: each with its words, and the sentence that explains it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from ..core.html_parts import Figure, headline_list, paragraphs_html
from ..core.i18n import Language
from ..core.labels import segment_words
from ..core.markup import render_template
from ..measures.dataset import Dataset
from ..measures.origins import are_mixed
from ..measures.view import View
from .about import eligible_source_words
from .findings import balance_sentence, limit_sentences

_TEMPLATE: Final = Path(__file__).parent / "templates" / "headline.html"


def headline_html(data: Dataset, view: View, language: Language) -> str:
    """Write what limits the figures, six of them in a list, and below them how they add up.

    The full amount of money is told on hover.
    """
    return render_template(
        _TEMPLATE,
        limits=paragraphs_html(limit_sentences(view, language)),
        figures=headline_list(list_headline(data, view, language)),
        balance=balance_sentence(view, language),
    )


def _eligible_note(data: Dataset, view: View, language: Language) -> str:
    """Where eligible workers are from, and the margin of an estimate."""
    source = eligible_source_words(data, language)
    totals = view.totals
    if math.isnan(totals.eligible_low) or totals.eligible_low == totals.eligible_high:
        return source
    words = {
        "low": language.count(totals.eligible_low),
        "high": language.count(totals.eligible_high),
        "count": language.count(totals.estimated),
        "villages": language.count(int((view.villages["eligible"] > 0).sum())),
    }
    if are_mixed(view.villages["origin"]):
        margin = language("estimated in {count} of {villages} villages, {low} to {high}", **words)
    else:
        margin = language("estimated, {low} to {high}", **words)
    return f"{margin}; {source}"


def list_headline(data: Dataset, view: View, language: Language) -> list[Figure]:
    """List the figures that come first: each with its words, a note, and the full amount."""
    totals = view.totals
    say = language
    return [
        Figure(say.rate(totals.coverage_rate), say("coverage"), _coverage_note(view, say)),
        Figure(say.count(totals.enrolled), say("active participants"), _enrolled_note(view, say)),
        Figure(
            say.count(totals.eligible), say("eligible workers"), _eligible_note(data, view, say)
        ),
        Figure(say.count(totals.coverage_gap), say("not covered"), _gap_note(view, say)),
        Figure(
            say(
                "{below} of {villages}",
                below=say.count(totals.below_target),
                villages=say.count(totals.known),
            ),
            say("villages below target {target}", target=say.share(view.query.target, 4)),
            _unknown_note(view, say),
        ),
        Figure(
            say.money_short(totals.cost_year),
            say("a year to close the gap"),
            say(
                "{money} a year to target {target}",
                money=say.money_short(totals.cost_target_year),
                target=say.share(view.query.target, 4),
            ),
            f"{say.money(totals.cost_year)}; {say.money(totals.cost_target_year)}",
        ),
    ]


def _coverage_note(view: View, language: Language) -> str:
    """Compute the change since the period compared with, if both are of the same segments."""
    if view.previous is None:
        return ""
    before = view.previous.period
    if view.scopes[before] != view.scope:
        when = language.period(before, short=True)
        return language("not comparable with {period}: other segments", period=when)
    change = view.totals.coverage_rate - view.previous.coverage_rate
    if math.isnan(change):
        return ""
    return language(
        "{change} points since {period}",
        change=language.change(change),
        period=language.period(before, short=True),
    )


def _enrolled_note(view: View, language: Language) -> str:
    """Which segments are counted, and how many people are in no known village."""
    notes = [segment_words(view.scope or view.query.segments, language)]
    if view.totals.uncounted:
        uncounted = language.count(view.totals.uncounted)
        notes.append(language("{count} more of other segments are not counted", count=uncounted))
    if view.totals.unplaced:
        unplaced = language.count(view.totals.unplaced)
        notes.append(language("{count} of them in no known village", count=unplaced))
    return "; ".join(notes)


def _gap_note(view: View, language: Language) -> str:
    if not view.totals.surplus > 0:
        return ""
    return language(
        "a surplus of {surplus} elsewhere is not set against it",
        surplus=language.count(view.totals.surplus),
    )


def _unknown_note(view: View, language: Language) -> str:
    """How many villages the gap is not known of: they are in the coverage, not in the gap."""
    unknown = view.totals.villages - view.totals.known
    if not unknown:
        return ""
    return language.plural(
        "of {n} village the gap is not known", "of {n} villages the gap is not known", unknown
    )
