"""What a team needs of a saved plan: villages in the order of the visits, rounds, outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from ...core import codes
from ...core.errors import QueryProblem, mark
from ...core.i18n import Language
from ...measures.dataset import Dataset
from ..inputs import list_segments, read_content
from ..problem import VisitCost
from ..progress import list_visits, only_team, order_visits
from ..round_plan import RoundPlan, rounds_from_json
from ..rounds import UNITS
from ..store import Followed, SavedPlan
from ..travel import Travel
from ..villages import list_villages, price_visits

_POSITION: Final = ["lat", "lon", "placed", "km", "visit_cost"]
_MINUTES_PER_HOUR: Final = 60


@dataclass(frozen=True)
class FieldRound:
    """A day round as a team reads it.

    Attributes
    ----------
    number : int
        From 1.
    team : str
        Written into the visits of all its villages; empty where none is, or several are.
    base : str
        Code of the village that it starts from and returns to.
    villages : tuple of str
        Codes in the order of the visits.
    km, hours : float
        Length of the way; travel and visits together.
    nights : int
        Nights out.
    """

    number: int
    team: str
    base: str
    villages: tuple[str, ...]
    km: float
    hours: float
    nights: int


@dataclass(frozen=True)
class FieldPlan:
    """A saved plan with all that goes to the field.

    Attributes
    ----------
    plan : SavedPlan
        As it is saved.
    villages : pandas.DataFrame
        By code, in the order of the visits: columns of `geo.outreach.progress.list_visits`, and
        ``enrol``, ``reactivate`` (people), ``round``, ``stop`` (from 1; 0 for none), ``lat``,
        ``lon`` (degrees, NaN where unknown), ``placed`` (whether the position is the village's
        own), ``km`` (from the base), ``visit_cost`` (rupiah).
    rounds : tuple of FieldRound
        Empty where none are made.
    bases : pandas.DataFrame
        By code: ``name``, ``lat``, ``lon`` of the places that teams start from.
    prices : pandas.DataFrame
        Columns ``segment``, ``people``, ``price`` (rupiah a year for one person).
    shapes, areas : geopandas.GeoSeries
        Outlines of the villages and of their subdistricts by code, EPSG:4326, full resolution.
    names : pandas.Series
        Names of places by code.
    approximate, estimated : bool
        Whether the boundaries are approximate, and whether ways or eligible workers are estimated.
    """

    plan: SavedPlan
    villages: pd.DataFrame
    rounds: tuple[FieldRound, ...]
    bases: pd.DataFrame
    prices: pd.DataFrame
    shapes: gpd.GeoSeries
    areas: gpd.GeoSeries
    names: pd.Series
    approximate: bool
    estimated: bool

    def row_key(self, code: str) -> str:
        """Hidden key of a village: plan, village, version that was seen."""
        return f"{self.plan.key}:{code}:{self.villages.at[code, 'seen']}"

    def name_of(self, code: str) -> str:
        """Name of a place; its code where the name is unknown."""
        return str(self.names.get(code, code))


def build_field_plan(
    data: Dataset, plan: SavedPlan, followed: Sequence[Followed], *, team: str = ""
) -> FieldPlan:
    """Collect what goes to the field of a plan, or of one team's part of it.

    Parameters
    ----------
    data : Dataset
        Gives names, positions, outlines and prices.
    plan : SavedPlan
        The plan.
    followed : sequence of Followed
        Of `geo.outreach.store.PlanStore.follow`.
    team : str
        Only villages of this team; empty for all.

    Raises
    ------
    QueryProblem
        If inputs or rounds of the plan are not understood, or no village is the team's.
    """
    inputs, query = read_content(plan.content, data)
    listed = list_villages(data, query)
    base = inputs.without_unknown(listed).base
    cost = VisitCost(inputs.fixed, inputs.per_km, inputs.per_hour)
    places = listed.villages.join(
        price_visits(listed.villages, base, Travel(inputs.factor, inputs.speed), cost)
    )
    every = list_visits(plan, followed, data.names)
    visits = order_visits(plan, only_team(every, team))
    if visits.empty:
        raise QueryProblem(
            mark("No village of the plan has the team {value}; there are: {known}."),
            value=team[:40],
            known=", ".join(sorted(set(every["team"]) - {""})) or "–",
        )
    written = plan.content.get("rounds")
    made = rounds_from_json(written) if written else None
    rounds = _list_rounds(made, visits["team"])
    villages = _add_stops(visits, rounds).join(places[_POSITION])
    villages["placed"] = villages["placed"].eq(True)
    for name in ("enrol", "reactivate"):
        villages[name] = [plan.promised[code][name] for code in villages.index]
    bases = sorted({base, *(each.base for each in rounds)} & set(places.index))
    within = query.place or data.top
    shapes = data.shapes.full("village", within).reindex(villages.index)
    areas = data.shapes.full("subdistrict", within)
    used = {codes.parent(code) for code in villages.index}
    return FieldPlan(
        *(plan, villages, rounds, places.loc[bases, ["name", "lat", "lon"]]),
        list_segments(listed, inputs),
        *(shapes, areas[areas.index.isin(used)], data.names),
        data.boundaries.approximate,
        data.estimated_eligible,
    )


def _list_rounds(made: RoundPlan | None, teams: pd.Series) -> tuple[FieldRound, ...]:
    """List rounds that visit any of the villages, which are given with their teams."""
    rounds = []
    for number, route in enumerate(made.rounds if made else (), 1):
        villages = tuple(code for code in route.villages if code in teams.index)
        named = {str(teams[code]) for code in villages}
        if villages:
            team = named.pop() if len(named) == 1 else ""
            length = (route.distance / UNITS, route.minutes / _MINUTES_PER_HOUR, route.nights)
            rounds.append(FieldRound(number, team, route.base, villages, *length))
    return tuple(rounds)


def _add_stops(visits: pd.DataFrame, rounds: Sequence[FieldRound]) -> pd.DataFrame:
    stops = {
        code: (each.number, stop) for each in rounds for stop, code in enumerate(each.villages, 1)
    }
    placed = [stops.get(code, (0, 0)) for code in visits.index]
    return visits.assign(round=[number for number, _ in placed], stop=[stop for _, stop in placed])


def simplify_shapes(shapes: gpd.GeoSeries, tolerance: float) -> gpd.GeoSeries:
    """Simplify outlines together, so that no gaps open between neighbours.

    Parameters
    ----------
    shapes : geopandas.GeoSeries
        Polygons by code; those without one are left out.
    tolerance : float
        Degrees.
    """
    known = shapes[shapes.notna()]
    simple = shapely.coverage_simplify(known.to_numpy(), tolerance) if len(known) else []
    return gpd.GeoSeries(simple, known.index, crs=4326)


def field_notes(field: FieldPlan, language: Language) -> list[str]:
    """Say what precedes any figure: the period, and what is synthetic, approximate, estimated."""
    say = language
    notes = [say("figures of {period}", period=say.period(field.plan.period))]
    notes += [say("synthetic sample")] if field.plan.content.get("synthetic") else []
    notes += [say("approximate boundaries")] if field.approximate else []
    notes += [say("eligible workers estimated")] if field.estimated else []
    notes += [say("ways estimated from straight lines")] if field.rounds else []
    return notes
