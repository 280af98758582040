"""The boundaries a workspace uses: every version kept, the last in force.

Files ``boundaries/<version>.parquet`` in the normal form; ``state.json`` names them in order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..boundaries.origin import Origin, write_layer
from ..core.errors import FileProblem, mark
from ..core.files import make_folder
from ..core.privacy import label_file
from .leftovers import changing
from .saved_state import State, read_state, write_state

if TYPE_CHECKING:
    from ..boundaries.reading import Boundaries


@dataclass(frozen=True)
class SavedBoundaries:
    """Layers saved in a workspace folder."""

    folder: Path

    def path(self) -> Path | None:
        """Give the layer in force; None where none was saved, or the last was undone."""
        return self._path(read_state(self.folder))

    def save(self, layer: Boundaries, name: str, sha256: str = "") -> Path:
        """Save a layer as the one in force.

        Parameters
        ----------
        layer : Boundaries
            As read; its villages are written at full resolution.
        name : str
            What its file is called; of it is kept what `geo.core.privacy.label_file` lets.
        sha256 : str
            Of the file, in hexadecimal.

        Raises
        ------
        FileProblem
            If the folder cannot be written to; the layer in force stays.
        """
        now = dt.datetime.now(dt.UTC)
        target = self._home() / f"{now:%Y%m%dT%H%M%S%f}.parquet"
        origin = Origin(label_file(name, sha256), "", layer.date or now.date())
        with changing(self.folder) as state:
            make_folder(self._home())
            write_layer(layer.villages, target, origin, durable=True)
            write_state(self.folder, replace(state, boundaries=(*state.boundaries, target.name)))
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
        with changing(self.folder) as state:
            if self._path(state) != shown:
                raise FileProblem(
                    mark("The boundaries were changed meanwhile; nothing was done. Look again.")
                )
            write_state(self.folder, replace(state, boundaries=state.boundaries[:-1]))

    def _path(self, state: State) -> Path | None:
        return self._home() / state.boundaries[-1] if state.boundaries else None

    def _home(self) -> Path:
        return self.folder / "boundaries"
