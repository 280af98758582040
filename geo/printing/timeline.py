"""Coverage over the periods as a drawing for paper."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from ..core.i18n import Language
from . import svg

_WIDTH, _HEIGHT = 83.0, 46.0
_LEFT, _RIGHT, _TOP, _FOOT = 9.0, 4.0, 5.0, 8.0
_STEP: Final = 0.1
_SIZE: Final = 2.2
_MOST_NAMED: Final = 6


def draw_timeline(rates: pd.Series, period: str, target: float, language: Language) -> str:
    """Draw coverage by period with the target as a line; empty where fewer than two are known.

    Parameters
    ----------
    rates : pandas.Series of float
        Coverage (fractions) by period, in order.
    period : str
        The one that the document is of.
    target : float
        As a fraction.
    language : Language
        Of all words.
    """
    known = rates.dropna()
    if len(known) < 2:
        return ""
    low = max(math.floor(min(known.min(), target) / _STEP - 0.5) * _STEP, 0)
    high = math.ceil(max(known.max(), target) / _STEP + 0.2) * _STEP

    def place(number: int, rate: float) -> tuple[float, float]:
        across = (_WIDTH - _LEFT - _RIGHT) * number / (len(rates) - 1)
        up = (_HEIGHT - _TOP - _FOOT) * (rate - low) / (high - low)
        return _LEFT + across, _HEIGHT - _FOOT - up

    dots = [(p, r, place(rates.index.get_loc(p), float(r))) for p, r in known.items()]
    foot, goal = _HEIGHT - _FOOT, place(0, target)[1]
    drawn = [svg.draw_line(_LEFT, foot, _WIDTH - _RIGHT, foot, svg.MUTED, 0.25)]
    for rate in (low, high):
        y = place(0, rate)[1]
        words = [language.share(rate)]
        drawn.append(svg.draw_text(_LEFT - 1.5, y + 0.8, words, _SIZE, anchor="end"))
    drawn.append(
        f'<path d="M{_LEFT:.2f} {goal:.2f}H{_WIDTH - _RIGHT:.2f}" stroke="{svg.ACCENT}" '
        'stroke-width=".3" stroke-dasharray="1.2 .8" fill="none"/>'
    )
    words = [language("target {share}", share=language.share(target, 4))]
    # At the end where the curve is farther from the line.
    at_left = abs(known.iloc[0] - target) > abs(known.iloc[-1] - target)
    x, anchor = (_LEFT + 0.5, "start") if at_left else (_WIDTH - _RIGHT, "end")
    drawn.append(svg.draw_text(x, goal - 1, words, _SIZE, colour=svg.ACCENT, anchor=anchor))
    path = "L".join(f"{x:.2f} {y:.2f}" for _, _, (x, y) in dots)
    drawn.append(f'<path d="M{path}" stroke="{svg.INK}" stroke-width=".5" fill="none"/>')
    named = _choose_named([p for p, _, _ in dots], period)
    for each, rate, (x, y) in dots:
        drawn.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r=".8" fill="{svg.INK}"/>')
        if each in named:
            anchor = "start" if x < _LEFT + 4 else "end" if x > _WIDTH - _RIGHT - 4 else "middle"
            name, figure = [language.period(each, short=True)], [language.rate(rate, 1)]
            drawn.append(svg.draw_text(x, foot + 3.4, name, _SIZE, anchor=anchor))
            drawn.append(
                svg.draw_text(x, y + 3.4, figure, _SIZE, bold=True, anchor=anchor, halo=0.5)
            )
    return svg.write_document(_WIDTH, _HEIGHT, drawn)


def _choose_named(periods: list[str], period: str) -> set[str]:
    """Periods with room for their names: all of a few, else the first, the last and that shown."""
    if len(periods) <= _MOST_NAMED:
        return {*periods}
    return {periods[0], periods[-1]} | ({period} & {*periods})
