"""Rows of a table that speaks of several years or months, and whose file is of one period.

A table of counts with a column of years repeats each village once a year. Added up, every year's
people would stand in one month: rows of another year or month than the period are set aside.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from ..core.errors import Note, mark
from .cells import Cells, map_distinct
from .grid import Bools, is_filled
from .values import is_year, month_of
from .vocabulary import Role

_SHOWN: Final = 6


def find_other_periods(cells: Cells, period: str) -> Bools:
    """Say which rows name another year or month than a period.

    Parameters
    ----------
    cells : Cells
        A table of counts.
    period : str
        ``2024-10``; empty where it is not known yet.
    """
    others = np.zeros(cells.height, dtype=bool)
    if not period or cells.says_period:
        return others
    wanted: dict[Role, int] = {"year": int(period[:4]), "month": int(period[5:])}
    for role, number in wanted.items():
        if cells.find(role):
            text = cells.text(role)
            said = map_distinct(text, partial(_read, role), "int64")
            others |= is_filled(text) & (said != number)
    return others


def _read(role: Role, texts: list[str]) -> list[int]:
    if role == "month":
        return [month_of(text) for text in texts]
    return [int(text) if is_year(text) else 0 for text in texts]


def note_other_periods(cells: Cells, period: str, *, counted_once: bool) -> list[Note]:
    """Say how a table that speaks of several years or months is taken.

    Parameters
    ----------
    cells : Cells
        The table.
    period : str
        Of the file.
    counted_once : bool
        Whether rows are people, who count once however many rows they have.
    """
    if not period or cells.says_period:
        return []
    notes = []
    for role in ("year", "month"):
        column = cells.find(role)
        values = sorted(filter(None, cells.text(role).unique().to_pylist()))
        if column is None or len(values) < 2:
            continue
        taken = mark("{column} names {values}; people of all of them count once, in {period}.")
        apart = mark("{column} names {values}; only the rows of {period} are counted.")
        shown = ", ".join(values[:_SHOWN]) + (", …" if len(values) > _SHOWN else "")
        facts: dict[str, object] = {"column": column.name, "values": shown, "period": period}
        notes.append(Note(taken if counted_once else apart, facts))
    return notes
