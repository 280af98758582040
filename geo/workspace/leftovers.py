"""Changes of a workspace, and what changes that were broken off have left behind.

Leftovers are folders ``.part-…`` of a process that was killed, versions and boundaries that no
list names, of a save that never came into force or was undone, and the lists of before that
``state.json`` stands for. They are removed before the next change and at the start of the app,
under the workspace's lock, so that nothing is taken away that another process writes now. Only
names that this program gives are removed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ..core.errors import FileProblem
from ..core.files import PART, one_writer
from .saved_state import (
    STATE,
    VERSION,
    VERSIONS,
    State,
    copy_log,
    is_log_copied,
    read_list,
    read_state,
    write_state,
)

_OWN: Final = {
    "part": re.compile(rf"{re.escape(PART)}\w+"),
    "period": re.compile(r"\d{4}-\d{2}"),
    "version": VERSION,
}


@contextmanager
def changing(folder: Path) -> Iterator[State]:
    """Lock the state of a workspace, to be changed by no one else meanwhile.

    A new workspace, or one of before, first gets its ``state.json``: without it, what is saved
    cannot be told from leftovers. Those are removed then, and again where the change fails.

    Raises
    ------
    FileProblem
        If the folder cannot be written to, or another writer takes too long.
    """
    with one_writer(folder):
        state = read_state(folder)
        if not (folder / STATE).exists():
            write_state(folder, state)
        remove_leftovers(folder, state)
        try:
            yield state
        except BaseException:
            with suppress(FileProblem):
                remove_leftovers(folder, read_state(folder))
            raise


def tidy_workspace(folder: Path) -> None:
    """Remove leftovers at a start; while another process writes, that is left to it.

    A folder without leftovers is not written to.
    """
    with suppress(FileProblem, OSError):
        if _is_tidy(folder, read_state(folder)):
            return
        with one_writer(folder, patience=0):
            state = read_state(folder)
            remove_leftovers(folder, state)
            if not is_log_copied(folder, state):
                copy_log(folder, state)


def _is_tidy(folder: Path, state: State) -> bool:
    return is_log_copied(folder, state) and not find_leftovers(folder, state)


def remove_leftovers(folder: Path, state: State) -> None:
    """Remove what `find_leftovers` finds; what cannot be removed stays for the next time."""
    for path in find_leftovers(folder, state):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def find_leftovers(folder: Path, state: State) -> list[Path]:
    """List what no state needs, among files and folders with names that this program gives."""
    homes = [(home, state.versions(home.name)) for home in _below(folder / "periods", "period")]
    homes.append((folder / "boundaries", state.boundaries))
    homes.append((folder / "eligible", state.eligible))
    leftovers = _below(folder, "part") + _below(folder / "periods", "part")
    for home, listed_versions in homes:
        leftovers += _below(home, "part")
        manifest_versions = _listed(home)
        # A program of before that has written here since then: its save is not ours to remove.
        if manifest_versions is None or not manifest_versions <= set(listed_versions):
            continue
        leftovers += [path for path in _below(home, "version") if path.name not in listed_versions]
        if (folder / STATE).exists() and (home / VERSIONS).exists():
            leftovers.append(home / VERSIONS)
    return leftovers


def _listed(home: Path) -> set[str] | None:
    """Names in the list of before in a folder; None where it is damaged."""
    try:
        return set(read_list(home / VERSIONS))
    except FileProblem:
        return None


def _below(folder: Path, kind: str) -> list[Path]:
    """Entries of a folder with a name of this kind; links lead elsewhere and are left alone."""
    with suppress(OSError):
        entries = sorted(folder.iterdir())
        return [p for p in entries if _OWN[kind].fullmatch(p.name) and not p.is_symlink()]
    return []
