"""A relay between a browser and the app, which counts what the websocket takes on the wire."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_WEBSOCKET = b"GET /_stcore/stream"
_CHUNK = 65_536


@dataclass
class Wire:
    """Bytes of websockets, as they were packed, both ways.

    Attributes
    ----------
    address : str
        Of the app behind the relay.
    bytes : int
        How many there were; may be set back to nothing.
    """

    address: str
    bytes: int = 0

    def carry(self, source: socket.socket, target: socket.socket, *, counted: bool) -> None:
        """Everything from one end to the other, until either closes."""
        with source, target:
            try:
                while chunk := source.recv(_CHUNK):
                    self.bytes += len(chunk) if counted else 0
                    target.sendall(chunk)
            except OSError:
                return

    def connect(self, guest: socket.socket, port: int) -> None:
        """A connection of the browser's, to the app."""
        try:
            app = socket.create_connection(("localhost", port))
        except OSError:  # a browser may try once more when the app has gone
            guest.close()
            return
        try:
            first = guest.recv(_CHUNK)
            app.sendall(first)
        except OSError:
            guest.close()
            app.close()
            return
        counted = first.startswith(_WEBSOCKET)
        for ends in ((guest, app), (app, guest)):
            threading.Thread(
                target=self.carry, args=ends, kwargs={"counted": counted}, daemon=True
            ).start()


@contextmanager
def relayed(address: str) -> Iterator[Wire]:
    """The app at an address, at another one that counts."""
    port = int(address.rstrip("/").rpartition(":")[2])
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire = Wire(f"http://localhost:{server.getsockname()[1]}/")

        def serve() -> None:
            while True:
                try:
                    guest, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=wire.connect, args=(guest, port), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield wire
