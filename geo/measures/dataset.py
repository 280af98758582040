"""One set of data, opened: boundaries, places, counts and denominators side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pandas as pd

from ..boundaries.layer_audit import LayerFacts
from ..core import codes
from ..core.defaults import DEFAULT_CACHE, SAMPLE_BOUNDARIES, SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.files import is_folder
from ..core.segments import SEGMENTS, parse_combination, parse_scope
from ..counting.count import OUTCOMES, Counts, count_people
from ..counting.counts_cube import Ledger, build_ledger
from ..enrolment.reading import WORKER_FILES, read_records
from ..enrolment.reference_tables import (
    NO_PROGRAMME,
    Contributions,
    read_contributions,
    read_eligible,
    read_programme,
)
from ..gazetteer import Gazetteer
from ..gazetteer.places import read_crosswalk, read_region_names, read_village_names
from ..gazetteer.search import SearchIndex
from ..shapes.store import ShapeStore, open_store
from ..workspace.derived_cache import keep_counts, keep_search
from ..workspace.periods import Workspace
from ..workspace.saved_counts import state_scope
from .query import Options

_SYNTHETIC: Final = re.compile(r"synthetic|sintetis", re.IGNORECASE)
_NO_COUNTS: Final = Counts(
    people=pd.DataFrame(columns=["period", "code", "combination", "people"]),
    rows=pd.DataFrame(columns=list(OUTCOMES)),
    matches=pd.DataFrame(columns=["period", "outcome", "method", "rows", "people"]),
    unmatched=pd.DataFrame(columns=["period", "outcome", "village", "rows", "people"]),
    synthetic=False,
    moved=pd.Series(dtype="int64"),
    claimed=pd.Series(dtype="int64"),
)


@dataclass(frozen=True)
class Dataset:
    """Everything a view is made from. No identity is in it.

    Attributes
    ----------
    boundaries : LayerFacts
        What must be said about the layer.
    shapes : ShapeStore
        Its shapes, prepared; read when asked for.
    places : pandas.DataFrame
        Every village known, by code and sorted by it: ``name``, ``kind``,
        ``has_boundary``, ``by_name`` (place of the name among all names).
    names : pandas.Series
        Names of places of all levels, by code.
    counts : Counts
        Enrolled people.
    eligible : pandas.DataFrame
        ``code, segment, eligible, source``, and where any is estimated ``eligible_low,
        eligible_high, basis``.
    contributions : Contributions
        Price of cover.
    programme : pandas.DataFrame
        Published facts about the programme, for the regency they are of.
    key : str
        Of this opening and no other: what a cache may know the dataset by.
    """

    boundaries: LayerFacts
    shapes: ShapeStore
    places: pd.DataFrame
    names: pd.Series
    counts: Counts
    eligible: pd.DataFrame
    contributions: Contributions
    programme: pd.DataFrame
    key: str = field(default_factory=lambda: uuid4().hex)

    @cached_property
    def eligible_sources(self) -> tuple[str, ...]:
        """Where the denominators are from."""
        return tuple(sorted(self.eligible["source"].unique()))

    @cached_property
    def synthetic(self) -> bool:
        """Whether any figure is of the synthetic sample."""
        return self.counts.synthetic or self.synthetic_eligible

    @cached_property
    def synthetic_eligible(self) -> bool:
        """Whether the denominators are those of the synthetic sample."""
        return any(_SYNTHETIC.search(source) for source in self.eligible_sources)

    @cached_property
    def estimated_eligible(self) -> bool:
        """Whether any denominator is estimated."""
        return "basis" in self.eligible and bool((self.eligible["basis"] == "estimated").any())

    @cached_property
    def counted_sources(self) -> pd.Series:
        """How many villages have counted denominators of each source, most first."""
        counted = self.eligible
        if "basis" in counted:
            counted = counted[counted["basis"] != "estimated"]
        pairs = counted[["code", "source"]].drop_duplicates()
        return pairs["source"].sort_values().value_counts(sort=True)

    @property
    def usual_source(self) -> str:
        """The source that most villages have counted denominators of; empty where none has."""
        return str(self.counted_sources.index[0]) if len(self.counted_sources) else ""

    def list_sources(self, code: str) -> tuple[str, ...]:
        """Sources of the denominators of a place, of a village most often one."""
        return tuple(sorted(self._sources_by_place.get(code, ())))

    @cached_property
    def _sources_by_place(self) -> dict[str, set[str]]:
        """Sources of the denominators inside each place; the empty code is the country."""
        sources: dict[str, set[str]] = {}
        pairs = self.eligible[["code", "source"]].drop_duplicates()
        for code, source in pairs.itertuples(index=False):
            for place in ("", *codes.ancestors(code)):
                sources.setdefault(place, set()).add(source)
        return sources

    @cached_property
    def ledger(self) -> Ledger:
        """Counts and denominators, ready to be summed over any area."""
        return build_ledger(self.places, self.counts.people, self.eligible, self.counts.scopes)

    def list_subdistricts(self, regency: str) -> list[str]:
        """Codes of the subdistricts of a regency, sorted; none for a code of another level."""
        if codes.find_level(regency) != "regency":
            return []
        start, stop = self._subdistricts.searchsorted([f"{regency}.", f"{regency}/"])
        return list(self._subdistricts[start:stop])

    @cached_property
    def _subdistricts(self) -> pd.Index:
        length = codes.length_of("subdistrict")
        return self.names.index[self.names.index.str.len() == length].sort_values()

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
    def search(self) -> SearchIndex:
        """The places of this data, to be found by name or code."""
        return keep_search(self.shapes.prepared.cache, self.names)

    @cached_property
    def options(self) -> Options:
        """Periods, segments and places that a query can ask for."""
        found = set(self.ledger.segments)
        found |= {s for c in self.ledger.combinations for s in parse_combination(c)}
        known = [s for s in SEGMENTS if s in found]
        others = sorted(found - {*SEGMENTS, ""})
        return Options(
            self.ledger.periods, tuple(known + others), frozenset(self.names.index) | {""}
        )

    @cached_property
    def top(self) -> str:
        """Code of the smallest area (a regency at least) that holds every village."""
        # Sorted codes: what the first and the last lie in, all between them lie in too.
        first, last = self.places.index[0], self.places.index[-1]
        for level in ("regency", "province"):
            if codes.ancestor(first, level) == codes.ancestor(last, level):
                return codes.ancestor(first, level)
        return ""


def open_dataset(
    boundaries: Path = SAMPLE_BOUNDARIES,
    enrolment: Path = SAMPLE_ENROLMENT,
    eligible: Path | None = None,
    *,
    workspace: Workspace | None = None,
    covers: str | None = None,
    period: str | None = None,
    styles: Mapping[str, str] | None = None,
    layer_name: str | None = None,
    crs: str | None = None,
    fields: Mapping[str, str] | None = None,
    cache: Path = DEFAULT_CACHE,
    progress: Callable[..., None] = lambda step, share=None: None,
) -> Dataset:
    """Read, match and count.

    Parameters
    ----------
    boundaries : pathlib.Path
        A layer of villages (see `geo.boundaries.reading.read_boundaries`).
    enrolment : pathlib.Path
        A worker file or a folder laid out like ``data/enrolment``.
    eligible : pathlib.Path, optional
        Table of eligible workers, or a folder that holds one; by default the
        one beside the records, else the sample's.
    workspace : Workspace, optional
        Where it holds saved periods, they are used instead of ``enrolment``.
    covers : str, optional
        What the records of ``enrolment`` cover (see `geo.enrolment.reading.read_enrolment`).
    period, styles : optional
        Answers for records that say no period, or whose dates and numbers are unclear (see
        `geo.enrolment.reading.read_records`).
    layer_name, crs : str, optional
        Layer of a file with several, and its coordinate system where the file
        does not say it (``EPSG:32750``).
    fields : mapping of str to str, optional
        Its fields by role, where they are not recognised (see
        `geo.boundaries.reading.read_boundaries`).
    cache : pathlib.Path
        Folder of prepared shapes; a layer that is new to it is prepared first.
    progress : callable
        Is told each step by name, and the share done where it is known.

    Raises
    ------
    JangkauError
        If a file cannot be read, or the records and boundaries share no place.
    """
    given = eligible or _beside(enrolment, "eligible.csv")
    data = open_places(
        boundaries,
        given,
        layer_name=layer_name,
        crs=crs,
        fields=fields,
        cache=cache,
        progress=progress,
    )
    progress(mark("Reading records"))
    answers = {"period": period, "styles": dict(styles or {})}
    counts = _counts(enrolment, covers, answers, workspace, data)
    _check_overlap(counts, data.boundaries)
    return replace(
        data,
        counts=counts,
        contributions=read_contributions(_beside(enrolment, "contributions.csv")),
        programme=_programme_of(enrolment),
    )


def open_places(
    boundaries: Path = SAMPLE_BOUNDARIES,
    eligible: Path = SAMPLE_ENROLMENT,
    *,
    layer_name: str | None = None,
    crs: str | None = None,
    fields: Mapping[str, str] | None = None,
    cache: Path = DEFAULT_CACHE,
    progress: Callable[..., None] = lambda step, share=None: None,
) -> Dataset:
    """Places and denominators alone: what an import is matched to and set against.

    Parameters
    ----------
    boundaries, layer_name, crs, fields, cache, progress
        See `open_dataset`.
    eligible : pathlib.Path
        Table of eligible workers, or a folder that holds one.

    Returns
    -------
    Dataset
        Without counts and facts of a programme; prices are the sample's.

    Raises
    ------
    JangkauError
        If a file cannot be read, or the layer holds no village.
    """
    shapes = open_store(
        boundaries, cache, layer=layer_name, crs=crs, fields=fields, progress=progress
    )
    denominators = read_eligible(eligible)
    places = list_places(shapes.villages, denominators)
    prices = read_contributions(SAMPLE_ENROLMENT)
    names = name_places(places)
    return Dataset(
        shapes.facts, shapes, places, names, _NO_COUNTS, denominators, prices, NO_PROGRAMME
    )


def _counts(
    enrolment: Path,
    covers: str | None,
    answers: dict[str, Any],
    workspace: Workspace | None,
    data: Dataset,
) -> Counts:
    if workspace and workspace.periods():
        return workspace.read_counts()

    def count() -> Counts:
        counts = count_people(read_records(enrolment, covers, **answers), data.gazetteer)
        scope = parse_scope(covers) if covers else None
        return state_scope(counts, scope, data.eligible["segment"].unique())

    if covers or any(answers.values()) or enrolment.resolve() != SAMPLE_ENROLMENT:
        return count()
    records = SAMPLE_ENROLMENT.glob(WORKER_FILES)
    return keep_counts(data.shapes.prepared.cache, records, data.names, count)


def _beside(enrolment: Path, name: str) -> Path:
    """The folder of the records where it holds the table, else the sample's."""
    folder = enrolment if is_folder(enrolment) else enrolment.parent
    return folder if (folder / name).is_file() else SAMPLE_ENROLMENT


