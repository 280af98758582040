"""A prepared store, opened: facts and extents at once, polygons only when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..boundaries.layer_audit import LayerFacts
from ..core import codes
from ..core.errors import FileProblem, mark
from .cache import BROKEN, Cache, Kept
from .facts import facts_from_json
from .prepare import Prepared, Progress, forget_store, prepare_store

if TYPE_CHECKING:
    import geopandas as gpd

Bounds = tuple[float, float, float, float]
_SIDES: Final = ("west", "south", "east", "north")


@dataclass(frozen=True)
class ShapeStore:
    """Shapes of a layer.

    Attributes
    ----------
    prepared : Prepared
        As `geo.shapes.prepare.prepare_store` gives it.
    facts : LayerFacts
        What must be said about the layer.
    places : pandas.DataFrame
        Places of all levels by code, sorted (see `geo.shapes.layer.list_bounds`).
    """

    prepared: Prepared
    facts: LayerFacts
    places: pd.DataFrame

    @property
    def folder(self) -> Path:
        """Folder of the shape files, to be served."""
        return self.prepared.cache.root / "shapes"

    @property
    def index(self) -> str:
        """Name in `folder` of the list of shape files (JSON, compressed with gzip)."""
        return Path(self._manifest["index"]["name"]).name

    @property
    def report(self) -> dict[str, Any]:
        """What cleaning did (see `geo.shapes.block_builder.build_block`)."""
        return dict(self._manifest["report"])

    @property
    def _manifest(self) -> dict[str, Any]:
        return self.prepared.manifest

    @cached_property
    def villages(self) -> pd.DataFrame:
        """Villages of the layer by code, sorted: ``name``, ``kind``, ``has_boundary``."""
        village_places = self.places[self.places.index.str.len() == codes.length_of("village")]
        return village_places[["name", "kind"]].assign(has_boundary=village_places["west"].notna())

    def bounds(self, place: str = "") -> Bounds:
        """Extent of a place: west, south, east, north in degrees.

        Of a place without a polygon, and of the empty code, it is that of the whole layer.
        """
        has_place = place in self.places.index
        bounds = self._boxes[self.places.index.get_loc(place)] if has_place else np.full(4, np.nan)
        west, south, east, north = self._whole if np.isnan(bounds).any() else bounds
        return float(west), float(south), float(east), float(north)

    def find_inside(self, box: Sequence[Sequence[float]]) -> pd.Index:
        """Codes of places of all levels whose extent has its middle in a box.

        Parameters
        ----------
        box : sequence
            ``[[south, west], [north, east]]`` in degrees.
        """
        (south, west), (north, east) = box
        middles = (self._boxes[:, :2] + self._boxes[:, 2:]) / 2
        low, high = np.array([west, south]), np.array([east, north])
        return self.places.index[((middles >= low) & (middles <= high)).all(axis=1)]

    @cached_property
    def _boxes(self) -> npt.NDArray[np.float64]:
        boxes: npt.NDArray[np.float64] = self.places[list(_SIDES)].to_numpy("float64")
        return boxes

    @cached_property
    def _whole(self) -> npt.NDArray[np.float64]:
        return np.append(np.nanmin(self._boxes[:, :2], 0), np.nanmax(self._boxes[:, 2:], 0))

    def full(self, level: codes.Level, within: str = "") -> gpd.GeoSeries:
        """Shapes at full resolution.

        Parameters
        ----------
        level : str
            Villages are as in the layer; the levels above are dissolved from
            villages whose gaps and overlaps are closed.
        within : str
            Code of an area, or of a place below the level; the empty code is the whole
            layer.

        Returns
        -------
        geopandas.GeoSeries
            By code, sorted, EPSG:4326; None for a village without a polygon.

        Raises
        ------
        FileProblem
            If a file of the store is damaged; it is prepared anew when next opened.
        """
        # Not at the start: only exports need them.
        import geopandas as gpd
        import shapely

        within = within[: codes.length_of(level)]
        tables = self._manifest["villages" if level == "village" else "levels"]
        table_files = [Kept(**each) for code, each in tables.items() if code.startswith(within[:2])]
        try:
            read = [
                self.prepared.cache.read_table(each, ["code", "geometry"]) for each in table_files
            ]
        except BROKEN as error:
            forget_store(self.prepared)
            raise FileProblem(
                mark("The prepared shapes in {path} were damaged; start again to prepare them."),
                path=str(self.prepared.cache.root),
            ) from error
        empty = pd.DataFrame({"code": pd.Series(dtype="str"), "geometry": []})
        table = pd.concat(read) if read else empty
        is_of_level = table["code"].str.len() == codes.length_of(level)
        table = table[is_of_level & table["code"].str.startswith(within)].sort_values("code")
        shapes = shapely.from_wkb(table["geometry"].to_numpy(dtype=object))
        return gpd.GeoSeries(shapes, pd.Index(table["code"], name="code"), crs=4326)

    def files(self, level: codes.Level, within: str = "") -> list[dict[str, Any]]:
        """Shape files that hold places of a level inside an area, coarsest first.

        Returns
        -------
        list of dict
            ``name`` in `folder`, ``resolution``, ``area``, ``count``, ``bounds``.
        """
        columns = ("resolution", "area", "count", "bounds")
        names = [
            {"name": Path(file["name"]).name} | {c: file[c] for c in columns}
            for file in self._manifest["files"]
            if file["level"] == level
            and (file["area"].startswith(within) or within.startswith(file["area"]))
        ]
        return sorted(names, key=lambda file: (file["resolution"], file["area"]))

    def sizes(self, resolution: int) -> dict[str, int]:
        """Bytes of each shape file of a resolution, by name."""
        files = self._manifest["files"]
        return {f["name"]: f["size"] for f in files if f["resolution"] == resolution}

    def read(self, name: str) -> bytes:
        """Read a shape file or the index as it stands in `folder`."""
        return (self.folder / name).read_bytes()


def open_store(
    path: Path,
    folder: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    fields: Mapping[str, str] | None = None,
    progress: Progress = lambda step, share=None: None,
) -> ShapeStore:
    """Open the store of a layer; prepare it if there is none, or a broken one.

    Parameters and errors are those of `geo.shapes.prepare.prepare_store`.
    """

    def prepared() -> Prepared:
        return prepare_store(path, folder, layer=layer, crs=crs, fields=fields, progress=progress)

    prepared_layer = prepared()
    try:
        return _load(prepared_layer)
    except BROKEN:
        forget_store(prepared_layer)
        return _load(prepared())


def _load(prepared: Prepared) -> ShapeStore:
    cache, manifest = prepared.cache, prepared.manifest
    facts = facts_from_json(
        manifest["facts"],
        _read(cache, manifest["events"]),
        _read(cache, manifest["unmatched"]).set_index("row"),
    )
    return ShapeStore(prepared, facts, _read(cache, manifest["places"]).set_index("code"))


def _read(cache: Cache, facts: dict[str, Any]) -> pd.DataFrame:
    return cache.read_table(Kept(**facts))
