"""The filters, grouped as questions: when, who, where, how much, how shown.

Every widget shows what the query says (its key is set before it is drawn) and
reports a change through a callback; none keeps a state of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from components.state import refusal, reset, take
from geo.core import codes
from geo.core.i18n import Language
from geo.core.labels import (
    CONTRIBUTION_LABELS,
    MEASURE_LABELS,
    PALETTE_LABELS,
    SCHEME_LABELS,
    STATE_LABELS,
)
from geo.core.segments import PROGRAMMES, SEGMENTS
from geo.measures.dataset import Dataset
from geo.measures.query import CHANGES, MEASURES, PALETTES, SCHEMES, STATES, Query
from geo.measures.typed import read_people, read_price, read_rate, read_target
from geo.measures.view import View

_MOST_RATE = 120


def show_filters(data: Dataset, view: View, language: Language) -> None:
    """All filters, in the sidebar."""
    query = view.query
    st.subheader(language("When"))
    _show_period(data, query, language)
    st.subheader(language("Who"))
    _show_who(data, query, language)
    st.subheader(language("Where"))
    _show_where(data, view, language)
    st.subheader(language("How much"))
    _show_how_much(data, view, language)
    st.subheader(language("How shown"))
    _show_display(query, language)


def _bind(key: str, value: Any, fields: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Arguments that tie a widget to the query: key, present value, callback.

    A value is set only where it is news: the browser puts what is set in place of what the reader
    has chosen since, while the run was on its way.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return {"key": key, "on_change": take, "args": (key, fields)}


def _into(name: str) -> Callable[[Any], dict[str, Any]]:
    """A widget's value as the field of this name."""
    return lambda value: {name: value}


def _show_period(data: Dataset, query: Query, language: Language) -> None:
    st.selectbox(
        language("Period"),
        data.options.periods[::-1],
        format_func=lambda period: language.period(str(period)),
        **_bind("f_period", query.period, lambda v: {"period": _unless_latest(v, data)}),
    )
    others = [period for period in data.options.periods[::-1] if period != query.period]
    st.selectbox(
        language("Compare with"),
        ["", *others],
        format_func=lambda period: (
            language.period(str(period)) if period else language("no other period")
        ),
        **_bind("f_compare", query.compare, partial(_compare, query)),
    )


def _compare(query: Query, period: str) -> dict[str, Any]:
    """Another period to compare with; the map shows the change, or coverage again."""
    if period:
        measure = query.measure if query.measure in CHANGES else "change_rate"
    else:
        measure = "coverage_rate" if query.measure in CHANGES else query.measure
    return {"compare": period, "measure": measure}


def _unless_latest(period: str, data: Dataset) -> str:
    """The latest period is the default: a link without one follows the data."""
    return "" if period == data.options.periods[-1] else period


def _show_who(data: Dataset, query: Query, language: Language) -> None:
    st.multiselect(
        language("Segments"),
        data.options.segments,
        format_func=lambda s: language(SEGMENTS.get(str(s), str(s))),
        placeholder=language("all segments"),
        **_bind("f_segments", list(query.segments), lambda v: {"segments": tuple(v)}),
    )
    st.multiselect(
        language("Programmes"),
        list(PROGRAMMES),
        format_func=lambda p: language(PROGRAMMES[p]),
        placeholder=language("all programmes"),
        help=language("Counts who has one of these programmes; eligible workers stay the same."),
        **_bind("f_programmes", list(query.programmes), lambda v: {"programmes": tuple(v)}),
    )


def _show_where(data: Dataset, view: View, language: Language) -> None:
    regency = view.place[: codes.length_of("regency")]
    subdistricts = data.list_subdistricts(regency)
    chosen = [c for c in view.query.subdistricts if c in subdistricts]
    place = "" if regency == data.top else regency
    st.multiselect(
        language("Subdistricts"),
        subdistricts,
        format_func=lambda code: data.names[code],
        placeholder=language("all subdistricts")
        if subdistricts
        else language("choose a regency first"),
        disabled=not subdistricts,
        **_bind("f_subdistricts", chosen, lambda v: {"subdistricts": tuple(v), "place": place}),
    )


def _show_how_much(data: Dataset, view: View, language: Language) -> None:
    query = view.query
    _show_target(query, language)
    _show_gap_range(view, language)
    _show_rate_range(query, language)
    st.multiselect(
        language("State"),
        STATES,
        format_func=lambda s: language(STATE_LABELS[s]),
        placeholder=language("all states"),
        **_bind("f_states", list(query.states), lambda v: {"states": tuple(v)}),
    )
    _show_price(data, query, language)
    st.button(
        language("Clear all filters"),
        on_click=reset,
        key="reset_filters",
        disabled=not (query.narrows or query.subdistricts),
        width="stretch",
    )


