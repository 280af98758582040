"""Reading of uploads: in turn, in a process of its own, with its progress and a way to cancel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from geo.core.errors import QueryProblem, mark
from geo.core.files import Upload, digest
from geo.core.i18n import Language, get_language
from geo.isolation.queue import ReadingQueue
from geo.isolation.readers import IsolatedReaders
from geo.workspace.settings import read_settings

_CANCELLED: Final = "cancelled_reading"


@st.cache_resource(show_spinner=False)
def _open_queue(places: int) -> ReadingQueue:
    """All sessions of this server wait in one line."""
    return ReadingQueue(places)


@contextmanager
def isolated_readers(name: str, key: str) -> Iterator[IsolatedReaders]:
    """Give readers when it is this file's turn, with what they do shown on the page.

    Parameters
    ----------
    name : str
        How the file is called.
    key : str
        Of the file and what is read of it; a reading that was cancelled is not begun again
        unless the user asks for it.

    Raises
    ------
    QueryProblem
        If the user has cancelled this reading.
    """
    language = get_language(st.session_state.get("language", "id"))
    if st.session_state.get(_CANCELLED) == key:
        st.button(language("Read it again"), key="read_again", on_click=_allow)
        raise QueryProblem(mark("Reading {path} was cancelled; nothing was changed."), path=name)
    settings = read_settings()
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, text=language("Reading {path}", path=name))
        st.button(
            language("Cancel"),
            key=f"cancel_{digest(Upload(name, key.encode()))}",
            on_click=_cancel,
            args=(key,),
        )

    def wait(ahead: int) -> None:
        bar.progress(0.0, text=_waiting_words(ahead, language))

    def tell(step: str, done: float | None) -> None:
        bar.progress(done or 0.0, text=language(step) if step else None)

    with _open_queue(settings.readers).turn(wait):
        yield IsolatedReaders(settings.reader_limits, tell)
    place.empty()


def _waiting_words(ahead: int, language: Language) -> str:
    return language.plural(
        "{n} file is read before this one", "{n} files are read before this one", ahead
    )


def _cancel(key: str) -> None:
    st.session_state[_CANCELLED] = key


def _allow() -> None:
    st.session_state.pop(_CANCELLED, None)
