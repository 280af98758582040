"""Streamlit's own scripts: packed, whole, and announced by the first page."""

from __future__ import annotations

import asyncio
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from streamlit.file_util import get_static_dir

from components.frontend_files import FrontendFiles
from geo.core.i18n import get_language

ROOT = Path(get_static_dir())


@dataclass
class Answer:
    """What one request was answered; the text is unpacked."""

    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Client:
    """Asks the middleware, behind which everything is ``passed on``."""

    def __init__(self, base: str) -> None:
        behind = PlainTextResponse("passed on")
        self._app = FrontendFiles(behind, base_path=base, language=get_language("id"))
        self.base = base

    def ask(self, path: str, accept: str = "gzip, br", method: str = "GET") -> Answer:
        headers = [(b"accept-encoding", accept.encode())]
        scope = {"type": "http", "method": method, "path": self.base + path, "headers": headers}
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        asyncio.run(self._app(scope, None, send))  # type: ignore[arg-type]
        begin, *rest = sent
        told = {name.decode(): value.decode() for name, value in begin["headers"]}
        return Answer(told, b"".join(message["body"] for message in rest))


@pytest.fixture(scope="module", params=["", "/jangkau"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(str(request.param))


def test_a_script_comes_packed_and_whole_and_is_kept(client: Client) -> None:
    script = max((ROOT / "static" / "js").glob("index.*.js"))
    answer = client.ask(f"/static/js/{script.name}")
    assert answer.text == script.read_text(encoding="utf-8")
    assert len(answer.body) < script.stat().st_size / 2
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["/static/js/none.js", "/static/js/../../../__init__.py", "/data", "/static/index.html"]
)
def test_what_is_no_script_of_streamlit_is_passed_on(client: Client, path: str) -> None:
    assert client.ask(path).text == "passed on"


def test_who_does_not_unpack_or_does_not_get_is_passed_on(client: Client) -> None:
    script = max((ROOT / "static" / "js").glob("index.*.js"))
    assert client.ask(f"/static/js/{script.name}", accept="identity").text == "passed on"
    assert client.ask("/", method="POST").text == "passed on"


def test_the_first_page_is_ours_and_names_scripts_that_are_there(client: Client) -> None:
    answer = client.ask("/")
    assert answer.headers["cache-control"] == "no-cache"
    assert '<html lang="id">' in answer.text
    assert "<title>Jangkau</title>" in answer.text
    ahead = re.findall(r'rel="modulepreload" crossorigin href="\./(static/[^"]+)"', answer.text)
    assert len(ahead) == len(set(ahead))
    assert all((ROOT / path).is_file() for path in ahead)
    # The frame of the map and one of the widgets, which Streamlit's own page leaves out.
    own = (ROOT / "index.html").read_text(encoding="utf-8")
    for element in ("ComponentInstance", "Selectbox"):
        assert any(f"/{element}." in path for path in ahead)
        assert f"/{element}." not in own
