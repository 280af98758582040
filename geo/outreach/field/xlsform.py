"""A form for ODK: one visit a submission, villages as a list of entities.

The archive holds the form (XLSForm), the villages as entities for ODK Central, the same villages
as an attachment for servers without entities, and a page that says what to do with them. The table
of submissions comes back like a worklist: its columns have the names of the fields.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import xlsxwriter

from ...core.errors import mark
from ...core.i18n import LANGUAGES, Language, get_language
from ..store import STATUSES
from ..worklist import HEADINGS, KEY
from .plan import FieldPlan, field_notes

LIST: Final = "jangkau_villages"
# Path of the village that is chosen.
_ITEM: Final = "/".join((f"instance('{LIST}')", "root", "item[name = ${village}]"))
# What a form calls its languages; the first one is that of the form at first.
_LANGUAGES: Final = {"id": "Bahasa Indonesia (id)", "en": "English (en)"}
_MOST: Final = 100_000
_NAMESPACE: Final = uuid.UUID("b0a3f6f4-5f3b-4b7e-9d52-0a4b5c2f6f10")
_VISITED: Final = "${status} = 'visited'"
_WHOLE: Final = f". >= 0 and . <= {_MOST}"
_PEOPLE: Final = mark("Enter a whole number from 0 to 100,000.")
# Properties of an entity beside its label, and those that a visit changes.
_GIVEN: Final = (KEY, "code", "subdistrict", "round", "stop", "planned", "geometry")
_FILLED: Final = tuple(HEADINGS)
_TRANSLATED: Final = ("label", "hint", "constraint_message")
_NO_NUMBERS: Final = mark("Write no names and no member numbers; long numbers are hidden.")
# What stands after the words of a note: properties of the village that is chosen.
_FACTS: Final = {"facts": ": ${subdistrict}, ${planned}"}
_README: Final = (
    mark("form.xlsx is the form; upload it to ODK Central first. Publishing it makes the list."),
    mark("entities.csv holds the villages; upload it to the list {name} of the project."),
    mark("{name}.csv is for servers without entities: attach it to the form."),
    mark("Bring the submissions back as CSV on the page Plan; rows are found by {key}."),
)


def write_odk_form(field: FieldPlan, language: Language) -> bytes:
    """Write the archive with form, villages and explanation."""
    body = io.BytesIO()
    entities, attachment = _list_entities(field, language), _list_attachment(field, language)
    files = {
        "form.xlsx": write_xlsform(field),
        "entities.csv": _write_csv(("label", *_GIVEN, *_FILLED), entities),
        f"{LIST}.csv": _write_csv(("name", "label", *_GIVEN, *_FILLED), attachment),
        "README.txt": _write_readme(field, language).encode(),
    }
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            # The same plan gives the same bytes.
            archive.writestr(zipfile.ZipInfo(name), content)
    return body.getvalue()


def write_xlsform(field: FieldPlan) -> bytes:
    """Write the form as a workbook, in both languages."""
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True, "strings_to_formulas": False})
    plan = field.plan
    book.set_properties({"title": plan.name, "created": dt.datetime.fromisoformat(plan.created)})
    _write_sheet(book, "survey", [_translate(row) for row in _list_questions()])
    choices = [
        _translate({"list_name": "status", "name": key, "label": words})
        for key, words in STATUSES.items()
    ]
    _write_sheet(book, "choices", choices)
    # Another version for a plan of which more has come back.
    version = f"{plan.created[:10].replace('-', '')}{int(field.villages['seen'].sum()):05}"
    settings = {
        "form_title": f"Jangkau: {plan.name}",
        "form_id": f"jangkau_{plan.key}",
        "version": version,
        "default_language": _LANGUAGES[LANGUAGES[0]],
        "instance_name": f"{_ITEM}/label",
    }
    _write_sheet(book, "settings", [settings])
    _write_sheet(book, "entities", [{"list_name": LIST, "entity_id": "${village}"}])
    book.close()
    return body.getvalue()


def _list_questions() -> list[dict[str, str]]:
    """List rows of the survey, texts in English."""
    given = [
        {"type": "calculate", "name": name, "calculation": f"{_ITEM}/{name}", "save_to": name}
        for name in _GIVEN
    ]
    questions = [
        {
            **{"type": f"select_one_from_file {LIST}.csv", "name": "village"},
            **{"label": mark("Village"), "required": "yes", "appearance": "minimal autocomplete"},
        },
        *given,
        {"type": "note", "name": "facts", "label": mark("Subdistrict and people planned")},
        {"type": "select_one status", "name": "status", "required": "yes"},
        {"type": "integer", "name": "enrolled", "required": "yes", "relevant": _VISITED},
        {"type": "integer", "name": "reactivated", "required": "yes", "relevant": _VISITED},
        {"type": "text", "name": "team"},
        {
            **{"type": "date", "name": "day", "required": "yes"},
            **{"relevant": "${status} != 'planned'", "constraint": ". <= today()"},
            "constraint_message": mark("Enter the date of the visit, not in the future."),
        },
        {
            **{"type": "text", "name": "note", "appearance": "multiline"},
            "constraint": "not(regex(., '.*[0-9]([ .-]?[0-9]){10,}.*'))",
            "constraint_message": _NO_NUMBERS,
            "hint": _NO_NUMBERS,
        },
    ]
    for question in questions:
        if question["name"] in HEADINGS:
            question.update(label=HEADINGS[question["name"]], save_to=question["name"])
        if question["type"] == "integer":
            question.update(constraint=_WHOLE, constraint_message=_PEOPLE)
    return questions


def _translate(row: Mapping[str, str]) -> dict[str, str]:
    """Give each text a column for each language."""
    translated = {}
    for column, text in row.items():
        if column not in _TRANSLATED:
            translated[column] = text
            continue
        for code, name in _LANGUAGES.items():
            words = get_language(code)(text) + _FACTS.get(row["name"], "")
            translated[f"{column}::{name}"] = words
    return translated


def _write_sheet(book: xlsxwriter.Workbook, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    sheet = book.add_worksheet(name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column)
        for number, row in enumerate(rows, 1):
            if row.get(column):
                sheet.write_string(number, place, row[column])


def _list_entities(field: FieldPlan, language: Language) -> list[dict[str, Any]]:
    """List villages with their properties, in the order of the visits."""
    return [
        {
            "label": f"{row['name']} · {row['subdistrict']}",
            KEY: field.row_key(str(code)),
            "code": code,
            "subdistrict": row["subdistrict"],
            "round": row["round"] or "",
            "stop": row["stop"] or "",
            "planned": language(
                "planned: {n} people", n=language.count(row["enrol"] + row["reactivate"])
            ),
            "geometry": _position(row["lat"], row["lon"]),
            **{name: row[name] for name in _FILLED},
        }
        for code, row in field.villages.iterrows()
    ]


def _list_attachment(field: FieldPlan, language: Language) -> list[dict[str, Any]]:
    """List the same with identifiers of our own, which stay from one download to the next."""
    return [
        {"name": str(uuid.uuid5(_NAMESPACE, f"{field.plan.key}:{row['code']}")), **row}
        for row in _list_entities(field, language)
    ]


def _position(lat: float, lon: float) -> str:
    """Write a position as ODK does: latitude, longitude, altitude, accuracy; empty if unknown."""
    return "" if np.isnan(lat) or np.isnan(lon) else f"{lat:.6f} {lon:.6f} 0 0"


def _write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _plain(cell) for name, cell in row.items()} for row in rows)
    return text.getvalue().encode()


def _plain(cell: Any) -> Any:
    """Write a cell that no spreadsheet takes for a formula."""
    return f" {cell}" if isinstance(cell, str) and cell[:1] in "=+@\t\r" and cell else cell


def _write_readme(field: FieldPlan, language: Language) -> str:
    lines = [field.plan.name, ". ".join(field_notes(field, language)), ""]
    lines += [language(sentence, name=LIST, key=KEY) for sentence in _README]
    return "\r\n".join([*lines, ""])
