"""Plans are kept: nothing is overwritten, conflicts are shown, and every migration is held."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from geo.core.errors import FileProblem, QueryProblem
from geo.outreach.migrations import STEPS
from geo.outreach.store import PLANS, PlanStore, Record

CODE, OTHER = "62.05.01.2005", "62.05.01.2006"
PROMISED = {code: {"enrol": 30, "reactivate": 4, "enrolled": 100} for code in (CODE, OTHER)}


@pytest.fixture
def store(tmp_path: Path) -> PlanStore:
    return PlanStore(tmp_path / "workspace")


@pytest.fixture
def plan(store: PlanStore) -> str:
    return store.save_plan("Desember", {"budget": 5}, PROMISED, period="2024-10", author="Ayu")


def followed(store: PlanStore, plan: str):
    return {village.code: village for village in store.follow(plan)}


def test_a_plan_is_there_again_for_another_process(store: PlanStore, plan: str) -> None:
    again = PlanStore(store.path.parent)
    saved = again.read_plan(plan)
    assert (saved.name, saved.content, saved.promised) == ("Desember", {"budget": 5}, PROMISED)
    assert saved.period == "2024-10"
    with sqlite3.connect(store.path) as base:
        assert base.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    base.close()
    again.change_content(plan, {"budget": 6})
    assert store.read_plan(plan).content == {"budget": 6}


def test_plans_are_duplicated_and_removed(store: PlanStore, plan: str) -> None:
    store.record(plan, CODE, Record("visited", enrolled=12), base=1)
    copy = store.duplicate_plan(plan, "Januari")
    assert followed(store, copy)[CODE].current.record == Record()
    with pytest.raises(QueryProblem, match="another name"):
        store.duplicate_plan(plan, "Januari")
    store.remove_plan(plan)
    assert [saved.name for saved in store.list_plans()] == ["Januari"]
    assert store.follow(plan) == []


def test_edits_in_turn_are_no_conflict(store: PlanStore, plan: str) -> None:
    first = store.record(plan, CODE, Record("visited", enrolled=12), base=1, author="Ayu")
    second = store.record(plan, CODE, Record("visited", enrolled=13), base=first.number)
    village = followed(store, plan)[CODE]
    assert village.current == second
    assert village.rivals == ()
    assert [v.author for v in store.history(plan)[CODE]] == ["Ayu", "Ayu", ""]


def test_three_who_touch_one_village_are_all_shown(store: PlanStore, plan: str) -> None:
    records = [Record("visited", enrolled=n) for n in (12, 15, 9)]
    for author, record in zip(("Ayu", "Budi", "lembar kerja"), records, strict=True):
        store.record(plan, CODE, record, base=1, author=author)
    village = followed(store, plan)[CODE]
    assert [(v.author, v.record.enrolled) for v in village.rivals] == [
        ("Ayu", 12), ("Budi", 15), ("lembar kerja", 9),
    ]  # fmt: skip
    assert followed(store, plan)[OTHER].rivals == ()
    chosen = store.choose(plan, CODE, village.rivals[1].number, seen=village.seen, author="Citra")
    settled = followed(store, plan)[CODE]
    assert settled.rivals == ()
    assert settled.current == chosen
    assert (chosen.record, chosen.author, chosen.chosen) == (records[1], "Citra", True)
    assert len(store.history(plan)[CODE]) == 5, "nothing is overwritten"


def test_an_edit_during_a_conflict_is_one_more_version(store: PlanStore, plan: str) -> None:
    for n in (12, 15):
        store.record(plan, CODE, Record("visited", enrolled=n), base=1)
    seen = followed(store, plan)[CODE].seen
    store.record(plan, CODE, Record("refused"), base=seen)
    assert len(followed(store, plan)[CODE].rivals) == 3
    with pytest.raises(QueryProblem, match="has come meanwhile"):
        store.choose(plan, CODE, 2, seen=seen)


def test_the_same_change_twice_is_one(store: PlanStore, plan: str) -> None:
    for _ in range(2):
        store.record(plan, CODE, Record("visited", enrolled=12), base=1)
    store.record(plan, CODE, Record(), base=1)
    assert len(store.history(plan)[CODE]) == 2
    # Two who say the same do not contradict each other.
    store.record(plan, CODE, Record("visited", enrolled=14), base=2)
    store.record(plan, CODE, Record("visited", enrolled=14), base=1)
    assert followed(store, plan)[CODE].rivals == ()


def test_no_identity_is_kept(store: PlanStore, plan: str) -> None:
    nik = "6205" + "0112" + "99990001"
    record = Record("visited", note=f"NIK {nik} datang", team=nik)
    store.record(plan, CODE, record, base=1, author=nik)
    with pytest.raises(QueryProblem):
        store.record(plan, CODE, replace(record, day=nik), base=1)
    for file in store.path.parent.glob(f"{PLANS}*"):
        assert nik.encode() not in file.read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [Record("done"), Record(enrolled=-1), Record(reactivated=10**7), Record(day="1 Desember")],
)
def test_wrong_records_are_refused(store: PlanStore, plan: str, wrong: Record) -> None:
    with pytest.raises(QueryProblem):
        store.record(plan, CODE, wrong, base=1)
    with pytest.raises(QueryProblem, match="no village of this plan"):
        store.record(plan, "62.05.99.2001", Record(), base=1)


def test_many_writers_at_once_lose_nothing(store: PlanStore, plan: str) -> None:
    def write(author: str) -> None:
        for n in range(5):
            PlanStore(store.path.parent).record(
                plan, CODE, Record("visited", enrolled=n, note=author), base=1, author=author
            )

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history = store.history(plan)[CODE]
    assert [version.number for version in history] == list(range(1, 22))


def test_every_format_becomes_the_newest(tmp_path: Path) -> None:
    for start in range(len(STEPS) + 1):
        store = PlanStore(tmp_path / str(start))
        store.path.parent.mkdir()
        base = sqlite3.connect(store.path)
        for step in STEPS[:start]:
            for statement in step:
                base.execute(statement)
        base.execute(f"PRAGMA user_version = {start}")
        base.commit()
        base.close()
        assert store.list_plans() == []
        store.save_plan("x", {}, PROMISED, period="2024-10")


def test_a_file_of_the_future_or_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    store = PlanStore(tmp_path)
    base = sqlite3.connect(store.path)
    base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(FileProblem, match="later version"):
        store.list_plans()
    store.path.write_bytes(b"no database" * 100)
    with pytest.raises(FileProblem, match="cannot be read"):
        store.list_plans()
