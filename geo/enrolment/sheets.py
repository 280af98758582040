"""Any table file to a table of text: container, sheet and header row found.

What a file is, its content decides, never its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ..core.errors import FileProblem, mark
from ..core.files import Upload, require_file
from .grid import Grid, Ints, Table, is_filled
from .parquetfile import PARQUET_MAGIC, read_parquet_grid
from .textfiles import load_bytes, read_text_grid
from .vocabulary import is_known_header
from .workbooks import (
    OLE_MAGIC,
    ZIP_MAGIC,
    OpenSheet,
    SheetInfo,
    open_sheets,
    open_workbook,
    read_workbook_grid,
)

_SEARCHED: Final = 40
_COMPARED: Final = 10
_OTHER_FILES: Final = (
    (re.compile(rb"\s*(?:<!doctype html|<html|<table|<meta|<style)", re.I), "HTML"),
    (re.compile(rb"\s*<\?xml"), "XML"),
    (re.compile(rb"\s*[\[{]\s*[\"{\[]"), "JSON"),
    (re.compile(rb"%PDF"), "PDF"),
)
_DATA: Final = re.compile(r"\d{10,}|\d{2}\.\d{2}\.\d{2}\.\d{4}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}")


@dataclass(frozen=True)
class Source:
    """A table file, opened.

    Attributes
    ----------
    file : str
        Name without folders.
    data : pyarrow.Buffer
        Its content, unpacked if it was gzipped.
    sheets : tuple of SheetInfo
        Sheets to choose from; empty where the format has none.
    suggested : str
        Name of the sheet that most likely holds the table.
    """

    file: str
    data: pa.Buffer
    sheets: tuple[SheetInfo, ...] = ()
    suggested: str = ""
    opened: dict[str, OpenSheet] = field(default_factory=dict, repr=False)


def open_source(path: Path | Upload) -> Source:
    """Open a table file and list its sheets.

    Parameters
    ----------
    path : pathlib.Path or Upload
        CSV, TSV, ``;`` or ``|`` text (may be gzipped), XLSX, XLS, XLSB, ODS
        or Parquet.

    Raises
    ------
    FileProblem
        If it is absent, empty, damaged, protected, or no table.
    """
    require_file(path)
    data = load_bytes(path)
    head = bytes(data[:1024])
    if not head.startswith((ZIP_MAGIC, OLE_MAGIC)):
        _refuse_other_files(head, path.name)
        return Source(path.name, data)
    opened = open_sheets(open_workbook(data, path.name), path.name)
    sheets = tuple(sheet.info for sheet in opened.values())
    filled = [sheet for sheet in opened.values() if sheet.info.rows]
    if not filled:
        raise FileProblem(mark("{path} is empty; expected is a table."), path=path.name)
    return Source(
        file=path.name,
        data=data,
        sheets=sheets,
        suggested=max(filled, key=_likelihood).info.name,
        opened=opened,
    )


def read_rows(path: Path | Upload) -> list[tuple[int, list[str]]]:
    """Every row of the sheet that most likely holds the table: its number, and its cells as text.

    Raises
    ------
    FileProblem
        As `open_source`.
    """
    source = open_source(path)
    grid = _read_grid(source, source.suggested, lambda done: None)
    return [(int(number), grid.line(at)) for at, number in enumerate(grid.rows)]


def _refuse_other_files(head: bytes, name: str) -> None:
    for pattern, kind in _OTHER_FILES:
        if pattern.match(head):
            raise FileProblem(
                mark("{path} holds {kind}, not a table; open it as a spreadsheet, save as XLSX."),
                path=name,
                kind=kind,
            )


def _likelihood(sheet: OpenSheet) -> tuple[bool, bool, int]:
    """Shown before hidden, with known headers before without, then the longest."""
    top = sheet.reader.to_python(nrows=_SEARCHED)
    known_headers = max(
        (_count_known_headers([str(cell) for cell in row]) for row in top), default=0
    )
    return not sheet.info.hidden, known_headers > 1, sheet.info.rows


def read_table(
    source: Source,
    sheet: str | None = None,
    progress: Callable[[float], None] = lambda done: None,
) -> Table:
    """Read the table of a file or of one of its sheets.

    Parameters
    ----------
    source : Source
        From `open_source`.
    sheet : str, optional
        Name of a sheet; left out: the suggested one.
    progress : callable
        Told the share read, 0 to 1.

    Raises
    ------
    FileProblem
        If there is no such sheet, or no row under the header.
    """
    name = source.suggested if sheet is None else sheet
    grid = _without_empty_edge(_read_grid(source, name, progress))
    header_row, header = find_header(grid)
    body = grid.below(header_row)
    if body.height == 0:
        raise FileProblem(
            mark("{path} has headers but no row below them; expected is a table."),
            path=source.file,
        )
    title = " ".join(cell for line in range(header_row) for cell in grid.line(line) if cell)
    return Table(
        file=source.file,
        sheet=name,
        header=header,
        body=body,
        header_row=int(grid.rows[header_row]) if header_row >= 0 else 0,
        title=title,
    )


def _read_grid(source: Source, sheet: str, progress: Callable[[float], None]) -> Grid:
    if bytes(source.data[:4]) == PARQUET_MAGIC:
        return read_parquet_grid(source.data, source.file)
    if not source.opened:
        return read_text_grid(source.data, source.file, progress)
    if sheet not in source.opened:
        raise FileProblem(
            mark("{path} has no sheet {sheet}; there are: {known}."),
            path=source.file,
            sheet=sheet,
            known=", ".join(source.opened),
        )
    return read_workbook_grid(source.opened[sheet], source.file, progress)


def _without_empty_edge(grid: Grid) -> Grid:
    """Empty columns at the right are formatting, not data."""
    width = grid.width
    while width > 1 and not is_filled(grid.columns[width - 1]).any():
        width -= 1
    return grid if width == grid.width else grid.keep(list(range(width)))


def find_header(grid: Grid) -> tuple[int, tuple[str, ...]]:
    """Position of the header row under titles, and the headers.

    A header in two rows (``PESERTA`` over ``PU``, ``BPU``) becomes one. Where
    no row is a header, the position is -1 and the headers are empty.
    """
    lines = [grid.line(row) for row in range(min(grid.height, _SEARCHED))]
    data = [any(_DATA.fullmatch(cell) for cell in line) for line in lines]
    known_headers = [
        0 if data[row] else _count_known_headers(line) for row, line in enumerate(lines)
    ]
    best = max(range(len(lines)), key=lambda row: (known_headers[row], -row), default=-1)
    if best < 0 or known_headers[best] < 2:
        best = _first_full(lines)
    if best < 0 or data[best] or _is_like_below(lines, best):
        return -1, ("",) * grid.width
    header = lines[best]
    if best + 1 < len(lines) and _continues(header, lines[best + 1]):
        best += 1
        header = [low or high for low, high in zip(lines[best], header, strict=True)]
    elif best and sum(map(bool, lines[best - 1])) > 1:
        header = [low or high for low, high in zip(header, lines[best - 1], strict=True)]
    return best, tuple(re.sub(r"\s+", " ", name) for name in header)


def _is_like_below(lines: list[list[str]], row: int) -> bool:
    """Whether a row is data: its cells are headers by a word that the cells below have as well.

    ``Kel. Melayu`` holds the word of a column of villages, and so does ``Kel. Lanjas`` below it.
    """
    known_columns = [
        column for column, cell in enumerate(lines[row]) if cell and is_known_header(cell)
    ]
    # A header that is repeated in the middle is one still.
    below = [line for line in lines[row + 1 : row + 1 + _COMPARED] if line != lines[row]]
    repeated = [
        column
        for column in known_columns
        if sum(_share_a_word(lines[row][column], line[column]) for line in below) * 2
        > len(below)
        > 0
    ]
    return bool(known_columns) and len(repeated) == len(known_columns)


def _share_a_word(cell: str, other: str) -> bool:
    """Whether two cells have a word in common."""
    return bool(set(cell.lower().split()) & set(other.lower().split()))


def _count_known_headers(line: list[str]) -> int:
    return len({cell.strip().lower() for cell in line if cell and is_known_header(cell)})


def _first_full(lines: list[list[str]]) -> int:
    """Find the first row about as full as the fullest; titles fill one or two cells."""
    filled = [sum(map(bool, line)) for line in lines]
    fullest = max(filled, default=0)
    return next((row for row, count in enumerate(filled) if count and count * 2 > fullest), -1)


def _continues(upper: list[str], lower: list[str]) -> bool:
    """Whether the row below names what the row above leaves open, and nothing else."""
    named = [column for column, cell in enumerate(lower) if cell]
    open_below = any(upper[column] == "" for column in named)
    words = all(
        re.search(r"[a-z]", lower[column], re.I) and len(lower[column]) < 40 for column in named
    )
    blank = any(upper[column] and not lower[column] for column in range(len(upper)))
    return bool(named) and open_below and words and blank and _count_known_headers(lower) > 0


def fill_down(table: Table, column: int) -> tuple[Table, int]:
    """Fill a column of areas that stands only in the first row of each block.

    Done where the sheet merges those cells, or where every value stands once
    at the top of a block without gaps. Returns the table and the number of
    cells filled.
    """
    merged = [(a, c) for a, b, c, d in table.body.merged if b == d == column and c > a]
    if not merged and not _is_block_label(table, column):
        return table, 0
    cells = table.body.columns[column].to_pylist()
    filled = (
        _fill_merged(cells, table.body.rows, merged) if merged else _fill_blocks(cells, table.body)
    )
    count = sum(old != new for old, new in zip(cells, filled, strict=True))
    columns = list(table.body.columns)
    columns[column] = pa.array(filled, pa.string())
    return replace(table, body=replace(table.body, columns=tuple(columns))), count


def _fill_merged(cells: list[str], rows: Ints, merged: list[tuple[int, int]]) -> list[str]:
    """Cells with the text of the first row of the merged range they are in.

    Ranges do not overlap in a sound workbook; of those that do, the first counts.
    """
    filled, filled_to = list(cells), 0
    for first, last in sorted(merged):
        begin, end = np.searchsorted(rows, (first, last + 1)).tolist()
        if begin < end and rows[begin] == first:
            for row in range(max(begin, filled_to), end):
                filled[row] = cells[row] or cells[begin]
        filled_to = max(filled_to, end)
    return filled


def _is_block_label(table: Table, column: int) -> bool:
    """At most every second row is labelled, from the first on, and no label comes back."""
    cells = table.body.columns[column]
    labels = cells.filter(pc.not_equal(cells, ""))
    if not len(labels) or cells[0].as_py() == "" or len(labels) * 2 > len(cells):
        return False
    data = np.logical_or.reduce([is_filled(other) for other in table.body.columns]).sum()
    once = pc.count_distinct(labels).as_py() == len(labels)
    return once and len(labels) * 2 <= int(data) and table.body.width > 2


def _fill_blocks(cells: list[str], body: Grid) -> list[str]:
    """Labels carried down over rows with at least two other cells."""
    counts = np.sum([is_filled(column) for column in body.columns], axis=0)
    result, label = [], ""
    for cell, filled in zip(cells, counts.tolist(), strict=True):
        label = cell or label
        result.append(label if cell or filled > 1 else "")
    return result
