"""Nothing lost: a change of the workspace is there in full or not at all, whatever ends it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import pandas as pd
import pytest
from disk import Recorder, put_on_disk, recorded, replay
from durable import PERIODS, check_sound, is_as_named, observe
from factories import a_gazetteer, a_row, write_workers
from filelock import FileLock
from layer_factories import ours, write

from components import caching
from geo.boundaries.reading import read_boundaries
from geo.core.errors import FileProblem
from geo.counting.count import Counts, count_people
from geo.enrolment.reading import read_records
from geo.workspace.leftovers import tidy_workspace
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries
from geo.workspace.saved_state import LOG_COLUMNS, State, read_state, write_state
from geo.workspace.settings import read_settings

ABOUT = {"file": "workers.csv", "sha256": "0" * 64}


def counted(folder: Path, people: int) -> Counts:
    rows = [a_row(number, PERIODE=period) for period in PERIODS for number in range(1, people + 1)]
    return count_people(read_records(write_workers(folder, rows)), a_gazetteer())


Change = Callable[[], object]


@pytest.fixture
def changes(tmp_path: Path) -> Callable[[Path], dict[str, Change]]:
    """Every kind of change, in an order in which each changes something."""
    few, more = counted(tmp_path / "few", 2), counted(tmp_path / "more", 3)
    layer = read_boundaries(write(ours(), tmp_path / "villages.geojson"))
    alias = pd.DataFrame([{"village": "Zeta", "code": "62.05.06.2001"}])

    def of(folder: Path) -> dict[str, Change]:
        workspace, boundaries = Workspace(folder), SavedBoundaries(folder)
        return {
            "first save": lambda: workspace.save_all(few, PERIODS, ABOUT),
            "columns": lambda: workspace.remember_mapping("shape", {"NIK": "identity"}),
            "spelling": lambda: workspace.add_aliases(alias),
            "save again": lambda: workspace.save_all(more, PERIODS, ABOUT),
            "boundaries": lambda: boundaries.save(layer, "desa.shp"),
            "removal": lambda: workspace.remove("2024-04"),
            "undo of one": lambda: workspace.undo("2024-04"),
            "undo of two": lambda: workspace.undo("2024-10"),
            "undo of boundaries": lambda: boundaries.undo(boundaries.path() or folder),
        }

    return of


def check_crashes(recorder: Recorder, states: list[Any], folder: Path) -> int:
    """Open the workspace after every crash: how many there were."""
    crashes = 0
    for marks, files in replay(recorder):
        crashes += 1
        put_on_disk(files, folder)
        found = observe(folder / "workspace")
        allowed = states[len(marks) : len(marks) + 2] or states[-1:]
        assert found in allowed, (marks, sorted(files))
        check_sound(folder / "workspace")
        shutil.rmtree(folder)
    return crashes


def test_after_a_loss_of_power_every_state_is_the_old_or_the_new(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "disk" / "workspace"
    folder.parent.mkdir()
    states = [observe(folder)]
    with recorded(folder.parent) as recorder:
        for name, change in changes(folder).items():
            change()
            recorder.mark(name)
            states.append(observe(folder))
    assert all(before != after for before, after in pairwise(states))
    assert check_crashes(recorder, states, tmp_path / "crashed") > 200


CALLS = ("replace", "mkdir", "fsync")


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch, name: str, at: int) -> Iterator[list[int]]:
    """A system whose call of this name fails the given time and ever after: no space is left."""
    calls: list[int] = []
    call = getattr(os, name)

    def fail(*args: Any, **options: Any) -> Any:
        calls.append(len(calls))
        if len(calls) > at:
            raise OSError(28, "No space left on device")
        return call(*args, **options)

    with monkeypatch.context() as broken:
        broken.setattr(os, name, fail)
        yield calls


@pytest.mark.parametrize("name", CALLS)
def test_a_disk_that_is_full_is_one_sentence_and_changes_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changes: Callable[[Path], dict[str, Change]],
    name: str,
) -> None:
    folder = tmp_path / "workspace"
    every = changes(folder)
    for change in list(every)[:3]:
        every[change]()
    before, files = observe(folder), files_of(folder)
    for at in range(100):
        with full_disk(monkeypatch, name, at):
            try:
                every["save again"]()
            except FileProblem as error:
                assert "No space left on device" in str(error)
            else:
                break
        if read_state(folder).log[-1]["people"] != "3":
            assert files_of(folder) == files
        # Only the entry of the list could not be flushed any more: it is in force.
        else:
            assert (name, at) == ("fsync", 18)
            every["undo of two"]()
            assert observe(folder)["people"] == before["people"]
            files = files_of(folder)
    assert at > 2
    assert is_as_named(folder)
    assert observe(folder)["people"] == dict.fromkeys(PERIODS, 3)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the limit of a file's size is POSIX's")
def test_a_file_that_the_system_cuts_is_one_sentence_and_changes_nothing(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    import resource

    folder = tmp_path / "workspace"
    every = changes(folder)
    every["first save"]()
    files = files_of(folder)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in (0, 100, 1_000, 2_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            with pytest.raises(FileProblem, match="File too large"):
                every["save again"]()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert files_of(folder) == files
    every["save again"]()


def write_before(folder: Path, counts: Counts) -> None:
    """A workspace as it was written before: a list of versions in each folder, and the log."""
    workspace = Workspace(folder)
    workspace.save_all(counts, PERIODS, {"file": "data BUDI okt 2024.xlsx", "sha256": "ab" * 32})
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    for period, versions in state["periods"].items():
        (folder / "periods" / period / "versions.json").write_text(json.dumps(versions))
    table = pd.DataFrame(state["log"]).assign(file="data BUDI okt 2024.xlsx")
    table.to_csv(folder / "import_log.csv", index=False)
    (folder / "state.json").unlink()


def test_a_workspace_of_before_is_read_as_it_is_and_written_at_the_first_change(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "workspace"
    write_before(folder, counted(tmp_path, 2))
    files, before = files_of(folder), observe(folder)
    assert before["people"] == dict.fromkeys(PERIODS, 2)
    assert len(before["log"]) == 2
    tidy_workspace(folder)
    assert files_of(folder) == files
    changes(folder)["undo of two"]()
    after = observe(folder)
    assert after["log"] == [["undo", p, "removed"] for p in PERIODS[::-1]] + before["log"]
    assert Workspace(folder).removed_periods() == list(PERIODS)
    assert list(folder.rglob("versions.json")) == []
    assert Workspace(folder).log()["file"].iloc[-1] == "data … okt 2024 (abababab).xlsx"
    changes(folder)["undo of two"]()
    assert observe(folder)["people"] == {"2024-10": 2}


def test_a_loss_of_power_while_a_workspace_of_before_is_changed_loses_nothing(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "disk" / "workspace"
    write_before(folder, counted(tmp_path, 2))
    states = [observe(folder)]
    with recorded(folder.parent) as recorder:
        changes(folder)["removal"]()
        recorder.mark("removal")
    states.append(observe(folder))
    assert check_crashes(recorder, states, tmp_path / "crashed") > 20


def test_without_its_list_what_is_saved_is_no_leftover(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "workspace"
    changes(folder)["first save"]()
    state, before = (folder / "state.json").read_bytes(), observe(folder)
    (folder / "state.json").unlink()
    files = files_of(folder)
    tidy_workspace(folder)
    with pytest.raises(FileProblem, match=r"state\.json is missing, but the folder holds saved"):
        changes(folder)["save again"]()
    assert files_of(folder) == files
    (folder / "state.json").write_bytes(state)
    assert observe(folder) == before


def test_only_leftovers_of_our_own_are_removed(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "workspace"
    every = changes(folder)
    for change in list(every)[:5]:
        every[change]()
    state, home = observe(folder), folder / "periods" / "2024-10"
    outside = tmp_path / "outside"
    outside.mkdir()
    kept = [
        *(folder / "notes.txt", home / "notes.txt", home / "copy of 20240101T000000000000"),
        *(folder / ".out-12345678", folder / "periods" / "old", folder / "20240101T000000000000"),
        folder / "boundaries" / "desa.parquet",
    ]
    left = [
        *(folder / ".part-abcd_123", home / ".part-abcd_123", folder / "boundaries/.part-abcd_123"),
        *(home / "20240101T000000000000", folder / "boundaries/20240101T000000000000.parquet"),
    ]
    for path in (*kept, *left):
        if path.suffix:
            path.write_text("x", encoding="utf-8")
        else:
            path.mkdir()
            (path / "x").write_text("x", encoding="utf-8")
    (home / "20240102T000000000000").symlink_to(outside)
    with FileLock(folder / ".lock"):
        tidy_workspace(folder)
        assert all(path.exists() for path in left)
    tidy_workspace(folder)
    assert all(path.exists() for path in (*kept, home / "20240102T000000000000"))
    assert not any(path.exists() for path in left)
    assert observe(folder) == state


def test_what_a_program_of_before_saves_meanwhile_is_not_removed(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "workspace"
    changes(folder)["first save"]()
    home = folder / "periods" / "2024-10"
    other = home / "20240101T000000000000"
    other.mkdir()
    (home / "versions.json").write_text(json.dumps([other.name]), encoding="utf-8")
    changes(folder)["removal"]()
    assert other.is_dir()


def test_a_folder_that_only_lets_itself_be_read_is_read(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workspace"
    changes(folder)["first save"]()
    (folder / ".part-abcd_123").mkdir()
    state, files = observe(folder), files_of(folder)

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("mkdir", "replace", "rmdir", "unlink"):
        monkeypatch.setattr(os, name, refuse)
    monkeypatch.setattr(FileLock, "acquire", refuse)
    tidy_workspace(folder)
    assert observe(folder) == state
    for change in ("save again", "removal", "columns", "spelling", "boundaries"):
        with pytest.raises(FileProblem, match="cannot be written: Read-only file system"):
            changes(folder)[change]()
    assert files_of(folder) == files


def test_a_reader_meets_the_old_or_the_new_while_another_process_changes(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]]
) -> None:
    folder = tmp_path / "workspace"
    every = changes(folder)
    every["first save"]()
    seen: set[tuple[int, ...]] = set()
    done = Event()

    def read() -> None:
        while not done.is_set():
            people = Workspace(folder).read_counts().people
            seen.add(tuple(people.groupby("period")["people"].sum()))

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for _ in range(12):
            every["save again"]()
            every["undo of two"]()
            tidy_workspace(folder)
        done.set()
        for reader in readers:
            reader.result()
    assert seen <= {(2, 2), (3, 3)}
    assert seen


def test_two_hundred_periods_are_described_from_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workspace"
    periods = [f"{year}-{month:02}" for year in range(2008, 2025) for month in range(1, 13)][:200]
    state = State().change(
        {period: ["20240101T000000000000"] for period in periods},
        [dict.fromkeys(LOG_COLUMNS, "x") | {"period": period} for period in periods],
    )
    folder.mkdir()
    write_state(folder, state)
    opened: list[Path] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read(path))
    workspace = Workspace(folder)
    assert workspace.periods() == periods
    assert workspace.undone_with("2024-01") == periods
    assert len(workspace.history(periods)) == 200
    assert set(opened) == {folder / "state.json"}
    assert len(opened) == 3


def test_what_a_killed_save_left_is_gone_when_the_app_starts(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workspace"
    changes(folder)["first save"]()
    state = observe(folder)
    left = [folder / "periods/2024-10/20240101T000000000000", folder / ".part-abcd_123"]
    for path in left:
        path.mkdir()
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(folder))
    caching.open_ahead().join()
    assert not any(path.exists() for path in left)
    assert observe(folder) == state


def test_data_are_read_again_after_every_change_of_periods(
    tmp_path: Path, changes: Callable[[Path], dict[str, Change]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workspace"
    monkeypatch.setenv("JANGKAU_WORKSPACE", str(folder))
    keys = [caching.open_data(read_settings()).key]
    for change in ("first save", "save again", "removal", "undo of one"):
        changes(folder)[change]()
        keys.append(caching.open_data(read_settings()).key)
    assert len(set(keys)) == len(keys)
