"""What a briefing for the head of a regency says, before it is written as a document or slides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from ..core import codes
from ..core.i18n import Language
from ..core.labels import LEVEL_LABELS
from ..measures.dataset import Dataset
from ..measures.query import Query
from ..measures.view import View, build_view
from ..outreach.choose import choose_villages
from ..outreach.explain import count_next
from ..outreach.inputs import build_problem, read_content
from ..outreach.store import SavedPlan
from ..outreach.telling import plan_sentences
from ..outreach.villages import list_villages
from ..reporting.about import FIGURES, LIMITS
from ..reporting.findings import balance_sentence, half_sentence, limit_sentences
from ..reporting.headline import list_headline
from ..reporting.report import mapped_sentence
from ..reporting.statement import Statement, build_statement
from .figure import draw_figure
from .places import collect_places
from .ranking import say_millions
from .typesetting import paint_picture
from .wording import describe_map, first_sentence, list_notes, source_sentence

# Of the map's picture, mm.
MAP_WIDTH, MAP_HEIGHT = 174.0, 122.0
_DOTS_PER_INCH: Final = 300
_FIRST: Final = 10
_NAMED_VILLAGES: Final = 40
# Sentences on figures and limits that a reader of a briefing needs.
_METHOD: Final = (*FIGURES[:6], LIMITS[0], LIMITS[2])


@dataclass(frozen=True)
class Section:
    """A part of the briefing: its heading and its sentences."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table: after the rank, the first ``texts`` columns are words, the others figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 2


@dataclass(frozen=True)
class Briefing:
    """All that a briefing says.

    Attributes
    ----------
    language : Language
        Of all words.
    period : str
        ``2024-10``; dates the files.
    title, subtitle : str
        Of the briefing.
    notes : tuple of str
        That figures are synthetic, borders approximate, and the like.
    figures : tuple of tuple of str
        Each figure and its words.
    findings, method : Section
        Sentences with their figures, and what these mean.
    map_png : bytes
        Picture of the map.
    map_title, map_text : str
        Caption, and words for who cannot see it.
    villages : Table
        The first villages.
    plan : Section or None
        What a saved plan comes to.
    plan_table : Table or None
        Its first villages.
    source : str
        Where the data is from.
    """

    language: Language
    period: str
    title: str
    subtitle: str
    notes: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    findings: Section
    map_png: bytes
    map_title: str
    map_text: str
    villages: Table
    plan: Section | None
    plan_table: Table | None
    method: Section
    source: str


def build_briefing(
    data: Dataset, query: Query, language: Language, *, plan: SavedPlan | None = None
) -> Briefing:
    """Collect what the head of a regency should know.

    Parameters
    ----------
    data : Dataset
        What there is.
    query : Query
        What is asked.
    language : Language
        Of all words.
    plan : SavedPlan, optional
        Adds what it comes to, and what it costs.
    """
    view = build_view(data, query)
    statement, say = build_statement(data, view.query, language), language
    area = statement.area
    map_png, map_text = _paint_map(data, view, area, language)
    return Briefing(
        language,
        view.query.period,
        say("Executive summary: coverage of employment social security"),
        statement.title,
        tuple(list_notes(data, view, say)),
        tuple((figure.value, figure.words) for figure in list_headline(data, view, say)),
        Section(say("Findings"), tuple(_list_sentences(view, statement, say))),
        map_png,
        say("Coverage in {area}, {period}", area=area, period=statement.period),
        map_text,
        _list_first(data, view, say),
        None if plan is None else _tell_plan(data, plan, say),
        None if plan is None else _list_promised(data, plan, say),
        Section(say("Method"), tuple(say(text).replace("**", "") for text in _METHOD)),
        source_sentence(data, view, say),
    )


def _paint_map(data: Dataset, view: View, area: str, language: Language) -> tuple[bytes, str]:
    drawn = view
    if view.level == "subdistrict":
        drawn = build_view(data, replace(view.query, villages=True))
    places = collect_places(data, drawn, language)
    figure = draw_figure(
        places,
        language,
        MAP_WIDTH,
        MAP_HEIGHT,
        names_areas=len(places.shapes) > _NAMED_VILLAGES and len(places.outlines) > 1,
    )
    png = paint_picture(figure.write(), MAP_WIDTH, dots_per_inch=_DOTS_PER_INCH)
    return png, describe_map(data, drawn, area, language)


