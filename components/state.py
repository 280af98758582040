"""What the user asks, kept in the session and in the URL, so that a link reopens the same view.

Widgets report through `take`; a page calls `begin` and `finish` before it shows
anything.
Streamlit's own binding of widgets to the URL puts displayed labels into it, which
differ by language; our parameters are the same in every language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from geo.core.errors import QueryProblem
from geo.core.i18n import LANGUAGES, Language, get_language
from geo.measures.query import DEFAULTS, Options, Query, from_params, to_params
from geo.workspace.settings import Settings

_QUERY: Final = "query"
_LANGUAGE: Final = "language"
_SETTINGS: Final = "settings"
_WRITTEN: Final = "written_params"
_CHANGED: Final = "changed_by_widget"
_PAGE: Final = "page"
_REFUSED: Final = "refused_value"
Params = dict[str, list[str]]


def begin_page(path: str, settings: Settings) -> Language:
    """Note what this run stands on, for the page that it shows; the run's language.

    Going to another page brings an empty URL, and keeps the query. The language is chosen by
    switch, else by link, else by setting.
    """
    if st.session_state.get(_PAGE, path) != path:
        st.session_state[_CHANGED] = True
    st.session_state[_PAGE] = path
    st.session_state[_SETTINGS] = settings
    if _LANGUAGE not in st.session_state or _navigated():
        asked = st.query_params.get("lang", settings.language)
        st.session_state[_LANGUAGE] = asked if asked in LANGUAGES else settings.language
    return get_language(st.session_state[_LANGUAGE])


def page_basis() -> tuple[Settings, Language]:
    """Settings and language of this run."""
    return st.session_state[_SETTINGS], get_language(st.session_state[_LANGUAGE])


def begin(options: Options, settings: Settings) -> tuple[Query, list[QueryProblem]]:
    """Query of this run, and what in the link did not fit the data."""
    if _QUERY in st.session_state and not _navigated():
        return st.session_state[_QUERY], []
    query, problems = from_params(_params(), options, _defaults(settings))
    st.session_state[_QUERY] = query
    return query, problems


def finish(query: Query | None = None) -> None:
    """Write the language, and the page's query if it has one, to the URL."""
    params = _to_url(query)
    if params != _params():
        st.query_params.from_dict(params)
    st.session_state[_WRITTEN] = params
    st.session_state[_CHANGED] = False


def link_params(with_query: bool = True) -> dict[str, list[str]]:
    """Parameters that a link to another page of the app should carry."""
    return _to_url(st.session_state.get(_QUERY) if with_query else None)


def _to_url(query: Query | None) -> Params:
    settings, language = page_basis()
    params: Params = to_params(query, _defaults(settings)) if query else {}
    return params | ({"lang": [language.code]} if language.code != settings.language else {})


def _defaults(settings: Settings) -> Query:
    """What a link that says nothing asks for."""
    return replace(DEFAULTS, target=settings.target)


def change(**fields: Any) -> None:
    """Change the query from a callback."""
    put(replace(current(), **fields))


def put(query: Query) -> None:
    """Ask for another view from a callback."""
    st.session_state[_QUERY] = query
    st.session_state[_CHANGED] = True


def change_language(code: str) -> None:
    """Change the language from a callback."""
    st.session_state[_LANGUAGE] = code
    st.session_state[_CHANGED] = True


def take(key: str, fields: Callable[[Any], dict[str, Any]]) -> None:
    """Callback of a widget: its value, as fields of the query.

    A value that cannot be one leaves the query as it is (see `refusal`).
    """
    try:
        change(**fields(st.session_state[key]))
    except QueryProblem as problem:
        st.session_state[_REFUSED] = (key, problem)
        st.session_state[_CHANGED] = True


def refusal(key: str) -> QueryProblem | None:
    """Why the value just given to a widget was not taken; None where it was, or is no news."""
    if st.session_state.get(_REFUSED, ("", None))[0] != key:
        return None
    problem: QueryProblem = st.session_state.pop(_REFUSED)[1]
    return problem


def reset() -> None:
    """Take every filter away; what is looked at stays."""
    put(current().without_filters())


def current() -> Query:
    """The query as it stands."""
    query: Query = st.session_state[_QUERY]
    return query


def _params() -> Params:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _navigated() -> bool:
    """Whether the user moved through the history: the URL changed, and not by a widget.

    A widget used twice in quick succession sends the URL of before; its
    callback has run by now, which tells the two apart.
    """
    if _WRITTEN not in st.session_state or st.session_state.get(_CHANGED):
        return False
    return bool(_params() != st.session_state[_WRITTEN])
