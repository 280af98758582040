"""The map as one sheet: well-formed SVG, complete legend, PNG of the size it says."""

from __future__ import annotations

import io
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from shapely import box

from geo.core.i18n import Language
from geo.maps.legend import build_legend, legend_title
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import View, build_view
from geo.printing.fonts import measure_text, wrap_text
from geo.printing.labels import place_labels
from geo.printing.looks import find_looks
from geo.printing.paper import fit_paper
from geo.printing.sheet import Sheet, draw_sheet
from geo.printing.short_names import WORDS, shorten_name
from geo.reporting.statement import build_statement

ROOT = Path(__file__).parents[3]
EN = Language("en")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def view(sample: Dataset) -> View:
    return build_view(sample, Query(gap_min=20), level="village")


@pytest.fixture(scope="module")
def sheet(sample: Dataset, view: View) -> Sheet:
    return draw_sheet(sample, view, EN)


@pytest.fixture(scope="module")
def words(sheet: Sheet) -> str:
    return " ".join(text.text or "" for text in ET.fromstring(sheet.to_svg()).iter(f"{SVG}text"))


def test_the_drawing_says_title_filters_sources_and_notes(
    sample: Dataset, view: View, words: str
) -> None:
    statement = build_statement(sample, view.query, EN)
    assert statement.title in words
    assert "People not covered: 20 or more" in words
    assert "Boundaries: Cells around 103 village points" in words
    assert "Synthetic sample · approximate boundaries." in words
    assert re.search(r"Scale 1 : [0-9,]+,000", words)


def test_the_legend_is_that_of_the_page(view: View, words: str) -> None:
    title = legend_title(view, EN)
    assert f"{title[:1].upper()}{title[1:]}" in words
    printed = {rule.label: count for rule, count in find_looks(view, EN).list_legend()}
    assert printed == {row.label: row.count for row in build_legend(view, EN)}
    for label in printed:
        assert label in words


def test_special_states_differ_from_classes_without_colour(view: View) -> None:
    rules = find_looks(view, EN).rules
    states = [rules[key].pattern for key in ("over_100", "no_denominator", "no_enrolment")]
    assert all(states)
    assert len({*states}) == len(states)
    assert not any(rule.pattern for key, rule in rules.items() if key.startswith("class_"))


def test_the_drawing_asks_for_nothing_and_says_what_it_is(sheet: Sheet) -> None:
    root = ET.fromstring(sheet.to_svg())
    assert root.find(f"{SVG}title") is not None
    described = root.findtext(f"{SVG}desc")
    assert described is not None
    assert "103 places" in described
    text = sheet.to_svg().decode()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert sheet.to_svg() == sheet.to_svg()
    assert text.count("@font-face{font-family:Lato") == 2


def test_no_name_touches_another(sheet: Sheet) -> None:
    for labels in sheet.maps:
        assert not [1 for a, b in combinations(labels, 2) if a.box.intersects(b.box)]


def test_the_picture_is_of_a4_at_300_dots_an_inch(sheet: Sheet) -> None:
    with Image.open(io.BytesIO(sheet.to_png())) as image:
        assert image.size == (3508, 2480)
        assert [round(each) for each in image.info["dpi"]] == [300, 300]
        assert len(image.convert("RGB").getcolors(1 << 24) or []) > 100


@pytest.mark.parametrize("measure", ["coverage_gap", "change_rate"])
def test_other_measures_have_their_own_legend(sample: Dataset, measure: str) -> None:
    view = build_view(sample, Query(measure=measure), level="subdistrict")
    sheet = draw_sheet(sample, view, EN)
    for row in build_legend(view, EN):
        assert row.label.replace("<", "&lt;") in sheet.svg


def test_scales_are_round_and_hold_the_area() -> None:
    paper = fit_paper((114.2, -1.9, 115.9, 0.05), 122, 110)
    assert str(int(paper.scale)).strip("0") in {"225", "25"}
    assert paper.per_degree * 1.95 <= 110
    assert [words for _, words in paper.list_ticks(("BT", "BB"), upwards=False)][:1] == ["114° BT"]


def test_words_are_measured_and_wrapped() -> None:
    assert measure_text("iii", 10) < measure_text("WWW", 10)
    assert measure_text("0123", 10) == measure_text("9876", 10)
    assert wrap_text("satu dua tiga", 1, 10) == ["satu", "dua", "tiga"]
    assert wrap_text("satu dua tiga", 1000, 10) == ["satu dua tiga"]


def test_names_are_shortened_as_on_the_page() -> None:
    script = (ROOT / "geo/maps/assets/abbreviations.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'(\w+): "([^"]+)"', script)) == WORDS
    assert shorten_name("Kalimantan Selatan") == ["Kalimantan Selatan", "Kal. Selatan", "Kal. Sel."]
    assert shorten_name("Ipu") == ["Ipu"]


def test_where_no_name_has_room_the_number_of_its_row_stands() -> None:
    areas = {
        f"v{n}": box(2 + 3 * (n % 6), 2 + 3 * (n // 6), 5 + 3 * (n % 6), 5 + 3 * (n // 6))
        for n in range(36)
    }
    names = dict.fromkeys(areas, "Tumbang Manggo")
    numbers = {key: str(n) for n, key in enumerate(areas, 1)}
    labels = place_labels(areas, names, box(0, 0, 22, 22), numbers=numbers)
    assert not [1 for a, b in combinations(labels, 2) if a.box.intersects(b.box)]
    numbered = [label for label in labels if label.lines == (numbers[label.key],)]
    assert len(numbered) > 18
    assert all(areas[label.key].contains(label.box) for label in numbered if not label.leader)