def _programme_of(enrolment: Path) -> pd.DataFrame:
    """Published facts beside the records; none are borrowed from another regency."""
    folder = enrolment if is_folder(enrolment) else enrolment.parent
    return read_programme(folder) if (folder / "programme.csv").is_file() else NO_PROGRAMME


def list_places(drawn: pd.DataFrame, eligible: pd.DataFrame) -> pd.DataFrame:
    """Villages of the layer, and those with a denominator inside the same regencies."""
    known = pd.Index(eligible["code"].unique(), dtype="str")
    missing = known[drawn.index.get_indexer(known) < 0]
    parts = [drawn, _without_boundary(missing, drawn.index)] if len(missing) else [drawn]
    listed = pd.concat(parts).rename_axis("code").sort_index()
    return listed.assign(by_name=pd.factorize(listed["name"], sort=True)[0])


def _without_boundary(missing: pd.Index, drawn: pd.Index) -> pd.DataFrame:
    """Those of the villages that lie in a regency of which some are drawn."""
    length = codes.length_of("regency")
    here = missing[missing.str[:length].isin(drawn.str[:length].unique())].sort_values()
    named = read_village_names().reindex(here)
    return pd.DataFrame(
        {
            "name": named.where(named.notna(), here),
            "kind": pd.Series(here.map(codes.kind_of), here, dtype="str"),
            "has_boundary": False,
        }
    )


