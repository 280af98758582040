"""Kill changes of a workspace at random moments, and look at what is left each time.

``python -m bench.kill_saves [--kills 200] [--seed 1]`` imports, replaces, removes and undoes two
periods, through the command line and through what the page's button calls, each in a process of
its own that gets SIGKILL at a random moment: half of them at any, half of them while it writes.
All of it happens in one workspace. After every kill the workspace is opened: it must be as before
or as after the change, in all periods and in the log; what was confirmed must be there; what was
left over must be gone at the next start. Prints counts, and ends with 1 at the first fault.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from components.importing.save import _save
from geo.cli.main import app
from geo.core.files import Upload
from geo.core.i18n import get_language
from geo.counting.count import count_people
from geo.enrolment.reading import read_enrolment
from geo.measures.dataset import open_places
from geo.workspace.leftovers import find_leftovers, tidy_workspace
from geo.workspace.periods import Workspace
from geo.workspace.saved_state import State, read_state

PERIODS = ("2024-04", "2024-10")
SIZES = (3, 40, 2_000)
_WRITES = 0.4  # seconds that a change writes for at most, on a busy machine


@dataclass(frozen=True)
class Kill:
    """What became of one change: its kind, whether it was killed, and whether it is in force."""

    kind: str
    killed: bool
    done: bool


def write_records(folder: Path, people: int) -> Path:
    """Workers of the first village of the sample, in both periods."""
    head = "PERIODE,NIK,KODE_DESA,SEGMEN,STATUS"
    lines = [
        f"{period},{9_962_050_000_000_000 + number},62.05.01.1001,PU,AKTIF"
        for period in PERIODS
        for number in range(people)
    ]
    path = folder / f"peserta {people}.csv"
    path.write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    return path


def page_save(workspace: Path, file: Path) -> Callable[[], None]:
    """What the page does on a click once a file is read and counted."""
    upload = Upload(file.name, file.read_bytes())
    reading = read_enrolment(upload)
    counts = count_people(reading.records, open_places().gazetteer)

    def save() -> None:
        saved = Workspace(workspace)
        _save(upload, reading, counts, saved.history(PERIODS), saved, get_language("en"))
        print("confirmed", flush=True)

    return save


def command(*words: str | Path) -> Callable[[], None]:
    """A command as it is given in a shell; its last words confirm it."""

    def run() -> None:
        app([*map(str, words), "--lang", "en"], standalone_mode=False)
        print("confirmed", flush=True)

    return run


def kill(run: Callable[[], None], workspace: Path, kind: str, chance: random.Random) -> Kill:
    """Run in a process of its own and kill it at a random moment."""
    before = read_state(workspace)
    said = workspace.with_name("said.txt")
    writing = chance.random() < 0.5
    child = os.fork()
    if not child:
        opened = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(opened, 1)
        os.dup2(opened, 2)
        run()
        os._exit(0)
    if writing:
        _wait_for_writes(workspace, child)
    time.sleep(chance.uniform(0, _WRITES if writing else 3 * _WRITES))
    os.kill(child, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL):
        raise SystemExit(f"{kind} ended with {status}: {said.read_text()}")
    confirmed = "confirmed" in said.read_text() if said.exists() else False
    said.unlink(missing_ok=True)
    done = check(workspace, before, kind)
    if confirmed and not done:
        raise SystemExit(f"{kind} was confirmed and is not there")
    return Kill(kind, status != 0, done)


def _wait_for_writes(workspace: Path, child: int) -> None:
    """Wait until something in the workspace changes, or the process is at its end."""
    places = [workspace, *(workspace / "periods" / period for period in PERIODS)]

    def times() -> list[int]:
        return [place.stat().st_mtime_ns if place.exists() else 0 for place in places]

    first = times()
    while times() == first:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return
        time.sleep(0.001)


def check(workspace: Path, before: State, kind: str) -> bool:
    """Look at a workspace after a change was broken off; whether the change is in force."""
    state = read_state(workspace)
    known, new = state.log[: len(before.log)], state.log[len(before.log) :]
    if known != before.log:
        raise SystemExit(f"{kind}: the log has lost what was confirmed before")
    if not new and state.periods != before.periods:
        raise SystemExit(f"{kind}: periods changed without an entry in the log")
    if new:
        changed = {p for p in PERIODS if state.versions(p) != before.versions(p)}
        whole = {*PERIODS} if kind in {"import", "page save"} else changed
        if {entry["period"] for entry in new} != changed or changed != whole:
            raise SystemExit(f"{kind}: {changed} changed, and the log says {new}")
    for period in state.in_force():
        people = int(Workspace(workspace).read_counts(period).people["people"].sum())
        if people not in SIZES:
            raise SystemExit(f"{kind}: {period} has {people} people")
    tidy_workspace(workspace)
    if find_leftovers(workspace, state) or read_state(workspace) != state:
        raise SystemExit(f"{kind}: leftovers stay, or tidying changed what is in force")
    return bool(new)


def choose(
    workspace: Path, files: list[Path], saves: list[Callable[[], None]], chance: random.Random
) -> tuple[str, Callable[[], None]]:
    """A change that can be made now."""
    state = read_state(workspace)
    kinds = ["import", "page save"]
    kinds += ["remove"] if state.in_force() else []
    kinds += ["undo"] if state.last_changed() else []
    kind = chance.choice(kinds)
    here = ("--workspace", workspace)
    if kind == "import":
        return kind, command("import", chance.choice(files), "--yes", *here)
    if kind == "remove":
        return kind, command("periods", "remove", chance.choice(state.in_force()), *here)
    if kind == "undo":
        return kind, command("periods", "undo", *here)
    return kind, chance.choice(saves)


def main() -> None:
    """Kill and count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # Streamlit misses its page
    chance = random.Random(given.seed)  # noqa: S311 -- moments, no secrets
    became: list[Kill] = []
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        files = [write_records(Path(folder), people) for people in SIZES]
        saves = [page_save(workspace, file) for file in files]
        while sum(each.killed for each in became) < given.kills:
            kind, run = choose(workspace, files, saves, chance)
            became.append(kill(run, workspace, kind, chance))
    for kind, count in sorted(Counter(each.kind for each in became).items()):
        killed = [each.done for each in became if each.kind == kind and each.killed]
        print(
            f"{kind}: {count} begun, {count - len(killed)} confirmed, {len(killed)} killed, of "
            f"these {sum(killed)} done and {len(killed) - sum(killed)} as before"
        )
    print(f"{given.kills} kills: nothing confirmed lost, nothing half there")


if __name__ == "__main__":
    main()
