"""A layer taken apart: tables of villages by province, and what must be said about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from ..boundaries.reading import read_boundaries
from ..core import codes
from ..core.errors import QueryProblem, mark
from .blocks import find_blocks
from .cache import Cache
from .facts import facts_to_json

_SIDES = {"west": "min", "south": "min", "east": "max", "north": "max"}


def split_layer(
    cache: Cache,
    path: Path,
    layer: str | None,
    crs: str | None,
    fields: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Read a layer and keep its villages, as they are, by province.

    Returns
    -------
    dict
        ``facts`` (see `geo.shapes.facts`), the tables ``events``, ``unmatched`` and
        ``places`` (`list_bounds`), ``villages`` (a table for each province: ``code``, ``name``,
        ``kind``, ``geometry`` as WKB) and ``blocks`` (provinces to be prepared together).

    Raises
    ------
    JangkauError
        If the file is no layer of villages.
    """
    layer_read = read_boundaries(path, layer=layer, crs=crs, mapping=fields)
    if layer_read.villages.empty:
        raise QueryProblem(
            mark("None of the {count} rows of {layer} could be told to be a certain village."),
            count=layer_read.audit.rows_in,
            layer=layer_read.source,
        )
    facts = layer_read.facts
    drawn = layer_read.villages.geometry.dropna()
    return {
        "facts": facts_to_json(facts),
        "events": cache.keep_table(facts.audit.events).to_json(),
        "unmatched": cache.keep_table(facts.unmatched.rename_axis("row").reset_index()).to_json(),
        "places": cache.keep_table(list_bounds(layer_read.villages)).to_json(),
        "villages": {
            province: cache.keep_table(_to_table(part)).to_json()
            for province, part in layer_read.villages.groupby(layer_read.villages.index.str[:2])
        },
        "blocks": find_blocks(pd.Series(drawn.to_numpy(), drawn.index)) if len(drawn) else [],
    }


def _to_table(villages: gpd.GeoDataFrame) -> pd.DataFrame:
    geometry = shapely.to_wkb(villages.geometry.to_numpy())
    plain = pd.DataFrame(villages[["name", "kind"]]).rename_axis("code").reset_index()
    return plain.assign(geometry=geometry)


def list_bounds(villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """Places of all levels with their extent, sorted by code.

    Returns
    -------
    pandas.DataFrame
        ``code``, ``name`` and ``kind`` (empty above the villages), ``west``, ``south``,
        ``east``, ``north`` in degrees (missing where there is no polygon).
    """
    bounds = shapely.bounds(villages.geometry.to_numpy())
    village_bounds = pd.DataFrame(bounds, villages.index, columns=list(_SIDES))
    parts = [village_bounds.assign(name=villages["name"], kind=villages["kind"])]
    for level in ("subdistrict", "regency", "province"):
        above = village_bounds.groupby(village_bounds.index.str[: codes.length_of(level)]).agg(
            _SIDES
        )
        parts.append(above.assign(name="", kind=""))
    bounds_by_code = pd.concat(parts).rename_axis("code").reset_index()
    return bounds_by_code.sort_values("code", ignore_index=True)
