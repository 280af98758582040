"""The small tables beside the records: eligible workers, contributions, programme facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import UNREADABLE, ColumnProblem, FileProblem, mark
from ..core.files import is_folder, require_file
from ..core.privacy import hide_numbers
from ..core.segments import to_segment_keys
from ..core.text_tables import read_table

MONTHS_PER_YEAR: Final = 12
_RUPIAH: Final = r"[0-9]{1,12}"
_PEOPLE: Final = r"[0-9]{1,12}(?:\.0)?"
_SAVED: Final = {
    **dict.fromkeys(("code", "segment", "source", "basis"), "str"),
    **dict.fromkeys(("eligible", "eligible_low", "eligible_high"), "int64"),
}
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
    by_segment : dict of str to dict of str to int
        Of each listed segment, by basis; empty where its price is a share of the wage, which the
        employer pays.
    """

    monthly: dict[str, int]
    source: str
    by_segment: dict[str, dict[str, int]] = field(default_factory=dict)


def read_eligible(path: Path) -> pd.DataFrame:
    """Eligible workers by village and segment.

    Parameters
    ----------
    path : pathlib.Path
        CSV with ``code, eligible``, optionally ``segment`` and ``source``, or
        a folder that holds it as ``eligible.csv``; or the Parquet file of a workspace.

    Returns
    -------
    pandas.DataFrame
        Columns ``code`` (dotted), ``segment`` (key, or empty for all
        together), ``eligible`` (people), ``source``; of a workspace also ``eligible_low``,
        ``eligible_high`` and ``basis`` (``counted``, ``estimated``).

    Raises
    ------
    ColumnProblem
        If a code is no village code, a count is no whole number, or a village
        and segment stand twice.
    """
    path = path / "eligible.csv" if is_folder(path) else path
    if path.suffix == ".parquet":
        return _read_saved(path)
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


def _read_saved(path: Path) -> pd.DataFrame:
    """Denominators as a workspace keeps them."""
    require_file(path)
    try:
        table = pd.read_parquet(path)[list(_SAVED)].astype(_SAVED)
    except (*UNREADABLE, KeyError, TypeError) as error:
        raise FileProblem(
            mark("The saved eligible workers in {path} are damaged; undo their last change."),
            path=path.name,
        ) from error
    return table


def _checked_codes(texts: pd.Series, path: Path) -> pd.Series:
    dotted = codes.to_dotted(texts)
    wrong = texts[dotted == ""]
    if len(wrong):
        raise ColumnProblem(
            mark("{path}: {value!r} is no village code; expected is one like 62.05.01.2005."),
            path=str(path),
            value=str(wrong.iloc[0]),
        )
    return dotted


def _checked_people(texts: pd.Series, path: Path) -> pd.Series:
    """Whole numbers; ``1.000`` is refused, as it may mean one or a thousand."""
    text = texts.str.strip()
    wrong = texts[~text.str.fullmatch(_PEOPLE)]
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
    table["programme"] = table["programme"].str.lower()
    by_segment = {
        str(segment): _price_bases(rows)
        for segment, rows in table.groupby(to_segment_keys(table["segment"]))
    }
    bpu_rows = table[(table["segment"] == "bpu") & (table["monthly_idr"] != "")]
    bpu_rows = bpu_rows.set_index("programme")
    programmes = CONTRIBUTION_BASES["jkk_jkm_jht"]
    rows = bpu_rows[
        bpu_rows.index.isin(programmes) & bpu_rows["monthly_idr"].str.fullmatch(_RUPIAH)
    ]
    if sorted(rows.index) != sorted(programmes):
        raise ColumnProblem(
            mark("{path} must give segment bpu one monthly_idr in whole rupiah for {programmes}."),
            path=str(path),
            programmes=", ".join(programmes).upper(),
        )
    price = rows["monthly_idr"].astype("int64")
    monthly = {basis: int(price[list(parts)].sum()) for basis, parts in CONTRIBUTION_BASES.items()}
    return Contributions(monthly, bpu_rows["source"].iloc[0], by_segment)


def _price_bases(rows: pd.DataFrame) -> dict[str, int]:
    """Sum rupiah a month of each basis whose programmes all have a fixed price."""
    priced = rows[rows["monthly_idr"].str.fullmatch(_RUPIAH)].set_index("programme")
    price = priced["monthly_idr"].astype("int64")
    return {
        basis: int(price[list(parts)].sum())
        for basis, parts in CONTRIBUTION_BASES.items()
        if set(parts) <= set(price.index)
    }


def read_programme(folder: Path) -> pd.DataFrame:
    """Read published facts of the programme: ``item, value, unit, period, source``."""
    return read_table(folder / "programme.csv", _PROGRAMME_COLUMNS)
