"""The table of spellings in the reader's words, as the component shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..core.errors import mark
from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..reporting.report import METHODS
from .spellings import Spelling, find_villages, likeliest_within

# A browser holds so many lines; a file of nothing but unknown spellings has a line a row.
MOST_LISTED: Final = 5_000
_STANDINGS: Final = {
    "ambiguous": mark("ambiguous"),
    "unmatched": mark("unmatched"),
    "likely": mark("likely matches"),
    "confirmed": mark("confirmed"),
}
_LABELS: Final = {
    "all": mark("all spellings"),
    "open": mark("to decide"),
    "show": mark("Show"),
    "find": mark("Search the spellings"),
    "first": mark("Accept all first suggestions"),
    "likely": mark("Tick all likely matches"),
    "none": mark("Take back all ticks"),
    "tick": mark("confirm"),
    "given": mark("as the file spells it"),
    "people": mark("people"),
    "rows": mark("rows"),
    "outcome": mark("matching"),
    "village": mark("village"),
    "suggested": mark("suggestions"),
    "hint": mark("Type a name or a code"),
    "nothing": mark("No village has this name or code."),
    "empty": mark("No spelling passes the filter."),
    "confirm_one": mark("Confirm {n} spelling"),
    "confirm_many": mark("Confirm {n} spellings"),
    "page": mark("{first} to {last} of {all}"),
    "earlier": mark("Earlier"),
    "later": mark("Later"),
}


def build_spelling_table(
    spellings: list[Spelling], text: str, data: Dataset, language: Language
) -> dict[str, Any]:
    """Everything the component shows.

    Parameters
    ----------
    spellings : list of Spelling
        See `geo.audit.spellings.list_spellings`.
    text : str
        What is searched among all villages just now.
    data : Dataset
        Names of villages.
    language : Language
        Of all words.

    Returns
    -------
    dict
        ``language``; ``labels``; ``standings`` by key; ``rows`` (``key, village, above, people,
        rows, standing, matching, code, first, suggested``); ``names`` of every village in them by
        code; ``asked`` and ``hits`` (codes), with ``names`` of theirs.
    """
    hits = find_villages(data, text)
    codes_shown = {code for s in spellings for code in (s.code, *s.suggested) if code}
    return {
        "language": language.code,
        "labels": {key: language(words) for key, words in _LABELS.items()},
        "standings": {key: language(words) for key, words in _STANDINGS.items()},
        "rows": [_row(spelling, data, language) for spelling in spellings],
        "names": _names({*codes_shown, *hits}, data),
        "asked": text,
        "hits": hits,
    }


def _names(codes: Iterable[str], data: Dataset) -> dict[str, str]:
    return {code: data.describe(code) for code in sorted(codes)}


def _row(spelling: Spelling, data: Dataset, language: Language) -> dict[str, Any]:
    above = [spelling.texts[name] for name in ("subdistrict", "regency", "province")]
    return {
        "key": spelling.key,
        "village": spelling.texts["village"],
        "above": ", ".join(filter(None, above)),
        "people": language.count(spelling.people),
        "rows": language.count(spelling.rows),
        "standing": spelling.standing,
        "matching": _matching(spelling, language),
        "code": spelling.code,
        "first": likeliest_within(spelling, data),
        "suggested": list(dict.fromkeys(filter(None, (spelling.code, *spelling.suggested)))),
    }


def _matching(spelling: Spelling, language: Language) -> str:
    """``by likeness, 97 %``; of open spellings whether they are ambiguous or unmatched."""
    if spelling.standing in ("ambiguous", "unmatched"):
        return language(_STANDINGS[spelling.standing])
    how = language(METHODS[spelling.method])
    if spelling.standing == "confirmed":
        return how
    return f"{how}, {language.rate(spelling.score, 1)}"
