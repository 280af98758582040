"""Boundaries: reading a layer of villages into the normal form.

Normal form: a GeoDataFrame indexed by dotted ``code`` with the columns
``name``, ``kind`` and ``geometry`` (EPSG:4326; None for a place without a
polygon).
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ..core import codes
from ..core.errors import UNREADABLE, ColumnProblem, FileProblem, mark
from ..core.text_tables import read_table
from .approximate import approximate_boundaries
from .conventions import ABOVE, Recognition, show_values
from .layer_audit import LayerAudit, LayerFacts
from .layer_files import label
from .layers import read_layer
from .level_signs import find_level_sign
from .named_fields import recognise_named
from .normalise import assign_codes, normalise_layer
from .origin import read_origin
from .sniff import check_there


def _no_rows() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {c: pd.Series(dtype="str") for c in ("code", "name", *ABOVE)}, geometry=[], crs=4326
    )


@dataclass(frozen=True)
class Boundaries:
    """Villages with their polygons, and what must be said about them.

    Attributes
    ----------
    villages : geopandas.GeoDataFrame
        Normal form (see the module).
    source : str
        Who made the layer.
    date : datetime.date or None
        As of when, if known.
    approximate : bool
        True where the polygons are cells around points.
    audit : LayerAudit
        What became of each row of the file.
    unmatched : geopandas.GeoDataFrame
        Rows that no code was found for, by row of the file (from 1): ``code``
        as given, ``name``, ``subdistrict``, ``regency``, ``province`` (empty
        where not known) and ``geometry``; see `assign_codes`.
    """

    villages: gpd.GeoDataFrame
    source: str
    date: dt.date | None
    approximate: bool
    audit: LayerAudit
    unmatched: gpd.GeoDataFrame = field(default_factory=_no_rows)

    @property
    def facts(self) -> LayerFacts:
        """All but the polygons."""
        rows = pd.DataFrame(self.unmatched.drop(columns="geometry"))
        return LayerFacts(self.source, self.date, self.approximate, self.audit, rows)

    def assign_codes(self, given: pd.Series) -> Boundaries:
        """Give rows of `unmatched` their codes, and return the boundaries with them.

        Parameters
        ----------
        given : pandas.Series of str
            Dotted village codes by row of the file; the empty text leaves a
            row as it is. A village that is there already is joined.
        """
        return replace(self, **assign_codes(self.villages, self.unmatched, self.audit, given))


def read_boundaries(
    path: Path | Sequence[Path],
    *,
    layer: str | None = None,
    crs: str | None = None,
    mapping: dict[str, str] | None = None,
) -> Boundaries:
    """Read a layer of village polygons, or a table of village points.

    Parameters
    ----------
    path : pathlib.Path or sequence of pathlib.Path
        A file of any kind `geo.boundaries.layer_files` knows, the loose parts of a
        Shapefile, or a ``.csv`` table of points with ``code, name, lat, lon``
        beside a ``.toml`` of the same name that states ``area_km2`` and
        ``source``.
    layer : str, optional
        Name of the layer; by default the one that is likely the villages
        (see `geo.boundaries.layers.list_layers`).
    crs : str, optional
        Coordinate system such as ``EPSG:4326``, whatever the file says.
    mapping : dict of str to str, optional
        Fields to use instead of the recognised ones (see
        `geo.boundaries.conventions.recognise`).

    Raises
    ------
    FileProblem
        If the file is absent or cannot be read as boundaries.
    ColumnProblem
        If no field holds codes or names, the layer is of another level, or
        its geometry is of no use; `geo.boundaries.shapes.CrsMissing` if the coordinate
        system is not known.
    """
    if isinstance(path, Path) and path.suffix.lower() == ".csv":
        check_there(path)
        return _read_points(path)
    raw = read_layer(path, layer)
    found = normalise_layer(raw, label(path), crs=crs, mapping=mapping)
    source, date = _origin(path)
    return Boundaries(
        found.villages,
        source,
        date,
        approximate=False,
        audit=found.audit,
        unmatched=found.unmatched,
    )


def guess_fields(
    path: Path | Sequence[Path], layer: str | None = None
) -> tuple[Recognition, dict[str, tuple[str, ...]]]:
    """What the fields of a layer are taken for, and three values of every field.

    Parameters
    ----------
    path, layer
        See `read_boundaries`.

    Raises
    ------
    FileProblem
        If the file cannot be read as boundaries.
    """
    rows, found = recognise_named(read_layer(path, layer).rows)
    sign = find_level_sign(rows, found)
    return (replace(found, level=sign.level) if sign else found), show_values(rows)


def _origin(path: Path | Sequence[Path]) -> tuple[str, dt.date | None]:
    if not isinstance(path, Path):
        return Path(path[0]).name, None
    origin = read_origin(path)
    return (origin.source, origin.date) if origin else (path.name, None)


def _check_codes(dotted: pd.Series, given: pd.Series, path: Path) -> None:
    wrong = given[dotted == ""]
    if len(wrong):
        raise ColumnProblem(
            mark("{path} has {count} rows without a village code, such as {example!r}."),
            path=str(path),
            count=len(wrong),
            example=str(wrong.iloc[0]),
        )
    repeated = dotted[dotted.duplicated()]
    if len(repeated):
        raise ColumnProblem(
            mark("{path} has the village code {code} more than once; each must stand once."),
            path=str(path),
            code=repeated.iloc[0],
        )


def _read_points(path: Path) -> Boundaries:
    table = read_table(path, ("code", "name", "lat", "lon"))
    about = _read_about(path.with_suffix(".toml"))
    dotted = codes.to_dotted(table["code"])
    _check_codes(dotted, table["code"], path)
    table = table.set_index(dotted.rename("code")).sort_index()
    cells = approximate_boundaries(
        _points(table, path), area_km2=about["area_km2"], areas_km2=_areas(table)
    )
    kinds = pd.Series(table.index.map(codes.kind_of), index=table.index)
    villages = gpd.GeoDataFrame({"name": table["name"], "kind": kinds}, geometry=cells)
    audit = LayerAudit(len(table), len(villages), path.stem, "CSV", "EPSG:4326", "", "kemendagri")
    return Boundaries(villages, about["source"], about.get("date"), approximate=True, audit=audit)


def _read_about(path: Path) -> dict[str, Any]:
    """What a table of points cannot say itself."""
    try:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
    except (*UNREADABLE, RecursionError):
        about = {}
    kinds: dict[str, Any] = {"area_km2": (int, float), "source": str, "date": dt.date}
    if not all(isinstance(about.get(k, dt.date.min), kind) for k, kind in kinds.items()):
        raise FileProblem(
            mark("{path} must say area_km2 (a number) and source (a text) of the table of points."),
            path=str(path),
        )
    return about


def _areas(table: pd.DataFrame) -> pd.Series | None:
    """Read the areas of the villages; None where one of them has none."""
    if "area_km2" not in table:
        return None
    areas = pd.to_numeric(table["area_km2"], errors="coerce")
    return areas if (areas > 0).all() else None


def _points(table: pd.DataFrame, path: Path) -> gpd.GeoSeries:
    degrees = table[["lat", "lon"]].apply(pd.to_numeric, errors="coerce")
    wrong = table.index[~((degrees["lat"].abs() <= 90) & (degrees["lon"].abs() <= 180))]
    if len(wrong):
        raise ColumnProblem(
            mark("{path} gives {code} no latitude and longitude in degrees."),
            path=str(path),
            code=wrong[0],
        )
    return gpd.GeoSeries(gpd.points_from_xy(degrees["lon"], degrees["lat"], crs=4326), table.index)
