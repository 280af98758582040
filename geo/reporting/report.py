"""What the command line says: headline figures and the match report, as rows of text."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..core.errors import mark
from ..core.html_parts import table_html
from ..core.i18n import Language
from ..core.labels import EVENT_WORDS
from ..core.segments import SEGMENTS, parse_combination
from ..measures.dataset import Dataset
from ..measures.view import View
from .findings import balance_sentence, limit_sentences
from .statement import build_statement

METHODS = {
    "code": mark("by code"),
    "bps_code": mark("by BPS code"),
    "alias": mark("by confirmed spelling"),
    "exact": mark("by name"),
    "normalised": mark("by normalised name"),
    "core": mark("by the name without its remark"),
    "variant": mark("by a known other writing"),
    "spelling": mark("by name in another orthography"),
    "members": mark("by the villages of a renamed area"),
    "neighbour": mark("by name in a neighbouring subdistrict"),
    "regency": mark("by name in the regency"),
    "fuzzy": mark("by likeness"),
}
Row = tuple[str, str]
OUTCOMES = {
    "counted": mark("rows counted"),
    "duplicate": mark("rows of people already counted in that segment"),
    "inactive": mark("rows of inactive members"),
    "ragged": mark("rows with more cells than the header"),
    "error_cell": mark("rows with an error of the spreadsheet"),
    "no_identity": mark("rows without an identity"),
    "damaged_identity": mark("rows with a damaged identity (not 16 digits as text)"),
    "no_period": mark("rows without a period"),
    "other_period": mark("rows of another year or month"),
    "bad_count": mark("rows without a whole number of people"),
    "unknown_status": mark("rows whose status is unclear"),
    "not_data": mark("rows that are no data (blank, header, totals)"),
}
# The same of a single row.
_OF_ONE = {
    "counted": mark("row counted"),
    "duplicate": mark("row of people already counted in that segment"),
    "inactive": mark("row of inactive members"),
    "ragged": mark("row with more cells than the header"),
    "error_cell": mark("row with an error of the spreadsheet"),
    "no_identity": mark("row without an identity"),
    "damaged_identity": mark("row with a damaged identity (not 16 digits as text)"),
    "no_period": mark("row without a period"),
    "other_period": mark("row of another year or month"),
    "bad_count": mark("row without a whole number of people"),
    "unknown_status": mark("row whose status is unclear"),
    "not_data": mark("row that is no data (blank, header, totals)"),
}
# Said even where there are none.
_ALWAYS = ("counted", "duplicate", "inactive", "no_identity", "damaged_identity")


def layer_rows(data: Dataset, language: Language) -> list[Row]:
    """List what became of the rows of the boundary layer."""
    audit = data.boundaries.audit
    rows = [
        (language("rows of the layer"), audit.rows_in),
        (language("villages"), audit.villages),
        (language("joined"), audit.dissolved),
        (language("left out"), audit.left_out),
    ]
    rows += [(language(words), audit.count(event)) for event, words in EVENT_WORDS.items()]
    return [(label, language.count(count)) for label, count in rows if count]


def headline_rows(view: View, language: Language) -> list[Row]:
    """List the headline figures of a view."""
    totals = view.totals
    uncounted = (language("of other segments, not counted"), language.count(totals.uncounted))
    return [
        (language("coverage"), language.rate(totals.coverage_rate)),
        (language("enrolled"), language.count(totals.enrolled)),
        *([uncounted] if totals.uncounted else []),
        (language("eligible"), language.count(totals.eligible)),
        (language("people not covered"), language.count(totals.coverage_gap)),
        (language("surplus"), language.count(totals.surplus)),
        (
            language("villages below target {target}", target=language.share(view.query.target, 4)),
            language(
                "{below} of {villages}",
                below=language.count(totals.below_target),
                villages=language.count(totals.known),
            ),
        ),
        (
            language("villages whose gap is not known"),
            language.count(totals.villages - totals.known),
        ),
        (language("gap to target"), language.count(totals.gap_to_target)),
        (language("cost to reach the target, a year"), language.money(totals.cost_target_year)),
        (language("cost to close the gap, a year"), language.money(totals.cost_year)),
        (language("workers mapped"), mapped_sentence(view, language)),
        (language("how the figures add up"), balance_sentence(view, language)),
    ]


def mapped_sentence(view: View, language: Language) -> str:
    """``49.352 of 49.356 workers mapped (99,99 %)``."""
    totals = view.totals
    if math.isnan(totals.enrolled):
        return language("no enrolment data").capitalize()
    share = totals.mapped / totals.enrolled if totals.enrolled else float("nan")
    return language(
        "{mapped} of {people} workers mapped ({share})",
        mapped=language.count(totals.mapped),
        people=language.count(totals.enrolled),
        share=language.rate(share),
    )


def segment_rows(data: Dataset, view: View, language: Language) -> list[Row]:
    """Distinct people in each segment of the view's period (who is in two is in both)."""
    people = data.counts.people[data.counts.people["period"] == view.query.period]
    people = people[people["code"].str.startswith(view.place) | (view.place == data.top)]
    totals: dict[str, int] = {}
    for combination, count in people.groupby("combination")["people"].sum().items():
        for segment in parse_combination(str(combination)):
            totals[segment] = totals.get(segment, 0) + int(count)
    ordered = [segment for segment in data.options.segments if segment in totals]
    return [(language(SEGMENTS.get(s, s)), language.count(totals[s])) for s in ordered]


