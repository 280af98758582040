"""Attributes that a KML keeps in the tables of its descriptions.

Programs that export KML write each row's fields as an HTML table into the balloon text (CDATA).
GDAL reads that as one text, so that such a layer seems to have no field of codes or names.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

import geopandas as gpd
import pandas as pd

_MOST: Final = 0.8
_MOST_FIELDS: Final = 100
_LONGEST: Final = 20_000


class _Cells(HTMLParser):
    """Gathers the texts of the cells of each table row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        self._open = tag in ("td", "th") and bool(self.rows)

    def handle_data(self, data: str) -> None:
        """Add a text to the cell that is open."""
        if self._open:
            self.rows[-1][-1] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self._open = self._open and tag not in ("td", "th")


def add_described_fields(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the fields that stand in the descriptions of a KML, where nearly all rows have them.

    Parameters
    ----------
    rows : geopandas.GeoDataFrame
        As GDAL reads a KML. Fields that it has already stay as they are.
    """
    if "description" not in rows:
        return rows
    found = pd.DataFrame(
        [_read_pairs(text) for text in rows["description"].fillna("").astype("str")],
        index=rows.index,
    )
    if found.empty or found.notna().any(axis=1).mean() < _MOST:
        return rows
    known = {str(name).lower() for name in rows.columns}
    new = [name for name in found.columns if str(name).lower() not in known][:_MOST_FIELDS]
    return rows.join(found[new].astype("object"))


def _read_pairs(text: str) -> dict[str, str]:
    """Names and values of rows of two cells."""
    if "<td" not in text[:_LONGEST].lower():
        return {}
    cells = _Cells()
    cells.feed(text[:_LONGEST])
    return {row[0]: row[1] for row in cells.rows if len(row) == 2 and row[0]}
