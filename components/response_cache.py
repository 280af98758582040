"""What the routes of the app have to answer with: of the views that were shown last."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final, Generic, TypeVar

from geo.measures.dataset import Dataset
from geo.measures.query import to_params
from geo.measures.view import View

T = TypeVar("T")
_MOST_KEPT: Final = 64
# Of a query, what changes no figure of a place.
ONLY_LOOKS: Final = frozenset(
    {"selected", "measure", "scheme", "palette", "circles", "tiles", "order"}
)


def build_key(data: Dataset, view: View, extra: str, without: Collection[str]) -> str:
    """A key for what there is of a view: of this opening of the data, and not to be guessed."""
    # Which villages are chosen matters where no other is kept.
    left_out = {*without} if view.query.chosen else {*without, "basket"}
    # A change that is drawn names no period where it is since the one before.
    query = replace(view.query, compare=view.compared)
    asked = {k: v for k, v in to_params(query).items() if k not in left_out}
    return hashlib.sha256(f"{data.key} {extra} {asked}".encode()).hexdigest()[:32]


class Offered(Generic[T]):
    """Things kept under keys; of many, those that were offered last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, T] = OrderedDict()

    def keep(self, key: str, make: Callable[[], T]) -> None:
        """Keep something under a key; it is made where it is not there yet."""
        if key not in self._kept:
            self._kept[key] = make()
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def get(self, key: str) -> T | None:
        """What is kept under a key; None where nothing is, or not any more."""
        return self._kept.get(key)
