"""What a link asked for in vain, as one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import QueryProblem
from ..core.i18n import Language
from ..core.labels import MEASURE_LABELS, PARAMETER_LABELS, STATE_LABELS
from ..core.segments import PROGRAMMES, SEGMENTS

# Keys that have words of their own, also where the data at hand lacks them.
_WORDS = SEGMENTS | PROGRAMMES | STATE_LABELS | MEASURE_LABELS
# Of one kind; a link made by hand can hold hundreds.
_MOST_VALUES = 3


def link_sentence(problems: Sequence[QueryProblem], language: Language) -> str:
    """Say which parts of a link did not fit the data; empty where all did."""
    if not problems:
        return ""
    values: dict[str, list[str]] = {}
    for problem in problems:
        value = str(problem.facts["value"])
        words = language(_WORDS[value]) if value in _WORDS else value
        values.setdefault(str(problem.facts["name"]), []).append(words)
    listed = "; ".join(
        f"{language(PARAMETER_LABELS[name])} {', '.join(given[:_MOST_VALUES])}"
        + (" …" if len(given) > _MOST_VALUES else "")
        for name, given in values.items()
    )
    return language(
        "This link asks for something that the data does not have: {listed}. That part was left "
        "out, the rest is shown.",
        listed=listed,
    )
