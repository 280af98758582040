"""What each place of a view looks like on paper, and the legend of these looks.

Colours and classes are those of `geo.export.style_rules`. On grey paper some of them are alike, so
states have patterns of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from ..core.i18n import Language
from ..core.labels import STATE_LABELS
from ..export.style_rules import StyleRule, build_rules
from ..maps.palettes import FADED_FILL
from ..measures.query import CHANGES
from ..measures.view import View

_OVER_PATTERN: Final = "over"
_NO_BOUNDARY: Final = "no_boundary"


@dataclass(frozen=True)
class Looks:
    """Looks of the places drawn.

    Attributes
    ----------
    rules : dict of str to StyleRule
        By key, in the order of the legend.
    keys : pandas.Series of str
        Key of a rule, by code of the place.
    """

    rules: dict[str, StyleRule]
    keys: pd.Series

    def list_legend(self, within: str = "") -> list[tuple[StyleRule, int]]:
        """Every class, and each state that occurs, with the number of places inside an area."""
        counts = self.keys[self.keys.index.str.startswith(within)].value_counts()
        listed = [(rule, int(counts.get(key, 0))) for key, rule in self.rules.items()]
        return [(rule, count) for rule, count in listed if count or rule.key.startswith("class_")]


def find_looks(view: View, language: Language) -> Looks:
    """Find the look of every place of a view."""
    rules = list(build_rules(view, language))
    classes = [rule for rule in rules if rule.key.startswith("class_")]
    if view.classes.measure not in ("coverage_rate", *CHANGES):
        classes.reverse()
    others = [
        replace(rule, pattern=_OVER_PATTERN) if rule.key == "over_100" else rule
        for rule in rules
        if rule not in classes
    ]
    bare = (
        StyleRule(_NO_BOUNDARY, language(STATE_LABELS[_NO_BOUNDARY]), (), ""),
        StyleRule("left_out", language("left out by the filters"), (), FADED_FILL),
    )
    return Looks({rule.key: rule for rule in (*classes, *others, *bare)}, _find_keys(view))


def _find_keys(view: View) -> pd.Series:
    shown = view.shown
    states = shown["class_state"].astype("object")
    classed = "class_" + shown["class_index"].astype("int64").astype("str").astype("object")
    classed = classed.where(shown["class_index"] >= 0, "other")
    over = (shown["enrolled"] > shown["eligible"]).to_numpy()
    partly = "partly_" + pd.Series(np.where(over, "over_100", classed), shown.index, dtype="object")
    keys = states.mask(states == "ok", classed).mask(states == "partly_known", partly)
    return keys.mask(shown["found"].to_numpy("int64") == 0, "left_out").astype("str")
