"""Boundaries of an area from a known source or an address, into a file in the normal form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from ...core import codes
from ...core.errors import FileProblem, QueryProblem, mark
from ...gazetteer.places import read_place_names, read_village_names
from ..layer_audit import LayerAudit
from ..layers import RawLayer, read_layer
from ..normalise import normalise_layer
from ..origin import Origin, write_layer, writer_of
from .arcgis import fetch_arcgis
from .sources import SOURCES, Source, way_of
from .sql_layer import read_sql_layer
from .transfer import PATIENCE, Progress, RetryPolicy, fetch_file, forget

_UNSTATED: Final = "not stated"


@dataclass(frozen=True)
class Fetched:
    """What came of a download.

    Attributes
    ----------
    villages : geopandas.GeoDataFrame
        Normal form, of the area asked for.
    audit : LayerAudit
        What became of each row of the source, other areas included.
    missing : pandas.Series
        Names, by code, of villages of the official list that the source lacks.
    origin : Origin
        As written into the file.
    """

    villages: gpd.GeoDataFrame
    audit: LayerAudit
    missing: pd.Series
    origin: Origin


def get_boundaries(
    code: str,
    source: str,
    out: Path,
    *,
    url: str = "",
    progress: Progress = lambda done, total: None,
    patience: RetryPolicy = PATIENCE,
) -> Fetched:
    """Download boundaries of the villages of an area and write them to a file.

    Parameters
    ----------
    code : str
        Dotted code of a province, regency or subdistrict.
    source : str
        Name of a known source (see `geo.boundaries.download.sources.SOURCES`), or an address.
    out : pathlib.Path
        GeoParquet or GeoJSON file; what is on the way is kept beside it in
        ``….part`` files, so that the next call goes on.
    url : str
        Address to use in place of the known source's own.
    progress : callable
        Is told how much has come and how much there is in all.
    patience : RetryPolicy
        How long to wait, how often to try.

    Raises
    ------
    QueryProblem
        If the area or the source is not known.
    FileProblem
        If the source does not answer, or not with what was asked. The file
        that was there before stays.
    """
    _check_area(code)
    writer_of(out)
    known = _find_source(source, url)
    parts: list[Path] = []
    try:
        raw = _fetch(known, code, out, parts, progress, patience)
        found = normalise_layer(raw, known.url)
    except FileProblem as error:
        if "try again later" not in error.message:
            _forget(parts)
        raise
    villages = _only(found.villages, code, known.url, parts)
    # The licence is part of what an office must be able to show later.
    origin = Origin(f"{known.title} ({known.url})", known.licence, dt.date.today())
    write_layer(villages, out, origin)
    _forget(parts)
    official = read_village_names()
    listed = official[official.index.str.startswith(f"{code}.")]
    return Fetched(villages, found.audit, listed[~listed.index.isin(villages.index)], origin)


def _check_area(code: str) -> None:
    if code not in read_place_names().index or codes.level_of(code) == "village":
        raise QueryProblem(
            mark("{code!r} is no area; a province, regency or subdistrict like 62.05 is expected."),
            code=code,
        )


def _find_source(source: str, url: str) -> Source:
    known = SOURCES.get(source.lower())
    if known is None:
        if "://" not in source:
            raise QueryProblem(
                mark("{source!r} is no known source; there are {known}, or give an address."),
                source=source,
                known=", ".join(SOURCES),
            )
        return Source(source, source.split("/")[2], _UNSTATED, way_of(source), source, source, "")
    address = url or known.url
    if not address:
        raise QueryProblem(
            mark("Source {source} has no fixed address; choose a file at {page} and give --url."),
            source=known.name,
            page=known.page,
        )
    way = way_of(url) if url else known.way
    return Source(known.name, known.title, known.licence, way, address, known.page, known.note)


def _fetch(
    source: Source,
    code: str,
    out: Path,
    parts: list[Path],
    progress: Progress,
    patience: RetryPolicy,
) -> RawLayer:
    """Rows as the source has them; ``parts`` gets the files kept on the way."""
    if source.way == "arcgis":
        parts.append(_part(out, code))
        rows = fetch_arcgis(source.url, code, parts[-1], progress, patience)
        return RawLayer(rows, source.name, "ArcGIS REST")
    tables = []
    for area in _areas(source.url, code):
        parts.append(_part(out, area))
        address = source.url.replace("{province}", area[:2]).replace("{code}", area)
        fetch_file(address, parts[-1], progress, patience)
        if source.way == "file":
            return read_layer(parts[-1])
        tables.append(read_sql_layer(parts[-1], address))
    rows = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=4326)
    return RawLayer(rows, source.name, "SQL")


def _areas(url: str, code: str) -> list[str]:
    """Regencies to ask for one by one, where the address is one of a regency."""
    if "{code}" not in url:
        return [code]
    if codes.level_of(code) != "province":
        return [codes.ancestor(code, "regency")]
    known = read_place_names().index
    inside = known.str.startswith(f"{code}.") & (known.str.len() == codes.length_of("regency"))
    return list(known[inside])


def _part(out: Path, code: str) -> Path:
    return out.with_name(f"{out.name}.{code}.part")


def _forget(parts: list[Path]) -> None:
    for part in parts:
        forget(part)


def _only(villages: gpd.GeoDataFrame, code: str, url: str, parts: list[Path]) -> gpd.GeoDataFrame:
    inside = villages[villages.index.str.startswith(f"{code}.")]
    if inside.geometry.isna().all():
        _forget(parts)
        raise FileProblem(
            mark("{url} is not what was asked: it holds no boundary of a village in {code}."),
            url=url,
            code=code,
        )
    return inside
