"""The atlas of a regency as PDF: overview, subdistricts, briefs of villages, method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ..core import codes
from ..core.errors import QueryProblem, mark
from ..core.i18n import Language
from ..measures.dataset import Dataset
from ..measures.query import Query
from ..measures.view import View, build_timeline, build_view
from ..reporting.about import FIGURES, LIMITS, STATES
from ..reporting.headline import list_headline
from ..reporting.statement import build_statement, name_area
from .area_map import draw_locator
from .figure import Figure, draw_figure
from .labels import Label
from .places import collect_places
from .ranking import build_table, number_places
from .timeline import draw_timeline
from .typesetting import set_pages
from .village_facts import list_facts, list_village_headline
from .wording import (
    MAP_SENTENCES,
    describe_map,
    list_findings,
    list_notes,
    list_sources,
    name_above,
    name_village,
    source_sentence,
)

WIDTH: Final = 174.0
# What a page has left for map and table, and what a row and the heads of a table take; mm.
_ROOM: Final = 198.0
_ROW: Final = 4.75
_TIGHT_ROW: Final = 3.95
_HEADS: Final = 15.0
_LEAST_MAP, _MOST_MAP = 92.0, 140.0
_VILLAGE_MAP: Final = 125.0
_LOCATOR: Final = (30.0, 24.0)
_ELIGIBLE: Final = 2


@dataclass(frozen=True)
class Atlas:
    """A finished atlas.

    Attributes
    ----------
    pdf : bytes
        The file.
    maps : tuple of tuple of Label
        Names on each map and enlarged piece.
    """

    pdf: bytes
    maps: tuple[tuple[Label, ...], ...]


def build_atlas(
    data: Dataset, query: Query, language: Language, *, villages: Sequence[str] = ()
) -> Atlas:
    """Build the atlas of a regency, or of one subdistrict.

    Parameters
    ----------
    data : Dataset
        What there is.
    query : Query
        Its place is a regency, or a subdistrict, which then is the only page; a village is looked
        at in its subdistrict.
    language : Language
        Of all words.
    villages : sequence of str
        Codes of villages that get a page of their own.

    Raises
    ------
    QueryProblem
        If the place is no regency, or a village is not in it.
    """
    return _Builder(data, query, language).build(villages)


class _Builder:
    """Collect what the template needs: data, and drawings by name."""

    def __init__(self, data: Dataset, query: Query, language: Language) -> None:
        self._data, self._language = data, language
        place = query.place or data.top
        regency = _find_regency(place, data, language)
        inside = codes.find_level(place) in ("subdistrict", "village")
        self._chosen = codes.ancestor(place, "subdistrict") if inside else ""
        self._query = replace(query, place=regency, subdistricts=(), selected="", villages=True)
        self._only = query.subdistricts
        self._view = build_view(data, self._query, level="village")
        self._places = collect_places(data, self._view, language)
        self._drawings: dict[str, str] = {}
        self._maps: list[tuple[Label, ...]] = []

    def build(self, villages: Sequence[str]) -> Atlas:
        missing = [code for code in villages if code not in self._view.villages.index]
        if missing:
            raise QueryProblem(
                mark("{value} is no village of {area}."),
                value=missing[0],
                area=name_area(self._data, self._query.place),
            )
        say, statement = self._language, build_statement(self._data, self._query, self._language)
        title = say("Coverage atlas")
        pages = [self._subdistrict(code) for code in self._list_pages()]
        content = {
            "lang": say.code,
            "title": f"{title}: {statement.title}",
            "running": f"Jangkau · {title} · {statement.area}",
            "period": statement.people_and_period,
            "notes": list_notes(self._data, self._view, say),
            "source": source_sentence(self._data, self._view, say),
            "words": self._words(),
            "pages": pages,
            "villages": [self._village(code) for code in villages],
            "method": self._method(),
        }
        if not self._chosen:
            content["overview"] = self._overview(pages, title)
        pdf = set_pages("atlas.typ", content, self._drawings, self._view.query.period)
        return Atlas(pdf, tuple(self._maps))

    def _words(self) -> dict[str, str]:
        say = self._language
        return {
            "page": say("page {n} of {all}", n="#1", all="#2"),
            "page_head": say("page"),
            "figure": say("figure"),
            "value": say("value"),
            "timeline": say("Coverage over the periods"),
        }

    def _list_pages(self) -> list[str]:
        if self._chosen:
            return [self._chosen]
        held = self._view.villages.index.str[: codes.length_of("subdistrict")].unique()
        return [code for code in sorted(held) if not self._only or code in self._only]

    def _overview(self, pages: list[dict[str, Any]], title: str) -> dict[str, Any]:
        areas = build_view(self._data, replace(self._query, villages=False), level="subdistrict")
        anchors = {page["code"]: page["anchor"] for page in pages}
        area = name_area(self._data, self._query.place)
        listed = areas.shown[areas.shown["found"] > 0]
        table = build_table(
            listed,
            areas.totals,
            self._places.looks,
            self._language,
            order=self._query.order,
            level="subdistrict",
            anchors=anchors,
        )
        height = self._map_height(len(listed))
        figure = draw_figure(
            self._places, self._language, WIDTH, height, names_areas=len(pages) > 1
        )
        statement = build_statement(self._data, self._query, self._language)
        return {
            "title": f"{title}: {area}",
            "subtitle": " · ".join(filter(None, (statement.people_and_period, statement.kept))),
            "figures": self._figures(self._view),
            "sentences": list_findings(self._view, self._language),
            "map": self._keep("overview", figure),
            "alt": describe_map(self._data, self._view, area, self._language),
            "table": table,
        }

    def _view_of(self, code: str) -> View:
        """Build the view of a subdistrict, with looks and classes of the whole regency."""
        part = build_view(self._data, replace(self._query, place=code), level="village")
        shown = self._view.shown[self._view.shown.index.str.startswith(code)]
        return replace(part, shown=shown, classes=self._view.classes)

    def _subdistrict(self, code: str) -> dict[str, Any]:
        view, area = self._view_of(code), name_area(self._data, code)
        listed = view.shown[view.shown["found"] > 0]
        figure = draw_figure(
            self._places,
            self._language,
            WIDTH,
            self._map_height(len(listed)),
            within=code,
            numbers=number_places(listed, self._query.order),
        )
        return self._page(code, view, area, name_above(self._data, code), figure) | {
            "table": build_table(
                listed, view.totals, self._places.looks, self._language, order=self._query.order
            )
        }

    def _village(self, code: str) -> dict[str, Any]:
        subdistrict = codes.parent(code)
        view = self._view_of(subdistrict)
        row = view.shown.loc[code]
        area = name_village(str(row["kind"]), str(row["name"]), self._language)
        figure = draw_figure(
            self._places, self._language, WIDTH, _VILLAGE_MAP, within=subdistrict, marked=code
        )
        rates = build_timeline(self._data, self._query, code)
        drawn = draw_timeline(rates, view.query.period, view.query.target, self._language)
        if drawn:
            self._drawings[f"timeline-{code}"] = drawn
        page = self._page(subdistrict, view, area, name_above(self._data, code), figure, key=code)
        known = rates.dropna()
        return page | {
            "sentences": [],
            "figures": list_village_headline(self._view, code, self._language),
            "facts": list_facts(self._data, self._view, code, self._language),
            "timeline": f"timeline-{code}" if drawn else "",
            "timeline_alt": "; ".join(
                f"{self._language.period(period)}: {self._language.rate(rate)}"
                for period, rate in known.items()
            ),
        }

    def _page(
        self, code: str, view: View, area: str, above: str, figure: Figure, *, key: str = ""
    ) -> dict[str, Any]:
        """Collect what pages of subdistricts and villages share."""
        name, say = key or code, self._language
        self._drawings[f"locator-{code}"] = draw_locator(self._places, *_LOCATOR, code)
        return {
            "code": name,
            "anchor": f"page-{name}",
            "title": area,
            "subtitle": above,
            "locator": f"locator-{code}",
            "locator_alt": say("Where {area} lies", area=name_area(self._data, code)),
            "figures": self._figures(view),
            "sentences": list_findings(view, say),
            "map": self._keep(f"map-{name}", figure),
            "alt": describe_map(self._data, view, name_area(self._data, code), say),
        }

    def _keep(self, name: str, figure: Figure) -> str:
        self._drawings[name] = figure.write()
        self._maps += figure.maps
        return name

    def _figures(self, view: View) -> list[dict[str, str]]:
        figures = []
        for n, figure in enumerate(list_headline(self._data, view, self._language)):
            note = "" if n == _ELIGIBLE else figure.note or ""
            figures.append({"figure": figure.value, "words": figure.words, "note": note})
        return figures

    def _method(self) -> dict[str, Any]:
        say = self._language
        parts = (
            (say("What the figures mean"), FIGURES),
            (say("States of a village"), STATES),
            (say("Limits"), LIMITS),
        )
        sections = [
            {"title": title, "items": [_split_bold(say(text)) for text in texts]}
            for title, texts in parts
        ]
        sources = [[f"{label}: ", text] for label, text in list_sources(self._data, say)]
        sections.append({"title": say("Where the data is from"), "items": sources})
        maps = [["", say(text)] for text in MAP_SENTENCES]
        sections.append({"title": say("How the maps are drawn"), "items": maps})
        return {"title": say("Method and sources"), "parts": sections}

    @staticmethod
    def _map_height(rows: int) -> float:
        tight = rows > 18
        table = _HEADS + rows * (_TIGHT_ROW if tight else _ROW)
        return min(max(_ROOM - table, _LEAST_MAP), _MOST_MAP)


def _find_regency(place: str, data: Dataset, language: Language) -> str:
    level = codes.find_level(place)
    if level in ("regency", "subdistrict", "village"):
        return codes.ancestor(place, "regency")
    known = data.names.index[data.names.index.str.len() == codes.length_of("regency")]
    raise QueryProblem(
        mark("An atlas is of one regency: name it by its code, such as {example}."),
        example=str(known[0]) if len(known) else "62.05",
    )


def _split_bold(text: str) -> list[str]:
    """Words in bold at the beginning of a sentence, and the rest."""
    if not text.startswith("**"):
        return ["", text]
    _, bold, rest = text.split("**", 2)
    return [bold, rest]
