"""The view: published figures of the sample, and what each filter means."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import FIRST, VILLAGES, a_dataset, a_row, in_village, squares

from geo.core.i18n import Language, get_language
from geo.core.segments import parse_combination
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_timeline, build_view
from geo.reporting.report import mapped_sentence, segment_rows

PUBLISHED = {
    "perangkat_desa": 888,
    "rt_rw": 674,
    "bpd": 284,
    "non_asn": 3_842,
    "pekerja_rentan": 15_330,
}


@pytest.fixture
def small(tmp_path: Path) -> Dataset:
    """One village short, one over, one without denominator, one without enrolment."""
    rows = [
        *(in_village("62.05.01.1001", n) for n in range(6)),
        *(in_village("62.05.01.2002", n) for n in range(10, 22)),
        *(in_village("62.05.02.2001", n, SEGMEN="BPU") for n in range(30, 34)),
        *(in_village("62.05.02.2002", n) for n in range(40, 43)),
        a_row(50, KODE_DESA="", DESA="-", KECAMATAN="Gunung Timang"),
        a_row(51, KODE_DESA="", DESA="-", KECAMATAN="-"),
    ]
    people = {code: 10 for code in VILLAGES if code != "62.05.02.2002"} | {"62.05.02.2001": 9}
    return a_dataset(tmp_path, rows, people, others={"BPU": {"62.05.02.2001": 1}})


def test_coverage_of_the_sample_is_the_published_one(sample: Dataset) -> None:
    totals = build_view(sample, Query()).totals
    assert (totals.period, totals.enrolled, totals.eligible) == ("2024-10", 49_356, 57_125)
    assert totals.coverage_rate == pytest.approx(0.8640, abs=1e-9)


@pytest.mark.parametrize("segment", PUBLISHED)
def test_a_segment_has_its_published_people(sample: Dataset, segment: str) -> None:
    assert build_view(sample, Query(segments=(segment,))).totals.enrolled == PUBLISHED[segment]


def test_segments_paid_by_the_budget_sum_to_the_published_total(sample: Dataset) -> None:
    totals = build_view(sample, Query(segments=tuple(PUBLISHED))).totals
    assert totals.enrolled == 21_018


def test_the_reported_segments_are_the_published_ones(sample: Dataset) -> None:
    rows = dict(segment_rows(sample, build_view(sample, Query()), Language("en")))
    assert rows["village officers"] == "888"
    assert rows["vulnerable workers"] == "15,330"


def test_real_boundaries_give_the_same_figures(sample: Dataset, real: Dataset) -> None:
    assert build_view(real, Query()).totals == build_view(sample, Query()).totals


def test_the_village_without_denominator_stays_in_the_totals(small: Dataset) -> None:
    totals = build_view(small, Query()).totals
    assert (totals.enrolled, totals.eligible) == (27, 50)
    assert (totals.mapped, totals.unplaced) == (25, 2)


def test_states_of_the_small_dataset(small: Dataset) -> None:
    states = build_view(small, Query()).villages["state"]
    assert states["62.05.01.1001"] == "ok"
    assert states["62.05.01.2002"] == "over_100"
    assert states["62.05.02.2002"] == "no_denominator"
    assert states["62.05.02.3003"] == "no_enrolment"


def test_people_of_an_unknown_village_count_in_their_subdistrict(small: Dataset) -> None:
    shown = build_view(small, Query()).shown
    assert shown.loc["62.05.02", "enrolled"] == 8
    assert shown["enrolled"].sum() == build_view(small, Query()).totals.enrolled - 1


def test_a_village_without_a_polygon_stays_in_table_and_totals(tmp_path: Path) -> None:
    layer = squares()
    layer.loc[0, "geometry"] = None
    data = a_dataset(
        tmp_path, [in_village(FIRST), in_village("62.05.02.2001", 2)], {FIRST: 4}, layer=layer
    )
    view = build_view(data, Query())
    assert view.villages.loc[FIRST, ["state", "enrolled"]].tolist() == ["no_boundary", 1]
    assert (view.totals.enrolled, view.totals.mapped, view.totals.coverage_gap) == (2, 1, 3)


def test_a_denominator_of_a_village_the_layer_lacks_is_listed(tmp_path: Path) -> None:
    missing = "62.05.01.2077"
    data = a_dataset(tmp_path, [in_village(FIRST)], {FIRST: 4, missing: 6, "62.06.01.2001": 9})
    view = build_view(data, Query())
    assert view.villages.loc[missing, "state"] == "no_boundary"
    assert view.totals.eligible == 10


def test_a_segment_filters_both_sides_of_the_rate(sample: Dataset) -> None:
    view = build_view(sample, Query(segments=("rt_rw",)))
    table = sample.eligible
    assert view.totals.eligible == table["eligible"][table["segment"] == "rt_rw"].sum()


def test_segment_and_programme_must_be_met_by_one_membership(tmp_path: Path) -> None:
    two = [a_row(SEGMEN="PU", PROGRAM="JKK,JHT"), a_row(SEGMEN="RT/RW", PROGRAM="JKK")]
    data = a_dataset(tmp_path, two, {FIRST: 4})

    def enrolled(segment: str, programme: str) -> float:
        query = Query(segments=(segment,), programmes=(programme,))
        return build_view(data, query).totals.enrolled

    assert (enrolled("pu", "jht"), enrolled("rt_rw", "jht"), enrolled("rt_rw", "jkk")) == (1, 0, 1)


def test_a_person_of_two_chosen_segments_counts_once(sample: Dataset) -> None:
    people = sample.counts.people
    people = people[people["period"] == "2024-10"]
    either = people["combination"].map(lambda c: bool({"pu", "bpu"} & set(parse_combination(c))))
    view = build_view(sample, Query(segments=("pu", "bpu")))
    assert view.totals.enrolled == people["people"][either].sum()


def test_filtered_out_people_are_zero_not_unknown(small: Dataset) -> None:
    villages = build_view(small, Query(segments=("pu",))).villages
    assert villages.loc["62.05.02.2001", "enrolled"] == 0
    assert villages.loc["62.05.02.2001", "state"] == "ok"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(gap_min=4, gap_max=4), {"62.05.01.1001"}),
        (Query(gap_min=4), {"62.05.01.1001", "62.05.02.2001"}),
        (Query(rate_min=0.6), {"62.05.01.1001", "62.05.01.2002"}),
        (Query(rate_max=0.4), {"62.05.02.2001"}),
        (Query(states=("no_denominator", "over_100")), {"62.05.02.2002", "62.05.01.2002"}),
        (Query(states=("ok",), gap_min=5), {"62.05.02.2001"}),
        (Query(gap_min=999), set()),
    ],
)
def test_ranges_include_both_ends_and_no_unknown(
    small: Dataset, query: Query, expected: set[str]
) -> None:
    view = build_view(small, query)
    assert set(view.found.index) == expected
    assert view.totals == build_view(small, Query()).totals


def test_a_place_narrows_villages_and_totals(sample: Dataset) -> None:
    view = build_view(sample, Query(place="62.05.07"))
    assert view.level == "village"
    assert view.shown.index.str.startswith("62.05.07").all()
    whole = build_view(sample, Query())
    assert view.totals.enrolled == whole.shown.loc["62.05.07", "enrolled"]
    assert view.totals.coverage_gap == whole.shown.loc["62.05.07", "coverage_gap"]


def test_subdistricts_chosen_give_the_sum_of_their_figures(sample: Dataset) -> None:
    chosen = ("62.05.01", "62.05.09")
    whole = build_view(sample, Query()).shown.loc[list(chosen)]
    totals = build_view(sample, Query(subdistricts=chosen)).totals
    assert (totals.enrolled, totals.eligible) == (whole["enrolled"].sum(), whole["eligible"].sum())


@pytest.mark.parametrize("query", [Query(place="62.05.07"), Query(subdistricts=("62.05.07",))])
@pytest.mark.parametrize("level", ["subdistrict", "regency", "province"])
def test_a_part_of_an_area_is_measured_by_its_own_people(
    sample: Dataset, query: Query, level: str
) -> None:
    (row,) = build_view(sample, query, level=level).shown.to_dict("records")
    totals = build_view(sample, query).totals
    assert (row["enrolled"], row["eligible"]) == (totals.enrolled, totals.eligible)


@pytest.mark.parametrize("level", ["village", "subdistrict", "regency", "province"])
def test_gaps_of_every_level_sum_to_the_headline(sample: Dataset, level: str) -> None:
    table = build_view(sample, Query(), level=level).shown
    totals = build_view(sample, Query()).totals
    assert table["coverage_gap"].sum() == totals.coverage_gap
    assert table["cost_year"].sum() == totals.cost_year
    assert table["below_target"].sum() == totals.below_target


def test_the_previous_period_is_the_one_before(sample: Dataset) -> None:
    view = build_view(sample, Query())
    assert view.previous == build_view(sample, Query(period="2024-04")).totals
    assert build_view(sample, Query(period="2022-10")).previous is None


def test_the_timeline_has_the_rate_of_each_period(sample: Dataset) -> None:
    rates = build_timeline(sample, Query(), "62.05")
    assert list(rates.index) == list(sample.options.periods)
    assert rates["2024-10"] == pytest.approx(0.864)
    assert rates["2022-10"] == build_view(sample, Query(period="2022-10")).totals.coverage_rate


@pytest.mark.parametrize("query", [Query(), Query(place="62.05.04"), Query(rate_max=0.8)])
def test_half_is_found_by_adding_up_the_largest_gaps(sample: Dataset, query: Query) -> None:
    view = build_view(sample, query)
    gaps = sorted(view.found["coverage_gap"].dropna(), reverse=True)
    fewest = next(n for n in range(len(gaps) + 1) if sum(gaps[:n]) * 2 >= sum(gaps))
    assert view.half == fewest


def test_found_villages_come_with_the_largest_gap_first(sample: Dataset) -> None:
    gaps = build_view(sample, Query()).found["coverage_gap"].dropna()
    assert gaps.is_monotonic_decreasing


@pytest.mark.parametrize("scheme", ["policy", "quantiles", "natural_breaks", "equal_interval"])
@pytest.mark.parametrize("measure", ["coverage_rate", "coverage_gap", "gap_to_target", "gap_share"])
def test_only_places_with_a_known_value_have_a_class(
    sample: Dataset, scheme: str, measure: str
) -> None:
    view = build_view(sample, Query(villages=True, scheme=scheme, measure=measure))
    classed = view.shown["class_index"] >= 0
    assert (classed == (view.shown["state"] == "ok")).all()
    assert view.shown["class_index"].max() < view.classes.count


def test_the_target_decides_what_is_below(sample: Dataset) -> None:
    below = [build_view(sample, Query(target=t)).totals.below_target for t in (0.5, 0.8, 1.0)]
    villages = build_view(sample, Query()).villages
    assert below == [(villages["coverage_rate"] < t).sum() for t in (0.5, 0.8, 1.0)]


def test_an_area_without_records_says_so_instead_of_nothing_of_nothing(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, [in_village("62.05.01.1001", 1)], {"62.05.01.1001": 10})
    view = build_view(data, Query(place="62.05.02"))
    assert mapped_sentence(view, get_language("en")) == "No enrolment data"
    assert "(100.00" in mapped_sentence(build_view(data, Query()), get_language("en"))
