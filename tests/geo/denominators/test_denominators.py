"""Eligible workers: as counted, estimated from population, and shared out with an exact sum."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factories import VILLAGES, a_row, in_village, squares, write_layer, write_workers
from hypothesis import given
from hypothesis import strategies as st
from sheet_factories import write_text, write_xlsx
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.core.errors import QueryProblem
from geo.core.i18n import Language
from geo.denominators.estimate import distribute_total, estimate_eligible, share_out
from geo.denominators.factors import FACTORS, change_factors
from geo.export.files import build_extract
from geo.maps.folium_layer import area_bounds
from geo.maps.legend import build_legend
from geo.maps.payload import build_payload, list_figures
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.reporting.about import about_markdown
from geo.reporting.findings import limit_sentences
from geo.reporting.headline import headline_html
from geo.reporting.ranking import build_ranking
from geo.workspace.periods import Workspace
from geo.workspace.saved_eligible import SavedEligible

ENGLISH = Language("en")
POPULATION = [("Desa", "Kecamatan", "Jumlah Penduduk (jiwa)")] + [
    (name, "Montallat" if code.startswith("62.05.01") else "Gunung Timang", 1_000 + 100 * at)
    for at, (code, name) in enumerate(VILLAGES.items())
]
PEOPLE = sum(int(row[2]) for row in POPULATION[1:])


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--lang", "en"])


@pytest.fixture
def place(tmp_path: Path) -> tuple[object, ...]:
    layer = write_layer(squares(), tmp_path / "layer.geojson")
    return ("--workspace", tmp_path / "workspace", "--boundaries", layer)


def table_of(folder: Path) -> pd.DataFrame:
    path = SavedEligible(folder / "workspace").path()
    assert path is not None
    return pd.read_parquet(path)


@given(st.integers(0, 10_000_000), st.lists(st.integers(0, 90_000), min_size=1, max_size=200))
def test_a_total_is_shared_out_to_the_last_person(total: int, weights: list[int]) -> None:
    if not sum(weights):
        with pytest.raises(QueryProblem):
            share_out(total, np.array(weights, dtype="float64"))
        return
    number = share_out(total, np.array(weights, dtype="float64"))
    assert number.sum() == total
    exact = np.array(weights) / sum(weights) * total
    assert (np.abs(number - exact) < 1).all()
    assert (number[np.array(weights) == 0] == 0).all()


def test_the_margin_holds_the_estimate_and_the_ratio_is_the_provinces() -> None:
    population = pd.Series([2_825_290.0], ["62.05.01.1001"])
    table = estimate_eligible(population, FACTORS, "x")
    assert abs(table["eligible"].sum() / 1_009_250 - 1) < 0.002
    assert (table["eligible_low"] < table["eligible"]).all()
    assert (table["eligible"] < table["eligible_high"]).all()
    assert set(table["basis"]) == {"estimated"}


def test_factors_are_changed_by_name_and_say_whose_they_are() -> None:
    changed = {factor.key: factor for factor in change_factors({"participation": 0.5})}
    assert changed["participation"].value == 0.5
    assert changed["participation"].low < 0.5 < changed["participation"].high
    assert changed["participation"].source == "as given by the office"
    assert "assumption" in changed["working_age"].source
    with pytest.raises(QueryProblem, match="no factor"):
        change_factors({"luck": 0.5})


def test_a_distributed_total_is_exact() -> None:
    population = pd.Series([1.0, 1.0, 1.0], ["62.05.01.1001", "62.05.01.2002", "62.05.01.2003"])
    table = distribute_total(100, population, "x")
    assert table["eligible"].tolist() == [34, 33, 33]


def test_population_becomes_estimated_denominators_that_undo_takes_back(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    file = write_xlsx(tmp_path / "penduduk.xlsx", {"Data": POPULATION})
    done = run("eligible", "import", file, *place, "--of", "population")
    assert done.exit_code == 0, done.output
    assert "6 / 6" in done.stdout
    assert "assumption" in done.stdout
    table = table_of(tmp_path)
    product = np.prod([factor.value for factor in FACTORS])
    assert table["eligible"].sum() == round(PEOPLE * product)
    total = run("eligible", "import", file, *place, "--of", "population", "--total", "1234")
    assert total.exit_code == 0, total.output
    assert table_of(tmp_path)["eligible"].sum() == 1234
    assert run("eligible", "undo", *place[:2]).exit_code == 0
    assert table_of(tmp_path)["eligible"].sum() == table["eligible"].sum()
    assert run("eligible", "undo", *place[:2]).exit_code == 0
    assert SavedEligible(tmp_path / "workspace").path() is None
    assert "no eligible workers to take back" in run("eligible", "undo", *place[:2]).stderr
    assert Workspace(tmp_path / "workspace").last_changed() == ""


def test_counted_denominators_by_segment(tmp_path: Path, place: tuple[object, ...]) -> None:
    rows = [("Desa", "Kecamatan", "Segmen", "Jumlah Pekerja Berhak")]
    rows += [("Hajak", "Montallat", segment, n) for segment, n in (("PU", "10"), ("BPU", "20"))]
    done = run("eligible", "import", write_text(tmp_path / "a.csv", rows), *place)
    assert done.exit_code == 0, done.output
    table = table_of(tmp_path).set_index("segment")
    assert table["eligible"].to_dict() == {"bpu": 20, "pu": 10}
    assert set(table["basis"]) == {"counted"}


def test_denominators_of_a_subdistrict_are_shared_out_and_called_estimated(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    rows = [("Desa", "Kecamatan", "Pekerja Berhak"), ("-", "Montallat", "100")]
    done = run("eligible", "import", write_text(tmp_path / "a.csv", rows), *place)
    assert done.exit_code == 0, done.output
    table = table_of(tmp_path)
    assert table["eligible"].sum() == 100
    assert set(table["basis"]) == {"estimated"}
    assert len(table) == 3


def test_the_margin_reaches_measures_files_and_headline(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    file = write_xlsx(tmp_path / "penduduk.xlsx", {"Data": POPULATION})
    assert run("eligible", "import", file, *place, "--of", "population").exit_code == 0
    enrolment = write_workers(tmp_path, [a_row(1), a_row(2)])
    saved = SavedEligible(tmp_path / "workspace").path()
    data = open_dataset(tmp_path / "layer.geojson", enrolment, saved, covers="all")
    view = build_view(data, Query())
    assert data.estimated_eligible
    assert not data.synthetic_eligible
    assert (view.villages["eligible_low"] < view.villages["eligible"]).all()
    assert view.totals.eligible_low < view.totals.eligible < view.totals.eligible_high
    words = ("--enrolment", enrolment, *place[2:], "--eligible", saved, "--covers", "all")
    out = tmp_path / "out.geojson"
    assert run("measure", *words, "--out", out).exit_code == 0
    (first, *_) = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert first["properties"]["eligible_basis"] == "estimated"
    assert first["properties"]["eligible_low"] < first["properties"]["eligible"]
    assert "penduduk" in first["properties"]["eligible_source"]
    assert "estimated" in first["properties"]["note"]


def mixed_dataset(folder: Path) -> Dataset:
    """Two villages estimated, one counted by another source than the other three."""
    codes = sorted(VILLAGES)
    estimated = [code in codes[1:3] for code in codes]
    sources = ["office", "estimate", "estimate", "office", "office", "survey"]
    table = pd.DataFrame(
        {
            "code": codes,
            "segment": "",
            "eligible": 10,
            "eligible_low": [5 if is_estimated else 10 for is_estimated in estimated],
            "eligible_high": [15 if is_estimated else 10 for is_estimated in estimated],
            "source": sources,
            "basis": ["estimated" if is_estimated else "counted" for is_estimated in estimated],
        }
    )
    layer = write_layer(squares(), folder / "layer.geojson")
    saved = SavedEligible(folder / "workspace").save(table, "a.csv")
    rows = [in_village(code, number) for number, code in enumerate(codes, 1)]
    return open_dataset(layer, write_workers(folder, rows), saved, covers="all")


def test_mixed_sources_are_said_of_an_area(tmp_path: Path) -> None:
    data = mixed_dataset(tmp_path)
    view = build_view(data, Query(place="62.05"))
    assert view.shown["origin"].tolist() == ["mixed", "other_source"]
    labels = {row.label: row.count for row in build_legend(view, ENGLISH)}
    assert labels["eligible workers partly estimated"] == 1
    assert labels["eligible workers of another source"] == 1
    assert data.list_sources("62.05.01") == ("estimate", "office")
    about = about_markdown(data, ENGLISH)
    assert "estimate (2 villages); office (3 villages); survey (1 village)" in about


def test_map_marks_villages_of_another_origin_than_their_neighbours(tmp_path: Path) -> None:
    data = mixed_dataset(tmp_path)
    view = build_view(data, Query(villages=True))
    bounds = area_bounds(data, view.place)
    payload = build_payload(data, view, ENGLISH, source={}, values={}, bounds=bounds)
    assert payload["marks"] == " 00  2"
    assert "eligible workers partly estimated" in payload["notice"]
    patterns = {row.pattern: row.count for row in build_legend(view, ENGLISH) if row.pattern}
    assert patterns == {"estimated": 2, "other_source": 1}
    figures = list_figures(view)
    assert figures["origin"].tolist() == [-1, 0, 0, -1, -1, 2]
    assert figures["low"].tolist() == [10, 5, 5, 10, 10, 10]
    table = build_ranking(data, view, ENGLISH)
    eligible = [column["key"] for column in table["columns"]].index("eligible")
    texts = {row["code"]: row["texts"][eligible] for row in table["rows"]}
    assert [texts[code] for code in sorted(texts)] == ["10", "≈\xa010", "≈\xa010", "10", "10", "10"]
    assert "≈: eligible workers estimated" in table["note"]
    assert "estimated in 2 of 6 villages, 50 to 70" in headline_html(data, view, ENGLISH)


def test_file_names_the_source_of_each_denominator(tmp_path: Path) -> None:
    extract = build_extract(mixed_dataset(tmp_path), Query(), "village", ENGLISH)
    table = extract.table.set_index("code").sort_index()
    assert table["eligible_source"].tolist() == [
        *("office", "estimate", "estimate", "office", "office", "survey")
    ]
    assert table["eligible_basis"].tolist() == [
        *("counted", "estimated", "estimated", "counted", "counted", "counted")
    ]
    assert "eligible workers estimated: 2 of 6 villages" in table["note"].iloc[0]
    assert "eligible workers of another source: 1 of 6 villages" in table["note"].iloc[0]


def test_nothing_is_marked_where_all_is_estimated(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    file = write_xlsx(tmp_path / "penduduk.xlsx", {"Data": POPULATION})
    assert run("eligible", "import", file, *place, "--of", "population").exit_code == 0
    saved = SavedEligible(tmp_path / "workspace").path()
    rows = write_workers(tmp_path, [a_row(1)])
    data = open_dataset(tmp_path / "layer.geojson", rows, saved, covers="all")
    view = build_view(data, Query(villages=True))
    payload = build_payload(
        data, view, ENGLISH, source={}, values={}, bounds=area_bounds(data, view.place)
    )
    assert payload["marks"] == ""
    (row,) = [row for row in build_legend(view, ENGLISH) if row.pattern == "unmarked"]
    assert (row.label, row.count) == ("eligible workers estimated", len(VILLAGES))


def test_segments_asked_of_estimates_of_all_are_explained(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    file = write_xlsx(tmp_path / "penduduk.xlsx", {"Data": POPULATION})
    assert run("eligible", "import", file, *place, "--of", "population").exit_code == 0
    saved = SavedEligible(tmp_path / "workspace").path()
    people = [in_village(code, n, SEGMEN="BPU") for n, code in enumerate(VILLAGES)]
    rows = write_workers(tmp_path, people)
    layer = tmp_path / "layer.geojson"
    data = open_dataset(layer, rows, saved, covers="all")
    assert limit_sentences(build_view(data, Query()), ENGLISH) == []
    (_, sentence) = limit_sentences(build_view(data, Query(segments=("bpu",))), ENGLISH)
    assert sentence.startswith("Eligible workers of 6 of 6 villages are known for all segments")
    assert sentence.endswith("choose all segments, or give eligible workers by segment.")
    alone = open_dataset(layer, rows, saved, covers="bpu")
    *_, sentence = limit_sentences(build_view(alone, Query()), ENGLISH)
    assert "import the enrolment file again as “all workers”" in sentence


def test_counted_villages_join_estimates_of_the_others(
    tmp_path: Path, place: tuple[object, ...]
) -> None:
    people = write_xlsx(tmp_path / "penduduk.xlsx", {"Data": POPULATION})
    assert run("eligible", "import", people, *place, "--of", "population").exit_code == 0
    estimates = table_of(tmp_path).set_index("code")
    (code, name), *_ = VILLAGES.items()
    counted = [("Desa", "Kecamatan", "Pekerja Berhak"), (name, "Montallat", 77)]
    file = write_xlsx(tmp_path / "berhak.xlsx", {"Data": counted})
    done = run("eligible", "import", file, *place, "--keep-others")
    assert "5 villages that are not in the file keep the number they had." in done.output
    both = table_of(tmp_path).set_index("code")
    assert (both.loc[code, "eligible"], both.loc[code, "basis"]) == (77, "counted")
    pd.testing.assert_frame_equal(both.drop(code), estimates.drop(code))
    assert run("eligible", "undo", *place[:2]).exit_code == 0
    pd.testing.assert_frame_equal(table_of(tmp_path).set_index("code"), estimates)
    assert run("eligible", "import", file, *place).exit_code == 0
    assert len(table_of(tmp_path)) == 1
