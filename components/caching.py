"""The caches, in one place: thin wrappers around pure functions, keyed on what they read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread, Timer
from typing import Any, Final

import streamlit as st

from components.preparing import show_preparing
from components.workarounds import spare_collector
from geo.core.errors import JangkauError, SettingProblem
from geo.core.i18n import Language
from geo.gazetteer.search import search_places
from geo.measures.basket import Basket, sum_basket
from geo.measures.dataset import Dataset, open_dataset
from geo.measures.query import Query
from geo.measures.view import View, build_timeline, build_view
from geo.shapes.prepare import is_prepared
from geo.workspace.leftovers import tidy_workspace
from geo.workspace.periods import Workspace
from geo.workspace.saved_boundaries import SavedBoundaries
from geo.workspace.saved_eligible import SavedEligible
from geo.workspace.saved_state import state_files
from geo.workspace.settings import Settings, read_settings

# Not by the object's address, which a later dataset can have again.
_BY_KEY: dict[str | type[Any], Callable[[Any], Any]] = {Dataset: lambda data: data.key}
Stamp = tuple[tuple[str, int], ...]
# Seconds after which the first page has been sent. Later, it would slow down the first click.
_PAGE_SHOWN: Final = 2.0


def base_path() -> str:
    """Path under which the app is served, such as ``/jangkau``; empty for the root."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def served_path() -> str:
    """Path under which the app serves files and answers, behind any base path."""
    return f"{base_path()}/assets"


def startup_settings() -> Settings:
    """Settings to start serving with: the defaults where they are wrong, which the page says."""
    try:
        return read_settings()
    except SettingProblem:
        return Settings.model_construct()


def open_data(settings: Settings, language: Language | None = None) -> Dataset:
    """The dataset of the settings, read again when a file changes.

    Where its shapes are not prepared yet, the page says so and how far it is,
    in the language that is given; a route of the app gives none.
    """
    boundaries = _boundaries(settings)
    stamp = _stamp(settings, boundaries)
    # A place on the page at every run: were it there at the first alone, all below would be
    # mounted anew at the second, the map too.
    place = None if language is None else st.empty()
    opened = _opened()
    if language is not None and place is not None and (repr(settings), stamp) not in opened:
        show_preparing(place, boundaries, settings.cache, language)
        opened.add((repr(settings), stamp))
    return _open_data(settings, boundaries, stamp)


def open_prepared(settings: Settings) -> Dataset | None:
    """The dataset of the settings; None where its shapes are not prepared yet.

    To prepare the shapes of a country takes minutes, which no request of a route may start.
    """
    boundaries = _boundaries(settings)
    stamp, opened = _stamp(settings, boundaries), _opened()
    if (repr(settings), stamp) not in opened:
        if not is_prepared(boundaries, settings.cache):
            return None
        opened.add((repr(settings), stamp))
    return _open_data(settings, boundaries, stamp)


def open_ahead() -> Thread:
    """Read the data while the first browser still loads the page, from a tidy workspace.

    Where shapes must be prepared first, the page does it, and says how far it is.
    """
    thread = Thread(target=_look_at_prepared, daemon=True)
    thread.start()
    return thread


def _look_at_prepared() -> None:
    with suppress(JangkauError, OSError):  # the page meets it again, and tells it
        settings = read_settings()
        tidy_workspace(settings.workspace)
        data = open_prepared(settings)
        if data is not None:
            # What the first page needs beside: sums, and a library that is slow to load.
            _ = data.options
            import_module("geo.maps.folium_layer")


def _boundaries(settings: Settings) -> Path:
    """Those saved in the workspace, else those of the settings."""
    return SavedBoundaries(settings.workspace).path() or settings.boundaries


@st.cache_resource(show_spinner=False)
def _opened() -> set[tuple[str, Stamp]]:
    """What was prepared in this process: outside the cache, whose functions show nothing."""
    return set()


def _stamp(settings: Settings, boundaries: Path) -> Stamp:
    """Every file behind the data with its time of change."""
    paths = [boundaries, settings.enrolment]
    paths += [settings.eligible] if settings.eligible else []
    paths += state_files(settings.workspace)
    files = [f for p in paths for f in (sorted(p.iterdir()) if p.is_dir() else [p])]
    return tuple((str(f), f.stat().st_mtime_ns) for f in files if f.exists())


@st.cache_resource(show_spinner=False, max_entries=2, hash_funcs={Settings: repr})
def _open_data(settings: Settings, boundaries: Path, stamp: Stamp) -> Dataset:
    data = open_dataset(
        boundaries,
        settings.enrolment,
        SavedEligible(settings.workspace).path() or settings.eligible,
        workspace=Workspace(settings.workspace),
        covers=settings.covers,
        cache=settings.cache,
    )
    _look_ahead(data)
    spare_collector()
    return data


def _look_ahead(data: Dataset) -> None:
    """Do what a first search does, a second's work for a country, while the page is read."""
    timer = Timer(_PAGE_SHOWN, lambda: search_places(data.search, data.names.iloc[0]))
    timer.daemon = True
    timer.start()


def cached_view(data: Dataset, query: Query) -> View:
    """The view of a query (its tables not to be changed: every session shares them).

    Villages that are chosen, but not alone, change nothing of it.
    """
    if query.chosen or not query.basket:
        return _cached_view(data, query)
    view = _cached_view(data, replace(query, basket=()))
    return replace(view, query=replace(view.query, basket=query.basket))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_KEY)
def _cached_view(data: Dataset, query: Query) -> View:
    return build_view(data, query)


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_KEY)
def cached_basket(data: Dataset, query: Query) -> Basket:
    """What the villages chosen in a query come to."""
    return sum_basket(data, cached_view(data, query))


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=_BY_KEY)
def cached_timeline(data: Dataset, query: Query, place: str) -> Any:
    """Coverage rate of a place in every period (see `geo.measures.view.build_timeline`)."""
    return build_timeline(data, query, place)


@st.cache_resource(show_spinner=False, max_entries=16, hash_funcs=_BY_KEY)
def cached_villages(data: Dataset, query: Query) -> Any:
    """The villages that a plan chooses from (see `geo.outreach.villages.list_villages`)."""
    return import_module("geo.outreach.villages").list_villages(data, query)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=_BY_KEY)
def cached_plan(data: Dataset, query: Query, inputs: Any) -> Any:
    """The best plan of the inputs, and people that the next amount adds."""
    problem = import_module("geo.outreach.inputs").build_problem(
        cached_villages(data, query), inputs
    )
    plan = import_module("geo.outreach.choose").choose_villages(problem)
    return plan, import_module("geo.outreach.explain").count_next(plan)


@st.cache_resource(show_spinner=False, max_entries=32, hash_funcs=_BY_KEY)
def cached_curve(data: Dataset, query: Query, inputs: Any) -> Any:
    """Most people by budget (see `geo.outreach.explain.draw_curve`)."""
    problem = import_module("geo.outreach.inputs").build_problem(
        cached_villages(data, query), inputs
    )
    return import_module("geo.outreach.explain").draw_curve(problem)
