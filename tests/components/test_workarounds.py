"""Workarounds of what Streamlit and asyncio do."""

from __future__ import annotations

import asyncio
import socket

from components.workarounds import send_without_delay


def test_a_connection_to_a_socket_without_a_protocol_sends_at_once() -> None:
    """As Streamlit makes its socket: by address and type alone."""
    send_without_delay()
    connected: list[int] = []

    class Listener(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            connected.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def connect() -> None:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        server = await asyncio.get_running_loop().create_server(Listener, sock=listening)
        async with server:
            reader, writer = await asyncio.open_connection(*listening.getsockname())
            await reader.read()
            writer.close()

    asyncio.run(connect())
    assert connected == [1]
