"""Text tables: comma, semicolon, tab or pipe; UTF-8, UTF-16 or cp1252; gzipped or not."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from ..core.errors import UNREADABLE, FileProblem, mark
from ..core.files import GZIP_MAGIC, Upload, unpack_gzip
from .grid import MAX_COLUMNS, Grid, clean

_SEPARATORS: Final = ",;\t|"
_SAMPLE: Final = 1 << 17
_BLOCK: Final = 8 << 20
# A quotation over this many lines was never closed.
_RUNAWAY_LINES: Final = 40
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
_DECLARED: Final = re.compile(r"sep=(.)\r?\n", re.I)

Fraction = Callable[[float], None]


def load_bytes(path: Path | Upload) -> pa.Buffer:
    """Bytes of a file, unpacked if gzipped.

    Raises
    ------
    FileProblem
        If the file is absent, empty, cut off, or unpacks to far more than it holds.
    """
    try:
        data = _mapped(path)
        if bytes(data[:2]) == GZIP_MAGIC:
            data = unpack_gzip(data, path.name)
    except UNREADABLE as error:
        raise FileProblem(
            mark("{path} is cut off or damaged; save or download it again."), path=path.name
        ) from error
    if not bytes(data[: 1 << 16]).strip():
        raise FileProblem(mark("{path} is empty; expected is a table."), path=path.name)
    return data


def _mapped(path: Path | Upload) -> pa.Buffer:
    if isinstance(path, Upload):
        return pa.py_buffer(path.data)
    with pa.memory_map(str(path)) as file:
        return file.read_buffer()


def read_text_grid(data: pa.Buffer, name: str, progress: Fraction = lambda done: None) -> Grid:
    """Cells of a text table.

    Parameters
    ----------
    data : pyarrow.Buffer
        Content of the file.
    name : str
        Its name, for errors.
    progress : callable
        Told the share read, 0 to 1.

    Raises
    ------
    FileProblem
        If it is no text, has one column only, or over 200.
    """
    text = _to_utf8(data, name)
    sample = str(text[:_SAMPLE], "utf-8", errors="ignore")
    if len(text) > _SAMPLE:
        sample = sample.rpartition("\n")[0] or sample
    separator, usual, width = _sniff(sample)
    if width < 2:
        raise FileProblem(
            mark("{path} has one column only; expected is a table parted by , ; tab or |."),
            path=name,
        )
    if width > MAX_COLUMNS:
        raise FileProblem(
            mark("{path} has {count} columns; a table of at most {most} is expected."),
            path=name,
            count=width,
            most=MAX_COLUMNS,
        )
    try:
        return _parse(text, separator, usual, width, progress)
    except UNREADABLE as error:
        raise FileProblem(
            mark("{path} is no table that can be read; save it as CSV or XLSX again."), path=name
        ) from error


def _to_utf8(data: pa.Buffer, name: str) -> pa.Buffer:
    """Convert a text to UTF-8 without a byte order mark."""
    head = bytes(data[:_SAMPLE])
    if head.startswith(codecs.BOM_UTF8):
        return _checked_utf8(data[len(codecs.BOM_UTF8) :])
    wide = _utf16_of(head)
    if wide:
        return pa.py_buffer(str(data, wide, errors="replace").removeprefix("\ufeff").encode())
    if b"\x00" in head or len(_CONTROL.findall(head)) > len(head) / 200:
        raise FileProblem(
            mark("{path} is no table; expected is CSV, XLSX, XLS, ODS or Parquet."), path=name
        )
    return _checked_utf8(data)


def _utf16_of(head: bytes) -> str:
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16-le" if head[:2] == codecs.BOM_UTF16_LE else "utf-16-be"
    for name, zeros, text in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        share = head[zeros::2].count(0) / max(len(head) // 2, 1)
        if share > 0.7 and head[text::2].count(0) == 0:
            return name
    return ""


def _checked_utf8(data: pa.Buffer) -> pa.Buffer:
    """Keep bytes that are UTF-8; read others as cp1252, which offices' Windows writes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _BLOCK):
            decoder.decode(data[start : start + _BLOCK], start + _BLOCK >= len(data))
    except UnicodeDecodeError:
        return pa.py_buffer(str(data, "cp1252", errors="replace").encode())
    return data


def _sniff(sample: str) -> tuple[str, int, int]:
    """Separator, columns of most rows, columns of the table: what most rows agree on."""
    declared = _DECLARED.match(sample)
    candidates = declared.group(1) if declared else _SEPARATORS
    return max((_try(sample, one) for one in candidates), key=lambda attempt: attempt[3])[:3]


def _try(sample: str, separator: str) -> tuple[str, int, int, tuple[int, int]]:
    widths = [len(row) for row in _rows(sample, separator) if len(row) > 1]
    if not widths:
        return separator, 1, 1, (0, 0)
    usual, rows = Counter(widths).most_common(1)[0]
    # The header may be wider than rows whose last cells are left out.
    return separator, usual, max(usual, widths[0]), (rows, usual)


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return [line.split(separator) for line in text.splitlines()]


