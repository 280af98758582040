"""Reading a table file in a process of its own with little memory and time.

``python tests/confined.py FILE…`` prints one line of JSON a file: ``rows`` that were read, or
the ``sentence`` of the error, or the ``fault``: a traceback, or what ended the process.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MEMORY = 3 << 30
_SECONDS = 20

Outcome = dict[str, str | int]


def read_confined(paths: Sequence[Path]) -> list[Outcome]:
    """What comes of reading each file."""
    command = [sys.executable, __file__, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _read_in_child(path: Path) -> Outcome:
    readable, writable = os.pipe()
    child = os.fork()
    if not child:
        os.close(readable)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.write(writable, json.dumps(_read(path)).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(told) if told else {"fault": f"ended by {os.waitstatus_to_exitcode(status)}"}


def _read(path: Path) -> Outcome:
    from geo.core.errors import JangkauError
    from geo.enrolment.reading import read_enrolment

    try:
        return {"rows": read_enrolment(path, period="2024-10").tally.rows}
    except JangkauError as error:
        return {"sentence": str(error)}
    except BaseException:
        return {"fault": traceback.format_exc()[-3000:]}


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import geo.enrolment  # noqa: F401 - once for all children

    for file in sys.argv[1:]:
        print(json.dumps(_read_in_child(Path(file))), flush=True)
