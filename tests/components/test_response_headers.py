"""Headers of answers that no running app gives on purpose: failures, and headers set before."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from components.response_headers import ResponseHeaders
from geo.core.i18n import get_language


async def fail(_request: Request) -> Response:
    raise RuntimeError("62050199 of a member")


async def set_before(_request: Request) -> Response:
    return PlainTextResponse("", headers={"X-Frame-Options": "ALLOWALL", "Link": "<x>"})


APP = Starlette(
    routes=[Route("/fail", fail), Route("/set", set_before)],
    middleware=[Middleware(ResponseHeaders, base_path="", language=get_language("en"))],
)


def ask(path: str, sent: list[dict[str, Any]]) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(APP(scope, receive, send))


def test_a_failure_is_told_without_its_reason_and_with_the_headers() -> None:
    sent: list[dict[str, Any]] = []
    with pytest.raises(RuntimeError):  # for the log of the server
        ask("/fail", sent)
    assert sent[0]["status"] == 500
    assert b"content-security-policy" in dict(sent[0]["headers"])
    assert b"log of the server" in sent[1]["body"]
    assert b"member" not in sent[1]["body"]
    assert len(sent) == 2


def test_a_header_set_before_is_replaced_and_others_are_kept() -> None:
    sent: list[dict[str, Any]] = []
    ask("/set", sent)
    frames = [value for name, value in sent[0]["headers"] if name == b"x-frame-options"]
    assert frames == [b"SAMEORIGIN"]
    assert (b"link", b"<x>") in sent[0]["headers"]
