"""Measure how many requests the live layers answer, beside the health route of the same process.

``python -m bench.api [--sizes 103,8494] [--requests 400] [--clients 4]`` starts the app with the
live layers on and asks from several connections that stay open: for the health route, the landing
page, a page of 100 features, one feature, a filter in CQL2, and, once a client has it, a page that
has not changed (ETag). Printed are requests a second and the 50th and 99th percentile of the
milliseconds of one, all of one run.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from bench.compare.own_data import OwnData
from bench.compare.server import running_app
from bench.compare.villages import read_villages

_FILTER: Final = quote("coverage_gap > 20 AND state = 'ok'")
_FIRST: Final = 20  # requests before anything is measured, so that code and caches are warm


def list_routes(code: str) -> dict[str, str]:
    """Addresses that are asked for, by what they are; ``code`` is of a village."""
    items = "/ogc/collections/villages/items"
    return {
        "health": "/_stcore/health",
        "landing": "/ogc/",
        "100 features": f"{items}?limit=100",
        "one feature": f"{items}/{code}",
        "filter": f"{items}?limit=100&filter={_FILTER}",
        "100 features, unchanged": f"{items}?limit=100",
    }


def ask(address: str, path: str, count: int, seconds: list[float], headers: dict[str, str]) -> None:
    """Ask for a path again and again over one connection; seconds of each answer are added."""
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 304):
            raise RuntimeError(f"{path} was answered with {answer.status}")
        seconds.append(time.perf_counter() - begun)
    connection.close()


def measure(
    address: str, path: str, requests: int, clients: int, headers: dict[str, str]
) -> tuple[float, list[float]]:
    """Ask from several connections at once: requests a second, and seconds of each."""
    ask(address, path, _FIRST, [], headers)
    seconds: list[float] = []
    asking = [
        threading.Thread(target=ask, args=(address, path, requests // clients, seconds, headers))
        for _ in range(clients)
    ]
    begun = time.perf_counter()
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return len(seconds) / (time.perf_counter() - begun), seconds


def find_etag(address: str, path: str) -> str:
    """Ask for what the answer is known by."""
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]


def main() -> None:
    """Measure each size and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="103,8494")
    options.add_argument("--requests", type=int, default=400)
    options.add_argument("--clients", type=int, default=4)
    given = options.parse_args()
    print(f"{'villages':>8}  {'route':26} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8}")
    for size in map(int, given.sizes.split(",")):
        villages = read_villages(size)
        with tempfile.TemporaryDirectory() as folder:
            data = OwnData(Path(folder), size)
            data.write(villages)
            data.open()
            settings = data.settings() | {"JANGKAU_FEATURES_API": "open"}
            with running_app(settings) as (address, _):
                for name, path in list_routes(villages["kode"].iloc[0]).items():
                    unchanged = name.endswith("unchanged")
                    headers = {"If-None-Match": find_etag(address, path)} if unchanged else {}
                    pace, seconds = measure(address, path, given.requests, given.clients, headers)
                    hundredths = statistics.quantiles(seconds, n=100)
                    median, slow = 1000 * hundredths[49], 1000 * hundredths[98]
                    print(f"{size:8}  {name:26} {pace:9.0f} {median:8.1f} {slow:8.1f}", flush=True)


if __name__ == "__main__":
    main()
