"""What a workspace has in force and what was done in it: one file, replaced in one step.

``state.json`` holds the names of the versions of every period, of the boundaries and of the
eligible workers, in order,
the last in force, and the log, the oldest entry first. Data and log can so never disagree: a
change is there when this file is replaced, and not before. ``import_log.csv`` is a copy of the
log for spreadsheets; nothing is read from it.

Workspaces of before kept a list of names in each folder (``versions.json``) and the log in
``import_log.csv`` alone. They are read as they are; the first change writes ``state.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ..core.errors import UNREADABLE, FileProblem, mark
from ..core.files import write_atomically
from ..core.privacy import label_file
from ..core.text_tables import read_text

STATE: Final = "state.json"
LOG: Final = "import_log.csv"
VERSIONS: Final = "versions.json"  # a list of before
LOG_COLUMNS: Final = ("when", "action", "period", "file", "sha256", "rows", "people", "outcome")
REMOVED: Final = ""
# Name of a version: the time of the save. Of boundaries it is a file.
VERSION: Final = re.compile(r"\d{8}T\d{12}(?:\.parquet)?")

Entry = Mapping[str, str]


@dataclass(frozen=True)
class State:
    """What is in force, and what was done.

    Attributes
    ----------
    periods : mapping of str to tuple of str
        Names of versions by period, the last in force; an empty name where it is removed.
    boundaries : tuple of str
        Names of the files of boundaries, the last in force.
    eligible : tuple of str
        Names of the files of eligible workers, the last in force.
    log : tuple of mapping
        Entries with the columns `LOG_COLUMNS`, the oldest first.
    """

    periods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boundaries: tuple[str, ...] = ()
    eligible: tuple[str, ...] = ()
    log: tuple[Entry, ...] = ()

    def versions(self, period: str) -> tuple[str, ...]:
        """Versions of a period in order; none where it was never saved."""
        return self.periods.get(period, ())

    def version(self, period: str) -> str:
        """Give the version in force; empty where there is none."""
        return (self.versions(period) or (REMOVED,))[-1]

    def in_force(self) -> list[str]:
        """Periods in force, in order."""
        return sorted(period for period in self.periods if self.version(period))

    def removed(self) -> list[str]:
        """Periods out of force that can be brought back, in order."""
        return sorted(p for p in self.periods if not self.version(p) and any(self.versions(p)))

    def together(self, period: str) -> list[str]:
        """Periods in force from the same save as this one, itself among them."""
        version = self.version(period)
        return [p for p in self.in_force() if version and self.version(p) == version]

    def undone_with(self, period: str) -> list[str]:
        """Periods that an undo of this one changes: of one save all that are in force."""
        return self.together(period) or [period]

    def last_changed(self) -> str:
        """Find the period whose change an undo has to take back first; empty if there is none."""
        changed: list[str] = []
        for entry in self.log:
            if not entry["period"]:
                continue  # of eligible workers, which are of no period
            changes = [index for index, period in enumerate(changed) if period == entry["period"]]
            if entry["action"] == "undo" and changes:
                del changed[changes[-1]]
            else:
                # An undo with no change before it brought the period back.
                changed.append(entry["period"])
        return changed[-1] if changed else ""

    def change(self, periods: Mapping[str, Sequence[str]], entries: Iterable[Entry]) -> State:
        """Give the state after a change of these periods, with what the log says of it."""
        changed = {period: tuple(versions) for period, versions in periods.items()}
        return replace(self, periods={**self.periods, **changed}, log=(*self.log, *entries))


def read_state(folder: Path) -> State:
    """Read the state of a workspace; an empty one where there is no workspace.

    Raises
    ------
    FileProblem
        If the file is damaged, or a list of a workspace of before is.
    """
    path = folder / STATE
    try:
        return _parse(path, path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return _read_before(folder)
    except (*UNREADABLE, AttributeError, KeyError, TypeError) as error:
        raise broken(path) from error


def write_state(folder: Path, state: State) -> None:
    """Put a state in force, in one step, and copy its log.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    content = {
        "periods": {period: list(state.periods[period]) for period in sorted(state.periods)},
        "boundaries": list(state.boundaries),
        "eligible": list(state.eligible),
        "log": [dict(entry) for entry in state.log],
    }
    body = json.dumps(content, indent=1, ensure_ascii=False).encode()
    write_atomically(folder / STATE, body, durable=True)
    copy_log(folder, state)


