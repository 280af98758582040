"""Worklists go out, are filled in by people, mangled by spreadsheets, and come back."""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import partial
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo.core.errors import FileProblem
from geo.core.files import Upload
from geo.core.i18n import Language
from geo.enrolment.sheets import read_rows
from geo.outreach.progress import list_visits
from geo.outreach.store import PlanStore, Record
from geo.outreach.worklist import (
    KEY,
    OUTCOMES,
    count_outcomes,
    find_plan_key,
    take_back,
    write_worklist,
)

ID, EN = Language("id"), Language("en")
CODES = [f"62.05.01.2{n:03}" for n in range(1, 13)]
NAMES = pd.Series({**{code: f"Desa {n}" for n, code in enumerate(CODES)}, "62.05.01": "Montallat"})
PROMISED = {code: {"enrol": 30, "reactivate": 4, "enrolled": 100} for code in CODES}
# How many mangled worklists are tried; `make worklists` tries 1,000.
_MANGLED = int(os.environ.get("MANGLED_WORKLISTS", "24"))


def start(folder: Path) -> tuple[PlanStore, str]:
    store = PlanStore(folder)
    return store, store.save_plan("Desember", {"synthetic": True}, PROMISED, period="2024-10")


def workbook(store: PlanStore, key: str, language: Language = ID) -> bytes:
    plan = store.read_plan(key)
    return write_worklist(plan, list_visits(plan, store.follow(key), NAMES), language)


def edit(body: bytes, *changes) -> list[tuple[int, list[str]]]:
    """Rows of a workbook after changes of cells, saved by another program."""
    book = openpyxl.load_workbook(BytesIO(body))
    for change in changes:
        change(book.active)
    saved = BytesIO()
    book.save(saved)
    return read_rows(Upload("daftar.xlsx", saved.getvalue()))


def put(row: int, column: int, value):
    return lambda sheet: setattr(sheet.cell(row, column), "value", value)


def back(store: PlanStore, key: str, rows) -> dict[str, int]:
    return count_outcomes(take_back(store, store.read_plan(key), rows, author="lembar kerja"))


@pytest.mark.parametrize("language", [ID, EN])
def test_a_worklist_is_made_to_be_filled_in(tmp_path: Path, language: Language) -> None:
    store, key = start(tmp_path)
    sheet = openpyxl.load_workbook(BytesIO(workbook(store, key, language))).active
    assert sheet.freeze_panes == "E5"
    assert sheet.column_dimensions["A"].hidden
    assert sheet["A4"].value == KEY
    assert sheet.print_area == f"'{sheet.title}'!$B$1:$L$16"
    assert sheet.print_title_rows == "$4:$4"
    kinds = Counter(rule.type for rule in sheet.data_validations.dataValidation)
    assert kinds == {"list": 1, "whole": 1, "date": 1}
    assert {ID: "sampel sintetis", EN: "synthetic sample"}[language] in sheet["B2"].value
    status = {ID: "direncanakan", EN: "planned"}[language]
    assert [cell.value for cell in sheet[5]][1:7] == [1, "Montallat", "Desa 0", 30, 4, status]
    assert workbook(store, key, language) == workbook(store, key, language)


def test_what_a_team_fills_in_is_recorded_once(tmp_path: Path) -> None:
    store, key = start(tmp_path)
    rows = edit(
        workbook(store, key),
        *(put(5, 7, "dikunjungi"), put(5, 8, 21), put(5, 9, 2), put(5, 10, "Tim A")),
        *(put(5, 11, "03/12/2026"), put(5, 12, "hujan"), put(6, 7, "menolak")),
    )
    assert find_plan_key(rows) == key
    assert back(store, key, rows) == {"recorded": 2, "unchanged": 10}
    assert back(store, key, rows) == {"unchanged": 12}
    followed = {village.code: village.current for village in store.follow(key)}
    assert followed[CODES[0]].record == Record("visited", 21, 2, "Tim A", "2026-12-03", "hujan")
    assert followed[CODES[0]].author == "lembar kerja"
    assert followed[CODES[1]].record.status == "refused"


