"""What every command shares: language, progress, one-line errors, writing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..audit.low_match import TooFewMatched
from ..boundaries.conventions import FieldMissing
from ..boundaries.shapes import CrsMissing
from ..core.defaults import SAMPLE_BOUNDARIES
from ..core.errors import FileProblem, JangkauError, Note, QueryProblem, mark
from ..core.files import write_atomically
from ..core.i18n import Language
from ..enrolment.reading import ColumnMissing, OpenQuestion
from ..isolation.readers import IsolatedReaders
from ..workspace.periods import Workspace
from ..workspace.saved_boundaries import SavedBoundaries
from ..workspace.saved_eligible import SavedEligible
from ..workspace.settings import read_settings

_console: Final = Console(stderr=True)

LanguageOption = Annotated[
    Literal["id", "en"], typer.Option("--lang", envvar="JANGKAU_LANGUAGE", help="id or en.")
]
FieldOption = Annotated[
    list[str] | None,
    typer.Option("--field", help="ROLE=FIELD of the boundaries, such as name=NAMOBJ."),
]
CacheOption = Annotated[
    Path | None, typer.Option("--cache", envvar="JANGKAU_CACHE", help="Folder of prepared shapes.")
]


def check_suffix(out: Path, suffixes: tuple[str, ...]) -> None:
    """Refuse a file name whose suffix says another format.

    Raises
    ------
    FileProblem
        If the suffix is none of the known ones.
    """
    if out.suffix.lower() not in suffixes:
        raise FileProblem(
            mark("{path} has no known suffix; expected is one of {known}."),
            path=str(out),
            known=", ".join(suffixes),
        )


def write_file(out: Path, body: bytes) -> None:
    """Write all of the file or nothing of it; what prevents it is one sentence."""
    with write_errors_in_one_line(out):
        write_atomically(out, body)


@contextmanager
def write_errors_in_one_line(out: Path) -> Iterator[None]:
    """Turn what the system says about a path into a sentence."""
    try:
        yield
    except OSError as error:
        raise FileProblem(
            mark("{path} cannot be written: {reason}."), path=str(out), reason=error.strerror
        ) from error


@contextmanager
def one_line_errors(language: Language) -> Iterator[None]:
    """End with one line on stderr and exit code 1 where the user can mend the cause."""
    try:
        yield
    except JangkauError as error:
        print(
            " ".join(filter(None, (language.say(error), answer_to(error, language)))),
            file=sys.stderr,
        )
        raise typer.Exit(1) from error


def answer_to(error: JangkauError, language: Language) -> str:
    """Name the option that answers the question of an error; empty if it asks nothing."""
    match error:
        case OpenQuestion(question=question) if question.column:
            name = f'"{question.column}"' if " " in question.column else question.column
            options = [f"--style {name}={key} ({words})" for key, words in question.options.items()]
        case OpenQuestion(question=question) if question.kind == "segments":
            options = ["--covers all", "--covers pu,bpu"]
        case OpenQuestion():
            options = ["--period 2024-10"]
        case ColumnMissing(roles=roles):
            options = [f"--column NAME={role}" for role in roles]
        case TooFewMatched(cause=cause):
            said = language(cause.message, **cause.facts)
            option = language(
                mark("Option of the command: {options}."), options="--accept-unmatched"
            )
            return f"{said} {option}"
        case FieldMissing():
            options = ["--field name=FIELD", "--field code=FIELD"]
        case CrsMissing():
            options = [f"--crs {error.suggestion or 'EPSG:…'}"]
        case _:
            return ""
    return language(mark("Option of the command: {options}."), options=" | ".join(options))


@contextmanager
def progress_bar(language: Language) -> Iterator[Callable[..., None]]:
    """Show a bar on stderr with the name of each step and, where known, the share done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    # Where nobody watches, a bar is nothing but an empty line on stderr.
    quiet = not _console.is_terminal
    with Progress(*columns, console=_console, transient=True, disable=quiet) as bar:
        task = bar.add_task("", total=None)

        def tell(step: str, done: float | None = None) -> None:
            share = {} if done is None else {"total": 1.0, "completed": done}
            bar.update(task, description=language(step), **share)  # type: ignore[arg-type]

        yield tell


def find_boundaries(given: Path | None, workspace: Path | None) -> Path:
    """Return the layer given, else that saved in the workspace, else the sample's."""
    if given:
        return given
    saved = SavedBoundaries(workspace).path() if workspace else None
    return saved or SAMPLE_BOUNDARIES


def open_workspace(folder: Path | None) -> Workspace | None:
    """Open the workspace, which must hold a period.

    Raises
    ------
    QueryProblem
        If nothing is saved there.
    """
    if folder is None:
        return None
    workspace = Workspace(folder)
    if not workspace.periods():
        raise QueryProblem(mark("The workspace {path} has no period yet."), path=str(folder))
    return workspace


def find_eligible(workspace: Path | None) -> Path | None:
    """Find the denominators saved in the workspace, if any."""
    return SavedEligible(workspace).path() if workspace else None


def find_cache(given: Path | None) -> Path:
    """Find the folder of prepared shapes: as given, else as the settings say."""
    return given or read_settings().cache


def open_readers(progress: Callable[..., None]) -> IsolatedReaders:
    """Give the readers of files from strangers, under the limits of the settings."""
    return IsolatedReaders(read_settings().reader_limits, progress)


def pairs(texts: list[str] | None) -> dict[str, str]:
    """Options NAME=VALUE as a mapping."""
    found = {}
    for text in texts or []:
        name, sign, value = text.rpartition("=")
        if not sign:
            raise QueryProblem(mark("{value} is no NAME=VALUE."), value=text)
        found[name] = value
    return found


def print_table(title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Rows of a label and a figure; nothing where there are none."""
    if not rows:
        return
    table = Table(title=title or None, title_justify="left", show_header=False, box=None)
    table.add_column()
    table.add_column(justify="right", overflow="fold")
    for label, value in rows:
        table.add_row(escape(label), escape(value))
    Console().print(table, highlight=False)


def print_warnings(notes: Iterable[Note], language: Language) -> None:
    """Print what is wrong but prevents nothing, a line each, on stderr."""
    for note in notes:
        print(language(note.message, **note.facts), file=sys.stderr)