def copy_log(folder: Path, state: State) -> None:
    """Write the log as a table; one that cannot be written now is written with the next change."""
    with suppress(OSError):
        write_atomically(folder / LOG, _log_table(state), durable=True)


def is_log_copied(folder: Path, state: State) -> bool:
    """Whether the table says what ``state.json`` does; so it does where there is no such file."""
    if not (folder / STATE).exists():
        return True
    return (folder / LOG).is_file() and (folder / LOG).read_bytes() == _log_table(state)


def _log_table(state: State) -> bytes:
    body: bytes = list_log(state).to_csv(index=False, lineterminator="\n").encode()
    return body


def list_log(state: State) -> pd.DataFrame:
    """Read the log as a table, the oldest entry first."""
    return pd.DataFrame(list(state.log), columns=list(LOG_COLUMNS), dtype="str")


def state_files(folder: Path) -> list[Path]:
    """Files that change whenever the state does."""
    state = folder / STATE
    return [state] if state.exists() else sorted(folder.glob(f"periods/*/{VERSIONS}"))


@lru_cache(maxsize=4)
def _parse(path: Path, body: bytes) -> State:
    """Parse the state that a file holds, memoised: a page asks for the same many times."""
    content = json.loads(body)
    return State(
        {_name(path, period): _names(path, names) for period, names in content["periods"].items()},
        _names(path, content["boundaries"]),
        # Workspaces of before hold none.
        _names(path, content.get("eligible", [])),
        tuple({column: str(entry[column]) for column in LOG_COLUMNS} for entry in content["log"]),
    )


def _read_before(folder: Path) -> State:
    """Read the state of a workspace of an earlier version, or of none."""
    try:
        before = _read_lists(folder)
    except FileProblem:
        if not (folder / STATE).exists():
            raise
    else:
        if not (folder / STATE).exists():
            return before
    # Another process has replaced the lists by the file meanwhile.
    return read_state(folder)


def _read_lists(folder: Path) -> State:
    lists = sorted(folder.glob(f"periods/*/{VERSIONS}"))
    layers = folder / "boundaries" / VERSIONS
    saved = [*folder.glob("periods/*/*"), *folder.glob("boundaries/*")]
    # Were they taken for leftovers, all would be lost.
    if not lists and not layers.exists() and any(VERSION.fullmatch(path.name) for path in saved):
        raise FileProblem(
            mark(
                "{path} is missing, but the folder holds saved periods or boundaries; put it back "
                "from a copy, or move them elsewhere."
            ),
            path=str(folder / STATE),
        )
    return State(
        {path.parent.name: read_list(path) for path in lists},
        read_list(layers),
        (),
        _read_log(folder / LOG),
    )


def read_list(path: Path) -> tuple[str, ...]:
    """Names in a list of versions of before; none where there is no file.

    Raises
    ------
    FileProblem
        If the file is no list of names.
    """
    return _names(path, read_json(path, []))


def _read_log(path: Path) -> tuple[Entry, ...]:
    if not path.is_file():
        return ()
    table = read_text(path).reindex(columns=list(LOG_COLUMNS), fill_value="")
    table["file"] = [
        label_file(*source) for source in zip(table["file"], table["sha256"], strict=True)
    ]
    return tuple(table.to_dict("records"))


def _names(path: Path, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise broken(path)
    return tuple(_name(path, name) for name in value)


def _name(path: Path, name: Any) -> str:
    """Check that a name leads to no other folder."""
    if not isinstance(name, str) or Path(name).name != name or name == "..":
        raise broken(path)
    return name


def read_json(path: Path, default: Any) -> Any:
    """Read a JSON file of the type of the default; give the default where there is no file.

    Raises
    ------
    FileProblem
        If the file is no JSON, or holds something of another kind.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
    except UNREADABLE as error:
        raise broken(path) from error
    if not isinstance(content, type(default)):
        raise broken(path)
    return content


def broken(path: Path) -> FileProblem:
    """Make the error of a file of the workspace that is not understood."""
    return FileProblem(
        mark("{path} is damaged; repair it or put it back from a copy."), path=str(path)
    )
