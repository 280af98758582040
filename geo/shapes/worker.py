"""Steps of the preparation, in this process or, for a large layer, in one of their own.

``python -m geo.shapes.worker TASK`` does a task given as JSON and prints a line of JSON
for each share done, then one for what came of it. A process of its own gives all its
memory back, and a page whose script is running can start it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from ..core import errors
from ..core.errors import FileProblem, JangkauError, mark
from .block_builder import Tell, build_block
from .cache import Cache, Kept
from .layer import split_layer

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
Task = dict[str, Any]
Run = Callable[[Task, Tell], dict[str, Any]]


def run_here(task: Task, tell: Tell) -> dict[str, Any]:
    """Do a task in this process.

    Parameters
    ----------
    task : dict
        ``cache``, and either ``path``, ``layer``, ``crs`` (see
        `geo.shapes.layer.split_layer`) or ``tables`` by province (see
        `geo.shapes.block_builder.build_block`).
    tell : callable
        Is told the share done.
    """
    cache = Cache(Path(task["cache"]))
    if "tables" in task:
        tables = {province: Kept(**facts) for province, facts in task["tables"].items()}
        return build_block(cache, tables, tell)
    return split_layer(
        cache, Path(task["path"]), task["layer"], task["crs"], task.get("fields") or None
    )


def run_apart(task: Task, tell: Tell) -> dict[str, Any]:
    """Do a task in a process of its own (see `run_here`).

    Raises
    ------
    JangkauError
        As the process met it; `FileProblem` if it ended without a word.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as trouble,
        _start(task, trouble) as process,
    ):
        try:
            return _listen(process.stdout or (), tell) or _fail(process, trouble)
        finally:
            process.kill()


def _start(task: Task, trouble: Any) -> subprocess.Popen[str]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(  # noqa: S603 -- this very module, no shell
        [sys.executable, "-m", __name__, json.dumps(task)],
        stdout=subprocess.PIPE,
        stderr=trouble,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
    )


def _listen(lines: Iterable[str], tell: Tell) -> dict[str, Any] | None:
    """Read the result of the task; None if the process ended without one."""
    for line in lines:
        message = json.loads(line)
        if "share" in message:
            tell(message["share"])
        elif "problem" in message:
            raise _problem(**message["problem"])
        else:
            return dict(message["result"])
    return None


def _problem(kind: str, message: str, facts: dict[str, Any]) -> JangkauError:
    problem_class = getattr(errors, kind, JangkauError)
    return (
        problem_class(message, **facts)
        if issubclass(problem_class, JangkauError)
        else JangkauError(message)
    )


def _fail(process: subprocess.Popen[str], trouble: Any) -> dict[str, Any]:
    trouble.seek(0)
    last = (trouble.read().strip().splitlines() or [f"exit {process.wait()}"])[-1]
    raise FileProblem(
        mark("Preparing the shapes stopped: {reason}. Is there enough memory and disk space?"),
        reason=last.rstrip("."),
    )


def main() -> None:
    """Do the task of the command line."""

    def say(**what: Any) -> None:
        print(json.dumps(what, default=str), flush=True)

    try:
        say(result=run_here(json.loads(sys.argv[1]), lambda share: say(share=share)))
    except JangkauError as error:
        kind = next(c.__name__ for c in type(error).__mro__ if c.__module__ == errors.__name__)
        say(problem={"kind": kind, "message": error.message, "facts": error.facts})


if __name__ == "__main__":
    main()
