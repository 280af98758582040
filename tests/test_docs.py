"""What the documents say is true: commands run, names exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from geo.query import STATES
from geo.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.S)
_LINES = [line.partition("#")[0].strip() for block in _BLOCKS for line in block.splitlines()]
_GEO = [line for line in _LINES if " -m geo " in line]


@pytest.mark.parametrize("line", _GEO)
def test_every_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    words = shlex.split(line)
    assert words[0] == ".venv/bin/python"
    written = [at for at, word in enumerate(words) if word in {"--out", "--workspace"}]
    for at in written:
        words[at + 1] = str(tmp_path / words[at + 1])
    done = subprocess.run(
        [sys.executable, *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(Path(words[at + 1]).exists() for at in written)


def test_every_make_target_of_the_readme_exists() -> None:
    named = {word for line in _LINES for word in re.findall(r"\bmake ([a-z-]+)", line)}
    listed = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    assert {"run", "test"} <= named <= listed


def test_the_settings_table_lists_every_setting() -> None:
    rows = set(re.findall(r"^\| `([a-z_]+)` \| `JANGKAU_[A-Z_]+` \|", README, flags=re.M))
    assert rows == set(Settings.model_fields)


def test_every_state_is_explained() -> None:
    assert all(f"`{state}`" in README for state in STATES)


def test_every_file_a_document_names_is_there() -> None:
    for document in ("README.md", "SECURITY.md", "docs/decisions.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        names = re.findall(r"[`(]((?:docs|data|geo|components|\.ci)/[\w./-]+)[`)]", text)
        missing = [name for name in names if not (ROOT / name).exists()]
        assert missing == []
