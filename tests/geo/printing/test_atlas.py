"""The atlas: pages, names, fonts, sizes, the same bytes, and words that are never instructions."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pypdf
import pytest

from geo.core.errors import QueryProblem
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.printing.atlas import Atlas, build_atlas
from geo.printing.labels import Label

ID, EN = Language("id"), Language("en")
SUBDISTRICTS = 9
VILLAGE = "62.05.06.2001"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def atlas(sample: Dataset) -> Atlas:
    return build_atlas(sample, Query(), ID)


@pytest.fixture(scope="module")
def pages(atlas: Atlas) -> list[str]:
    return read_pages(atlas)


def read_pages(atlas: Atlas) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(atlas.pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def overlaps(labels: tuple[Label, ...]) -> list[tuple[str, str]]:
    """Pairs of names whose words touch, or whose words a line to another place crosses."""
    pairs = []
    for one, other in combinations(labels, 2):
        lines = [line for line in (one.leader_line, other.leader_line) if line is not None]
        crossed = any(line.crosses(box) for line in lines for box in (one.box, other.box))
        if one.box.intersects(other.box) or crossed:
            pairs.append((one.key, other.key))
    return pairs


def test_it_has_an_overview_a_page_for_each_subdistrict_and_the_method(
    sample: Dataset, pages: list[str]
) -> None:
    assert len(pages) == 1 + SUBDISTRICTS + 1
    for number, code in enumerate(sample.list_subdistricts("62.05"), start=1):
        assert f"Kecamatan {sample.names[code]}" in pages[number]
    for number, text in enumerate(pages, start=1):
        assert f"halaman {number} dari {len(pages)}" in text
        assert "sampel sintetis" in text
        assert "batas perkiraan" in text


def test_every_village_is_named_on_the_page_of_its_subdistrict(
    sample: Dataset, pages: list[str]
) -> None:
    subdistricts = sample.list_subdistricts("62.05")
    for code, name in sample.places["name"].items():
        assert name in pages[1 + subdistricts.index(code[:8])]


def test_figures_are_those_of_the_measure(sample: Dataset, pages: list[str]) -> None:
    totals = build_view(sample, Query()).totals
    for figure in (ID.rate(totals.coverage_rate), ID.count(totals.coverage_gap)):
        assert " ".join(figure.split()) in pages[0]
    first = build_view(sample, Query(place="62.05.01")).totals
    assert ID.count(first.eligible) in pages[1]


def test_no_name_touches_another_and_every_village_has_one(sample: Dataset, atlas: Atlas) -> None:
    assert [pair for labels in atlas.maps for pair in overlaps(labels)] == []
    named = {label.key for labels in atlas.maps for label in labels}
    assert set(sample.places.index) - named == set()


def test_real_boundaries_keep_names_apart_and_show_small_villages_enlarged(real: Dataset) -> None:
    atlas = build_atlas(real, Query(place="62.05.03"), EN)
    whole, enlarged = atlas.maps
    assert overlaps(whole) == overlaps(enlarged) == []
    assert {label.key for label in enlarged} == {"62.05.03.2006", "62.05.03.2007"}
    in_subdistrict = {
        label.key for label in (*whole, *enlarged) if len(label.key) > len("62.05.03")
    }
    assert in_subdistrict == {code for code in real.places.index if code.startswith("62.05.03")}


def test_the_same_input_gives_the_same_bytes(sample: Dataset) -> None:
    once, again = (
        build_atlas(sample, Query(place="62.05.07"), ID, villages=["62.05.07.2005"])
        for _ in range(2)
    )
    assert once.pdf == again.pdf


def test_it_is_below_a_megabyte(atlas: Atlas) -> None:
    assert len(atlas.pdf) < MEGABYTE


def test_it_is_tagged_says_its_language_and_describes_its_figures(atlas: Atlas) -> None:
    reader = pypdf.PdfReader(io.BytesIO(atlas.pdf))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(catalog["/Lang"]) == "id"
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Atlas cakupan: Kabupaten Barito Utara")
    assert reader.metadata.creation_date is None
    described = [figure for figure in find_figures(catalog["/StructTreeRoot"]) if "/Alt" in figure]
    assert len(described) == 1 + 2 * SUBDISTRICTS


def find_figures(node: pypdf.generic.DictionaryObject) -> list[pypdf.generic.DictionaryObject]:
    found, waiting = [], [node]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, pypdf.generic.ArrayObject):
            waiting += each
        elif isinstance(each, pypdf.generic.DictionaryObject):
            if each.get("/S") == "/Figure":
                found.append(each)
            if "/K" in each:
                waiting.append(each["/K"])
    return found


def test_only_the_intended_fonts_are_in_it_each_of_them_whole(atlas: Atlas, tmp_path: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(atlas.pdf))
    names = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert {re.sub(r"^/[A-Z]{6}\+", "", name) for name in names} == {"Lato-Regular", "Lato-Bold"}
    if shutil.which("pdffonts"):
        (tmp_path / "atlas.pdf").write_bytes(atlas.pdf)
        listed = subprocess.run(
            ["pdffonts", "atlas.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.splitlines()[2:]
        assert all("Lato-" in line and re.search(r"\byes yes yes\b", line) for line in listed)


def test_a_subdistrict_alone_has_a_page_and_a_village_its_brief(sample: Dataset) -> None:
    pages = read_pages(build_atlas(sample, Query(place="62.05.06"), EN, villages=[VILLAGE]))
    assert len(pages) == 3
    view = build_view(sample, Query(place="62.05.06"))
    village = view.villages.loc[VILLAGE]
    assert f"{village['name']}, village (desa)" in pages[1]
    for figure in (EN.rate(village["coverage_rate"]), EN.money(village["cost_year"])):
        assert " ".join(figure.split()) in pages[1]


def test_a_period_and_a_filter_are_followed(sample: Dataset) -> None:
    query = Query(place="62.05.07", period="2023-10", gap_min=60)
    (page, _) = read_pages(build_atlas(sample, query, EN))
    view = build_view(sample, query)
    listed = view.found["coverage_gap"].to_list()
    assert 0 < len(listed) < len(view.villages)
    assert "October 2023" in page
    assert f"left out by the filters {len(view.villages) - len(listed)}" in page
    assert f"1 {view.found['name'].iloc[0]} {EN.count(listed[0])}" in page


def test_an_atlas_of_more_than_a_regency_is_refused(sample: Dataset) -> None:
    with pytest.raises(QueryProblem, match="An atlas is of one regency"):
        build_atlas(sample, Query(place="62"), EN)


def test_a_village_elsewhere_is_refused(sample: Dataset) -> None:
    with pytest.raises(QueryProblem, match="is no village of"):
        build_atlas(sample, Query(), EN, villages=["11.01.01.2001"])


def with_name(sample: Dataset, name: str) -> Dataset:
    names = sample.names.copy()
    names[VILLAGE] = name
    places = sample.places.copy()
    places.loc[VILLAGE, "name"] = name
    return replace(sample, names=names, places=places)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ('#import "@preview/x:1.0.0" *a* <b>&$1$', '#import "@preview/x:1.0.0" *a* <b>&$1$'),
        ("Dešạ 漢\x01\uff02", "Deša ?"),
    ],
)
def test_names_are_words_and_never_instructions(sample: Dataset, name: str, printed: str) -> None:
    pages = read_pages(build_atlas(with_name(sample, name), Query(place="62.05.06"), EN))
    assert printed in pages[0]
