"""Take the pictures of README and of the Indonesian guide: the app on the sample, in Chromium.

Run as ``make screenshots``. Pictures have 256 colours, so that they stay small.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT)]

from browser import chromium, running_app, visit  # noqa: E402 - found by the line above

GUIDE: Final = ROOT / "docs" / "id" / "img"
_COLOURS: Final = 256
_SHOWN: Final = """() =>
  document.querySelector('[data-testid="stApp"]').dataset.testScriptState === "notRunning"
  && !document.querySelector('[data-testid="stSkeleton"]')"""
_VILLAGE: Final = "villages=1&selected=62.05.07.2005&circles=0"
_TABLE: Final = "\n".join(
    (
        "Periode,Kecamatan,Desa,PU,BPU,Pekerja Rentan",
        "2025-10,Teweh Baru,Kel. Jingah,640,610,480",
        "2025-10,Teweh Baru,Hajak,310,420,260",
        "2025-10,Teweh Baru,Malawaken,210,150,tidak ada",
        "2025-10,Teweh Baru,Panain Hulu,70,60,40",
        "2025-10,Teweh Baru,Liangbuah,40,35,30",
        "Jumlah,,,1270,1275,810",
    )
)


def main() -> None:
    """Write ``docs/jangkau.png`` and the pictures of ``docs/id/img``."""
    GUIDE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = str(Path(folder) / "workspace")
        with running_app(JANGKAU_WORKSPACE=workspace) as address, chromium() as browser:
            for take in (_take_readme, _take_map, _take_import):
                take(address, browser)


def _take_readme(address: str, browser: Any) -> None:
    page = _open_map(address, browser, _VILLAGE, height=1010)
    _save(page.screenshot, ROOT / "docs" / "jangkau.png")


def _take_map(address: str, browser: Any) -> None:
    """A subdistrict with a chosen village; the table and the files under it."""
    page = _open_map(address, browser, "place=62.05.07&selected=62.05.07.2005", places=10)
    _save(page.screenshot, GUIDE / "peta-kecamatan.png")
    table = page.locator(".st-key-ranked_table, .jk-table").first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(800)
    _save(page.screenshot, GUIDE / "tabel-unduhan.png")


def _take_import(address: str, browser: Any) -> None:
    """The steps of the page Data with a small table."""
    page = visit(browser, 1280, 720).page
    page.goto(f"{address}data")
    upload = {"name": "peserta.csv", "mimeType": "text/csv", "buffer": _TABLE.encode()}
    page.locator('input[type="file"]').last.set_input_files(files=[upload])
    page.get_by_role("heading", name="5. Simpan").wait_for(timeout=60_000)
    _wait_until_shown(page)
    for heading, name in (
        ("2. Kolom", "impor-kolom"),
        ("3. Laporan", "impor-laporan"),
        ("4. Ejaan untuk dikonfirmasi", "impor-ejaan"),
    ):
        found = page.get_by_role("heading", name=heading)
        found.evaluate("heading => heading.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(1000)
        _save(page.screenshot, GUIDE / f"{name}.png")


def _open_map(
    address: str, browser: Any, view: str, *, places: int = 103, height: int = 900
) -> Any:
    guest = visit(browser, 1440, height)
    guest.page.goto(f"{address}?{view}")
    guest.wait_for_places(places)
    _wait_until_shown(guest.page)
    return guest.page


def _wait_until_shown(page: Any) -> None:
    """Wait until the script has ended and no part of the page is a placeholder any more."""
    page.wait_for_function(_SHOWN, timeout=60_000)
    page.wait_for_timeout(1000)  # the frame of the map fits itself once more


def _save(screenshot: Callable[[], bytes], path: Path) -> None:
    """Write a picture in its most frequent colours, which a PNG stores in half of the bytes."""
    with Image.open(io.BytesIO(screenshot())) as opened:
        picture = opened.convert("RGB")
    counted = sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:_COLOURS] for part in colour])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