def _show_price(data: Dataset, query: Query, language: Language) -> None:
    """What covering one person costs: a basis of the table, or a rate of the reader's own."""
    monthly = data.contributions.monthly
    st.selectbox(
        language("Contribution for one person a month"),
        list(CONTRIBUTION_LABELS),
        format_func=lambda c: f"{CONTRIBUTION_LABELS[c]}: {language.money(monthly[c])}",
        disabled=query.price is not None,
        **_bind("f_contribution", query.contribution, lambda v: {"contribution": v}),
    )
    _show_typed(
        language("Own contribution (Rp a month)"),
        "f_price",
        "" if query.price is None else language.count(query.price),
        lambda text: {"price": read_price(text, language)},
        language,
        placeholder=language("as chosen above"),
    )


def _show_target(query: Query, language: Language) -> None:
    _show_typed(
        language("Target coverage (%)"),
        "f_target",
        language.decimal(query.target * 100),
        lambda text: {"target": read_target(text, language, query.target)},
        language,
    )


def _show_typed(
    label: str,
    key: str,
    value: str,
    fields: Callable[[str], dict[str, Any]],
    language: Language,
    placeholder: str | None = None,
) -> None:
    """A field of text: a browser's field of numbers writes decimals its own way."""
    st.text_input(label, placeholder=placeholder, **_bind(key, value, fields))
    if problem := refusal(key):
        st.error(language.say(problem))


def _show_gap_range(view: View, language: Language) -> None:
    """A range at its ends asks for nothing, so villages of unknown gap stay.

    Each range is a slider of its own: what a browser still says of the range of the area before
    is then no change of this one.
    """
    query = view.query
    largest = view.villages["coverage_gap"].max()
    top = max(int(largest) if largest == largest else 0, query.gap_max or 0, query.gap_min or 0, 1)
    st.slider(
        language("People not covered, per village"),
        0,
        top,
        **_bind(
            f"f_gap_{top}",
            (query.gap_min or 0, top if query.gap_max is None else query.gap_max),
            lambda v: {"gap_min": v[0] or None, "gap_max": None if v[1] >= top else v[1]},
        ),
    )
    low, high = query.gap_min or 0, top if query.gap_max is None else query.gap_max
    left, right = st.columns(2, gap="small")
    with left:
        _show_typed(
            language("from (people)"),
            "f_gap_min",
            "" if query.gap_min is None else language.count(query.gap_min),
            lambda text: {"gap_min": read_people(text, language, 0, high)},
            language,
            placeholder=language.count(0),
        )
    with right:
        _show_typed(
            language("to (people)"),
            "f_gap_max",
            "" if query.gap_max is None else language.count(query.gap_max),
            lambda text: {"gap_max": read_people(text, language, low, top)},
            language,
            placeholder=language.count(top),
        )


def _show_rate_range(query: Query, language: Language) -> None:
    top = max(_MOST_RATE, math.ceil((query.rate_max or 0) * 100))
    low = round((query.rate_min or 0) * 100)
    high = top if query.rate_max is None else round(query.rate_max * 100)
    st.slider(
        language("Coverage, per village (%)"),
        0,
        top,
        **_bind(
            "f_rate",
            (min(low, top), high),
            lambda v: {
                "rate_min": v[0] / 100 or None,
                "rate_max": None if v[1] >= top else v[1] / 100,
            },
        ),
    )
    most = top / 100 if query.rate_max is None else query.rate_max
    left, right = st.columns(2, gap="small")
    with left:
        _show_typed(
            language("from (%)"),
            "f_rate_min",
            "" if query.rate_min is None else language.decimal(query.rate_min * 100),
            lambda text: {"rate_min": read_rate(text, language, 0, most)},
            language,
            placeholder=language.decimal(0),
        )
    with right:
        _show_typed(
            language("to (%)"),
            "f_rate_max",
            "" if query.rate_max is None else language.decimal(query.rate_max * 100),
            lambda text: {"rate_max": read_rate(text, language, query.rate_min or 0, top / 100)},
            language,
            placeholder=language.decimal(top),
        )


def _show_display(query: Query, language: Language) -> None:
    # A change has classes and colours of its own, so that a loss never looks like a gain.
    fixed = query.measure in CHANGES
    _show_choice(language("Map fill"), MEASURES, MEASURE_LABELS, query, "measure", language)
    _show_choice(language("Classes"), SCHEMES, SCHEME_LABELS, query, "scheme", language, fixed)
    _show_choice(language("Colours"), PALETTES, PALETTE_LABELS, query, "palette", language, fixed)
    for name, words in (
        ("villages", language("Villages at once")),
        ("circles", language("Circles: people not covered")),
        ("tiles", language("Street tiles (needs internet)")),
    ):
        st.toggle(words, **_bind(f"f_{name}", getattr(query, name), _into(name)))


def _show_choice(
    label: str,
    options: tuple[str, ...],
    words: dict[str, str],
    query: Query,
    name: str,
    language: Language,
    fixed: bool = False,
) -> None:
    st.selectbox(
        label,
        options,
        disabled=fixed,
        format_func=lambda option: language(words[option]).capitalize(),
        **_bind(f"f_{name}", getattr(query, name), _into(name)),
    )
