"""What a plan comes to, in sentences and tables of the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..core.html_parts import Figure, headline_list, scroll_html, table_html
from ..core.i18n import Language
from .choose import Plan
from .explain import NEXT_AMOUNT, TRIVIAL, say_trivial

_SHOWN: Final = 400
# Tables of no more columns take the width there is.
_NARROW: Final = 6


def plan_headline_html(plan: Plan, language: Language) -> str:
    """People, villages, cost and what is left, as the map's headline shows its figures."""
    say, visits = language, int(plan.villages["visit"].sum())
    again = int(plan.villages["reactivate"].sum())
    contributions = int(plan.villages["contributions"].sum())
    people_note = (
        say(
            "{enrol} to enrol, {again} to reactivate",
            enrol=say.count(plan.people - again),
            again=say.count(again),
        )
        if again
        else say("to enrol")
    )
    figures = (
        Figure(say.count(plan.people), say("people covered"), people_note),
        Figure(
            say.count(visits),
            say("villages to visit"),
            say("of {count} with a known gap", count=say.count(len(plan.villages))),
        ),
        Figure(
            say.money_short(plan.cost),
            say("a year"),
            say(
                "{contributions} contributions, {visits} visits",
                contributions=say.money_short(contributions),
                visits=say.money_short(plan.cost - contributions),
            ),
            say.money(plan.cost),
        ),
        Figure(say.count(plan.left), say("left not covered"), _left_note(plan, say)),
    )
    return headline_list(figures, classes="jk-headline jk-plan")


def _left_note(plan: Plan, language: Language) -> str:
    total = plan.people + plan.left
    return language("{share} of the gap", share=language.share(plan.left / total)) if total else ""


def plan_sentences(plan: Plan, added: int | None, language: Language) -> list[str]:
    """How certain the answer is, what the next money buys, what each purse pays."""
    goal = plan.problem.goal.kind
    told = [_goal_sentence(plan, language)] if goal in ("villages", "worst") else []
    if plan.proven:
        told.append(language("No other choice of villages is better by this goal: it is proven."))
    else:
        bound = plan.bound if goal != "worst" else plan.bound * 100
        told.append(
            language(
                "The solver ran out of time: no plan can be better than {bound}, this one has "
                "{value}.",
                bound=language.count(bound),
                value=language.count(plan.value if goal != "worst" else plan.value * 100),
            )
        )
    if added is not None:
        told.append(
            language(
                "The next {money} would add {people} people.",
                money=language.money_short(NEXT_AMOUNT),
                people=language.count(added),
            )
        )
    if trivial := say_trivial(plan.problem):
        told.append(language(TRIVIAL[trivial]))
    if len(plan.problem.purses) > 1:
        told += _purse_sentences(plan, language)
    return told


def _goal_sentence(plan: Plan, language: Language) -> str:
    if plan.problem.goal.kind == "villages":
        return language.plural(
            "{n} more village reaches the target.",
            "{n} more villages reach the target.",
            round(plan.value),
        )
    return language(
        "Every village that can be lifted has a coverage of at least {rate} afterwards.",
        rate=language.rate(plan.value),
    )


def _purse_sentences(plan: Plan, language: Language) -> list[str]:
    sentences = []
    for purse, spent in zip(plan.problem.purses, plan.spent, strict=True):
        paid = language.money_short(spent)
        if purse.amount is None or purse.per_village:
            sentences.append(language("{purse} pays {money}.", purse=purse.name, money=paid))
            continue
        amount = language.money_short(purse.amount)
        words = language(
            "{purse} pays {money} of {amount}.", purse=purse.name, money=paid, amount=amount
        )
        sentences.append(words)
    return sentences


def plan_table_html(plan: Plan, language: Language) -> str:
    """List the villages to visit, the most people first."""
    say, villages = language, plan.problem.villages
    heads = (
        *(say("Village"), say("Subdistrict"), say("to enrol"), say("to reactivate")),
        *(say("cost (Rp)"), say("way (km, estimated)"), say("coverage now"), say("afterwards")),
    )
    rows = []
    for code, row in plan.visited.head(_SHOWN).iterrows():
        place = villages.loc[code]
        now = place["enrolled"] / place["eligible"] if place["eligible"] else None
        rows.append(
            (
                *(str(place["name"]), str(place["subdistrict"])),
                *(say.count(row["enrol"]), say.count(row["reactivate"])),
                say.count(row["contributions"] + row["visit_cost"]),
                *(say.number(place["km"], 1), say.rate(now), say.rate(row["rate_after"])),
            )
        )
    return figures_table(heads, rows, texts=2)


def figures_table(
    heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, texts: int, last_text: bool = False
) -> str:
    """Write a plain table: the first columns are texts, the others figures."""
    table = table_html(heads, rows, numbers=range(texts, len(heads) - int(last_text)))
    return scroll_html(table) if len(heads) > _NARROW else f'<div class="jk-fit">{table}</div>'
