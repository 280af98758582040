"""The page that says what each figure means, as Markdown."""

from __future__ import annotations

from ..core.codebook import COLUMNS
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import PROGRAMME_LABELS
from ..measures.dataset import Dataset

# More of them are counted, not named, where there is little room.
MOST_SOURCES = 2
FIGURES = (
    mark(
        "**Enrolled** are distinct people with an active membership in the period. A person counts "
        "once, in the village of the record with the latest start date. Who is in two segments is "
        "one person in the total and one in each segment."
    ),
    mark(
        "**Eligible** are the workers who should be covered. Civil servants, army and police are "
        "not among them. The source of the figure is named below."
    ),
    mark(
        "**Coverage** is enrolled / eligible. It is never capped: above 100 % more people are "
        "enrolled than the denominator knows, and the village is drawn in a class of its own."
    ),
    mark(
        "**Not covered** is eligible minus enrolled, at least 0. Of an area it is the sum of its "
        "villages: a surplus in one village never cancels a gap in another. So it can be more than "
        "eligible minus enrolled of the area."
    ),
    mark(
        "**Gap to target** is how many people more must be enrolled until the village reaches the "
        "target. Exactly at the target is not below it."
    ),
    mark(
        "**Cost to close the gap** is people not covered x the monthly contribution, and twelve "
        "times that a year. It is the full price that a budget pays for a vulnerable worker."
    ),
    mark(
        "Range and state filters choose villages for map, list and files. They never change the "
        "headline figures of the area."
    ),
    mark(
        "A class holds its lower limit: exactly 80 % is in the class from 80 %. The same rule "
        "holds for map, legend, table and files."
    ),
)
STATES = (
    mark("**Above 100 %**: more enrolled than eligible."),
    mark(
        "**Partly known**: an area of which less than 80 % of the villages have both enrolment and "
        "eligible workers; it keeps the colour of its class, under a wide hatch, and says of how "
        "many villages it is known."
    ),
    mark("**Eligible workers not known**: no denominator, so no rate and no gap."),
    mark("**No enrolment data**: no record of the village in the period; not the same as 0."),
    mark("**No boundary**: no polygon; the village stays in tables and totals."),
)
LIMITS = (
    mark(
        "People whose village could not be told from the record are in the totals of their "
        "subdistrict or regency, and in no village."
    ),
    mark(
        "Enrolled and eligible are of the same segments. A file that covers some segments is set "
        "against the eligible workers of these alone, and page and files say of which segments "
        "the figures are. People of other segments are not counted in them."
    ),
    mark(
        "Coverage figures are published with different definitions (with or without construction "
        "and migrant workers): compare only what counts the same segments."
    ),
    mark("Claims are shown for the regency only: a village has too few to be anonymous."),
    mark(
        "No name, identity number, address or wage is kept: the records are counted in memory "
        "and only counts stay."
    ),
)


def about_markdown(data: Dataset, language: Language) -> str:
    """Meaning of the figures, sources, synthetic parts, limits, codebook."""
    parts = (
        language(
            "Jangkau (Indonesian: to reach) shows where the workers are that employment social "
            "security does not reach yet, and where the outreach team could go next."
        ),
        _warnings(data, language),
        _heading(2, language("What the figures mean")),
        _bullets(FIGURES, language),
        _heading(2, language("States of a village")),
        _bullets(STATES, language),
        _heading(2, language("Where the data is from")),
        _sources(data, language),
        _heading(2, language("Published facts of the programme")),
        _programme(data, language),
        _heading(2, language("Limits")),
        _bullets(LIMITS, language),
        _heading(2, language("Columns of the files")),
        _codebook(language),
    )
    return "\n\n".join(part for part in parts if part)


def _heading(depth: int, words: str) -> str:
    return f"{'#' * depth} {words}"


def _bullets(messages: tuple[str, ...], language: Language) -> str:
    return "\n".join(f"- {language(message)}" for message in messages)


def _warnings(data: Dataset, language: Language) -> str:
    warnings = []
    if data.synthetic:
        warnings.append(
            language(
                "**Synthetic sample.** The worker records and the eligible workers per village "
                "are made up by a generator. Only the regency's totals are the published ones. "
                "No figure of a village says anything about that village."
            )
        )
    if data.boundaries.approximate:
        warnings.append(
            language(
                "**Approximate boundaries.** The polygons are cells around village points, each "
                "with about the area published for its village where that is known. To use "
                "official boundaries, choose a layer on the page Data, or set "
                "`JANGKAU_BOUNDARIES` (or `boundaries` in `jangkau.toml`) to a file of villages."
            )
        )
    return "\n\n".join(f"> {text}" for text in warnings)


def _sources(data: Dataset, language: Language) -> str:
    rows = (
        (language("Boundaries"), language(data.boundaries.source)),
        (language("Eligible workers"), eligible_source(data, language)),
        (language("Contributions"), data.contributions.source),
        (language("Names of places"), "Kepmendagri 300.2.2-2430/2025"),
    )
    return "\n".join(f"- {label}: {_escaped(value)}" for label, value in rows)


def eligible_source_words(data: Dataset, language: Language) -> str:
    """Where eligible workers are from, in few words: of many sources how many they are."""
    if len(data.eligible_sources) > MOST_SOURCES:
        return language("{count} sources", count=language.count(len(data.eligible_sources)))
    return language("source: {source}", source=eligible_source(data, language))


def eligible_source(data: Dataset, language: Language) -> str:
    """Where the denominators are from, in the reader's words where they are known."""
    if len(data.eligible_sources) < 2:
        return "; ".join(language(source) for source in data.eligible_sources)
    villages = data.eligible.groupby("source")["code"].nunique()
    return "; ".join(
        language.plural("{source} ({n} village)", "{source} ({n} villages)", n, source=language(of))
        for of, n in villages.items()
    )


def _programme(data: Dataset, language: Language) -> str:
    if data.programme.empty:
        return language("No programme table lies beside the records.")
    rows = [
        f"| {language(PROGRAMME_LABELS.get(row.item, row.item))} "
        f"| {_escaped(_fact(row.value, row.unit, language))} "
        f"| {_escaped(row.period)} | {_escaped(language(row.source))} |"
        for row in data.programme.itertuples()
    ]
    head = " | ".join((language("item"), language("value"), language("period"), language("source")))
    return "\n".join([f"| {head} |", "|---|---:|---|---|", *rows])


def _fact(value: str, unit: str, language: Language) -> str:
    """Write a published value in the reader's format."""
    if unit == "share":
        return language.rate(float(value))
    if unit == "IDR":
        return language.money(float(value))
    if unit == "km2":
        return f"{language.number(float(value), 1)} km²"
    return language.count(float(value))


def _codebook(language: Language) -> str:
    rows = [f"| `{c.name}` | {language(c.label)} | {language(c.meaning)} |" for c in COLUMNS]
    head = " | ".join((language("column"), language("label"), language("meaning")))
    return "\n".join([f"| {head} |", "|---|---|---|", *rows])


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|$" else sign for sign in str(text))
