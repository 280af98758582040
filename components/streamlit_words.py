"""Streamlit's own words, in English as it has them, which our catalogue translates."""

from __future__ import annotations

from typing import Final

from geo.core.errors import mark

# As Streamlit 1.67 has them; a number in them is ``{n}``.
STREAMLIT_WORDS: Final = (
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
