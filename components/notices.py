"""Sentences that are not figures: errors, badges, empty states."""

from __future__ import annotations

import streamlit as st

from components.state import reset
from geo.core.errors import JangkauError, Note, QueryProblem
from geo.core.i18n import Language, get_language
from geo.core.labels import ORIGIN_LABELS
from geo.measures.dataset import Dataset
from geo.measures.view import View
from geo.reporting.links import link_sentence


def show_problem(error: JangkauError) -> None:
    """One sentence in the reader's language, in place of the page."""
    language = get_language(st.session_state.get("language", "id"))
    st.error(language.say(error), icon=":material/error:")


def show_notes(notes: tuple[Note, ...], language: Language) -> None:
    """What is wrong but prevents nothing, a sentence each."""
    for note in notes:
        st.warning(language(note.message, **note.facts), icon=":material/warning:")


def show_link_problems(problems: list[QueryProblem], language: Language) -> None:
    """What in the link did not fit, in one warning; the rest of it was used."""
    if problems:
        st.warning(link_sentence(problems, language), icon=":material/link_off:")


def badges(data: Dataset, language: Language) -> list[str]:
    """Words of the badges for approximate boundaries and synthetic figures."""
    words = []
    if data.boundaries.approximate:
        words.append(language("approximate boundaries"))
    if data.synthetic:
        words.append(language("synthetic sample"))
    if data.estimated_eligible:
        counted = len(data.counted_sources) > 0
        label = ORIGIN_LABELS["mixed" if counted else "estimated"]
        words.append(language(label))
    return words


def show_empty(view: View, language: Language) -> None:
    """Said where no village passes the filters."""
    with st.container(key="empty_state"):
        st.markdown(
            "**"
            + language("No village passes these filters.")
            + "** "
            + language("Widen the ranges or remove a filter.")
        )
        st.button(language("Clear all filters"), on_click=reset, key="reset_empty")
