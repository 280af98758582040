"""What no reader may touch: a file outside its folder, and an address on this machine.

Path and address are the same in every run, so that an input can be built again from its number.
Only a second fuzzer that runs at the same time listens at another port.
"""

from __future__ import annotations

import os
import socket
from typing import Final

# The worker's working folder holds the file.
SECRET_NAME: Final = "planted-secret.csv"
SECRET_WORD: Final = "PLANTEDSECRET"
SECRET_PATH: Final = f"/proc/self/cwd/{SECRET_NAME}"
SECRET_BODY: Final = (
    "WKT,kode,nama\n"
    f'"POLYGON((115 0,115.05 0,115.05 0.05,115 0.05,115 0))",62.05.01.1001,{SECRET_WORD}\n'
)
PORT_VARIABLE: Final = "JANGKAU_FUZZ_PORT"
_FIRST_PORT: Final = 47_813
_PORTS: Final = 64


def _listen() -> socket.socket:
    """A socket at the first port that is free; nobody waits for what it accepts."""
    listener = socket.socket()
    for port in range(_FIRST_PORT, _FIRST_PORT + _PORTS):
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            continue
        listener.listen()
        listener.setblocking(False)
        return listener
    raise OSError(f"no port is free from {_FIRST_PORT} on")


# A worker is told the port that its parent listens at.
LISTENER: Final = None if PORT_VARIABLE in os.environ else _listen()
PORT: Final = int(LISTENER.getsockname()[1] if LISTENER else os.environ[PORT_VARIABLE])
ADDRESS: Final = f"http://127.0.0.1:{PORT}/villages.geojson"


def hang_up() -> bool:
    """Close a connection if there is one: who connects would wait for an answer."""
    try:
        assert LISTENER is not None
        LISTENER.accept()[0].close()
    except BlockingIOError:
        return False
    return True
