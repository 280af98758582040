"""Streamlit's own words in the reader's language.

Streamlit has no setting for its language. A script on the page puts our words in place of its
English ones, wherever they appear.
"""

from __future__ import annotations

from typing import Final

from components.static_assets import build_part
from geo.core.i18n import Language

_KEY: Final = "wording"
_mount = build_part("words")


def show_wording(language: Language) -> None:
    """Have the page say Streamlit's words in a language."""
    _mount(data={"language": language.code}, key=_KEY)
