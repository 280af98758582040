"""The villages of an area as a plan sees them: people to cover by segment, price, position."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import shapely

from ..core import codes
from ..core.errors import QueryProblem, mark
from ..enrolment.reference_tables import MONTHS_PER_YEAR
from ..measures.dataset import Dataset
from ..measures.query import Query
from ..measures.view import build_view
from .problem import REACTIVATE, UNNAMED, VisitCost
from .travel import Travel

# An exact choice takes seconds up to here.
MOST_VILLAGES: Final = 3000
_ROUNDING: Final = 1e-9
_POSITION: Final = ["lat", "lon"]


@dataclass(frozen=True)
class VillageTable:
    """Villages whose gap is known.

    Attributes
    ----------
    villages : pandas.DataFrame
        By code: ``name``, ``subdistrict`` (its name), ``enrolled``, ``eligible``, ``gap``,
        ``need`` (people to the target), ``lat``, ``lon``, ``placed`` (whether the position is its
        own; else it is the mean of its neighbours).
    people : pandas.DataFrame
        By code, a column for each segment: people not covered. They add up to ``gap``.
        ``reactivate`` holds inactive members, ``unnamed`` people of no known segment.
    prices : dict of str to int
        Rupiah a year for one person of each column; 0 where the employer pays.
    unknown : tuple of str
        Codes of villages whose gap is not known; no plan can say anything of them.
    area_need : int
        People to enrol so that the area as a whole reaches the target.
    """

    villages: pd.DataFrame
    people: pd.DataFrame
    prices: dict[str, int]
    unknown: tuple[str, ...]
    area_need: int

    @property
    def default_base(self) -> str:
        """Code of the village with the most eligible workers: most likely the regency's seat."""
        return str(self.villages["eligible"].idxmax())


def list_villages(
    data: Dataset, query: Query, *, inactive: pd.Series | None = None
) -> VillageTable:
    """List the villages that a query asks for: of its area, those that its filters leave.

    Parameters
    ----------
    data : Dataset
        What there is.
    query : Query
        Area, period, segments, filters, target and basis of the price.
    inactive : pandas.Series, optional
        Inactive members by village code, where they are known. They are part of the gap.

    Raises
    ------
    QueryProblem
        If there are too many villages, none that passes the filters, or none with a known gap.
    """
    asked = query.without_filters()
    view = build_view(data, query)
    table = view.villages[view.villages["found"].to_numpy(bool)]
    if table.empty:
        raise QueryProblem(mark("No village passes the filters; change them on the map."))
    if len(table) > MOST_VILLAGES:
        raise QueryProblem(
            mark(
                "{area} has {count} villages, a plan is made for at most {most}; go to a province "
                "or regency on the map first."
            ),
            area=str(data.names.get(view.place, "Indonesia")),
            count=len(table),
            most=MOST_VILLAGES,
        )
    known = table[table["coverage_gap"].notna()]
    if known.empty:
        raise QueryProblem(
            mark("No village of {area} has a known gap; import its workers and eligible workers."),
            area=str(data.names.get(view.place, "Indonesia")),
        )
    gap = known["coverage_gap"].astype("int64")
    villages = pd.DataFrame(
        {
            "name": known["name"],
            "subdistrict": _subdistrict_names(data, known.index),
            "enrolled": known["enrolled"].astype("int64"),
            "eligible": known["eligible"].astype("int64"),
            "gap": gap,
            "need": known["gap_to_target"].astype("int64"),
        }
    )
    villages[_POSITION] = _find_positions(data, view.place, villages.index)
    villages["placed"] = villages["lat"].notna()
    villages[_POSITION] = _fill_positions(villages)
    people = _split_gap(data, asked, gap, inactive)
    unknown = tuple(table.index[table["coverage_gap"].isna()])
    enrolled, eligible = villages["enrolled"].sum(), villages["eligible"].sum()
    short = np.ceil(eligible * asked.target - _ROUNDING) - enrolled
    area_need = int(np.clip(short, 0, gap.sum()))
    return VillageTable(villages, people, _default_prices(data, asked, people), unknown, area_need)


def price_visits(
    villages: pd.DataFrame, base: str, travel: Travel, cost: VisitCost
) -> pd.DataFrame:
    """Way from the base to each village and price of a visit: ``km``, ``hours``, ``visit_cost``."""
    kilometres = travel.kilometres(villages, villages.loc[[base]])[:, 0]
    km = pd.Series(kilometres, villages.index)
    hours = km / travel.speed
    return pd.DataFrame({"km": km, "hours": hours, "visit_cost": cost.price(km, hours)})


def _subdistrict_names(data: Dataset, villages: pd.Index) -> list[str]:
    above = villages.str[: codes.length_of("subdistrict")]
    return [str(data.names.get(code, code)) for code in above]


def _find_positions(data: Dataset, place: str, villages: pd.Index) -> pd.DataFrame:
    """Centre of each village's shape; NaN where there is none."""
    shapes = data.shapes.full("village", place).reindex(villages)
    points = shapely.centroid(shapes.to_numpy())
    return pd.DataFrame({"lat": shapely.get_y(points), "lon": shapely.get_x(points)}, villages)


def _fill_positions(villages: pd.DataFrame) -> pd.DataFrame:
    """Place each village; one without a shape in the middle of its subdistrict or the area."""
    placed = villages[_POSITION]
    neighbours = placed.groupby(villages.index.str[: codes.length_of("subdistrict")])
    return placed.fillna(neighbours.transform("mean")).fillna(placed.mean()).fillna(0.0)


def _split_gap(
    data: Dataset, query: Query, gap: pd.Series, inactive: pd.Series | None
) -> pd.DataFrame:
    """People not covered by segment, so that they add up to the gap of their village."""
    segments = query.segments or data.options.segments
    gaps = {
        segment: build_view(data, replace(query, segments=(segment,))).villages["coverage_gap"]
        for segment in segments
    }
    people = pd.DataFrame(gaps, index=gap.index).fillna(0).astype("int64")
    again = pd.Series(0, gap.index)
    if inactive is not None:
        again = inactive.reindex(gap.index).fillna(0).astype("int64").clip(0, gap)
    people = _fit_sums(people, gap - again)
    people[UNNAMED] = gap - again - people.sum(axis=1)
    people[REACTIVATE] = again
    return people.loc[:, people.any()]


def _fit_sums(people: pd.DataFrame, most: pd.Series) -> pd.DataFrame:
    """Scale counts down where their sum is above the most, by largest remainder.

    A person can be in several segments, and a surplus of one segment is no gap of the village.
    """
    sums = people.sum(axis=1)
    share = (most / sums.where(sums > 0)).clip(upper=1).fillna(1)
    exact = people.mul(share, axis=0).to_numpy("float64")
    whole = np.floor(exact + _ROUNDING).astype("int64")
    missing = np.minimum(most, sums).to_numpy("int64") - whole.sum(axis=1)
    rank = np.argsort(np.argsort(whole - exact, axis=1, kind="stable"), axis=1, kind="stable")
    whole += rank < missing[:, None]
    return pd.DataFrame(whole, people.index, people.columns)


def _default_prices(data: Dataset, query: Query, people: pd.DataFrame) -> dict[str, int]:
    """Rupiah a year; 0 for a segment that is listed with a share of the wage alone."""
    contributions = data.contributions
    usual = {query.contribution: contributions.monthly[query.contribution]}
    return {
        segment: MONTHS_PER_YEAR
        * contributions.by_segment.get(segment, usual).get(query.contribution, 0)
        for segment in people.columns
    }
