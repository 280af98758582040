"""Results of the field page come back: every row accounted for, and twice is once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_worklist import CODES, PROMISED

from geo.core.errors import FileProblem
from geo.core.files import Upload
from geo.enrolment.sheets import read_rows
from geo.outreach.field.results import is_json, read_json_rows
from geo.outreach.store import PlanStore, Record
from geo.outreach.worklist import count_outcomes, find_plan_key, take_back


def start(folder: Path) -> tuple[PlanStore, str]:
    store = PlanStore(folder)
    return store, store.save_plan("Desember", {}, PROMISED, period="2024-10")


def visit(people: int, **changed: Any) -> dict[str, Any]:
    return {
        **{"status": "visited", "enrolled": people, "reactivated": 0, "team": "Tim A"},
        **{"day": "2026-11-30", "note": "", **changed},
    }


def row(plan: str, code: str, record: dict[str, Any], *, base: int = 1, before=()) -> dict:
    return {"key": f"{plan}:{code}:{base}", **record, "before": list(before)}


def exported(plan: str, *rows: Any) -> Upload:
    body = {"format": "jangkau-field", "version": 1, "plan": plan, "rows": rows}
    return Upload("hasil.json", json.dumps(body).encode())


def back(store: PlanStore, plan: str, file: Upload) -> dict[str, int]:
    rows = read_json_rows(file) if is_json(file) else read_rows(file)
    assert find_plan_key(rows) in (plan, "")
    return count_outcomes(take_back(store, store.read_plan(plan), rows, author="ponsel"))


def current(store: PlanStore, plan: str, code: str) -> Record:
    (followed,) = [village for village in store.follow(plan) if village.code == code]
    assert not followed.rivals
    return followed.current.record


def test_results_are_recorded_once(tmp_path: Path) -> None:
    store, plan = start(tmp_path)
    file = exported(plan, row(plan, CODES[0], visit(12)), row(plan, CODES[1], visit(0, note="a")))
    assert back(store, plan, file) == {"recorded": 2}
    before = store.history(plan)
    assert back(store, plan, file) == {"unchanged": 2}
    assert store.history(plan) == before
    assert current(store, plan, CODES[0]) == Record("visited", 12, 0, "Tim A", "2026-11-30", "")


def test_a_correction_follows_what_the_same_device_said_before(tmp_path: Path) -> None:
    store, plan = start(tmp_path)
    first, second, third = visit(12), visit(14), visit(15)
    assert back(store, plan, exported(plan, row(plan, CODES[0], first))) == {"recorded": 1}
    # The second export was lost on the way; the third still says what it corrects.
    last = exported(plan, row(plan, CODES[0], third, before=[first, second]))
    assert back(store, plan, last) == {"recorded": 1}
    assert current(store, plan, CODES[0]).enrolled == 15
    for again in (last, exported(plan, row(plan, CODES[0], first))):
        assert back(store, plan, again) == {"unchanged": 1}
    # Back to the first figure: no repetition of it, but what holds now.
    undone = exported(plan, row(plan, CODES[0], first, before=[first, second, third]))
    assert back(store, plan, undone) == {"recorded": 1}
    assert back(store, plan, undone) == {"unchanged": 1}
    assert current(store, plan, CODES[0]).enrolled == 12


def test_two_devices_contradict_each_other(tmp_path: Path) -> None:
    store, plan = start(tmp_path)
    assert back(store, plan, exported(plan, row(plan, CODES[0], visit(12)))) == {"recorded": 1}
    other = exported(plan, row(plan, CODES[0], visit(9), before=[visit(8)]))
    assert back(store, plan, other) == {"conflict": 1}
    assert back(store, plan, other) == {"unchanged": 1}


def test_every_row_is_accounted_for(tmp_path: Path) -> None:
    store, plan = start(tmp_path)
    file = exported(
        plan,
        row(plan, CODES[0], visit(1)),
        row(plan, CODES[1], visit(-1)),
        row(plan, CODES[2], visit(1, status="selesai")),
        row(plan, CODES[3], visit(1, day="besok")),
        row("0" * 12, CODES[4], visit(1)),
        row(plan, CODES[5], visit(1), base=99),
        row(plan, CODES[6], visit(1, enrolled=True)),
        row(plan, CODES[7], visit(1), before=[{"status": "nonsense", "enrolled": 10**12}]),
        row(plan, CODES[8], visit(1, note="\ud800 6205031203990001")),
        *(None, 7, [], {}, "row"),
    )
    assert back(store, plan, file) == {
        **{"recorded": 3, "other_plan": 1, "no_key": 6},
        **{"bad_status": 1, "bad_number": 2, "bad_day": 1},
    }
    assert current(store, plan, CODES[8]).note == "? …"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"format": "jangkau-field"}',
        b'{"format": "jangkau-field", "rows": {}}',
        b'{"format": "other", "rows": []}',
        b'{"format": "jangkau-field", "rows": [' + b"[" * 200_000,
        b'{"rows": ' + b"9" * 5000 + b"}",
        b'{"name": "\xff"}',
        b"\xef\xbb\xbf {} {}",
    ],
)
def test_a_damaged_file_is_one_sentence(body: bytes) -> None:
    file = Upload("hasil.json", body)
    assert is_json(file)
    with pytest.raises(FileProblem, match="damaged or no result"):
        read_json_rows(file)


def test_fields_of_other_programs_are_taken_by_their_names(tmp_path: Path) -> None:
    store, plan = start(tmp_path)
    table = (
        "SubmissionDate,jangkau_key,status,enrolled,reactivated,team,day,note\r\n"
        f"2026-11-30T01:02:03Z,{plan}:{CODES[0]}:1,visited,7,1,Tim B,2026-11-30,\r\n"
    )
    assert back(store, plan, Upload("odk.csv", table.encode())) == {"recorded": 1}
    assert current(store, plan, CODES[0]) == Record("visited", 7, 1, "Tim B", "2026-11-30", "")
