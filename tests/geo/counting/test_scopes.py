"""Scopes: the people and the eligible workers of a rate are of the same segments."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from factories import FIRST, THREE, a_dataset, a_row, in_village, three_segments

from geo.core.defaults import SAMPLE_ENROLMENT
from geo.core.errors import FileProblem, QueryProblem
from geo.core.i18n import Language
from geo.core.segments import find_scopes, parse_scope
from geo.counting.count import count_people
from geo.enrolment.reading import read_enrolment
from geo.export.files import build_extract
from geo.maps.html_page import build_page
from geo.maps.legend import legend_html
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.order import ORDERS
from geo.measures.query import Query
from geo.measures.view import build_timeline, build_view
from geo.reporting.area_panel import place_html
from geo.reporting.headline import headline_html
from geo.reporting.ranking import Page, build_ranking
from geo.reporting.report import headline_rows, notes
from geo.workspace.periods import Workspace

ENGLISH = Language("en")


def rows_of(segment: str, people: range, village: str = FIRST) -> list[dict[str, str]]:
    return [in_village(village, n, SEGMEN=segment) for n in people]


@pytest.fixture
def changed(tmp_path: Path) -> Dataset:
    """A period of wage earners alone, and one of the self-employed too."""
    rows = [
        *(row | {"PERIODE": "2024-04"} for row in rows_of("PU", range(2))),
        *rows_of("PU", range(3)),
        *rows_of("BPU", range(10, 12)),
    ]
    return a_dataset(tmp_path, rows, {FIRST: 4}, others={"BPU": {FIRST: 6}})


def test_a_file_of_three_segments_is_set_against_their_denominators(
    tmp_path: Path, sample: Dataset
) -> None:
    data = open_dataset(enrolment=three_segments(tmp_path), eligible=SAMPLE_ENROLMENT)
    view = build_view(data, Query())
    asked = build_view(sample, Query(segments=THREE))
    assert view.scope == THREE
    assert (view.totals.enrolled, view.totals.eligible) == (16_892, asked.totals.eligible)
    assert view.totals.coverage_gap == asked.totals.coverage_gap
    assert view.totals.cost_year == asked.totals.cost_year
    assert view.totals.coverage_rate == asked.totals.coverage_rate > 0.5


def test_the_sample_covers_every_segment_and_says_nothing_of_it(sample: Dataset) -> None:
    view = build_view(sample, Query())
    assert set(view.scopes.values()) == {()}
    assert view.totals.uncounted == 0
    assert all(set(scope) >= set(sample.ledger.segments) for scope in sample.counts.scopes.values())


def test_a_segment_of_inactive_members_alone_is_covered(tmp_path: Path) -> None:
    rows = [a_row(1), a_row(2, SEGMEN="BPU", STATUS="TIDAK AKTIF")]
    data = a_dataset(tmp_path, rows, {FIRST: 4}, others={"BPU": {FIRST: 6}})
    view = build_view(data, Query())
    assert (view.scope, view.totals.eligible) == ((), 10)


def test_a_segment_without_denominators_has_no_rate(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, rows_of("PMI", range(3)), {FIRST: 4})
    view = build_view(data, Query())
    assert view.scope == ("pmi",)
    assert view.villages.loc[FIRST, "state"] == "no_denominator"
    assert math.isnan(view.totals.coverage_rate)


def test_people_of_a_segment_without_denominators_are_told_apart(tmp_path: Path) -> None:
    rows = rows_of("PU", range(3)) + rows_of("PMI", range(10, 15))
    data = a_dataset(tmp_path, rows, {FIRST: 4})
    view = build_view(data, Query())
    assert (view.totals.enrolled, view.totals.eligible, view.totals.uncounted) == (3, 4, 5)
    assert view.scope == ("pu",)
    assert build_view(data, Query(segments=("pmi",))).totals.enrolled == 5


def test_who_is_in_a_segment_of_the_scope_too_is_counted(tmp_path: Path) -> None:
    rows = [a_row(1), a_row(1, SEGMEN="PMI"), a_row(2, SEGMEN="")]
    totals = build_view(a_dataset(tmp_path, rows, {FIRST: 4}), Query()).totals
    assert (totals.enrolled, totals.uncounted) == (2, 0)


def test_a_segment_that_the_records_do_not_cover_is_unknown_not_zero(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, rows_of("PU", range(3)), {FIRST: 4}, others={"BPU": {FIRST: 6}})
    view = build_view(data, Query(segments=("bpu",)))
    assert math.isnan(view.totals.enrolled)
    assert view.villages.loc[FIRST, "state"] == "no_enrolment"


def test_of_the_segments_asked_for_those_covered_are_shown(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, rows_of("PU", range(3)), {FIRST: 4}, others={"BPU": {FIRST: 6}})
    view = build_view(data, Query(segments=("bpu", "pu")))
    assert (view.scope, view.totals.enrolled, view.totals.eligible) == (("pu",), 3, 4)
    assert build_view(data, Query(segments=("pu",))).scope == ()


def test_records_without_segments_do_not_tell_of_one(tmp_path: Path) -> None:
    others = {"BPU": {FIRST: 6}, "JAKON": {FIRST: 9}}
    data = a_dataset(tmp_path, rows_of("", range(3)), {FIRST: 4}, others=others, covers="pu,bpu")
    assert build_view(data, Query()).scope == ("pu", "bpu")
    assert math.isnan(build_view(data, Query(segments=("pu",))).totals.enrolled)
    both = build_view(data, Query(segments=("bpu", "pu"))).totals
    assert (both.enrolled, both.eligible) == (3, 10)


def test_denominators_of_all_workers_together_are_not_those_of_a_part(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, rows_of("PU", range(3)), {FIRST: 4})
    whole = data.eligible.assign(segment="")
    part = replace(data, eligible=whole, key="part")
    assert build_view(part, Query()).villages.loc[FIRST, "state"] == "no_denominator"
    stated = replace(part, counts=replace(data.counts, scopes={"2024-10": ()}), key="all")
    assert build_view(stated, Query()).totals.coverage_rate == 0.75


def test_each_period_has_the_denominators_of_its_own_segments(changed: Dataset) -> None:
    view = build_view(changed, Query())
    assert view.scopes == {"2024-04": ("pu",), "2024-10": ()}
    assert build_timeline(changed, Query(), FIRST).to_dict() == {"2024-04": 0.5, "2024-10": 0.5}
    assert view.previous is not None
    assert view.previous.eligible == 4


def test_the_scope_of_a_period_is_saved_with_it(tmp_path: Path, sample: Dataset) -> None:
    reading = read_enrolment(three_segments(tmp_path), styles={"start": "dmy"})
    counts = count_people(reading.records, sample.gazetteer)
    workspace = Workspace(tmp_path / "saved")
    saved = workspace.save(counts, "2024-10", {"file": "a.csv"})
    assert saved.about["covers"] == THREE
    assert workspace.read_counts().scopes == {"2024-10": THREE}


def test_a_period_saved_before_scopes_were_asked_for_covers_all(
    tmp_path: Path, sample: Dataset
) -> None:
    workspace = Workspace(tmp_path)
    workspace.save(sample.counts, "2024-10", {"file": "a.csv"})
    (about,) = tmp_path.rglob("about.json")
    facts = json.loads(about.read_text(encoding="utf-8"))
    del facts["covers"]
    about.write_text(json.dumps(facts), encoding="utf-8")
    assert workspace.read_counts().scopes == {"2024-10": ()}


@pytest.mark.parametrize("covers", [["pu", 1], [], "pu", 3])
def test_a_scope_that_makes_no_sense_is_damage(
    tmp_path: Path, sample: Dataset, covers: object
) -> None:
    workspace = Workspace(tmp_path)
    workspace.save(sample.counts, "2024-10", {"file": "a.csv"})
    (about,) = tmp_path.rglob("about.json")
    facts = json.loads(about.read_text(encoding="utf-8")) | {"covers": covers}
    about.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(FileProblem, match="damaged"):
        workspace.read_counts()


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("all", ()),
        ("pu", ("pu",)),
        (" BPU, Rt/Rw,pu", ("rt_rw", "pu", "bpu")),
        ("kader", ("kader",)),
    ],
)
def test_a_scope_can_be_written(text: str, scope: tuple[str, ...]) -> None:
    assert parse_scope(text) == scope


@pytest.mark.parametrize("text", ["", "pu,,bpu", "all,pu", "-"])
def test_what_names_no_segments_is_no_scope(text: str) -> None:
    with pytest.raises(QueryProblem, match="expected is all"):
        parse_scope(text)


def test_scopes_are_of_members_alone() -> None:
    rows = [("2024-10", "bpu", "active"), ("2024-10", "pu", "inactive"), ("2024-10", "x", "ragged")]
    rows += [("", "jakon", "active"), ("2024-04", "", "active")]
    table = pd.DataFrame(rows, columns=["period", "segment", "outcome"])
    assert find_scopes(table) == {"2024-10": ("pu", "bpu"), "2024-04": ()}


def test_periods_of_other_segments_are_not_compared(changed: Dataset) -> None:
    text = headline_html(changed, build_view(changed, Query()), ENGLISH)
    assert "not comparable with Apr 2024: other segments" in text
    assert "points since" not in text


def test_the_time_line_says_where_its_segments_change(changed: Dataset, sample: Dataset) -> None:
    view = build_view(changed, Query(selected=FIRST))
    line = build_timeline(changed, Query(), FIRST)
    card = place_html(changed, view, line, ENGLISH)
    assert "Apr 2024 (wage earners (PU)); Oct 2024 (all segments)" in card
    line = build_timeline(sample, Query(), "62.05")
    card = place_html(sample, build_view(sample, Query()), line, ENGLISH)
    assert "not of the same segments" not in card


def test_the_segments_are_said_wherever_figures_are(tmp_path: Path) -> None:
    rows = rows_of("PU", range(3)) + rows_of("PMI", range(10, 15))
    data = a_dataset(tmp_path, rows, {FIRST: 4}, others={"BPU": {FIRST: 6}})
    view, village = build_view(data, Query()), build_view(data, Query(selected=FIRST))
    said = "f these segments: wage earners (PU)"
    line = build_timeline(data, Query(), FIRST)
    assert said in headline_html(data, view, ENGLISH)
    assert "5 more of other segments are not counted" in headline_html(data, view, ENGLISH)
    assert said in legend_html(view, ENGLISH)
    assert said in place_html(data, view, line, ENGLISH)
    assert said in place_html(data, village, line, ENGLISH)
    orders = [way + key for key in ORDERS for way in ("", "-")]
    tables = [build_ranking(data, view, ENGLISH, Page(order)) for order in orders]
    assert all(said in table["title"] for table in tables)
    assert build_page(data, view, ENGLISH).count(said) >= 2
    assert "Of these segments: wage earners (PU)." in notes(data, view, ENGLISH)
    assert ("of other segments, not counted", "5") in headline_rows(view, ENGLISH)


def test_files_say_the_segments_in_their_own_language(tmp_path: Path) -> None:
    data = a_dataset(tmp_path, rows_of("PU", range(3)), {FIRST: 4}, others={"BPU": {FIRST: 6}})
    said = {
        "en": ("wage earners (PU)", "of these segments: wage earners (PU)"),
        "id": ("penerima upah (PU)", "dari segmen: penerima upah (PU)"),
    }
    for code, (segments, note) in said.items():
        extract = build_extract(data, Query(), "village", Language(code))
        facts = {fact.key: fact.plain for fact in extract.about}
        assert facts["segments"] == segments
        assert facts["notes"][-1] == note
        assert (extract.table["segments"] == segments).all()
        assert extract.table["note"].str.endswith(note).all()
