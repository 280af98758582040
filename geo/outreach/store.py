"""Plans kept in the workspace, and what came of each village.

One SQLite file, ``plans.sqlite3``, with a write-ahead log, so that several planners read and write
at the same time. Each change of a village becomes a row of its own; nothing is overwritten. A
change says which version it was made on. Where another change came first, both are kept, and the
village has a *conflict* until somebody chooses; the choice is a row as well.

No identity is kept: notes go through `geo.core.privacy.hide_numbers`.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from ..core.errors import FileProblem, QueryProblem, mark
from ..core.files import make_folder
from ..core.privacy import hide_numbers
from .migrations import migrate

PLANS: Final = "plans.sqlite3"
STATUSES: Final = {
    "planned": mark("planned"),
    "visited": mark("visited"),
    "postponed": mark("postponed"),
    "refused": mark("refused"),
}
_MOST_PEOPLE: Final = 1_000_000
_NOTE_LENGTH: Final = 500
_NAME_LENGTH: Final = 80
_PATIENCE: Final = 20.0  # seconds that a writer waits for another


@dataclass(frozen=True)
class Record:
    """What is known of the visit to a village.

    Attributes
    ----------
    status : str
        A key of `STATUSES`.
    enrolled, reactivated : int
        People enrolled and reactivated at the visit.
    team : str
        Who goes.
    day : str
        ``2026-12-01``; empty where none is set.
    note : str
        Anything else; long numbers in it are hidden.
    """

    status: str = "planned"
    enrolled: int = 0
    reactivated: int = 0
    team: str = ""
    day: str = ""
    note: str = ""


@dataclass(frozen=True)
class Version:
    """A record with its number, and who wrote it when, on which version.

    Attributes
    ----------
    number : int
        Of this village, from 1.
    base : int
        Number of the version that its writer saw.
    record : Record
        What it says.
    author, written : str
        Who wrote it, and when (UTC).
    chosen : bool
        Whether it settles a conflict.
    """

    number: int
    base: int
    record: Record
    author: str
    written: str
    chosen: bool


@dataclass(frozen=True)
class SavedPlan:
    """A plan as it was saved.

    Attributes
    ----------
    key : str
        What it is known by.
    name : str
        What it is called.
    created, changed : str
        When (UTC).
    period : str
        Period of the figures that it was made from.
    content : dict
        Inputs, totals and rounds (see `geo.outreach.plan_files`).
    promised : dict of str to dict
        By village: ``enrol`` and ``reactivate`` (people), ``enrolled`` (at the time).
    """

    key: str
    name: str
    created: str
    changed: str
    period: str
    content: dict[str, Any]
    promised: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Followed:
    """A village of a plan: what holds now, and the versions that contradict it.

    Attributes
    ----------
    code : str
        Of the village.
    current : Version
        The last version that nobody contradicts, or that was chosen.
    rivals : tuple of Version
        Versions to choose from where there is a conflict, in the order written; else empty.
    """

    code: str
    current: Version
    rivals: tuple[Version, ...]

    @property
    def seen(self) -> int:
        """Number of the last version: what a new edit is based on."""
        return max(version.number for version in (self.current, *self.rivals))


class PlanStore:
    """The plans of a workspace folder.

    Parameters
    ----------
    folder : pathlib.Path
        Folder of the workspace; made with the first plan.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / PLANS

    def list_plans(self) -> list[SavedPlan]:
        """Every plan, the last changed first; a workspace without any is left untouched."""
        if not self.path.exists():
            return []
        with self._open() as base:
            rows = base.execute("SELECT * FROM plan ORDER BY changed DESC, name").fetchall()
            return [_read_plan(base, row) for row in rows]

    def read_plan(self, key: str) -> SavedPlan:
        """One plan.

        Raises
        ------
        QueryProblem
            If there is none of this key.
        """
        with self._open() as base:
            row = base.execute("SELECT * FROM plan WHERE key = ?", (key,)).fetchone()
            if row is None:
                raise QueryProblem(
                    mark("There is no plan {value}; choose one of the list."), value=key[:40]
                )
            return _read_plan(base, row)

    def save_plan(
        self,
        name: str,
        content: dict[str, Any],
        promised: dict[str, dict[str, int]],
        *,
        period: str,
        author: str = "",
    ) -> str:
        """Save a new plan under a name that no other has; its key.

        Raises
        ------
        QueryProblem
            If the name is empty, too long or taken.
        """
        key, now = uuid4().hex[:12], _now()
        with self._change() as base:
            _check_name(base, name)
            base.execute(
                "INSERT INTO plan VALUES (?, ?, ?, ?, ?, ?)",
                (key, hide_numbers(name.strip()), now, now, period, json.dumps(content)),
            )
            _write_villages(base, key, promised, author)
        return key

    def change_content(self, key: str, content: dict[str, Any]) -> None:
        """Put other inputs, totals or rounds in place of those of a plan."""
        with self._change() as base:
            base.execute(
                "UPDATE plan SET content = ?, changed = ? WHERE key = ?",
                (json.dumps(content), _now(), key),
            )

    def duplicate_plan(self, key: str, name: str, *, author: str = "") -> str:
        """Save a plan again under another name, with no visit made yet; its key."""
        plan = self.read_plan(key)
        return self.save_plan(name, plan.content, plan.promised, period=plan.period, author=author)

    def remove_plan(self, key: str) -> None:
        """Remove a plan with everything recorded for it."""
        with self._change() as base:
            for table in ("version", "village", "plan"):
                column = "key" if table == "plan" else "plan"
                base.execute(f"DELETE FROM {table} WHERE {column} = ?", (key,))  # noqa: S608 - names above

    def follow(self, key: str) -> list[Followed]:
        """Every village of a plan, by code."""
        with self._open() as base:
            return _follow(base, key)

    def history(self, key: str) -> dict[str, list[Version]]:
        """Every version of each village, the first first."""
        with self._open() as base:
            return _versions(base, key)

    def record(
        self, key: str, code: str, record: Record, *, base: int, author: str = ""
    ) -> Version:
        """Write a change of a village.

        Parameters
        ----------
        key, code : str
            Of the plan and the village.
        record : Record
            What holds now.
        base : int
            Number of the version that the writer saw.
        author : str
            Who writes.

        Returns
        -------
        Version
            As it is kept; an unchanged record gives the version it repeats.

        Raises
        ------
        QueryProblem
            If the record holds what it must not, or the plan has no such village.
        """
        checked = check_record(record)
        with self._change() as opened:
            versions = _versions(opened, key).get(code)
            if not versions:
                raise QueryProblem(
                    mark("{place} is no village of this plan; choose one of its list."),
                    place=code[:40],
                )
            seen = next((v for v in versions if v.number == base), versions[0])
            if seen.record == checked:
                return seen
            # The same change a second time, as when a sheet is imported twice.
            for version in versions:
                if version.base == base and version.record == checked:
                    return version
            return _append(opened, key, code, seen.number, checked, author, chosen=False)

    def choose(self, key: str, code: str, number: int, *, seen: int, author: str = "") -> Version:
        """Settle a conflict: the version of this number holds.

        Parameters
        ----------
        key, code : str
            Of the plan and the village.
        number : int
            Of the version chosen.
        seen : int
            Number of the last version that was shown.
        author : str
            Who chooses.

        Raises
        ------
        QueryProblem
            If another version has come since, which must be seen first.
        """
        with self._change() as base:
            versions = {v.number: v for v in _versions(base, key).get(code, [])}
            if number not in versions or max(versions) != seen:
                raise QueryProblem(
                    mark("Another version of {place} has come meanwhile; look at all and choose."),
                    place=code,
                )
            record = versions[number].record
            return _append(base, key, code, seen, record, author, chosen=True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open a connection to a file of the newest format."""
        try:
            make_folder(self.path.parent)
            with closing(
                sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            ) as base:
                base.row_factory = sqlite3.Row
                base.execute("PRAGMA journal_mode = WAL")
                base.execute("PRAGMA synchronous = FULL")
                migrate(base, self.path)
                yield base
        except (sqlite3.Error, OSError) as error:
            raise FileProblem(
                mark("The plans in {path} cannot be read or written: {reason}."),
                path=str(self.path),
                reason=str(error),
            ) from error

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Open a connection whose changes are all made, or none."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
            except BaseException:
                base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")


def check_record(record: Record) -> Record:
    """Return a record as it may be kept.

    Raises
    ------
    QueryProblem
        If the status or day is none, or a count is out of range.
    """
    if record.status not in STATUSES:
        raise QueryProblem(
            mark("{value} is no status; there are: {known}."),
            value=record.status[:40] or "–",
            known=", ".join(STATUSES),
        )
    for people in (record.enrolled, record.reactivated):
        if not 0 <= people <= _MOST_PEOPLE:
            raise QueryProblem(
                mark("{value} is no number of people; expected is a whole number from 0."),
                value=str(people),
            )
    if record.day:
        try:
            dt.date.fromisoformat(record.day)
        except ValueError as error:
            raise QueryProblem(
                mark("{value} is no day; expected is one such as 2026-12-01."),
                value=record.day[:40],
            ) from error
    return Record(
        record.status,
        record.enrolled,
        record.reactivated,
        hide_numbers(record.team.strip())[:_NAME_LENGTH],
        record.day,
        hide_numbers(record.note.strip())[:_NOTE_LENGTH],
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


def _check_name(base: sqlite3.Connection, name: str) -> None:
    stripped = name.strip()
    if not 0 < len(stripped) <= _NAME_LENGTH:
        raise QueryProblem(
            mark("A plan needs a name of at most {most} characters."), most=_NAME_LENGTH
        )
    if base.execute("SELECT 1 FROM plan WHERE name = ?", (hide_numbers(stripped),)).fetchone():
        raise QueryProblem(
            mark("There is a plan {value} already; give this one another name."), value=stripped
        )


def _write_villages(
    base: sqlite3.Connection, key: str, promised: dict[str, dict[str, int]], author: str
) -> None:
    for code, figures in promised.items():
        base.execute(
            "INSERT INTO village VALUES (?, ?, ?, ?, ?)",
            (key, code, figures["enrol"], figures["reactivate"], figures["enrolled"]),
        )
        _append(base, key, code, 0, Record(), author, chosen=False)


def _append(
    base: sqlite3.Connection,
    key: str,
    code: str,
    on: int,
    record: Record,
    author: str,
    *,
    chosen: bool,
) -> Version:
    last = base.execute(
        "SELECT coalesce(max(number), 0) FROM version WHERE plan = ? AND village = ?", (key, code)
    ).fetchone()[0]
    version = Version(
        last + 1, on, record, hide_numbers(author.strip())[:_NAME_LENGTH], _now(), chosen
    )
    base.execute(
        "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(key, code, version.number, version.base),
            *(json.dumps(asdict(record)), version.author, version.written, int(chosen)),
        ),
    )
    return version


def _read_plan(base: sqlite3.Connection, row: sqlite3.Row) -> SavedPlan:
    rows = base.execute(
        "SELECT code, enrol, reactivate, enrolled FROM village WHERE plan = ? ORDER BY code",
        (row["key"],),
    )
    promised = {
        code: {"enrol": enrol, "reactivate": again, "enrolled": before}
        for code, enrol, again, before in rows
    }
    return SavedPlan(
        *(row["key"], row["name"], row["created"], row["changed"], row["period"]),
        json.loads(row["content"]),
        promised,
    )


def _versions(base: sqlite3.Connection, key: str) -> dict[str, list[Version]]:
    """Versions of each village, in the order written."""
    found: dict[str, list[Version]] = {}
    rows = base.execute(
        "SELECT village, number, base, record, author, written, chosen FROM version "
        "WHERE plan = ? ORDER BY village, number",
        (key,),
    )
    for code, number, on, record, author, written, chosen in rows:
        version = Version(number, on, Record(**json.loads(record)), author, written, bool(chosen))
        found.setdefault(code, []).append(version)
    return found


def _follow(base: sqlite3.Connection, key: str) -> list[Followed]:
    return [find_current(code, versions) for code, versions in _versions(base, key).items()]


def find_current(code: str, versions: Sequence[Version]) -> Followed:
    """Find what holds of a village, and what contradicts it.

    A version holds where its writer saw the one that held before. One that was written on an older
    version contradicts. A choice settles everything written until then.
    """
    current = versions[0]
    rivals: list[Version] = []
    for version in versions[1:]:
        if version.chosen:
            current, rivals = version, []
        elif not rivals and version.base == current.number:
            current = version
        elif version.record != current.record:
            rivals.append(version)
    return Followed(code, current, (current, *rivals) if rivals else ())
