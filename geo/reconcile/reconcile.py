"""Two lists set against each other, and their counts by place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import FileProblem, Note, mark
from ..core.files import Upload
from ..core.privacy import hide_numbers
from ..gazetteer import Gazetteer
from .match import OUTCOMES, match_people
from .people import Progress, read_people

COUNTED: Final = tuple(OUTCOMES)


@dataclass(frozen=True)
class Reconciliation:
    """What became of each candidate. It holds identities, and stays in memory.

    Attributes
    ----------
    candidates_file, enrolled_file : str
        Names without folders, long numbers hidden.
    people : pandas.DataFrame
        The candidates (see `geo.reconcile.people.People`), with ``outcome``, ``how``,
        ``likelihood``, ``repeated`` (see `geo.reconcile.match.match_people`) and
        ``enrolled_row`` (row of the other file, 0 for none).
    enrolled : int
        People of the other list, ``active`` of them active.
    active : int
        See above.
    notes : tuple of Note
        What was assumed.
    """

    candidates_file: str
    enrolled_file: str
    people: pd.DataFrame
    enrolled: int
    active: int
    notes: tuple[Note, ...]


def reconcile_files(
    candidates: Path | Upload,
    enrolled: Path | Upload,
    gazetteer: Gazetteer,
    *,
    progress: Progress = lambda step, done: None,
) -> Reconciliation:
    """Read two lists and find each candidate among the people enrolled.

    Parameters
    ----------
    candidates, enrolled : pathlib.Path or Upload
        Any table files of people.
    gazetteer : Gazetteer
        Places to match to.
    progress : callable
        Told each step.

    Raises
    ------
    FileProblem
        If a file is no table, or lists nobody.
    ColumnProblem
        If a file has no column that tells people apart.
    """
    mine = read_people(candidates, gazetteer, progress=progress)
    theirs = read_people(enrolled, gazetteer, progress=progress)
    for read in (mine, theirs):
        if read.table.empty:
            raise FileProblem(
                mark("{path} lists nobody; expected is one person a row."), path=read.file
            )
    progress(mark("Comparing the lists"), None)
    found = match_people(mine.table, theirs.table)
    rows = theirs.table["row"].to_numpy()[found["partner"]]
    people = pd.concat(
        [mine.table, found.drop(columns="partner")],
        axis=1,
    ).assign(enrolled_row=pd.Series(rows, found.index).where(found["partner"] >= 0, 0))
    return Reconciliation(
        hide_numbers(mine.file),
        hide_numbers(theirs.file),
        people,
        len(theirs.table),
        int(theirs.table["active"].sum()),
        tuple(dict.fromkeys((*mine.notes, *theirs.notes))),
    )


def count_outcomes(people: pd.DataFrame, level: codes.Level | None = None) -> pd.DataFrame:
    """Count candidates by outcome and place; who stands in the list twice counts once.

    Parameters
    ----------
    people : pandas.DataFrame
        Of a `Reconciliation`.
    level : str, optional
        Level of the places; left out: by village and segment.

    Returns
    -------
    pandas.DataFrame
        By ``code`` (empty where the place is not known; and ``segment``): ``candidates``, and a
        column for each of `COUNTED`.
    """
    once = people[~people["repeated"]]
    if level is None:
        keys = [once["village"].rename("code"), once["segment"]]
    else:
        length = codes.length_of(level)
        whole = once["area"].str.len() >= length
        keys = [once["area"].str[:length].where(whole, "").rename("code")]
    table = once.groupby([*keys, once["outcome"]]).size().unstack(fill_value=0)
    table = table.reindex(columns=list(COUNTED), fill_value=0).rename_axis(columns=None)
    table.insert(0, "candidates", table.sum(axis=1))
    return table.astype("int64")
