"""What no reader may do, done on purpose: the fuzzer's own tests ask for it by name."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.core.errors import FileProblem

from .planted import PORT, SECRET_PATH, SECRET_WORD

Step = Callable[[Path], Any]


def list_misdeeds(_name: str, data: bytes) -> list[Step]:
    """The misdeed that the input names."""
    return [_MISDEEDS[data.decode()]]


def _raise(_folder: Path) -> None:
    raise ZeroDivisionError("on purpose")


def _compute_for_ever(_folder: Path) -> None:
    while True:
        pass


def _abort(_folder: Path) -> None:
    os.abort()


def _abort_for_memory(_folder: Path) -> None:
    os.write(2, b"memory allocation of 99 bytes failed\n")
    os.abort()


def _fill_memory(_folder: Path) -> bytes:
    return bytes(3_000_000_000)


def _read_outside(_folder: Path) -> None:
    Path(SECRET_PATH).read_bytes()


def _tell_secret(_folder: Path) -> str:
    return f"kode {SECRET_WORD}"


def _write_outside(folder: Path) -> None:
    (folder.parent / "left").write_bytes(b"x")


def _connect(_folder: Path) -> None:
    socket.create_connection(("127.0.0.1", PORT)).close()


def _tell_identity(_folder: Path) -> None:
    # A fact that is no text is not hidden by the error itself.
    raise FileProblem("There is no file {path}.", path=["9962050000000001"])


def _say_nonsense(_folder: Path) -> None:
    raise FileProblem("There is no {fact}.", other=1)


def _return_object(_folder: Path) -> object:
    return object()


_MISDEEDS: dict[str, Step] = {
    "raise": _raise,
    "compute for ever": _compute_for_ever,
    "abort": _abort,
    "abort for memory": _abort_for_memory,
    "fill memory": _fill_memory,
    "read outside": _read_outside,
    "tell secret": _tell_secret,
    "write outside": _write_outside,
    "connect": _connect,
    "tell identity": _tell_identity,
    "say nonsense": _say_nonsense,
    "return object": _return_object,
}
