"""The field page: self-contained, small, and with nothing in it that a name of a plan can break."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from field_plans import field_plan_of, save_field_plan

from geo.core.errors import QueryProblem
from geo.core.i18n import Language
from geo.measures.dataset import Dataset
from geo.outreach.field.page import write_page
from geo.outreach.field.plan import FieldPlan
from geo.outreach.field.scripts import ASSETS
from geo.outreach.field.words import WORDS
from geo.outreach.store import Record

ID, EN = Language("id"), Language("en")


@pytest.fixture(scope="module")
def field(sample: Dataset, tmp_path_factory: pytest.TempPathFactory) -> FieldPlan:
    return field_plan_of(sample, *save_field_plan(tmp_path_factory.mktemp("plans"), sample))


class Parts(HTMLParser):
    """Scripts of a page by their type, and every address in it."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.scripts: dict[str, str] = {}
        self.addresses: list[str] = []
        self.policy = ""
        self._type: str | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        self.addresses += [given[name] for name in ("src", "href", "action") if given.get(name)]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]
        self._type = given.get("type", "text/javascript") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self._type:
            self.scripts[self._type] = data

    def handle_endtag(self, tag: str) -> None:
        self._type = None

    @property
    def told(self) -> Any:
        told = json.loads(self.scripts["application/json"])
        columns = told["columns"]
        rows = [dict(zip(columns, cells, strict=True)) for cells in told["villages"]]
        return told | {"villages": rows}


def test_the_page_loads_nothing_and_runs_its_own_script_alone(field: FieldPlan) -> None:
    page = write_page(field, ID)
    parts = Parts(page)
    assert len(page) < 1_000_000
    assert set(parts.addresses) == {"#villages", "data:,"}
    digest = b64encode(hashlib.sha256(parts.scripts["text/javascript"].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in parts.policy
    assert "default-src 'none'" in parts.policy
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page.decode())


def test_the_page_is_told_the_plan_in_the_order_of_the_visits(field: FieldPlan) -> None:
    told = Parts(write_page(field, EN)).told
    assert told["language"] == "en"
    stops = [(village["round"], village["stop"]) for village in told["villages"]]
    assert stops == [*((1, n) for n in range(1, 6)), *((2, n) for n in range(1, 6)), (0, 0), (0, 0)]
    first = told["villages"][0]
    assert (told["plan"], first["seen"]) == (field.plan.key, 2)
    assert first["record"] == ["visited", 5, 1, "Tim A", "2026-11-02", "ok"]
    assert {village["record"] for village in told["villages"][1:]} == {0}
    assert first["cost"] > 300_000 and first["enrol"] > 0
    width, height = told["map"]["size"]
    for village in told["villages"]:
        x, y = village["at"]
        assert 0 <= x <= width and 0 <= y <= height
    assert "synthetic sample" in told["notes"]["en"]
    assert "sampel sintetis" in told["notes"]["id"]
    assert "batas perkiraan" in told["notes"]["id"]


def test_one_team_gets_its_part(sample: Dataset, tmp_path: Path) -> None:
    store, key = save_field_plan(tmp_path, sample)
    told = Parts(write_page(field_plan_of(sample, store, key, team="Tim A"), ID)).told
    assert [village["record"][3] for village in told["villages"]] == ["Tim A"]
    assert [(each["number"], each["team"]) for each in told["rounds"]] == [(1, "Tim A")]
    with pytest.raises(QueryProblem, match="No village"):
        field_plan_of(sample, store, key, team="Tim B")


def test_texts_of_users_stay_texts(sample: Dataset, tmp_path: Path) -> None:
    hostile = '</script><img src=x onerror="alert(1)">{{ 7 * 7 }}'
    store, key = save_field_plan(tmp_path, sample, name=hostile)
    code = next(iter(store.read_plan(key).promised))
    store.record(key, code, Record("refused", note=hostile), base=2)
    parts = Parts(write_page(field_plan_of(sample, store, key), ID))
    assert parts.told["name"] == hostile
    assert parts.told["villages"][0]["record"][5] == hostile
    assert not [address for address in parts.addresses if address == "x"]


def test_a_plan_of_three_thousand_villages_stays_below_a_megabyte(field: FieldPlan) -> None:
    many = field.villages.loc[field.villages.index.repeat(250)]
    many.index = [f"62.05.{n // 1000:02}.{2000 + n % 1000}" for n in range(len(many))]
    assert len(many) == 3000
    assert len(write_page(replace(field, villages=many), ID)) < 1_000_000


def test_each_word_of_the_page_is_used_and_each_used_is_there() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ASSETS.iterdir())
    asked = set(re.findall(r'(?:say|words)\(\s*(?:isDark\(\) \? )?"(\w+)"', text))
    asked |= set(re.findall(r'data-(?:word|label)="(\w+)"', text)) | {"light", "dark", "all_sent"}
    asked |= {"nothing"}
    computed = {word for word in asked if word.startswith("heading_")}
    assert asked - computed - set(WORDS) == set()
    assert set(WORDS) - asked == set()