def _list_sentences(view: View, statement: Statement, language: Language) -> list[str]:
    totals, say = view.totals, language
    sentences = [*limit_sentences(view, say)]
    if not math.isnan(totals.coverage_rate):
        sentences.append(
            say(
                "In {period}, {enrolled} of {eligible} eligible workers in {area} are active "
                "participants: a coverage of {rate}.",
                period=statement.period,
                enrolled=say.count(totals.enrolled),
                eligible=say.count(totals.eligible),
                area=statement.area,
                rate=say.rate(totals.coverage_rate),
            )
        )
        sentences.append(_change_sentence(view, say))
    if totals.known:
        sentences += [
            say("{people} workers are not covered yet.", people=say.count(totals.coverage_gap)),
            say(
                "{below} of {villages} villages whose coverage is known are below the target of "
                "{target}; {people} more people must be enrolled to reach it in every village.",
                below=say.count(totals.below_target),
                villages=say.count(totals.known),
                target=say.share(view.query.target, 4),
                people=say.count(totals.gap_to_target),
            ),
        ]
    sentences += [half_sentence(view, say), first_sentence(view, say)]
    if totals.known:
        sentences.append(
            say(
                "Contributions for all who are not covered cost {all} a year; reaching the target "
                "in every village costs {target} a year.",
                all=say.money(totals.cost_year),
                target=say.money(totals.cost_target_year),
            )
        )
    mapped = mapped_sentence(view, say)
    sentences += [balance_sentence(view, say), f"{mapped[:1].upper()}{mapped[1:]}."]
    return [sentence for sentence in sentences if sentence]


def _change_sentence(view: View, language: Language) -> str:
    """How coverage changed; empty where it cannot be compared."""
    if view.previous is None or view.scopes[view.previous.period] != view.scope:
        return ""
    change = view.totals.coverage_rate - view.previous.coverage_rate
    if math.isnan(change):
        return ""
    return language(
        "Since {period}, coverage has changed by {change} percentage points.",
        period=language.period(view.previous.period),
        change=language.change(change),
    )


def _list_first(data: Dataset, view: View, language: Language) -> Table:
    say = language
    rows = [
        (
            str(rank),
            str(row["name"]),
            str(data.names.get(codes.parent(str(code)), "")),
            say.count(row["coverage_gap"]),
            say.rate(row["coverage_rate"]),
            say.count(row["gap_to_target"]),
            say_millions(row["cost_target_year"], say),
        )
        for rank, (code, row) in enumerate(view.found.head(_FIRST).iterrows(), 1)
    ]
    heads = (
        say("no."),
        say(LEVEL_LABELS["village"]),
        say(LEVEL_LABELS["subdistrict"]),
        say("not covered"),
        say("coverage"),
        say("gap to target"),
        say("a year to target (Rp million)"),
    )
    title = say.plural(
        "The village with the most people not covered",
        "The {n} villages with the most people not covered",
        len(rows),
    )
    return Table(title, heads, tuple(rows))


def _tell_plan(data: Dataset, plan: SavedPlan, language: Language) -> Section:
    """Say what a plan comes to as it was saved, and how good it is by the data of today."""
    say, content = language, plan.content
    sentences = [
        say.plural(
            "The plan “{name}” visits {n} village and covers {people} people for {money} a year.",
            "The plan “{name}” visits {n} villages and covers {people} people for {money} a year.",
            len(plan.promised),
            name=plan.name,
            people=say.count(content["people"]),
            money=say.money(content["cost"]),
        ),
        say("{people} people are left not covered.", people=say.count(content["left"])),
    ]
    inputs, query = read_content(content, data)
    solved = choose_villages(build_problem(list_villages(data, query), inputs))
    if (solved.people, solved.cost) == (content["people"], content["cost"]):
        sentences += plan_sentences(solved, count_next(solved), say)
    else:
        sentences.append(say("The data has changed since the plan was saved: compute it anew."))
    if content.get("synthetic"):
        sentences.append(say("The figures of this plan are of the synthetic sample."))
    return Section(say("Plan and cost"), tuple(sentences))


def _list_promised(data: Dataset, plan: SavedPlan, language: Language) -> Table:
    say = language
    people = {code: row["enrol"] + row["reactivate"] for code, row in plan.promised.items()}
    first = sorted(people, key=lambda code: (-people[code], code))[:_FIRST]
    rows = [
        (
            str(rank),
            str(data.names.get(code, code)),
            str(data.names.get(codes.parent(code), "")),
            say.count(plan.promised[code]["enrolled"]),
            say.count(people[code]),
        )
        for rank, code in enumerate(first, 1)
    ]
    heads = (
        say("no."),
        say(LEVEL_LABELS["village"]),
        say(LEVEL_LABELS["subdistrict"]),
        say("enrolled when planned"),
        say("people to cover"),
    )
    title = say.plural(
        "The first village of the plan", "The first {n} villages of the plan", len(rows)
    )
    return Table(title, heads, tuple(rows))
