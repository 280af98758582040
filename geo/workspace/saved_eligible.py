"""The eligible workers a workspace uses: every version kept, the last in force.

Files ``eligible/<version>.parquet`` with the columns `geo.denominators.estimate.COLUMNS`;
``state.json`` names them in order, and logs who came and went.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import mark
from ..core.files import make_folder, written_whole
from ..core.privacy import label_file
from ..enrolment.reference_tables import read_eligible
from .leftovers import changing
from .saved_state import State, write_state
from .saved_versions import SavedVersions


@dataclass(frozen=True)
class SavedEligible(SavedVersions):
    """Denominators saved in a workspace folder."""

    kind = "eligible"
    changed_meanwhile = mark("The eligible workers were changed meanwhile; nothing was done.")

    def read(self) -> pd.DataFrame | None:
        """Read the denominators in force; None where none are saved.

        Raises
        ------
        FileProblem
            If their file is damaged.
        """
        path = self.path()
        return None if path is None else read_eligible(path)

    def save(self, table: pd.DataFrame, name: str, sha256: str = "") -> Path:
        """Save denominators as those in force.

        Parameters
        ----------
        table : pandas.DataFrame
            `geo.denominators.estimate.COLUMNS`.
        name : str
            What its file is called; of it is kept what `geo.core.privacy.label_file` lets.
        sha256 : str
            Of the file, in hexadecimal.

        Raises
        ------
        FileProblem
            If the folder cannot be written to; what was in force stays.
        """
        now = dt.datetime.now(dt.UTC)
        target = self._new_target(now)
        label = label_file(name, sha256)
        people = str(int(table["eligible"].sum()))
        facts = {"file": label, "sha256": sha256, "rows": str(len(table)), "people": people}
        with changing(self.folder) as state:
            make_folder(self._home())
            with written_whole(target, durable=True) as part:
                table.to_parquet(part, index=False)
            write_state(self.folder, _logged(self._add(state, target), "eligible", now, **facts))
        return target

    def _log_undo(self, state: State) -> State:
        return _logged(state, "undo", dt.datetime.now(dt.UTC), outcome="eligible")


def _logged(state: State, action: str, now: dt.datetime, **facts: Any) -> State:
    empty = dict.fromkeys(("period", "file", "sha256", "rows", "people"), "")
    when = {"when": now.isoformat(timespec="seconds"), "action": action, "outcome": "saved"}
    return replace(state, log=(*state.log, {**empty, **when, **facts}))
