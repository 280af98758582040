"""Coverage over the periods as a small chart, with a scale, the target and the period shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pandas as pd

from ..core.i18n import Language
from ..core.markup import render_template

_TEMPLATE: Final = Path(__file__).parent / "templates" / "timeline.html"
# The scale begins and ends at a multiple of so much.
_STEP: Final = 0.1
_DIGITS: Final = 1
# Percent of the width by which the first and the last name are away from the one shown.
_APART: Final = 49.0


@dataclass(frozen=True)
class _Mark:
    """Something on the chart: where it is in percent of width and height, and its words."""

    words: str
    along: float = 0.0
    up: float = 0.0
    now: bool = False


def timeline_html(rates: pd.Series, period: str, target: float, language: Language) -> str:
    """Draw coverage over the periods; nothing where fewer than two are known.

    Parameters
    ----------
    rates : pandas.Series of float
        Coverage by period, in order; NaN where it is not known.
    period : str
        The one shown, which is marked.
    target : float
        Target coverage, drawn as a line.
    language : Language
        Of all words.
    """
    known = rates.dropna()
    if len(known) < 2:
        return ""
    low = math.floor(known.min() / _STEP) * _STEP
    high = max(math.ceil(max(known.max(), target) / _STEP) * _STEP, low + _STEP)

    def height(rate: float) -> float:
        return round(float(rate - low) / float(high - low) * 100, 1)

    dots = [
        _Mark(
            f"{language.period(each, short=True)}: {language.rate(rate, _DIGITS)}",
            round(100 * rates.index.get_loc(each) / (len(rates) - 1), 1),
            height(rate),
            each == period,
        )
        for each, rate in known.items()
    ]
    return render_template(
        _TEMPLATE,
        words=[dot.words for dot in dots],
        ticks=[_Mark(language.share(rate), up=height(rate)) for rate in (low, high)],
        target=_Mark(
            language("target {share}", share=language.share(target, 4)), up=height(target)
        ),
        drawing=_draw_curve(dots),
        dots=dots,
        labels=_label_periods(dots),
    )


def _draw_curve(dots: list[_Mark]) -> str:
    """Draw the curve as a mask that the page fills with its colour, whatever its theme is."""
    points = " ".join(f"{dot.along:g},{100 - dot.up:g}" for dot in dots)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<polyline points="{points}" fill="none" stroke="black" stroke-width="2"'
        ' vector-effect="non-scaling-stroke"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawing, safe=" /:=,'")


def _label_periods(dots: list[_Mark]) -> list[_Mark]:
    """Pick the period shown, and the first and the last where they are not too near to it."""
    shown = next((dot for dot in dots if dot.now), None)
    return [
        dot
        for dot in dots
        if dot is shown
        or (dot in (dots[0], dots[-1]) and (shown is None or abs(dot.along - shown.along) > _APART))
    ]
