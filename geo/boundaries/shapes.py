"""Polygons made fit: to longitude and latitude, flat, valid, where Indonesia is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from ..core.errors import ColumnProblem, mark
from .references import names_grids

# Degrees: west, south, east, north.
INDONESIA: Final = (94.0, -12.0, 142.0, 7.0)
_AREAL: Final = ("Polygon", "MultiPolygon")
_AREAL_IDS: Final = (3, 6)
_MERCATOR_M: Final = (1.04e7, -1.35e6, 1.59e7, 7.9e5)
_UTM_EAST_M: Final = (1e5, 9e5)
_UTM_NORTH_M: Final = (8.6e6, 1.0001e7)
_EQUATOR_M: Final = (-1.0, 7.8e5)

_ASKED: Final = mark(
    "{path} does not say its coordinate system (a Shapefile does so in its .prj); say which it is. "
    "The coordinates suggest {suggestion}."
)
_ASKED_BLINDLY: Final = mark(
    "{path} does not say its coordinate system, and its coordinates suggest none; say which it is, "
    "such as EPSG:32750."
)

Mask = NDArray[np.bool_]


class CrsMissing(ColumnProblem):
    """The file does not say its coordinate system; ``suggestion`` is a likely one, or empty."""

    @property
    def suggestion(self) -> str:
        """An EPSG code as `geo.boundaries.reading.read_boundaries` takes it."""
        return str(self.facts["suggestion"])


@dataclass(frozen=True)
class Shapes:
    """Geometry in the normal form, and what was done to it.

    Attributes
    ----------
    shapes : geopandas.GeoSeries
        EPSG:4326, polygons only, valid; None where a row has none.
    crs : str
        Coordinate system the file was in.
    flattened, swapped, repaired, outside, not_areal, empty : numpy.ndarray of bool
        Rows that had Z or M, had latitude before longitude, were invalid, lay
        outside Indonesia either way, were points or lines, had no geometry.
    """

    shapes: gpd.GeoSeries
    crs: str
    flattened: Mask
    swapped: Mask
    repaired: Mask
    outside: Mask
    not_areal: Mask
    empty: Mask


# Coordinates that are no numbers are seen by what comes of them, not by a warning of NumPy.
@np.errstate(all="ignore")
def normalise_shapes(given: gpd.GeoSeries, path: str, crs: str | None = None) -> Shapes:
    """Polygons in EPSG:4326, flat and valid.

    Parameters
    ----------
    given : geopandas.GeoSeries
        Geometry as it stands in the file.
    path : str
        File, for the sentence of an error.
    crs : str, optional
        Coordinate system to take it for, whatever the file says.

    Raises
    ------
    CrsMissing
        If neither file nor caller says the coordinate system.
    ColumnProblem
        If ``crs`` is unknown, there is no polygon, or all lie outside Indonesia.
    """
    system = _crs_of(given, path, crs)
    empty = np.asarray(given.isna() | given.is_empty)
    flattened = np.asarray(shapely.has_z(given.values) | shapely.has_m(given.values))
    degrees = _to_degrees(given, system, path)
    degrees, swapped, outside = _turn_around(degrees, empty)
    if not empty.all() and outside[~empty].all():
        raise _outside(degrees, system, path)
    shapes, repaired, not_areal = _repair(degrees, empty | outside)
    if not empty.all() and (not_areal | outside | empty).all():
        raise ColumnProblem(
            mark("{path} holds {kind}, not areas; expected is one polygon a village."),
            path=path,
            kind=given[~empty].geom_type.iloc[0],
        )
    name = system.to_string() if system.to_authority() else system.name
    return Shapes(shapes, name, flattened, swapped, repaired, outside, not_areal, empty)


def _crs_of(given: gpd.GeoSeries, path: str, crs: str | None) -> CRS:
    if crs is None and given.crs is None:
        suggestion = suggest_crs(given)
        raise CrsMissing(_ASKED if suggestion else _ASKED_BLINDLY, path=path, suggestion=suggestion)
    if crs is None:
        return CRS.from_user_input(given.crs)
    try:
        if names_grids(crs):
            raise CRSError("a file")
        return CRS.from_user_input(crs)
    except CRSError as error:
        raise ColumnProblem(
            mark("{crs!r} is no coordinate system; expected is a code such as EPSG:4326."), crs=crs
        ) from error


def suggest_crs(given: gpd.GeoSeries) -> str:
    """A likely coordinate system, by where the coordinates would lie; empty if none does.

    Returns
    -------
    str
        ``EPSG:4326`` for degrees in either order, ``EPSG:3857`` for Web
        Mercator, ``EPSG:32750`` or ``EPSG:32650`` for UTM (zone 50: the
        coordinates alone cannot tell the zone).
    """
    x, y = _centres(given)
    degrees = _inside(x, y, INDONESIA) | _inside(y, x, INDONESIA)
    if np.mean(degrees) > 0.5:
        return "EPSG:4326"
    if np.mean(_inside(x, y, _MERCATOR_M)) > 0.5:
        return "EPSG:3857"
    east, south = _UTM_EAST_M, _UTM_NORTH_M
    if np.mean(_inside(x, y, (east[0], south[0], east[1], south[1]))) > 0.5:
        return "EPSG:32750"
    if np.mean(_inside(x, y, (east[0], _EQUATOR_M[0], east[1], _EQUATOR_M[1]))) > 0.5:
        return "EPSG:32650"
    return ""


def _centres(given: gpd.GeoSeries) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bounds = shapely.bounds(given[given.notna() & ~given.is_empty].values)
    return (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2


def _inside(
    x: NDArray[np.float64], y: NDArray[np.float64], box: tuple[float, float, float, float]
) -> Mask:
    return np.asarray((x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3]))


def _to_degrees(given: gpd.GeoSeries, system: CRS, path: str) -> gpd.GeoSeries:
    flat = given.set_crs(system, allow_override=True).force_2d()
    if system.is_projected and suggest_crs(given) == "EPSG:4326":
        raise ColumnProblem(
            mark(
                "{path} says its coordinate system is {crs}, but its coordinates are degrees; "
                "say that it is EPSG:4326."
            ),
            path=path,
            crs=system.name,
        )
    try:
        return flat.to_crs(4326)
    except (ProjError, CRSError) as error:
        raise ColumnProblem(
            mark("{path} cannot be brought from {crs} to longitude and latitude."),
            path=path,
            crs=system.name,
        ) from error


def _turn_around(shapes: gpd.GeoSeries, empty: Mask) -> tuple[gpd.GeoSeries, Mask, Mask]:
    """Rows that lie in Indonesia with latitude and longitude exchanged, put right.

    The two extents share no longitude, so no row can be inside both ways.
    """
    bounds = shapely.bounds(shapes.values)
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    swapped = ~empty & _inside(y, x, INDONESIA)
    outside = ~empty & ~swapped & ~_inside(x, y, INDONESIA)
    if not swapped.any():
        return shapes, swapped, outside
    values = shapes.to_numpy().copy()
    values[swapped] = shapely.transform(values[swapped], lambda xy: xy[:, ::-1])
    return gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), swapped, outside


def _outside(shapes: gpd.GeoSeries, system: CRS, path: str) -> ColumnProblem:
    x, y = _centres(shapes)
    return ColumnProblem(
        mark(
            "{path} lies outside Indonesia: its first shape is at longitude {x:.2f}, latitude "
            "{y:.2f} if the coordinate system is {crs}; say which it is, or choose another file."
        ),
        path=path,
        x=float(x[0]),
        y=float(y[0]),
        crs=system.name,
    )


def _repair(shapes: gpd.GeoSeries, unusable: Mask) -> tuple[gpd.GeoSeries, Mask, Mask]:
    values: NDArray[np.object_] = shapes.to_numpy(dtype=object, copy=True)
    values[unusable] = None
    broken = ~unusable & ~shapely.is_valid(values)
    values[broken] = [_make_valid(shape) for shape in values[broken]]
    areal = np.isin(shapely.get_type_id(values), _AREAL_IDS)
    other = ~unusable & ~areal
    parts = gpd.GeoSeries([polygonal_part(shape) for shape in values[other]])
    values[other] = parts.to_numpy(dtype=object)
    not_areal = other.copy()
    not_areal[other] = parts.isna().to_numpy()
    result = gpd.GeoSeries(values, index=shapes.index, crs=4326)
    return result, broken & ~not_areal, not_areal


def _make_valid(shape: shapely.Geometry) -> shapely.Geometry | None:
    """A valid shape of the same outlines; GEOS cannot do some in the first way, or in any."""
    try:
        return shapely.make_valid(shape)
    except shapely.GEOSException:
        pass
    try:
        return shapely.make_valid(shape, method="structure", keep_collapsed=False)
    except shapely.GEOSException:
        return None


def polygonal_part(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """The polygons of a shape; None if it has none."""
    if shape is None or shape.is_empty:
        return None
    if shape.geom_type in _AREAL:
        return shape
    parts = [p for p in shapely.get_parts(shape) if p.geom_type in _AREAL]
    return shapely.union_all(parts) if parts else None
