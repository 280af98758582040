"""Whose turn it is: so many files are read at once, the others wait in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Final

_TICK: Final = 0.3  # seconds between two calls of who waits


class ReadingQueue:
    """A queue with a number of places.

    Parameters
    ----------
    places : int
        How many may read at once.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._changed = Condition()
        self._line: list[object] = []

    @contextmanager
    def turn(self, wait: Callable[[int], None]) -> Iterator[None]:
        """Wait for a place and hold it.

        Parameters
        ----------
        wait : callable
            Told, several times a second, how many are to be served before. What it raises
            leaves the queue: so a page cancels.
        """
        ticket = object()
        with self._changed:
            self._line.append(ticket)
        try:
            while ahead := self._count_ahead(ticket):
                wait(ahead)
                with self._changed:
                    self._changed.wait(_TICK)
            yield
        finally:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()

    def _count_ahead(self, ticket: object) -> int:
        """Count who has to leave before it is the ticket's turn."""
        with self._changed:
            return max(self._line.index(ticket) - self._places + 1, 0)
