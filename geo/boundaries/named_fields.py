"""Fields known by the names in them: village and subdistrict in one, or columns that slipped.

Asked only of layers without a code, whose fields of names hold no names of villages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import pandas as pd

from ..core import codes
from ..core.errors import mark
from ..gazetteer import normalise_name
from ..gazetteer.names import split_regency
from ..gazetteer.places import read_place_names
from .conventions import ABOVE, Recognition, as_text, change_fields, recognise
from .resolve import spelled_villages

_SAMPLE_ROWS: Final = 400
_SEPARATORS: Final = ("_", "/", "|", ";", ",", "-")
_ENOUGH_NAMES: Final = 3
# Share of the names of a field that must be known, or it is not one of that level.
_MOST: Final = 0.7
_HALF: Final = 0.5


@dataclass(frozen=True)
class _Field:
    """A column of names: those of the file, the regency that knows most, and the share known."""

    name: str
    names: frozenset[str]
    regency: str
    share: float


def recognise_named(
    rows: gpd.GeoDataFrame, mapping: Mapping[str, str] | None = None
) -> tuple[gpd.GeoDataFrame, Recognition]:
    """Find out which fields of a layer are which: by their titles, failing that by their values.

    Parameters
    ----------
    rows, mapping
        See `geo.boundaries.conventions.recognise`.

    Returns
    -------
    tuple of geopandas.GeoDataFrame and Recognition
        The rows as given, and what their fields are. Of a field with the names of village and
        subdistrict in one the rows have the two as fields of their own, such as ``kec_desa (1)``.

    Raises
    ------
    ColumnProblem
        If the mapping names a field that is not there.
    """
    rows, guess = _choose_by_values(rows, recognise(rows))
    return rows, change_fields(guess, rows, mapping)


def _choose_by_values(
    rows: gpd.GeoDataFrame, found: Recognition
) -> tuple[gpd.GeoDataFrame, Recognition]:
    """Other fields of names, where titles mislead and the names in them are those of villages."""
    if found.code or found.sub_village:
        return rows, found
    sample = rows.head(_SAMPLE_ROWS)
    own = _weigh(found.name, sample[found.name]) if found.name else _Field("", frozenset(), "", 0)
    if own.share >= _HALF:
        return rows, found
    fields = [_weigh(name, sample[name]) for name in _text_fields(rows) if name != found.name]
    # There are more villages than subdistricts, many of which are named after one of them.
    fields = [each for each in fields if len(each.names) >= len(own.names)]
    best = max(fields, key=lambda each: each.share, default=None)
    if best is not None and best.share >= _MOST:
        return rows, _with_names(found, best, sample)
    return _split_field(rows, found)


def _text_fields(rows: gpd.GeoDataFrame) -> Iterator[str]:
    for name in rows.columns:
        if name != rows.geometry.name and pd.api.types.is_string_dtype(rows[name]):
            yield str(name)


def _weigh(name: str, values: pd.Series) -> _Field:
    """Find the regency whose villages a column names, and how many of its names it knows."""
    wanted = frozenset(_normalised(values)) - {""}
    if len(wanted) < _ENOUGH_NAMES:
        return _Field(name, wanted, "", 0.0)
    hits = spelled_villages()
    hits = hits[hits["name"].isin(wanted)]
    counts = hits.groupby("regency")["name"].nunique()
    if counts.empty:
        return _Field(name, wanted, "", 0.0)
    return _Field(name, wanted, str(counts.idxmax()), float(counts.max()) / len(wanted))


def _normalised(values: pd.Series) -> Iterable[str]:
    return (normalise_name(text) for text in as_text(values).unique())


def _known_names(level: codes.Level, regency: str) -> frozenset[str]:
    """Names of the areas of a level that a regency has, or lies in."""
    if level == "subdistrict":
        names = read_place_names()
        inside = names[names.index.str.startswith(f"{regency}.")]
        inside = inside[inside.index.str.len() == codes.length_of(level)]
        return frozenset(map(normalise_name, inside))
    own = read_place_names().get(codes.ancestor(regency, level), "")
    return frozenset({_bare(level, own)})


def _bare(level: codes.Level, name: str) -> str:
    return normalise_name(split_regency(name)[1] if level == "regency" else name)


def _with_names(found: Recognition, village: _Field, sample: pd.DataFrame) -> Recognition:
    """The field of villages, and for each level above the one whose names fit its regency."""
    taken = {village.name}
    names: dict[codes.Level, str] = {}
    for level in ABOVE:
        known = _known_names(level, village.regency)
        shares = {
            str(field): _share(level, sample[field], known)
            for field in sample.columns
            if field != "geometry" and str(field) not in taken
        }
        best = max(shares, key=shares.__getitem__, default="")
        if best and shares[best] >= _MOST:
            names[level] = best
            taken.add(best)
    return replace(
        found,
        convention=found.convention or "names alone",
        name=village.name,
        names=names,
        level="village",
        why=mark("Fields {fields} hold the names, as their values say."),
        facts={"fields": ", ".join((village.name, *names.values()))},
    )


def _share(level: codes.Level, values: pd.Series, known: frozenset[str]) -> float:
    names = {_bare(level, text) for text in as_text(values).unique()} - {""}
    return len(names & known) / len(names) if names else 0.0


def _split_field(
    rows: gpd.GeoDataFrame, found: Recognition
) -> tuple[gpd.GeoDataFrame, Recognition]:
    """A field of subdistrict and village in one, as two fields of their own."""
    for name in _text_fields(rows):
        for separator in _SEPARATORS:
            parts = as_text(rows[name]).str.extract(
                rf"^\s*([^{re.escape(separator)}]+?)\s*{re.escape(separator)}\s*"
                rf"([^{re.escape(separator)}]+?)\s*$"
            )
            if parts[0].notna().mean() < _MOST:
                continue
            parts = parts.fillna("").set_axis([f"{name} (1)", f"{name} (2)"], axis=1)
            wide = rows.assign(**{title: parts[title] for title in parts})
            if chosen := _choose_parts(found, wide.head(_SAMPLE_ROWS), list(parts)):
                return wide, chosen
    return rows, found


def _choose_parts(found: Recognition, sample: pd.DataFrame, parts: list[str]) -> Recognition | None:
    """The two parts of a field, if one names villages and the other their subdistricts."""
    for village, above in (parts[::-1], parts):
        weighed = _weigh(village, sample[village])
        if weighed.share < _MOST:
            continue
        known = _known_names("subdistrict", weighed.regency)
        if _share("subdistrict", sample[above], known) >= _MOST:
            return _with_names(found, weighed, sample)
    return None
