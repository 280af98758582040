"""Sources of boundaries that answer with what they should not: one sentence, in good time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from source_server import Play, playing
from test_download import QUICK, sql

from geo.boundaries.download import arcgis
from geo.boundaries.download import transfer as fetch
from geo.boundaries.download.arcgis import fetch_arcgis
from geo.boundaries.download.layers import get_boundaries
from geo.boundaries.download.sql_layer import read_sql_layer
from geo.boundaries.download.transfer import fetch_file, fetch_json
from geo.core.errors import FileProblem, JangkauError


def nothing(done: int, total: int | None) -> None:
    """Progress that nobody looks at."""


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://", "https://]", "file:///etc/passwd", "ftp://a/b"]
)
def test_what_is_no_address_is_one_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(FileProblem, match="is no address"):
        fetch_file(url, tmp_path / "x.part", nothing)
    with pytest.raises(JangkauError, match="is no address"):
        get_boundaries("62.05", url, tmp_path / "desa.parquet", patience=QUICK)


def answer(monkeypatch: pytest.MonkeyPatch, *answers: dict[str, Any]) -> None:
    """Let a service answer with these, one after the other."""
    left = list(answers)
    monkeypatch.setattr(arcgis, "fetch_json", lambda *given: left.pop(0))


@pytest.mark.parametrize("count", [True, 10**12, -1, "5", None, 1.5, [1]])
def test_a_service_that_counts_nonsense_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: object
) -> None:
    answer(monkeypatch, {"count": count}, {"features": []})
    with pytest.raises(FileProblem):
        fetch_arcgis("http://x/MapServer/0", "62.05", tmp_path / "p", nothing, QUICK)


@pytest.mark.parametrize(
    "feature",
    [
        *(5, None, "x", [], {}, {"geometry": 5, "properties": {}}),
        {"geometry": {"type": "Polygon", "coordinates": "x"}, "properties": {}},
        {"geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}, "properties": {}},
        {"geometry": {"type": "nonsense", "coordinates": []}, "properties": {}},
        {"geometry": None, "properties": 5},
    ],
)
def test_features_that_are_no_geojson_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feature: object
) -> None:
    answer(monkeypatch, {"count": 1}, {"features": [feature]})
    with pytest.raises(FileProblem, match="no GeoJSON"):
        fetch_arcgis("http://x/MapServer/0", "62.05", tmp_path / "p", nothing, QUICK)


@pytest.mark.parametrize("body", ["{", "\xff", "[" * 100_000])
def test_pages_kept_earlier_that_are_damaged_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    part = tmp_path / "p"
    query = "http://x/MapServer/0/query"
    part.write_text(json.dumps([query, "KDEPUM LIKE '62.05%'", 1]) + f"\n{body}\n", "latin-1")
    feature = {"geometry": None, "properties": {"KDEPUM": "62.05"}}
    answer(monkeypatch, {"count": 1}, {"features": [feature]})
    rows = fetch_arcgis("http://x/MapServer/0", "62.05", part, nothing, QUICK)
    assert len(rows) == 1


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"error": {"code": "x"}}', b'{"error": {"code": [1]}}']
)
def test_an_answer_that_is_no_answer_is_one_sentence(body: bytes) -> None:
    with playing(Play(files={"/x": body})) as play, pytest.raises(FileProblem):
        fetch_json(f"{play.url}/x", {}, QUICK)


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_ANSWER", 1000)
    endless = Play(files={"/x": b" " * 200_000})
    with playing(endless) as play, pytest.raises(FileProblem, match="larger than"):
        fetch_json(f"{play.url}/x", {}, QUICK)


@pytest.mark.parametrize(
    "piece", ["('11',''", "('11','", "('11'," + " " * 50, "('11','a',1,1,'[", "("]
)
def test_sql_made_to_hold_up_the_search_is_refused_in_good_time(tmp_path: Path, piece: str) -> None:
    path = tmp_path / "desa.sql"
    path.write_text(sql(end=",\n") + piece * 200_000, encoding="utf-8")
    begin = time.perf_counter()
    with pytest.raises(FileProblem):
        read_sql_layer(path, "http://x")
    assert time.perf_counter() - begin < 20


def test_sql_with_nested_rings_without_end_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desa.sql"
    deep = "[" * 50_000 + "]" * 50_000
    path.write_text(f"('62.05.01.1001','x',1,1,'{deep}');", encoding="utf-8")
    with pytest.raises(FileProblem, match="no SQL file"):
        read_sql_layer(path, "http://x")
