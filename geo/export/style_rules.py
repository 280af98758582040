"""What a place looks like: one list of rules for the map's legend, QML, SLD and KML.

Colours are those of the map (`geo.maps.palettes`), limits those of its classes. A rule decides by
state first and by value second, so that no place is left without a fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from ..core.codebook import RATES
from ..core.errors import mark
from ..core.i18n import Language
from ..core.labels import STATE_LABELS
from ..maps.legend import class_labels
from ..maps.palettes import FADED_FILL, STATE_PATTERNS, class_colours, state_fills
from ..measures.view import View

# Decimals of a rate in files, which limits of classes are rounded to as well.
RATE_DIGITS: Final = 6
_SUPPRESSED: Final = "#D6D2C6"
SUPPRESSED_WORDS: Final = mark("too few people to be published")
_PARTLY_WORDS: Final = STATE_LABELS["partly_known"]


@dataclass(frozen=True)
class StyleRule:
    """One look, and the places that have it.

    Attributes
    ----------
    key : str
        The same in every language: ``class_0``, ``over_100``.
    label : str
        Words of the legend.
    states : tuple of str
        States of the places; empty for all places that no other rule takes.
    low, high : float or None
        Values of the measure, the lower limit included and the upper one not.
    above_100 : bool or None
        Whether more people are enrolled than eligible; None where it does not matter.
    colour, pattern : str
        Fill as ``#RRGGBB``; ``wide``, ``lines`` or ``dots`` over it, or nothing.
    """

    key: str
    label: str
    states: tuple[str, ...]
    colour: str
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    above_100: bool | None = None

    def matches(self, row: Mapping[str, Any], measure: str) -> bool:
        """Whether a row of a file (`None` for unknown) has this look."""
        if not self.states:
            return True
        if row["state"] not in self.states:
            return False
        if self.above_100 is not None:
            over = (row["enrolled"] or 0) > (row["eligible"] or 0)
            if over != self.above_100:
                return False
        if self.low is None and self.high is None:
            return True
        value = row[measure]
        return value is not None and (
            (self.low is None or value >= self.low) and (self.high is None or value < self.high)
        )


def build_rules(view: View, language: Language) -> tuple[StyleRule, ...]:
    """Rules of a view in the order of its legend; the last one takes what is left.

    Parameters
    ----------
    view : View
        Gives measure, classes, palette and level.
    language : Language
        Of the labels.
    """
    classes = tuple(_class_rules(view, language))
    fills = state_fills(view.query.palette)
    states = tuple(
        StyleRule(
            state, language(STATE_LABELS[state]), (state,), fill, STATE_PATTERNS.get(state, "")
        )
        for state, fill in fills.items()
    )
    states = (
        *states,
        StyleRule("suppressed", language(SUPPRESSED_WORDS), ("suppressed",), _SUPPRESSED, "lines"),
    )
    rest = StyleRule("other", language("not classed"), (), FADED_FILL)
    if view.level == "village":
        return (*classes, *states, rest)
    partly = language(_PARTLY_WORDS)
    over = replace(states[0], above_100=True)
    hatched = (
        replace(
            rule,
            key=f"partly_{rule.key}",
            label=f"{rule.label} · {partly}",
            states=("partly_known",),
            pattern=STATE_PATTERNS["partly_known"],
            above_100=rule.key == "over_100",
        )
        for rule in (over, *classes)
    )
    return (*classes, *states, *hatched, rest)


def _class_rules(view: View, language: Language) -> Iterator[StyleRule]:
    colours = class_colours(view.query.palette, view.classes.count, view.classes.measure)
    # A rate in a file is rounded: its limit must be, too, or a value on it falls below it.
    digits = RATE_DIGITS if view.classes.measure in RATES else 0
    limits = [None, *(round(limit, digits) for limit in view.classes.limits), None]
    labels = class_labels(view, language)
    for index, (low, high) in enumerate(pairwise(limits)):
        yield StyleRule(
            f"class_{index}",
            labels[index],
            ("ok", "no_boundary"),
            colours[index],
            low=low,
            high=high,
        )


def find_rule(rules: tuple[StyleRule, ...], row: Mapping[str, Any], measure: str) -> StyleRule:
    """The first rule that a row matches; the last rule matches every row."""
    return next(rule for rule in rules if rule.matches(row, measure))
