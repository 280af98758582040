"""Files of one kind of which a workspace keeps every version: the last is in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from ..core.errors import FileProblem
from .leftovers import changing
from .saved_state import State, read_state, write_state


@dataclass(frozen=True)
class SavedVersions:
    """Versions of one kind in a workspace folder, each a file ``<kind>/<version>.parquet``.

    A kind says how its folder and its field of `State` are called (``kind``), and what is said
    where another version came into force meanwhile (``changed_meanwhile``).
    """

    kind: ClassVar[str]
    changed_meanwhile: ClassVar[str]
    folder: Path

    def path(self) -> Path | None:
        """Find the file in force; None where none was saved, or the last was undone."""
        return self._path(read_state(self.folder))

    def undo(self, shown: Path) -> None:
        """Go back to the version before, or to none.

        Parameters
        ----------
        shown : pathlib.Path
            The file to take back.

        Raises
        ------
        FileProblem
            If another one is in force meanwhile, or the folder cannot be written to.
        """
        with changing(self.folder) as state:
            if self._path(state) != shown:
                raise FileProblem(self.changed_meanwhile)
            versions = self._versions(state)[:-1]
            write_state(self.folder, self._log_undo(self._put(state, versions)))

    def _add(self, state: State, target: Path) -> State:
        return self._put(state, (*self._versions(state), target.name))

    def _put(self, state: State, versions: tuple[str, ...]) -> State:
        return replace(state, **{self.kind: versions})  # type: ignore[arg-type]

    def _log_undo(self, state: State) -> State:
        """Return the state with what the log says of an undo: of most kinds nothing."""
        return state

    def _new_target(self, now: dt.datetime) -> Path:
        return self._home() / f"{now:%Y%m%dT%H%M%S%f}.parquet"

    def _versions(self, state: State) -> tuple[str, ...]:
        versions: tuple[str, ...] = getattr(state, self.kind)
        return versions

    def _path(self, state: State) -> Path | None:
        versions = self._versions(state)
        return self._home() / versions[-1] if versions else None

    def _home(self) -> Path:
        return self.folder / self.kind
