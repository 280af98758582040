"""What is shown, in words: one statement for titles, card, files and their names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import FIRST, a_dataset, a_row, in_village, squares
from hypothesis import given
from hypothesis import strategies as st
from queries import queries

from geo.core.i18n import Language
from geo.core.labels import scope_words, segment_words
from geo.maps.html_page import build_page
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_timeline, build_view
from geo.reporting.area_panel import chosen_place, place_html
from geo.reporting.report import headline_rows
from geo.reporting.statement import build_statement, file_stem, name_area

ID, EN = Language("id"), Language("en")
NO_BREAK = "\N{NO-BREAK SPACE}"
TWO = ("62.05.01", "62.05.06")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        (Query(), "Kabupaten Barito Utara · Oktober 2024"),
        (Query(place="62.05.07"), "Kecamatan Teweh Baru · Oktober 2024"),
        (Query(subdistricts=TWO), "2 kecamatan di Kabupaten Barito Utara · Oktober 2024"),
        (Query(subdistricts=TWO[:1]), "Kecamatan Montallat, Kabupaten Barito Utara · Oktober 2024"),
        (Query(place="62.05.01", subdistricts=TWO[:1]), "Kecamatan Montallat · Oktober 2024"),
        (
            Query(segments=("pekerja_rentan",), period="2023-10"),
            "Kabupaten Barito Utara · pekerja rentan · Oktober 2023",
        ),
        (
            Query(segments=("pu", "bpu", "bpd"), programmes=("jht",)),
            "Kabupaten Barito Utara · 3 segmen · hari tua (JHT) · Oktober 2024",
        ),
    ],
)
def test_a_title_says_whose_figures_these_are(sample: Dataset, query: Query, title: str) -> None:
    assert build_statement(sample, query, ID).title == title


def test_a_sentence_says_all_that_decides_the_figures(sample: Dataset) -> None:
    query = Query(gap_min=200, rate_max=0.805, states=("ok",), target=0.955, measure="gap_share")
    said = build_statement(sample, query, EN).sentence.replace(NO_BREAK, " ")
    assert said == (
        "Kabupaten Barito Utara · October 2024; people not covered: 200 or more; "
        "coverage: at most 80.5 %; state: coverage known; target: 95.5 %; "
        "contribution: JKK + JKM, Rp 16,800 a month for one person; "
        "map fill: share of the total gap."
    )


@pytest.mark.parametrize(
    ("query", "stem"),
    [
        (Query(), "jangkau-barito-utara-2024-10"),
        (
            Query(segments=("pekerja_rentan",), gap_min=200),
            "jangkau-barito-utara-2024-10-pekerja-rentan-celah-200",
        ),
        (
            Query(subdistricts=TWO, rate_min=0.5, rate_max=0.625),
            "jangkau-barito-utara-2-kecamatan-2024-10-cakupan-50-62_5",
        ),
        (Query(subdistricts=TWO[:1], gap_max=9), "jangkau-montallat-2024-10-celah-0-9"),
        (Query(target=0.955), "jangkau-barito-utara-2024-10-target-95_5"),
    ],
)
def test_a_file_name_tells_area_period_and_filters(
    sample: Dataset, query: Query, stem: str
) -> None:
    assert file_stem(sample, query, ID) == f"{stem}-sampel-sintetis"


def test_a_place_called_anything_gives_a_safe_file_name(tmp_path: Path) -> None:
    names = {"62.05.01.2001": "../../etc/Désa <b>", "62.05.01.2002": "??"}
    data = a_dataset(
        tmp_path,
        [in_village(code, at, SEGMEN="../x Y" * 9) for at, code in enumerate(names)],
        dict.fromkeys(names, 9),
        layer=squares(names),
    )
    for place in names:
        for language in (ID, EN):
            query = Query(place=place, segments=data.options.segments)
            assert re.fullmatch(r"[a-z0-9_-]{10,120}", file_stem(data, query, language))


@pytest.mark.parametrize(
    ("named", "title", "stem"),
    [
        (("PU",), "penerima upah (PU) · Oktober 2024", "2024-10-penerima-upah"),
        (("PU", "RT/RW", "BPD"), "3 segmen · Oktober 2024", "2024-10-3-segmen"),
        (("PU", "RT/RW", "BPD", "BPU"), "Oktober 2024", "2024-10"),
    ],
)
def test_what_a_period_covers_is_stated_where_nobody_asked_for_segments(
    tmp_path: Path, named: tuple[str, ...], title: str, stem: str
) -> None:
    rows = [a_row(n, SEGMEN=segment) for n, segment in enumerate(named)]
    others = {segment: {FIRST: 9} for segment in ("RT/RW", "BPD", "BPU")}
    data = a_dataset(tmp_path, rows, {FIRST: 9}, others=others)
    statement = build_statement(data, Query(), ID)
    view = build_view(data, Query())
    assert statement.title == f"{statement.area} · {title}"
    assert file_stem(data, Query(), ID).endswith(f"{stem}-sampel-sintetis")
    said = scope_words(view.scope, ID)
    assert statement.people == ((said,) if len(named) < 4 else ())
    assert said in statement.sentence
    assert statement.text_of("segments") == segment_words(view.scope, ID)


@given(query=queries)
def test_any_query_has_words_and_a_short_safe_name(sample: Dataset, query: Query) -> None:
    for language in (ID, EN):
        statement = build_statement(sample, query, language)
        assert all(fact.label and fact.text for fact in statement.facts)
        assert re.fullmatch(r"[a-z0-9_-]{10,120}", file_stem(sample, query, language))


areas = st.builds(
    Query,
    place=st.sampled_from(["", "62.05"]),
    period=st.sampled_from(["", "2023-10"]),
    segments=st.sampled_from([(), ("pu",), ("bpd", "rt_rw")]),
    programmes=st.sampled_from([(), ("jht",)]),
    subdistricts=st.lists(
        st.sampled_from([f"62.05.{n:02}" for n in range(1, 10)]), unique=True, max_size=3
    ).map(tuple),
    gap_min=st.sampled_from([None, 20]),
    selected=st.sampled_from(["", "62.05.01", "62.05.07", "62.05.07.2005", "62.05.01.2009"]),
    villages=st.booleans(),
)


@given(query=areas)
def test_the_card_and_its_line_are_of_the_same_people(sample: Dataset, query: Query) -> None:
    view = build_view(sample, query)
    place = chosen_place(view)
    line = build_timeline(sample, view.query, place)
    card = place_html(sample, view, line, ID)
    if place == view.place:
        rate, name = view.totals.coverage_rate, build_statement(sample, query, ID).area
    else:
        measured = view.villages if place in view.villages.index else view.shown
        rate, name = measured.loc[place, "coverage_rate"], name_area(sample, place)
    assert line[view.query.period] == pytest.approx(rate, nan_ok=True)
    assert f'<h4 aria-level="2">{name}</h4>' in card
    assert ID.rate(rate) in card


def test_a_village_outside_what_is_shown_does_not_lend_its_name(sample: Dataset) -> None:
    view = build_view(sample, Query(subdistricts=TWO, selected="62.05.07.2005"))
    line = build_timeline(sample, view.query, chosen_place(view))
    card = place_html(sample, view, line, ID)
    assert '<h4 aria-level="2">2 kecamatan di Kabupaten Barito Utara</h4>' in card
    assert "Hajak tidak termasuk" in card


def test_a_stand_alone_map_says_what_it_shows_and_points_nowhere(sample: Dataset) -> None:
    query = Query(subdistricts=TWO, segments=("pekerja_rentan",), gap_min=10, target=0.905)
    page = build_page(sample, build_view(sample, query), ID).replace(NO_BREAK, " ")
    panel = page[page.index('<aside class="jk-panel">') : page.index("</aside>")]
    for words in (
        *("2 kecamatan di Kabupaten Barito Utara", "pekerja rentan", "Oktober 2024"),
        *("Montallat, Lahei", "10 atau lebih", "90,5 %", "Rp 16.800", "pekerja berhak."),
    ):
        assert words in panel
    assert "Tentang" not in page
    assert "Batas perkiraan, bukan batas resmi" in page


def test_an_exact_target_is_said_exactly(sample: Dataset) -> None:
    rows = dict(headline_rows(build_view(sample, Query(target=0.9525)), ID))
    assert f"desa di bawah target 95,25{NO_BREAK}%" in rows
