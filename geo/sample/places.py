"""Who is enrolled where in the synthetic sample: invented, but plausible.

Village sizes and rates are made up. Only the sums are not: 57,125 eligible and
49,356 enrolled people give the published coverage of 86.40 %.

Nothing here calls a NumPy distribution: their streams may change between
versions. Uniform doubles (`Generator.random`) and exact arithmetic do not.
"""

from __future__ import annotations

import csv
import math
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.paths import DATA
from ..gazetteer.places import read_region_names

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Random = np.random.Generator

SEGMENTS: Final = (
    "perangkat_desa",
    "rt_rw",
    "bpd",
    "non_asn",
    "pekerja_rentan",
    "pu",
    "bpu",
    "jakon",
)
_PU: Final = SEGMENTS.index("pu")
# What the regency's budget pays for, as published on 22 October 2024.
BUDGET_PAID: Final = (888, 674, 284, 3842, 15330)
ENROLLED: Final = 49356
# The provincial ratio gives 1,009,250 / 2,825,290 x 159,848 = 57,101 eligible workers.
# 57,125 is the multiple of 125 next to it: of those, 86.40 % is a whole number of people.
ELIGIBLE: Final = 57125

PERIODS: Final = ("2022-10", "2023-04", "2023-10", "2024-04", "2024-10")
LAST: Final = len(PERIODS) - 1
_STAYS: Final = len(PERIODS)  # the membership ends after the newest file

# Active people a period: 71.0, 75.5, 80.0, 84.3 and 86.4 % of the same eligible.
_ACTIVE: Final = (40559, 43129, 45700, 48156, ENROLLED)
# Of those, people whose membership had ended by October 2024.
_LEFT_LATER: Final = (900, 700, 450, 220, 0)
_DORMANT: Final = 5023  # with those 900: 12 % more people who are only inactive
_STALE: Final = 80  # old inactive rows of people who are active elsewhere
_MOVED: Final = 60
_CLOSED_PROJECT: Final = ("62.05.09.2007", "62.05.09.2008", "62.05.09.2009", "62.05.09.2010")
_SECOND_JOBS: Final = (
    ("rt_rw", "pu", 90),
    ("perangkat_desa", "bpu", 40),
    ("non_asn", "bpu", 30),
    ("pekerja_rentan", "jakon", 140),
    ("pu", "jakon", 60),
    ("bpu", "jakon", 70),
)
# Spellings of the statistics office (and none) that no plain comparison resolves.
SPELLINGS: Final = (
    ("Benangin 2", "62.05.04.2005", 7),
    ("Benangin 3", "62.05.04.2004", 6),
    ("Benangin 5", "62.05.04.2006", 5),
    ("Baturaya II", "62.05.02.2015", 6),
    ("Sangkurang", "62.05.02.2011", 5),
    ("-", "62.05.04.2007", 4),
)
# First day a membership may begin that appears from this period on; then the end.
_BEGINS: Final = np.array(
    ["2018-01", "2022-11", "2023-05", "2023-11", "2024-05", "2024-11"], dtype="datetime64[D]"
).astype(np.int64)

NO_ENROLMENT: Final = "62.05.06.2021"  # Muara Pari: eligible people, no row
NO_DENOMINATOR: Final = "62.05.05.2025"  # Datai Nirui: rows, no eligible people known
_UNKNOWN_ELIGIBLE_ENROLLED: Final = 148
# Estates and mines register workers who live elsewhere.
OVER_100: Final = {"62.05.01.2009": 1.045, "62.05.07.2007": 1.075, "62.05.08.2007": 1.115}

_SIZES: Final = {
    "Lanjas": 6500, "Melayu": 5500, "Jingah": 2400, "Jambu": 1900, "Lahei I": 1250,
    "Lahei II": 1050, "Hajak": 1250, "Montallat I": 900, "Kandui": 900, "Pendreh": 800,
    "Benangin I": 800, "Tumpung Laung I": 750, "Malawaken": 700, "Montallat II": 700,
    "Benangin II": 650, "Trahean": 650, "Trinsing": 600, "Tumpung Laung II": 600,
    "Benangin V": 550, "Lampeong I": 550, "Karendan": 140, "Muara Pari": 95, "Haragandang": 60,
}  # fmt: skip
_TOWN: Final = (-0.93, 114.885)  # Muara Teweh, the seat of the regency
# Hard to reach: latitude, longitude, loss of coverage at the centre, radius in degrees.
_REMOTE: Final = (
    (-1.13, 115.62, 0.54, 0.38),  # Gunung Purei
    (-1.00, 115.42, 0.26, 0.22),  # Teweh Timur
    (-0.50, 115.18, 0.66, 0.36),  # Lahei, north
    (-1.24, 114.72, 0.22, 0.14),  # Montallat, west bank
    (-1.00, 114.53, 0.22, 0.14),  # Teweh Tengah, west
)
_DATA: Final = DATA / "boundaries"


