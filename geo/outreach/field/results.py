"""Results of the field page: its JSON as the rows that a worklist has, to be taken back alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from ...core.errors import FileProblem, mark
from ...core.files import Upload, require_file
from ..worklist import BEFORE, HEADINGS, KEY
from .page import FORMAT

# A result of 3,000 villages with long notes has 5 MB.
_MOST_BYTES: Final = 20 << 20
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# Longest text of a cell, and of what was exported before.
_LONGEST: Final = {BEFORE: 100_000}
_LONG: Final = 2_000
_COLUMNS: Final = (KEY, *HEADINGS, BEFORE)


def is_json(file: Path | Upload) -> bool:
    """Whether a file begins as the JSON of a field page does; any other is read as a table."""
    return _load(file, 64).removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"{"


def read_json_rows(file: Path | Upload) -> list[tuple[int, list[str]]]:
    """Read the rows of a result file, with the headings of a worklist above them.

    Parameters
    ----------
    file : pathlib.Path or Upload
        Written by the page's *Export my results*.

    Returns
    -------
    list of (int, list of str)
        Number and cells, as `geo.outreach.worklist.take_back` takes them. Every row of the file is
        among them; one that is no record has no key.

    Raises
    ------
    FileProblem
        If it is damaged, too large, or no result file.
    """
    content = _parse(_load(file, _MOST_BYTES + 1), file.name)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise _damaged(file.name)
    rows = content.get("rows")
    if not isinstance(rows, list):
        raise _damaged(file.name)
    return [(0, list(_COLUMNS)), *((n, _read_row(row)) for n, row in enumerate(rows, 1))]


def _load(file: Path | Upload, most: int) -> bytes:
    require_file(file)
    if isinstance(file, Upload):
        return bytes(file.data[:most])
    try:
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise FileProblem(
            mark("{path} cannot be read: {reason}."), path=file.name, reason=error.strerror or ""
        ) from error


def _parse(body: bytes, name: str) -> Any:
    if len(body) > _MOST_BYTES:
        raise _damaged(name)
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise _damaged(name) from error


def _damaged(name: str) -> FileProblem:
    return FileProblem(
        mark("{path} is damaged or no result of the field page; export it again on the phone."),
        path=name,
    )


def _read_row(row: Any) -> list[str]:
    """Cells of a row; what is no record gets a key that fits nothing."""
    if not isinstance(row, dict):
        return ["?", *("" for _ in _COLUMNS[1:])]
    before = json.dumps(row.get("before", []))
    cells = {name: row.get(name, "") for name in HEADINGS}
    cells |= {KEY: row.get("key") or "?", BEFORE: before}
    return [_as_text(cells[name])[: _LONGEST.get(name, _LONG)] for name in _COLUMNS]


def _as_text(cell: Any) -> str:
    """Text of a cell; what is neither text nor number is none that anything accepts."""
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        return "?"
    # Half of a pair of code units is no letter, and no database or page takes it.
    return str(cell).encode("utf-8", "replace").decode()
