"""One sentence about what the last button of a page did, shown by the page's next run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import streamlit as st

from geo.core.errors import JangkauError
from geo.core.i18n import Language


@dataclass(frozen=True)
class Outcome:
    """The sentence of one page.

    Attributes
    ----------
    key : str
        Of the session, so that no page shows what another one did.
    """

    key: str

    def keep(self, kind: str, sentence: str) -> None:
        """Keep a sentence for the next run: ``success`` or ``error``."""
        st.session_state[self.key] = (kind, sentence)

    @contextmanager
    def reporting(self, sentence: str, language: Language) -> Iterator[None]:
        """Say the sentence where all went well, else what the user can mend."""
        try:
            yield
        except JangkauError as error:
            self.keep("error", language.say(error))
        else:
            self.keep("success", sentence)

    def show(self, language: Language) -> None:
        """Show the sentence kept, once; where the button may be far below, a hint says so.

        It has a place in every run: what stands below it would be mounted anew otherwise, and an
        upload would be lost.
        """
        place = st.empty()
        kind, sentence = st.session_state.pop(self.key, ("", ""))
        if kind:
            icon = ":material/error:" if kind == "error" else ":material/check_circle:"
            (place.error if kind == "error" else place.success)(sentence, icon=icon)
            st.toast(language("See the message at the top of the page."), icon=icon)


DATA_OUTCOME: Final = Outcome("import_said")
LISTS_OUTCOME: Final = Outcome("lists_said")
PLAN_OUTCOME: Final = Outcome("plan_said")
