"""Two periods set side by side: changes, and villages across the target."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import a_row, in_village, squares, write_eligible, write_layer, write_workers

from geo.core.i18n import Language
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting.changes import changes_html

UP, DOWN, SAME, OVER, NEW = (
    *("62.05.01.1001", "62.05.01.2002", "62.05.01.2003"),
    *("62.05.02.2001", "62.05.02.2002"),
)
ENGLISH = Language("en")


@pytest.fixture
def two(tmp_path: Path) -> Dataset:
    """Two periods in which one village gained, one lost, one stayed, one is above 100 %."""
    people = {"2024-04": {UP: 5, DOWN: 10, SAME: 4, OVER: 12}}
    people["2024-10"] = {UP: 10, DOWN: 8, SAME: 4, OVER: 15, NEW: 3}
    for period, enrolled in people.items():
        rows = [
            in_village(code, 100 * at + n, PERIODE=period)
            for at, (code, count) in enumerate(enrolled.items())
            for n in range(count)
        ]
        write_workers(tmp_path / "records", rows, name=f"workers_{period}.csv")
    write_eligible(tmp_path / "records", dict.fromkeys((UP, DOWN, SAME, OVER, NEW), 10))
    return open_dataset(write_layer(squares(), tmp_path / "s.geojson"), tmp_path / "records")


def test_changes_are_of_now_less_before_and_unknown_stays_unknown(two: Dataset) -> None:
    villages = build_view(two, Query(compare="2024-04", target=0.9)).villages
    assert villages.loc[[UP, DOWN, SAME, OVER], "change_enrolled"].tolist() == [5, -2, 0, 3]
    assert villages.loc[UP, "change_rate"] == pytest.approx(0.5)
    assert villages["change_enrolled"].isna()[NEW]
    crossed = villages["target_crossed"]
    assert (crossed[UP], crossed[DOWN]) == ("reached", "fell_below")
    assert set(crossed.drop([UP, DOWN])) == {""}


def test_a_change_has_a_class_also_above_100_and_no_change_is_in_the_middle(two: Dataset) -> None:
    view = build_view(two, Query(measure="change_enrolled", villages=True))
    assert view.compared == "2024-04"
    assert view.shown.loc[OVER, ["state", "class_state"]].tolist() == ["over_100", "ok"]
    classes = view.shown["class_index"]
    assert classes[[DOWN, SAME, OVER, NEW]].tolist() == [1, 2, 2, -1]


def test_areas_change_by_the_sum_of_their_people(two: Dataset) -> None:
    view = build_view(two, Query(compare="2024-04"))
    assert view.shown["change_enrolled"].tolist() == [3, 6]
    assert view.previous is not None
    assert view.previous.enrolled == 31


def test_nothing_is_compared_where_nobody_asks(two: Dataset) -> None:
    view = build_view(two, Query())
    assert view.compared == ""
    assert view.villages[["change_rate", "enrolled_before"]].isna().all(axis=None)
    assert build_view(two, Query(period="2024-04", measure="change_rate")).compared == ""


def test_gains_losses_and_crossings_are_listed(two: Dataset) -> None:
    view = build_view(two, Query(compare="2024-04", target=0.9))
    said = changes_html(two, view, ENGLISH)
    assert "2 villages gained 8 people, 1 lost 2, 1 stayed the same." in said
    for title, names in (
        ("Largest gains", ["Lemo I", "Liju"]),
        ("Largest losses", ["Lemo II"]),
        ("Reached the target", ["Lemo I"]),
        ("Fell below the target", ["Lemo II"]),
    ):
        section = said.partition(title)[2].partition("</section>")[0]
        assert [part.partition(" <small>")[0] for part in section.split("<li><span>")[1:]] == names


def test_periods_of_other_segments_are_not_compared(tmp_path: Path) -> None:
    rows = {"2024-04": [a_row(1, PERIODE="2024-04")]}
    rows["2024-10"] = [a_row(n, SEGMEN=s) for n, s in enumerate(("PU", "BPU"))]
    for period, listed in rows.items():
        write_workers(tmp_path / "records", listed, name=f"workers_{period}.csv")
    write_eligible(tmp_path / "records", {UP: 10}, others={"BPU": {UP: 10}})
    layer = write_layer(squares(), tmp_path / "s.geojson")
    data = open_dataset(layer, tmp_path / "records")
    view = build_view(data, Query(compare="2024-04"))
    assert not view.comparable
    assert view.villages["change_enrolled"].isna().all()
    assert "not of the same segments" in changes_html(data, view, ENGLISH)
