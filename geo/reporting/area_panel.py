"""One place in words and a small time line, and the finding of a view, as HTML."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import pandas as pd

from ..core import codes
from ..core.html_parts import paragraphs_html
from ..core.i18n import Language
from ..core.labels import KIND_LABELS, STATE_LABELS, known_words, segment_words
from ..core.markup import render_template
from ..measures.dataset import Dataset
from ..measures.origins import MIXED
from ..measures.view import View
from .about import MOST_SOURCES
from .findings import half_sentence
from .report import mapped_sentence
from .statement import build_statement, name_area
from .timeline import timeline_html

_TEMPLATE: Final = Path(__file__).parent / "templates" / "place.html"
Rows = list[tuple[str, str]]


def chosen_place(view: View) -> str:
    """Code of the place that the card is about: the one singled out, else the area looked at.

    A place that the view does not measure, as it lies outside the area or the subdistricts
    chosen, is not the one.
    """
    selected = view.query.selected
    measured = selected in view.villages.index or selected in view.shown.index
    return selected if measured else view.place


def place_html(data: Dataset, view: View, timeline: pd.Series, language: Language) -> str:
    """Name, figures and time line of the chosen place, all of the same people and period.

    Parameters
    ----------
    data, view : Dataset, View
        What is looked at.
    timeline : pandas.Series
        Of the chosen place (see `geo.measures.view.build_timeline`).
    language : Language
        Of all words.
    """
    code, statement = chosen_place(view), build_statement(data, view.query, language)
    if code == view.place:
        name, rows = statement.area, _area_rows(view, language)
        head = [language("area shown"), *statement.people, statement.period]
        if view.totals.partly_known:
            head.append(known_words(view.totals.known, view.totals.villages, language))
        if view.query.selected not in ("", code):
            head.append(
                language("{place} is not in it", place=data.names.get(view.query.selected, ""))
            )
    else:
        measured = view.villages if code in view.villages.index else view.shown
        row, name = measured.loc[code], name_area(data, code)
        rows = _place_rows(row, _source_words(data, code, language), language)
        above = data.names.get(codes.parent(code), "")
        known_note = ""
        if row["state"] == "partly_known":
            known_note = known_words(row["known"], row["villages"], language)
        hidden = "" if row["found"] else language("left out by the filters")
        head = [language(KIND_LABELS[row["kind"]]), above, *statement.people, known_note, hidden]
    drawn = timeline_html(timeline, view.query.period, view.query.target, language)
    return render_template(
        _TEMPLATE,
        name=name,
        head=" · ".join(filter(None, head)),
        rows=rows,
        timeline=drawn,
        scopes=_scopes_note(view, timeline, language),
    )


def _scopes_note(view: View, timeline: pd.Series, language: Language) -> str:
    """Which periods of the time line are of which segments, where they differ."""
    scopes = {period: view.scopes[period] for period in timeline.dropna().index}
    if len({*scopes.values()}) < 2:
        return ""
    words = (
        f"{language.period(period, short=True)} ({segment_words(segments, language)})"
        for period, segments in scopes.items()
    )
    return language(
        "The periods are not of the same segments: {periods}.", periods="; ".join(words)
    )


def _source_words(data: Dataset, code: str, language: Language) -> str:
    """Where the eligible workers of a place are from; of many sources how many they are."""
    sources = data.list_sources(code)
    if len(sources) > MOST_SOURCES:
        return language("{count} sources", count=language.count(len(sources)))
    return "; ".join(language(source) for source in sources) or "–"


def eligible_words(place: pd.Series, language: Language) -> str:
    """Eligible workers of a place; where they are estimated, that and the margin."""
    number = language.count(place["eligible"])
    if not place.get("estimated", 0) > 0:
        return number
    words = {
        "number": number,
        "low": language.count(place["eligible_low"]),
        "high": language.count(place["eligible_high"]),
    }
    if place["origin"] == MIXED:
        return language("{number} (partly estimated, {low} to {high})", **words)
    return language("{number} (estimated, {low} to {high})", **words)


def _place_rows(place: pd.Series, source: str, language: Language) -> Rows:
    rows = [
        (language("coverage"), language.rate(place["coverage_rate"])),
        (language("enrolled"), language.count(place["enrolled"])),
        (language("eligible"), eligible_words(place, language)),
        (language("source of eligible"), source),
        (language("not covered"), language.count(place["coverage_gap"])),
        (language("gap to target"), language.count(place["gap_to_target"])),
        (language("cost a year to target"), language.money(place["cost_target_year"])),
        (language("cost a year"), language.money(place["cost_year"])),
    ]
    if place["state"] != "ok":
        rows.insert(0, (language("state"), language(STATE_LABELS[place["state"]])))
    if not math.isnan(place["change_enrolled"]):
        change = language(
            "{people} people, {points} points",
            people=language.signed(place["change_enrolled"]),
            points=language.change(place["change_rate"]),
        )
        rows.append((language("change"), change))
    if place["surplus"] > 0:
        rows.append((language("surplus"), language.count(place["surplus"])))
    return rows


def _area_rows(view: View, language: Language) -> Rows:
    totals = view.totals
    return [
        (language("coverage"), language.rate(totals.coverage_rate)),
        (language("not covered"), language.count(totals.coverage_gap)),
        (language("gap to target"), language.count(totals.gap_to_target)),
    ]


def finding_html(view: View, language: Language) -> str:
    """How concentrated the gap is, and how much of the records the map shows."""
    sentences = filter(None, (half_sentence(view, language), mapped_sentence(view, language) + "."))
    return f'<div class="jk-finding">{paragraphs_html(sentences)}</div>'
