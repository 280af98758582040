"""The peers' JavaScript from npm, served on this machine: their pages load it from CDNs.

The packages are installed once into a folder outside the repository
(``JANGKAU_BENCH_CACHE``, by default ``~/.cache/jangkau-bench``).
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, Route

CACHE = Path(os.environ.get("JANGKAU_BENCH_CACHE", Path.home() / ".cache" / "jangkau-bench"))
# The versions that the peers' pages ask for; parquet-wasm is lonboard's.
PACKAGES = {
    "@fortawesome/fontawesome-free": "6.2.0",
    "@geoarrow/geoarrow-js": "0.3.0",
    "@jupyter-widgets/html-manager": "1.0.15",
    "anywidget": "0.9.21",
    "bootstrap": "5.2.2",
    "d3": "3.5.5",
    "jquery": "3.7.1",
    "leaflet": "1.9.3",
    "leaflet.awesome-markers": "2.0.5",
    "maplibre-gl": "5.14.0",
    "parquet-wasm": "0.7.1",
    "requirejs": "2.3.4",
}
_NPM = re.compile(r"/(?:npm/)?((?:@[\w.-]+/)?[\w.-]+)@[^/]+/(.+)")
_NPM_HOSTS = {"cdn.jsdelivr.net", "unpkg.com"}
# Addresses of other CDNs, by the end of their path.
_ELSEWHERE = {
    "/leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "/leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "/d3.min.js": "d3/d3.min.js",
    "/jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "/require.min.js": "requirejs/require.js",
}
_EMPTY_STYLE = b'{"version":8,"sources":{},"layers":[]}'
_LOCAL = {"localhost", "127.0.0.1", None}


def install_packages() -> Path:
    """Install `PACKAGES` into the cache, unless they are there. Gives ``node_modules``.

    Raises
    ------
    RuntimeError
        If there is no npm.
    subprocess.CalledProcessError
        If npm cannot get a package.
    """
    wanted = json.dumps({"private": True, "dependencies": PACKAGES}, indent=1)
    listed = CACHE / "package.json"
    if listed.is_file() and listed.read_text("utf-8") == wanted:
        return CACHE / "node_modules"
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("the peers' JavaScript comes from npm, which is not installed")
    CACHE.mkdir(parents=True, exist_ok=True)
    part = CACHE / "part"
    part.mkdir(exist_ok=True)
    (part / "package.json").write_text(wanted, "utf-8")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=part, check=True)  # noqa: S603 - npm, fixed words
    shutil.rmtree(CACHE / "node_modules", ignore_errors=True)
    (part / "node_modules").rename(CACHE / "node_modules")
    (part / "package.json").rename(listed)
    return CACHE / "node_modules"


@dataclass
class ScriptServer:
    """Answers a page's requests to CDNs from the cache, and notes what it could not.

    Attributes
    ----------
    modules : pathlib.Path
        ``node_modules``.
    requests, size : int
        Answered from the cache, and their bytes.
    missing : list of str
        Addresses answered with nothing.
    """

    modules: Path
    requests: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Answer for every page of a browser context."""
        context.route(re.compile(r"^https?://"), self._answer)

    def _answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname in _LOCAL:
            route.continue_()
            return
        if address.path.endswith("/style.json"):  # a base map without anything on it
            self._send(route, _EMPTY_STYLE, "application/json")
            return
        path = self._find(address.hostname or "", unquote(address.path))
        kind = mimetypes.guess_type(address.path)[0] or "application/octet-stream"
        if path is None:
            self.missing.append(route.request.url)
        self._send(route, path.read_bytes() if path else b"", kind)

    def _send(self, route: Route, body: bytes, kind: str) -> None:
        self.requests += 1
        self.size += len(body)
        headers = {"access-control-allow-origin": "*", "content-type": kind}
        route.fulfill(status=200, body=body, headers=headers)

    def _find(self, host: str, path: str) -> Path | None:
        """File of an address, if the cache or an installed Python package has it."""
        if "/@deck.gl/jupyter-widget@" in path:
            return _pydeck_bundle()
        end = next((file for name, file in _ELSEWHERE.items() if path.endswith(name)), None)
        parts = _NPM.fullmatch(path) if host in _NPM_HOSTS else None
        named = end or ("/".join(parts.groups()) if parts else None)
        found = self.modules / named if named else None
        return found if found and found.is_file() else None


def _pydeck_bundle() -> Path:
    """deck.gl's bundle as pydeck's own package carries it."""
    import pydeck

    return Path(pydeck.__file__).parent / "nbextension" / "static" / "index.js"
