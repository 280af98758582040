"""The small tables beside the records: eligible workers, contributions, programme facts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from . import codes
from .errors import UNREADABLE, ColumnProblem, FileProblem, mark
from .files import GZIP_MAGIC, is_folder, require_file, unpack_gzip
from .privacy import hide_numbers
from .segments import to_segment_keys

MONTHS_PER_YEAR: Final = 12
_PEOPLE: Final = r"[0-9]{1,12}(?:\.0)?"
_PROGRAMME_COLUMNS: Final = ("item", "value", "unit", "period", "source")
NO_PROGRAMME: Final = pd.DataFrame(columns=list(_PROGRAMME_COLUMNS), dtype="str")
CONTRIBUTION_BASES: Final = {"jkk_jkm": ("jkk", "jkm"), "jkk_jkm_jht": ("jkk", "jkm", "jht")}


@dataclass(frozen=True)
class Contributions:
    """Monthly price of cover for one person not yet covered, in rupiah.

    Attributes
    ----------
    monthly : dict of str to int
        By basis: ``jkk_jkm`` (work accident and death) and ``jkk_jkm_jht``
        (with old age).
    source : str
        Where the prices are from.
    """

    monthly: dict[str, int]
    source: str


def read_table(path: Path, required: tuple[str, ...]) -> pd.DataFrame:
    """A CSV table as text, with its required columns checked.

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
    """A CSV file with every cell as it is written.

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


def read_eligible(path: Path) -> pd.DataFrame:
    """Eligible workers by village and segment.

    Parameters
    ----------
    path : pathlib.Path
        CSV with ``code, eligible``, optionally ``segment`` and ``source``, or
        a folder that holds it as ``eligible.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns ``code`` (dotted), ``segment`` (key, or empty for all
        together), ``eligible`` (people), ``source``.

    Raises
    ------
    ColumnProblem
        If a code is no village code, a count is no whole number, or a village
        and segment stand twice.
    """
    path = path / "eligible.csv" if is_folder(path) else path
    table = read_table(path, ("code", "eligible"))
    table["code"] = _checked_codes(table["code"], path)
    people = _checked_people(table["eligible"], path)
    segment = table["segment"] if "segment" in table else pd.Series("", table.index, dtype="str")
    result = pd.DataFrame(
        {
            "code": table["code"],
            "segment": to_segment_keys(segment),
            "eligible": people,
            "source": table["source"].map(hide_numbers) if "source" in table else path.name,
        }
    )
    repeated = result[result.duplicated(["code", "segment"])]
    if len(repeated):
        raise ColumnProblem(
            mark("{path} has {code} twice for the same segment; each must stand once."),
            path=str(path),
            code=repeated["code"].iloc[0],
        )
    return result


def _checked_codes(given: pd.Series, path: Path) -> pd.Series:
    dotted = codes.to_dotted(given)
    wrong = given[dotted == ""]
    if len(wrong):
        raise ColumnProblem(
            mark("{path}: {value!r} is no village code; expected is one like 62.05.01.2005."),
            path=str(path),
            value=str(wrong.iloc[0]),
        )
    return dotted


def _checked_people(given: pd.Series, path: Path) -> pd.Series:
    """Whole numbers; ``1.000`` is refused, as it may mean one or a thousand."""
    text = given.str.strip()
    wrong = given[~text.str.fullmatch(_PEOPLE)]
    if len(wrong):
        raise ColumnProblem(
            mark("{path}: {value!r} is no whole number of eligible workers."),
            path=str(path),
            value=str(wrong.iloc[0]),
        )
    return text.str.removesuffix(".0").astype("int64")


def read_contributions(folder: Path) -> Contributions:
    """Price of cover for one vulnerable or self-employed worker (segment ``bpu``).

    Raises
    ------
    ColumnProblem
        If a programme of the price is missing, repeated or no whole number.
    """
    path = folder / "contributions.csv"
    table = read_table(path, ("segment", "programme", "monthly_idr", "source"))
    own = table[(table["segment"] == "bpu") & (table["monthly_idr"] != "")]
    own = own.set_index(own["programme"].str.lower())
    programmes = CONTRIBUTION_BASES["jkk_jkm_jht"]
    rows = own[own.index.isin(programmes) & own["monthly_idr"].str.fullmatch(r"[0-9]{1,12}")]
    if sorted(rows.index) != sorted(programmes):
        raise ColumnProblem(
            mark("{path} must give segment bpu one monthly_idr in whole rupiah for {programmes}."),
            path=str(path),
            programmes=", ".join(programmes).upper(),
        )
    price = rows["monthly_idr"].astype("int64")
    monthly = {basis: int(price[list(parts)].sum()) for basis, parts in CONTRIBUTION_BASES.items()}
    return Contributions(monthly, own["source"].iloc[0])


def read_programme(folder: Path) -> pd.DataFrame:
    """Published facts of the programme: ``item, value, unit, period, source``."""
    return read_table(folder / "programme.csv", _PROGRAMME_COLUMNS)
