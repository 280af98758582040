"""What became of each row of a boundary layer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ..core.errors import Note
from .conventions import Recognition

COLUMNS: Final = ("row", "code", "name", "event", "detail")


def no_events() -> pd.DataFrame:
    """An empty table of events."""
    return pd.DataFrame({c: pd.Series(dtype="int64" if c == "row" else "str") for c in COLUMNS})


@dataclass(frozen=True)
class LayerAudit:
    """Every row of a layer accounted for: rows in = villages + dissolved + left out.

    Attributes
    ----------
    rows_in : int
        Rows of the layer.
    villages : int
        Villages in the normal form.
    layer, kind, crs, encoding : str
        What was read: name of the layer, format, coordinate system, and the
        encoding where it had to be found out.
    scheme : str
        ``kemendagri``, ``bps`` or empty: whose codes the file has.
    recognition : Recognition or None
        What the fields were taken for; None for a table of points.
    events : pandas.DataFrame
        ``row`` (from 1), ``code``, ``name``, ``event`` (see `geo.core.labels.EVENT_WORDS`),
        ``detail``. A row may have several. The first three events say that
        the row is no village of its own; of ``no_code`` rows the polygons
        are kept in `geo.boundaries.reading.Boundaries.unmatched`.
    notes : tuple of Note
        Sentences about the layer as a whole.
    """

    rows_in: int
    villages: int
    layer: str = ""
    kind: str = ""
    crs: str = ""
    encoding: str = ""
    scheme: str = ""
    recognition: Recognition | None = None
    events: pd.DataFrame = field(default_factory=no_events)
    notes: tuple[Note, ...] = ()

    def count(self, event: str) -> int:
        """How many rows an event befell."""
        return int((self.events["event"] == event).sum())

    def of(self, event: str) -> pd.DataFrame:
        """The rows that an event befell: ``row, code, name, detail``."""
        return self.events[self.events["event"] == event].drop(columns="event")

    @property
    def dissolved(self) -> int:
        """Rows that were joined to another row of the same village."""
        return self.count("dissolved")

    @property
    def left_out(self) -> int:
        """Rows that became no village: not one, or not known which."""
        return self.count("not_village") + self.count("no_code")

    @property
    def balanced(self) -> bool:
        """Whether every row is accounted for."""
        return self.rows_in == self.villages + self.dissolved + self.left_out


@dataclass(frozen=True)
class LayerFacts:
    """What must be said about a layer, without its polygons.

    Attributes
    ----------
    source, date, approximate, audit
        See `geo.boundaries.reading.Boundaries`.
    unmatched : pandas.DataFrame
        As in `geo.boundaries.reading.Boundaries`, without geometry.
    """

    source: str
    date: dt.date | None
    approximate: bool
    audit: LayerAudit
    unmatched: pd.DataFrame