def row_report(data: Dataset, period: str, language: Language) -> list[Row]:
    """List what became of every row of a period's file."""
    rows = data.counts.rows
    if period not in rows.index:
        return []
    return [
        (language(OUTCOMES[outcome]), language.count(count))
        for outcome, count in rows.loc[period].items()
        if outcome in OUTCOMES and outcome != "not_data" and (count or outcome in _ALWAYS)
    ]


def match_rows(data: Dataset, period: str, language: Language) -> list[Row]:
    """People and rows by outcome of matching."""
    matches = data.counts.matches
    period_matches = matches[matches["period"] == period]
    words = {"matched": mark("matched"), "ambiguous": mark("ambiguous")} | {
        "unmatched": mark("unmatched")
    }
    return [
        (
            f"{language(words[row.outcome])} {language(METHODS.get(row.method, ''))}".strip(),
            _people_and_rows(row, language),
        )
        for row in period_matches.itertuples()
    ]


def rows_words(outcomes: dict[str, int], language: Language) -> str:
    """``62 rows = 58 rows counted + 4 rows of inactive members``."""
    total = language.plural("{n} row", "{n} rows", sum(outcomes.values()))
    words = {name: (_OF_ONE if n == 1 else OUTCOMES)[name] for name, n in outcomes.items()}
    parts = (f"{language.count(n)} {language(words[name])}" for name, n in outcomes.items())
    return f"{total} = {' + '.join(parts)}"


def lost_words(count: int, language: Language) -> str:
    """Say what becomes of rows that say no period, in a file with several."""
    return language.plural(
        "{n} row says no period and is saved with none of them.",
        "{n} rows say no period and are saved with none of them.",
        count,
    )


def saved_words(period: str, people: int, language: Language) -> str:
    """Say what was saved of a period, on the command line."""
    return language.plural(
        "Saved {period}: {n} person.", "Saved {period}: {n} people.", people, period=period
    )


def unmatched_of(data: Dataset, period: str) -> pd.DataFrame:
    """Spellings without a village in a period, the most people first."""
    table = data.counts.unmatched
    return table[table["period"] == period].reset_index(drop=True)


def unmatched_rows(data: Dataset, period: str, language: Language) -> list[Row]:
    """Each unmatched spelling with its people and rows."""
    return [
        (_spelling(row), _people_and_rows(row, language))
        for row in unmatched_of(data, period).itertuples()
    ]


def unmatched_html(unmatched: pd.DataFrame, language: Language) -> str:
    """Write the unmatched spellings as an HTML table; all text is escaped."""
    titles = (language("village"), language("subdistrict"), language("code"))
    counts = (language("people"), language("rows"))
    rows = [
        (
            *(row.village or "–", row.subdistrict or "–", row.code or "–"),
            *(language.count(row.people), language.count(row.rows)),
        )
        for row in unmatched.itertuples()
    ]
    return table_html(titles + counts, rows, numbers=(3, 4))


def _spelling(row: Any) -> str:
    return ", ".join(part for part in (row.code, row.village, row.subdistrict) if part) or "–"


def _people_and_rows(row: Any, language: Language) -> str:
    people = language.plural("{n} person", "{n} people", row.people)
    return f"{people}, {language.plural('{n} row', '{n} rows', row.rows)}"


def notes(data: Dataset, view: View, language: Language) -> list[str]:
    """List what must precede any figure: synthetic, approximate, and what limits the figures."""
    sentences = []
    if data.synthetic:
        sentences.append(language("Synthetic sample: the figures describe no real person."))
    if data.boundaries.approximate:
        sentences.append(language("Approximate boundaries, not official"))
    return sentences + limit_sentences(view, language)


def sections(data: Dataset, view: View, language: Language) -> list[tuple[str, list[Row]]]:
    """Titled groups of rows, in the order to print."""
    period = view.query.period
    statement_facts = build_statement(data, view.query, language).facts
    return [
        (language("What is shown"), [(fact.label, fact.text) for fact in statement_facts]),
        (language("Boundaries"), layer_rows(data, language)),
        (language("Headline"), headline_rows(view, language)),
        (language("People by segment"), segment_rows(data, view, language)),
        (language("Rows of the file"), row_report(data, period, language)),
        (language("Match report"), match_rows(data, period, language)),
        (language("Not matched to a village"), unmatched_rows(data, period, language)),
    ]
