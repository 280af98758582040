"""Who gets in: host names, origins, closed addresses and headers, asked of a running app."""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, FRAME, chromium, running_app, visit

from components.static_assets import part_name

OFFICE = "jangkau.office.example"
STREAM = "/_stcore/stream"
EVIL = "http://evil.example"
# Pages, Streamlit's own answers and each route of ours.
ADDRESSES = (
    "/",
    "/data",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
    "/component/streamlit_folium.st_folium/index.html",
    "/media/absent.csv",
    "/assets/places?q=hajak",
    "/assets/values/absent",
    "/assets/rows/absent",
    "/assets/parts/absent",
    "/assets/shapes/absent",
)


@pytest.fixture(scope="module")
def closed() -> Iterator[int]:
    """Port of an app that serves this computer alone."""
    with running_app(command="serve") as address:
        yield port_of(address)


@pytest.fixture(scope="module")
def network() -> Iterator[int]:
    """Port of an app that serves a network under two names."""
    with running_app(JANGKAU_HOSTS=f"{OFFICE}, 10.1.2.3", command="serve") as address:
        yield port_of(address)


@pytest.fixture(scope="module", params=["closed", "network"])
def port(request: pytest.FixtureRequest) -> int:
    """Port of an app that serves this computer alone, and of one that serves a network."""
    return int(request.getfixturevalue(request.param))


@pytest.fixture
def alone(app: str) -> int:
    """Port of an app started by Streamlit's own command, without any setting."""
    return port_of(app)


def port_of(address: str) -> int:
    port = urlsplit(address).port
    assert port is not None
    return port


@dataclass
class Answer:
    """What the app sends."""

    status: int
    headers: Message
    body: bytes


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Answer to one request; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        connection.request(method, path, headers={"Host": f"localhost:{port}"} | named)
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.headers, answer.read())


