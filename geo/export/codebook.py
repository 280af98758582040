"""The codebook as a table: every column, in both languages."""

from __future__ import annotations

import pandas as pd

from ..core.codebook import COLUMNS
from ..core.i18n import LANGUAGES, Language
from .files import csv_bytes
from .short_names import shorten_names


def build_codebook() -> pd.DataFrame:
    """Name, kind of value and short name of each column, its label and meaning by language."""
    short = shorten_names(column.name for column in COLUMNS)
    rows = []
    for column in COLUMNS:
        row = {"column": column.name, "kind": column.kind, "shapefile": short[column.name]}
        for code in LANGUAGES:
            row[f"label_{code}"] = Language(code)(column.label)
            row[f"meaning_{code}"] = Language(code)(column.meaning)
        rows.append(row)
    return pd.DataFrame(rows)


def write_codebook() -> bytes:
    """The codebook as CSV that a spreadsheet opens."""
    return csv_bytes(build_codebook())
