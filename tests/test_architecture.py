"""What the linters do not hold: the entry point is short, and no file names a machine's folder.

Directions of imports are contracts of import-linter in ``pyproject.toml``; docstrings and types are
held by Ruff and mypy.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# A folder of one machine: its user's home, a drive, or where this was built.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/])(?:/" + r"(?:home|Users|root|work|mnt)/\w|[A-Z]:\\" + r"(?:Users|work))"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("no git repository here to list the files of")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_the_entry_point_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 80


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = {}
    for path in tracked_files():
        if not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if hit := MACHINE_PATH.search(text):
            found[name_of(path)] = hit.group()
    assert found == {}
