"""Worklists: a workbook that a team fills in, and what it says when it comes back.

Each row carries a hidden key: plan, village and the version of the visit that was written. Coming
back, rows are matched by this key alone, whatever was sorted, moved or deleted; each row has one
outcome, and the outcomes add up to the rows. Reading the same workbook twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import xlsxwriter
from pydantic import TypeAdapter, ValidationError

from ..core.errors import FileProblem, QueryProblem, mark
from ..core.i18n import LANGUAGES, Language, get_language
from ..core.privacy import hide_numbers
from .store import STATUSES, PlanStore, Record, SavedPlan, check_record

KEY: Final = "jangkau_key"
# What a field page exported of a village before: a correction then follows its own first version.
BEFORE: Final = "jangkau_before"
# Headings of what a team fills in, by what a row is read into.
HEADINGS: Final = {
    "status": mark("Status"),
    "enrolled": mark("Enrolled (people)"),
    "reactivated": mark("Reactivated (people)"),
    "team": mark("Team"),
    "day": mark("Date"),
    "note": mark("Note"),
}
OUTCOMES: Final = {
    "recorded": mark("recorded"),
    "conflict": mark("recorded, and contradicts another version: to be chosen on the page"),
    "unchanged": mark("says nothing new"),
    "repeated": mark("repeats another row"),
    "contradicting": mark("the same village twice with different content; correct the sheet"),
    "other_plan": mark("belongs to another plan"),
    "no_key": mark("has no key: the row was added or its key was changed"),
    "bad_status": mark("the status is none of the list"),
    "bad_number": mark("a number of people is no whole number of 0 or more"),
    "bad_day": mark("the date is no day"),
}
_KEY_FORM: Final = re.compile(r"([0-9a-f]{12}):([0-9.]{13}):([0-9]{1,9})")
_WHOLE: Final = re.compile(r"([0-9]{1,7})(?:\.0)?")
_DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
# Days that a spreadsheet counts from, and the numbers that can be a day of our time.
_DAY_ZERO: Final = dt.date(1899, 12, 30)
_SERIALS: Final = range(40_000, 80_000)
_MOST_PEOPLE: Final = 100_000
_RECORDS: Final = TypeAdapter(list[Record])
_HEADER_ROW: Final = 3
_SEARCHED: Final = 30
_WIDTHS: Final = (0, 5, 18, 24, 12, 12, 15, 13, 13, 16, 13, 34)


def write_worklist(plan: SavedPlan, visits: pd.DataFrame, language: Language) -> bytes:
    """Write the workbook of a plan, or of a team's part of it.

    Parameters
    ----------
    plan : SavedPlan
        The plan.
    visits : pandas.DataFrame
        Rows of `geo.outreach.progress.list_visits`, in the order to write.
    language : Language
        Of headings and drop-downs.
    """
    body = io.BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    # The same plan gives the same bytes.
    book.set_properties({"title": plan.name, "created": dt.datetime.fromisoformat(plan.created)})
    sheet = book.add_worksheet(language("Worklist"))
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#F3F1EB"}
    )
    fill = book.add_format({"border": 1, "border_color": "#61707D"})
    day = book.add_format({"border": 1, "border_color": "#61707D", "num_format": "dd/mm/yyyy"})
    title = language("Worklist: {plan}", plan=plan.name)
    sheet.write_string(0, 1, title, book.add_format({"bold": True}))
    period = language("figures of {period}", period=language.period(plan.period))
    note = language("synthetic sample") if plan.content.get("synthetic") else ""
    sheet.write_string(1, 1, ". ".join(filter(None, (period, note))))
    for at, (title, width) in enumerate(zip(_titles(language), _WIDTHS, strict=True)):
        sheet.write_string(_HEADER_ROW, at, title, heading)
        sheet.set_column(at, at, width, None, {"hidden": at == 0})
    for number, row in enumerate(visits.rename(columns={"name": "place"}).itertuples(), 1):
        at, promised = _HEADER_ROW + number, plan.promised[row.Index]
        sheet.write_string(at, 0, f"{plan.key}:{row.Index}:{row.seen}")
        sheet.write_number(at, 1, number)
        sheet.write_string(at, 2, row.subdistrict)
        sheet.write_string(at, 3, row.place)
        sheet.write_number(at, 4, promised["enrol"])
        sheet.write_number(at, 5, promised["reactivate"])
        sheet.write_string(at, 6, language(STATUSES[row.status]), fill)
        for column, people in ((7, row.enrolled), (8, row.reactivated)):
            if people or row.status == "visited":
                sheet.write_number(at, column, people, fill)
            else:
                sheet.write_blank(at, column, None, fill)
        sheet.write_string(at, 9, row.team, fill)
        if row.day:
            sheet.write_datetime(at, 10, dt.date.fromisoformat(row.day), day)
        else:
            sheet.write_blank(at, 10, None, day)
        sheet.write_string(at, 11, row.note, fill)
    _set_rules(sheet, len(visits), language)
    _set_print(sheet, len(visits), plan)
    book.close()
    return body.getvalue()


def _titles(language: Language) -> tuple[str, ...]:
    planned = (language("Plan: to enrol"), language("Plan: to reactivate"))
    filled = tuple(language(words) for words in HEADINGS.values())
    return (KEY, language("No."), language("Subdistrict"), language("Village"), *planned, *filled)


def _set_rules(sheet: xlsxwriter.worksheet.Worksheet, rows: int, language: Language) -> None:
    """Drop-down of the status, whole numbers, days."""
    first, last = _HEADER_ROW + 1, _HEADER_ROW + rows
    statuses = [language(words) for words in STATUSES.values()]
    sheet.data_validation(first, 6, last, 6, {"validate": "list", "source": statuses})
    people = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": _MOST_PEOPLE}
    people |= {"error_title": language("Whole number"), "error_message": language("Enter people.")}
    sheet.data_validation(first, 7, last, 8, people)
    days = {
        **{"validate": "date", "criteria": "between"},
        **{"minimum": dt.date(2020, 1, 1), "maximum": dt.date(2099, 12, 31)},
    }
    sheet.data_validation(first, 10, last, 10, days)


def _set_print(sheet: xlsxwriter.worksheet.Worksheet, rows: int, plan: SavedPlan) -> None:
    """A4 across, header on each page, page numbers."""
    sheet.freeze_panes(_HEADER_ROW + 1, 4)
    sheet.print_area(0, 1, _HEADER_ROW + rows, 11)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{plan.name.replace('&', '&&')}&R&P / &N")


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row.

    Attributes
    ----------
    row : int
        Its number, as a spreadsheet shows it.
    code : str
        Village; empty where the key does not say it.
    outcome : str
        A key of `OUTCOMES`.
    """

    row: int
    code: str
    outcome: str


