"""The reading process: take a request from standard input, do it, and write what came of it.

``python -m geo.isolation.child`` is started by `geo.isolation.process` alone. It locks itself in
and limits its memory and time before it looks at any file.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from importlib import import_module
from typing import IO, Any

from ..core.errors import JangkauError
from .limits import Limits, limit_use, lock_in
from .wire import read_part, receive, send


def main() -> None:
    """Do one request and end."""
    requests = sys.stdin.buffer
    # What a library prints must not lie between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = json.loads(read_part(requests, sys.maxsize))
    module, _, name = request["function"].partition(":")
    function = getattr(import_module(module), name)
    lock_in(request["readable"], request["folder"])
    tempfile.tempdir = request["folder"]
    arguments = receive(requests, request["most"])
    files = {name: read_part(requests, sys.maxsize) for name in request["uploads"]}
    limit_use(Limits(**request["limits"]))
    _answer(answers, function, arguments, files, request["folder"])


def _answer(
    out: IO[bytes], function: Any, arguments: dict[str, Any], files: dict[str, bytes], folder: str
) -> None:
    """Send what the function returns, the problem it met, or the name of what stopped it."""

    def tell(step: str, done: float | None = None) -> None:
        send(out, {"step": step, "done": done})

    try:
        send(out, {"result": function(files, folder, tell, **arguments)})
    except JangkauError as error:
        # The user knows the files by their names alone.
        error.leave_out(f"{folder}{os.sep}")
        send(out, {"problem": error})
    except MemoryError:
        send(out, {"stopped": "memory"})
    # The text of any other error may hold a member's identity.
    except Exception as error:
        send(out, {"stopped": type(error).__name__})


if __name__ == "__main__":
    main()
