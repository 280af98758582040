"""Sentences that everything printed shares: title, sources, notes, findings, alternative texts."""

from __future__ import annotations

from typing import Final

from ..core import codes
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import KIND_LABELS, LEVEL_LABELS, MEASURE_LABELS, scope_words
from ..measures.dataset import Dataset
from ..measures.view import View, find_price
from ..reporting.about import eligible_source
from ..reporting.findings import balance_sentence, half_sentence, limit_sentences
from ..reporting.statement import build_statement

_FIRST: Final = 3
MAP_SENTENCES: Final = (
    mark(
        "Maps are in degrees of WGS 84, with a scale that is true in the middle of the map on A4 "
        "paper; north is up."
    ),
    mark(
        "A village whose area is less than 6 mm x 6 mm on the paper is shown again in a box beside "
        "the map, where there is room for one. Names that have no room are shortened, or the "
        "number of their row stands for them."
    ),
    mark(
        "Borders of subdistricts are dissolved from those of the villages. They show where figures "
        "belong and settle no dispute over a border."
    ),
    mark(
        "A hatched colour is above 100 %; hatched grey has no eligible workers, dotted grey has no "
        "enrolment data."
    ),
)


def list_notes(data: Dataset, view: View, language: Language) -> list[str]:
    """List what must be said wherever figures or borders are shown."""
    notes = [language("synthetic sample")] if data.synthetic else []
    notes += [language("approximate boundaries")] if data.boundaries.approximate else []
    notes += [language("eligible workers estimated")] if "estimated" in view.villages else []
    return [*notes, *filter(None, [scope_words(view.scope, language)])]


def source_sentence(data: Dataset, view: View, language: Language) -> str:
    """Where borders, eligible workers and the price of cover are from."""
    return language(
        "Boundaries: {boundaries}. Eligible workers: {eligible}. Contribution: {money} a month for "
        "one person ({contributions}).",
        boundaries=language(data.boundaries.source),
        eligible=eligible_source(data, language),
        money=language.money(find_price(data, view.query)),
        contributions=language(data.contributions.source),
    )


def list_sources(data: Dataset, language: Language) -> list[tuple[str, str]]:
    """List what the figures and borders are from, each with its label."""
    say, layer = language, data.boundaries
    boundaries = say(layer.source)
    if layer.date:
        boundaries = f"{boundaries}, {say.date(layer.date)}"
    return [
        (say("Boundaries"), boundaries),
        (say("Eligible workers"), eligible_source(data, say)),
        (say("Contributions"), say(data.contributions.source)),
        (say("Names of places"), "Kepmendagri 300.2.2-2430/2025"),
    ]


def list_findings(view: View, language: Language) -> list[str]:
    """Say what limits the figures, where the gap lies, and how the figures add up."""
    sentences = [
        *limit_sentences(view, language),
        first_sentence(view, language),
        half_sentence(view, language),
        balance_sentence(view, language),
    ]
    return [sentence for sentence in sentences if sentence]


def first_sentence(view: View, language: Language) -> str:
    """In which villages most people are not covered; empty where nobody is left."""
    first = view.found[view.found["coverage_gap"] > 0].head(_FIRST)
    if first.empty:
        return ""
    names = [
        f"{row['name']} ({language.count(row['coverage_gap'])})" for _, row in first.iterrows()
    ]
    return language("Most people not covered: {villages}.", villages=", ".join(names))


def name_village(row_kind: str, name: str, language: Language) -> str:
    """Name of a village as it stands alone: it says whether it is a desa or a kelurahan."""
    if language.code == "id":
        return f"{row_kind.capitalize()} {name}"
    return f"{name}, {language(KIND_LABELS[row_kind])}"


def describe_map(data: Dataset, view: View, area: str, language: Language) -> str:
    """Say what a map shows, for who cannot see it."""
    statement = build_statement(data, view.query, language)
    known = view.shown[view.shown["coverage_rate"].notna()]
    text = language(
        "Map of {area}, {period}: {measure} by {level}, {count} places.",
        area=area,
        period=statement.period,
        measure=language(MEASURE_LABELS[view.classes.measure]),
        level=language(LEVEL_LABELS[view.level]),
        count=language.count(len(view.shown)),
    )
    if known.empty:
        return text
    low, high = known["coverage_rate"].idxmin(), known["coverage_rate"].idxmax()
    return f"{text} " + language(
        "Lowest coverage: {low} ({low_rate}); highest: {high} ({high_rate}).",
        low=known["name"][low],
        low_rate=language.rate(known["coverage_rate"][low]),
        high=known["name"][high],
        high_rate=language.rate(known["coverage_rate"][high]),
    )


def name_above(data: Dataset, code: str) -> str:
    """Names of the areas that hold a place, the nearest first."""
    levels = [codes.ancestor(code, level) for level in ("subdistrict", "regency", "province")]
    above = [each for each in levels if each != code and len(each) < len(code)]
    names = [str(data.names.get(each, each)) for each in above]
    if codes.find_level(code) == "village" and names:
        names[0] = f"Kecamatan {names[0]}"
    return ", ".join(names)
