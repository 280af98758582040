"""Villages of records by their coordinates, beside what their names and codes say.

The rule: where a record names a village for certain, by code or by name, that village counts; the
point is where somebody stood when the form was filled in. Where it does not, the point decides.
Records whose point lies in another village than the one they name are told, with both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from ..boundaries.points import locate_points
from ..core.errors import Note, mark
from ..core.privacy import hide_numbers
from ..enrolment.reading import EnrolmentReading
from ..gazetteer import Gazetteer, match_places

_NAMES = ("code", "village", "subdistrict", "regency", "province")


@dataclass(frozen=True)
class Placed:
    """Records with the villages of their points.

    Attributes
    ----------
    records : pandas.DataFrame
        As given; of those without a certain village ``code`` is that of the point, and names are
        empty.
    differing : pandas.DataFrame
        ``row``, ``named`` and ``point`` (codes) of records that name another village.
    notes : tuple of Note
        How many points decided, lay outside, or differ.
    """

    records: pd.DataFrame
    differing: pd.DataFrame
    notes: tuple[Note, ...]


def place_reading(
    reading: EnrolmentReading,
    gazetteer: Gazetteer,
    villages: gpd.GeoSeries,
    names: pd.Series,
    *,
    nearest_km: float,
) -> EnrolmentReading:
    """Give the records of a reading the villages of their points (see `place_points`).

    Parameters
    ----------
    reading : EnrolmentReading
        Of a file with coordinates.
    gazetteer, villages, nearest_km
        See `place_points`.
    names : pandas.Series
        Names of places by code.

    Returns
    -------
    EnrolmentReading
        With the notes, and among the rows to fix each that names another village than the one its
        point lies in, with both.
    """
    placed = place_points(reading.records, gazetteer, villages, nearest_km=nearest_km)
    named, point = (
        placed.differing[of].map(names).fillna("") + " (" + placed.differing[of] + ")"
        for of in ("named", "point")
    )
    differing = pd.DataFrame(
        {
            "file": hide_numbers(reading.file),
            "sheet": hide_numbers(reading.sheet),
            "row": placed.differing["row"],
            "kind": "doubtful",
            "reason": "other_point",
            "column": "",
            "value": named + " → " + point,
        }
    )
    fixes = pd.concat([reading.fixes, differing], ignore_index=True)
    fixes = fixes.sort_values(["row", "kind", "reason", "column"], ignore_index=True)
    notes = (*reading.notes, *placed.notes)
    return replace(reading, records=placed.records, fixes=fixes, notes=notes)


def place_points(
    records: pd.DataFrame, gazetteer: Gazetteer, villages: gpd.GeoSeries, *, nearest_km: float
) -> Placed:
    """Give records the village of their point, where their names give none.

    Parameters
    ----------
    records : pandas.DataFrame
        Normal form, with ``latitude`` and ``longitude``.
    gazetteer : Gazetteer
        Places that names are matched to.
    villages : geopandas.GeoSeries
        Polygons by code.
    nearest_km : float
        How far outside every village a point may lie.
    """
    active = records["outcome"] == "active"
    found = locate_points(
        records["longitude"].where(active),
        records["latitude"].where(active),
        villages,
        nearest_km=nearest_km,
    )
    named = _named_villages(records, gazetteer).where(active, "")
    decides = (found.code != "") & (named == "")
    placed = records.assign(code=records["code"].where(~decides, found.code))
    for name in _NAMES[1:]:
        placed[name] = records[name].where(~decides, "")
    differs = (found.code != "") & (named != "") & (named != found.code)
    differing = pd.DataFrame({"row": records["row"], "named": named, "point": found.code})[
        differs
    ].reset_index(drop=True)
    lost = active & records["latitude"].notna() & (found.code == "")
    facts = {
        mark("{count} records were given the village that their coordinates lie in."): decides,
        mark("{count} points lay outside every village and went to the nearest."): (
            found.distance > 0
        ),
        mark("{count} points are too far from every village."): lost,
        mark(
            "{count} records name another village than their coordinates lie in; the name counts."
        ): differs,
    }
    notes = tuple(Note(said, {"count": int(m.sum())}) for said, m in facts.items() if m.any())
    return Placed(placed, differing, notes)


def _named_villages(records: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """Codes of the villages that names and codes give for certain; each spelling looked up once."""
    number = records.groupby(list(_NAMES), sort=False).ngroup()
    first = ~number.duplicated()
    spelled = records.loc[first, list(_NAMES)].set_axis(number[first])
    matched = match_places(spelled, gazetteer, one_to_one=False)
    certain = (matched["outcome"] == "matched") & (matched["level"] == "village")
    return number.map(matched["code"].where(certain, ""))
