"""The field of the target and the title of the page, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_components import html, open_link

MAIN = Path(__file__).parents[2] / "components" / "main.py"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(MAIN, default_timeout=600)


@pytest.mark.parametrize("typed", ["", "150", "0", "0,5", "-5", "95.500", "1e1", "abc", "nan"])
def test_an_impossible_target_says_what_is_possible_and_the_last_one_stays(
    page: AppTest, typed: str
) -> None:
    open_link(page, target="80")
    shown = html(page)
    page.text_input(key="f_target").set_value(typed).run()
    (problem,) = page.error
    assert "dari 1 sampai 100, misalnya 95,5" in problem.value
    assert "Target tetap 80\N{NO-BREAK SPACE}%" in problem.value
    assert page.text_input(key="f_target").value == "80"
    assert page.query_params["target"] == "80"
    assert html(page) == shown
    page.run()
    assert not page.error


@pytest.mark.parametrize(
    ("language", "typed", "shown", "link"),
    [
        ("id", "95,5", "95,5", "95.5"),
        ("id", "95.5", "95,5", "95.5"),
        ("en", " 95.5 % ", "95.5", "95.5"),
        ("en", "95,25", "95.25", "95.25"),
        ("en", "100", "100", "100"),
    ],
)
def test_a_target_has_decimals_in_the_format_of_the_reader(
    page: AppTest, language: str, typed: str, shown: str, link: str
) -> None:
    open_link(page, lang=language)
    page.text_input(key="f_target").set_value(typed).run()
    assert not page.error
    assert page.text_input(key="f_target").value == shown
    assert page.query_params["target"] == link
    assert f"target {shown}\N{NO-BREAK SPACE}%" in html(page)


def test_a_target_of_the_settings_is_the_default_of_links(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JANGKAU_TARGET", "0.9")
    open_link(page, target="150")
    assert page.text_input(key="f_target").value == "90"
    page.text_input(key="f_target").set_value("95").run()
    assert page.query_params["target"] == "95"
    page.text_input(key="f_target").set_value("90").run()
    assert "target" not in page.query_params


def test_the_title_says_whose_figures_are_shown(page: AppTest) -> None:
    open_link(page, subdistrict=["62.05.01", "62.05.06"], segment="pekerja_rentan")
    title = next(e.proto.body for e in page.get("html") if "jk-title" in e.proto.body)
    assert "<h1>2 kecamatan di Kabupaten Barito Utara</h1>" in title
    assert "pekerja rentan · Oktober 2024" in title
    assert '<h4 aria-level="2">2 kecamatan di Kabupaten Barito Utara</h4>' in html(page)
    assert any("Montallat" not in c.value and "pekerja rentan" in c.value for c in page.caption)
