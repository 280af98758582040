"""The parent's side: start the reading process, feed it, listen, and say how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

from ..core.errors import FileProblem, JangkauError, mark
from ..core.files import Upload
from .limits import CLOCK_PER_SECOND, Limits
from .wire import receive, send, write_part

Progress = Callable[[str, float | None], None]

_ROOT: Final = Path(__file__).resolve().parents[2]
_TICK: Final = 0.25  # seconds between two calls of the progress while nothing is said
_WAITING_ANSWERS: Final = 64
_GRACE: Final = 10.0  # seconds in which a process that closed its output ends
_ENDED: Final[dict[str, Any]] = {"stopped": ""}
# How a process ends that was refused memory in a library written in C or Rust, and one over its
# time. Where there are no signals, both end with another code.
_OUT_OF_MEMORY: Final = {-6, -9}
_OUT_OF_TIME: Final = {-24}


def run_isolated(
    function: str,
    arguments: Mapping[str, Any],
    *,
    label: str,
    limits: Limits,
    uploads: Sequence[Upload] = (),
    readable: Sequence[Path] = (),
    progress: Progress = lambda step, done: None,
) -> Any:
    """Run a function in a process of its own.

    Parameters
    ----------
    function : str
        ``module:name``; called with uploads by name, a writable folder, a progress, the arguments.
    arguments : mapping
        Keyword arguments, of the kinds that `geo.isolation.wire` sends.
    label : str
        How the file is called in a sentence.
    limits : Limits
        What the process may use.
    uploads : sequence of Upload
        Files in memory; they go through a pipe.
    readable : sequence of pathlib.Path
        Files on disk that the process may read.
    progress : callable
        Told the step and the share done every quarter of a second; what it raises ends the process.

    Returns
    -------
    object
        What the function returned.

    Raises
    ------
    JangkauError
        As the function raised it; `FileProblem` where a limit was met or the process broke off.
    """
    with tempfile.TemporaryDirectory(prefix="jangkau-read-") as folder:
        request = {
            "function": function,
            "readable": [str(path.resolve()) for path in readable],
            "folder": str(Path(folder).resolve()),
            "uploads": [upload.name for upload in uploads],
            "limits": vars(limits),
            "most": limits.memory,
        }
        with _start(folder) as process:
            try:
                _in_background(_feed, process, request, arguments, uploads)
                answer = _listen(process, limits, progress)
                code = process.wait(_GRACE) if answer is _ENDED else 0
            finally:
                process.kill()
    if "result" in answer:
        return answer["result"]
    if isinstance(answer.get("problem"), JangkauError):
        raise answer["problem"]
    raise _describe_end(str(answer.get("stopped", "")), code, label, limits)


def _start(folder: str) -> subprocess.Popen[bytes]:
    """Start the process with an environment of its own: no variable of the server reaches it."""
    environment = {
        "PYTHONPATH": str(_ROOT),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": folder,
        # Memory is limited by addresses: no library may set aside what it does not use.
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
    }
    return subprocess.Popen(
        [sys.executable, "-m", "geo.isolation.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a library says of a file may hold what stands in it.
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=environment,
    )


def _in_background(target: Callable[..., None], *arguments: Any) -> None:
    Thread(target=target, args=arguments, daemon=True).start()


def _feed(
    process: subprocess.Popen[bytes],
    request: dict[str, Any],
    arguments: Mapping[str, Any],
    uploads: Sequence[Upload],
) -> None:
    stream = process.stdin
    if stream is None:
        return
    with suppress(OSError, ValueError):  # a process that ended early says so by its end
        write_part(stream, json.dumps(request).encode())
        send(stream, dict(arguments))
        for upload in uploads:
            write_part(stream, upload.data)
        stream.flush()


def _listen(process: subprocess.Popen[bytes], limits: Limits, progress: Progress) -> dict[str, Any]:
    """Wait for the answer; the progress is called all the while."""
    answers: Queue[dict[str, Any]] = Queue(_WAITING_ANSWERS)
    _in_background(_collect, process, limits.memory, answers)
    end = time.monotonic() + CLOCK_PER_SECOND * limits.seconds
    step, done = "", None
    while time.monotonic() < end:
        try:
            answer = answers.get(timeout=_TICK)
        except Empty:
            progress(step, done)
            continue
        if "step" not in answer:
            return answer
        step, done = str(answer["step"]), answer["done"]
        progress(step, done)
    return {"stopped": "time"}


def _collect(process: subprocess.Popen[bytes], most: int, answers: Queue[dict[str, Any]]) -> None:
    """Put every message of the process into a queue, and at its end that it ended."""
    try:
        while process.stdout is not None:
            message = receive(process.stdout, most)
            answers.put(message)
            if "step" not in message:
                return
    # Whatever is wrong with a message, the process that sent it is not to be trusted further.
    except Exception:
        answers.put(_ENDED)


def _describe_end(reason: str, code: int, label: str, limits: Limits) -> FileProblem:
    """Build the sentence for a process that gave no answer."""
    if reason == "memory" or (not reason and code in _OUT_OF_MEMORY):
        return FileProblem(
            mark(
                "{path} needs more than {memory} of memory to be read; take out what is not "
                "needed, such as cells far from the table, or raise the setting reader_memory."
            ),
            path=label,
            memory=f"{limits.memory / 1e9:.3g} GB",
        )
    if reason == "time" or (not reason and code in _OUT_OF_TIME):
        return FileProblem(
            mark(
                "{path} could not be read within {seconds} seconds; split it, or raise the "
                "setting reader_seconds."
            ),
            path=label,
            seconds=limits.seconds,
        )
    return FileProblem(
        mark(
            "{path} cannot be read: the reader met something it does not know ({reason}); save "
            "the file again, or in another format."
        ),
        path=label,
        reason=reason or f"code {code}",
    )
