"""What a workspace says, to be compared before and after it was broken off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from geo.workspace.leftovers import find_leftovers, tidy_workspace
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries
from geo.workspace.saved_state import read_state

PERIODS = ("2024-04", "2024-10")
_SAID = ["action", "period", "outcome"]


def observe(folder: Path) -> dict[str, Any]:
    """All that a workspace says; fails where anything in it cannot be read."""
    workspace = Workspace(folder)
    history = workspace.history([*workspace.periods(), *workspace.removed_periods()])
    layer = SavedBoundaries(folder).path()
    return {
        "versions": history,
        "people": {
            p: int(workspace.read_counts(p).people["people"].sum()) for p in workspace.periods()
        },
        "log": workspace.log()[_SAID].to_numpy().tolist(),
        "boundaries": None if layer is None else parquet.read_table(layer).num_rows,
        "aliases": workspace.aliases()["village"].tolist(),
        "mapping": workspace.mapping("shape"),
    }


def copied_log(folder: Path) -> list[list[str]]:
    """The log that a spreadsheet shows, the latest first."""
    path = folder / "import_log.csv"
    if not path.exists():
        return []
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    return table[_SAID].iloc[::-1].to_numpy().tolist()


def is_as_named(folder: Path) -> bool:
    """Whether what the state names is there, and nothing else in the folders of versions."""
    state = read_state(folder)
    named = {f"periods/{p}/{v}" for p, versions in state.periods.items() for v in versions if v}
    named |= {f"boundaries/{name}" for name in state.boundaries}
    there = [*folder.glob("periods/*/*"), *folder.glob("boundaries/*")]
    if not (folder / "state.json").exists():
        there = [path for path in there if path.name != "versions.json"]
    return named == {path.relative_to(folder).as_posix() for path in there}


def check_sound(folder: Path) -> None:
    """Check that a start changes nothing that is in force and leaves nothing else behind."""
    state = read_state(folder)
    tidy_workspace(folder)
    assert read_state(folder) == state
    assert is_as_named(folder)
    assert find_leftovers(folder, state) == []
    assert copied_log(folder) == Workspace(folder).log()[_SAID].to_numpy().tolist()
