"""One set of data, opened: boundaries, places, counts and denominators side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final
from uuid import uuid4

import geopandas as gpd
import pandas as pd

from . import boundaries as layers
from . import codes
from .count import Counts, count_people
from .enrolment import read_records
from .errors import QueryProblem, mark
from .matching import Gazetteer
from .places import read_crosswalk, read_region_names, read_village_names
from .query import Options
from .segments import SEGMENTS
from .tables import (
    NO_PROGRAMME,
    Contributions,
    read_contributions,
    read_eligible,
    read_programme,
)
from .workspace import Workspace

_DATA: Final = Path(__file__).parent.parent / "data"
SAMPLE_BOUNDARIES: Final = _DATA / "boundaries" / "barito_utara_gazetteer.csv"
SAMPLE_ENROLMENT: Final = _DATA / "enrolment"
_SYNTHETIC: Final = r"synthetic|sintetis"


@dataclass(frozen=True)
class Dataset:
    """Everything a view is made from. No identity is in it.

    Attributes
    ----------
    boundaries : Boundaries
        The layer as read, at full resolution.
    shapes : dict
        Shapes at full resolution, by level (see `geo.boundaries.dissolve_levels`).
    places : pandas.DataFrame
        Every village known, by code: ``name``, ``kind``, ``has_boundary``.
    names : pandas.Series
        Names of places of all levels, by code.
    counts : Counts
        Enrolled people.
    eligible : pandas.DataFrame
        ``code, segment, eligible, source``.
    contributions : Contributions
        Price of cover.
    programme : pandas.DataFrame
        Published facts about the programme, for the regency they are of.
    key : str
        Of this opening and no other: what a cache may know the dataset by.
    """

    boundaries: layers.Boundaries
    shapes: dict[codes.Level, gpd.GeoSeries]
    places: pd.DataFrame
    names: pd.Series
    counts: Counts
    eligible: pd.DataFrame
    contributions: Contributions
    programme: pd.DataFrame
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def synthetic(self) -> bool:
        """Whether any figure is of the synthetic sample."""
        sources = self.eligible["source"].str.contains(_SYNTHETIC, case=False, regex=True)
        return self.counts.synthetic or bool(sources.any())

    @cached_property
    def drawn(self) -> dict[codes.Level, gpd.GeoSeries]:
        """Shapes to draw, by level: simplified, with borders that coincide."""
        return layers.dissolve_levels(layers.simplify_for_drawing(self.shapes["village"]))

    def describe(self, code: str) -> str:
        """Name of a place, the name of the one above, and its code."""
        above = self.names.get(codes.parent(code), "")
        return " · ".join(filter(None, (self.names.get(code, code), above, code)))

    @cached_property
    def search_names(self) -> pd.Series:
        """What each village is found by, by code: lower case, sorted."""
        villages = self.places.index.to_series().astype("str")
        undotted = villages.str.replace(".", "", regex=False)
        return (villages.map(self.describe) + " " + undotted).str.casefold().sort_values()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places that records are matched to."""
        return build_gazetteer(self.names)

    @cached_property
    def options(self) -> Options:
        """Periods, segments and places that a query can ask for."""
        found = set(self.counts.people["combination"].str.findall(r"(?:^|\|)(\w*):").explode())
        found |= set(self.eligible["segment"])
        known = [s for s in SEGMENTS if s in found]
        others = sorted(s for s in found - set(SEGMENTS) if isinstance(s, str) and s)
        periods = tuple(sorted(self.counts.people["period"].unique()))
        return Options(periods, tuple(known + others), frozenset(self.names.index) | {""})

    @cached_property
    def top(self) -> str:
        """Code of the smallest area (a regency at least) that holds every village."""
        found = self.places.index
        for level in ("regency", "province"):
            areas = {codes.ancestor(code, level) for code in found}
            if len(areas) == 1:
                return areas.pop()
        return ""


