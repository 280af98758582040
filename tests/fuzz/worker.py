"""The process that reads inputs one after another, without a wall around it.

``python -m tests.fuzz.worker SECONDS`` takes inputs from standard input, each of which may take so
much processor time, and answers each with a line of JSON. Neither Landlock nor seccomp hold it: an
attempt to open a file or a connection succeeds, and is seen. It runs in a folder of its own that
holds the planted secret.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import shutil
import signal
import struct
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import IO

from geo.core.errors import JangkauError, SettingProblem
from geo.isolation.limits import Limits, limit_use

from .misdeeds import Step
from .planted import SECRET_NAME, SECRET_WORD
from .targets import find_target, hand_over, say

MEMORY = 2_000_000_000
_IDENTITY = re.compile(r"99620500000000\d\d")
# The whole process may run longer than any campaign.
_FOR_EVER = 10**8
_MOST_TEXT = 200

Answer = dict[str, str]


def main() -> None:
    """Answer inputs until there are no more."""
    inputs = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    faulthandler.enable()
    # An input that takes too long says where, and then ends the process.
    faulthandler.register(signal.SIGPROF, all_threads=False, chain=True)
    limit_use(Limits(MEMORY, _FOR_EVER))
    while reader := read_part(inputs).decode():
        name = read_part(inputs).decode("utf-8", "surrogatepass")
        data = read_part(inputs)
        signal.setitimer(signal.ITIMER_PROF, int(sys.argv[1]))
        answer = _attempt_all(find_target(reader)(name, data))
        signal.setitimer(signal.ITIMER_PROF, 0)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def read_part(stream: IO[bytes]) -> bytes:
    """A part with its length before it; nothing at the end."""
    head = stream.read(8)
    return stream.read(struct.unpack("<Q", head)[0]) if head else b""


def _attempt_all(steps: list[Step]) -> Answer:
    """The worst that became of the steps: a failure before a limit before all else."""
    answers = [_attempt(step) for step in steps]
    for kind in ("failure", "memory", "problem"):
        for answer in answers:
            if answer["kind"] == kind:
                return answer
    return answers[-1]


def _attempt(step: Step) -> Answer:
    """Run a step in an empty folder, as the product does."""
    folder = Path("input").resolve()
    folder.mkdir()
    tempfile.tempdir = str(folder)
    try:
        answer = _run(step, folder)
    finally:
        tempfile.tempdir = None
        shutil.rmtree(folder)
    left = [path for path in Path.cwd().iterdir() if path.name != SECRET_NAME]
    if left:
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return _failure("a file outside the folder", ", ".join(path.name for path in left), "")
    return answer


def _run(step: Step, folder: Path) -> Answer:
    try:
        handed = hand_over(step(folder))
    except JangkauError as error:
        return _try_to_say(error, folder)
    except MemoryError:
        return {"kind": "memory", "what": "MemoryError"}
    except KeyboardInterrupt:
        raise
    # Panics of a library written in Rust are no Exception.
    except BaseException as error:
        return _describe(error)
    if SECRET_WORD.encode() in handed:
        return _failure("the planted secret", "in a result", "")
    return {"kind": "reading", "what": ""}


def _try_to_say(error: JangkauError, folder: Path) -> Answer:
    try:
        error.leave_out(f"{folder}{os.sep}")
        said = say(error)
        # The reading process reads no settings.
        if not isinstance(error, SettingProblem):
            hand_over({"problem": error})
    except Exception as failed:
        return _describe(failed)
    if _IDENTITY.search(said):
        return _failure("an identity in a sentence", error.message, "")
    if SECRET_WORD in said:
        return _failure("the planted secret", "in a sentence", "")
    return {"kind": "problem", "what": error.message}


def _describe(error: BaseException) -> Answer:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/geo/" in frame.filename]
    place = f"geo/{ours[-1].filename.rpartition('/geo/')[2]} {ours[-1].name}" if ours else ""
    return _failure(type(error).__name__, str(error), place)


def _failure(what: str, text: str, place: str) -> Answer:
    # A folder of one run says nothing to others.
    shown = text.replace(str(Path.cwd()), ".").encode("utf-8", "replace").decode()[:_MOST_TEXT]
    return {"kind": "failure", "what": what, "text": shown, "place": place}


if __name__ == "__main__":
    main()
