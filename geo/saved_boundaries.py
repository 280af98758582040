"""The boundaries a workspace uses: every version kept, the last in force.

Files ``boundaries/<version>.parquet`` in the normal form beside ``boundaries/versions.json``.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .boundary_files.origin import Origin, write_layer
from .errors import FileProblem, mark
from .files import one_writer, write_atomically
from .saved_counts import read_versions

if TYPE_CHECKING:
    from .boundaries import Boundaries

_VERSIONS: Final = "versions.json"


@dataclass(frozen=True)
class SavedBoundaries:
    """Layers saved in a workspace folder."""

    folder: Path

    def path(self) -> Path | None:
        """The layer in force; None where none was saved, or the last was undone."""
        versions = self._versions()
        return self._home() / versions[-1] if versions else None

    def save(self, layer: Boundaries, name: str) -> Path:
        """Save a layer as the one in force.

        Parameters
        ----------
        layer : Boundaries
            As read; its villages are written at full resolution.
        name : str
            What to call its source.

        Raises
        ------
        FileProblem
            If the folder cannot be written to; the layer in force stays.
        """
        now = dt.datetime.now(dt.UTC)
        target = self._home() / f"{now:%Y%m%dT%H%M%S%f}.parquet"
        with one_writer(self.folder):
            self._home().mkdir(parents=True, exist_ok=True)
            write_layer(layer.villages, target, Origin(name, "", layer.date or now.date()))
            self._put([*self._versions(), target.name])
        return target

    def undo(self, shown: Path) -> None:
        """Go back to the layer before, or to none.

        Parameters
        ----------
        shown : pathlib.Path
            The layer to take back.

        Raises
        ------
        FileProblem
            If another layer is in force meanwhile, or the folder cannot be written to.
        """
        with one_writer(self.folder):
            if self.path() != shown:
                raise FileProblem(
                    mark("The boundaries were changed meanwhile; nothing was done. Look again.")
                )
            self._put(self._versions()[:-1])

    def _home(self) -> Path:
        return self.folder / "boundaries"

    def _versions(self) -> list[str]:
        return read_versions(self._home() / _VERSIONS)

    def _put(self, versions: list[str]) -> None:
        write_atomically(self._home() / _VERSIONS, json.dumps(versions).encode())
