"""Measure the server's work for one change of a filter, up to the size of the country.

``python -m bench.filter_change [--boundaries FILE] [--periods N]`` makes a dataset of the
villages of a layer (codes and names alone) with seeded counts and denominators, and prints the
median time of the processor in five runs of each step: a regency, two provinces, the country.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from geo.boundaries.layer_audit import LayerAudit, LayerFacts
from geo.core import codes
from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.i18n import get_language
from geo.counting.count import OUTCOMES, Counts
from geo.enrolment.reference_tables import NO_PROGRAMME, read_contributions
from geo.maps.legend import legend_html
from geo.measures import dataset as opening
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_timeline, build_view
from geo.reporting.area_panel import finding_html, place_html
from geo.reporting.headline import headline_html
from geo.reporting.ranking import build_ranking
from geo.shapes.store import ShapeStore

_ROOT = Path(__file__).resolve().parents[1]
# Nothing that is measured here asks for a shape.
_NO_SHAPES = cast(ShapeStore, None)
_SEED = 20250301
_RUNS = 5
_AREAS = {"regency": "62.05", "province of 1,571": "62", "Jawa Timur": "35", "country": ""}
_LIMITS_MS = {"regency": 50, "province of 1,571": 50, "Jawa Timur": 50, "country": 200}
_SEGMENTS = ("perangkat_desa", "rt_rw", "bpd", "non_asn", "pekerja_rentan", "pu", "bpu")
_PROGRAMMES = ("jkk+jkm", "jht+jkk+jkm", "jht+jkk+jkm+jp", "jht+jkk+jkm+jkp+jp")
COMBINATIONS = (
    *(f"{segment}:{programmes}" for segment in _SEGMENTS for programmes in _PROGRAMMES),
    "pu:jht+jkk+jkm|rt_rw:jkk+jkm",
    "bpu:jkk+jkm|bpd:jkk+jkm",
)


def make_dataset(layer: Path, *, periods: int, share: float) -> Dataset:
    """A dataset as large as the layer, of invented figures.

    Parameters
    ----------
    layer : pathlib.Path
        GeoParquet with ``kode`` and ``nama``; its shapes are not read.
    periods : int
        How many months.
    share : float
        How many of a village's combinations anybody is in, in each period.
    """
    rng = np.random.default_rng(_SEED)
    table = pq.read_table(layer, columns=["kode", "nama"]).to_pandas()
    table = table.sort_values("kode").drop_duplicates("kode").set_index("kode")
    villages = pd.DataFrame(
        {
            "name": table["nama"].astype("str"),
            "kind": [codes.kind_of(code) for code in table.index],
            "has_boundary": True,
        },
        index=pd.Index(table.index, dtype="str", name="code"),
    )
    audit = LayerAudit(rows_in=len(villages), villages=len(villages))
    eligible = _draw_eligible(villages.index, rng)
    places = opening.list_places(villages, eligible)
    return Dataset(
        LayerFacts("bench", None, approximate=False, audit=audit, unmatched=pd.DataFrame()),
        _NO_SHAPES,
        places,
        opening.name_places(places),
        _counts(_draw_people(villages.index, periods, share, rng)),
        eligible,
        read_contributions(SAMPLE_ENROLMENT),
        NO_PROGRAMME,
    )


def _draw_eligible(codes: pd.Index, rng: np.random.Generator) -> pd.DataFrame:
    segments = np.tile(np.array(_SEGMENTS, dtype=object), len(codes))
    return pd.DataFrame(
        {
            "code": codes.repeat(len(_SEGMENTS)),
            "segment": pd.Series(segments, dtype="str"),
            "eligible": rng.integers(0, 200, len(segments)),
            "source": "seeded",
        }
    )


def _draw_people(
    codes: pd.Index, periods: int, share: float, rng: np.random.Generator
) -> pd.DataFrame:
    months = [f"{2023 + at // 12}-{at % 12 + 1:02}" for at in range(periods)]
    cells = len(codes) * periods * len(COMBINATIONS)
    at = np.flatnonzero(rng.random(cells) < share)
    village, rest = np.divmod(at, periods * len(COMBINATIONS))
    month, combination = np.divmod(rest, len(COMBINATIONS))
    return pd.DataFrame(
        {
            "period": pd.Categorical.from_codes(month, months),
            "code": pd.Categorical.from_codes(village, codes),
            "combination": pd.Categorical.from_codes(combination, list(COMBINATIONS)),
            "people": rng.integers(1, 60, len(at)),
        }
    )


def _counts(people: pd.DataFrame) -> Counts:
    periods = pd.Index(people["period"].unique().astype("str"), name="period")
    none = pd.Series(0, periods)
    rows = pd.DataFrame(0, periods, list(OUTCOMES))
    empty = pd.DataFrame(columns=["period", "outcome", "method", "rows", "people"])
    return Counts(people, rows, empty, empty, synthetic=True, moved=none, claimed=none)


def measure_change(data: Dataset, query: Query) -> dict[str, float]:
    """Median milliseconds of the processor, of each step of a change to ``query``."""
    language = get_language("id")
    runs = []
    for run in range(_RUNS):
        # Another target each time, as a user would change it; nothing kept of the run before.
        asked = dataclasses.replace(query, target=0.90 + run / 100)
        data.__dict__.pop("_kept", None)
        data.ledger.__dict__.pop("_memoised_sums", None)
        taken: dict[str, float] = {}
        view = _timed(taken, "view", lambda q=asked: build_view(data, q))
        line = _timed(taken, "timeline", lambda q=asked, v=view: build_timeline(data, q, v.place))
        steps: dict[str, Callable[[], object]] = {
            "headline": lambda v=view: headline_html(data, v, language),
            "legend": lambda v=view: legend_html(v, language),
            "ranking": lambda v=view: build_ranking(data, v, language),
            "place": lambda v=view, r=line: place_html(data, v, r, language),
            "finding": lambda v=view: finding_html(v, language),
        }
        for name, step in steps.items():
            _timed(taken, name, step)
        runs.append(taken)
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _timed(taken: dict[str, float], name: str, step: Callable[[], object]) -> object:
    # Of the processor: what else the machine does is no part of it.
    start = time.process_time()
    result = step()
    taken[name] = (time.process_time() - start) * 1000
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = _ROOT.parent / "shared" / "boundaries" / "indonesia_villages.parquet"
    parser.add_argument("--boundaries", type=Path, default=shared)
    parser.add_argument("--periods", type=int, default=12)
    parser.add_argument("--share", type=float, default=0.3)
    given = parser.parse_args()
    data = make_dataset(given.boundaries, periods=given.periods, share=given.share)
    start = time.perf_counter()
    ledger = data.ledger
    print(
        f"{len(data.places):,} villages, {len(ledger.periods)} periods, "
        f"{len(ledger.combinations)} combinations, {len(data.counts.people):,} counts; "
        f"ledger built in {time.perf_counter() - start:.2f} s, "
        f"{(ledger.people.data.nbytes + ledger.people.indices.nbytes) / 1e6:.0f} MB"
    )
    rows = {}
    for name, place in _AREAS.items():
        for kind, query in {
            "": Query(place=place),
            ", one segment": Query(place=place, segments=("pu",), programmes=("jht",)),
            ", villages": Query(place=place, villages=True, scheme="quantiles"),
            ", natural breaks": Query(place=place, villages=True, scheme="natural_breaks"),
        }.items():
            taken = measure_change(data, query)
            rows[name + kind] = taken | {"all": sum(taken.values()), "limit": _LIMITS_MS[name]}
    print(pd.DataFrame(rows).T.round(1).to_string())


if __name__ == "__main__":
    main()
