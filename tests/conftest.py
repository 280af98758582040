"""What several test files share: the sample, the real boundaries, a browser, and an engine."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import SavingApp, Visit, chromium, running_app, visit
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

# Shapes prepared by another version of the code must not be found.
_TEMPORARY = tempfile.mkdtemp(prefix="jangkau-tests-")
os.environ["TMPDIR"] = tempfile.tempdir = os.environ["XDG_CACHE_HOME"] = _TEMPORARY

from geo.counting.engines import open_engine  # noqa: E402
from geo.measures.dataset import Dataset, open_dataset  # noqa: E402 -- reads the folder when imported

ROOT = Path(__file__).parent.parent
pytest_plugins = ["hostile_support"]

# Function-scoped folders are fine under hypothesis: every example writes its own files anew.
# Examples are drawn afresh by developers, and the same in CI, whose answer is about the change.
settings.register_profile(
    "jangkau",
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("jangkau")


# Files that drive a browser, start engines or processes, or take long; `make test-fast` leaves them
# out. The longest begin, as two workers share the files and the last one would wait for it.
_LONGEST_FIRST = tuple(
    f"test_{name}.py"
    for name in (
        *("map_page", "drawing", "kills", "hostile_tables", "docs", "store", "warehouse"),
        *("data_page", "content_policy", "components", "fuzzer", "spark_cluster", "bad_files"),
        *("counted_figures", "isolation", "hostile_uploads", "figures_page", "reading_page"),
        *("html_page", "access", "durability", "conventions", "count", "coverage", "covers"),
        *("target", "enrolment_rows", "cli", "damaged_layers", "count_command", "cli_import"),
        *("wheel", "sample", "download", "rows_route"),
        *("hostile_layers", "uploads", "serve_command", "paper_and_touch", "asks_page"),
        *(
            "plan_page",
            "field_visits",
            "field_page",
            "office_walk",
            "publication",
            "formats",
            "postgis",
            "service",
            "publish",
        ),
        *("memory", "partly_known", "derived_cache", "outreach_commands", "denominators"),
        *("dead_ends", "cql_filter", "privacy"),
        *("atlas", "print_commands"),
    )
)
_PLACE = {name: place for place, name in enumerate(_LONGEST_FIRST)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark slow tests, and let the longest files begin."""
    for item in items:
        if item.path.name in _PLACE:
            item.add_marker("slow")
    items.sort(key=lambda item: _PLACE.get(item.path.name, len(_PLACE)))


@pytest.fixture(scope="session", autouse=True)
def _clear_away() -> Iterator[None]:
    yield
    shutil.rmtree(_TEMPORARY, ignore_errors=True)


@pytest.fixture(scope="session")
def sample() -> Dataset:
    """The embedded sample, opened once."""
    return open_dataset()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the real boundary files, which are no part of the repository."""
    folder = ROOT.parent / "shared"
    if not (folder / "boundaries").is_dir():
        pytest.skip(f"no real boundary files: {folder / 'boundaries'} is absent")
    return folder


@pytest.fixture(scope="session")
def real(shared: Path) -> Dataset:
    """The sample's workers on the real polygons of Barito Utara."""
    return open_dataset(shared / "boundaries" / "barito_utara_villages.geojson")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of a file."""
    with chromium() as started:
        yield started


@pytest.fixture
def guest(browser: Browser) -> Iterator[Visit]:
    """A page whose console stays clean and which asks nothing of outside hosts."""
    seen = visit(browser)
    yield seen
    seen.close()
    assert seen.outside == []
    assert seen.errors == []


@pytest.fixture(scope="session")
def app() -> Iterator[str]:
    """Address of the app as it starts without any setting."""
    with running_app() as address:
        yield address


@pytest.fixture(scope="session")
def started_saving_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SavingApp]:
    """An app that saves; tests take `saving_app`, in which nothing is saved yet."""
    workspace = tmp_path_factory.mktemp("saving") / "workspace"
    with running_app(JANGKAU_WORKSPACE=str(workspace)) as address:
        yield SavingApp(address, workspace)


@pytest.fixture
def saving_app(started_saving_app: SavingApp) -> Iterator[SavingApp]:
    """An app with an empty workspace."""
    yield started_saving_app
    shutil.rmtree(started_saving_app.workspace, ignore_errors=True)


@pytest.fixture(scope="session")
def embedded() -> Iterator[Any]:
    """DuckDB inside this process."""
    with open_engine() as engine:
        yield engine
