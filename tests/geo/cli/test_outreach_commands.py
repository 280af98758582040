"""Plan, rounds and worklist on the command line, from a budget to the sheet that comes back."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.outreach.store import PlanStore


def run(workspace: Path, *words: str | Path) -> Result:
    options = ["--workspace", str(workspace), "--lang", "en"]
    return CliRunner().invoke(app, [*map(str, words), *options])


def test_from_a_budget_to_the_sheet_that_comes_back(tmp_path: Path) -> None:
    workspace, out, sheet = tmp_path / "w", tmp_path / "plan.csv", tmp_path / "list.xlsx"
    made = run(workspace, "plan", "--budget", "200000000", "--save", "December", "--out", out)
    assert made.exit_code == 0, made.output
    assert "synthetic sample" in made.stdout
    table = pd.read_csv(out, dtype={"code": "str"})
    people = int(table["enrol"].sum())
    assert f"{people:,}" in made.stdout
    assert 2_000 < people < 2_400
    saved = PlanStore(workspace).list_plans()[0]
    assert set(saved.promised) == set(table["code"])

    divided = run(workspace, "rounds", "--plan", "December", "--hours", "10")
    assert divided.exit_code == 0, divided.output
    assert "shorter by more than" in divided.stdout
    kept = PlanStore(workspace).read_plan(saved.key).content["rounds"]["rounds"]
    assert sorted(code for route in kept for code in route["villages"]) == sorted(table["code"])

    assert run(workspace, "worklist", "--plan", "December", "--out", sheet).exit_code == 0
    book = openpyxl.load_workbook(sheet)
    book.active["G5"], book.active["H5"] = "visited", 9
    book.save(sheet)
    taken = run(workspace, "worklist", "--plan", "December", "--back", sheet)
    assert taken.exit_code == 0, taken.output
    assert "recorded" in taken.stdout
    records = [village.current.record for village in PlanStore(workspace).follow(saved.key)]
    assert sum(record.enrolled for record in records) == 9

    for name in ("page.html", "visits.gpx", "visits.gpkg", "odk.zip"):
        written = run(workspace, "field", "--plan", "December", "--out", tmp_path / name)
        assert written.exit_code == 0, written.output
        assert (tmp_path / name).stat().st_size > 1000
    code = kept[0]["villages"][-1]
    result = {"key": f"{saved.key}:{code}:1", "status": "refused", "enrolled": 0, "reactivated": 0}
    rows = [result | {"team": "", "day": "2026-11-30", "note": ""}]
    results = tmp_path / "results.json"
    results.write_text(json.dumps({"format": "jangkau-field", "rows": rows}), encoding="utf-8")
    back = run(workspace, "field", "--plan", "December", "--back", results)
    assert back.exit_code == 0, back.output
    assert "recorded" in back.stdout
    again = run(workspace, "worklist", "--plan", "December", "--back", results)
    assert "says nothing new" in again.stdout


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    for words in (
        ("rounds", "--plan", "none"),
        ("worklist", "--plan", "none", "--out", tmp_path / "x.xlsx"),
        ("worklist", "--plan", "none"),
        ("plan", "--out", tmp_path / "x.pdf"),
        ("field", "--plan", "none", "--out", tmp_path / "x.html"),
        ("field", "--plan", "none"),
    ):
        result = run(tmp_path / "w", *words)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
