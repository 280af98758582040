"""Streamlit's own words in the reader's language.

Streamlit has no setting for its language. A script on the page puts our words in place of its
English ones, wherever they appear.
"""

from __future__ import annotations

from typing import Final

from components.static_assets import build_part
from geo.core.errors import mark
from geo.core.i18n import Language

# As Streamlit 1.67 has them; a number in them is ``{n}``.
_WORDS: Final = (
    mark("Upload"),
    mark("{n}MB per file"),
    mark("Drag and drop a file here"),
    mark("Drag and drop files here"),
    mark("file upload"),
    mark("Select all"),
    mark("Clear all"),
    mark("Clear value"),
    mark("No results"),
    mark("No options to select"),
    mark("Press Enter to apply"),
    mark("Skip to main content"),
    mark("Main menu"),
    mark("System"),
    mark("Light"),
    mark("Dark"),
    mark("Print"),
    mark("Record screen"),
    mark("Expand sidebar"),
    mark("Collapse sidebar"),
    mark("Link to heading"),
    mark("Running..."),
    mark("Stop"),
    mark("Connecting"),
    mark("Connection error"),
)
_KEY: Final = "wording"
_mount = build_part("words")


def show_wording(language: Language) -> None:
    """Have the page say Streamlit's words in a language."""
    words = {word: language(word) for word in _WORDS}
    _mount(data={"language": language.code, "words": words}, key=_KEY)
