"""Fetching over slow and broken lines: resumed where it stopped, tried again, checked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from ...core.errors import FileProblem, mark

Progress = Callable[[int, int | None], None]

MAX_BYTES: Final = 3 * 2**30
MAX_ANSWER: Final = 256 * 2**20
_CHUNK: Final = 2**16
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How long to wait and how often to try.

    Attributes
    ----------
    tries : int
        Attempts in a row that bring nothing new, before giving up.
    pause : float
        Seconds before the second attempt; doubled for each further one.
    timeout : float
        Seconds without a byte after which an attempt has failed.
    """

    tries: int = 5
    pause: float = 1.0
    timeout: float = 30.0


PATIENCE: Final = RetryPolicy()


class _TryAgain(Exception):
    """An attempt failed in a way that another may not; ``reason`` says how."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def fetch_file(url: str, part: Path, progress: Progress, patience: RetryPolicy = PATIENCE) -> None:
    """Fetch a file, going on where an earlier attempt stopped.

    Parameters
    ----------
    url : str
        ``http`` or ``https``.
    part : pathlib.Path
        Where the bytes are kept; what is there already is not fetched again.
    progress : callable
        Is told bytes fetched and bytes in all (None where unknown).
    patience : RetryPolicy

    Raises
    ------
    FileProblem
        If the server has no such file, or the line stays broken; ``part`` is
        kept then, so that the next call goes on.
    """
    _check_address(url)
    _keep_trying(lambda: _fetch_once(url, part, progress, patience), url, patience, _size_of(part))


def fetch_json(
    url: str, params: Mapping[str, str | int], patience: RetryPolicy = PATIENCE
) -> dict[str, Any]:
    """Fetch one answer of a service as JSON.

    Raises
    ------
    FileProblem
        If the service refuses, or does not answer with whole JSON in time.
    """
    _check_address(url)
    found: list[dict[str, Any]] = []
    _keep_trying(lambda: found.append(_ask_once(url, params, patience)), url, patience, lambda: 0)
    return found[0]


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise FileProblem(
            mark("{url!r} is no address; expected is one that begins with https://."), url=url
        )


def _size_of(part: Path) -> Callable[[], int]:
    return lambda: part.stat().st_size if part.exists() else 0


def _keep_trying(
    attempt: Callable[[], None], url: str, patience: RetryPolicy, size: Callable[[], int]
) -> None:
    """Attempt until it succeeds; an attempt that brought bytes does not count as a failure."""
    failures = 0
    while True:
        before = size()
        try:
            attempt()
            return
        except (_TryAgain, requests.RequestException, HTTPError) as error:
            failures = failures + 1 if size() <= before else 1
            if failures >= patience.tries:
                raise _gave_up(url, error) from error
            time.sleep(patience.pause * 2 ** (failures - 1))


def _gave_up(url: str, error: Exception) -> FileProblem:
    reason = error.reason if isinstance(error, _TryAgain) else type(error).__name__
    return FileProblem(
        mark("{url} does not answer as it should ({reason}); try again later to go on from here."),
        url=url,
        reason=reason,
    )


def _fetch_once(url: str, part: Path, progress: Progress, patience: RetryPolicy) -> None:
    have = _size_of(part)()
    headers = {"Accept-Encoding": "identity"} | (_go_on(part, have) if have else {})
    with requests.get(url, headers=headers, stream=True, timeout=patience.timeout) as answer:
        if answer.status_code == 416:
            _settle_end(answer, part, have)
            return
        _check_status(answer, url)
        _remember(answer, part)
        resumed = answer.status_code == 206 and _starts_at(answer, have)
        total = _total(answer, have if resumed else 0)
        if total is not None and total > MAX_BYTES:
            raise _too_large(url)
        _store(answer, part, have if resumed else 0, total, progress)


def _go_on(part: Path, have: int) -> dict[str, str]:
    """Ask for the rest, if the file is still the one that was begun."""
    tag = _tag_file(part)
    version = tag.read_text("ascii") if tag.exists() else ""
    known = {"If-Range": version} if version else {}
    return {"Range": f"bytes={have}-"} | known


def _remember(answer: requests.Response, part: Path) -> None:
    mark_of = answer.headers.get("ETag", "") or answer.headers.get("Last-Modified", "")
    if mark_of.isascii() and not mark_of.startswith("W/"):
        _tag_file(part).write_text(mark_of, "ascii")


def _tag_file(part: Path) -> Path:
    """Where the server's mark of the file's version is kept, beside its bytes."""
    return part.with_name(f"{part.name}.tag")


def forget(part: Path) -> None:
    """Remove what `fetch_file` keeps of a file."""
    part.unlink(missing_ok=True)
    _tag_file(part).unlink(missing_ok=True)


def _settle_end(answer: requests.Response, part: Path, have: int) -> None:
    """The server has nothing after what is here: done, if that is the whole file."""
    whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
    if whole != str(have):
        forget(part)
        raise _TryAgain("the file has changed")


def _check_status(answer: requests.Response, url: str) -> None:
    if answer.status_code in _BUSY:
        raise _TryAgain(f"HTTP {answer.status_code}")
    if answer.status_code not in {200, 206}:
        raise FileProblem(
            mark("{url} answers with HTTP {status}; check the address and the area asked for."),
            url=url,
            status=answer.status_code,
        )


def _starts_at(answer: requests.Response, have: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _total(answer: requests.Response, have: int) -> int | None:
    length = answer.headers.get("Content-Length", "")
    return have + int(length) if length.isdecimal() else None


def _too_large(url: str) -> FileProblem:
    return FileProblem(mark("{url} is larger than a layer of boundaries would be."), url=url)


def _store(
    answer: requests.Response, part: Path, have: int, total: int | None, progress: Progress
) -> None:
    with part.open("r+b" if have else "wb") as file:
        file.truncate(have)
        file.seek(have)
        # What has come is written at once: a line that breaks then costs nothing.
        while chunk := answer.raw.read1(_CHUNK):
            file.write(chunk)
            have += len(chunk)
            progress(have, total)
            if have > MAX_BYTES:
                raise _too_large(answer.url)
    if total is not None and have < total:
        raise _TryAgain(f"{have} of {total} bytes")


def _ask_once(url: str, params: Mapping[str, str | int], patience: RetryPolicy) -> dict[str, Any]:
    with requests.get(url, params=params, stream=True, timeout=patience.timeout) as answer:
        _check_status(answer, url)
        content = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            content += chunk
            if len(content) > MAX_ANSWER:
                raise _too_large(url)
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _TryAgain("no whole JSON") from error
    if not isinstance(body, dict):
        raise _TryAgain("no JSON object")
    if "error" in body:
        _refused(url, body["error"])
    return body


def _refused(url: str, error: object) -> None:
    """ArcGIS answers HTTP 200 and says in the body what went wrong."""
    facts = error if isinstance(error, dict) else {}
    code = facts.get("code")
    code = code if isinstance(code, int) else 0
    if code in _BUSY:
        raise _TryAgain(f"error {code}")
    raise FileProblem(
        mark("{url} refuses the question (error {code}); check the address of the layer."),
        url=url,
        code=code,
    )
