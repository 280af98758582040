"""Counts of two matched lists become eligible workers and enrolment of a month, without people."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from people import CANDIDATES, ENROLLED, HEAD, MEMBERS, candidate, find_secrets
from sheet_factories import write_xlsx
from typer.testing import CliRunner, Result

from geo.cli.main import app
from geo.measures.dataset import open_dataset
from geo.measures.query import Query
from geo.measures.view import build_view
from geo.workspace.periods import Workspace
from geo.workspace.saved_eligible import SavedEligible


def reconcile(folder: Path, *words: object, candidates: object = CANDIDATES) -> Result:
    """Match the two small lists and save into the folder's workspace."""
    first = write_xlsx(folder / "calon.xlsx", {"A": [HEAD, *candidates]})  # type: ignore[misc]
    second = write_xlsx(folder / "peserta.xlsx", {"A": [MEMBERS, *ENROLLED]})
    given = ("reconcile", first, second, "--workspace", folder / "workspace", "--lang", "en")
    return CliRunner().invoke(app, [*map(str, given), *map(str, words)])


def test_candidates_and_covered_become_a_view(tmp_path: Path) -> None:
    done = reconcile(tmp_path, "--save-eligible", "--save-as", "2024-10")
    assert done.exit_code == 0, done.output
    workspace = Workspace(tmp_path / "workspace")
    saved = SavedEligible(workspace.folder).path()
    data = open_dataset(eligible=saved, workspace=workspace)
    view = build_view(data, Query(villages=True))
    hajak, sikui = (view.villages.loc[view.villages["name"] == name] for name in ("Hajak", "Sikui"))
    assert hajak["eligible"].tolist() == [4]
    assert sikui["eligible"].tolist() == [2]
    covered = int(done.output.split("covered")[1].split()[0])
    assert view.totals.enrolled == covered > 0
    # That nobody is covered there is known.
    assert sikui["enrolled"].tolist() == [0]
    assert sikui["coverage_gap"].tolist() == [2]
    assert data.counts.scopes == {"2024-10": ("pekerja_rentan",)}
    asked = build_view(data, Query(segments=("pekerja_rentan",)))
    assert asked.totals.eligible == 6


def test_a_month_is_replaced_only_when_asked_and_undone(tmp_path: Path) -> None:
    assert reconcile(tmp_path, "--save-as", "2024-10").exit_code == 0
    again = reconcile(tmp_path, "--save-eligible", "--save-as", "2024-10")
    assert again.exit_code != 0
    assert "give --yes to replace it" in again.output
    workspace = Workspace(tmp_path / "workspace")
    assert SavedEligible(workspace.folder).path() is None
    assert reconcile(tmp_path, "--save-as", "2024-10", "--yes").exit_code == 0
    workspace.undo("2024-10")
    assert workspace.periods() == ["2024-10"]
    workspace.undo("2024-10")
    assert workspace.periods() == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--save-as", "Oktober"), "Oktober is no month; expected is one like 2024-10."),
        (("--save-as", "2024-13"), "2024-13 is no month"),
    ],
)
def test_a_month_that_is_none_is_refused(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = reconcile(tmp_path, *words)
    assert done.exit_code != 0
    assert sentence in done.output
    assert Workspace(tmp_path / "workspace").periods() == []


def test_a_segment_that_is_none_of_ours_reaches_no_file(tmp_path: Path) -> None:
    stray = candidate(7, "ANNA KENARI", "07-07-1977", SEGMEN="ANNA KENARI")
    done = reconcile(tmp_path, "--save-eligible", "--save-as", "2024-10",
                     candidates=[*CANDIDATES, stray])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "candidates are counted as of all segments together" in done.output
    saved = SavedEligible(tmp_path / "workspace").path()
    assert saved is not None
    assert pd.read_parquet(saved)["segment"].unique().tolist() == [""]
    files = [path for path in (tmp_path / "workspace").rglob("*") if path.is_file()]
    assert len(files) > 3
    assert find_secrets({str(path): path.read_bytes() for path in files}) == set()
    texts = pd.read_parquet(saved).astype("str").to_csv().encode()
    assert b"kenari" not in texts.lower()
