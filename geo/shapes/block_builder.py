"""One block: villages cleaned, simplified, dissolved, and written as shape files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ..core import codes
from ..gazetteer.places import read_region_names
from .cache import Cache, Kept
from .codec import encode_shapes
from .coverage import (
    Coverage,
    Mask,
    Shapes,
    clean_coverage,
    dissolve_levels,
    km2,
    simplify_coverage,
)
from .resolutions import CUTS, RESOLUTIONS

Tell = Callable[[float], None]
Levels = dict[codes.Level, pd.Series]
_AREAS: Final[tuple[codes.Level, ...]] = ("subdistrict", "regency", "province")
# What a block reports: villages with a polygon, those that wholly lie in others, narrow gaps
# closed, areas of gaps and of overlaps, area in all.
REPORT: Final = ("villages", "apart", "closed", "closed_km2", "parted_km2", "km2")
# Share of the work behind us when the coverage is clean, and when it is dissolved.
_CLEANED, _DISSOLVED = 0.5, 0.6


def build_block(cache: Cache, tables: dict[str, Kept], tell: Tell) -> dict[str, Any]:
    """Prepare provinces that touch.

    Parameters
    ----------
    cache : Cache
        Where to read and write.
    tables : dict of str to Kept
        Tables of villages by province (see `geo.shapes.layer.split_layer`).
    tell : callable
        Is told the share done, from 0 to 1.

    Returns
    -------
    dict
        ``files`` (see `write_files`), ``levels`` (for each province the table of the shapes
        above its villages at full resolution: ``code``, ``geometry`` as WKB), ``country``
        (a table of its provinces at the coarsest resolution) and ``report`` (`REPORT`).
    """
    names, shapes = _read_villages(cache, tables)
    index = shapes.index
    coverage = clean_coverage(shapes.to_numpy(), lambda share: tell(_CLEANED * share))
    full = dissolve_levels(coverage.shapes, index, coverage.apart)
    levels = {province: _keep_levels(cache, full, province).to_json() for province in tables}
    tell(_DISSOLVED)
    files: list[dict[str, Any]] = []
    steps = _simplify(coverage.shapes, index, coverage.apart)
    for done, (number, drawn) in enumerate(steps, start=1):
        files += write_files(cache, drawn, names, number)
        tell(_DISSOLVED + (1 - _DISSOLVED) * done / len(RESOLUTIONS))
    return {
        "files": files,
        "levels": levels,
        "country": cache.keep_table(_to_table(drawn["province"])).to_json(),
        "report": dict(zip(REPORT, _report(coverage), strict=True)),
    }


def _report(coverage: Coverage) -> tuple[float, ...]:
    whole = float(km2(coverage.shapes).sum())
    repair_figures = (coverage.closed, coverage.closed_km2, coverage.parted_km2, whole)
    return len(coverage.shapes), int(coverage.apart.sum()), *repair_figures


def _read_villages(cache: Cache, tables: dict[str, Kept]) -> tuple[pd.Series, pd.Series]:
    read = [cache.read_table(file, ["code", "name", "geometry"]) for file in tables.values()]
    table = pd.concat(read).dropna(subset="geometry").sort_values("code").set_index("code")
    names = pd.concat([read_region_names(), table["name"]])
    return names, pd.Series(shapely.from_wkb(table["geometry"].to_numpy()), table.index)


def _simplify(shapes: Shapes, index: pd.Index, apart: Mask) -> Iterator[tuple[int, Levels]]:
    """Simplify the levels to each resolution, the finest first, each from the one before."""
    for number in reversed(range(len(RESOLUTIONS))):
        shapes = simplify_coverage(shapes, apart, RESOLUTIONS[number].tolerance)
        yield number, dissolve_levels(shapes, index, apart)


def _keep_levels(cache: Cache, levels: Levels, province: str) -> Kept:
    above = pd.concat([levels[level] for level in _AREAS])
    return cache.keep_table(_to_table(above[above.index.str.startswith(province)].sort_index()))


def _to_table(shapes: pd.Series) -> pd.DataFrame:
    wkb = shapely.to_wkb(shapes.to_numpy())
    return pd.DataFrame({"code": shapes.index.to_numpy(), "geometry": wkb})


def write_files(
    cache: Cache, levels: Levels, names: pd.Series, number: int
) -> list[dict[str, Any]]:
    """Write the levels at one resolution, each cut by area; the whole country is left out.

    Returns
    -------
    list of dict
        ``level``, ``resolution``, ``area``, ``name`` and ``size`` of the file, ``count`` of
        places, ``bounds`` in degrees, ``vertices``.
    """
    files = []
    for level, cuts in CUTS.items():
        if number < len(cuts) and cuts[number] != "country":
            shapes = levels[level]
            for area, part in shapes.groupby(shapes.index.str[: codes.length_of(cuts[number])]):
                files.append(write_file(cache, part, names, level, number, str(area)))
    return files


def write_file(
    cache: Cache, shapes: pd.Series, names: pd.Series, level: codes.Level, number: int, area: str
) -> dict[str, Any]:
    """Write one shape file (see `write_files`)."""
    layer = gpd.GeoSeries(shapes, crs=4326)
    body = encode_shapes(layer, names, level=level, quantum=RESOLUTIONS[number].quantum)
    return {
        "level": level,
        "resolution": number,
        "area": area,
        **cache.keep(body, ".bin").to_json(),
        "count": len(shapes),
        "bounds": np.round(layer.total_bounds, 5).tolist(),
        "vertices": int(shapely.get_num_coordinates(layer.to_numpy()).sum()),
    }


def write_country(cache: Cache, countries: list[Kept]) -> list[dict[str, Any]]:
    """Write the one file of all provinces, from the tables of the blocks."""
    if not countries:
        return []
    table = pd.concat([cache.read_table(file) for file in countries]).sort_values("code")
    shapes = pd.Series(shapely.from_wkb(table["geometry"].to_numpy()), table["code"].to_numpy())
    return [write_file(cache, shapes, read_region_names(), "province", 0, "")]
