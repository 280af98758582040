"""What a query shows, in words: area, people counted, villages kept, target, price and measure.

Titles, the card of an area, the statement beside the downloads, the stand-alone map, the files
and their names all take their words from here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..core import codes
from ..core.defaults import DEFAULT_TARGET
from ..core.i18n import Language
from ..core.labels import (
    CONTRIBUTION_LABELS,
    LEVEL_LABELS,
    MEASURE_LABELS,
    ORDER_LABELS,
    STATE_LABELS,
    scope_words,
    segment_words,
)
from ..core.segments import PROGRAMMES, SEGMENTS
from ..measures.compare import compared_period
from ..measures.dataset import Dataset
from ..measures.query import DEFAULTS, Query
from ..measures.view import find_price

# More names than these are counted in a title; the facts list all of them.
_MOST_NAMES: Final = 2
_LONGEST_STEM: Final = 90
_LONGEST_PART: Final = 30
_REMARK: Final = re.compile(r"\([^)]*\)")
_NOT_SAFE: Final = re.compile(r"[^a-z0-9_]+")
_KIND_OF_REGENCY: Final = re.compile(r"^(?:kabupaten|kab\.) ", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """One thing that is said about what is shown.

    Attributes
    ----------
    key : str
        The same in every language; a member of GeoJSON files.
    label, text : str
        In the reader's language.
    value : object
        What a program reads; the text where there is nothing better.
    """

    key: str
    label: str
    text: str
    value: object = None

    @property
    def plain(self) -> object:
        """The value for programs."""
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class Statement:
    """What a query shows, in one language.

    Attributes
    ----------
    area : str
        ``Kabupaten Barito Utara``, or ``2 kecamatan di Kabupaten Barito Utara``.
    people : tuple of str
        Segments and programmes that are counted, all of them by name; empty where all workers
        are. Where the records of the period limit the segments, the phrase says so.
    title_people : tuple of str
        The same for titles: of more than a few segments or programmes their number.
    period : str
        ``Oktober 2024``.
    villages : tuple of str
        What range and state filters keep, a phrase for each; empty where they keep all.
    facts : tuple of Fact
        All of it, that no filter is set included.
    """

    area: str
    people: tuple[str, ...]
    title_people: tuple[str, ...]
    period: str
    villages: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def people_and_period(self) -> str:
        """What stands beside the area in a title."""
        return " · ".join((*self.title_people, self.period))

    @property
    def title(self) -> str:
        """Everything that decides the figures of the area."""
        return f"{self.area} · {self.people_and_period}"

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        stated = {fact.key: f"{fact.label}: {fact.text}" for fact in self.facts}
        keys = ("compare", "target", "contribution_month", "measure", "order")
        figures = (stated[key] for key in keys if key in stated)
        headline = " · ".join((self.area, *self.people, self.period))
        return "; ".join((headline, *self.villages, *figures)) + "."

    @property
    def kept(self) -> str:
        """Which villages are kept: subdistricts chosen, ranges, states; empty where all are."""
        stated = [fact.text for fact in self.facts if fact.key == "subdistricts"]
        return "; ".join((*stated, *self.villages))

    def text_of(self, key: str) -> str:
        """Text of the fact of a key."""
        return next(fact.text for fact in self.facts if fact.key == key)


def build_statement(data: Dataset, query: Query, language: Language) -> Statement:
    """Say what a query shows.

    Parameters
    ----------
    data : Dataset
        Gives names, the latest period and the price of cover.
    query : Query
        What is asked.
    language : Language
        Of all words.
    """
    period = query.period or data.options.periods[-1]
    villages = _village_filters(query, language)
    scope = data.ledger.find_scope(period, query.segments)
    segments = segment_words(scope or query.segments, language)
    named = scope_words(scope, language) or (segments if query.segments else "")
    programmes = ", ".join(_names(query.programmes, PROGRAMMES, language))
    monthly = find_price(data, query)
    own = query.price is not None
    price = language(
        "{basis}, {money} a month for one person",
        basis=language("own rate") if own else CONTRIBUTION_LABELS[query.contribution],
        money=language.money(monthly),
    )
    compared = compared_period(replace(query, period=period), data.options.periods)
    chosen = [data.names[code] for code in query.subdistricts]
    facts = (
        Fact("area", language("area"), _area(data, query, language)),
        *([Fact("subdistricts", language("subdistricts"), ", ".join(chosen))] if chosen else []),
        Fact("period", language("period"), language.period(period), period),
        *_compared_facts(compared, language),
        Fact("segments", language("segments"), segments),
        Fact("programmes", language("programmes"), programmes or language("all programmes")),
        Fact("filters", language("villages"), "; ".join(villages) or language("all villages")),
        Fact("target", language("target"), language.share(query.target, 4), query.target),
        Fact("contribution_month", language("contribution"), price, monthly),
        Fact("measure", language("map fill"), language(MEASURE_LABELS[query.measure])),
        *_order_facts(query, language),
    )
    return Statement(
        area=_area(data, query, language),
        people=tuple(filter(None, (named, programmes))),
        title_people=_title_people(scope or query.segments, query.programmes, language),
        period=language.period(period),
        villages=villages,
        facts=facts,
    )


def _compared_facts(period: str, language: Language) -> list[Fact]:
    if not period:
        return []
    return [Fact("compare", language("compared with"), language.period(period), period)]


def _order_facts(query: Query, language: Language) -> list[Fact]:
    """State the order of lists and files, where it is one of the named rankings but the first."""
    if query.order == DEFAULTS.order or query.order not in ORDER_LABELS:
        return []
    words = language(ORDER_LABELS[query.order])
    return [Fact("order", language("order"), words, query.order)]


def name_area(data: Dataset, code: str) -> str:
    """Name of a place as it stands alone: a subdistrict says that it is one.

    Official names of regencies say their kind; the word is the same in both languages.
    """
    name = str(data.names.get(code, "Indonesia"))
    return f"Kecamatan {name}" if codes.find_level(code) == "subdistrict" else name


def _area(data: Dataset, query: Query, language: Language) -> str:
    """Name of the area looked at, or of the part of it that is chosen."""
    place = query.place or data.top
    name = name_area(data, place)
    chosen = [code for code in query.subdistricts if code != place]
    if not chosen:
        return name
    if len(chosen) == 1:
        return f"{name_area(data, chosen[0])}, {name}"
    return language.plural(
        "{n} subdistrict of {area}", "{n} subdistricts of {area}", len(chosen), area=name
    )


def _names(keys: Sequence[str], labels: Mapping[str, str], language: Language) -> list[str]:
    """Words of segments or programmes; a key of a file's own is its own word."""
    return [language(labels.get(key, key)) for key in keys]


