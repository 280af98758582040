"""How far back the websocket's compression looks.

A run of the page sends again most of what the run before sent, some twenty kilobytes; the window
of four that uvicorn gives has forgotten it by then. There is no setting for it, neither of
Streamlit's nor of uvicorn's, so the name under which uvicorn finds its compression is taken.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.websockets import websockets_sansio_impl as protocol
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

# Of what is sent: the largest there is, 32 kB. It takes 150 kB of memory for each reader, not 30.
_WINDOW_BITS = 15


class _WideWindow(ServerPerMessageDeflateFactory):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"server_max_window_bits": _WINDOW_BITS})


def widen_compression_window() -> None:
    """From now on, connections are compressed against all of the run before."""
    protocol.ServerPerMessageDeflateFactory = _WideWindow  # type: ignore[attr-defined, assignment]
