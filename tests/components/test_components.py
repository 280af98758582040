"""Components alone and the pages as a whole, without a browser."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from factories import a_row, count_rows
from layer_factories import BAD_FILES, ours, write
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Slider

from components import caching, workarounds
from components.importing.columns import _role_words
from geo.boundaries.reading import read_boundaries
from geo.core.i18n import get_language
from geo.measures.dataset import open_dataset
from geo.shapes.prepare import prepare_store
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries
from geo.workspace.settings import read_settings

MAIN = Path(__file__).parents[2] / "components" / "main.py"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(MAIN, default_timeout=600)


def damage_state(workspace: Path) -> None:
    (workspace / "state.json").write_text("{not json", encoding="utf-8")


def make_versions_a_number(workspace: Path) -> None:
    path = workspace / "state.json"
    state = json.loads(path.read_text(encoding="utf-8")) | {"periods": {"2024-10": [1, 2]}}
    path.write_text(json.dumps(state), encoding="utf-8")


def empty_about(workspace: Path) -> None:
    next(workspace.rglob("about.json")).write_text("{}", encoding="utf-8")


def list_about(workspace: Path) -> None:
    next(workspace.rglob("about.json")).write_text('["people"]', encoding="utf-8")


def worded_about(workspace: Path) -> None:
    path = next(workspace.rglob("about.json"))
    facts = json.loads(path.read_text(encoding="utf-8")) | {"people": "many"}
    path.write_text(json.dumps(facts), encoding="utf-8")


def other_people(workspace: Path) -> None:
    pd.DataFrame({"x": [1]}).to_parquet(next(workspace.rglob("people.parquet")))


@pytest.mark.parametrize(
    "damage",
    [
        *(damage_state, make_versions_a_number),
        *(empty_about, list_about, worded_about, other_people),
    ],
)
def test_a_broken_workspace_is_one_sentence_on_each_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
) -> None:
    counts = count_rows(tmp_path, [a_row()])
    Workspace(tmp_path / "workspace").save(counts, "2024-10", {"file": "x.csv"})
    damage(tmp_path / "workspace")
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(tmp_path / "workspace"))
    page = AppTest.from_file(MAIN, default_timeout=600)
    for run in (page.run, lambda: page.switch_page("screens/data.py").run()):
        run()
        assert not page.exception
        (error,) = page.error
        assert "rusak" in error.value


def test_a_damaged_period_can_be_removed_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.save(count_rows(tmp_path, [a_row()]), "2024-10", {"file": "x.csv"})
    empty_about(workspace.folder)
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(workspace.folder))
    page = AppTest.from_file(MAIN, default_timeout=600).run()
    page.switch_page("screens/data.py").run()
    page.button(key="remove_2024-10_1").click().run()
    assert not page.error
    assert workspace.periods() == []


def test_a_page_left_behind_saves_and_undoes_nothing_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "workspace")
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(workspace.folder))
    page = AppTest.from_file(MAIN, default_timeout=600).run()
    page.switch_page("screens/data.py").run()
    page.button(key="use_sample").click().run()
    counts = count_rows(tmp_path, [a_row()])
    workspace.save(counts, "2024-10", {"file": "of another window.csv"})
    page.button(key="save_period").click().run()
    assert "sementara itu" in page.error[0].value
    assert workspace.describe("2024-10").people == 1
    assert any("sudah tersimpan" in info.value for info in page.info)
    page.button(key="save_period").click().run()
    assert not page.error
    stale = page.button(key="undo_2024-10_2")
    workspace.undo("2024-10")
    stale.click().run()
    assert "sementara itu" in page.error[0].value
    assert workspace.describe("2024-10").people == 1


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe garbage \x00\x01",
        b"village,code\nLemo,62.05\n\x00\xff\xfe,\xc3(,,,,\n",
        b"nothing of this kind\n",
    ],
)
def test_a_broken_list_of_spellings_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    (tmp_path / "aliases.csv").write_bytes(body)
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(tmp_path))
    page = AppTest.from_file(MAIN, default_timeout=600).run()
    assert not page.exception
    assert not page.error
    page.switch_page("screens/data.py").run()
    page.button(key="use_sample").click().run()
    assert not page.exception
    (error,) = page.error
    assert "aliases.csv" in error.value


def html(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def open_link(page: AppTest, **params: str | list[str]) -> AppTest:
    for name, value in params.items():
        page.query_params[name] = value
    return page.run()


def gap_slider(page: AppTest) -> Slider[Any]:
    """The slider of people not covered."""
    return next(slider for slider in page.slider if str(slider.key).startswith("f_gap_"))


def test_the_first_page_shows_the_published_coverage_in_indonesian(page: AppTest) -> None:
    page.run()
    assert not page.exception
    assert "86,40\N{NO-BREAK SPACE}%" in html(page)
    assert "49.356" in html(page)
    assert "sampel sintetis" in html(page)


def test_a_link_reopens_the_view_it_was_taken_from(page: AppTest) -> None:
    open_link(page, place="62.05.07", period="2023-10", lang="en", gap_min="20")
    assert "Teweh Baru" in html(page)
    assert "October 2023" in html(page)
    assert page.selectbox(key="f_period").value == "2023-10"
    assert gap_slider(page).value[0] == 20
    assert page.query_params["place"] == "62.05.07"


def test_a_slider_of_another_range_is_another_slider(page: AppTest) -> None:
    regency = gap_slider(page.run())
    area = gap_slider(open_link(page, place="62.05.07"))
    assert area.max < regency.max
    assert area.key != regency.key


def test_a_publication_copy_offers_no_file_that_shows_every_count(page: AppTest) -> None:
    def offered() -> set[str]:
        return {button.proto.label for button in page.get("download_button")}

    page.run()
    assert {"GeoJSON", "Peta (HTML)", "Atlas (PDF)"} <= offered()
    page.checkbox(key="download_publication").check().run()
    assert not page.exception
    assert "GeoJSON" in offered()
    assert not {"Peta (HTML)", "Atlas (PDF)"} & offered()


def test_a_filter_is_written_to_the_url(page: AppTest) -> None:
    page.run()
    page.multiselect(key="f_segments").set_value(["bpd", "rt_rw"]).run()
    assert page.query_params["segment"] == ["bpd", "rt_rw"]
    assert "958" in html(page)  # 284 and 674, nobody in both


def test_a_filter_at_its_default_leaves_the_url(page: AppTest) -> None:
    open_link(page, target="90")
    assert page.text_input(key="f_target").value == "90"
    page.text_input(key="f_target").set_value("95").run()
    assert "target" not in page.query_params


def test_the_back_button_restores_the_view_before(page: AppTest) -> None:
    page.run()
    page.multiselect(key="f_segments").set_value(["bpd"]).run()
    del page.query_params["segment"]
    page.run()
    assert page.multiselect(key="f_segments").value == []


def test_what_does_not_fit_a_link_is_said_and_the_rest_is_shown(page: AppTest) -> None:
    open_link(page, period="1999-01", place="62.05.05", gap_min="-1", segment="no_such")
    (warning,) = page.warning
    assert "periode 1999-01; segmen no_such; belum terlindungi minimum -1" in warning.value
    assert "Teweh Tengah" in html(page)


def test_limits_are_typed_in_the_readers_format_and_impossible_ones_say_the_range(
    page: AppTest,
) -> None:
    open_link(page)
    page.text_input(key="f_rate_max").set_value("62,5").run()
    assert page.query_params["rate_max"] == "62.5"
    page.text_input(key="f_gap_min").set_value("100").run()
    assert page.query_params["gap_min"] == "100"
    assert "Saringan: orang belum terlindungi: 100 atau lebih" in html(page)
    for key, typed, low, high in (
        ("f_gap_max", "99", "100", "385"),
        ("f_gap_min", "banyak", "0", "385"),
        ("f_rate_min", "63", "0", "62,5"),
        ("f_price", "999", "Rp 1.000", "Rp 1.000.000"),
    ):
        page.text_input(key=key).set_value(typed).run()
        (problem,) = page.error
        said = problem.value.replace("\N{NO-BREAK SPACE}", " ")
        assert f"{typed} tidak dapat dipakai: isi angka dari {low} sampai {high}" in said
    page.text_input(key="f_gap_min").set_value("").run()
    assert not page.error
    assert "gap_min" not in page.query_params


def test_an_own_contribution_prices_target_and_closure(page: AppTest) -> None:
    open_link(page, lang="en")
    page.text_input(key="f_price").set_value("20,000").run()
    assert page.query_params["price"] == "20000"
    gap, short = 7_938, 5_232
    shown = html(page).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Rp {gap * 240_000:,}; Rp {short * 240_000:,}" in shown
    assert any("own rate, Rp" in caption.value for caption in page.caption)


def test_comparing_draws_the_change_and_lists_it(page: AppTest) -> None:
    open_link(page)
    page.selectbox(key="f_compare").set_value("2023-10").run()
    assert page.query_params["measure"] == "change_rate"
    assert "Perubahan cakupan (poin) menurut kecamatan" in html(page)
    assert "Perubahan sejak Oktober 2023" in [s.value for s in page.subheader]
    assert "Kenaikan terbesar" in html(page)
    page.selectbox(key="f_compare").set_value("").run()
    assert not {"measure", "compare"} & {*page.query_params}
    assert "Kenaikan terbesar" not in html(page)


def test_language_changes_words_and_number_formats(page: AppTest) -> None:
    page.run()
    page.segmented_control(key="language_switch").set_value("en").run()
    assert "86.40\N{NO-BREAK SPACE}%" in html(page)
    assert page.query_params["lang"] == "en"
    page.switch_page("screens/about.py").run()
    assert "What the figures mean" in page.markdown[0].value


def test_an_empty_result_says_so_and_can_be_undone(page: AppTest) -> None:
    open_link(page, gap_min="100000", lang="en")
    assert any("No village passes" in text.value for text in page.markdown)
    page.button(key="reset_empty").click().run()
    assert "gap_min" not in page.query_params
    assert not any("No village passes" in text.value for text in page.markdown)


def test_clearing_filters_keeps_place_and_period(page: AppTest) -> None:
    open_link(page, place="62.05.07", period="2023-10", state="over_100")
    page.button(key="reset_filters").click().run()
    assert set(page.query_params) == {"place", "period"}


def test_the_breadcrumb_leads_back(page: AppTest) -> None:
    open_link(page, place="62.05.07")
    page.button(key="crumb_62.05").click().run()
    assert "Kabupaten Barito Utara" in html(page)


def test_a_wrong_setting_is_one_sentence(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGKAU_BOUNDARIES", "no/such/file.geojson")
    page.run()
    assert not page.exception
    assert [e.value for e in page.error] == ["Berkas batas wilayah no/such/file.geojson tidak ada."]


def test_about_names_sources_and_what_is_synthetic(page: AppTest) -> None:
    page.run()
    page.switch_page("screens/about.py").run()
    text = page.markdown[0].value
    assert "Rp\N{NO-BREAK SPACE}4.972.965.376" in text
    assert "Sampel sintetis" in text
    assert "Kepmendagri 300.2.2-2430/2025" in text


@pytest.mark.parametrize("target", ["1", "30", "97.5", "100"])
def test_every_target_can_be_opened(page: AppTest, target: str) -> None:
    open_link(page, target=target)
    assert not page.exception
    assert page.text_input(key="f_target").value == target.replace(".", ",")


def test_an_unwritable_cache_is_one_sentence(
    page: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("JANGKAU_CACHE", str(tmp_path / "file" / "shapes"))
    page.run()
    assert not page.exception
    assert "JANGKAU_CACHE" in page.error[0].value


def test_coming_back_from_about_keeps_view_and_language(page: AppTest) -> None:
    open_link(page, place="62.05.07", lang="en")
    page.switch_page("screens/about.py").run()
    assert "What the figures mean" in page.markdown[0].value
    page.switch_page("screens/map.py").run()
    assert "Teweh Baru" in html(page)
    assert page.query_params["lang"] == "en"


def open_data(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(workspace))
    page = AppTest.from_file(MAIN, default_timeout=600).run()
    return page.switch_page("screens/data.py").run()


@pytest.mark.parametrize("name", ["truncated zip", "truncated gpkg", "empty", "shp alone"])
def test_a_bad_layer_is_named_as_the_user_named_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    page = open_data(tmp_path / "workspace", monkeypatch)
    path = BAD_FILES[name](tmp_path)
    page.file_uploader(key="boundary_files").upload(path.name, path.read_bytes()).run()
    assert not page.exception
    (error,) = page.error
    assert path.name in error.value
    assert "/" not in error.value.partition(path.name)[0]
    assert tempfile.gettempdir() not in error.value


def test_loose_parts_of_a_shapefile_are_called_as_their_shapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(ours(), tmp_path / "desa.shp")
    page = open_data(tmp_path / "workspace", monkeypatch)
    parts = page.file_uploader(key="boundary_files")
    for part in sorted(tmp_path.glob("desa.*")):
        parts.upload(part.name, part.read_bytes())
    page.run()
    page.button(key="use_boundaries").click().run()
    assert not page.error
    saved = SavedBoundaries(tmp_path / "workspace").path()
    assert saved is not None
    assert read_boundaries(saved).source == "desa.shp"


def test_prepared_data_are_opened_before_the_first_visit(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(
        caching, "open_dataset", lambda *a, **k: opened.append(a) or open_dataset(*a, **k)
    )
    monkeypatch.setenv("JANGKAU_CACHE", str(tmp_path / "cache"))
    prepare_store(read_settings().boundaries, tmp_path / "cache")
    caching.open_ahead().join()
    assert len(opened) == 1
    page.run()
    assert not page.error
    assert len(opened) == 1


def test_what_must_be_prepared_is_left_to_the_page_that_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGKAU_CACHE", str(tmp_path / "cache"))
    caching.open_ahead().join()
    assert not (tmp_path / "cache").exists()


def test_settings_that_are_wrong_do_not_keep_the_app_from_starting(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGKAU_BOUNDARIES", "nowhere.gpkg")
    caching.open_ahead().join()
    page.run()
    assert len(page.error) == 1


def test_what_stays_is_not_looked_through_for_garbage_after_each_run(page: AppTest) -> None:
    page.run()
    assert len(gc.get_objects()) < gc.get_freeze_count()


def test_libraries_have_nothing_to_complain_of_at_the_end() -> None:
    script = f"""
import ibis
from streamlit.testing.v1 import AppTest
ibis.duckdb.connect().raw_sql("SELECT 1")
AppTest.from_file({str(MAIN)!r}, default_timeout=600).run()
"""
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, cwd=MAIN.parent.parent, capture_output=True, text=True)
    assert ended.returncode == 0
    assert "leaked" not in ended.stderr


def test_the_rest_of_the_page_waits_for_the_map_where_it_is_new(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    sleep = time.sleep  # which other threads do as well

    def note(seconds: float) -> None:
        if seconds == workarounds.HEAD_START:
            waited.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr(time, "sleep", note)
    page.run()
    assert len(waited) == 1
    page.run()
    assert len(waited) == 1
    page.text_input(key="f_target").set_value("55").run()
    assert len(waited) == 2
    page.run()
    assert len(waited) == 2


def test_columns_of_segments_are_called_by_the_words_of_their_segment() -> None:
    assert _role_words("count:pekerja_rentan", get_language("id")) == "jumlah orang: pekerja rentan"
    assert _role_words("count", get_language("id")) == "jumlah orang"
