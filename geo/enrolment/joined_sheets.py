"""A workbook with one sheet a subdistrict or a month: all sheets as one table.

Offices keep a sheet for each subdistrict, with the same headers. Read one by one, a second import
of the period would replace the first. What the sheets are called becomes a column, where it is the
name of a subdistrict, or a month, and no column says that already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from ..core.errors import FileProblem, Note, mark
from ..gazetteer import normalise_name
from ..gazetteer.places import read_region_names
from .grid import Grid, Table
from .sheets import Source, read_table
from .values import period_of_name
from .vocabulary import EXACT, is_known_header, normal_header

ALL_SHEETS: Final = "*"
_KNOWN: Final = 2
_SEARCHED: Final = 20
_MOST: Final = 0.5
_PREFIX: Final = re.compile(r"(?i)^\s*(?:kec(?:amatan)?\b\.?|\d{1,2}[.)]?)\s*")


def read_all_sheets(
    source: Source, progress: Callable[[float], None] = lambda done: None
) -> tuple[Table, Note]:
    """Read every sheet with a header that such tables have, as one table.

    Rows are numbered through the sheets, in their order.

    Parameters
    ----------
    source : Source
        A workbook.
    progress : callable
        Told the share read, 0 to 1.

    Raises
    ------
    FileProblem
        If no sheet has such a header.
    """
    tables = []
    shown = [info for info in source.sheets if info.rows and not info.hidden]
    for at, info in enumerate(shown):
        try:
            table = read_table(source, info.name)
        except FileProblem:
            continue  # a sheet of headers alone
        finally:
            progress((at + 1) / len(shown))
        if sum(map(is_known_header, table.header)) >= _KNOWN:
            tables.append(table)
    if not tables:
        raise FileProblem(
            mark("{path} has no sheet with headers of such a table; choose one by its name."),
            path=source.file,
        )
    joined = _join(tables, source.file)
    names = ", ".join(table.sheet for table in tables)
    said = mark("{count} sheets were read as one table ({names}); rows are numbered through them.")
    return joined, Note(said, {"count": len(tables), "names": names})


def are_parts(source: Source) -> bool:
    """Whether all sheets of a workbook with such headers have the same ones: parts of one table."""
    headers = []
    for sheet in source.opened.values():
        if not sheet.info.rows or sheet.info.hidden:
            continue
        top = [[str(cell) for cell in row] for row in sheet.reader.to_python(nrows=_SEARCHED)]
        best = max(top, key=_count_known, default=[])
        if _count_known(best) >= _KNOWN:
            headers.append(frozenset(normal_header(name) for name in best) - {""})
    return len(headers) > 1 and len(set(headers)) == 1


def _count_known(cells: Sequence[str]) -> int:
    return sum(map(is_known_header, cells))


def _join(tables: Sequence[Table], file: str) -> Table:
    """Lay the columns of all tables side by side, by header, and add the sheets' names."""
    header: dict[str, str] = {}
    for table in tables:
        for key, name in zip(_keys(table), table.header, strict=True):
            header.setdefault(key, name)
    named = _name_column([table.sheet for table in tables], header)
    if named:
        header[normal_header(named)] = named
    parts = [_aligned(table, list(header), named) for table in tables]
    height = sum(part.height for part in parts)
    columns = tuple(
        pa.concat_arrays([part.columns[at] for part in parts]) for at in range(len(header))
    )
    numeric = {
        at: np.concatenate(
            [part.numeric.get(at, np.zeros(part.height, dtype=bool)) for part in parts]
        )
        for at in range(len(header))
        if any(at in part.numeric for part in parts)
    }
    ragged = [
        part.ragged if len(part.ragged) else np.zeros(part.height, dtype=bool) for part in parts
    ]
    body = Grid(columns, np.arange(2, height + 2), numeric, np.concatenate(ragged))
    title = " ".join(dict.fromkeys(table.title for table in tables if table.title))
    return Table(file, ALL_SHEETS, tuple(header.values()), body, 1, title)


def _keys(table: Table) -> list[str]:
    """Headers as they are compared; those that are empty or stand twice by their place."""
    keys: list[str] = []
    for at, name in enumerate(table.header):
        key = normal_header(name) or f"({at})"
        keys.append(key if key not in keys else f"{key} ({at})")
    return keys


def _aligned(table: Table, header: list[str], named: str) -> Grid:
    """Columns of a table in the order of all, empty where it has none."""
    own = {key: at for at, key in enumerate(_keys(table))}
    empty = pa.repeat(pa.scalar(""), table.body.height)
    columns, numeric = [], {}
    for at, key in enumerate(header):
        if key in own:
            columns.append(table.body.columns[own[key]])
            if own[key] in table.body.numeric:
                numeric[at] = table.body.numeric[own[key]]
        elif key == normal_header(named):
            text = _bare(table.sheet) if named == "KECAMATAN" else period_of_name(table.sheet)
            columns.append(pa.repeat(pa.scalar(text), table.body.height))
        else:
            columns.append(empty)
    return replace(table.body, columns=tuple(columns), numeric=numeric, merged=())


def _name_column(sheets: Sequence[str], header: dict[str, str]) -> str:
    """Tell what the sheets are called by: ``KECAMATAN``, ``PERIODE``, or nothing needed."""
    roles = {EXACT[key][0] for key in header if key in EXACT}
    known = [normalise_name(_bare(sheet)) in _subdistricts() for sheet in sheets]
    if sum(known) > _MOST * len(sheets) and "subdistrict" not in roles:
        return "KECAMATAN"
    if all(map(period_of_name, sheets)) and not roles & {"period", "year", "month"}:
        return "PERIODE"
    return ""


def _bare(sheet: str) -> str:
    return _PREFIX.sub("", _PREFIX.sub("", sheet)).strip() or sheet


@cache
def _subdistricts() -> frozenset[str]:
    names = read_region_names()
    return frozenset(normalise_name(name) for name in names[names.index.str.len() == 8])
