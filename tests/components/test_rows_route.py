"""The table's rows and the files of scripts and styles, as the app's routes answer with them."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from components.search import answer_search
from components.static_assets import send_part
from components.table import send_rows

MAIN = Path(__file__).parents[2] / "components" / "main.py"


def request(query: str = "", **path: str) -> Request:
    return Request(
        {"type": "http", "headers": [], "path_params": path, "query_string": query.encode()}
    )


def open_page(**params: str) -> AppTest:
    page = AppTest.from_file(MAIN, default_timeout=600)
    for name, value in params.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def table_data(page: AppTest) -> dict[str, Any]:
    """What the table's component is told."""
    (found,) = [
        element.proto
        for element in page.get("bidi_component")
        if element.proto.component_name == "jangkau_table"
    ]
    data: dict[str, Any] = json.loads(found.json)
    return data


def rows_of(page: AppTest, **asked: str) -> dict[str, Any]:
    key = table_data(page)["address"].rpartition("/")[2]
    answer = send_rows(request(urlencode(asked), key=key))
    assert answer.headers["content-encoding"] == "gzip"
    table: dict[str, Any] = json.loads(gzip.decompress(bytes(answer.body)), parse_constant=refuse)
    return table


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def test_the_page_tells_where_its_rows_are() -> None:
    page = open_page()
    assert table_data(page)["rows"] == 103
    assert len(rows_of(page)["rows"]) == 103
    assert len(json.dumps(table_data(page))) < 400


def test_rows_are_of_the_filters_and_in_the_language_of_the_page() -> None:
    assert rows_of(open_page(place="62.05.04", gap_min="100"))["note"] == "9 desa sesuai saringan."
    table = rows_of(open_page(place="62.05.04", gap_min="100", lang="en"))
    assert table["note"] == "9 villages pass the filters."


@pytest.mark.parametrize("state", ["no_denominator", "no_enrolment"])
def test_rows_of_villages_of_unknown_gap_are_json(state: str) -> None:
    table = rows_of(open_page(state=state))
    assert table["rows"]
    at = [column["key"] for column in table["columns"]].index("coverage_gap")
    assert {row["texts"][at] for row in table["rows"]} == {"–"}
    assert {row["bar"] for row in table["rows"]} == {0}


def test_how_the_map_looks_leaves_the_rows_where_they_are() -> None:
    addresses = {
        table_data(open_page(**params))["address"]
        for params in (
            *({}, {"measure": "coverage_gap"}, {"villages": "1"}, {"circles": "0"}),
            *({"order": "priority"}, {"basket": "62.05.07.2005"}),
        )
    }
    assert len(addresses) == 1
    assert table_data(open_page(target="60"))["address"] not in addresses


def test_rows_that_are_not_kept_are_not_found() -> None:
    assert send_rows(request(key="0" * 32)).status_code == 404


def linked(page: AppTest) -> list[str]:
    """Names of the files that a page asks for."""
    text = "".join(str(e.proto) for kind in ("html", "bidi_component") for e in page.get(kind))
    return re.findall(r"[a-z]+\.[0-9a-f]{20}\.(?:js|css)", text)


def test_scripts_and_styles_are_kept_for_good() -> None:
    names = linked(open_page())
    assert {name.partition(".")[0] for name in names} == {
        *("page", "legend", "part", "table", "search", "words"),
    }
    for name in names:
        answer: Response = send_part(request(name=name))
        assert answer.headers["cache-control"].endswith("immutable")
        kind = "text/css" if name.endswith("css") else "text/javascript"
        assert answer.headers["content-type"].startswith(kind)
        assert gzip.decompress(bytes(answer.body))


@pytest.mark.parametrize("name", ["table.js", "../app.py", "table.00000000000000000000.js"])
def test_no_other_file_is_served(name: str) -> None:
    assert send_part(request(name=name)).status_code == 404


@pytest.fixture(scope="module")
def key() -> str:
    """Key of rows that are kept."""
    return str(table_data(open_page())["address"]).rpartition("/")[2]


NAMES = st.sampled_from(["start", "order", "text", "selected", "q", "within", "lang"])
VALUES = st.one_of(
    st.text(max_size=90),
    st.sampled_from(["-1", "9" * 9, "9" * 400, "٣", "cumulative", "62.05", "62.", "%", "\0", "id"]),
)


@given(asked=st.lists(st.tuples(NAMES, VALUES), max_size=6), raw=st.binary(max_size=20))
def test_no_parameter_makes_a_route_fail(
    key: str, asked: list[tuple[str, str]], raw: bytes
) -> None:
    query = urlencode(asked, errors="replace") + "&" + raw.decode("latin-1")
    scope: dict[str, Any] = {"type": "http", "headers": [], "query_string": query.encode("latin-1")}
    rows = send_rows(Request(scope | {"path_params": {"key": key}}))
    json.loads(gzip.decompress(bytes(rows.body)), parse_constant=refuse)
    assert rows.status_code == 200
    assert answer_search(Request(scope)).status_code == 200
