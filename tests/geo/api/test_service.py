"""The live layers, asked as GIS programs ask them."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np
import pytest
import shapely
import uvicorn
from asgi import Answer, ask
from starlette.applications import Starlette
from starlette.routing import Mount

from geo.api import collections, parameters, service
from geo.api.service import build_service
from geo.core.i18n import Language
from geo.export.files import build_extract
from geo.measures.dataset import Dataset
from geo.measures.query import Query

ENGLISH = Language("en")
KEY = "a-key-of-this-test-1"
ITEMS = "/collections/villages/items"
CRS = "http://www.opengis.net/def/crs/EPSG/0/4326"


@pytest.fixture(scope="module")
def app(sample: Dataset) -> Starlette:
    return build_service(lambda: sample, key="", language=ENGLISH)


def features(answer: Answer) -> list[dict[str, Any]]:
    return answer.json["features"]


def walk(app: Starlette, url: str) -> list[dict[str, Any]]:
    """Features of all pages, by their links ``next``."""
    found: list[dict[str, Any]] = []
    for _ in range(50):
        page = ask(app, url)
        found += features(page)
        onward = [link["href"] for link in page.json["links"] if link["rel"] == "next"]
        if not onward:
            return found
        parts = urlsplit(onward[0])
        url = f"{parts.path}?{parts.query}"
    raise AssertionError("the pages do not end")


# ---- what a service can get wrong, each fault named ----


def wrong_paging(app: Starlette) -> bool:
    ids = [f["id"] for f in walk(app, f"{ITEMS}?limit=40")]
    return len(ids) != 103 or len(set(ids)) != 103


def wrong_limit(app: Starlette) -> bool:
    page = ask(app, f"{ITEMS}?limit=7").json
    return len(page["features"]) != 7 or page["numberReturned"] != 7


def wrong_count(app: Starlette) -> bool:
    return ask(app, f"{ITEMS}?limit=7").json["numberMatched"] != 103


def wrong_box(app: Starlette) -> bool:
    everything = features(ask(app, f"{ITEMS}?limit=200"))
    area = shapely.box(115.0, -1.0, 115.2, -0.8)
    inside = {f["id"] for f in everything if shapely.geometry.shape(f["geometry"]).intersects(area)}
    asked = features(ask(app, f"{ITEMS}?limit=200&bbox=115.0,-1.0,115.2,-0.8"))
    return not inside or {f["id"] for f in asked} != inside


def wrong_axes(app: Starlette) -> bool:
    one = features(ask(app, f"{ITEMS}?limit=1"))[0]["geometry"]
    other = features(ask(app, f"{ITEMS}?limit=1&crs={quote(CRS)}"))[0]["geometry"]
    turned = shapely.transform(shapely.geometry.shape(one), lambda at: at[:, ::-1])
    boxed = features(ask(app, f"{ITEMS}?bbox=-1.0,115.0,-0.8,115.2&bbox-crs={quote(CRS)}"))
    plain = features(ask(app, f"{ITEMS}?bbox=115.0,-1.0,115.2,-0.8"))
    west = shapely.geometry.shape(one).bounds[0]
    return not (
        114 < west < 117
        and turned.equals_exact(shapely.geometry.shape(other), 1e-9)
        and [f["id"] for f in boxed] == [f["id"] for f in plain]
    )


def tolerates_unknown(app: Starlette) -> bool:
    return ask(app, f"{ITEMS}?limits=7").status != 400


FAULTS: dict[str, Callable[[Starlette], bool]] = {
    "bbox": wrong_box,
    "limit": wrong_limit,
    "count": wrong_count,
    "next": wrong_paging,
    "axes": wrong_axes,
    "unknown parameter": tolerates_unknown,
}


def plant(name: str, patch: pytest.MonkeyPatch) -> None:
    """Break the service in one way."""
    select = parameters.select_features

    def select_one_more(found: Any, params: Any) -> Any:
        chosen = select(found, params)
        return service.Selection(
            np.append(chosen.rows, 0), chosen.matched, chosen.limit, chosen.offset, chosen.crs
        )

    def count_page(found: Any, params: Any) -> Any:
        chosen = select(found, params)
        return service.Selection(
            chosen.rows, len(chosen.rows), chosen.limit, chosen.offset, chosen.crs
        )

    links = service._page_links

    def stay(request: Any, found: Any, chosen: Any) -> list[dict[str, str]]:
        listed = links(request, found, chosen)
        skipped = str(chosen.offset + chosen.limit)
        return [
            link | {"href": link["href"].replace(f"offset={skipped}", f"offset={int(skipped) + 1}")}
            for link in listed
        ]

    match name:
        case "bbox":
            patch.setattr(
                parameters, "_in_box", lambda found, params: np.ones(len(found.table), bool)
            )
        case "limit":
            patch.setattr(service, "select_features", select_one_more)
        case "count":
            patch.setattr(service, "select_features", count_page)
        case "next":
            patch.setattr(service, "_page_links", stay)
        case "axes":
            turned = {address: (number, False) for address, (number, _) in collections.CRS.items()}
            patch.setattr(collections, "CRS", turned)
        case "unknown parameter":
            patch.setattr(parameters, "refuse_unknown", lambda params, known: None)


@pytest.mark.parametrize("name", FAULTS)
def test_the_service_is_right_and_a_planted_fault_is_found(
    app: Starlette, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not FAULTS[name](app)
    plant(name, monkeypatch)
    assert FAULTS[name](app)


# ---- the rest ----


def test_places_are_those_of_measure(app: Starlette, sample: Dataset) -> None:
    served = {f["id"]: f["properties"] for f in walk(app, f"{ITEMS}?limit=40")}
    table = build_extract(sample, Query(), "village", ENGLISH).table.set_index("code")
    assert set(served) == set(table.index)
    for code, properties in served.items():
        gap = table.at[code, "coverage_gap"]
        assert properties["coverage_gap"] == (None if np.isnan(gap) else int(gap))
        assert properties["state"] == table.at[code, "state"]


def test_links_name_the_path_that_the_service_is_mounted_at(app: Starlette) -> None:
    mounted = Starlette(routes=[Mount("/base/ogc", app)])
    page = ask(mounted, f"/base/ogc{ITEMS}?limit=5").json
    assert all(
        link["href"].startswith("http://places.example/base/ogc/collections")
        for link in page["links"]
    )


@pytest.mark.parametrize("path", ["/", "/api", "/conformance", "/collections", ITEMS])
def test_every_answer_is_a_page_too(app: Starlette, path: str) -> None:
    for answer in (ask(app, f"{path}?f=html"), ask(app, path, accept="text/html,*/*")):
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.body.startswith(b"<!DOCTYPE html>")


def test_what_has_not_changed_is_not_sent_again(app: Starlette) -> None:
    for path in ("/collections", f"{ITEMS}?limit=3"):
        tag = ask(app, path).headers["etag"]
        assert ask(app, path, if_none_match=tag).status == 304
    assert ask(app, f"{ITEMS}?limit=4", if_none_match=tag).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_service_is_for_reading(app: Starlette, method: str) -> None:
    for path in ("/", ITEMS):
        answer = ask(app, path, method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=x", "limit=-1", "limit=1&limit=2", "offset=-1", "f=xml"),
        *("bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,5,2,4", "bbox=nan,0,1,1", "crs=EPSG:4326"),
        *("bbox-crs=" + quote(CRS), "datetime=x", "datetime=2024-13-01", "datetime=/"),
        *("datetime=2024-12-01/2024-01-01", "enrolled=many", "filter-lang=sql"),
        *("filter=enrolled", "filter=enrolled+>", "filter=nothing=1", "filter=name>1"),
        "filter=" + "(" * 40 + "1=1" + ")" * 40,
    ],
)
def test_a_wrong_value_is_refused(app: Starlette, query: str) -> None:
    answer = ask(app, f"{ITEMS}?{query}")
    assert answer.status == 400
    assert answer.json["code"] == "400"


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2024-10-15", 103),
        ("2024-10-31T23:00:00Z", 103),
        ("2024-09-30", 0),
        ("../2024-10-01", 103),
        ("2024-11-01/..", 0),
        ("2024-01-01/2024-12-31", 103),
    ],
)
def test_time_is_that_of_the_period(app: Starlette, moment: str, count: int) -> None:
    assert ask(app, f"{ITEMS}?datetime={moment}").json["numberMatched"] == count


def test_every_period_and_level_is_a_collection(app: Starlette, sample: Dataset) -> None:
    listed = [entry["id"] for entry in ask(app, "/collections").json["collections"]]
    assert {"villages", "subdistricts", "regencies"} <= set(listed)
    assert {f"villages-{period}" for period in sample.options.periods} <= set(listed)
    for key in listed:
        assert ask(app, f"/collections/{key}/items?limit=1").json["numberReturned"] == 1
    assert ask(app, "/collections/villages-2019-01/items").status == 404


def test_a_feature_is_found_by_its_code(app: Starlette) -> None:
    found = ask(app, f"{ITEMS}/62.05.01.1001").json
    assert found["properties"]["code"] == found["id"] == "62.05.01.1001"
    assert ask(app, f"{ITEMS}/62.05.01.9999").status == 404


def test_a_key_is_asked_for_in_a_header_or_as_password(sample: Dataset) -> None:
    guarded = build_service(lambda: sample, key=KEY, language=ENGLISH)
    refused = ask(guarded, ITEMS)
    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Basic")
    assert KEY.encode() not in refused.body
    basic = f"Basic {b64encode(f'qgis:{KEY}'.encode()).decode()}"
    assert ask(guarded, ITEMS, x_api_key=KEY).status == 200
    assert ask(guarded, ITEMS, authorization=basic).status == 200
    for wrong in ({"x_api_key": "x"}, {"authorization": "Basic %%%"}, {"x_api_key": "é"}):
        assert ask(guarded, ITEMS, **wrong).status == 401
    assert ask(guarded, f"{ITEMS}?key={KEY}").status == 401


def test_data_that_are_not_prepared_are_said_to_be_so() -> None:
    waiting = build_service(lambda: None, key="", language=ENGLISH)
    assert ask(waiting, "/collections").status == 503


def test_the_description_names_nothing_outside_and_every_parameter(app: Starlette) -> None:
    document = ask(app, "/api").json
    assert '"$ref"' not in json.dumps(document)
    listed = document["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
    names = {parameter["name"] for parameter in listed} - {"collectionId"}
    columns = set(ask(app, "/collections/villages/queryables").json["properties"]) - {"geometry"}
    assert names == parameters._KNOWN | columns


@pytest.fixture(scope="module")
def served(app: Starlette) -> Iterator[str]:
    """The service on a port of this computer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def test_debians_gdal_reads_page_by_page_what_measure_writes(
    served: str, sample: Dataset, tmp_path: Path
) -> None:
    ogr2ogr = shutil.which("ogr2ogr")
    if ogr2ogr is None:
        pytest.skip("ogr2ogr (Debian's gdal-bin) is not installed")
    path = tmp_path / "live.geojson"
    command = [ogr2ogr, "-f", "GeoJSON", path, f"OAPIF:{served}", "villages", "-oo", "PAGE_SIZE=40"]
    subprocess.run(command, check=True, capture_output=True)
    rows = {f["properties"]["code"]: f for f in json.loads(path.read_text())["features"]}
    extract = build_extract(sample, Query(), "village", ENGLISH)
    table = extract.table.set_index("code")
    assert len(rows) == 103
    for code, row in rows.items():
        for column in ("enrolled", "eligible", "coverage_gap", "cost_year"):
            expected = table.at[code, column]
            given = row["properties"][column]
            assert given == (None if np.isnan(expected) else int(expected))
        shape = shapely.geometry.shape(row["geometry"])
        assert shapely.hausdorff_distance(shape, extract.shapes[code]) < 1e-6
