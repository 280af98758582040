"""CSV tables read as text, whatever they hold."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa

from .errors import UNREADABLE, ColumnProblem, FileProblem, mark
from .files import GZIP_MAGIC, require_file, unpack_gzip


def read_table(path: Path, required: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV table as text, and check its required columns.

    Raises
    ------
    FileProblem
        If the file is absent or is no CSV text.
    ColumnProblem
        If a required column is missing.
    """
    table = read_text(path)
    missing = [column for column in required if column not in table.columns]
    if missing:
        raise ColumnProblem(
            mark("{path} lacks the column {missing}; it needs {required}."),
            path=str(path),
            missing=", ".join(missing),
            required=", ".join(required),
        )
    return table


def read_text(path: Path, *, blank_lines: bool = False, separator: str = ",") -> pd.DataFrame:
    """Read a CSV file with every cell as it is written.

    Raises
    ------
    FileProblem
        If it is absent or no CSV text, or has cells beyond its header.
    """
    require_file(path)
    try:
        data = pa.py_buffer(path.read_bytes())
        if bytes(data[:2]) == GZIP_MAGIC:
            data = unpack_gzip(data, str(path))
        table = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=not blank_lines,
        )
    except UNREADABLE as error:
        raise FileProblem(
            mark("{path} cannot be read; expected is a CSV table in UTF-8."), path=str(path)
        ) from error
    # pandas takes the first columns for names of the rows, and every heading moves.
    if len(table) and not isinstance(table.index, pd.RangeIndex):
        raise FileProblem(
            mark("{path} has rows longer than its header; give every column a heading."),
            path=str(path),
        )
    return table