def name_places(places: pd.DataFrame) -> pd.Series:
    """Names of the villages and of every place they lie in; a code where no name is known."""
    # From the level below, of which there are fewer than villages.
    cut = [places.index]
    for level in ("subdistrict", "regency", "province"):
        cut.append(cut[-1].str[: codes.length_of(level)].unique())
    above = cut[1].append(cut[2:]).sort_values()
    named = read_region_names().reindex(above)
    return pd.concat([named.where(named.notna(), above), places["name"]])


def build_gazetteer(names: pd.Series) -> Gazetteer:
    """The places that records are matched to, of official names by code."""
    table = pd.DataFrame({"code": names.index, "name": names.to_numpy()})
    crosswalk = read_crosswalk()
    digits = pd.DataFrame({"code": crosswalk.to_numpy(), "bps_code": crosswalk.index})
    listed = Gazetteer.from_table(table.merge(digits, how="left", on="code"))
    here = set(names.index.tolist())
    known = read_village_names()
    pairs = zip(known.index.tolist(), known.tolist(), strict=True)
    official = {code: name for code, name in pairs if code in here}
    return replace(listed, other_names=official)


def _check_overlap(counts: Counts, layer: LayerFacts) -> None:
    if not (counts.people["code"] != "").any():
        raise QueryProblem(
            mark(
                "None of {people} active people lies in the area of {layer}; choose records and "
                "boundaries of the same area."
            ),
            people=int(counts.people["people"].sum()),
            layer=layer.source,
        )
