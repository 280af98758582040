"""Briefings: the figures of the measure in document and slides, and the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pptx
import pytest
from PIL import Image

from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.outreach.choose import choose_villages
from geo.outreach.inputs import PlanInputs, build_problem, list_promised, write_content
from geo.outreach.problem import Purse
from geo.outreach.store import PlanStore, SavedPlan
from geo.outreach.villages import list_villages
from geo.printing.briefing import Briefing, build_briefing
from geo.printing.slides_file import write_slides
from geo.printing.word_file import write_word

ID, EN = Language("id"), Language("en")


@pytest.fixture(scope="module")
def plan(sample: Dataset, tmp_path_factory: pytest.TempPathFactory) -> SavedPlan:
    query = build_view(sample, Query()).query
    inputs = PlanInputs("people", purses=(Purse("APBD", 200_000_000),))
    solved = choose_villages(build_problem(list_villages(sample, query), inputs))
    store = PlanStore(tmp_path_factory.mktemp("plans"))
    content = write_content(solved, inputs, query, synthetic=sample.synthetic)
    store.save_plan("Tahap satu", content, list_promised(solved), period=query.period)
    return store.list_plans()[0]


@pytest.fixture(scope="module")
def briefing(sample: Dataset, plan: SavedPlan) -> Briefing:
    return build_briefing(sample, Query(), ID, plan=plan)


def read_document(body: bytes) -> str:
    document = docx.Document(io.BytesIO(body))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join((*texts, document.sections[0].footer.paragraphs[0].text))


def read_slides(body: bytes) -> str:
    texts = []
    for slide in pptx.Presentation(io.BytesIO(body)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts)


def test_document_and_slides_hold_the_figures_of_the_measure(
    sample: Dataset, briefing: Briefing
) -> None:
    view = build_view(sample, Query())
    totals = view.totals
    figures = [
        ID.rate(totals.coverage_rate),
        ID.money(totals.cost_year),
        ID.money(totals.cost_target_year),
        *map(ID.count, (totals.enrolled, totals.eligible, totals.coverage_gap)),
        *map(ID.count, (totals.gap_to_target, totals.below_target)),
    ]
    first = view.found.head(10)
    figures += [*first["name"], *map(ID.count, first["coverage_gap"])]
    for text in (read_document(write_word(briefing)), read_slides(write_slides(briefing))):
        assert [figure for figure in figures if figure not in text] == []
        assert "ampel sintetis" in text
        assert "atas perkiraan" in text


def test_a_saved_plan_is_told_with_its_cost_and_proof(briefing: Briefing, plan: SavedPlan) -> None:
    for text in (read_document(write_word(briefing)), read_slides(write_slides(briefing))):
        assert "Tahap satu" in text
        assert ID.money(plan.content["cost"]) in text
        assert ID.count(plan.content["people"]) in text
        assert "Terbukti" in text


def test_a_plan_that_the_data_has_left_behind_says_so(sample: Dataset, plan: SavedPlan) -> None:
    plan.content["people"] += 1
    try:
        text = read_document(write_word(build_briefing(sample, Query(), EN, plan=plan)))
    finally:
        plan.content["people"] -= 1
    assert "The data has changed since the plan was saved" in text
    assert "it is proven" not in text


def test_the_same_briefing_gives_the_same_bytes(briefing: Briefing) -> None:
    assert write_word(briefing) == write_word(briefing)
    assert write_slides(briefing) == write_slides(briefing)


def test_files_say_title_language_and_nobodys_name(briefing: Briefing) -> None:
    document = docx.Document(io.BytesIO(write_word(briefing)))
    deck = pptx.Presentation(io.BytesIO(write_slides(briefing)))
    for properties in (document.core_properties, deck.core_properties):
        assert properties.title.startswith("Ringkasan eksekutif")
        assert properties.author == properties.last_modified_by == "Jangkau"
        assert properties.language == "id-ID"
    shape = document.inline_shapes[0]
    assert shape._inline.docPr.get("descr").startswith("Peta Kabupaten Barito Utara")
    assert all(slide.shapes.title.text for slide in deck.slides)


def test_the_picture_is_sharp_enough_for_print(briefing: Briefing) -> None:
    with Image.open(io.BytesIO(briefing.map_png)) as image:
        assert image.width >= 174 / 25.4 * 300 - 1


def test_without_a_plan_there_is_none(sample: Dataset, tmp_path: Path) -> None:
    briefing = build_briefing(sample, Query(place="62.05.07"), EN)
    text = read_document(write_word(briefing))
    assert "Plan and cost" not in text
    assert "Teweh Baru" in text
