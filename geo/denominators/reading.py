"""A table of eligible workers or of population: read as an import is, column by column.

Container, sheet, header, places and rows are understood as in a table of counts; only the column
of numbers has other names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import pandas as pd

from ..core import codes
from ..core.segments import parse_combination
from ..counting.count import Counts
from ..enrolment.reading import ColumnMissing, EnrolmentReading, Outline
from ..enrolment.vocabulary import normal_header

Kind = Literal["eligible", "population"]
# A table of denominators is of no month; records need one.
PERIOD: Final = "2000-01"
_HEADERS: Final[dict[Kind, re.Pattern[str]]] = {
    "eligible": re.compile(
        r"(^|_)(eligible|berhak|potensi|angkatan_kerja|pekerja|tenaga_kerja|usia_kerja|penyebut)(_|$)"
    ),
    "population": re.compile(
        r"(^|_)(penduduk|populasi|population|jiwa|jml_pen|jumlah_pen|total_penduduk)(_|$)"
    ),
}
Read = Callable[..., EnrolmentReading]


def read_denominators(
    read: Read, file: Any, kind: Kind, *, mapping: Mapping[str, str] | None = None, **options: Any
) -> EnrolmentReading:
    """Read a table of eligible workers or of population.

    Parameters
    ----------
    read : callable
        `geo.enrolment.reading.read_enrolment`, or the same in a process of its own.
    file : pathlib.Path or Upload
        The table.
    kind : str
        ``eligible`` or ``population``.
    mapping, **options
        Those of `geo.enrolment.reading.read_enrolment`.

    Raises
    ------
    JangkauError
        As `geo.enrolment.reading.read_enrolment`.
    """
    options = {"period": PERIOD, "covers": "all", **options}
    try:
        reading = read(file, mapping=mapping or {}, **options)
    except ColumnMissing as missing:
        found = find_number_column(missing.outline, kind)
        if mapping or not found:
            raise
        return read(file, mapping={found: "count"}, **options)
    found = find_number_column(reading, kind)
    counts = {column.name for column in reading.columns if column.role == "count"}
    if mapping or not found or found in counts or reading.form == "wide":
        return reading
    return read(file, mapping={found: "count"}, **options)


def find_number_column(outline: Outline, kind: Kind) -> str:
    """Find the column that holds the numbers, by its header; empty if none does."""
    named = [c for c in outline.columns if c.role in ("count", "eligible", "ignored")]
    total = [c for c in named if _HEADERS[kind].search(normal_header(c.name))]
    whole = [c for c in total if re.search(r"jumlah|jml|total", normal_header(c.name))]
    return (whole or total)[0].name if total else ""


def sum_places(counts: Counts) -> pd.DataFrame:
    """Numbers of a table by place and segment: ``code`` (of any level), ``segment``, ``people``."""
    people = counts.people
    segment = people["combination"].map(lambda text: "+".join(sorted(parse_combination(text))))
    table = people.assign(segment=segment)
    return table.groupby(["code", "segment"], as_index=False)["people"].sum()


def split_levels(people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Numbers of villages, numbers of subdistricts, and people of no such place."""
    length = people["code"].str.len()
    villages = people[length == codes.length_of("village")]
    subdistricts = people[length == codes.length_of("subdistrict")]
    lost = int(people["people"].sum() - villages["people"].sum() - subdistricts["people"].sum())
    return villages, subdistricts, lost
