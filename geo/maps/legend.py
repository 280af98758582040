"""The legend as data and as HTML: class limits, counts of places, special states."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..core.codebook import RATES
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import (
    LEVEL_LABELS,
    MEASURE_LABELS,
    ORIGIN_LABELS,
    STATE_LABELS,
    scope_words,
)
from ..core.markup import render_template
from ..measures.measure import LEAST_KNOWN
from ..measures.origins import are_mixed
from ..measures.query import CHANGES
from ..measures.view import View
from .circles import has_circles, legend_circles
from .palettes import FADED_FILL, STATE_PATTERNS, class_colours, state_fills
from .scripts import TEMPLATES


@dataclass(frozen=True)
class LegendRow:
    """One line: a colour or pattern, its words, and how many places are so."""

    colour: str
    pattern: str
    label: str
    count: int


def build_legend(view: View, language: Language) -> list[LegendRow]:
    """Rows of the legend: classes from the most pressing, then the states that occur."""
    counted = view.shown["found"].to_numpy("int64") > 0
    states = view.shown["class_state"][counted]
    classed = view.shown["class_index"].to_numpy("int64")[counted][states == "ok"]
    in_class = np.bincount(classed[classed >= 0], minlength=view.classes.count)
    colours = class_colours(view.query.palette, view.classes.count, view.classes.measure)
    labels = class_labels(view, language)
    rows = [
        LegendRow(colours[i], "", labels[i], int(in_class[i])) for i in range(view.classes.count)
    ]
    if view.classes.measure not in ("coverage_rate", *CHANGES):
        rows.reverse()
    rows += _state_rows(states.value_counts().to_dict(), view.query.palette, language)
    rows += _origin_rows(view, counted, language)
    left_out = int((~counted).sum())
    if left_out:
        rows.append(LegendRow(FADED_FILL, "", language("left out by the filters"), left_out))
    return rows


def _state_rows(counts: dict[str, int], palette: str, language: Language) -> list[LegendRow]:
    # The hatching of partly known areas lies over the colour of any class.
    fills = state_fills(palette) | {"partly_known": class_colours(palette, 1, "coverage_rate")[0]}
    least = language.share(LEAST_KNOWN)
    labels = STATE_LABELS | {
        "partly_known": mark("partly known: less than {share} of the villages")
    }
    return [
        LegendRow(
            fills.get(state, ""),
            STATE_PATTERNS.get(state, ""),
            language(labels[state], share=least),
            counts[state],
        )
        for state in STATE_LABELS
        if state != "ok" and counts.get(state)
    ]


def _origin_rows(view: View, counted: npt.NDArray[np.bool_], language: Language) -> list[LegendRow]:
    """How many places have eligible workers that are estimated, or of another source.

    Where it is so of all places, the map does not mark them and the row has no pattern.
    """
    counts = view.shown["origin"][counted].value_counts()
    drawn = are_mixed(view.shown["origin"])
    return [
        LegendRow("", origin if drawn else "unmarked", language(words), int(counts[origin]))
        for origin, words in ORIGIN_LABELS.items()
        if counts.get(origin)
    ]


def class_labels(view: View, language: Language) -> list[str]:
    """Words of each class, from the lowest values: ``50 % – < 65 %``, ``200 – < 500 people``.

    The top class of a rate says its end, as what lies above has a class of its own.
    """
    limits = [_format(view, limit, language) for limit in view.classes.limits]
    if not limits:
        return [language("all")]
    middle = [f"{low} – < {high}" for low, high in pairwise(limits)]
    top = f"{limits[-1]} – {language.share(1)}" if _is_rate(view) else f"≥ {limits[-1]}"
    labels = [f"< {limits[0]}", *middle, top]
    if view.classes.measure == "coverage_gap":
        return [language("{range} people", range=label) for label in labels]
    return labels


def _is_rate(view: View) -> bool:
    return view.classes.measure == "coverage_rate" and view.classes.limits[-1] < 1


def _format(view: View, value: float, language: Language) -> str:
    if view.classes.measure == "change_rate":
        return language.change(value, 0)
    if view.classes.measure in RATES:
        return language.share(value)
    if view.classes.measure == "change_enrolled":
        return language.signed(value)
    return language.count(value)


def legend_title(view: View, language: Language) -> str:
    """What the fill shows, of which places."""
    return language(
        "{measure} by {level}",
        measure=language(MEASURE_LABELS[view.classes.measure]),
        level=language(LEVEL_LABELS[view.level]),
    )


def legend_html(view: View, language: Language) -> str:
    """The legend as a list, ready for the page or a file; all text escaped."""
    title = legend_title(view, language)
    circles = legend_circles(view) if has_circles(view) else []
    return render_template(
        TEMPLATES / "legend.html",
        title=title[:1].upper() + title[1:],
        scope=scope_words(view.scope, language),
        rows=build_legend(view, language),
        count=language.count,
        circles=circles,
        circles_title=language("circle: people not covered"),
    )
