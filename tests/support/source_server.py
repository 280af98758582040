"""A local server that plays the sources of boundaries, with the faults real lines have."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd


@dataclass
class Play:
    """What the server says, and what goes wrong; ``asked`` is what it was asked.

    Attributes
    ----------
    files : dict of str to bytes
        Bodies by path.
    features : geopandas.GeoDataFrame or None
        Layer that ``/MapServer/0/query`` answers from, at most ``page`` at once.
    faults : list of str
        For one answer each, in order: ``500``, ``429``, ``break`` (closes half
        way), ``stall`` (sends half and waits until all is ``over``), ``html``, ``short`` (says less
        than it sends), ``ok``.
    ranges : bool
        Whether a part of a file can be asked for.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    features: gpd.GeoDataFrame | None = None
    page: int = 5
    faults: list[str] = field(default_factory=list)
    ranges: bool = True
    version: str = '"1"'
    stuck: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    play: Play

    def do_GET(self) -> None:
        play = self.play
        play.asked.append((self.path, self.headers.get("Range", "")))
        fault = play.faults.pop(0) if play.faults else "ok"
        if fault.isdigit():
            self.send_error(int(fault))
            return
        path = urlsplit(self.path).path
        if path.endswith("/query") and play.features is not None:
            self._send(self._query(), fault, json_body=True)
        elif path in play.files:
            self._send(play.files[path], fault)
        else:
            self.send_error(404)

    def _query(self) -> bytes:
        asked = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        code = asked["where"].split("'")[1].rstrip("%")
        layer = self.play.features
        rows = layer[layer["KDEPUM"].str.startswith(code)].sort_values("KDEPUM")
        if "returnCountOnly" in asked:
            return json.dumps({"count": len(rows)}).encode()
        begin = 0 if self.play.stuck else int(asked["resultOffset"])
        end = begin + min(int(asked["resultRecordCount"]), self.play.page)
        body = json.loads(rows.iloc[begin:end].to_json(drop_id=True))
        if end < len(rows):
            body["exceededTransferLimit"] = True
        return json.dumps(body).encode()

    def _send(self, body: bytes, fault: str, *, json_body: bool = False) -> None:
        if fault == "html":
            body = b"<html>Service unavailable</html>"
        elif fault == "error":
            body = json.dumps({"error": {"code": 400, "message": "Invalid URL"}}).encode()
        elif fault == "busy":
            body = json.dumps({"error": {"code": 503, "message": "Busy"}}).encode()
        begin = self._begin(len(body))
        if begin and begin >= len(body):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.end_headers()
            return
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
        self.send_header("ETag", self.play.version)
        self.send_header("Content-Length", str(len(body) - begin))
        self.end_headers()
        self._write(body[begin:], fault)

    def _begin(self, length: int) -> int:
        asked = self.headers.get("Range", "")
        same = self.headers.get("If-Range", self.play.version) == self.play.version
        if not (asked and same and self.play.ranges):
            return 0
        return int(asked.removeprefix("bytes=").rstrip("-"))

    def _write(self, body: bytes, fault: str) -> None:
        if fault in {"break", "stall"}:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if fault == "stall":
                self.play.over.wait()
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """The tests' output stays clean."""


@contextmanager
def playing(play: Play) -> Iterator[Play]:
    """The server, for as long as the context lasts; its address is ``play.url``."""
    handler = type("Handler", (_Handler,), {"play": play})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    play.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield play
    finally:
        play.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
