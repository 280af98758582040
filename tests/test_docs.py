"""What the documents say is true: commands run, names exist, generated pages are fresh."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from geo.measures.query import STATES
from geo.workspace.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "data").rglob("*.md"))
    if ".venv" not in path.parts
)
# Pages of the root that docs/hooks.py shows in the documentation.
SHOWN = {"index.md", "security.md", "contributing.md", "changelog.md"}
FOLDERS = r"(?:geo|components|docs|data|bench|tests|\.ci|\.streamlit)"
_BLOCK = re.compile(
    r"(?:^[ ]*<!-- not run: (?P<reason>[^\n]*?) ?-->\n+)?"
    r"^(?P<indent>[ ]*)```sh\n(?P<body>.*?)^(?P=indent)```",
    flags=re.M | re.S,
)
_NAMED = re.compile(rf"`({FOLDERS}/[\w./-]*)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
_PLACED = re.compile(r"`(\w+)` (?:in|of)(?: the)?\s+`(geo/[\w/]+\.py)`")
_TARGET = re.compile(r"\bmake ([a-z-]+)")
_OUTSIDE = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|data)=[\"']?(?:https?:)?//"
    r"|<link\b[^>]*?rel=[\"']?(?:stylesheet|preload|preconnect|icon)[^>]*?href=[\"']?(?:https?:)?//"
)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def shell_blocks(page: Path, *, runnable: bool) -> list[str]:
    """Bodies of the ``sh`` blocks that run here, or of those that say why they do not."""
    found = _BLOCK.finditer(read(page))
    return [match["body"] for match in found if (match["reason"] is None) == runnable]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the data of a clone, and a folder ``bin`` with the programs of its .venv."""
    programs = {
        "jangkau": f'exec "{sys.executable}" -m geo "$@"',
        "python": f'exec "{sys.executable}" "$@"',
    }
    (tmp_path / "bin").mkdir()
    for name, line in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(0o755)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


@pytest.mark.parametrize(
    "page", [page for page in PAGES if shell_blocks(page, runnable=True)], ids=name_of
)
def test_the_commands_of_a_page_run_in_order(page: Path, desk: Path) -> None:
    path = f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for block in shell_blocks(page, runnable=True):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=desk,
            env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"


def test_a_block_that_does_not_run_says_why() -> None:
    reasons = [match["reason"] for page in PAGES for match in _BLOCK.finditer(read(page))]
    assert all(reason is None or reason for reason in reasons)
    assert sum(reason is None for reason in reasons) > 10


def test_every_make_target_that_is_named_exists() -> None:
    blocks = [block for page in PAGES for block in shell_blocks(page, runnable=False)]
    code = [text for page in PAGES for text in re.findall(r"`([^`\n]+)`", read(page))]
    named = {target for text in (*blocks, *code) for target in _TARGET.findall(text)}
    listed = set(re.findall(r"^([a-z-]+):.*##", read(ROOT / "Makefile"), flags=re.M))
    assert {"run", "test", "docs"} <= named
    assert named <= listed


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    named = _NAMED.findall(read(page))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = _LINK.findall(read(page))
    lost = [link for link in links if not (page.parent / link).exists()]
    shown = [link for link in lost if (page.parent / link).resolve().parent == DOCS]
    assert set(lost) - {link for link in shown if Path(link).name in SHOWN} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_name_said_to_be_in_a_module_is_in_it(page: Path) -> None:
    for name, module in _PLACED.findall(read(page)):
        assert re.search(rf"\b{name}\b", read(ROOT / module)), f"{name} is not in {module}"


def test_imports_in_examples_work() -> None:
    blocks = [
        b for page in PAGES for b in re.findall(r"```python\n(.*?)```", read(page), flags=re.S)
    ]
    lines = {
        line.strip()
        for b in blocks
        for line in b.splitlines()
        if line.strip().startswith("from geo")
    }
    assert lines
    for line in lines:
        exec(line, {})


def test_every_setting_has_a_line() -> None:
    page = read(DOCS / "reference" / "settings.md")
    rows = set(re.findall(r"^\| `([a-z_]+)` \| `JANGKAU_[A-Z_]+` \|", page, flags=re.M))
    assert rows == set(Settings.model_fields)


def test_every_state_is_explained() -> None:
    glossary = read(DOCS / "glossary.md")
    assert [state for state in STATES if f"| `{state}` |" not in glossary] == []


def load_script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_what_the_code_says() -> None:
    pages = load_script("generate_reference").build_pages()
    stale = [name for name, text in pages.items() if read(DOCS / "reference" / name) != text]
    assert stale == [], "run `make docs` and commit what it writes"


def test_every_decision_is_dated_complete_and_listed() -> None:
    index = read(DOCS / "decisions" / "index.md")
    for path in (DOCS / "decisions").glob("2*.md"):
        date = re.match(r"\d{4}-\d\d-\d\d", path.name)
        assert date is not None
        parts = [f"Date: {date[0]}", "## Context", "## Decision", "## Consequences"]
        assert [part for part in parts if part not in read(path)] == [], path.name
        assert f"| {date[0]} | [" in index and f"({path.name})" in index


def test_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in DOCS.rglob("*.png")}
    assert max(sizes.values()) < 200_000
    assert sum(sizes.values()) < 2_000_000


def test_the_site_builds_and_asks_no_other_host(tmp_path: Path) -> None:
    mkdocs = shutil.which("mkdocs", path=str(Path(sys.executable).parent))
    if mkdocs is None:
        pytest.skip("MkDocs is not installed: run `make docs` once")
    command = [mkdocs, "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for page in (tmp_path / "site").rglob("*.html"):
        assert _OUTSIDE.search(read(page)) is None, page
