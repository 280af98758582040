"""Fields of a layer: columns of single values, each with a name of its own."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.errors import FileProblem, mark


def check_names(names: Iterable[str], label: str) -> None:
    """Refuse a layer with two columns of one name: it would not be clear which is meant.

    Raises
    ------
    FileProblem
        If a name is there twice.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise FileProblem(
                mark("{path} has two columns named {column!r}; give each a name of its own."),
                path=label,
                column=name,
            )
        seen.add(name)
