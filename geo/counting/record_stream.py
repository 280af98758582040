"""Records of the embedded engine, read into memory as numbers.

Of each record the engine tells the person, and one number that stands for the texts of its place
and one for those of its kind. Which places and kinds these are is looked up here: to join them
takes the engine longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from .engines import EMBEDDED
from .persons import PaddedIdentities, hash_texts
from .rules import MOST_PLACES, pair_type

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

Keys = npt.NDArray[np.uint64]

_BATCH: Final = 1 << 19
_STEP: Final = 1 << 22
# Of so many records nearly all spellings of a country are there.
_FIRST: Final = 1 << 21


def read_spellings(records: Table, kinds: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    """Read the combinations of texts of the active records; other records do not help to match.

    Each comes once, or once for each kind.

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
    kind_columns = list(kinds.columns)
    first = _only(records, kind_columns, _keys_of(records, kinds)).select(texts).limit(_FIRST)
    first_texts = first.distinct().to_pandas()
    strange = _find_strange(records, texts, _keys_of(records, first_texts))
    other_texts = (
        _only(records, texts, strange).select([*texts, *kind_columns]).distinct().to_pandas()
    )
    return pd.concat([first_texts, other_texts.merge(kinds)[texts]], ignore_index=True)


def _find_strange(records: Table, texts: list[str], keys_so_far: Keys) -> Keys:
    """Find the keys of texts that are not among those known, each once."""
    # Looked up here, as in `read_numbers`.
    index, strange_keys = pd.Index(keys_so_far), [keys_so_far[:0]]
    with _stream(records.select(key=hash_texts(records, texts))) as read:
        for batch in read:
            key = batch["key"].to_numpy()
            strange_keys.append(np.unique(key[index.get_indexer(key) < 0]))
    return np.unique(np.concatenate(strange_keys))


def _only(records: Table, texts: list[str], keys: Keys) -> Table:
    """Select the records whose texts have one of the keys."""
    import ibis

    rows = ibis.memtable(pd.DataFrame({"key": keys}))
    return records.semi_join(rows, hash_texts(records, texts) == rows["key"])


@contextmanager
def _stream(query: Table) -> Iterator[pa.RecordBatchReader]:
    """Stream the answer of the embedded engine in batches."""
    import ibis

    engine: Any = ibis.get_backend(query)
    # What Ibis 12 calls for batches is gone from DuckDB 2.
    read = engine.con.sql(ibis.to_sql(query, dialect="duckdb")).to_arrow_reader(_BATCH)
    try:
        yield read
    finally:
        read.close()


def read_numbers(
    records: Table, places: pd.DataFrame, kinds: pd.DataFrame, labels: int
) -> pa.Table:
    """Read the active records as numbers.

    Parameters
    ----------
    records : ibis.Table
        With ``person``, ``start``, the texts of places and kinds, where there are several
        ``period``, and ``padded`` where it must be looked whether any is.
    places : pandas.DataFrame
        Each combination of texts once; the position of a row is the number of a place.
    kinds : pandas.DataFrame
        Each combination of texts of active rows once, and its ``label``.
    labels : int
        How many labels there are.

    Returns
    -------
    pyarrow.Table
        Columns as `geo.counting.rules.build_people` takes them.

    Raises
    ------
    PaddedIdentities
        If there are such.
    """
    import pyarrow as pa

    kind_texts = kinds.drop(columns="label")
    keys = [key for key in ("period", "person", "start") if key in records.columns]
    extra_columns = [key for key in ("padded",) if key in records.columns]
    place_of, kind_of = (pd.Index(_keys_of(records, table)) for table in (places, kind_texts))
    # What is not found is at -1, the last.
    label_of = np.append(kinds["label"].to_numpy("int64"), -1)
    query = records.select(
        *keys,
        *extra_columns,
        place=hash_texts(records, list(places.columns)),
        kind=hash_texts(records, list(kind_texts.columns)),
    )
    pair = pa.field("pair", pair_type(len(places), labels))
    batches = []
    with _stream(query) as read:
        for batch in read:
            if extra_columns and batch["padded"].true_count:
                raise PaddedIdentities
            place = place_of.get_indexer(batch["place"].to_numpy())
            label = label_of[kind_of.get_indexer(batch["kind"].to_numpy())]
            numbers = pa.array(place * labels + label, pair.type)
            active = pa.array((place >= 0) & (label >= 0))
            batches.append(batch.select(keys).append_column(pair, numbers).filter(active))
        key_fields = [read.schema.field(key) for key in keys]
    return pa.Table.from_batches(batches, pa.schema([*key_fields, pair]))


def count_places(records: pa.Table, labels: int) -> pd.DataFrame:
    """How many of those are of each ``place``, and ``period`` where there are several."""
    counts = [(np.zeros(0, dtype="int64"),) * 2]
    for start in range(0, len(records), _STEP):
        part = records.slice(start, _STEP)
        number = part["pair"].to_numpy() // labels
        if "period" in records.column_names:
            number = number + part["period"].to_numpy().astype("int64") * MOST_PLACES
        counts.append(np.unique(number, return_counts=True))
    number, rows = (np.concatenate(parts) for parts in zip(*counts, strict=True))
    period, place = np.divmod(number, MOST_PLACES)
    return pd.DataFrame({"period": period, "place": place, "rows": rows})


def _keys_of(records: Table, table: pd.DataFrame) -> Keys:
    """Compute the key of the texts of each row."""
    import ibis

    engine = ibis.get_backend(records)
    texts = list(table.columns)
    rows = ibis.memtable(table.assign(row=range(len(table))))
    row_keys = engine.to_pyarrow(rows.select("row", key=hash_texts(rows, texts))).sort_by("row")
    return np.asarray(row_keys["key"].to_numpy(), dtype="uint64")
