"""A map in a page of its own: what it says, what it draws, and that it runs nothing of a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit
from playwright.sync_api import expect

from geo.core.i18n import Language
from geo.core.labels import STATE_LABELS
from geo.maps.html_page import build_page
from geo.maps.payload import drawn_places
from geo.measures.dataset import Dataset
from geo.measures.query import Query
from geo.measures.view import View, build_view

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]
# The lines of every place's tooltip, on a page of its own.
ALL_TOOLTIPS = """
async () => {
  const { view } = Jangkau.stageOf(Object.values(window).find((value) => value instanceof L.Map));
  const figures = await JangkauPage.unpack(view.values.data);
  const found = JSON.parse(new TextDecoder().decode(figures));
  return [...view.classes].map((letter, at) => Jangkau.tooltipLines(view, found, at));
}
"""
# Middles of the long edges of borders, and how many are inked: between two subdistricts or at the
# edge of all, and between villages of one subdistrict.
COUNT_LINED = """
() => {
  const map = Object.values(window).find((value) => value instanceof L.Map);
  const { scene: { frame, spans }, sheet: { lines: brush } } = Jangkau.stageOf(map).canvas;
  const { scale, left: west, top: north } = frame;
  const counts = [[0, 0], [0, 0]];
  const pixels = brush.getImageData(0, 0, brush.canvas.width, brush.canvas.height);
  const isInked = (x, y) =>
    pixels.data[(Math.floor(y) * pixels.width + Math.floor(x)) * 4 + 3] > 60;
  for (const { shapes: { arcs, codes } } of spans) {
    arcs.left.forEach((left, a) => {
      const right = arcs.right[a];
      const parts = right < 0 || codes[left].slice(0, 8) !== codes[right].slice(0, 8);
      for (let v = arcs.firstVertex[a] + 1; v < arcs.firstVertex[a + 1]; v++) {
        const [x, y] = [arcs.x[v] * scale - west, arcs.y[v] * scale - north];
        const [u, w] = [arcs.x[v - 1] * scale - west, arcs.y[v - 1] * scale - north];
        if (Math.hypot(x - u, y - w) < 20) continue;
        counts[parts ? 0 : 1][0] += isInked((x + u) / 2, (y + w) / 2) ? 1 : 0;
        counts[parts ? 0 : 1][1] += 1;
      }
    });
  }
  return counts;
}
"""


def expected_lines(row: object, view: View, language: Language) -> list[str]:
    """A tooltip's lines as Python formats them."""
    lines = [] if row.state == "ok" else [language(STATE_LABELS[row.state])]  # type: ignore[attr-defined]
    if row.coverage_rate == row.coverage_rate:
        lines.append(language("Coverage {rate}", rate=language.rate(row.coverage_rate)))
    people = {name: language.count(getattr(row, name)) for name in ("enrolled", "eligible")}
    if "–" not in people.values():
        lines.append(language("{enrolled} active of {eligible} eligible", **people))
    elif people["enrolled"] != "–":
        lines.append(language("{people} active participants", people=people["enrolled"]))
    elif people["eligible"] != "–":
        lines.append(language("{people} eligible workers", people=people["eligible"]))
    if row.coverage_gap == row.coverage_gap:
        lines.append(language("{gap} not covered", gap=language.count(row.coverage_gap)))
    if view.query.narrows and view.level != "village":
        found = {name: language.count(getattr(row, name)) for name in ("found", "villages")}
        lines.append(language("{found} of {villages} villages pass the filters", **found))
    return lines


@pytest.mark.parametrize("code", ["id", "en"])
@pytest.mark.parametrize("query", [Query(villages=True), Query(gap_min=100)])
def test_the_browser_writes_figures_as_python_does(
    guest: Visit, sample: Dataset, tmp_path: Path, code: str, query: Query
) -> None:
    language, view = Language(code), build_view(sample, query)
    page = tmp_path / "map.html"
    page.write_text(build_page(sample, view, language), encoding="utf-8")
    guest.page.goto(page.as_uri())
    drawn = drawn_places(view)
    expect(guest.page.locator(".folium-map")).to_have_attribute("data-drawn", str(len(drawn)))
    wanted = [expected_lines(row, view, language) for row in drawn.itertuples()]
    assert guest.page.evaluate(ALL_TOOLTIPS) == wanted


def test_a_page_of_its_own_finds_the_lines_of_subdistricts_among_its_borders(
    guest: Visit, sample: Dataset, tmp_path: Path
) -> None:
    page = tmp_path / "map.html"
    view = build_view(sample, Query(villages=True, circles=False))
    page.write_text(build_page(sample, view, Language("id")), encoding="utf-8")
    guest.page.goto(page.as_uri())
    expect(guest.page.locator(".folium-map")).to_have_attribute("data-drawn", "103")
    (inked, parting), (wrongly, inner) = guest.page.evaluate(COUNT_LINED)
    assert min(parting, inner) > 20
    assert (inked, wrongly) == (parting, 0)
    asked = guest.page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_what_a_file_calls_a_place_is_neither_run_nor_rendered(
    guest: Visit, sample: Dataset, tmp_path: Path
) -> None:
    evil = "{{ 7 * 191 }}</title></script><img src=x onerror=document.title='broken'>"
    names = sample.names.copy()
    names[sample.top] = evil
    hostile = replace(sample, names=names, boundaries=replace(sample.boundaries, source=evil))
    text = build_page(hostile, build_view(hostile, Query()), Language("en"))
    page = tmp_path / "map.html"
    page.write_text(text, encoding="utf-8")
    guest.page.goto(page.as_uri())
    expect(guest.page.locator(".jk-panel h3")).to_contain_text(evil)
    expect(guest.page.locator(".jk-panel")).to_contain_text(f"Boundaries: {evil}")
    expect(guest.page.locator(".folium-map")).to_have_attribute("data-drawn", "9")
    expect(guest.page).to_have_title(re.compile(re.escape(f"Jangkau: {evil}")))


def test_a_browser_that_cannot_unpack_says_so(
    guest: Visit, sample: Dataset, tmp_path: Path
) -> None:
    page = tmp_path / "map.html"
    page.write_text(build_page(sample, build_view(sample, Query()), Language("en")))
    guest.page.add_init_script("delete window.DecompressionStream")
    guest.page.goto(page.as_uri())
    expect(guest.page.locator(".jk-panel")).to_contain_text("The map needs a newer browser")
    expect(guest.page.locator(".jk-figure")).to_contain_text("%")
