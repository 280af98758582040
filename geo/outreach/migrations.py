"""Formats of the file of plans, each a step from the one before.

The number of the format is SQLite's ``user_version``. A file of a later format than this program
knows is left alone.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from ..core.errors import FileProblem, mark

# Each step turns the format of its place in the list into the next one. None is ever changed.
STEPS: Final = (
    (
        """CREATE TABLE plan (
            key TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            created TEXT NOT NULL,
            changed TEXT NOT NULL,
            period TEXT NOT NULL,
            content TEXT NOT NULL
        )""",
        """CREATE TABLE village (
            plan TEXT NOT NULL REFERENCES plan (key),
            code TEXT NOT NULL,
            enrol INTEGER NOT NULL,
            reactivate INTEGER NOT NULL,
            enrolled INTEGER NOT NULL,
            PRIMARY KEY (plan, code)
        )""",
        """CREATE TABLE version (
            plan TEXT NOT NULL,
            village TEXT NOT NULL,
            number INTEGER NOT NULL,
            base INTEGER NOT NULL,
            record TEXT NOT NULL,
            author TEXT NOT NULL,
            written TEXT NOT NULL,
            chosen INTEGER NOT NULL,
            PRIMARY KEY (plan, village, number)
        )""",
    ),
)


def migrate(base: sqlite3.Connection, path: Path) -> None:
    """Bring a file to the newest format, all steps or none.

    Raises
    ------
    FileProblem
        If it is of a later format.
    """
    if _format(base) == len(STEPS):
        return
    base.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        found = _format(base)
        if found > len(STEPS):
            raise FileProblem(
                mark("{path} was written by a later version of Jangkau; update this one first."),
                path=str(path),
            )
        for step in STEPS[found:]:
            for statement in step:
                base.execute(statement)
        base.execute(f"PRAGMA user_version = {len(STEPS)}")
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


def _format(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA user_version").fetchone()[0])
