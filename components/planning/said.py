"""One sentence about what the last button did, shown by the next run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from geo.core.errors import JangkauError
from geo.core.i18n import Language

_SAID: Final = "plan_said"


def keep_sentence(kind: str, sentence: str) -> None:
    """Keep a sentence for the next run: ``success`` or ``error``."""
    st.session_state[_SAID] = (kind, sentence)


@contextmanager
def reporting(sentence: str, language: Language) -> Iterator[None]:
    """Say the sentence where all went well, else what the user can mend."""
    try:
        yield
    except JangkauError as error:
        keep_sentence("error", language.say(error))
    else:
        keep_sentence("success", sentence)


def show_said() -> None:
    """The sentence kept, once.

    It has a place in every run: what stands below it would be mounted anew otherwise, and an upload
    would be lost.
    """
    place = st.empty()
    kind, sentence = st.session_state.pop(_SAID, ("", ""))
    if kind == "error":
        place.error(sentence, icon=":material/error:")
    elif kind:
        place.success(sentence, icon=":material/check_circle:")
