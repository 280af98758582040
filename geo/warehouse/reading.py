"""Records of the embedded engine, read into memory as numbers.

Of each record the engine tells the person, and one number that stands for the texts of its place
and one for those of its kind. Which places and kinds these are is looked up here: to join them
takes the engine longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ..aggregate import MOST_PLACES, pair_type
from .engines import EMBEDDED
from .persons import hash_texts

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.backends.sql import SQLBackend
    from ibis.expr.types import BooleanValue, Table

_BATCH: Final = 1 << 19
_STEP: Final = 1 << 22


def read_spellings(records: Table, kinds: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    """Each combination of texts of the active records once: what others say may not help to match.

    Parameters
    ----------
    records : ibis.Table
        With ``texts`` and the texts of kinds.
    kinds : pandas.DataFrame
        The texts of kinds that are active.
    texts : list of str
        Columns.
    """
    import ibis

    if ibis.get_backend(records).name != EMBEDDED:
        active = records.semi_join(ibis.memtable(kinds), list(kinds.columns))
        return active.select(texts).distinct().to_pandas()
    # The first records have most: to look for others is cheaper than to group all.
    first = records.semi_join(*_keyed(records, kinds)).select(texts).limit(_BATCH)
    known = first.distinct().to_pandas()
    others = records.anti_join(*_keyed(records, known))
    others = others.semi_join(*_keyed(others, kinds)).select(texts)
    return pd.concat([known, others.distinct().to_pandas()], ignore_index=True)


def _keyed(records: Table, table: pd.DataFrame) -> tuple[Table, BooleanValue]:
    """The numbers that stand for the texts of a table, and whether a record has one of them."""
    import ibis

    texts = list(table.columns)
    rows = ibis.memtable(table)
    keys = rows.select(key=hash_texts(rows, texts))
    return keys, hash_texts(records, texts) == keys["key"]


def read_numbers(
    records: Table, places: pd.DataFrame, kinds: pd.DataFrame, labels: int
) -> pa.Table:
    """The active records as numbers.

    Parameters
    ----------
    records : ibis.Table
        With ``person``, ``start``, the texts of places and kinds and, where there are several,
        ``period``.
    places : pandas.DataFrame
        Each combination of texts once; the position of a row is the number of a place.
    kinds : pandas.DataFrame
        Each combination of texts of active rows once, and its ``label``.
    labels : int
        How many labels there are.

    Returns
    -------
    pyarrow.Table
        Columns as `geo.aggregate.build_people` takes them.
    """
    import ibis
    import pyarrow as pa

    told = kinds.drop(columns="label")
    keys = [key for key in ("period", "person", "start") if key in records.columns]
    engine: Any = ibis.get_backend(records)
    place_of, kind_of = _index(engine, places), _index(engine, told)
    # What is not found is at -1, the last.
    label_of = np.append(kinds["label"].to_numpy("int64"), -1)
    asked = records.select(
        *keys,
        place=hash_texts(records, list(places.columns)),
        kind=hash_texts(records, list(told.columns)),
    )
    # What Ibis 12 calls for batches is gone from DuckDB 2.
    read = engine.con.sql(ibis.to_sql(asked, dialect="duckdb")).to_arrow_reader(_BATCH)
    pair = pa.field("pair", pair_type(len(places), labels))
    held = []
    for batch in read:
        place = place_of.get_indexer(batch["place"].to_numpy())
        label = label_of[kind_of.get_indexer(batch["kind"].to_numpy())]
        numbers = pa.array(place * labels + label, pair.type)
        active = pa.array((place >= 0) & (label >= 0))
        held.append(batch.select(keys).append_column(pair, numbers).filter(active))
    kept = [read.schema.field(key) for key in keys]
    return pa.Table.from_batches(held, pa.schema([*kept, pair]))


def count_places(held: pa.Table, labels: int) -> pd.DataFrame:
    """How many of those are of each ``place``, and ``period`` where there are several."""
    found = [(np.zeros(0, dtype="int64"),) * 2]
    for start in range(0, len(held), _STEP):
        some = held.slice(start, _STEP)
        number = some["pair"].to_numpy() // labels
        if "period" in held.column_names:
            number = number + some["period"].to_numpy().astype("int64") * MOST_PLACES
        found.append(np.unique(number, return_counts=True))
    number, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    period, place = np.divmod(number, MOST_PLACES)
    return pd.DataFrame({"period": period, "place": place, "rows": rows})


def _index(engine: SQLBackend, table: pd.DataFrame) -> pd.Index:
    """The numbers that stand for the texts of each row."""
    import ibis

    texts = list(table.columns)
    rows = ibis.memtable(table.assign(row=range(len(table))))
    told = engine.to_pyarrow(rows.select("row", key=hash_texts(rows, texts))).sort_by("row")
    return pd.Index(told["key"].to_numpy())
