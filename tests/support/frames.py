"""What goes over a page's websocket, message by message."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def name_of(message: ForwardMsg) -> str:
    """What a message brings: ``component_instance``, ``new_session`` …, with its component."""
    kind = str(message.WhichOneof("type"))
    if kind != "delta":
        return kind
    part = str(message.delta.WhichOneof("type"))
    if part != "new_element":
        return part
    element = message.delta.new_element
    name = str(element.WhichOneof("type"))
    detail = getattr(getattr(element, name), "component_name", "") or getattr(
        getattr(element, name), "label", ""
    )
    return f"{name} {detail}".strip()


@dataclass
class Line:
    """What goes over a page's websocket.

    Attributes
    ----------
    messages : list of (str, int)
        What was received, by `name_of`, with its bytes.
    sent : int
        Bytes that the page sent.
    map_bytes : int
        Bytes received that draw the map.
    """

    messages: list[tuple[str, int]] = field(default_factory=list)
    sent: int = 0
    map_bytes: int = 0

    @property
    def bytes(self) -> int:
        """Both ways."""
        return self.sent + sum(size for _, size in self.messages)

    @property
    def runs(self) -> int:
        """How often the page was run."""
        return [name for name, _ in self.messages].count("new_session")

    def listen(self, socket: WebSocket) -> None:
        """Take what goes over a socket from now on."""
        socket.on("framereceived", self.take)
        socket.on("framesent", self.take_sent)

    def clear(self) -> None:
        """Count from nothing."""
        self.messages.clear()
        self.sent = self.map_bytes = 0

    def take(self, payload: bytes | str) -> None:
        """A frame received: one message."""
        body = payload if isinstance(payload, bytes) else payload.encode()
        message = ForwardMsg()
        message.ParseFromString(body)
        self.messages.append((name_of(message), len(body)))
        self.map_bytes += len(body) if b"Jangkau.layer(" in body else 0

    def take_sent(self, payload: bytes | str) -> None:
        """A frame sent."""
        self.sent += len(payload)
