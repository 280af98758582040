"""Files to take along: GeoJSON, CSV, XLSX, of the places that pass the filters.

Codes are text in all of them, unknown values are empty (never 0), and every
file says period, source and whether figures are synthetic or boundaries
approximate.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely
import xlsxwriter

from ..core import codes
from ..core.codebook import COLUMN_NAMES, COLUMNS
from ..core.i18n import Language
from ..core.labels import LEVEL_LABELS, ORIGIN_LABELS, scope_words
from ..core.version import program_version
from ..measures.dataset import Dataset
from ..measures.measure import find_basis
from ..measures.origins import are_mixed
from ..measures.query import Query
from ..measures.view import View, build_view, find_price
from ..reporting.about import eligible_source
from ..reporting.findings import balance_sentence, half_sentence, listed_sentence
from ..reporting.statement import Fact, Statement, build_statement
from .style_rules import RATE_DIGITS

_COORDINATE_STEP: Final = 1e-7
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER_FORMATS: Final = {"people": "#,##0", "count": "#,##0", "rupiah": "#,##0", "rate": "0.00%"}


@dataclass(frozen=True)
class Extract:
    """Places to write, with what must be said about them.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of the codebook, in its order; rows in the order of the query.
    shapes : geopandas.GeoSeries
        Full-resolution polygons by code (None where there is none).
    about : tuple of Fact
        What the figures are of, how they add up, sources and notes.
    view : View
        What the places are of; its classes and colours style the files.
    """

    table: pd.DataFrame
    shapes: gpd.GeoSeries
    about: tuple[Fact, ...]
    view: View


def build_extract(data: Dataset, query: Query, level: codes.Level, language: Language) -> Extract:
    """Places of a level that pass the filters, as one value for every format.

    Parameters
    ----------
    data : Dataset
        What there is.
    query : Query
        What is asked; range and state filters choose villages, and areas that
        hold one of them.
    level : str
        Level of the places to write.
    language : Language
        Of what is said about them.
    """
    return extract_view(data, build_view(data, query, level=level), language)


def extract_view(data: Dataset, view: View, language: Language) -> Extract:
    """The places that a view lists, as one value for every format."""
    statement = build_statement(data, view.query, language)
    found = view.listed
    gaps = found["coverage_gap"].fillna(0)
    table = found.assign(
        rank=range(1, len(found) + 1),
        code=found.index,
        eligible_low=found.get("eligible_low", found["eligible"]),
        eligible_high=found.get("eligible_high", found["eligible"]),
        eligible_basis=_basis(data, found),
        eligible_source=[_sources_of(data, code, language) for code in found.index],
        parent_code=[codes.parent(code) for code in found.index],
        period=view.query.period,
        cumulative_share=(gaps.cumsum() / gaps.sum()).where(found["coverage_gap"] > 0),
        segments=statement.text_of("segments"),
        programmes=statement.text_of("programmes"),
        filters=_filter_words(statement),
        target=view.query.target,
        contribution_month=find_price(data, view.query),
        priority=found["priority"].round(),
        compare_period=view.compared,
        note="; ".join(_notes(data, view, language)),
    )
    table["parent_name"] = data.names.reindex(table["parent_code"]).fillna("").to_list()
    shapes = data.shapes.full(view.level, view.query.place)
    return Extract(
        table[list(COLUMN_NAMES)].reset_index(drop=True),
        shapes.reindex(found.index),
        _about(data, view, statement, language),
        view,
    )


def _basis(data: Dataset, found: pd.DataFrame) -> pd.Series:
    basis = find_basis(found)
    return basis.mask(basis == "counted", "synthetic") if data.synthetic_eligible else basis


def _sources_of(data: Dataset, code: str, language: Language) -> str:
    # Of one source for all, none needs to be looked for.
    sources = data.eligible_sources
    if len(sources) > 1:
        sources = data.list_sources(code)
    return "; ".join(language(source) for source in sources)


def _filter_words(statement: Statement) -> str:
    """Subdistricts chosen, and which villages are listed."""
    kept = {fact.key: f"{fact.label}: {fact.text}" for fact in statement.facts}
    return "; ".join(kept[key] for key in ("subdistricts", "filters") if key in kept)


def _notes(data: Dataset, view: View, language: Language) -> list[str]:
    notes = [language("synthetic sample")] if data.synthetic else []
    notes += [language("approximate boundaries")] if data.boundaries.approximate else []
    notes += _origin_notes(view, language)
    return [*notes, *filter(None, [scope_words(view.scope, language)])]


def _origin_notes(view: View, language: Language) -> list[str]:
    """How many villages have eligible workers that are estimated, or of another source."""
    origins = view.villages["origin"]
    if not are_mixed(origins):
        return [
            language(ORIGIN_LABELS[origin]) for origin in ORIGIN_LABELS if origin in set(origins)
        ]
    counts = origins.value_counts()
    return [
        language(
            "{words}: {count} of {villages} villages",
            words=language(words),
            count=language.count(counts[origin]),
            villages=language.count(len(origins)),
        )
        for origin, words in ORIGIN_LABELS.items()
        if counts.get(origin)
    ]


def _about(data: Dataset, view: View, statement: Statement, language: Language) -> tuple[Fact, ...]:
    layer, today = data.boundaries, dt.date.today()
    dated = layer.date and Fact(
        "boundary_date", language("date of the boundaries"), language.date(layer.date),
        layer.date.isoformat(),
    )  # fmt: skip
    findings = [half_sentence(view, language)]
    if view.level == "village":
        findings.insert(0, listed_sentence(view, language))
    notes = _notes(data, view, language)
    facts = (
        Fact("name", language("title"), f"Jangkau: {statement.title}"),
        *statement.facts,
        Fact("level", language("places"), language(LEVEL_LABELS[view.level]), view.level),
        Fact("listed", language("listed"), " ".join(filter(None, findings))),
        Fact("balance", language("how the figures add up"), balance_sentence(view, language)),
        Fact("date", language("written on"), language.date(today), today.isoformat()),
        Fact("boundary_source", language("Boundaries"), language(layer.source)),
        *([dated] if dated else []),
        Fact("eligible_source", language("Eligible workers"), eligible_source(data, language)),
        Fact("contribution_source", language("Contributions"), language(data.contributions.source)),
        Fact("notes", language("note"), "; ".join(notes), notes),
        Fact("language", language("Language"), language.code),
        Fact("version", language("made with"), f"Jangkau {program_version()}"),
    )
    return tuple(fact for fact in facts if fact.text)


def write_geojson(extract: Extract) -> bytes:
    """GeoJSON by RFC 7946: WGS84, right-hand rule, no ``crs`` member.

    What the figures are of, sources, date and notes are foreign members of the collection.
    """
    oriented = shapely.orient_polygons(_snapped(extract.shapes), exterior_cw=False)
    features = [
        {
            "type": "Feature",
            "id": properties["code"],
            "properties": properties,
            "geometry": None if shape is None else shapely.geometry.mapping(shape),
        }
        for properties, shape in zip(plain_rows(extract.table), oriented, strict=True)
    ]
    known = extract.shapes.dropna()
    box = {"bbox": [round(float(edge), 7) for edge in known.total_bounds]} if len(known) else {}
    about = {fact.key: fact.plain for fact in extract.about}
    collection = {"type": "FeatureCollection", **about, **box, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _snapped(shapes: gpd.GeoSeries) -> Any:
    """Positions on a grid of 1e-7 degrees (about 1 cm): valid, and short to write."""
    return shapely.set_precision(shapes.to_numpy(), _COORDINATE_STEP)


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with whole numbers as int, rates rounded, unknown as None."""
    kinds = {column.name: column.kind for column in COLUMNS}
    return [
        {name: _plain(value, kinds[name]) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any, kind: str) -> Any:
    if kind == "text":
        return value
    if pd.isna(value):
        return None
    return round(float(value), RATE_DIGITS) if kind == "rate" else int(value)


def write_csv(extract: Extract) -> bytes:
    """CSV in UTF-8 with a byte-order mark, so that spreadsheets read names right.

    A text that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    rows = pd.DataFrame(plain_rows(extract.table), columns=list(COLUMN_NAMES), dtype="object")
    text = [column.name for column in COLUMNS if column.kind == "text"]
    rows[text] = rows[text].map(disarmed)
    return csv_bytes(rows)


def csv_bytes(table: pd.DataFrame, *, separator: str = ",") -> bytes:
    """A table as CSV that a spreadsheet opens, its texts as they are (see `disarmed`)."""
    text: str = table.to_csv(index=False, lineterminator="\r\n", sep=separator)
    return text.encode("utf-8-sig")


def disarmed(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if str(text).startswith(_FORMULA_STARTS) else text


def write_xlsx(extract: Extract, language: Language) -> bytes:
    """Workbook with the places, the codebook, and where everything is from."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _write_places(book, extract, language)
        _write_codebook(book, language)
        _write_about(book, extract, language)
    return buffer.getvalue()


def _write_places(book: xlsxwriter.Workbook, extract: Extract, language: Language) -> None:
    sheet = book.add_worksheet(language("Places"))
    header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for place, column in enumerate(COLUMNS):
        cell = book.add_format({"num_format": _NUMBER_FORMATS.get(column.kind, "@")})
        sheet.set_column(place, place, 20 if column.kind == "text" else 14, cell)
        sheet.write_string(0, place, language(column.label), header)
    for line, row in enumerate(plain_rows(extract.table), start=1):
        for place, column in enumerate(COLUMNS):
            value = row[column.name]
            if column.kind == "text":
                sheet.write_string(line, place, str(value))
            elif value is not None:
                sheet.write_number(line, place, value)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(extract.table), 1), len(COLUMNS) - 1)


def _write_codebook(book: xlsxwriter.Workbook, language: Language) -> None:
    sheet = book.add_worksheet(language("Codebook"))
    sheet.set_column(0, 2, 20)
    sheet.set_column(3, 3, 90)
    titles = (language("column"), language("label"), language("kind of value"), language("meaning"))
    sheet.write_row(0, 0, titles, book.add_format({"bold": True, "bottom": 1}))
    for line, column in enumerate(COLUMNS, start=1):
        words = (column.name, language(column.label), column.kind, language(column.meaning))
        sheet.write_row(line, 0, words)


def _write_about(book: xlsxwriter.Workbook, extract: Extract, language: Language) -> None:
    sheet = book.add_worksheet(language("About"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for line, fact in enumerate(extract.about):
        sheet.write_string(line, 0, fact.label)
        sheet.write_string(line, 1, fact.text)
