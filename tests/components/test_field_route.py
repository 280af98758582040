"""The field page as the app serves it: a folder for each plan, with its own policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asgi import ask
from field_plans import save_field_plan
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount

from components.response_headers import ResponseHeaders
from components.routes.field_page import field_routes
from geo.core.i18n import get_language
from geo.measures.dataset import Dataset

APP = Starlette(
    routes=[Mount("/assets/field", routes=field_routes())],
    middleware=[Middleware(ResponseHeaders, base_path="", language=get_language("id"))],
)


@pytest.fixture
def plan(sample: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(tmp_path / "workspace"))
    return save_field_plan(tmp_path / "workspace", sample)[1]


def test_the_page_comes_with_what_keeps_it_offline(plan: str) -> None:
    page = ask(APP, f"/assets/field/{plan}/")
    assert page.status == 200
    assert b'rel="manifest"' in page.body
    # The policy is that of the header, which allows the worker as well.
    assert b"http-equiv" not in page.body
    policy = page.headers["content-security-policy"]
    assert "worker-src 'self'" in policy and "script-src 'sha256-" in policy
    assert "geolocation=(self)" in page.headers["permissions-policy"]
    assert page.headers["cache-control"] == "private, no-cache"
    manifest = ask(APP, f"/assets/field/{plan}/manifest.webmanifest")
    assert manifest.headers["content-type"] == "application/manifest+json"
    told = json.loads(manifest.body)
    assert (told["start_url"], told["scope"]) == ("./", "./")
    for name, kind in (("worker.js", "text/javascript"), ("icon.svg", "image/svg+xml")):
        answer = ask(APP, f"/assets/field/{plan}/{name}")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)


def test_other_paths_do_not_ask_where_the_reader_is() -> None:
    answer = ask(APP, "/assets/other")
    assert "geolocation=()" in answer.headers["permissions-policy"]


def test_an_unknown_plan_is_one_sentence(plan: str, tmp_path: Path) -> None:
    for key in ("0" * 12, "x'--", "%2e%2e"):
        answer = ask(APP, f"/assets/field/{key}/")
        assert answer.status == 404
        assert answer.body.decode().startswith("Rencana")
    assert ask(APP, f"/assets/field/{plan}").status == 307


def test_asking_makes_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(tmp_path / "none"))
    assert ask(APP, "/assets/field/abc/").status == 404
    assert not (tmp_path / "none").exists()
