"""The content security policy, in Chromium: the app works under it, and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import CHROMIUM, Visit, running_app, visit
from playwright.sync_api import Browser, expect
from streamlit.file_util import get_static_dir
from test_data_page import write_messy

from components.response_headers import page_policy

browser_only = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on the PATH (Debian: chromium)"
)
TILES = "https://tile.openstreetmap.org/"
SAVE = "Simpan sebagai"


def test_each_inline_script_of_streamlit_is_allowed_by_its_hash() -> None:
    page = (Path(get_static_dir()) / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert inline
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in inline]
    allowed = re.findall(r"'sha256-(\S+)'", page_policy()["script-src"])
    assert allowed == [digest.decode() for digest in digests]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    workspace = tmp_path_factory.mktemp("policy") / "workspace"
    with running_app("jangkau", JANGKAU_WORKSPACE=str(workspace)) as address:
        yield address.rstrip("/")


def listen(guest: Visit) -> list[str]:
    """What the browser says it refused, as it comes."""
    refused: list[str] = []
    guest.page.on(
        "console",
        lambda said: refused.append(said.text) if "Security Policy" in said.text else None,
    )
    return refused


def switch(guest: Visit, words: str) -> None:
    guest.page.get_by_test_id("stSidebarUserContent").get_by_text(words).click()


def use_map(guest: Visit, address: str) -> None:
    """Map, drill-down, hover, filter, search, table and the way back."""
    guest.page.goto(address)
    guest.wait_for_places(9)
    guest.click_place("Lahei Barat")
    guest.wait_for_places(11)
    guest.hover_place("Karamuan")
    expect(guest.map.locator(".jangkau-tip strong")).to_have_text("Karamuan")
    expect(guest.page.locator(".jk-curve")).to_have_css("mask-image", re.compile("data:image"))
    switch(guest, "Lingkaran: belum terlindungi")
    expect(guest.page).to_have_url(re.compile("circles=0"))
    guest.wait_for_script()
    guest.page.get_by_role("combobox", name="Cari tempat").press_sequentially("hajk")
    expect(guest.page.locator(".search").get_by_role("option").first).to_contain_text("Hajak")
    guest.page.keyboard.press("Enter")
    guest.wait_for_places(10)
    expect(guest.page.locator(".jk-place h4")).to_have_text("Hajak")
    guest.page.locator(".scroll tbody tr .pick").first.click()
    guest.page.get_by_role("button", name="Kabupaten Barito Utara").click()
    guest.wait_for_places(9)


def download_all(guest: Visit) -> None:
    expect(guest.page.get_by_text("Unduhan", exact=True)).to_be_visible()
    for name in ("GeoJSON", "XLSX", "CSV", "Peta (HTML)", "Kamus kolom"):
        guest.wait_for_script()
        with guest.page.expect_download() as download:
            guest.page.get_by_role("button", name=name).click()
        assert Path(download.value.path()).stat().st_size > 500


def show_tiles(guest: Visit) -> None:
    """Street tiles: asked of their host and of no other, which learns no more than ours."""
    with guest.page.expect_request(f"{TILES}**") as asked:
        switch(guest, "Peta dasar jalan")
    assert asked.value.headers["referer"].count("/") == 3
    guest.map.locator(".leaflet-jangkau-tiles-pane .leaflet-layer").wait_for(state="attached")
    switch(guest, "Peta dasar jalan")


def upload(guest: Visit, address: str, file: Path) -> None:
    guest.page.goto(f"{address}/data")
    guest.upload("import", file)
    period = guest.page.get_by_placeholder("2024-10")
    period.fill("2025-04")
    period.press("Enter")
    expect(guest.page.get_by_role("button", name=SAVE).first).to_be_visible()
    expect(guest.page.get_by_role("button", name="Terima semua saran pertama")).to_be_visible()


@pytest.mark.browser
@browser_only
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_whole_app_works_and_nothing_of_it_is_refused(
    app: str, browser: Browser, tmp_path: Path, theme: str
) -> None:
    guest = visit(browser)
    guest.page.emulate_media(color_scheme=theme)
    refused = listen(guest)
    use_map(guest, app)
    download_all(guest)
    show_tiles(guest)
    upload(guest, app, write_messy(tmp_path))
    guest.page.get_by_role("link", name="Tentang").click()
    expect(guest.page.locator(".st-key-about")).to_contain_text("86,40")
    background = {"light": "rgb(251, 250, 247)", "dark": "rgb(22, 27, 31)"}[theme]
    expect(guest.page.locator(".stApp")).to_have_css("background-color", background)
    assert refused == []
    assert guest.errors == []
    assert all(url.startswith(TILES) for url in guest.outside)
    guest.close()


@pytest.mark.browser
@browser_only
@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("const s = document.createElement('script'); s.text = 'ran = 1'; {add}", "script-src"),
        ("setTimeout('ran = 1', 0)", "script-src"),
        (
            "const b = document.body.appendChild(document.createElement('b'));"
            " b.innerHTML = '<img src=x onerror=\"ran = 1\">'",
            "script-src",
        ),
        ("fetch('https://elsewhere.example/').catch(() => 0)", "connect-src"),
        ("new Image().src = 'https://elsewhere.example/x.png'", "img-src"),
        (f"new Image().src = '{TILES}1/1/1.png'", "img-src"),
        (
            "const f = document.createElement('form'); f.action = 'https://elsewhere.example/';"
            " document.body.append(f); f.submit()",
            "form-action",
        ),
    ],
)
def test_what_an_injected_text_could_try_is_refused(
    app: str, guest: Visit, attempt: str, directive: str
) -> None:
    refused = listen(guest)
    guest.page.goto(app)
    guest.page.locator(".jk-headline").wait_for()
    script = attempt.format(add="document.body.append(s)")
    with guest.page.expect_console_message(lambda said: "Security Policy" in said.text):
        guest.page.evaluate(f"() => {{ {script} }}")
    assert directive in refused[0]
    assert guest.page.evaluate("typeof ran") == "undefined"


@pytest.mark.browser
@browser_only
def test_a_page_around_the_app_shows_nothing_of_it(app: str, guest: Visit) -> None:
    portal = "https://portal.streamlit.app/"
    body = f'<iframe src="{app}" width="1200" height="900"></iframe>'
    guest.page.context.grant_permissions(["local-network-access"])
    guest.page.route(portal, lambda route: route.fulfill(body=body, content_type="text/html"))
    with guest.page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        guest.page.goto(portal)
    expect(guest.page.frame_locator("iframe").locator(".jk-headline")).to_have_count(0)
    assert guest.outside == [portal]
    guest.outside.clear()
