"""Partly known areas: a rate of few villages does not pass for one of the whole area."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from browser import CHROMIUM, running_app, visit
from factories import VILLAGES, a_dataset, in_village
from playwright.sync_api import Browser, expect

from geo.core.codebook import COLUMNS
from geo.core.i18n import Language
from geo.export.files import build_extract, write_csv, write_geojson
from geo.maps.html_page import build_page
from geo.maps.legend import build_legend, legend_html
from geo.maps.palettes import STATE_PATTERNS, state_fills
from geo.maps.payload import build_payload, list_figures
from geo.measures import measure
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query
from geo.measures.view import build_timeline, build_view
from geo.reporting.about import about_markdown
from geo.reporting.area_panel import place_html
from geo.reporting.headline import headline_html
from geo.reporting.report import notes

ENGLISH = Language("en")
KNOWN = ("62.05.02.2001", "62.05.02.2002", "62.05.02.3003")


@pytest.fixture
def wide(tmp_path: Path) -> Dataset:
    """Of one subdistrict all villages are known, of the other one of three."""
    codes = ["62.05.01.1001", *KNOWN]
    rows = [in_village(code, n * 10 + i) for n, code in enumerate(codes) for i in range(6)]
    return a_dataset(tmp_path, rows, dict.fromkeys(codes, 10))


def states(known: int, villages: int, *, enrolled: int = 5) -> str:
    index = pd.RangeIndex(villages)
    names = [f"62.05.01.{2001 + i}" for i in index]
    places = pd.DataFrame({"name": "x", "kind": "desa", "has_boundary": True}, index=names)
    people = pd.Series(enrolled, names[:known], dtype="float64")
    table = measure.measure_villages(places, people, pd.Series(10.0, names), target=0.95, monthly=1)
    rolled = measure.roll_up(table, "subdistrict", pd.Series({"62.05.01": people.sum()}))
    assert rolled["known"].tolist() == [known]
    return str(rolled["state"].iloc[0])


@pytest.mark.parametrize(
    ("known", "villages", "state"),
    [
        (7, 10, "partly_known"),
        (8, 10, "ok"),
        (79, 100, "partly_known"),
        (80, 100, "ok"),
        (1, 1, "ok"),
    ],
)
def test_exactly_the_stated_share_is_known(known: int, villages: int, state: str) -> None:
    assert measure.LEAST_KNOWN == 0.8
    assert states(known, villages) == state


def test_partly_known_comes_before_above_100() -> None:
    assert states(5, 10, enrolled=90) == "partly_known"
    assert states(10, 10, enrolled=11) == "over_100"


def test_an_area_of_few_known_villages_is_partly_known(wide: Dataset) -> None:
    shown = build_view(wide, Query()).shown
    assert shown["state"].to_dict() == {"62.05.01": "partly_known", "62.05.02": "ok"}
    assert shown[["known", "villages"]].to_numpy().tolist() == [[1, 3], [3, 3]]
    assert shown["class_index"].tolist() == [1, 1]


def test_villages_are_never_partly_known(wide: Dataset) -> None:
    view = build_view(wide, Query(villages=True))
    assert "partly_known" not in set(view.shown["state"])
    assert not build_view(wide, Query(place="62.05.01.2002")).totals.partly_known


def test_the_state_filter_keeps_the_villages_of_partly_known_areas(wide: Dataset) -> None:
    asked = Query(states=("partly_known",))
    found = build_view(wide, asked).found
    assert sorted(found.index) == [code for code in VILLAGES if code.startswith("62.05.01")]
    extract = build_extract(wide, asked, "village", ENGLISH).table
    assert sorted(extract["code"]) == sorted(found.index)
    both = build_view(wide, Query(states=("partly_known", "ok"))).found
    assert len(both) == 6


def test_the_headline_says_first_of_how_many_villages_it_is_known(wide: Dataset) -> None:
    text = headline_html(wide, build_view(wide, Query()), ENGLISH)
    words = [part for part in re.sub("<[^>]+>", "\n", text).splitlines() if part]
    assert words[0] == "Known for 4 of 6 villages."
    assert notes(wide, build_view(wide, Query()), ENGLISH)[-1] == "Known for 4 of 6 villages."


def test_a_known_area_says_nothing_of_it(sample: Dataset) -> None:
    view = build_view(sample, Query())
    assert headline_html(sample, view, ENGLISH).startswith('<ul class="jk-headline">')
    assert "partly_known" not in set(view.shown["state"])
    assert "partly" not in legend_html(view, ENGLISH)


def test_the_card_of_an_area_says_it_before_its_rate(wide: Dataset) -> None:
    view = build_view(wide, Query(place="62.05.01"))
    line = build_timeline(wide, view.query, "62.05.01")
    card = place_html(wide, view, line, ENGLISH)
    assert card.index("known for 1 of 3 villages") < card.index("<dt>coverage")
    card = place_html(wide, build_view(wide, Query(selected="62.05.01")), line, ENGLISH)
    assert card.index("known for 1 of 3 villages") < card.index("<dt>coverage")


def test_the_legend_lists_it_with_its_count_and_meaning(wide: Dataset) -> None:
    (row,) = [row for row in build_legend(build_view(wide, Query()), ENGLISH) if row.pattern]
    assert (row.pattern, row.count) == ("wide", 1)
    assert row.label == "partly known: less than 80\N{NO-BREAK SPACE}% of the villages"


def test_its_class_is_drawn_under_a_hatch(wide: Dataset) -> None:
    view = build_view(wide, Query())
    payload = build_payload(wide, view, ENGLISH, source={}, values={}, bounds=[])
    partly, known = (payload["styles"][ord(c) - ord("0")] for c in payload["classes"])
    assert partly["fill"] == known["fill"]
    assert (partly["pattern"], known["pattern"]) == (STATE_PATTERNS["partly_known"], "")
    assert partly["words"] == "partly known"
    figures = list_figures(view)
    assert (figures["known"].tolist(), figures["villages"].tolist()) == ([1, 3], [3, 3])


def test_above_100_shows_under_the_hatch(tmp_path: Path) -> None:
    rows = [in_village("62.05.01.1001", n) for n in range(6)]
    data = a_dataset(tmp_path, rows, {"62.05.01.1001": 4})
    view = build_view(data, Query())
    payload = build_payload(data, view, ENGLISH, source={}, values={}, bounds=[])
    style = payload["styles"][ord(payload["classes"][0]) - ord("0")]
    assert style["fill"] == state_fills(view.query.palette)["over_100"]
    assert style["pattern"] == "wide"


def test_letters_of_styles_stay_below_those_of_faded_places(wide: Dataset) -> None:
    payload = build_payload(
        wide, build_view(wide, Query()), ENGLISH, source={}, values={}, bounds=[]
    )
    assert len(payload["styles"]) <= 32


def test_files_say_the_state_and_the_known_villages(wide: Dataset) -> None:
    extract = build_extract(wide, Query(), "subdistrict", ENGLISH)
    table = extract.table.set_index("code")
    assert table["state"].to_dict() == {"62.05.01": "partly_known", "62.05.02": "ok"}
    assert table["known"].to_dict() == {"62.05.01": 1, "62.05.02": 3}
    features = {f["id"]: f["properties"] for f in json.loads(write_geojson(extract))["features"]}
    assert features["62.05.01"]["known"] == 1
    assert b"partly_known" in write_csv(extract)


def test_the_map_as_a_file_says_it_before_the_rate(wide: Dataset) -> None:
    page = build_page(wide, build_view(wide, Query()), ENGLISH)
    panel = page[page.index('<aside class="jk-panel">') :]
    assert panel.index("Known for 4 of 6 villages.") < panel.index("jk-figure")


def test_the_share_is_the_same_wherever_it_is_said(wide: Dataset) -> None:
    said = f"{measure.LEAST_KNOWN:.0%}".replace("%", " %")
    (state,) = [column for column in COLUMNS if column.name == "state"]
    assert f"less than {said} of the villages" in state.meaning
    assert f"less than {said} of the villages" in about_markdown(wide, ENGLISH)
    page = Path(__file__).parents[3] / "docs" / "how-to" / "national.md"
    assert f"less than {said} of the villages" in page.read_text(encoding="utf-8")


def test_a_province_of_which_one_regency_is_known_is_partly_known(
    shared: Path, tmp_path: Path
) -> None:
    country = gpd.read_parquet(shared / "boundaries" / "indonesia_villages.parquet")
    province = country[country["kode"].str.startswith("62.")]
    province.to_parquet(tmp_path / "province.parquet")
    data = open_dataset(tmp_path / "province.parquet", cache=tmp_path / "cache")
    view = build_view(data, Query())
    assert view.level == "regency"
    assert view.totals.partly_known
    assert view.totals.known == 101
    assert view.shown["state"].value_counts().to_dict() == {"no_denominator": 13, "ok": 1}
    (row,) = build_extract(data, Query(), "province", ENGLISH).table.to_dict("records")
    assert (row["state"], row["known"], row["villages"]) == ("partly_known", 101, len(data.places))
    assert f"Known for 101 of {len(data.places):,} villages." in headline_html(data, view, ENGLISH)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)")
def test_the_map_hatches_it_and_the_tooltip_says_of_how_many_villages(
    browser: Browser, wide: Dataset, tmp_path: Path
) -> None:
    folder = tmp_path / "enrolment"
    files = {"BOUNDARIES": tmp_path / "squares.geojson", "ENROLMENT": folder, "ELIGIBLE": folder}
    settings = {f"JANGKAU_{name}": str(path) for name, path in files.items()}
    settings["JANGKAU_WORKSPACE"] = str(tmp_path / "none")
    with running_app(**settings) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}?lang=en&circles=0")
        guest.wait_for_places(2)
        expect(guest.page.locator(".jk-limit")).to_have_text("Known for 4 of 6 villages.")
        expect(guest.page.locator(".jk-legend li", has_text="partly known")).to_contain_text("1")
        hatched = guest.count_pixels("fills", "#FBFAF7")
        assert hatched > 2_000
        tip = guest.map.locator(".jangkau-tip")
        guest.hover_place("Montallat")
        expect(tip).to_contain_text("known for 1 of 3 villages")
        guest.hover_place("Gunung Timang")
        expect(tip).to_contain_text("Gunung Timang")
        expect(tip).not_to_contain_text("known for")
        guest.page.goto(f"{address}?lang=en&circles=0&villages=1")
        guest.wait_for_places(6)
        assert guest.count_pixels("fills", "#FBFAF7") < hatched / 10
        guest.close()
