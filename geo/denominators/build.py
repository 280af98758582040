"""Denominators of all villages from what was read, with what must be said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import Note, QueryProblem, mark
from ..counting.count import Counts
from .estimate import as_counted, distribute_total, estimate_eligible, split_areas
from .factors import Factor
from .reading import Kind, split_levels, sum_places

_ESTIMATED: Final = mark("Eligible workers are estimated from the population.")
_SHARED_OUT: Final = mark("The total is shared out by population; each village is estimated.")
_SPLIT: Final = mark(
    "{count} subdistricts have one number; it is shared out equally to their villages, which is an "
    "estimate."
)

_KEPT: Final = mark("{count} villages that are not in the file keep the number they had.")


@dataclass(frozen=True)
class Denominators:
    """Eligible workers by village and segment.

    Attributes
    ----------
    table : pandas.DataFrame
        `geo.denominators.estimate.COLUMNS`.
    villages : int
        Villages with a number, of ``known`` villages of the area.
    known : int
        See above.
    lost : int
        People of the file in no village and no subdistrict of the area.
    notes : tuple of Note
        How they were made.
    """

    table: pd.DataFrame
    villages: int
    known: int
    lost: int
    notes: tuple[Note, ...]

    @property
    def total(self) -> int:
        """Eligible workers of all villages."""
        return int(self.table["eligible"].sum())


def build_denominators(
    counts: Counts,
    places: pd.Index,
    kind: Kind,
    *,
    factors: Sequence[Factor],
    total: int | None,
    source: str,
) -> Denominators:
    """Make denominators of the numbers of a file.

    Parameters
    ----------
    counts : Counts
        The file, matched and counted.
    places : pandas.Index
        Codes of the villages of the area.
    kind : str
        What its numbers are: ``eligible`` workers, or the ``population`` they are estimated from.
    factors : sequence of Factor
        Shares of the population, where no total is known.
    total : int, optional
        Eligible workers of the whole area, shared out by population.
    source : str
        What is said of the file.

    Raises
    ------
    QueryProblem
        If no place of the file lies in the area.
    """
    villages, subdistricts, lost = split_levels(sum_places(counts))
    villages = villages[villages["code"].isin(places)]
    if villages.empty and subdistricts.empty:
        raise QueryProblem(
            mark("None of {count} places of the file lies in the area of the boundaries."),
            count=len(counts.people),
        )
    if kind == "population":
        population = _population(villages, subdistricts, places)
        if total is None:
            table = estimate_eligible(population, factors, source)
        else:
            table = distribute_total(total, population, source)
        notes: tuple[Note, ...] = (Note(_ESTIMATED if total is None else _SHARED_OUT),)
    else:
        table, notes = _of_counts(villages, subdistricts, places, source)
    table = table.sort_values(["code", "segment"], ignore_index=True)
    return Denominators(table, table["code"].nunique(), len(places), lost, notes)


def keep_others(found: Denominators, saved: pd.DataFrame | None) -> Denominators:
    """Add saved denominators of the villages that the file has no number of.

    Parameters
    ----------
    found : Denominators
        Of the file: in its villages they take the place of the saved ones, all segments of them.
    saved : pandas.DataFrame or None
        `geo.denominators.estimate.COLUMNS`, those in force; None where there are none.

    Returns
    -------
    Denominators
        With a note of how many villages were added; ``found`` itself where none is.
    """
    if saved is None:
        return found
    others = saved[~saved["code"].isin(found.table["code"])]
    if others.empty:
        return found
    parts = [found.table, others[list(found.table.columns)]]
    table = pd.concat(parts, ignore_index=True).sort_values(["code", "segment"], ignore_index=True)
    kept = others["code"].nunique()
    note = Note(_KEPT, {"count": kept})
    return replace(found, table=table, villages=found.villages + kept, notes=(*found.notes, note))


def _of_counts(
    villages: pd.DataFrame, subdistricts: pd.DataFrame, places: pd.Index, source: str
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Numbers of villages as they are; those of a subdistrict go to its villages without one."""
    table = as_counted(villages, source)
    if subdistricts.empty:
        return table, ()
    equal = pd.Series(1.0, places[~places.isin(villages["code"])])
    split = split_areas(subdistricts, equal, source)
    note = Note(_SPLIT, {"count": len(subdistricts)})
    return pd.concat([table, split], ignore_index=True), (note,)


def _population(villages: pd.DataFrame, areas: pd.DataFrame, places: pd.Index) -> pd.Series:
    """People by village; those of a subdistrict without villages of its own shared out equally."""
    own = villages.groupby("code")["people"].sum()
    rest = places[~places.isin(own.index)]
    parts = [own.astype("float64")]
    length = codes.length_of("subdistrict")
    for row in areas.groupby("code", as_index=False)["people"].sum().itertuples():
        inside = rest[rest.str[:length] == row.code]
        if len(inside):
            parts.append(pd.Series(row.people / len(inside), inside, dtype="float64"))
    return pd.concat(parts).sort_index()