def _parse(data: pa.Buffer, separator: str, usual: int, width: int, progress: Fraction) -> Grid:
    try:
        table, odd = _read(data, separator, usual, progress)
        broken = _is_swallowing(table, odd, separator)
    except pa.ArrowInvalid:
        broken = True
    if broken:
        data = pa.py_buffer(_mend(str(data, "utf-8"), separator, usual).encode())
        table, odd = _read(data, separator, usual, progress)
    columns = [clean(table.column(column_index)) for column_index in range(usual)]
    columns += [pa.repeat(pa.scalar(""), table.num_rows)] * (width - usual)
    rows, ragged = np.arange(1, table.num_rows + 1), np.zeros(table.num_rows, dtype=bool)
    grid = Grid(tuple(columns), rows, ragged=ragged)
    return _weave(grid, odd, separator) if odd else grid


def _is_swallowing(table: pa.Table, odd: list[tuple[int, str]], separator: str) -> bool:
    """Whether a quotation mark that was never closed has made one cell of several rows."""
    texts = [text for _, text in odd if "\n" in text]
    for column in table.columns:
        texts += column.filter(pc.match_substring(column, "\n")).to_pylist()
    limit = table.num_columns - 1
    return any(
        line.count(separator) >= limit for text in texts for line in text.strip().split("\n")[1:]
    )


def _mend(text: str, separator: str, width: int) -> str:
    """Take quotation marks out of lines where they are never closed."""
    lines, result, line_index = text.split("\n"), [], 0
    while line_index < len(lines):
        joined, last = lines[line_index], _end_of_quote(lines, line_index)
        if last > line_index or joined.count('"') % 2:
            joined = "\n".join(lines[line_index : last + 1])
            whole = [len(row) for row in _rows(joined, separator)] == [width]
            swallowed = any(
                one.count(separator) >= width - 1 for one in lines[line_index + 1 : last + 1]
            )
            if not whole or swallowed:
                joined, last = lines[line_index].replace('"', ""), line_index
        result.append(joined)
        line_index = last + 1
    return "\n".join(result)


def _end_of_quote(lines: list[str], line_index: int) -> int:
    """Find the line in which a quotation that begins in a line ends."""
    marks = 0
    for last in range(line_index, min(line_index + _RUNAWAY_LINES, len(lines))):
        marks += lines[last].count('"')
        if marks % 2 == 0:
            return last
    return (
        min(line_index + _RUNAWAY_LINES, len(lines)) - 1
        if line_index + 1 < len(lines)
        else line_index
    )


def _read(
    data: pa.Buffer, separator: str, width: int, progress: Fraction
) -> tuple[pa.Table, list[tuple[int, str]]]:
    """All rows of the right width, and the others with their numbers."""
    odd: list[tuple[int, str]] = []

    def put_aside(row: pa.csv.InvalidRow) -> str:
        odd.append((row.number, row.text))
        return "skip"

    names = [str(column_index) for column_index in range(width)]
    reader = pa.csv.open_csv(
        pa.BufferReader(data),
        # Only the reader with one thread knows the numbers of rows; it is as fast on two cores.
        pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK),
        pa.csv.ParseOptions(
            delimiter=separator,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=put_aside,
        ),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    batches = []
    for batch in reader:
        batches.append(batch)
        progress(min(len(batches) * _BLOCK / len(data), 1.0))
    return pa.Table.from_batches(batches, reader.schema), odd


def _weave(grid: Grid, odd: list[tuple[int, str]], separator: str) -> Grid:
    """Put rows of another width back at their place: short ones filled up, long ones marked."""
    cells = _rows("\n".join(text for _, text in odd), separator)
    if len(cells) != len(odd):
        cells = [next(iter(_rows(text, separator)), []) for _, text in odd]
    long = np.array([any(map(str.strip, row[grid.width :])) for row in cells], dtype=bool)
    padded = [(row + [""] * grid.width)[: grid.width] for row in cells]
    numbers = np.array([number for number, _ in odd], dtype="int64")
    # The reader counts the rows it was told to skip; the others fill the numbers between.
    every = np.setdiff1d(np.arange(1, grid.height + len(odd) + 1), numbers, assume_unique=True)
    order = np.argsort(np.concatenate([every, numbers]), kind="stable")
    columns = tuple(
        pa.concat_arrays(
            [column, clean(pa.array([row[column_index] for row in padded], pa.string()))]
        ).take(pa.array(order))
        for column_index, column in enumerate(grid.columns)
    )
    ragged = np.concatenate([grid.ragged, long])[order]
    return Grid(columns, np.arange(1, len(order) + 1), ragged=ragged)
