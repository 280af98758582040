"""What became of a plan, as sentences and tables of the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from ..core.html_parts import Figure, headline_list
from ..core.i18n import Language
from .progress import compare_with_counts, sum_progress
from .store import STATUSES, SavedPlan, Version
from .telling import figures_table
from .worklist import OUTCOMES, RowOutcome, count_outcomes


def progress_headline_html(visits: pd.DataFrame, language: Language) -> str:
    """Villages visited, people enrolled and reactivated, conflicts."""
    say = language
    done = int((visits["status"] == "visited").sum())
    figures = (
        Figure(
            say("{done} of {all}", done=say.count(done), all=say.count(len(visits))),
            say("villages visited"),
        ),
        Figure(say.count(visits["enrolled"].sum()), say("enrolled at visits")),
        Figure(say.count(visits["reactivated"].sum()), say("reactivated at visits")),
        Figure(say.count(visits["promised"].sum()), say("planned")),
    )
    return headline_list(figures, classes="jk-headline jk-plan")


def progress_html(visits: pd.DataFrame, by: str, language: Language) -> str:
    """Figures of each team or subdistrict."""
    say = language
    heads = (
        say("Team") if by == "team" else say("Subdistrict"),
        *(say("villages"), say("visited"), say("planned")),
        *(say("newly enrolled"), say("reactivated")),
    )
    rows = [
        (str(group) or say("no team"), *(say.count(value) for value in figures))
        for group, *figures in sum_progress(visits, by).itertuples()
    ]
    return figures_table(heads, rows, texts=1)


def visits_html(visits: pd.DataFrame, language: Language) -> str:
    """Every village with its status."""
    say = language
    heads = (
        *(say("Village"), say("Subdistrict"), say("Status"), say("Team"), say("Date")),
        *(say("planned"), say("newly enrolled"), say("reactivated"), say("Note")),
    )
    rows = [
        (
            *(row.name_, row.subdistrict, status_words(row.status, say), row.team),
            day_words(row.day, say),
            *(say.count(row.promised), say.count(row.enrolled), say.count(row.reactivated)),
            row.note,
        )
        for row in visits.rename(columns={"name": "name_"}).itertuples()
    ]
    return figures_table(heads, rows, texts=5, last_text=True)


def counted_html(plan: SavedPlan, enrolled: pd.Series, names: pd.Series, language: Language) -> str:
    """Promise beside the people enrolled since, as a later period counts them."""
    say, table = language, compare_with_counts(plan, enrolled)
    heads = (
        say("Village"),
        say("planned"),
        say("enrolled then"),
        say("enrolled now"),
        say("since"),
    )
    rows: list[tuple[str, ...]] = [
        (
            *(str(names.get(code, code)), say.count(promised), say.count(before), say.count(now)),
            say.count(since),
        )
        for code, promised, before, now, since in table.itertuples()
    ]
    total = table.sum(min_count=1)
    rows.append((say("all villages"), *(say.count(total[name]) for name in table.columns)))
    return figures_table(heads, rows, texts=1)


def comparison_html(plans: list[SavedPlan], language: Language) -> str:
    """Plans beside each other."""
    say = language
    heads = (say("Plan"), say("villages"), say("people covered"), say("a year"), say("saved on"))
    rows = [
        (
            *(plan.name, say.count(len(plan.promised)), say.count(plan.content["people"])),
            *(say.money_short(plan.content["cost"]), time_words(plan.created, say)),
        )
        for plan in plans
    ]
    return figures_table(heads, rows, texts=1, last_text=True)


def version_words(version: Version, language: Language) -> str:
    """Write a version of a visit in one line: what, who, when."""
    record = version.record
    facts = (
        status_words(record.status, language),
        language("{n} enrolled", n=language.count(record.enrolled)),
        language("{n} reactivated", n=language.count(record.reactivated)),
        record.team,
        day_words(record.day, language),
        record.note,
    )
    author = version.author or language("no name")
    written = time_words(version.written, language)
    return f"{author}, {written}: " + " · ".join(filter(None, facts))


def status_words(status: str, language: Language) -> str:
    """Say a status in the reader's language."""
    return language(STATUSES[status])


def day_words(day: str, language: Language) -> str:
    """Say a day in words; empty for none."""
    return language.date(dt.date.fromisoformat(day)) if day else ""


def time_words(written: str, language: Language) -> str:
    """Day and time of a change, in the computer's own zone."""
    moment = dt.datetime.fromisoformat(written).astimezone()
    return f"{language.date(moment.date())} {moment:%H:%M}"


def outcomes_sentence(outcomes: Sequence[RowOutcome], language: Language) -> str:
    """How many rows a worklist or result file had, and how many were recorded."""
    counted = count_outcomes(outcomes)
    recorded = counted.get("recorded", 0) + counted.get("conflict", 0)
    return language.plural(
        "The file has {n} row; {recorded} recorded.",
        "The file has {n} rows; {recorded} recorded.",
        len(outcomes),
        recorded=language.count(recorded),
    )


def outcomes_html(outcomes: Sequence[RowOutcome], names: pd.Series, language: Language) -> str:
    """Rows by outcome, and each row that needs somebody."""
    say = language
    heads: tuple[str, ...] = (say("outcome"), say("rows"))
    rows = [(say(OUTCOMES[key]), say.count(n)) for key, n in count_outcomes(outcomes).items()]
    table = figures_table(heads, [*rows, (say("all rows"), say.count(len(outcomes)))], texts=1)
    open_rows = [
        (str(row.row), str(names.get(row.code, row.code)), say(OUTCOMES[row.outcome]))
        for row in outcomes
        if row.outcome not in ("recorded", "unchanged", "repeated")
    ]
    if not open_rows:
        return table
    return table + figures_table((say("row"), say("Village"), say("outcome")), open_rows, texts=3)
