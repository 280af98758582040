"""Two lists of people become counts and a list of who is not covered; nothing of them is kept."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from browser import CHROMIUM, running_app, visit
from people import find_secrets, nik, write_lists
from playwright.sync_api import Browser, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"),
]


def test_from_two_lists_to_the_people_not_covered(browser: Browser, tmp_path: Path) -> None:
    candidates, enrolled = write_lists(tmp_path / "given")
    left = tmp_path / "left"
    folders = {name: str(left / name) for name in ("tmp", "cache", "workspace", "home")}
    for folder in folders.values():
        Path(folder).mkdir(parents=True)
    variables = {
        "TMPDIR": folders["tmp"],
        "HOME": folders["home"],
        "JANGKAU_CACHE": folders["cache"],
        "JANGKAU_WORKSPACE": folders["workspace"],
    }
    with running_app(log=left / "log.txt", **variables) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}reconcile")
        inputs = guest.page.locator('input[type="file"]')
        expect(inputs).to_have_count(2)
        inputs.first.set_input_files(candidates)
        inputs.last.set_input_files(enrolled)
        results = guest.page.locator(".jk-audit")
        expect(results).to_contain_text("nama, tanggal lahir, dan desa")
        expect(results).to_contain_text("terdaftar, tetapi nonaktif")
        expect(guest.page.locator(".jk-plain").first).to_contain_text("Teweh Baru")
        # What is shown holds nobody; only the file that is asked for does.
        assert find_secrets({"page": guest.page.content().encode()}) == set()
        guest.wait_for_script()
        with guest.page.expect_download() as download:
            guest.page.get_by_role("button", name="Unduh 3 orang (XLSX)").click()
        body = Path(download.value.path()).read_bytes()
        sheet = openpyxl.load_workbook(io.BytesIO(body)).active
        listed = [str(row[5]) for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert nik(4, "25-04-1974") in listed
        assert len(listed) == 3
        guest.page.get_by_text("Simpan calon sebagai pekerja berhak").click()
        expect(guest.page.get_by_text("6 pekerja berhak di 2 desa.")).to_be_visible()
        guest.page.get_by_text("Simpan yang terlindungi sebagai peserta").click()
        guest.page.get_by_label("Tahun").fill("2024")
        guest.page.get_by_label("Tahun").press("Enter")
        guest.wait_for_script()
        guest.page.get_by_role("button", name="Simpan jumlah").click()
        expect(guest.page.get_by_text("Jumlah tersimpan; peta menampilkannya.")).to_be_visible()
        guest.page.get_by_role("link", name="Peta").click()
        guest.wait_for_still_map()
        expect(guest.page.locator(".jk-headline")).to_contain_text("calon")
        assert guest.outside == []
        assert guest.errors == []
        guest.page.context.close()
    files = [path for path in left.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    assert find_secrets({str(path): path.read_bytes() for path in files}) == set()
