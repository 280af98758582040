"""A Streamlit app in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.compare.villages import ROOT

_PATIENCE, _BEAT = 60.0, 0.02


@contextmanager
def running_app(
    settings: dict[str, str],
    app: Path = ROOT / "app.py",
    streamlit: Sequence[str] = ("streamlit",),
) -> Iterator[tuple[str, int]]:
    """An app, by default ours, as soon as it serves: its address and process number.

    ``streamlit`` is the module that stands for Streamlit's command line, with arguments before
    Streamlit's own.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", *streamlit, "run", app, "--server.headless", "true"]
    process = subprocess.Popen(  # noqa: S603 - our own app
        [*command, "--server.port", str(port)],
        cwd=app.parent,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}/", process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own app
                return
        except OSError:
            time.sleep(_BEAT)
    raise RuntimeError(f"the app did not start at {address}")