class Place(NamedTuple):
    """A village and what the sample needs to know of it."""

    code: str
    name: str
    kind: str
    subdistrict: str
    lat: float
    lon: float


class Sample(NamedTuple):
    """Villages, membership rows, and eligible people a village and segment."""

    places: list[Place]
    rows: pd.DataFrame
    eligible: Ints


def draw_sample(rng: Random) -> Sample:
    """Draw every membership of the sample; the totals are fixed, the rest is chance."""
    places = _read_places()
    eligible = _eligible_people(places, rng)
    enrolled = _enrolled_people(places, eligible, rng)
    people = _draw_people(places, _enrolled_by_segment(places, enrolled, rng), rng)
    second = _second_jobs(people, rng)
    members = _count(pd.concat([people[_active(people)], second]), len(places))
    rows = _memberships(people, second, rng)
    return Sample(places, rows, _eligible_by_segment(places, eligible, members))


def _read_places() -> list[Place]:
    """List the villages of the gazetteer, in the order of their codes."""
    names = read_region_names()
    rows = sorted(_read_csv("barito_utara_gazetteer.csv"), key=lambda row: row["code"])
    return [_place(row, names[row["parent_code"]]) for row in rows]


def _place(row: dict[str, str], subdistrict: str) -> Place:
    lat, lon = float(row["lat"]), float(row["lon"])
    return Place(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        subdistrict=subdistrict,
        lat=lat,
        lon=lon,
    )


