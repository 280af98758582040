"""From a budget to visits that are followed up, by two people at once and over a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import CHROMIUM, Visit, running_app, visit
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]


def open_saved(browser: Browser, address: str) -> Visit:
    seen = visit(browser)
    seen.page.goto(f"{address}plan")
    seen.page.get_by_role("radio", name="Rencana tersimpan").click()
    expect(seen.page.get_by_role("heading", name="Catat kunjungan")).to_be_visible()
    return seen


def record(page: Page, people: str) -> None:
    page.get_by_label("Didaftarkan (orang)").fill(people)
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_text("dicatat.").first).to_be_visible()


def test_from_a_budget_to_rounds_a_conflict_and_a_restart(browser: Browser, tmp_path: Path) -> None:
    workspace = str(tmp_path / "workspace")
    with running_app(JANGKAU_WORKSPACE=workspace) as address:
        one = visit(browser)
        page = one.page
        page.goto(f"{address}plan")
        people = page.locator(".jk-plan strong").first
        # The first plan loads the solver.
        expect(people).to_have_text("3.689", timeout=90_000)
        # A point of the curve is a budget.
        page.locator(".point").first.click()
        expect(people).not_to_have_text("3.689")
        page.get_by_label("Anggaran per tahun (juta rupiah)").fill("200")
        page.get_by_label("Anggaran per tahun (juta rupiah)").press("Enter")
        expect(people).to_have_text("2.201")
        page.get_by_label("Nama rencana").fill("Desember")
        page.get_by_label("Nama rencana").press("Enter")
        page.get_by_role("button", name="Simpan rencana").click()
        expect(page.get_by_text('Rencana "Desember" disimpan.')).to_be_visible()

        page.get_by_role("button", name="Susun rute").click()
        expect(page.get_by_text("Rute disimpan bersama rencana.")).to_be_visible()
        expect(page.locator("polyline.round").first).to_be_attached()
        page.get_by_role("button", name="Tulis tim ke kunjungan").click()
        expect(page.get_by_text("Tim ditulis ke kunjungan.")).to_be_visible()

        two = open_saved(browser, address)
        record(page, "12")
        record(two.page, "15")
        conflict = two.page.locator('[class*="st-key-conflict_"]')
        expect(conflict).to_contain_text("12 didaftarkan")
        expect(conflict).to_contain_text("15 didaftarkan")
        conflict.get_by_role("button").nth(1).click()
        expect(two.page.get_by_text("disimpan.").first).to_be_visible()
        expect(conflict).to_have_count(0)

        for seen in (one, two):
            assert (seen.outside, seen.errors) == ([], [])
            seen.page.context.close()
    with running_app(JANGKAU_WORKSPACE=workspace) as address:
        again = open_saved(browser, address)
        figures = again.page.locator(".jk-plan strong")
        expect(figures.nth(1)).to_have_text("15")
        expect(again.page.locator("polyline.round").first).to_be_attached()
        assert (again.outside, again.errors) == ([], [])
