"""Workarounds for what Streamlit, uvicorn and browsers do, each with the way to remove it.

``python -m bench.workarounds`` measures each one switched on and off. Remove one that gains nothing
any more: delete its function and its only call, which the function names.
"""

from __future__ import annotations

import atexit
import gc
import socket
import time
from asyncio import base_events
from typing import Any, Final

from uvicorn.protocols.websockets import websockets_sansio_impl as protocol
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

# The largest window there is, 32 kB. It takes 150 kB of memory for each reader, not 30.
_WINDOW_BITS: Final = 15
# Seconds in which a browser has begun with a new map's frame, or painted a changed map.
HEAD_START: Final = 0.1


class _WideWindow(ServerPerMessageDeflateFactory):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"server_max_window_bits": _WINDOW_BITS})


def widen_compression_window() -> None:
    """Enlarge the window of uvicorn's websocket compression (permessage-deflate).

    A run of the page sends again most of what the run before sent, some twenty kilobytes; uvicorn's
    window of four has forgotten it by then. Neither Streamlit nor uvicorn has a setting for it, so
    the class that uvicorn uses is replaced.

    Called in ``app.py``. To remove when uvicorn has a setting, or takes the largest window itself.
    """
    protocol.ServerPerMessageDeflateFactory = _WideWindow  # type: ignore[attr-defined, assignment]


def send_without_delay() -> None:
    """Have the system send an answer's last part at once (TCP_NODELAY).

    The system holds it back until the reader has acknowledged the part before, which readers put
    off for 40 ms. asyncio switches that off for sockets that were made with the protocol's number;
    Streamlit makes its own without.

    Called in ``app.py``. To remove when Streamlit names the protocol, or asyncio does not ask.
    """
    base_events._set_nodelay = _set_nodelay  # type: ignore[attr-defined]


def _set_nodelay(connection: socket.socket) -> None:
    is_network = connection.family in (socket.AF_INET, socket.AF_INET6)
    if is_network and connection.type == socket.SOCK_STREAM:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def spare_collector() -> None:
    """Leave all objects that exist by now, libraries above all, out of garbage collection.

    Streamlit collects after each run, and all sessions wait for it: a tenth of a second, for
    objects that stay as long as the process. Those of data read before are looked at once more.

    Called in ``components/caching.py``. To remove when Streamlit no longer collects after each run.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


# Libraries complain at the end of what is never collected.
atexit.register(gc.unfreeze)


def let_map_paint() -> None:
    """Wait until the browser has taken up a new or changed map, before the rest is sent.

    While a browser puts the rest of the page together, it paints nothing.

    Called in ``components/map.py``. To remove when the map is painted as soon without it.
    """
    time.sleep(HEAD_START)
