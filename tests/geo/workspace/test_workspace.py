"""Saved periods: whole or not at all, with every earlier state to go back to."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from factories import a_gazetteer, a_row, write_workers
from filelock import FileLock
from layer_factories import ours, write

from geo.boundaries.reading import Boundaries, read_boundaries
from geo.core import files
from geo.core.errors import FileProblem
from geo.counting.count import Counts, count_people
from geo.enrolment.reading import read_records
from geo.gazetteer.aliases import ALIAS_COLUMNS
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries

ABOUT = {"file": "workers.csv", "sha256": "0" * 64}


def counted(folder: Path, people: int, period: str = "2024-10") -> Counts:
    rows = [a_row(number + 1, PERIODE=period) for number in range(people)]
    return count_people(read_records(write_workers(folder, rows)), a_gazetteer())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def test_nothing_is_there_before_the_first_save(workspace: Workspace) -> None:
    assert workspace.periods() == []
    assert workspace.log().empty
    assert not workspace.folder.exists()


def test_what_is_saved_comes_back_the_same(workspace: Workspace, tmp_path: Path) -> None:
    counts = counted(tmp_path, 7)
    saved = workspace.save(counts, "2024-10", ABOUT)
    back = workspace.read_counts()
    assert (saved.people, saved.rows) == (7, 7)
    pd.testing.assert_frame_equal(back.people, counts.people, check_dtype=False)
    assert back.rows.to_numpy().sum() == counts.rows.to_numpy().sum()
    assert back.synthetic == counts.synthetic


def test_periods_are_saved_side_by_side(workspace: Workspace, tmp_path: Path) -> None:
    for period, people in (("2024-10", 3), ("2024-04", 5)):
        workspace.save(counted(tmp_path, people, period), period, ABOUT)
    assert workspace.periods() == ["2024-04", "2024-10"]
    sums = workspace.read_counts().people.groupby("period")["people"].sum()
    assert sums.to_dict() == {"2024-04": 5, "2024-10": 3}


def test_saving_again_replaces_and_undo_goes_back(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    workspace.save(counted(tmp_path, 9), "2024-10", ABOUT)
    assert workspace.describe("2024-10").people == 9
    workspace.undo("2024-10")
    assert workspace.describe("2024-10").people == 3


def test_a_first_save_that_is_undone_can_be_brought_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    workspace.undo("2024-10")
    assert (workspace.periods(), workspace.removed_periods()) == ([], ["2024-10"])
    workspace.undo("2024-10")
    assert workspace.read_counts().people["people"].sum() == 3
    assert workspace.last_changed() == "2024-10"


def test_a_change_of_what_another_window_changed_is_refused(
    workspace: Workspace, tmp_path: Path
) -> None:
    shown = workspace.history(["2024-10"])
    workspace.save_all(counted(tmp_path, 3), ["2024-10"], ABOUT, expected=shown)
    with pytest.raises(FileProblem, match="2024-10 was changed meanwhile"):
        workspace.save_all(counted(tmp_path, 9), ["2024-10"], ABOUT, expected=shown)
    assert workspace.describe("2024-10").people == 3
    assert list(workspace.log()["action"]) == ["import"]
    for change in (workspace.undo, workspace.remove):
        with pytest.raises(FileProblem, match="2024-10 was changed meanwhile"):
            change("2024-10", expected=shown)
    workspace.undo("2024-10", expected=workspace.history(["2024-10"]))
    assert workspace.periods() == []


def test_an_undo_changes_only_the_periods_that_were_shown(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.save_all(two_periods(tmp_path), ["2024-04", "2024-10"], ABOUT)
    shown = workspace.history(workspace.undone_with("2024-04"))
    workspace.remove("2024-10")
    with pytest.raises(FileProblem, match="2024-10 was changed meanwhile"):
        workspace.undo("2024-04", expected=shown)
    assert workspace.periods() == ["2024-04"]


def test_a_removed_period_can_be_brought_back(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    workspace.remove("2024-10")
    assert workspace.periods() == []
    assert workspace.removed_periods() == ["2024-10"]
    workspace.undo("2024-10")
    assert workspace.read_counts().people["people"].sum() == 3


def test_the_log_says_what_was_done_the_latest_first(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    workspace.remove("2024-10")
    workspace.undo("2024-10")
    log = workspace.log()
    assert log["action"].tolist() == ["undo", "remove", "import"]
    assert log["people"].iloc[-1] == "3"
    assert log["sha256"].iloc[-1] == ABOUT["sha256"]


def files_of(folder: Path) -> Mapping[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_save_that_fails_leaves_everything_as_it_was(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    before = files_of(workspace.folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    counts = counted(tmp_path, 9)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FileProblem, match="No space left"):
        workspace.save(counts, "2024-10", ABOUT)
    assert files_of(workspace.folder) == before


def test_no_identity_is_anywhere_in_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    rows = [a_row(1), a_row(2, DESA="6205010101900001", KODE_DESA="")]
    counts = count_people(read_records(write_workers(tmp_path, rows)), a_gazetteer())
    workspace.save(counts, "2024-10", ABOUT)
    for name, body in files_of(workspace.folder).items():
        if not name.endswith(".parquet"):
            text = body.replace(ABOUT["sha256"].encode(), b"").decode()
            assert not re.search(r"(?<!\d)\d{16}(?!\d)", text), name
    people = workspace.read_counts().people
    assert not people.astype("str").map(lambda cell: "62050101019" in cell).any(axis=None)


def test_a_damaged_period_is_one_sentence(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    next(workspace.folder.rglob("people.parquet")).write_bytes(b"PAR1 nonsense")
    with pytest.raises(FileProblem, match="2024-10 is damaged"):
        workspace.read_counts()


def test_aliases_are_sorted_and_the_newest_wins(workspace: Workspace) -> None:
    def alias(village: str, code: str) -> pd.DataFrame:
        row = {"subdistrict": "Lahei", "village": village, "code": code}
        return pd.DataFrame([row])

    workspace.add_aliases(alias("Zeta", "62.05.06.2001"))
    workspace.add_aliases(alias("Alfa", "62.05.06.2002"))
    assert workspace.add_aliases(alias("Zeta", "62.05.06.2014")) == 2
    kept = workspace.aliases()
    assert kept.columns.tolist() == list(ALIAS_COLUMNS)
    assert kept["village"].tolist() == ["Alfa", "Zeta"]
    assert kept["code"].tolist() == ["62.05.06.2002", "62.05.06.2014"]


def test_a_hand_edited_alias_file_is_read_or_refused_never_lost(workspace: Workspace) -> None:
    workspace.folder.mkdir()
    path = workspace.folder / "aliases.csv"
    lines = ["SUBDISTRICT;VILLAGE;CODE;NOTE", "Lahei;Ipoh;62.05.06.2001;said the camat", ""]
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    assert workspace.aliases()["village"].tolist() == ["Ipoh"]
    workspace.add_aliases(pd.DataFrame([{"village": "Zeta", "code": "62.05.06.2014"}]))
    kept = workspace.aliases().set_index("village")
    assert kept.loc["Ipoh", ["code", "note"]].tolist() == ["62.05.06.2001", "said the camat"]
    path.write_text("something else\nentirely\n", encoding="utf-8")
    with pytest.raises(FileProblem, match="lacks the columns village and code"):
        workspace.add_aliases(pd.DataFrame([{"village": "Alfa", "code": "62.05.06.2002"}]))
    assert path.read_text(encoding="utf-8").startswith("something else")


def test_saves_at_the_same_time_are_all_kept(workspace: Workspace, tmp_path: Path) -> None:
    counts = counted(tmp_path, 3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: workspace.save(counts, "2024-10", ABOUT), range(8)))
    assert len(workspace.log()) == 8
    for _ in range(7):
        workspace.undo("2024-10")
    assert workspace.periods() == ["2024-10"]


def test_removing_twice_removes_once(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 3), "2024-10", ABOUT)
    workspace.remove("2024-10")
    workspace.remove("2024-10")
    workspace.undo("2024-10")
    assert workspace.periods() == ["2024-10"]


def test_columns_are_remembered_by_the_shape_of_the_file(workspace: Workspace) -> None:
    workspace.remember_mapping("shape", {"NIK": "identity"})
    assert workspace.mapping("shape") == {"NIK": "identity"}
    assert workspace.mapping("other") == {}


def two_periods(folder: Path) -> Counts:
    rows = [a_row(1, PERIODE="2024-04"), a_row(1), a_row(2), a_row(3, PERIODE="")]
    return count_people(read_records(write_workers(folder, rows)), a_gazetteer())


def test_periods_saved_together_are_undone_together(workspace: Workspace, tmp_path: Path) -> None:
    workspace.save(counted(tmp_path, 9), "2024-10", ABOUT)
    saved = workspace.save_all(two_periods(tmp_path), ["2024-04", "2024-10"], ABOUT)
    assert [each.people for each in saved] == [1, 2]
    assert saved[0].together == ("2024-04", "2024-10")
    workspace.undo("2024-10")
    assert workspace.periods() == ["2024-10"]
    assert workspace.describe("2024-10").people == 9
    workspace.undo("2024-04")
    assert workspace.describe("2024-04").people == 1


def test_rows_without_a_period_are_saved_with_none_of_several(
    workspace: Workspace, tmp_path: Path
) -> None:
    saved = workspace.save_all(two_periods(tmp_path), ["2024-04", "2024-10"], ABOUT)
    assert [each.rows for each in saved] == [1, 2]
    lone = [a_row(1), a_row(2, PERIODE="")]
    counts = count_people(read_records(write_workers(tmp_path, lone)), a_gazetteer())
    assert workspace.save(counts, "2024-10", ABOUT).rows == 2


@pytest.fixture
def a_layer(tmp_path: Path) -> Boundaries:
    return read_boundaries(write(ours(), tmp_path / "villages.geojson"))


def test_boundaries_wait_for_who_writes_in_the_workspace(
    tmp_path: Path, a_layer: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = SavedBoundaries(tmp_path / "workspace")
    first = saved.save(a_layer, "first")
    monkeypatch.setattr(files, "_PATIENCE", 0.0)
    with FileLock(saved.folder / ".lock"):
        for change in (lambda: saved.save(a_layer, "second"), lambda: saved.undo(first)):
            with pytest.raises(FileProblem, match=r"workspace .* cannot be written"):
                change()
    assert saved.path() == first


def test_boundaries_that_cannot_be_undone_are_one_sentence(
    tmp_path: Path, a_layer: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = SavedBoundaries(tmp_path / "workspace")
    first = saved.save(a_layer, "first")

    def fail(source: str, target: str) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", fail)
        with pytest.raises(FileProblem, match="cannot be written: Read-only file system"):
            saved.undo(first)
    second = saved.save(a_layer, "second")
    with pytest.raises(FileProblem, match="changed meanwhile"):
        saved.undo(first)
    saved.undo(second)
    assert saved.path() == first