@dataclass(frozen=True)
class _Filled:
    row: int
    code: str
    base: int
    record: Record
    before: tuple[Record, ...] = ()


def take_back(
    store: PlanStore, plan: SavedPlan, rows: Sequence[tuple[int, Sequence[str]]], *, author: str
) -> list[RowOutcome]:
    """Record what a worklist says.

    Parameters
    ----------
    store : PlanStore
        Where the plan is kept.
    plan : SavedPlan
        The plan that the worklist is of.
    rows : sequence of (int, sequence of str)
        Every row of the sheet with its number, its cells as text.
    author : str
        Who the new versions are by.

    Returns
    -------
    list of RowOutcome
        One for each row with content below the header.

    Raises
    ------
    FileProblem
        If the sheet has no row with the headings of a worklist.
    """
    at, columns = _find_header(rows)
    read = [
        _read_row(plan, number, cells, columns) for number, cells in rows[at + 1 :] if any(cells)
    ]
    filled = [row for row in read if isinstance(row, _Filled)]
    outcomes = [row for row in read if isinstance(row, RowOutcome)]
    said: dict[str, list[_Filled]] = {}
    for row in filled:
        said.setdefault(row.code, []).append(row)
    known = {
        code: {version.number: version.record for version in versions}
        for code, versions in store.history(plan.key).items()
    }
    written = []
    for code, same in said.items():
        if len({(row.base, row.record) for row in same}) > 1:
            outcomes += [RowOutcome(row.row, code, "contradicting") for row in same]
            continue
        outcome = _record(store, plan.key, same[0], known[code], author)
        if outcome == "recorded":
            written.append(same[0])
        else:
            outcomes.append(RowOutcome(same[0].row, code, outcome))
        outcomes += [RowOutcome(row.row, code, "repeated") for row in same[1:]]
    rivals = {village.code for village in store.follow(plan.key) if village.rivals}
    outcomes += [
        RowOutcome(row.row, row.code, "conflict" if row.code in rivals else "recorded")
        for row in written
    ]
    return sorted(outcomes, key=lambda outcome: outcome.row)


def count_outcomes(outcomes: Sequence[RowOutcome]) -> dict[str, int]:
    """Rows by outcome, in the order of `OUTCOMES`, without those that did not occur."""
    counted = Counter(outcome.outcome for outcome in outcomes)
    return {outcome: counted[outcome] for outcome in OUTCOMES if counted[outcome]}


