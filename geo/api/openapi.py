"""The service described as OpenAPI 3.0, with nothing that has to be fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ..core.codebook import COLUMNS
from ..core.version import program_version
from .collections import CRS
from .parameters import DEFAULT_LIMIT, MOST_LIMIT

OPENAPI_TYPE: Final = "application/vnd.oai.openapi+json;version=3.0"
_INSTANT: Final = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?"
TYPES: Final = {"text": "string", "rate": "number"}
_OBJECT: Final = {"type": "object"}
_LINKED: Final = {
    "type": "object",
    "required": ["links"],
    "properties": {"links": {"type": "array", "items": {"type": "object"}}},
}


def build_openapi(title: str, base: str, keys: Sequence[str], *, needs_key: bool) -> dict[str, Any]:
    """Build the document.

    Parameters
    ----------
    title : str
        Of the service.
    base : str
        Its address.
    keys : sequence of str
        Of the collections.
    needs_key : bool
        Whether requests must bear a key.
    """
    document: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": title, "version": program_version()},
        "servers": [{"url": base}],
        "paths": {
            "/": _path("getLandingPage", [_form()], _LINKED),
            "/api": _path("getApi", [_form()], _OBJECT, OPENAPI_TYPE),
            "/conformance": _path("getConformance", [_form()], _OBJECT),
            "/collections": _path("getCollections", [_form()], _LINKED),
            "/collections/{collectionId}": _path("getCollection", [_id(keys), _form()], _LINKED),
            "/collections/{collectionId}/queryables": _path(
                "getQueryables", [_id(keys), _form()], _OBJECT, "application/schema+json"
            ),
            "/collections/{collectionId}/items": _path(
                "getFeatures", [_id(keys), *_item_parameters()], _features(), "application/geo+json"
            ),
            "/collections/{collectionId}/items/{featureId}": _path(
                "getFeature",
                [_id(keys), _feature_id(), _choice("crs", list(CRS)), _form()],
                _OBJECT,
                "application/geo+json",
            ),
        },
    }
    if needs_key:
        document["components"] = {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "basic": {"type": "http", "scheme": "basic"},
            }
        }
        document["security"] = [{"key": []}, {"basic": []}]
    return document


def _path(
    operation: str,
    parameters: list[dict[str, Any]],
    schema: dict[str, Any],
    media_type: str = "application/json",
) -> dict[str, Any]:
    problem = {"application/json": {"schema": _OBJECT}}
    answers: dict[str, Any] = {
        "200": {
            "description": "The answer.",
            "content": {
                media_type: {"schema": schema},
                "text/html": {"schema": {"type": "string"}},
            },
        },
        "304": {"description": "Nothing has changed since."},
    }
    for status, words in (
        ("400", "A parameter is unknown or has a value that it cannot take."),
        ("401", "The key is missing or wrong."),
        ("404", "There is nothing under this address."),
        ("503", "The data are not prepared yet."),
    ):
        answers[status] = {"description": words, "content": problem}
    return {"get": {"operationId": operation, "parameters": parameters, "responses": answers}}


def _query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, **more}


def _choice(name: str, values: list[str]) -> dict[str, Any]:
    return _query(name, {"type": "string", "enum": values})


def _form() -> dict[str, Any]:
    return _choice("f", ["json", "html"])


def _id(keys: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(keys)}
    return {"name": "collectionId", "in": "path", "required": True, "schema": schema}


def _feature_id() -> dict[str, Any]:
    return {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}


def _item_parameters() -> list[dict[str, Any]]:
    whole = {"type": "integer"}
    box = {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }
    listed = {"style": "form", "explode": False}
    columns = [
        _query(column.name, {"type": _type_of(column.kind)}, description=column.meaning)
        for column in COLUMNS
    ]
    return [
        _query(
            "limit",
            whole | {"minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT},
            **listed,
        ),
        _query("offset", whole | {"minimum": 0, "maximum": 999_999_999, "default": 0}),
        _query("bbox", box, **listed),
        _query("datetime", {"type": "string", "pattern": f"^{_INSTANT}$"}, **listed),
        _choice("bbox-crs", list(CRS)),
        _choice("crs", list(CRS)),
        _query("filter", {"type": "string", "minLength": 1}),
        _choice("filter-lang", ["cql2-text", "cql2-json"]),
        _choice("filter-crs", list(CRS)[:1]),
        _form(),
        *columns,
    ]


def _type_of(kind: str) -> str:
    return TYPES.get(kind, "integer")


def _features() -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 0}
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object"},
        },
    }
    return {
        "type": "object",
        "required": ["type", "features", "numberMatched", "numberReturned", "links"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature},
            "links": {"type": "array", "items": {"type": "object"}},
            "numberMatched": whole,
            "numberReturned": whole,
            "timeStamp": {"type": "string", "format": "date-time"},
        },
    }