def _title_people(
    segments: Sequence[str], programmes: Sequence[str], language: Language
) -> tuple[str, ...]:
    """Name a few segments or programmes; give the number of more."""
    segment_names = _names(segments, SEGMENTS, language)
    if len(segment_names) > _MOST_NAMES:
        segment_names = [language.plural("{n} segment", "{n} segments", len(segment_names))]
    programme_names = _names(programmes, PROGRAMMES, language)
    if len(programme_names) > _MOST_NAMES:
        programme_names = [language.plural("{n} programme", "{n} programmes", len(programme_names))]
    return (*segment_names, *programme_names)


def _village_filters(query: Query, language: Language) -> tuple[str, ...]:
    """Write a phrase for each range or state filter that is set."""
    phrases = []
    if query.chosen:
        count = len(query.basket)
        phrases.append(language.plural("{n} chosen village", "{n} chosen villages", count))
    if query.gap_min is not None or query.gap_max is not None:
        limits = _range(query.gap_min, query.gap_max, language.count, language)
        phrases.append(language("people not covered: {range}", range=limits))
    if query.rate_min is not None or query.rate_max is not None:
        limits = _range(
            query.rate_min, query.rate_max, lambda rate: language.share(rate, 4), language
        )
        phrases.append(language("coverage: {range}", range=limits))
    if query.states:
        states = ", ".join(language(STATE_LABELS[state]) for state in query.states)
        phrases.append(language("state: {states}", states=states))
    return tuple(phrases)


def _range(
    low: float | None, high: float | None, say: Callable[[float], str], language: Language
) -> str:
    """Limits of a range of which at least one is set."""
    if high is None:
        return language("{low} or more", low=say(low or 0))
    if low is None:
        return language("at most {high}", high=say(high))
    return language("{low} to {high}", low=say(low), high=say(high))


def file_stem(
    data: Dataset, query: Query, language: Language, level: codes.Level = "village"
) -> str:
    """Name of a file without its suffix: area, level, period, people counted, villages kept.

    Short, and of letters, digits, hyphens and underscores only:
    ``jangkau-barito-utara-2024-10-pekerja-rentan-celah-200``.
    """
    name = str(data.names.get(query.place or data.top, "Indonesia"))
    area = [file_words(_KIND_OF_REGENCY.sub("", name)) or file_words(query.place)]
    if len(query.subdistricts) == 1:
        area = [
            file_words(str(data.names[query.subdistricts[0]])) or file_words(query.subdistricts[0])
        ]
    elif query.subdistricts:
        area.append(f"{len(query.subdistricts)}-{file_words(language('subdistrict'))}")
    if level != "village":
        area.append(file_words(language("by {level}", level=language(LEVEL_LABELS[level]))))
    period = query.period or data.options.periods[-1]
    compared = compared_period(replace(query, period=period), data.options.periods)
    since = [file_words(language("compared with")), compared] if compared else []
    stem = "-".join(["jangkau", *area, period, *since])
    left_out = False
    counted = data.ledger.find_scope(period, query.segments) or query.segments
    people = _title_people(counted, query.programmes, language)
    parts = (*map(file_words, people), *_filter_parts(query, language))
    for part in filter(None, parts):
        if len(stem) + len(part) < _LONGEST_STEM:
            stem = f"{stem}-{part}"
        else:
            left_out = True
    ends = [file_words(language("more filters"))] if left_out else []
    return "-".join([stem, *ends, *([file_words(language("synthetic sample"))] * data.synthetic)])


def _filter_parts(query: Query, language: Language) -> list[str]:
    """Short words of the filters of villages and of a target of the reader's own."""
    parts = []
    if query.chosen:
        parts.append(file_words(language.plural("{n} village", "{n} villages", len(query.basket))))
    for word, low, high, scale in (
        (language("gap"), query.gap_min, query.gap_max, 1),
        (language("coverage"), query.rate_min, query.rate_max, 100),
    ):
        if low is not None or high is not None:
            ends = [low or 0] if high is None else [low or 0, high]
            figures = (_figure(end * scale) for end in ends)
            parts.append("-".join([file_words(word), *figures]))
    parts += [file_words(language(STATE_LABELS[state])) for state in query.states]
    if query.target != DEFAULT_TARGET:
        parts.append(f"target-{_figure(query.target * 100)}")
    return parts


def _figure(value: float) -> str:
    """``200``, and ``62_5`` for 62.5."""
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", "_")


def file_words(words: str) -> str:
    """Turn words into a part of a file name: ASCII letters, digits and hyphens, without remarks."""
    letters = unicodedata.normalize("NFKD", _REMARK.sub("", words)).encode("ascii", "ignore")
    safe = _NOT_SAFE.sub("-", letters.decode().lower()).strip("-_")
    return safe[:_LONGEST_PART].rstrip("-_")
