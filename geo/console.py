"""What the commands share: language, one line for an error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from .errors import JangkauError
from .i18n import Language

LanguageOption = Annotated[
    Literal["id", "en"], typer.Option("--lang", envvar="JANGKAU_LANGUAGE", help="id or en.")
]


@contextmanager
def one_line_errors(language: Language) -> Iterator[None]:
    """Say what a user can mend in one line on stderr, and end with code 1."""
    try:
        yield
    except JangkauError as error:
        print(language(error.message, **error.facts), file=sys.stderr)
        raise typer.Exit(1) from error
