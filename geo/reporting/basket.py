"""The chosen villages in words: how many people, what share of the gap, at what cost."""

from __future__ import annotations

from ..core.i18n import Language
from ..measures.basket import Basket


def basket_figures(basket: Basket, target: float, language: Language) -> list[tuple[str, str]]:
    """Figures of the chosen villages, each with the words that follow it.

    Parameters
    ----------
    basket : Basket
        What they come to.
    target : float
        Coverage that the cost to target is for, as a fraction.
    language : Language
        Of all words.
    """
    say, count = language, len(basket.villages)
    figures = [
        (say.count(count), say.plural("village chosen", "villages chosen", count)),
        (say.count(basket.coverage_gap), say("people not covered")),
    ]
    if basket.gap_share is not None:
        figures.append((say.rate(basket.gap_share, 1), say("of the area's gap")))
    aim = say("a year to target {target}", target=say.share(target, 4))
    figures += [
        (say.money_short(basket.cost_target_year), aim),
        (say.money_short(basket.cost_year), say("a year to close the gap")),
    ]
    if basket.budget is not None:
        words = say("budget of the programme, {period}", period=basket.budget_period)
        figures.append((say.money_short(basket.budget), words))
    return figures


def basket_note(basket: Basket, language: Language) -> str:
    """Say what limits the figures: villages outside the area shown, and of unknown gap."""
    notes = []
    if basket.outside:
        notes.append(
            language.plural(
                "{n} of them lies outside the area shown.",
                "{n} of them lie outside the area shown.",
                basket.outside,
            )
        )
    if basket.unknown:
        notes.append(
            language.plural(
                "The gap of {n} of them is not known and adds nothing.",
                "The gaps of {n} of them are not known and add nothing.",
                basket.unknown,
            )
        )
    return " ".join(notes)
