"""Sentences on the figures of a view: what limits them, how they add up, whose gap is meant."""

from __future__ import annotations

import math
from typing import Final

from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import known_words, scope_words
from ..measures.view import View

# A sign stays on the line of its number.
_GLUE: Final = "\N{NO-BREAK SPACE}"


def limit_sentences(view: View, language: Language) -> list[str]:
    """Write what must precede any figure: few villages known, not all segments."""
    totals = view.totals
    words = [known_words(totals.known, totals.villages, language)] if totals.partly_known else []
    words += filter(None, [scope_words(view.scope, language), _together_words(view, language)])
    return [f"{text[:1].upper()}{text[1:]}." for text in words]


def _together_words(view: View, language: Language) -> str:
    """Write why villages have no coverage where their eligible workers are of all segments."""
    totals = view.totals
    if not totals.together:
        return ""
    # Who asks for segments can ask for all; of a file of some segments nobody can.
    advice = (
        mark("choose all segments, or give eligible workers by segment")
        if view.query.segments
        else mark(
            "give eligible workers by segment, or import the enrolment file again as “all workers” "
            "if it holds all of them"
        )
    )
    return language(
        "eligible workers of {count} of {villages} villages are known for all segments together "
        "only, so that their coverage of single segments is not known: {advice}",
        count=language.count(totals.together),
        villages=language.count(totals.villages),
        advice=language(advice),
    )


def balance_sentence(view: View, language: Language) -> str:
    """How enrolled people, surplus and gap add up to the eligible workers.

    Returns
    -------
    str
        ``49,356 enrolled − 112 surplus … + 7,938 not covered … = 57,125 eligible``: people whose
        village or whose village's eligible workers are not known are taken away, eligible
        workers of villages without enrolment data are added. People of other segments than the
        denominators are in no term. Empty where a side is not known.
    """
    totals = view.totals
    if math.isnan(totals.enrolled) or math.isnan(totals.eligible):
        return ""
    enrolled = language("{people} active participants", people=language.count(totals.enrolled))
    eligible = language("{people} eligible workers", people=language.count(totals.eligible))
    steps = (
        ("−", totals.surplus, language("{people} surplus in villages above 100 %")),
        ("−", totals.without_eligible, language("{people} where eligible workers are not known")),
        ("−", totals.unplaced, language("{people} in no known village")),
        ("−", totals.elsewhere, language("{people} in villages that are not listed")),
        ("+", totals.coverage_gap, language("{people} not covered")),
        ("+", totals.without_enrolment, language("{people} eligible where enrolment is not known")),
    )
    parts = [
        f"{sign}{_GLUE}{words.format(people=language.count(people))}"
        for sign, people, words in steps
        if people > 0
    ]
    return f"{' '.join([enrolled, *parts])} ={_GLUE}{eligible}."


def half_sentence(view: View, language: Language) -> str:
    """In how few of the listed villages half of their gap lies; empty where there is no gap."""
    if not view.half:
        return ""
    gaps = view.found["coverage_gap"]
    count = language.count(len(gaps))
    if len(gaps) == view.totals.villages:
        return language.plural(
            "{n} of {all} villages holds half of the gap.",
            "{n} of {all} villages hold half of the gap.",
            view.half,
            all=count,
        )
    share = gaps.iloc[: view.half].sum() / view.totals.coverage_gap
    return language.plural(
        "{n} of these {all} villages holds half of their gap: {share} of the area's.",
        "{n} of these {all} villages hold half of their gap: {share} of the area's.",
        view.half,
        all=count,
        share=language.rate(share, 0),
    )


def listed_sentence(view: View, language: Language) -> str:
    """How much of the area's gap the listed villages hold; empty where all are listed."""
    gaps, area = view.found["coverage_gap"], view.totals.coverage_gap
    if len(gaps) == view.totals.villages or not area > 0:
        return ""
    return language.plural(
        "The cumulative share is of the gap of this {n} village: {gap} of the area's {total} "
        "people not covered ({share}).",
        "The cumulative share is of the gap of these {n} villages: {gap} of the area's {total} "
        "people not covered ({share}).",
        len(gaps),
        gap=language.count(gaps.sum()),
        total=language.count(area),
        share=language.rate(gaps.sum() / area, 0),
    )
