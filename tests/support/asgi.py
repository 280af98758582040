"""Ask an ASGI application without a server."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name, and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(app: ASGIApp, url: str, method: str = "GET", root: str = "", **headers: str) -> Answer:
    """The answer to one request; underscores in names of headers stand for hyphens."""
    parts = urlsplit(url)
    sent: list[dict[str, Any]] = []
    listed = [(b"host", b"places.example")]
    listed += [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {
        "type": "http", "method": method, "path": root + parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(), "headers": listed, "scheme": "http",
        "server": ("places.example", 80), "root_path": root, "http_version": "1.1",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    head = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], head, b"".join(m.get("body", b"") for m in sent[1:]))
