"""The caches, in one place: thin wrappers around pure functions, keyed on what they read."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread, Timer
from typing import Any, Final

import streamlit as st

from components.preparing import show_preparing
from geo.dataset import Dataset, open_dataset
from geo.errors import JangkauError, SettingProblem
from geo.i18n import Language
from geo.query import Query
from geo.saved_boundaries import SavedBoundaries
from geo.search import search_places
from geo.settings import Settings, read_settings
from geo.shape_store.prepare import is_prepared
from geo.view import View, build_timeline, build_view
from geo.workspace import Workspace

# Not by the object's address, which a later dataset can have again.
_BY_KEY: dict[str | type[Any], Callable[[Any], Any]] = {Dataset: lambda data: data.key}
Stamp = tuple[tuple[str, int], ...]
# Seconds after which the first page has been sent. Later, it would slow down the first click.
_PAGE_SHOWN: Final = 2.0


def served_path() -> str:
    """Path under which the app serves files and answers, behind any base path."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/assets" if base else "/assets"


def shapes_folder() -> Path:
    """Folder of shape files (see `geo.shape_store.reader.ShapeStore.folder`).

    The default one where the settings are wrong: the page says what is wrong
    with them; serving must start all the same.
    """
    try:
        return read_settings().cache / "shapes"
    except SettingProblem:
        return Path(Settings.model_fields["cache"].default) / "shapes"


def open_data(settings: Settings, language: Language | None = None) -> Dataset:
    """The dataset of the settings, read again when a file changes.

    Where its shapes are not prepared yet, the page says so and how far it is,
    in the language that is given; a route of the app gives none.
    """
    boundaries = _boundaries(settings)
    paths = [boundaries, settings.enrolment]
    paths += [settings.eligible] if settings.eligible else []
    paths += sorted(settings.workspace.glob("periods/*/versions.json"))
    stamp = _stamp(paths)
    # A place on the page at every run: were it there at the first alone, all below would be
    # mounted anew at the second, the map too.
    place = None if language is None else st.empty()
    opened = _opened()
    if language is not None and place is not None and (repr(settings), stamp) not in opened:
        show_preparing(place, boundaries, settings.cache, language)
        opened.add((repr(settings), stamp))
    return _open_data(settings, boundaries, stamp)


def open_ahead() -> Thread:
    """Read the data while the first browser still loads the page.

    Where shapes must be prepared first, the page does it, and says how far it is.
    """
    thread = Thread(target=_open_prepared, daemon=True)
    thread.start()
    return thread


def _open_prepared() -> None:
    with suppress(JangkauError, OSError):  # the page meets it again, and tells it
        settings = read_settings()
        if is_prepared(_boundaries(settings), settings.cache):
            data = open_data(settings)
            # What the first page needs beside: sums, and a library that is slow to load.
            _ = data.options
            import_module("geo.draw")


def _boundaries(settings: Settings) -> Path:
    """Those saved in the workspace, else those of the settings."""
    return SavedBoundaries(settings.workspace).path() or settings.boundaries


@st.cache_resource(show_spinner=False)
def _opened() -> set[tuple[str, Stamp]]:
    """What was prepared in this process: outside the cache, whose functions show nothing."""
    return set()


def _stamp(paths: list[Path]) -> Stamp:
    """Every file behind the paths with its time of change."""
    files = [f for p in paths for f in (sorted(p.iterdir()) if p.is_dir() else [p])]
    return tuple((str(f), f.stat().st_mtime_ns) for f in files if f.exists())


@st.cache_resource(show_spinner=False, max_entries=2, hash_funcs={Settings: repr})
def _open_data(settings: Settings, boundaries: Path, stamp: Stamp) -> Dataset:
    data = open_dataset(
        boundaries,
        settings.enrolment,
        settings.eligible,
        workspace=Workspace(settings.workspace),
        cache=settings.cache,
    )
    _look_ahead(data)
    _spare_collector()
    return data


def _spare_collector() -> None:
    """Keep what is there by now, libraries above all, out of the collection of garbage.

    Streamlit collects after each run, and all sessions wait for it: a tenth of a second, for
    objects that stay as long as the process. Those of data read before are looked at once more.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


# Libraries complain at the end of what is never collected.
atexit.register(gc.unfreeze)


def _look_ahead(data: Dataset) -> None:
    """Do what a first search does, a second's work for a country, while the page is read."""
    timer = Timer(_PAGE_SHOWN, lambda: search_places(data.search, data.names.iloc[0]))
    timer.daemon = True
    timer.start()


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_KEY)
def see(data: Dataset, query: Query) -> View:
    """The view of a query (not to be changed: every session shares it)."""
    return build_view(data, query)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_KEY)
def see_timeline(data: Dataset, query: Query, place: str) -> Any:
    """Coverage rate of a place in every period (see `geo.view.build_timeline`)."""
    return build_timeline(data, query, place)
