"""From an unknown spreadsheet to a saved period, in Chromium and on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import CHROMIUM, SavingApp, Visit, running_app, visit
from playwright.sync_api import Browser, expect
from playwright.sync_api import TimeoutError as TooLate
from sheet_factories import PLAIN, write_xlsx

from geo.cli.main import app as command
from geo.enrolment.reading import read_enrolment

browser_only = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"
)
PLACES = (("Hajak", "Teweh Baru"), ("SIKUI", "TEWEH  BARU"), ("Ds. Ipu", "Lahei"))
# Each differs from its village in a word that matching never crosses.
OPEN = (
    ("Lemo III", "Teweh Tengah"),
    ("Luwe Tengah", "Lahei Barat"),
    ("Mampuak III", "Teweh Timur"),
)


def write_messy(folder: Path) -> Path:
    """A title, odd headers, semicolons, a totals row, and three names to confirm."""
    lines = ["DAFTAR PESERTA AKTIF;;;;;", "NO;NO KTP;NAMA DESA;KEC;KETERANGAN;STATUS"]
    number = 0
    for desa, kec in [*PLACES * 20, *OPEN * 2]:
        number += 1
        lines.append(f"{number};99620500000{number:05d};{desa};{kec};BPU;AKTIF")
    lines.append(f"JUMLAH;;;;;{number}")
    path = folder / "rekap peserta.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def choose(guest: Visit, label: str, option: str) -> None:
    """Pick an option of a select box, as often as the page of the last choice closes its list."""
    box = guest.page.get_by_label(label, exact=True).last
    offered = guest.page.get_by_role("option", name=option, exact=True).first

    def is_chosen() -> bool:
        guest.wait_for_script()
        box.click()
        box.fill(option)
        try:
            offered.click(timeout=3_000)
        except TooLate:
            return False
        return True

    guest.wait_until(is_chosen, f"{option} is chosen as {label}")


@pytest.mark.browser
@browser_only
def test_from_an_unknown_file_to_the_map_and_still_there_after_a_restart(
    browser: Browser, tmp_path: Path
) -> None:
    workspace = str(tmp_path / "workspace")
    with running_app(JANGKAU_WORKSPACE=workspace) as address:
        guest = visit(browser)
        guest.page.goto(f"{address}data")
        guest.upload("import", write_messy(tmp_path))
        period = guest.page.get_by_placeholder("2024-10")
        period.fill("2025-04")
        period.press("Enter")
        choose(guest, "KETERANGAN", "segmen")
        expect(guest.page.get_by_text("60", exact=True).first).to_be_visible()
        guest.page.get_by_role("button", name="Terima semua saran pertama").click()
        guest.page.get_by_role("button", name="Konfirmasi 3 ejaan").click()
        expect(guest.page.locator(".state.confirmed")).to_have_count(3)
        guest.page.get_by_role("button", name="Simpan sebagai April 2025").click()
        saved = guest.page.get_by_text("Tersimpan April 2025: 66 orang")
        expect(saved).to_be_visible()
        guest.page.get_by_role("link", name="Peta").click()
        guest.wait_for_places(9)
        expect(guest.page.locator(".jk-when")).to_contain_text("April 2025")
        assert guest.outside == []
        guest.close()
    aliases = (tmp_path / "workspace" / "aliases.csv").read_text(encoding="utf-8")
    assert len(aliases.splitlines()) == 1 + len(OPEN)
    with running_app(JANGKAU_WORKSPACE=workspace) as address:
        guest = visit(browser)
        guest.page.goto(address)
        guest.wait_for_places(9)
        expect(guest.page.locator(".jk-when")).to_contain_text("April 2025")
        expect(guest.page.locator(".jk-headline")).to_contain_text("66")
        guest.close()


@pytest.mark.browser
@browser_only
@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("kosong.csv", b"", "kosong"),
        ("rusak.xlsx", b"PK\x03\x04nonsense", "rusak|terpotong"),
        ("halaman.csv", b"<html><body>no</body></html>", "HTML"),
    ],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(
    saving_app: SavingApp, guest: Visit, tmp_path: Path, name: str, body: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(body)
    address = saving_app.address
    guest.page.goto(f"{address}data")
    guest.upload("import", tmp_path / name)
    alert = guest.page.get_by_test_id("stAlert")
    expect(alert).to_contain_text(re.compile(sentence))
    expect(alert).to_have_count(1)
    assert not saving_app.workspace.exists()


def test_the_command_line_imports_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = tmp_path / "workspace"
    arguments = ["import", str(write_messy(tmp_path)), "--workspace", str(workspace)]
    arguments += ["--period", "2025-04", "--column", "KETERANGAN=segment", "--lang", "en"]
    command(arguments, standalone_mode=False)
    assert "Saved 2025-04: 66 people." in capsys.readouterr().out
    assert (workspace / "import_log.csv").is_file()


def run(*arguments: str) -> int:
    return int(command([*arguments, "--lang", "en"], standalone_mode=False) or 0)


def test_rows_without_a_village_are_among_the_rows_to_fix(tmp_path: Path) -> None:
    fixes = tmp_path / "fixes.csv"
    arguments = ["import", str(write_messy(tmp_path)), "--workspace", str(tmp_path / "workspace")]
    arguments += ["--period", "2025-04", "--column", "KETERANGAN=segment", "--fixes", str(fixes)]
    assert run(*arguments) == 0
    text = fixes.read_text(encoding="utf-8-sig")
    assert text.count("matched to no certain village") == 2 * len(OPEN)
    assert "Lemo III, Teweh Tengah" in text


def test_rows_without_a_period_are_told_once_where_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_every_outcome(tmp_path)
    saved = ("--workspace", str(tmp_path / "workspace"), "--accept-unmatched")
    assert run("import", str(path), *saved) == 0
    assert capsys.readouterr().out.count("1 row says no period") == 1


def test_rows_to_fix_of_every_period_of_a_file_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"{period},99620500000{number:05d},{desa},Teweh Tengah,BPU,AKTIF"
        for number, period in enumerate(("2024-04", "2024-10"))
        for desa in ("Lemo I", "Lemo III")
    ]
    path = tmp_path / "dua.csv"
    path.write_text("\n".join(["PERIODE,NIK,DESA,KECAMATAN,SEGMEN,STATUS", *rows, ""]), "utf-8")
    fixes = tmp_path / "fixes.csv"
    saved = ("--workspace", str(tmp_path / "workspace"), "--accept-unmatched")
    assert run("import", str(path), *saved, "--fixes", str(fixes)) == 0
    assert "no period" not in capsys.readouterr().out
    assert fixes.read_text(encoding="utf-8-sig").count("Lemo III") == 2


def test_a_file_of_another_area_is_refused_and_nothing_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "workers_2024-05.csv"
    row = "9935150000000001,Gedangan,Gedangan,Sidoarjo,BPU,AKTIF"
    path.write_text(f"NIK,DESA,KECAMATAN,KABUPATEN,SEGMEN,STATUS\n{row}\n", encoding="utf-8")
    assert run("import", str(path), "--workspace", str(tmp_path / "workspace")) == 1
    assert "None of 1 people" in capsys.readouterr().err
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("period", ["2024-13", "2024", "../../x"])
def test_a_wrong_period_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], period: str
) -> None:
    assert run("check", str(write_messy(tmp_path)), "--period", period) == 1
    assert capsys.readouterr().err.strip().endswith("such as 2024-10.")


def test_an_end_date_waits_for_the_period(tmp_path: Path) -> None:
    path = tmp_path / "klon.csv"
    row = "9962050000000001,Lemo I,Teweh Tengah,31-12-2024"
    path.write_text(f"NIK,DESA,KECAMATAN,TGL_AKHIR_KONTRAK\n{row}\n", encoding="utf-8")
    assert run("check", str(path)) == 1
    for period, left in (("2024-11", 0), ("2025-01", 1)):
        reading = read_enrolment(path, period=period, styles={"TGL_AKHIR_KONTRAK": "dmy"})
        assert reading.tally.inactive == left


def test_a_check_saves_nothing_and_asks_for_the_period(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = command(["check", str(write_messy(tmp_path)), "--lang", "en"], standalone_mode=False)
    said = capsys.readouterr()
    assert code == 1
    assert "66" in said.out
    assert len(said.err.strip().splitlines()) == 1
    assert "period" in said.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rekap peserta.csv"]


@pytest.mark.browser
@browser_only
def test_a_boundary_layer_can_be_used_and_undone(
    saving_app: SavingApp, guest: Visit, tmp_path: Path, shared: Path
) -> None:
    layer = shared / "boundaries" / "barito_utara_villages.geojson"
    address = saving_app.address
    guest.page.goto(f"{address}data")
    guest.page.get_by_text("Pakai batas lain").click()
    guest.upload("boundary", layer)
    guest.page.get_by_role("button", name="Pakai batas ini").click()
    expect(guest.page.get_by_text("Peta kini memakai")).to_be_visible()
    guest.page.get_by_role("link", name="Peta").click()
    guest.wait_for_places(9)
    expect(guest.map.locator(".jangkau-notice")).not_to_contain_text("perkiraan")
    guest.page.get_by_role("link", name="Data").click()
    guest.page.get_by_role("button", name="Urungkan").first.click()
    expect(guest.page.get_by_text("Batas sebelumnya dipakai lagi.")).to_be_visible()
    assert guest.outside == []


def upload(guest: Visit, address: str, path: Path, language: str = "en") -> None:
    guest.page.goto(f"{address}data?lang={language}")
    guest.upload("import", path)
    guest.page.locator(".figures").wait_for()


def open_figure(guest: Visit, number: str, value: int, rows: int | None = None) -> None:
    """Click a number of the report; its rows are as many as it says (of people: theirs)."""
    rows = value if rows is None else rows
    button = guest.page.locator(f'[data-number="{number}"]')
    expect(button).to_have_text(str(value))
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(guest.page.locator(".jk-scroll tbody tr")).to_have_count(rows)
    # A download is answered by the run that offered it.
    guest.wait_for_script()


def write_every_outcome(folder: Path) -> Path:
    """Two periods and a row of none; a repeat, a move, an inactive and a damaged member."""
    rows = [
        ("2024-04", "9962050000000001", "Lemo I", "Teweh Tengah", "BPU", "AKTIF"),
        ("2024-10", "9962050000000001", "Lemo I", "Teweh Tengah", "BPU", "AKTIF"),
        ("2024-10", "9962050000000001", "Lemo I", "Teweh Tengah", "BPU", "AKTIF"),
        ("2024-10", "9962050000000001", "Hajak", "Teweh Baru", "PU", "AKTIF"),
        ("2024-10", "9962050000000002", "Lemo I", "Teweh Tengah", "BPU", "NONAKTIF"),
        ("2024-10", "9.96205E+15", "Lemo I", "Teweh Tengah", "BPU", "AKTIF"),
        ("2024-10", "9962050000000003", "Benangin Dua", "Teweh Timur", "BPU", "AKTIF"),
        ("2024-10", "9962050000000004", "Lemo III", "Teweh Tengah", "BPU", "AKTIF"),
        ("2024-10", "9962050000000005", "Luwe Hulluu", "Lahei Barat", "BPU", "AKTIF"),
        ("", "9962050000000006", "Lemo I", "Teweh Tengah", "BPU", "AKTIF"),
    ]
    path = folder / "rekap.csv"
    lines = ["PERIODE,NIK,DESA,KECAMATAN,SEGMEN,STATUS", *map(",".join, rows), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.browser
@browser_only
def test_every_number_opens_its_rows_and_all_periods_are_one_save(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    upload(guest, saving_app.address, write_every_outcome(tmp_path))
    expect(guest.page.locator(".figures")).to_contain_text("6 + 1 + 1 + 1 + 1 = 10")
    numbers = {"rows:counted": 6, "rows:duplicate": 1, "rows:inactive": 1, "rows:rows": 10}
    numbers |= {"people:people": 4, "check:no_period": 1}
    for number, value in numbers.items():
        open_figure(guest, number, value)
    open_figure(guest, "people:moved", 1, rows=3)
    guest.wait_for_script()
    with guest.page.expect_download() as download:
        guest.page.get_by_role("button", name="These rows (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
    assert "99620500" not in text
    expect(guest.page.get_by_text("1 row says no period")).to_have_count(1)
    few = guest.page.get_by_text(re.compile("all the same$"))
    expect(few).not_to_have_count(0)
    for place in range(few.count()):
        few.nth(place).click()
        guest.wait_for_script()
    guest.page.get_by_role("button", name="Save 2 periods").click()
    expect(guest.page.get_by_text("Saved 2 periods")).to_be_visible()
    guest.page.get_by_role("button", name="Undo all 2").click()
    expect(guest.page.get_by_role("button", name="Bring back")).to_have_count(2)
    assert guest.outside == []
    assert guest.errors == []


@pytest.mark.browser
@browser_only
def test_a_likely_match_can_be_corrected_to_any_village(
    saving_app: SavingApp, browser: Browser, tmp_path: Path
) -> None:
    workspace = saving_app.workspace
    address = saving_app.address
    guest = visit(browser, 360, 740)
    upload(guest, address, write_every_outcome(tmp_path))
    table = guest.page.locator(".spellings")
    table.get_by_label("Show").select_option("all")
    table.get_by_label("Search the spellings").fill("lemo iii")
    field = table.locator(".choose input")
    expect(field).to_have_count(1)
    field.fill("62.05.09.2011")
    table.locator(".option", has_text="62.05.09.2011").wait_for()
    field.press("Enter")
    expect(table.locator(".tick input")).to_be_checked()
    guest.wait_until_fitting(guest.page.get_by_test_id("stMain"))
    table.get_by_role("button", name="Confirm 1 spelling").click()
    expect(guest.page.get_by_text("1 spelling is confirmed.")).to_be_visible()
    guest.close()
    aliases = (workspace / "aliases.csv").read_text(encoding="utf-8").splitlines()
    assert aliases[1:] == [",,Teweh Tengah,Lemo III,62.05.09.2011"]


@pytest.mark.browser
@browser_only
def test_thousands_of_spellings_are_paged_and_confirmed_at_once(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    lines = ["PERIODE,NIK,DESA,KECAMATAN,SEGMEN,STATUS"]
    for number in range(3_000):
        name = "Lemo " + "".join(chr(97 + int(digit)) for digit in f"{number:04d}")
        lines.append(f"2024-10,99620500000{number:05d},{name},Teweh Tengah,BPU,AKTIF")
    lines.append("2024-10,9962050000099999,Lemo I,Teweh Tengah,BPU,AKTIF")
    path = tmp_path / "banyak.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    workspace = saving_app.workspace
    address = saving_app.address
    upload(guest, address, path)
    table = guest.page.locator(".spellings")
    expect(table.locator("tbody tr")).to_have_count(25)
    expect(table.locator(".pager")).to_contain_text("1 to 25 of 3,000")
    table.get_by_role("button", name="Accept all first suggestions").click()
    table.get_by_role("button", name="Confirm 3,000 spellings").click()
    said = guest.page.get_by_text("3,000 spellings are confirmed.")
    expect(said).to_be_visible()
    assert len((workspace / "aliases.csv").read_text(encoding="utf-8").splitlines()) == 3_001


@pytest.mark.browser
@browser_only
def test_columns_that_nothing_tells_are_chosen_by_hand(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    lines = [f"99620500000{n:05d},SITI AMINAH,Hajak,Teweh Baru,BPU" for n in range(9)]
    path = tmp_path / "peserta 2024-10.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    workspace = saving_app.workspace
    address = saving_app.address
    guest.page.goto(f"{address}data?lang=en")
    guest.upload("import", path)
    expect(guest.page.get_by_test_id("stAlert")).to_contain_text("lacks the column DESA")
    choose(guest, "(D)", "subdistrict")
    choose(guest, "(C)", "village")
    expect(guest.page.locator('[data-number="rows:rows"]')).to_have_text("9")
    expect(guest.page.locator("body")).not_to_contain_text("SITI")
    guest.page.get_by_role("button", name="Save as October 2024").click()
    expect(guest.page.get_by_text("Saved October 2024: 9 people")).to_be_visible()
    mappings = (workspace / "mappings.json").read_text(encoding="utf-8")
    assert '"(C)": "village"' in mappings
    assert "SITI" not in mappings


@pytest.mark.browser
@browser_only
def test_a_file_of_which_nobody_is_counted_says_why(
    saving_app: SavingApp, guest: Visit, tmp_path: Path
) -> None:
    rows = [(9_962_050_000_000_000 + n, "Hajak", "Teweh Baru", "BPU", "AKTIF") for n in range(3)]
    path = write_xlsx(tmp_path / "peserta 2024-10.xlsx", {"Data": [PLAIN, *rows]})
    address = saving_app.address
    guest.page.goto(f"{address}data?lang=en")
    guest.upload("import", path)
    said = guest.page.get_by_text("3 rows = 3 rows with a damaged identity")
    expect(said).to_be_visible()
    guest.wait_for_script()
    with guest.page.expect_download() as download:
        guest.page.get_by_role("button", name="Rows to fix (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 4
