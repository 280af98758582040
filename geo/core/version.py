"""The version of the program, as files and services say it."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def program_version() -> str:
    """Version of the installed package; ``unknown`` where it runs without being installed."""
    try:
        return version("jangkau")
    except PackageNotFoundError:
        return "unknown"