def open_dataset(
    boundaries: Path = SAMPLE_BOUNDARIES,
    enrolment: Path = SAMPLE_ENROLMENT,
    eligible: Path | None = None,
    *,
    workspace: Workspace | None = None,
    layer_name: str | None = None,
    crs: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Dataset:
    """Read, match and count.

    Parameters
    ----------
    boundaries : pathlib.Path
        A layer of villages (see `geo.boundaries.read_boundaries`).
    enrolment : pathlib.Path
        A worker file or a folder laid out like ``data/enrolment``.
    eligible : pathlib.Path, optional
        Table of eligible workers, or a folder that holds one; by default the
        one beside the records, else the sample's.
    workspace : Workspace, optional
        Where it holds saved periods, they are used instead of ``enrolment``.
    layer_name, crs : str, optional
        Layer of a file with several, and its coordinate system where the file
        does not say it (``EPSG:32750``).
    progress : callable
        Is told each step by name.

    Raises
    ------
    JangkauError
        If a file cannot be read, or the records and boundaries share no place.
    """
    progress(mark("Reading boundaries"))
    layer = layers.read_boundaries(boundaries, layer=layer_name, crs=crs)
    _check_known(layer)
    denominators = read_eligible(eligible or _beside(enrolment, "eligible.csv"))
    places = _list_places(layer, denominators)
    names = _name_places(places)
    progress(mark("Reading records"))
    counts = _counts(enrolment, workspace, names)
    _check_overlap(counts, layer)
    progress(mark("Preparing shapes"))
    return Dataset(
        layer,
        layers.dissolve_levels(layer.villages.geometry.dropna()),
        places,
        names,
        counts,
        denominators,
        read_contributions(_beside(enrolment, "contributions.csv")),
        _programme_of(enrolment),
    )


def _counts(enrolment: Path, workspace: Workspace | None, names: pd.Series) -> Counts:
    if workspace and workspace.periods():
        return workspace.read_counts()
    return count_people(read_records(enrolment), build_gazetteer(names))


def _beside(enrolment: Path, name: str) -> Path:
    """The folder of the records where it holds the table, else the sample's."""
    folder = enrolment if enrolment.is_dir() else enrolment.parent
    return folder if (folder / name).is_file() else SAMPLE_ENROLMENT


def _programme_of(enrolment: Path) -> pd.DataFrame:
    """Published facts beside the records; none are borrowed from another regency."""
    folder = enrolment if enrolment.is_dir() else enrolment.parent
    return read_programme(folder) if (folder / "programme.csv").is_file() else NO_PROGRAMME


def _list_places(layer: layers.Boundaries, eligible: pd.DataFrame) -> pd.DataFrame:
    """Villages of the layer, and those with a denominator inside the same regencies."""
    drawn = layer.villages
    regencies = set(drawn.index.map(lambda code: codes.ancestor(code, "regency")))
    missing = sorted(set(eligible["code"]) - set(drawn.index))
    known = read_village_names()
    extra = [code for code in missing if codes.ancestor(code, "regency") in regencies]
    listed = pd.DataFrame(
        {
            "name": [*drawn["name"], *(known.get(code, code) for code in extra)],
            "kind": [*drawn["kind"], *map(layers.kind_of, extra)],
        },
        index=[*drawn.index, *extra],
    )
    listed["has_boundary"] = drawn.geometry.notna().reindex(listed.index, fill_value=False)
    return listed.rename_axis("code").sort_index()


def _name_places(places: pd.DataFrame) -> pd.Series:
    """Names of the villages and of every place they lie in; a code where no name is known."""
    regions = read_region_names()
    above = {code for village in places.index for code in codes.ancestors(village)[:-1]}
    named = pd.Series({code: regions.get(code, code) for code in sorted(above)}, dtype="str")
    return pd.concat([named, places["name"]])


def build_gazetteer(names: pd.Series) -> Gazetteer:
    """The places that records are matched to, of official names by code."""
    table = pd.DataFrame({"code": names.index, "name": names.to_numpy()})
    crosswalk = read_crosswalk()
    pairs = pd.DataFrame({"code": crosswalk.to_numpy(), "bps_code": crosswalk.index})
    listed = Gazetteer.from_table(table.merge(pairs, how="left", on="code"))
    official = read_village_names()
    known = official[official.index.isin(names.index)]
    return replace(listed, other_names=known.to_dict())


def _check_known(layer: layers.Boundaries) -> None:
    if layer.villages.empty:
        raise QueryProblem(
            mark("None of the {count} rows of {layer} could be told to be a certain village."),
            count=layer.audit.rows_in,
            layer=layer.source,
        )


def _check_overlap(counts: Counts, layer: layers.Boundaries) -> None:
    if not (counts.people["code"] != "").any():
        raise QueryProblem(
            mark(
                "None of {people} active people lies in the area of {layer}; choose records and "
                "boundaries of the same area."
            ),
            people=int(counts.people["people"].sum()),
            layer=layer.source,
        )
