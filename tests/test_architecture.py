"""The shape of the program: imports go one way, files stay small, all is said and typed."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The one-way street. A module imports from ranks to its left, or from its own; a package of
# several modules stands under its name.
STREET = (
    (
        "privacy",
        "errors",
        "codes",
        "files",
        "palettes",
        "i18n",
        "codebook",
        "map_files",
        "segments",
        "words",
        "sums",
    ),
    ("places", "tables", "voronoi", "sample", "sample_places", "matching", "aliases"),
    (
        *("boundary_files", "enrolment_files", "fetching", "boundaries", "enrolment"),
        "shape_store",
    ),  # load
    (
        *("aggregate", "count", "saved_counts", "saved_state", "leftovers", "workspace"),
        *("saved_boundaries", "isolation"),
    ),  # match and count
    ("query", "ledger", "search", "kept", "dataset", "warehouse"),
    ("behind", "spellings", "measure"),
    ("classify",),
    ("view", "settings"),
    ("legend", "report", "about", "audit", "findings", "statement"),
    ("payload", "draw", "export", "headline", "place", "ranking"),
    ("audit_html", "layer_html", "page", "figures", "spelling_table", "opened"),
    (
        *("cli_support", "cli_match", "cli_import", "cli_boundaries"),
        *("cli_count", "cli_periods", "cli_prepare", "cli_serve"),
    ),
    ("cli",),
    ("__main__",),
)
RANKS = {module: rank for rank, modules in enumerate(STREET) for module in modules}
MODULES = sorted((ROOT / "geo").rglob("*.py"))
MODULES.remove(ROOT / "geo" / "__init__.py")
COMPONENTS = sorted((ROOT / "components").rglob("*.py"))
SOURCES = [ROOT / "app.py", *MODULES, *COMPONENTS, *sorted((ROOT / "tests").glob("*.py"))]
NUMERIC = {"numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "scipy", "ckmeans"}
# A folder of one machine: its user's home, a drive, or where this was built.
MACHINE_PATH = re.compile(
    r"(?<![\w.:/])(?:/" + r"(?:home|Users|root|work|mnt)/\w|[A-Z]:\\" + r"(?:Users|work))"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def outer_imports(path: Path) -> set[str]:
    """Top-level packages a file imports, absolutely."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def module_of(path: Path) -> str:
    """``matching.words`` for geo/matching/words.py, ``matching`` for its package."""
    parts = path.relative_to(ROOT / "geo").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def inner_imports(path: Path) -> set[str]:
    """Modules of geo that a module of geo imports."""
    found = set()
    folder = list(path.relative_to(ROOT / "geo").parts[:-1])
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level:
            inside = folder[: len(folder) + 1 - node.level]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {".".join([*inside, name]) for name in names}
    return found


def public_functions(path: Path) -> list[ast.FunctionDef]:
    """Functions of a module and methods of its classes without a leading underscore."""
    bodies = [tree(path), *(n for n in tree(path).body if isinstance(n, ast.ClassDef))]
    nodes = [node for body in bodies for node in body.body]
    return [n for n in nodes if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("no git repository here to list the files of")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def rank_of(module: str) -> int:
    """Rank of a module, or of the package it is in."""
    return RANKS[module.partition(".")[0]]


def test_every_module_has_its_place_in_the_street() -> None:
    assert {module_of(path).partition(".")[0] for path in MODULES} == set(RANKS)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_from_its_left(path: Path) -> None:
    rank = rank_of(module_of(path))
    assert [other for other in inner_imports(path) if rank_of(other) > rank] == []


def test_no_module_is_reached_from_itself() -> None:
    reached = {module_of(path): inner_imports(path) for path in MODULES}
    for _ in reached:
        reached = {m: r.union(*(reached[other] for other in r)) for m, r in reached.items()}
    assert [module for module, others in reached.items() if module in others] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_geo_knows_neither_streamlit_nor_the_page(path: Path) -> None:
    assert not outer_imports(path) & {"streamlit", "streamlit_folium", "components", "app", "geo"}


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_components_compute_nothing(path: Path) -> None:
    assert not outer_imports(path) & NUMERIC


def test_the_entry_point_is_short() -> None:
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) < 80


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_and_public_function_says_what_it_does(path: Path) -> None:
    silent = [f.name for f in public_functions(path) if not ast.get_docstring(f)]
    assert silent == []
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_public_function_is_typed(path: Path) -> None:
    for function in public_functions(path):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        bare = [a.arg for a in arguments if not a.annotation and a.arg not in ("self", "cls")]
        assert bare == [], function.name
        assert function.returns is not None, function.name


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
