"""OGC API Features as Starlette routes: levels and periods as collections, for reading only."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.codebook import COLUMNS
from ..core.errors import mark
from ..core.i18n import Language
from ..export.qgis_style import ProjectLayer, write_project, write_qml
from ..export.style_rules import build_rules
from ..measures.dataset import Dataset
from .collections import CRS, CRS84, Collection, build_collection, list_keys
from .openapi import OPENAPI_TYPE, TYPES, build_openapi
from .pages import write_page
from .parameters import Selection, period_days, read_crs, refuse_unknown, select_features
from .problems import RequestProblem, wrong

_MOST_KEPT: Final = 8
_ABOUT: Final = mark("Places with coverage, gap and state, by level and period")
_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"
_SCHEMA: Final = "application/schema+json"
_HTML: Final = "text/html"
_SPEC: Final = "http://www.opengis.net/spec/"
CONFORMANCE: Final = (
    *(f"{_SPEC}ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_SPEC}ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_SPEC}ogcapi-features-3/1.0/conf/{n}"
        for n in ("filter", "features-filter", "queryables")
    ),
    *(
        f"{_SPEC}cql2/1.0/conf/{name}"
        for name in (
            *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "basic-spatial-functions", "property-property"),
        )
    ),
)
_CACHED: Final = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, X-API-Key"}


class FeatureService:
    """Answers requests about the places of a dataset.

    Parameters
    ----------
    open_data : callable
        Gives the dataset of now; None where it is not prepared yet.
    key : str
        What a request must bear; empty for none.
    language : Language
        Of titles, filters and notes.
    """

    def __init__(
        self, open_data: Callable[[], Dataset | None], *, key: str, language: Language
    ) -> None:
        self._open_data = open_data
        self._key = key
        self._language = language
        self._kept: OrderedDict[tuple[str, str], Collection] = OrderedDict()
        self._lock = Lock()

    def routes(self) -> list[Route]:
        """Routes relative to where the service is mounted."""
        one = "/collections/{collection}"
        named: tuple[tuple[str, Callable[[Request], Response]], ...] = (
            ("/", self._landing),
            ("/api", self._api),
            ("/conformance", self._conformance),
            ("/project.qgs", self._project),
            ("/collections", self._collections),
            (one, self._collection),
            (f"{one}/queryables", self._queryables),
            (f"{one}/style.qml", self._style),
            (f"{one}/items", self._items),
            (f"{one}/items/{{feature}}", self._feature),
        )
        return [Route(path, self._guarded(answer)) for path, answer in named]

    def _guarded(self, answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
        """Answer if the request bears the key; a problem as JSON."""

        def respond(request: Request) -> Response:
            try:
                if self._key and not _bears_key(request, self._key):
                    raise RequestProblem(401, "the key is missing or wrong")
                return answer(request)
            except RequestProblem as problem:
                return _tell(problem)

        return respond

    def _data(self) -> Dataset:
        data = self._open_data()
        if data is None:
            raise RequestProblem(503, "the data are not prepared yet; open the page first")
        return data

    def _find(self, request: Request) -> Collection:
        data, key = self._data(), request.path_params["collection"]
        if key not in list_keys(data):
            raise RequestProblem(404, "there is no such collection")
        return self._keep(data, key)

    def _keep(self, data: Dataset, key: str) -> Collection:
        """Return the collection of a key, built once for each opening of the data."""
        with self._lock:
            collection = self._kept.get((data.key, key))
            if collection is None:
                collection = build_collection(data, key, self._language)
                self._kept[(data.key, key)] = collection
            self._kept.move_to_end((data.key, key))
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return collection

    def _landing(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        self._data()
        base = base_of(request)
        title = "Jangkau"
        links = [
            _link(f"{base}/?f=json", "self", _JSON, "this document"),
            _link(f"{base}/?f=html", "alternate", _HTML, "this document as a page"),
            _link(f"{base}/api", "service-desc", OPENAPI_TYPE, "OpenAPI"),
            _link(f"{base}/api?f=html", "service-doc", _HTML, "OpenAPI as a page"),
            _link(f"{base}/conformance", "conformance", _JSON, "conformance"),
            _link(f"{base}/collections", "data", _JSON, "collections"),
        ]
        about = self._language(_ABOUT)
        return self._send(request, {"title": title, "description": about, "links": links})

    def _api(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        keys = list_keys(self._data())
        document = build_openapi("Jangkau", base_of(request), keys, needs_key=bool(self._key))
        return self._send(request, document, OPENAPI_TYPE)

    def _conformance(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        return self._send(request, {"conformsTo": list(CONFORMANCE)})

    def _collections(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        base, data = base_of(request), self._data()
        document = {
            "links": _both_forms(f"{base}/collections"),
            "collections": [_describe(data, key, base) for key in list_keys(data)],
        }
        return self._send(request, document)

    def _collection(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        collection = self._find(request)
        return self._send(request, _describe(self._data(), collection.key, base_of(request)))

    def _queryables(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f"})
        collection = self._find(request)
        address = f"{base_of(request)}/collections/{collection.key}/queryables"
        properties: dict[str, Any] = {
            column.name: {
                "title": self._language(column.label),
                "description": self._language(column.meaning),
                "type": TYPES.get(column.kind, "integer"),
            }
            for column in COLUMNS
        }
        properties["geometry"] = {"format": "geometry-multipolygon"}
        document = {
            "$schema": "https://json-schema.org/draft/2019-09/schema",
            "$id": address,
            "type": "object",
            "title": collection.key,
            "properties": properties,
            "additionalProperties": False,
        }
        return self._send(request, document, _SCHEMA)

    def _style(self, request: Request) -> Response:
        refuse_unknown(request.query_params, set())
        view = self._find(request).extract.view
        rules = build_rules(view, self._language)
        return Response(
            write_qml(rules, view.classes.measure, self._language), media_type="text/xml"
        )

    def _project(self, request: Request) -> Response:
        """Write a QGIS project of the live layers of the latest period, in their colours."""
        refuse_unknown(request.query_params, set())
        data, base = self._data(), base_of(request)
        layers = []
        for key in [key for key in list_keys(data) if "-" not in key]:
            view = self._keep(data, key).extract.view
            layers.append(
                ProjectLayer(
                    key,
                    f"{key} {view.query.period}",
                    f" pagingEnabled='true' srsname='OGC:CRS84' typename='{key}' url='{base}'",
                    "OAPIF",
                    build_rules(view, self._language),
                    view.classes.measure,
                    data.shapes.bounds(),
                )
            )
        headers = {"Content-Disposition": 'attachment; filename="jangkau.qgs"'}
        return Response(write_project("Jangkau", layers), media_type="text/xml", headers=headers)

    def _items(self, request: Request) -> Response:
        collection = self._find(request)
        selection = select_features(collection, request.query_params)
        crs = {"Content-Crs": f"<{selection.crs}>"}
        form = choose_form(request)
        tag = _tag(self._data().key, str(request.url), form)
        if _is_fresh(request, tag):
            return Response(status_code=304, headers={"ETag": tag, **_CACHED})
        links = _page_links(request, collection, selection)
        features = collection.features(selection.rows, selection.crs)
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        head = json.dumps(
            {
                "type": "FeatureCollection",
                "numberMatched": selection.matched,
                "numberReturned": len(features),
                "timeStamp": now,
                "links": links,
            }
        )
        text = f'{head[:-1]},"features":[{",".join(features)}]}}'
        headers = {"ETag": tag, **_CACHED, **crs}
        if form == "html":
            page = write_page(collection.key, json.loads(text), self._language.code)
            return Response(page, media_type=_HTML, headers=headers)
        return Response(text, media_type=_GEOJSON, headers=headers)

    def _feature(self, request: Request) -> Response:
        refuse_unknown(request.query_params, {"f", "crs"})
        collection = self._find(request)
        crs = read_crs(request.query_params)
        row = collection.positions.get(request.path_params["feature"])
        if row is None:
            raise RequestProblem(404, "there is no such feature")
        feature = json.loads(collection.features(np.array([row]), crs)[0])
        parent = f"{base_of(request)}/collections/{collection.key}"
        address = f"{parent}/items/{request.path_params['feature']}"
        feature["links"] = [
            *_both_forms(address, _GEOJSON),
            _link(parent, "collection", _JSON, collection.key),
        ]
        return self._send(request, feature, _GEOJSON, headers={"Content-Crs": f"<{crs}>"})

    def _send(
        self,
        request: Request,
        document: dict[str, Any],
        media_type: str = _JSON,
        headers: dict[str, str] | None = None,
    ) -> Response:
        form = choose_form(request)
        if form == "html":
            title = str(document.get("title") or document.get("id") or "Jangkau")
            text, media_type = write_page(title, document, self._language.code), _HTML
        else:
            text = json.dumps(document, ensure_ascii=False)
        tag = _tag(text)
        headers = {"ETag": tag, **_CACHED, **(headers or {})}
        if _is_fresh(request, tag):
            return Response(status_code=304, headers=headers)
        return Response(text, media_type=media_type, headers=headers)


def build_service(
    open_data: Callable[[], Dataset | None], *, key: str, language: Language
) -> Starlette:
    """Build the service as an application to be mounted.

    Parameters
    ----------
    open_data, key, language
        See `FeatureService`.
    """

    def not_found(request: Request, error: Exception) -> Response:
        return _tell(RequestProblem(404, "there is nothing under this address"))

    def not_allowed(request: Request, error: Exception) -> Response:
        answer = _tell(RequestProblem(405, "the service is for reading: GET and HEAD"))
        answer.headers["Allow"] = "GET, HEAD"
        return answer

    service = FeatureService(open_data, key=key, language=language)
    return Starlette(routes=service.routes(), exception_handlers={404: not_found, 405: not_allowed})


def base_of(request: Request) -> str:
    """Address of the service, mounts included, which ``request.base_url`` leaves out."""
    root = request.scope.get("root_path", "")
    return f"{request.url.scheme}://{request.url.netloc}{root}".rstrip("/")


def choose_form(request: Request) -> str:
    """``json`` or ``html``: by ``f``, else by what is accepted first.

    Raises
    ------
    RequestProblem
        If ``f`` is neither.
    """
    form = request.query_params.get("f")
    if form is not None:
        if form not in ("json", "html"):
            raise wrong("f is neither json nor html")
        return form
    accepted = request.headers.get("accept", "")
    html, any_json = accepted.find("text/html"), accepted.find("json")
    return "html" if html >= 0 and (any_json < 0 or html < any_json) else "json"


def _bears_key(request: Request, key: str) -> bool:
    """Whether the key is in ``X-API-Key`` or is the password of ``Authorization: Basic``."""
    offered = request.headers.get("x-api-key", "")
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            offered = base64.b64decode(encoded, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    return secrets.compare_digest(offered.encode(), key.encode())


def _tell(problem: RequestProblem) -> Response:
    body = json.dumps({"code": str(problem.status), "description": problem.words})
    headers = {"WWW-Authenticate": 'Basic realm="Jangkau"'} if problem.status == 401 else {}
    return Response(body, problem.status, headers, media_type=_JSON)


def _tag(*parts: str) -> str:
    return f'"{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]}"'


def _is_fresh(request: Request, tag: str) -> bool:
    tags = request.headers.get("if-none-match", "")
    return tags == "*" or tag in [each.strip().removeprefix("W/") for each in tags.split(",")]


def _link(address: str, relation: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": address, "rel": relation, "type": media_type, "title": title}


def _both_forms(address: str, media_type: str = _JSON) -> list[dict[str, str]]:
    return [
        _link(f"{address}?f=json", "self", media_type, "this document"),
        _link(f"{address}?f=html", "alternate", _HTML, "this document as a page"),
    ]


def _page_links(
    request: Request, collection: Collection, selection: Selection
) -> list[dict[str, str]]:
    """Links to this page, its other form, the pages beside it and the collection."""
    base = f"{base_of(request)}/collections/{collection.key}"
    parameters = [(k, v) for k, v in request.query_params.multi_items() if k not in ("f", "offset")]

    def page(offset: int, form: str) -> str:
        return f"{base}/items?{urlencode([*parameters, ('offset', offset), ('f', form)])}"

    offset, step = selection.offset, selection.limit
    links = [
        _link(page(offset, "json"), "self", _GEOJSON, "this page"),
        _link(page(offset, "html"), "alternate", _HTML, "this page for people"),
        _link(base, "collection", _JSON, collection.key),
    ]
    if offset + step < selection.matched:
        links.append(_link(page(offset + step, "json"), "next", _GEOJSON, "next page"))
    if offset:
        links.append(_link(page(max(offset - step, 0), "json"), "prev", _GEOJSON, "previous page"))
    return links


def _describe(data: Dataset, key: str, base: str) -> dict[str, Any]:
    """Build a collection without its places: what is known without measuring them."""
    name, _, period = key.partition("-")
    first, last = period_days(period or data.options.periods[-1])
    address = f"{base}/collections/{key}"
    bounds = [round(edge, 7) for edge in data.shapes.bounds()]
    interval = [f"{first.isoformat()}T00:00:00Z", f"{last.isoformat()}T23:59:59Z"]
    return {
        "id": key,
        "title": f"{name} {period or data.options.periods[-1]}",
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [bounds], "crs": CRS84},
            "temporal": {"interval": [interval]},
        },
        "crs": list(CRS),
        "storageCrs": CRS84,
        "links": [
            *_both_forms(address),
            _link(f"{address}/items", "items", _GEOJSON, "places"),
            _link(f"{address}/items?f=html", "items", _HTML, "places as a page"),
            _link(
                f"{address}/queryables",
                "http://www.opengis.net/def/rel/ogc/1.0/queryables",
                _SCHEMA,
                "properties to filter by",
            ),
            _link(f"{address}/style.qml", "describedby", "text/xml", "look for QGIS"),
        ],
    }
