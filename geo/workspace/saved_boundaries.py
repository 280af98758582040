"""The boundaries a workspace uses: every version kept, the last in force.

Files ``boundaries/<version>.parquet`` in the normal form; ``state.json`` names them in order.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..boundaries.origin import Origin, write_layer
from ..core.errors import mark
from ..core.files import make_folder
from ..core.privacy import label_file
from .leftovers import changing
from .saved_state import write_state
from .saved_versions import SavedVersions

if TYPE_CHECKING:
    from ..boundaries.reading import Boundaries


@dataclass(frozen=True)
class SavedBoundaries(SavedVersions):
    """Layers saved in a workspace folder."""

    kind = "boundaries"
    changed_meanwhile = mark("The boundaries were changed meanwhile; nothing was done. Look again.")

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
        target = self._new_target(now)
        origin = Origin(label_file(name, sha256), "", layer.date or now.date())
        with changing(self.folder) as state:
            make_folder(self._home())
            write_layer(layer.villages, target, origin, durable=True)
            write_state(self.folder, self._add(state, target))
        return target