def find_plan_key(rows: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Key of the plan that most rows of a worklist name; empty where none does."""
    at, columns = _find_header(rows)
    keys = (_KEY_FORM.fullmatch(_cell(cells, columns[KEY])) for _, cells in rows[at + 1 :])
    counted = Counter(key[1] for key in keys if key)
    return counted.most_common(1)[0][0] if counted else ""


def _find_header(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, dict[str, int]]:
    """Position of the header, and of each column by what it is read into."""
    words = {
        get_language(code)(heading).casefold(): name
        for name, heading in HEADINGS.items()
        for code in LANGUAGES
    }
    # Programs of others write the names of the fields.
    words |= {name: name for name in HEADINGS}
    for at, (_, cells) in enumerate(rows[:_SEARCHED]):
        if KEY in cells:
            columns = {
                words[cell.casefold()]: n
                for n, cell in enumerate(cells)
                if cell.casefold() in words
            }
            missing = set(HEADINGS) - set(columns)
            if not missing:
                keys = {name: list(cells).index(name) for name in (KEY, BEFORE) if name in cells}
                return at, columns | keys
    raise FileProblem(
        mark(
            "The file is no worklist of Jangkau: a row with its headings and the hidden column "
            "{column} is missing. Choose the workbook that was downloaded here."
        ),
        column=KEY,
    )


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _read_row(
    plan: SavedPlan, number: int, cells: Sequence[str], columns: dict[str, int]
) -> _Filled | RowOutcome:
    """Read a row as it can be recorded, or why it cannot."""
    key = _KEY_FORM.fullmatch(_cell(cells, columns[KEY]))
    if key is None:
        return RowOutcome(number, "", "no_key")
    if key[1] != plan.key:
        return RowOutcome(number, "", "other_plan")
    code = key[2]
    if code not in plan.promised:
        return RowOutcome(number, "", "no_key")
    given = {name: _cell(cells, columns[name]) for name in HEADINGS}
    status = _statuses().get(given["status"].casefold())
    people = [_read_people(given[name]) for name in ("enrolled", "reactivated")]
    day = _read_day(given["day"])
    if status is None:
        return RowOutcome(number, code, "bad_status")
    if people[0] is None or people[1] is None:
        return RowOutcome(number, code, "bad_number")
    if day is None:
        return RowOutcome(number, code, "bad_day")
    record = Record(status, people[0], people[1], given["team"], day, hide_numbers(given["note"]))
    before = _read_before(_cell(cells, columns[BEFORE])) if BEFORE in columns else ()
    return _Filled(number, code, int(key[3]), record, before)


def _read_before(text: str) -> tuple[Record, ...]:
    """Read records that were exported before; none where the cell cannot be read."""
    try:
        return tuple(check_record(record) for record in _RECORDS.validate_json(text or "[]"))
    except (ValidationError, QueryProblem):
        return ()


def _statuses() -> dict[str, str]:
    """Status by its word in either language."""
    return {
        get_language(code)(words).casefold(): status
        for status, words in STATUSES.items()
        for code in LANGUAGES
    }


def _read_people(text: str) -> int | None:
    """Whole number; an empty cell is 0; None for anything else, such as ``1.234``."""
    whole = _WHOLE.fullmatch(text or "0")
    return int(whole[1]) if whole and int(whole[1]) <= _MOST_PEOPLE else None


def _read_day(text: str) -> str | None:
    """Read a day as ``2026-12-01``; empty for an empty cell; None where it is none."""
    if not text:
        return ""
    if _WHOLE.fullmatch(text) and int(float(text)) in _SERIALS:
        return (_DAY_ZERO + dt.timedelta(int(float(text)))).isoformat()
    for form in _DAY_FORMS:
        try:
            return dt.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return None


def _record(
    store: PlanStore, key: str, row: _Filled, known: Mapping[int, Record], author: str
) -> str:
    """Record a row; its outcome, as far as other versions do not matter."""
    if row.base not in known:
        return "no_key"
    base = _find_base(row, known)
    version = store.record(key, row.code, row.record, base=base, author=author)
    return "unchanged" if version.number in known else "recorded"


def _find_base(row: _Filled, known: Mapping[int, Record]) -> int:
    """Find the version that a row corrects: the last of its own that has come, else its base.

    Parameters
    ----------
    row : _Filled
        With what its device exported before.
    known : mapping of int to Record
        Versions of the village by number.
    """
    own = (n for n, record in known.items() if n > row.base and record in row.before)
    return max(own, default=row.base)
