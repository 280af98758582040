"""Title line: what this is, where and when, what must be said about it, and the language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

from components.notices import badges
from components.state import change_language, link_params
from geo.core.html_parts import paragraphs_html
from geo.core.i18n import LANGUAGES, Language
from geo.core.markup import render_template
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.statement import build_statement

_KEY = "language_switch"
_TITLE: Final = Path(__file__).parent / "templates" / "title.html"


def show_header(data: Dataset, view: View, language: Language) -> None:
    """Title of what is shown, badges, the way to the other pages, the language switch."""
    shown = build_statement(data, view.query, language)
    st.set_page_config(page_title=f"{shown.title} · Jangkau")
    _show_line(shown.area, language, when=shown.people_and_period, badges=badges(data, language))
    if shown.kept:
        words = language("Filters: {filters}", filters=shown.kept)
        st.html(f'<div class="jk-kept">{paragraphs_html([words])}</div>')


def show_plain_header(title: str, language: Language) -> None:
    """The same line on a page that shows no area."""
    st.set_page_config(page_title=f"{title} · Jangkau")
    _show_line(title, language)


def _show_line(
    title: str, language: Language, *, when: str = "", badges: Sequence[str] = ()
) -> None:
    with st.container(key="header", horizontal=True, wrap=False):
        st.html(
            render_template(_TITLE, language=language.code, title=title, when=when, badges=badges)
        )
        _show_links(language)


def _show_links(language: Language) -> None:
    """All pages and the language switch.

    The links carry what the other page's URL will say, so that going there is
    one step in the browser's history.
    """
    with st.container(key="links", horizontal=True, wrap=False):
        st.page_link("screens/map.py", label=language("Map"), query_params=link_params())
        st.page_link("screens/plan.py", label=language("Plan"), query_params=link_params())
        st.page_link("screens/data.py", label=language("Data"), query_params=link_params(False))
        st.page_link(
            "screens/reconcile.py", label=language("Lists"), query_params=link_params(False)
        )
        st.page_link("screens/about.py", label=language("About"), query_params=link_params(False))
        _show_language_switch(language)


def _show_language_switch(language: Language) -> None:
    """``ID | EN``."""
    if st.session_state.get(_KEY) != language.code:
        st.session_state[_KEY] = language.code
    st.segmented_control(
        language("Language"),
        LANGUAGES,
        format_func=str.upper,
        required=True,
        key=_KEY,
        label_visibility="collapsed",
        on_change=lambda: change_language(st.session_state[_KEY]),
    )
