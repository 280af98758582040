"""Keeping identities out of what is said, shown and written.

A member's number can stand in any column of a faulty file. Whatever text of a
file is repeated to the user goes through here first.
"""

from __future__ import annotations

import re
from typing import Final

# A NIK has 16 digits, a card number 11; a village code has 10, with or without dots.
_LONG_NUMBER: Final = re.compile(r"\d(?:[ .\-]?\d){10,}")
_HIDDEN: Final = "…"


def hide_numbers(text: str) -> str:
    """The text with runs of 11 or more digits hidden, however they are grouped."""
    return _LONG_NUMBER.sub(_HIDDEN, text)
