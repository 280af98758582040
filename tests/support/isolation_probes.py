"""What a hostile file could make a reading process do, done on purpose."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Tell = Callable[[str, float | None], None]
IDENTITY = "9962050000000001"


def read_file(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell, *, path: Path) -> str:
    return Path(path).read_text(encoding="utf-8")


def write_file(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell, *, path: Path) -> None:
    Path(path).write_text("x", encoding="utf-8")


def connect(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell, *, port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5)


def run_program(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def fill_memory(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> None:
    held = []
    while True:
        held.append(bytearray(50_000_000))


def abort(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> None:
    os.abort()


def compute_for_ever(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> None:
    while True:
        pass


def sleep_for_ever(_uploads: Mapping[str, bytes], folder: str, tell: Tell) -> None:
    tell(f"{os.getpid()} {folder}", 0.5)
    time.sleep(3600)


def fail_over_an_identity(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> None:
    print(IDENTITY)
    print(IDENTITY, file=sys.stderr)
    raise RuntimeError(f"cannot read {IDENTITY}")


def list_environment(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> dict[str, Any]:
    return dict(os.environ)


def send_an_object(_uploads: Mapping[str, bytes], _folder: str, _tell: Tell) -> object:
    return object()


def echo(uploads: Mapping[str, bytes], _folder: str, tell: Tell, *, value: Any) -> Any:
    tell("one", 0.5)
    return value, sorted((name, len(data)) for name, data in uploads.items())
