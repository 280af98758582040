"""Months as columns: a table with a column of people for each month becomes one row a month."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .grid import Table, is_filled, matches
from .values import is_year, month_of, period_of_name

_LEAST: Final = 2
_NUMERIC_SHARE: Final = 0.8
_NUMBERS: Final = r"^[0-9.,]+$|^-$"
_YEAR: Final = re.compile(r"\b(20\d{2})\b")


def spread_months(table: Table, period: str) -> Table:
    """Make one row of each row and month, with the columns ``PERIODE`` and ``JUMLAH PESERTA``.

    A table without at least two columns of numbers under months stays as it is.

    Parameters
    ----------
    table : Table
        Header and rows.
    period : str
        Period of the file, whose year holds for months without one; may be empty.
    """
    year = _year_of(table, period)
    months = {
        at: found
        for at, name in enumerate(table.header)
        if (found := _period_of(name, year)) and _has_numbers(table, at)
    }
    if len(months) < _LEAST or len(set(months.values())) < len(months):
        return table
    kept = [at for at in range(len(table.header)) if at not in months]
    body, height = table.body, table.body.height
    order = np.argsort(np.tile(np.arange(height), len(months)), kind="stable")
    take = pa.array(order)

    def repeated(column: pa.Array) -> pa.Array:
        return pa.concat_arrays([column] * len(months)).take(take)

    said = pa.concat_arrays([pa.repeat(pa.scalar(p), height) for p in months.values()])
    people = pa.concat_arrays([body.columns[at] for at in months])
    none = np.zeros(height, dtype=bool)
    numeric = {
        new: np.tile(body.numeric[old], len(months))[order]
        for new, old in enumerate(kept)
        if old in body.numeric
    }
    numeric[len(kept) + 1] = np.concatenate([body.numeric.get(at, none) for at in months])[order]
    ragged = body.ragged if len(body.ragged) else none
    columns = (*(repeated(body.columns[at]) for at in kept), said.take(take), people.take(take))
    spread = replace(
        body,
        columns=columns,
        rows=np.tile(body.rows, len(months))[order],
        numeric=numeric,
        ragged=np.tile(ragged, len(months))[order],
        merged=(),
    )
    names = (*(table.header[at] for at in kept), "PERIODE", "JUMLAH PESERTA")
    return replace(table, header=names, body=spread)


def _year_of(table: Table, period: str) -> str:
    """Find the year of months that say none: of the file, its name, its sheet or its title."""
    told = (period[:4], *(_first_year(text) for text in (table.sheet, table.file, table.title)))
    return next((year for year in told if is_year(year)), "")


def _first_year(text: str) -> str:
    found = _YEAR.search(text)
    return found[1] if found else ""


def _period_of(name: str, year: str) -> str:
    """``2024-10`` of ``Okt 2024``, ``Oct-24``, ``2024-10``, or ``Oktober`` in a known year."""
    text = re.sub(r"(?i)\b(?:peserta|jumlah|jml|aktif|tk)\b", " ", name).strip()
    if found := period_of_name(text.replace("-", " ").replace("_", " ")):
        return found
    short = re.fullmatch(r"([A-Za-z]+)[ '\-.]*(\d{2})", text)
    if short and month_of(short[1]):
        return f"20{short[2]}-{month_of(short[1]):02}"
    number = 0 if text.isdigit() else month_of(text)
    return f"{year}-{number:02}" if number and year else ""


def _has_numbers(table: Table, at: int) -> bool:
    column = table.body.columns[at]
    filled = is_filled(column)
    numbers = matches(pc.utf8_trim_whitespace(column), _NUMBERS)
    return bool(filled.any() and numbers[filled].mean() > _NUMERIC_SHARE)