def test_a_sheet_that_was_overtaken_is_one_of_three_versions(tmp_path: Path) -> None:
    store, key = start(tmp_path)
    rows = edit(workbook(store, key), put(5, 7, "dikunjungi"), put(5, 8, 21))
    store.record(key, CODES[0], Record("visited", 19), base=1, author="Ayu")
    store.record(key, CODES[0], Record("postponed"), base=1, author="Budi")
    assert back(store, key, rows) == {"conflict": 1, "unchanged": 11}
    rivals = next(v for v in store.follow(key) if v.code == CODES[0]).rivals
    assert [version.author for version in rivals] == ["Ayu", "Budi", "lembar kerja"]
    assert back(store, key, rows) == {"unchanged": 12}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (put(5, 7, "selesai"), "bad_status"),
        (put(5, 7, None), "bad_status"),
        (put(5, 8, "1.234"), "bad_number"),
        (put(5, 8, -3), "bad_number"),
        (put(5, 9, "dua"), "bad_number"),
        (put(5, 11, "besok"), "bad_day"),
        (put(5, 1, None), "no_key"),
        (put(5, 1, "0123456789ab:62.05.01.2001:1"), "other_plan"),
    ],
)
def test_each_fault_has_its_outcome(tmp_path: Path, change, outcome: str) -> None:
    store, key = start(tmp_path)
    rows = edit(workbook(store, key), change)
    assert back(store, key, rows) == {"unchanged": 11, outcome: 1}
    assert all(village.current.number == 1 for village in store.follow(key))


def test_any_other_table_is_refused(tmp_path: Path) -> None:
    store, key = start(tmp_path)
    with pytest.raises(FileProblem, match="no worklist"):
        back(store, key, [(1, ["Desa", "Status"]), (2, ["A", "x"])])


def mangle(sheet, draw: random.Random) -> None:
    """One thing that people and programs do to a sheet."""
    row, last = draw.randint(5, max(5, sheet.max_row)), sheet.max_row
    column = draw.randint(1, 12)
    values = ("", None, 7, 3.0, "12", "x", "menolak", "VISITED", "01-02-2027", -1, 46000, "9" * 20)
    kind = draw.randrange(8)
    if kind == 0:
        sheet.delete_rows(row)
    elif kind == 1:
        sheet.insert_rows(row)
    elif kind == 2:
        sheet.append([cell.value for cell in sheet[row]])
    elif kind == 3:
        sheet.append([draw.choice(values) for _ in range(12)])
    elif kind == 4 and last > 6:
        # Two rows change places, as by sorting.
        other = draw.randint(5, last)
        for at in range(1, 13):
            one, two = sheet.cell(row, at), sheet.cell(other, at)
            one.value, two.value = two.value, one.value
    elif kind == 5:
        sheet.insert_cols(draw.randint(2, 12))
    elif kind == 6:
        sheet.insert_rows(1)
    else:
        sheet.cell(row, column).value = draw.choice(values)


def test_of_mangled_worklists_every_row_is_accounted_for(tmp_path: Path) -> None:
    seen: Counter = Counter()
    store, key = start(tmp_path)
    body = workbook(store, key)
    for seed in range(_MANGLED):
        draw = random.Random(seed)
        rows = edit(body, *[partial(mangle, draw=draw)] * draw.randint(1, 12))
        plan = store.read_plan(key)
        try:
            outcomes = take_back(store, plan, rows, author="lembar kerja")
        except FileProblem:
            seen["refused"] += 1
            continue
        header = next(at for at, (_, cells) in enumerate(rows) if KEY in cells)
        content = [number for number, cells in rows[header + 1 :] if any(cells)]
        assert [outcome.row for outcome in outcomes] == content
        assert {outcome.outcome for outcome in outcomes} <= set(OUTCOMES)
        before = store.history(key)
        again = take_back(store, plan, rows, author="lembar kerja")
        assert not {"recorded", "conflict"} & {outcome.outcome for outcome in again}
        assert store.history(key) == before
        seen.update(outcome.outcome for outcome in outcomes)
    assert seen["recorded"] and seen["unchanged"] and seen["no_key"] and seen["repeated"]
    assert seen["refused"] < _MANGLED / 4
