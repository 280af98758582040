"""Processes that kill themselves at a chosen write of a workspace.

``python tests/support/kills.py command BASE OUT STEP WORDS…`` runs a command of ``geo`` on a
copy of the workspace BASE again and again, killed before its first write, before the one STEP
later, and so on until it comes to an end. Each copy stays in OUT under the number of the write;
a line of JSON a run says what became of it. ``page BASE OUT STEP FILE`` does the same with what the
button of the page "Data" calls. ``app FOLDER WRITE run app.py …`` starts the app, to be killed at
one write.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Killer:
    """Kills this process before its write of a number in a folder.

    A write is: to open for writing, to write the second half of a text, to flush, to make, move
    or remove.
    """

    def __init__(self, folder: Path, last: int) -> None:
        self.folder, self.last, self.writes = str(folder), last, 0

    def watch(self) -> None:
        flush, read = os.fsync, io.open

        def flushed(opened: int) -> None:
            self.count()
            flush(opened)

        def opened(path: Any, mode: str = "r", *places: Any, **options: Any) -> Any:
            if "w" not in mode or not str(path).startswith(self.folder):
                return read(path, mode, *places, **options)
            body = io.BufferedWriter(_Halves(str(path), self.count))
            if "b" in mode:
                return body
            return io.TextIOWrapper(body, options.get("encoding"), newline=options.get("newline"))

        os.fsync, io.open, builtins.open = flushed, opened, opened  # type: ignore[assignment]
        sys.addaudithook(self.hear)

    def hear(self, event: str, facts: tuple[Any, ...]) -> None:
        if event not in _CHANGES and not (event == "open" and int(facts[2] or 0) & _WRITING):
            return
        here = isinstance(facts[0], str | Path) and str(facts[0]).startswith(self.folder)
        # What is removed in an open folder has no path.
        if here or (event in {"os.remove", "os.rmdir"} and facts[1] != -1):
            self.count()

    def count(self) -> None:
        self.writes += 1
        if self.writes == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


class _Halves(io.FileIO):
    def __init__(self, path: str, half_done: Callable[[], None]) -> None:
        super().__init__(path, "w")
        self.half_done = half_done

    def write(self, body: Any) -> int:
        half = super().write(bytes(body)[: len(body) // 2])
        self.half_done()
        return half + super().write(bytes(body)[len(body) // 2 :])


def run_killed(run: Callable[[Path], object], base: Path, out: Path, step: int) -> None:
    """Run in processes of their own on copies of a folder, until one comes to an end."""
    for write in range(1, 1_000, step):
        copy = out / str(write)
        if base.exists():
            shutil.copytree(base, copy)
        if not (child := os.fork()):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            Killer(copy, write).watch()
            run(copy)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"write": write, "status": status}), flush=True)
        if status != -signal.SIGKILL:
            return


def the_command(words: list[str]) -> Callable[[Path], object]:
    """A command of ``geo`` on a workspace."""
    from geo.cli.main import app

    return lambda copy: app([*words, "--workspace", str(copy)], standalone_mode=False)


def the_button(file: Path) -> Callable[[Path], object]:
    """What the page does when a file has been read and counted and "Save" is clicked."""
    from factories import a_gazetteer

    from components.importing.save import _save
    from geo.core.files import Upload
    from geo.core.i18n import get_language
    from geo.counting.count import count_people
    from geo.enrolment.reading import read_enrolment
    from geo.workspace.periods import Workspace

    upload = Upload(file.name, file.read_bytes())
    reading = read_enrolment(upload)
    counts = count_people(reading.records, a_gazetteer())
    periods = sorted(counts.people["period"].unique())

    def save(copy: Path) -> None:
        workspace = Workspace(copy)
        shown = workspace.history(periods)
        _save(upload, reading, counts, shown, workspace, get_language("en"))

    return save


def start_app(folder: Path, write: int, words: list[str]) -> None:
    """The app as ``streamlit`` starts it."""
    from streamlit.web.cli import main as streamlit

    Killer(folder, write).watch()
    sys.argv = ["streamlit", *words]
    streamlit()


def main() -> None:
    """Read the arguments and run."""
    kind, folder, *words = sys.argv[1:]
    if kind == "app":
        start_app(Path(folder), int(words[0]), words[1:])
        return
    out, step, *words = words
    run = the_command(words) if kind == "command" else the_button(Path(words[0]))
    run_killed(run, Path(folder), Path(out), int(step))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
