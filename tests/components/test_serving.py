"""Shapes by address: compressed, kept for good, and nothing else of the machine."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from components.routes.shape_files import ShapeFolder

NAME = "0123456789abcdef0123.bin"
BODY = gzip.compress(b"JKS2" + bytes(2000), mtime=0)
ADDRESS = "/jangkau/assets/shapes"


@dataclass
class Answer:
    """What the server sends."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(app: Starlette, name: str, *, method: str = "GET", **headers: str) -> Answer:
    """One request, as a server hands it to the app: the path is decoded already."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": f"{ADDRESS}/{name}",
        "root_path": "",
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("nobody hangs up")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    found = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
    return Answer(sent[0]["status"], found, b"".join(m.get("body", b"") for m in sent[1:]))


@pytest.fixture
def app(tmp_path: Path) -> Starlette:
    folder = tmp_path / "shapes"
    folder.mkdir()
    (folder / NAME).write_bytes(BODY)
    (folder / "notes.txt").write_text("not a shape", encoding="utf-8")
    (tmp_path / "fedcba9876543210fedc.bin").write_text("outside", encoding="utf-8")
    return Starlette(routes=[Mount(ADDRESS, ShapeFolder(folder))])


def test_a_file_comes_compressed_and_is_kept_for_good(app: Starlette) -> None:
    found = ask(app, NAME)
    assert (found.status, found.body) == (200, BODY)
    assert found.headers["content-encoding"] == "gzip"
    assert found.headers["content-length"] == str(len(BODY))
    assert found.headers["content-type"] == "application/octet-stream"
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["etag"] == '"0123456789abcdef0123"'


def test_who_has_the_file_gets_only_the_news_of_it(app: Starlette) -> None:
    found = ask(app, NAME, if_none_match='"0123456789abcdef0123"')
    assert (found.status, found.body) == (304, b"")
    assert found.headers["cache-control"].endswith("immutable")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "notes.txt",
        "../fedcba9876543210fedc.bin",
        "x/../../fedcba9876543210fedc.bin",
        "..\\fedcba9876543210fedc.bin",
        "//fedcba9876543210fedc.bin",
        "aaaaaaaaaaaaaaaaaaaa.bin",
        f"{NAME}\0",
    ],
)
def test_nothing_else_is_served(app: Starlette, name: str) -> None:
    assert ask(app, name).status == 404


def test_before_the_folder_is_there_nothing_is_found(tmp_path: Path) -> None:
    app = Starlette(routes=[Mount(ADDRESS, ShapeFolder(tmp_path / "later"))])
    assert ask(app, NAME).status == 404
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / NAME).write_bytes(BODY)
    assert ask(app, NAME).status == 200


def test_files_are_only_read(app: Starlette) -> None:
    assert ask(app, NAME, method="POST").status == 405
