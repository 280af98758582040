"""What is called with an input: readers, queries, views and settings, as the product calls them.

Each target lists steps; a step ends with a result, a problem that can be said, or a failure.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from zlib import crc32

from geo.boundaries.shapes import CrsMissing
from geo.core.errors import JangkauError
from geo.core.i18n import LANGUAGES, get_language
from geo.enrolment.reading import ColumnMissing
from geo.isolation.layer_tasks import guess_fields_of, list_layers_of, read_boundaries_of
from geo.isolation.limits import Limits, parse_memory
from geo.isolation.table_tasks import read_table_of_people
from geo.isolation.wire import receive, send
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import from_params, to_params
from geo.measures.view import build_view
from geo.workspace.settings import read_settings

from .containers import unpack
from .misdeeds import Step, list_misdeeds

Target = Callable[[str, bytes], list[Step]]

_MOST = 10**9
_SHARE_OF_ALL = 4
_SHARE_OF_LOOSE = 5
_ROLES = ("village", "identity", "subdistrict")
TABLES = ("csv", "csv.gz", "xlsx", "xls", "xlsb", "ods", "parquet")
LAYERS = (*("geojson", "topojson", "gpkg", "fgb", "geoparquet", "kml", "kmz", "shapefile", "gdb"),)
OTHERS = ("query", "view", "settings")


def find_target(reader: str) -> Target:
    """The steps of a reader."""
    if reader in TABLES:
        return _list_table_steps
    if reader in LAYERS and reader != "shapefile":
        return _list_layer_steps
    return _OTHER_TARGETS[reader]


def say(error: JangkauError) -> str:
    """The sentence in both languages; what cannot be said is a failure of its own."""
    return "\n".join(get_language(code).say(error) for code in LANGUAGES)


def hand_over(value: Any) -> bytes:
    """Send a value as the reading process does, and take it as the page does."""
    stream = BytesIO()
    send(stream, value)
    stream.seek(0)
    receive(stream, _MOST)
    return stream.getvalue()


# ---- files ----


def _tell(_step: str, _done: float | None = None) -> None:
    """Tell nobody how far a reading is."""


def _list_table_steps(name: str, data: bytes) -> list[Step]:
    """Read a table, and once more with answers to what the reader asks."""

    def call(folder: Path, **answers: Any) -> Any:
        return read_table_of_people(
            {name: data}, str(folder), _tell, path=None, remembered={}, **answers
        )

    def read(folder: Path) -> Any:
        try:
            reading = call(folder)
        except ColumnMissing as error:
            hand_over({"problem": error})
            names = [column.name for column in error.outline.columns]
            return call(folder, mapping=dict(zip(names, _ROLES, strict=False)))
        styles = {each.column: next(iter(each.options), "dmy") for each in reading.questions}
        return [reading, *([call(folder, styles=styles, period="2024-10")] if styles else [])]

    return [read]


def _list_layer_steps(name: str, data: bytes) -> list[Step]:
    return _list_steps_of({name: data}, crc32(data))


def _list_shapefile_steps(name: str, data: bytes) -> list[Step]:
    """Read a zipped Shapefile; of some the parts, loose as a browser sends them."""
    digest = crc32(data)
    if digest % _SHARE_OF_LOOSE == 0:
        # A damaged archive is read as it is.
        with suppress(Exception):
            parts = {PurePosixPath(title).name: body for title, body in unpack(data)}
            return _list_steps_of(parts, digest)
    return _list_steps_of({name: data}, digest)


def _list_steps_of(uploads: dict[str, bytes], digest: int) -> list[Step]:
    def call(task: Callable[..., Any], folder: Path, **options: Any) -> Any:
        return task(uploads, str(folder), _tell, paths=[], **options)

    def read(folder: Path) -> Any:
        try:
            return call(read_boundaries_of, folder)
        except CrsMissing as error:
            hand_over({"problem": error})
            # The user answers; what lies behind the question is to be read as well.
            return call(read_boundaries_of, folder, crs=error.suggestion or "EPSG:4326")

    # The other two do a part of the same work; a share of the inputs is enough for what they add.
    if digest % _SHARE_OF_ALL:
        return [read]
    return [partial(call, list_layers_of), partial(call, guess_fields_of, layer=None), read]


# ---- queries ----


@cache
def _sample() -> Dataset:
    return open_dataset()


def _check_link(params: dict[str, list[str]], _folder: Path) -> None:
    options = _sample().options
    query, problems = from_params(params, options)
    for problem in problems:
        say(problem)
    if from_params(to_params(query), options) != (query, []):
        raise AssertionError("the link of a query opens another query")


def _show_link(params: dict[str, list[str]], _folder: Path) -> None:
    query, _ = from_params(params, _sample().options)
    view = build_view(_sample(), query)
    if not set(view.found.index) <= set(view.villages.index):
        raise AssertionError("a village is found that is not in the area")


def _list_query_steps(_name: str, data: bytes) -> list[Step]:
    return [partial(_check_link, json.loads(data))]


def _list_view_steps(_name: str, data: bytes) -> list[Step]:
    return [partial(_show_link, json.loads(data))]


# ---- settings ----


def _list_settings_steps(_name: str, data: bytes) -> list[Step]:
    return [partial(_read_settings, **json.loads(data))]


def _read_settings(folder: Path, *, environment: dict[str, str], file: str) -> None:
    started_in = Path.cwd()
    os.chdir(folder)
    os.environ.update(environment)
    try:
        Path("jangkau.toml").write_bytes(file.encode("latin-1"))
        settings = read_settings()
        limits = Limits(parse_memory(settings.reader_memory), settings.reader_seconds)
    finally:
        os.chdir(started_in)
        for name in environment:
            del os.environ[name]
    # What is accepted must be what the system can be asked for.
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    for number in (limits.memory, limits.seconds):
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, hard))
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


_OTHER_TARGETS: dict[str, Target] = {
    "shapefile": _list_shapefile_steps,
    "query": _list_query_steps,
    "view": _list_view_steps,
    "settings": _list_settings_steps,
    "misdeed": list_misdeeds,
}
