"""What can go wrong, as data.

An error says what was given, what was expected and what to do. It carries the
sentence as a message to translate and the facts apart from it, so that the
edge (page or command line) can say it in the reader's language. No error ever
holds a member's identity.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Final

from .privacy import hide_numbers

# What reading a table raises where the file is empty, cut off, or of another kind.
UNREADABLE: Final = (ValueError, OSError, EOFError, zlib.error)
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def mark(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


@dataclass(frozen=True)
class Note:
    """Something the user should know that is no error: a message and its facts."""

    message: str
    facts: dict[str, object] = field(default_factory=dict)


class JangkauError(Exception):
    """Root of all errors that a user can cause and mend.

    Parameters
    ----------
    message : str
        English sentence with ``{placeholders}``; also the catalogue's key.
    **facts : object
        Values of the placeholders.
    """

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        # What a file says where a code should be may be a member's number; and a name it gives
        # may hold line breaks, or orders to a terminal.
        self.facts = {
            name: hide_numbers(_CONTROLS.sub(" ", fact)) if isinstance(fact, str) else fact
            for name, fact in facts.items()
        }

    def leave_out(self, folder: str) -> None:
        """Say paths in a folder without it: it means nothing to who gave the files."""
        self.facts = {
            name: fact.replace(folder, "") if isinstance(fact, str) else fact
            for name, fact in self.facts.items()
        }

    def __str__(self) -> str:
        return self.message.format(**self.facts)


class FileProblem(JangkauError):
    """A file cannot be read, or is not what it was taken for."""


class ColumnProblem(JangkauError):
    """A table lacks a column, or a column holds what it should not."""


class QueryProblem(JangkauError):
    """A filter asks for something the data does not have."""


class SettingProblem(JangkauError):
    """A setting in ``jangkau.toml`` or a ``JANGKAU_`` variable is wrong."""


class EngineProblem(JangkauError):
    """An engine that counts is not known, not installed, does not answer or gives up."""
