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

from ..core.errors import FileProblem, mark
from ..core.files import make_folder, written_whole
from ..core.privacy import label_file
from .leftovers import changing
from .saved_state import State, read_state, write_state


@dataclass(frozen=True)
class SavedEligible:
    """Denominators saved in a workspace folder."""

    folder: Path

    def path(self) -> Path | None:
        """Find the table in force; None where none was saved, or the last was undone."""
        return self._path(read_state(self.folder))

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
        target = self._home() / f"{now:%Y%m%dT%H%M%S%f}.parquet"
        label = label_file(name, sha256)
        people = str(int(table["eligible"].sum()))
        facts = {"file": label, "sha256": sha256, "rows": str(len(table)), "people": people}
        with changing(self.folder) as state:
            make_folder(self._home())
            with written_whole(target, durable=True) as part:
                table.to_parquet(part, index=False)
            changed = replace(state, eligible=(*state.eligible, target.name))
            write_state(self.folder, _logged(changed, "eligible", now, **facts))
        return target

    def undo(self, shown: Path) -> None:
        """Go back to the denominators before, or to none.

        Parameters
        ----------
        shown : pathlib.Path
            The table to take back.

        Raises
        ------
        FileProblem
            If another table is in force meanwhile, or the folder cannot be written to.
        """
        with changing(self.folder) as state:
            if self._path(state) != shown:
                raise FileProblem(
                    mark("The eligible workers were changed meanwhile; nothing was done.")
                )
            changed = replace(state, eligible=state.eligible[:-1])
            now = dt.datetime.now(dt.UTC)
            write_state(self.folder, _logged(changed, "undo", now, outcome="eligible"))

    def _path(self, state: State) -> Path | None:
        return self._home() / state.eligible[-1] if state.eligible else None

    def _home(self) -> Path:
        return self.folder / "eligible"


def _logged(state: State, action: str, now: dt.datetime, **facts: Any) -> State:
    empty = dict.fromkeys(("period", "file", "sha256", "rows", "people"), "")
    when = {"when": now.isoformat(timespec="seconds"), "action": action, "outcome": "saved"}
    return replace(state, log=(*state.log, {**empty, **when, **facts}))
