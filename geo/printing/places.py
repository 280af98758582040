"""The places of a view with their shapes, ready to be drawn on paper."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ..core import codes
from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..measures.view import View
from .looks import Looks, find_looks


@dataclass(frozen=True)
class PrintedPlaces:
    """What maps of a view are drawn from.

    Attributes
    ----------
    view : View
        Gives measure, classes and level.
    looks : Looks
        Of the places.
    shapes : geopandas.GeoSeries
        Polygons of the places by code, in degrees; places without a polygon are not in it.
    outlines : geopandas.GeoSeries
        Polygons of the areas above, dissolved from the villages; empty where there are none.
    names : pandas.Series
        Names of places of all levels, by code.
    directions : tuple of tuple of str
        Words for east and west, north and south.
    """

    view: View
    looks: Looks
    shapes: gpd.GeoSeries
    outlines: gpd.GeoSeries
    names: pd.Series
    directions: tuple[tuple[str, str], tuple[str, str]]

    def find_bounds(self, within: str = "") -> tuple[float, float, float, float]:
        """Extent of the places inside an area: west, south, east, north in degrees."""
        shapes = self.shapes[self.shapes.index.str.startswith(within)]
        west, south, east, north = (shapes if len(shapes) else self.shapes).total_bounds
        return float(west), float(south), float(east), float(north)


def collect_places(data: Dataset, view: View, language: Language) -> PrintedPlaces:
    """Collect shapes, names and looks of the places that a view draws."""
    within = [code for code in view.query.subdistricts if code.startswith(view.place)]
    shapes = data.shapes.full(view.level, view.place)
    shapes = shapes[shapes.notna() & shapes.index.isin(view.shown.index)]
    return PrintedPlaces(
        view,
        find_looks(view, language),
        shapes,
        _list_outlines(data, view, shapes, within),
        data.names,
        ((language("E"), language("W")), (language("N"), language("S"))),
    )


def _list_outlines(
    data: Dataset, view: View, shapes: gpd.GeoSeries, within: list[str]
) -> gpd.GeoSeries:
    """Areas of the level above the places drawn, where the area looked at holds several."""
    above = codes.LEVELS[codes.LEVELS.index(view.level) - 1]
    if above not in codes.PLACE_LEVELS:
        return shapes[:0]
    outlines = data.shapes.full(above, view.place)
    holding = np.unique(shapes.index.str[: codes.length_of(above)])
    kept = outlines.notna() & outlines.index.isin(holding)
    return outlines[kept & (outlines.index.isin(within) | (not within))]