def shake_hands(port: int, host: str, origin: str | None, path: str = STREAM) -> int:
    """Status of a websocket's handshake: 101 where it is opened."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        *([f"Origin: {origin}"] if origin else []),
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=300) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(line.recv(4096).split()[1])


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_foreign_host_name_is_refused(port: int, path: str) -> None:
    assert ask(port, path, Host="evil.example", Origin=EVIL).status == 403
    assert ask(port, path, Host=f"evil.example:{port}").status == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil", ""])
def test_a_websocket_of_a_foreign_host_name_is_refused(port: int, host: str) -> None:
    assert shake_hands(port, host, f"http://{host}") == 403
    assert shake_hands(port, host, None) in {400, 403}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost."])
def test_this_computer_gets_in_under_each_of_its_names(port: int, name: str) -> None:
    host = f"{name}:{port}"
    for path in ("/", "/_stcore/health", f"/assets/parts/{part_name('map.js')}"):
        assert ask(port, path, Host=host, Origin=f"http://{host}").status == 200
    assert shake_hands(port, host, f"http://{host}") == 101


@pytest.mark.parametrize(
    "origin", [EVIL, "null", "http://localhost", "http://localhost:1", "http://127.0.0.1:{port}"]
)
def test_a_page_of_another_origin_is_refused(port: int, origin: str) -> None:
    host, given = f"localhost:{port}", origin.format(port=port)
    assert shake_hands(port, host, given) == 403
    assert ask(port, "/assets/places?q=hajak", Origin=given).status == 403
    assert ask(port, "/", Origin=given).status == 403
    assert ask(port, "/_stcore/upload_file/a/b", "OPTIONS", Origin=given).status == 403


def test_the_names_of_the_setting_get_in(network: int) -> None:
    for host in (OFFICE, f"{OFFICE}:{network}", "10.1.2.3", OFFICE.upper()):
        assert ask(network, "/", Host=host, Origin=f"https://{host}").status == 200
        assert shake_hands(network, host, f"https://{host}") == 101
    assert ask(network, "/", Host=f"x.{OFFICE}").status == 403
    # Reached from outside: bound to every address of the machine.
    socket.create_connection(("127.0.0.2", network), timeout=300).close()


@pytest.mark.parametrize("started", ["closed", "alone"])
def test_without_the_setting_only_this_computer_is_answered(
    request: pytest.FixtureRequest, started: str
) -> None:
    port = request.getfixturevalue(started)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=300)


def test_a_refusal_says_what_to_do(alone: int) -> None:
    answer = ask(alone, "/", Host=OFFICE)
    said = answer.body.decode()
    assert "`hosts`" in said
    assert OFFICE not in said
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    "path",
    [
        *("/_stcore/metrics", "/_stcore/metrics?families=cache_memory_bytes"),
        *("/_stcore/metrics%0A", "/_stcore/%6Detrics", "/_stcore/script-health-check"),
        *("/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/nothing"),
        *("/auth/login", "/auth/logout", "/oauth2callback", "/app/static/x"),
        *("/assets/nothing", "/assets/values/", "/assets/values/a/b", "/assets/rows/"),
        *("/assets/parts/%ff", "/assets/shapes/", "/assets/rows/x?page=-1&page=zz&order=%00"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_never_asks_is_not_found(alone: int, path: str, method: str) -> None:
    assert ask(alone, path, method).status in ({404} if method == "GET" else {404, 405})


@pytest.mark.parametrize(
    "path",
    ["/assets/values/%00", "/assets/rows/..%2f..", "/assets/shapes/..%5cx", "//assets/rows/x"],
)
def test_an_unsafe_path_is_refused(alone: int, path: str) -> None:
    assert ask(alone, path).status == 400


@pytest.mark.parametrize("path", [f"/assets/{name}" for name in ("places", "nothing", "rows/x")])
def test_no_other_websocket_is_opened(alone: int, path: str) -> None:
    assert shake_hands(alone, f"localhost:{alone}", None, path) == 403


@pytest.mark.parametrize("route", ["places", "values/x", "rows/x", "parts/x", "shapes/x"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "ODD"])
def test_routes_are_only_read(alone: int, route: str, method: str) -> None:
    assert ask(alone, f"/assets/{route}", method).status in {404, 405}


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_every_answer_carries_the_headers(alone: int, path: str, method: str) -> None:
    check_headers(ask(alone, path, method), framed=path.startswith("/component/"))


def test_refusals_carry_the_headers_as_well(alone: int) -> None:
    check_headers(ask(alone, "/", Host="evil.example"), framed=False)
    check_headers(ask(alone, "/_stcore/metrics"), framed=False)
    check_headers(ask(alone, "//evil.example"), framed=False)


def check_headers(answer: Answer, *, framed: bool) -> None:
    policy = answer.headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == "'self'"
    assert ("'unsafe-eval'" in directives["script-src"]) == framed
    assert ("'unsafe-inline'" in directives["script-src"]) == framed
    assert ("https://tile.openstreetmap.org" in directives["img-src"]) == framed
    assert "http" not in directives["script-src"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers or answer.status == 204
    # Digits after a slash or a name: a version.
    assert not re.search(r"[/ ]\d", answer.headers.get("Server", ""))
    assert "X-Powered-By" not in answer.headers


def test_an_upload_needs_the_token_of_the_page(alone: int) -> None:
    cookie = ask(alone, "/_stcore/health").headers["Set-Cookie"]
    assert "SameSite=Strict" in cookie
    token = cookie.partition(";")[0]
    path = "/_stcore/upload_file/session/file"
    assert ask(alone, path, "PUT").status == 403
    assert ask(alone, path, "PUT", Cookie=token).status == 403
    assert ask(alone, path, "PUT", Cookie=token, X_Xsrftoken="2|00000000|00|1").status == 403
    # With it the next check answers: there is no such session.
    sent = {"Cookie": token, "X_Xsrftoken": token.partition("=")[2]}
    assert ask(alone, path, "PUT", **sent).status == 400
    assert ask(alone, path, "DELETE").status == 403


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)")
def test_a_name_that_comes_to_point_here_shows_nothing_unless_it_is_set(network: int) -> None:
    resolved = f"--host-resolver-rules=MAP {OFFICE} 127.0.0.1, MAP evil.example 127.0.0.1"
    with chromium(resolved) as browser:
        page, said = visit(browser).page, []
        page.on("console", lambda message: said.append((message.type, message.text)))
        page.goto(f"http://{OFFICE}:{network}/")
        page.frame_locator(FRAME).locator('#map_div[data-drawn="9"]').wait_for()
        assert [text for kind, text in said if kind == "error"] == []
        answer = page.goto(f"http://evil.example:{network}/")
        assert answer is not None
        assert answer.status == 403


def test_behind_a_base_path_the_same_holds() -> None:
    with running_app("jangkau") as address:
        port = port_of(address)
        assert ask(port, "/jangkau/_stcore/health").status == 200
        assert ask(port, "/jangkau/_stcore/metrics").status == 404
        assert ask(port, "/_stcore/metrics").status == 404
        assert ask(port, "/jangkau/auth/login").status == 404
        assert shake_hands(port, f"localhost:{port}", None, f"/jangkau{STREAM}") == 101
        assert shake_hands(port, f"localhost:{port}", None, "/jangkau/assets/places") == 403
        frame = "/jangkau/component/streamlit_folium.st_folium/index.html"
        check_headers(ask(port, frame), framed=True)
        check_headers(ask(port, "/jangkau/"), framed=False)
