"""Plan, rounds and worklist on the command line, from a budget to the sheet that comes back."""

from __future__ import annotations

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


def test_mistakes_are_one_line(tmp_path: Path) -> None:
    for words in (
        ("rounds", "--plan", "none"),
        ("worklist", "--plan", "none", "--out", tmp_path / "x.xlsx"),
        ("worklist", "--plan", "none"),
        ("plan", "--out", tmp_path / "x.pdf"),
    ):
        result = run(tmp_path / "w", *words)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