def _read_csv(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _apportion(total: int, weights: Floats) -> Ints:
    """Whole people of `total` by weight; the largest remainders get the odd ones."""
    shares: Floats = weights * (total / math.fsum(weights))
    whole: Ints = np.floor(shares).astype(np.int64)
    largest = np.argsort(whole - shares, kind="stable")[: total - whole.sum()]
    whole[largest] += 1
    return whole


def _eligible_people(places: list[Place], rng: Random) -> Ints:
    """Eligible people a village: the known sizes as given, the rest by a smooth draw."""
    published = np.array([_SIZES.get(place.name, 0) for place in places], dtype=np.int64)
    published[_where(places, NO_DENOMINATOR)] = 0
    size = (0.75 + rng.random(len(places))) * (1.0 - _remoteness(places))
    size[published > 0] = 0.0
    size[_where(places, NO_DENOMINATOR)] = 0.0
    return published + _apportion(ELIGIBLE - int(published.sum()), size)


def _enrolled_people(places: list[Place], eligible: Ints, rng: Random) -> Ints:
    """Enrolled people a village: what is left of the eligible after a mapped gap."""
    over = {_where(places, code): rate for code, rate in OVER_100.items()}
    none, unknown = _where(places, NO_ENROLMENT), _where(places, NO_DENOMINATOR)
    enrolled = eligible.copy()
    for village, rate in over.items():
        enrolled[village] = round(eligible[village] * rate)
    enrolled[none], enrolled[unknown] = 0, _UNKNOWN_ELIGIBLE_ENROLLED
    missing = eligible * _missing_share(places, rng)
    missing[[none, unknown, *over]] = 0.0
    return enrolled - _apportion(int(enrolled.sum()) - ENROLLED, missing)


def _missing_share(places: list[Place], rng: Random) -> Floats:
    """Share not enrolled: small around the town, large where roads end, and some noise."""
    town = np.array([place.kind == "kelurahan" for place in places])
    noise = np.where(town, 0.03, 0.16) * (rng.random(len(places)) - 0.5)
    distant = 0.08 * np.minimum(_distance(places, *_TOWN) / 0.5, 1.0)
    share = 0.07 + distant + _remoteness(places) + noise
    return np.asarray(np.clip(share, 0.015, 0.68))


def _remoteness(places: list[Place]) -> Floats:
    loss = np.zeros(len(places))
    for lat, lon, depth, radius in _REMOTE:
        near = np.maximum(1.0 - _distance(places, lat, lon) / radius, 0.0)
        loss = np.maximum(loss, depth * np.sqrt(near))
    return loss


def _distance(places: list[Place], lat: float, lon: float) -> Floats:
    """Degrees; at the equator one is as long as the other."""
    points = np.array([(place.lat - lat, place.lon - lon) for place in places])
    return np.asarray(np.sqrt(points[:, 0] ** 2 + points[:, 1] ** 2))


def _enrolled_by_segment(places: list[Place], enrolled: Ints, rng: Random) -> Ints:
    """Enrolled people, a row a village and a column a segment, by their first segment.

    The five segments of the budget add up to the published figures; wage
    earners, self-payers and construction share what is left in each village.
    """
    desa = np.array([place.kind == "desa" for place in places])
    officers = np.where(desa & (enrolled > 0), 1.0 + enrolled / 1e4, 0.0)
    weights = (officers, enrolled.astype(np.float64), officers)
    people = np.zeros((len(places), len(SEGMENTS)), dtype=np.int64)
    for column, weight in enumerate(weights):
        people[:, column] = _apportion(BUDGET_PAID[column], weight)
    by_chance = (enrolled - people.sum(axis=1)) * (0.8 + 0.4 * rng.random(len(places)))
    people[:, 3] = _apportion(BUDGET_PAID[3], by_chance * np.where(desa, 1.0, 2.0))
    people[:, 4] = _apportion(BUDGET_PAID[4], by_chance * np.where(desa, 1.3, 0.5))
    for village, missing in enumerate(enrolled - people.sum(axis=1)):
        people[village, 5:] = _apportion(int(missing), _others(places[village], rng))
    return people


def _others(place: Place, rng: Random) -> Floats:
    """Shares of wage earners, self-payers and construction in a village."""
    rural = (0.42, 0.46, 0.12) if place.code not in OVER_100 else (0.84, 0.12, 0.04)
    shares = np.array((0.60, 0.20, 0.20) if place.kind == "kelurahan" else rural)
    return np.asarray(shares * (0.8 + 0.4 * rng.random(3)))


def _eligible_by_segment(places: list[Place], eligible: Ints, members: Ints) -> Ints:
    """Eligible people, a row a village and a column a segment.

    Parameters
    ----------
    places : list of Place
        Villages.
    eligible : array of int
        Eligible people a village.
    members : array of int, villages x segments
        Memberships, people with two counted in both segments.

    Returns
    -------
    array of int, villages x segments
        `members` and a share of the gap: most of it vulnerable and self-paying
        workers. Where more are enrolled than live there, wage earners give way.
    """
    people = members.copy()
    for village, gap in enumerate(eligible - members.sum(axis=1)):
        if gap < 0:
            people[village, _PU] += gap
        else:
            people[village] += _apportion(int(gap), _gap_weights(places[village]))
    return people


def _gap_weights(place: Place) -> Floats:
    weights = np.array((0.004, 0.004, 0.002, 0.03, 0.46, 0.17, 0.30, 0.03))
    if place.code == NO_ENROLMENT:
        weights[:] = (0.10, 0.04, 0.03, 0.06, 0.40, 0.10, 0.24, 0.03)
    if place.kind == "kelurahan":
        weights[[0, 2]] = 0.0  # an urban village has civil servants and no council
    return weights


def _where(places: list[Place], code: str) -> int:
    return [place.code for place in places].index(code)


# ---- who is a member, where, and from when to when ----


def _draw_people(places: list[Place], enrolled: Ints, rng: Random) -> pd.DataFrame:
    """One row a person, in village order: village, segment, spelling, joined, left.

    `joined` is the first period whose file has the person, `left` the first in
    which the membership is inactive.
    """
    village, segment = np.divmod(
        np.repeat(np.arange(enrolled.size), enrolled.ravel()), len(SEGMENTS)
    )
    active = pd.DataFrame({"village": village, "segment": segment, "left": _STAYS})
    active["joined"] = _joined(active, rng)
    people = pd.concat([active, _leavers(places, active, rng), _dormant(active, rng)])
    people = people.iloc[np.lexsort((rng.random(len(people)), people["village"]))]
    people = people.reset_index(drop=True)
    return people.assign(person=people.index, spelling=_spelled(places, people))


def _joined(active: pd.DataFrame, rng: Random) -> Ints:
    """First period of each person: officers early, vulnerable workers late."""
    late = np.array([-0.5, -0.2, -0.5, -0.1, 0.45, 0.0, 0.2, 0.1])[active["segment"]]
    village = 0.3 * rng.random(int(active["village"].max()) + 1)
    score = rng.random(len(active)) + late + village[active["village"]]
    upto = np.array(_ACTIVE) - np.array(_LEFT_LATER)
    joined = np.empty(len(active), dtype=np.int64)
    joined[np.argsort(score, kind="stable")] = np.searchsorted(
        upto, np.arange(len(active)), "right"
    )
    return joined


def _leavers(places: list[Place], active: pd.DataFrame, rng: Random) -> pd.DataFrame:
    """People of the first file whose membership has ended since, some with one project."""
    count = _LEFT_LATER[0]
    chosen = _pick(active, count, rng)
    closed = [i for i, place in enumerate(places) if place.code in _CLOSED_PROJECT]
    project = np.arange(count) < count // 4
    village = np.where(project, np.resize(closed, count), chosen["village"])
    segment = np.where(project, SEGMENTS.index("jakon"), chosen["segment"])
    stayed = _shuffled(count, rng) < np.array(_LEFT_LATER[1:])[:, None]
    return pd.DataFrame(
        {"village": village, "segment": segment, "left": 1 + stayed.sum(axis=0), "joined": 0}
    )


def _dormant(active: pd.DataFrame, rng: Random) -> pd.DataFrame:
    """People who are never active; most appear in the newest file only."""
    joined = np.where(rng.random(_DORMANT) < 0.25, 0, LAST)
    return _pick(active, _DORMANT, rng).assign(left=0, joined=joined)


def _spelled(places: list[Place], people: pd.DataFrame) -> Ints:
    """Draw the odd spelling of a person's village, -1 for the usual ones."""
    codes = [place.code for place in places]
    spelling = np.full(len(people), -1)
    rentan = people[(people["segment"] == SEGMENTS.index("pekerja_rentan")) & _active(people)]
    for number, (_, code, count) in enumerate(SPELLINGS):
        spelling[rentan.index[rentan["village"] == codes.index(code)][:count]] = number
    return spelling


def _second_jobs(people: pd.DataFrame, rng: Random) -> pd.DataFrame:
    """Second memberships: at most one of the two is paid by the budget."""
    jobs = []
    for first, second, count in _SECOND_JOBS:
        free = people[(people["segment"] == SEGMENTS.index(first)) & _active(people)]
        odd = free[free["spelling"] >= 0].iloc[:3]
        usual = _pick(free[free["spelling"] < 0], count - len(odd), rng)
        jobs.append(pd.concat([odd, usual]).assign(segment=SEGMENTS.index(second)))
    return pd.concat(jobs)


def _memberships(people: pd.DataFrame, second: pd.DataFrame, rng: Random) -> pd.DataFrame:
    """Every row of any file with its first day, in the order of identities."""
    free = people.drop(index=second.index)
    free = free[_active(free) & (free["spelling"] < 0)]
    stale = _pick(free, _STALE, rng).assign(left=0)
    stale["segment"] = np.where(stale["segment"] == _PU, _PU + 1, _PU)
    rows = pd.concat([people, second, stale], ignore_index=True)
    rows["day"] = _days(rows, rng)
    moved = _pick(free[free["joined"] == 0], _MOVED, rng)
    rows = pd.concat([rows, _before_moving(moved, rows, rng)], ignore_index=True)
    return rows.iloc[np.argsort(rows["person"], kind="stable")]


def _before_moving(moved: pd.DataFrame, rows: pd.DataFrame, rng: Random) -> pd.DataFrame:
    """Make the rows people left behind in another village, begun half a year or more earlier."""
    lived = np.unique(rows["village"])
    step = 1 + (rng.random(len(moved)) * 6).astype(np.int64)
    village = lived[(np.searchsorted(lived, moved["village"]) + step) % len(lived)]
    earlier = 180 + (rng.random(len(moved)) * 500).astype(np.int64)
    return moved.assign(village=village, day=rows["day"].to_numpy()[moved.index] - earlier)


def _days(rows: pd.DataFrame, rng: Random) -> Ints:
    """First day of each membership, as days since 1970.

    Budgets and employers register from the first of a month, others on any day.
    """
    period = np.where(rows["left"] == 0, 0, rows["joined"])
    length = _BEGINS[period + 1] - _BEGINS[period]
    day = _BEGINS[period] + (rng.random(len(rows)) * length).astype(np.int64)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(np.where(rows["segment"] <= _PU, month.astype(np.int64), day))


def _active(people: pd.DataFrame) -> pd.Series:
    """Whether the membership is active in the newest file."""
    return people["left"] == _STAYS


def _count(members: pd.DataFrame, villages: int) -> Ints:
    """Memberships a village and segment."""
    cell = (members["village"] * len(SEGMENTS) + members["segment"]).to_numpy()
    return np.bincount(cell, minlength=villages * len(SEGMENTS)).reshape(villages, -1)


def _pick(rows: pd.DataFrame, count: int, rng: Random) -> pd.DataFrame:
    return rows.iloc[_shuffled(len(rows), rng)[:count]]


def _shuffled(count: int, rng: Random) -> Ints:
    return np.argsort(rng.random(count), kind="stable")
