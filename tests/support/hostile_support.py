"""Proof that reading a file calls no one and opens no other file.

`listening_socket` counts who connects; `planted_secret` is a layer beside which
nothing may look, and knows whether it was opened (where the system has inotify).
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import struct
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from layer_factories import ours, write

from geo.boundaries.layers import list_layers
from geo.boundaries.reading import guess_fields, read_boundaries
from geo.core.errors import JangkauError

MARKER = "RAHASIA-7Q4X"
_OPENED = 0x20
_NONBLOCK = 0o4000


class ListeningSocket:
    """A server on 127.0.0.1 that counts connections and answers nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = 0
        self._thread = threading.Thread(target=self._count)
        self._thread.start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


class PlantedSecret:
    """A layer of villages elsewhere on the server, every name of which is `MARKER`.

    Parameters
    ----------
    folder : pathlib.Path
        Where to plant it, as GeoJSON (`path`) and as a table of points (`table`).
    """

    def __init__(self, folder: Path) -> None:
        self.path = write(ours().assign(nama=MARKER), folder / "secret.geojson")
        self.table = folder / "secret.csv"
        self.table.write_text(f"kode,nama\n62.05.01.1001,{MARKER}\n", encoding="utf-8")
        self._watch = _watch([self.path, self.table])

    @property
    def was_opened(self) -> bool:
        """Whether any process has opened it since it was planted."""
        try:
            return bool(self._watch) and len(os.read(self._watch, struct.calcsize("iIII"))) > 0
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Stop watching."""
        if self._watch:
            os.close(self._watch)


def _watch(paths: list[Path]) -> int:
    """File descriptor that tells who opens the files; 0 where the system cannot tell."""
    if not sys.platform.startswith("linux"):
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    watch: int = libc.inotify_init1(_NONBLOCK)
    for path in paths:
        assert libc.inotify_add_watch(watch, os.fsencode(path), _OPENED) >= 0
    return watch


@pytest.fixture
def listening_socket() -> Iterator[ListeningSocket]:
    """A server that nobody may call; the test fails if anyone did."""
    server = ListeningSocket()
    yield server
    server.close()
    assert server.connections == 0


@pytest.fixture
def planted_secret(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlantedSecret]:
    """A file that nobody may open; the test fails if anyone did."""
    secret = PlantedSecret(tmp_path_factory.mktemp("elsewhere"))
    yield secret
    opened = secret.was_opened
    secret.close()
    assert not opened


def is_one_sentence(path: Path) -> str:
    """What reading a file says, in every way of reading it."""
    said = set()
    for read in (list_layers, guess_fields, read_boundaries):
        try:
            read(path)
        except JangkauError as problem:
            said.add(str(problem))
    assert said
    assert not any("\n" in each or MARKER in each for each in said)
    return max(said, key=len)


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    """A zip file of members by name."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def as_json(change: Callable[[dict[str, Any]], object]) -> str:
    """The sample layer as GeoJSON text, after a change to its content."""
    body = json.loads(ours().to_json())
    body.pop("crs", None)
    change(body)
    return json.dumps(body)
