"""Answers of the service as plain pages for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from ..core.markup import render_template

_TEMPLATE: Final = Path(__file__).parent / "templates" / "page.html"
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1F2933;background:#FBFAF7;margin:2rem auto;"
    "max-width:70rem;padding:0 1rem}a{color:#0F766E}table{border-collapse:collapse;"
    "font-variant-numeric:tabular-nums}td,th{border-bottom:1px solid #E3E0D8;padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}div{overflow-x:auto}"
)


def write_page(title: str, document: dict[str, Any], language: str) -> str:
    """Write a page of a document: its texts, its lists and its links."""
    features = document.get("features")
    if document.get("type") == "Feature":
        features = [document]
    collections = document.get("collections", [])
    is_list = features is not None or "collections" in document
    return render_template(
        _TEMPLATE,
        language=language,
        title=title,
        style=_STYLE,
        collections=[{"href": _self(entry), "title": entry["title"]} for entry in collections],
        features=None if features is None else [feature["properties"] for feature in features],
        facts=[] if is_list else [p for p in document.items() if p[0] not in ("links", "paths")],
        links=[
            {"href": link["href"], "title": link.get("title") or link["rel"]}
            for link in document.get("links", [])
        ],
    )


def _self(entry: dict[str, Any]) -> str:
    return str(next(link["href"] for link in entry["links"] if link["rel"] == "self"))
