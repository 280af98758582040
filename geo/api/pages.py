"""Answers of the service as plain pages for people."""

from __future__ import annotations

from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1F2933;background:#FBFAF7;margin:2rem auto;"
    "max-width:70rem;padding:0 1rem}a{color:#0F766E}table{border-collapse:collapse;"
    "font-variant-numeric:tabular-nums}td,th{border-bottom:1px solid #E3E0D8;padding:.25rem .6rem;"
    "text-align:left;vertical-align:top}div{overflow-x:auto}"
)


def write_page(title: str, document: dict[str, Any], language: str) -> str:
    """Write a page of a document: its texts, its lists and its links."""
    links = "".join(
        f'<li><a href="{escape(link["href"])}">{escape(link.get("title") or link["rel"])}</a></li>'
        for link in document.get("links", [])
    )
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<div>{_body(document)}</div><ul>{links}</ul></body></html>"
    )


def _body(document: dict[str, Any]) -> str:
    if "features" in document:
        return _features(document["features"])
    if document.get("type") == "Feature":
        return _features([document])
    if "collections" in document:
        return "".join(
            f'<p><a href="{escape(_self(entry))}">{escape(entry["title"])}</a></p>'
            for entry in document["collections"]
        )
    rows = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{escape(str(value))}</td></tr>"
        for name, value in document.items()
        if name not in ("links", "paths")
    )
    return f"<table>{rows}</table>"


def _self(entry: dict[str, Any]) -> str:
    return str(next(link["href"] for link in entry["links"] if link["rel"] == "self"))


def _features(features: list[dict[str, Any]]) -> str:
    if not features:
        return "<p>0</p>"
    names = list(features[0]["properties"])
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{'' if value is None else escape(str(value))}</td>"
            for value in feature["properties"].values()
        )
        + "</tr>"
        for feature in features
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
