"""What the reading process does with a table of people: it is read from memory, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import mark
from ..core.files import Upload
from ..counting.count import Counts, count_people
from ..enrolment.reading import EnrolmentReading, read_enrolment
from ..enrolment.sheets import read_rows
from ..gazetteer import Gazetteer
from ..reconcile.reconcile import Reconciliation, reconcile_files
from .visit_layer import is_geopackage, read_visit_rows


def read_table_of_people(
    uploads: Mapping[str, bytes],
    _folder: str,
    tell: Callable[[str, float | None], None],
    *,
    path: Path | None,
    remembered: Mapping[str, Mapping[str, str]],
    **options: Any,
) -> EnrolmentReading:
    """Read an enrolment table (see `geo.enrolment.reading.read_enrolment`)."""
    file = path or next(Upload(name, data) for name, data in uploads.items())
    return read_enrolment(
        file, remembered=lambda shape: remembered.get(shape, {}), progress=tell, **options
    )


def read_rows_of(
    uploads: Mapping[str, bytes],
    _folder: str,
    _tell: Callable[[str, float | None], None],
    *,
    path: Path | None,
) -> list[tuple[int, list[str]]]:
    """Every row of a table (see `geo.enrolment.sheets.read_rows`), or of a layer of visits."""
    file = path or next(Upload(name, data) for name, data in uploads.items())
    return read_visit_rows(file) if is_geopackage(file) else read_rows(file)


def count_records(
    _uploads: Mapping[str, bytes],
    _folder: str,
    tell: Callable[[str, float | None], None],
    *,
    records: pd.DataFrame,
    gazetteer: Gazetteer,
    aliases: pd.DataFrame,
) -> Counts:
    """Match and count records (see `geo.counting.count.count_people`)."""
    tell(mark("Matching and counting"), None)
    return count_people(records, gazetteer, aliases=aliases)


def reconcile_lists(
    uploads: Mapping[str, bytes],
    _folder: str,
    tell: Callable[[str, float | None], None],
    *,
    paths: list[Path],
    names: list[str],
    gazetteer: Gazetteer,
) -> Reconciliation:
    """Match two lists of people (see `geo.reconcile.reconcile.reconcile_files`)."""
    given = [Upload(name, data) for name, data in zip(names, uploads.values(), strict=True)]
    candidates, enrolled = paths or given
    return reconcile_files(candidates, enrolled, gazetteer, progress=tell)
