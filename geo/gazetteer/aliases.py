"""Confirmed spellings, a file that people edit by hand: what is right is used, the rest told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import FileProblem, Note, mark
from ..core.privacy import hide_numbers
from ..core.text_tables import read_text
from . import Gazetteer, normalise_name
from .places import read_crosswalk, read_place_names

NAMES: Final = ("province", "regency", "subdistrict", "village")
ALIAS_COLUMNS: Final = (*NAMES, "code")
FIRST_LINE: Final = 2  # under the header


def read_aliases(path: Path) -> pd.DataFrame:
    """Read confirmed spellings as text, as they stand in the file.

    Parameters
    ----------
    path : pathlib.Path
        CSV with ``village, code`` and any of ``province, regency, subdistrict``;
        separated by commas, or by semicolons as an Indonesian spreadsheet does.

    Returns
    -------
    pandas.DataFrame
        `ALIAS_COLUMNS` and any others of the file, by line of the file.

    Raises
    ------
    FileProblem
        If the file is not understood.
    """
    table = read_text(path, blank_lines=True)
    if len(table.columns) == 1:
        table = read_text(path, blank_lines=True, separator=";")
    table.columns = [str(column).strip().lower() for column in table.columns]
    if not {"village", "code"} <= set(table.columns):
        raise FileProblem(
            mark("{path} lacks the columns village and code; put them back or move it away."),
            path=str(path),
        )
    unknown_columns = [column for column in table.columns if column not in ALIAS_COLUMNS]
    table = table.reindex(columns=[*ALIAS_COLUMNS, *unknown_columns], fill_value="").fillna("")
    table.index = pd.RangeIndex(FIRST_LINE, FIRST_LINE + len(table), name="line")
    return table[(table != "").any(axis=1)]


def check_aliases(
    aliases: pd.DataFrame, gazetteer: Gazetteer
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Select the lines that can be used, and write a sentence for each one that cannot.

    Parameters
    ----------
    aliases : pandas.DataFrame
        From `read_aliases`; the index is the line.
    gazetteer : Gazetteer
        The places of the data; a code of the official list is known as well.

    Returns
    -------
    pandas.DataFrame
        Lines whose code is known and of the level they name.
    tuple of Note
        What is wrong with the others, and with lines that contradict each other:
        their spelling stays a question.
    """
    meant = aliases["code"].map(lambda text: _meanings(text, gazetteer))
    lines = zip(aliases.to_dict("index").items(), meant, strict=True)
    wrong = {
        line: note for (line, row), meant_codes in lines if (note := _fault(line, row, meant_codes))
    }
    good = aliases.drop(index=list(wrong))
    notes = (*wrong.values(), *_contradictions(good, meant))
    return good, notes


def _meanings(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """List the places that a code can stand for, dotted."""
    crosswalk, official = read_crosswalk(), read_place_names()
    codes_of_rows = [
        code
        if scheme == "kemendagri"
        else gazetteer.bps.get(code, "") or str(crosswalk.get(code, ""))
        for scheme, code in codes.read_code(text)
    ]
    known_codes = (
        code for code in codes_of_rows if code in gazetteer.names or code in official.index
    )
    return tuple(dict.fromkeys(known_codes))


def _fault(line: object, row: dict[str, str], meant: tuple[str, ...]) -> Note | None:
    facts = {"line": line, "code": hide_numbers(row["code"]) or "–", "name": _spelled(row)}
    if not facts["name"]:
        return Note(
            mark("Confirmed spellings, line {line}: no place is named; it is not used."), facts
        )
    if not meant:
        message = mark(
            "Confirmed spellings, line {line}: {code} is no known code; {name} is not used."
        )
        return Note(message, facts)
    if len(meant) > 1:
        message = mark(
            "Confirmed spellings, line {line}: {code} can be {meant}; write it with dots. "
            "{name} is not used."
        )
        return Note(message, facts | {"meant": ", ".join(meant)})
    finest = next(level for level in NAMES[::-1] if row[level].strip())
    if codes.find_level(meant[0]) != finest:
        message = mark(
            "Confirmed spellings, line {line}: {code} is the code of another level than {name}; "
            "it is not used."
        )
        return Note(message, facts)
    return None


def _contradictions(aliases: pd.DataFrame, meant: pd.Series) -> Iterator[Note]:
    """Spellings that two lines give to two places."""
    keys = [tuple(map(normalise_name, row)) for row in aliases[list(NAMES)].to_numpy().tolist()]
    confirmed = meant.reindex(aliases.index)
    for _, lines in confirmed.groupby(pd.Series(keys, aliases.index, dtype="object"), sort=False):
        if lines.nunique() > 1:
            message = mark(
                "Confirmed spellings, lines {lines}: {name} is given to several places ({meant}); "
                "it stays a question until one is left."
            )
            facts: dict[str, object] = {
                "lines": ", ".join(map(str, lines.index)),
                "name": _spelled(aliases.loc[lines.index[0]].to_dict()),
                "meant": ", ".join(code for (code,) in lines.unique()),
            }
            yield Note(message, facts)


def _spelled(row: dict[str, str]) -> str:
    return ", ".join(hide_numbers(row[name].strip()) for name in NAMES[::-1] if row[name].strip())
