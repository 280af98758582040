"""Text and Parquet tables made to harm, each with what is to be said of it."""

from __future__ import annotations

import decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
from factories import an_identity
from hostile_sheets import (
    write_parquet_table,
)
from hostile_workbooks import MUCH, Case, written


def parquet(path: Path, **columns: object) -> Path:
    """Two workers, and other columns."""
    table = {"NIK": [an_identity(1), an_identity(2)], "DESA": ["Hajak", "Liju"], **columns}
    return write_parquet_table(path, pa.table(table))


TEXTS: dict[str, Case] = {
    # Parquet.
    "nested columns": ("", lambda f: parquet(f / "a.parquet", X=[[[1]], []], Y=[{"a": 1}, None])),
    "decimals and categories": (
        "",
        lambda f: parquet(
            f / "b.parquet",
            X=[decimal.Decimal("1.5"), None],
            Y=pa.array(["a", "b"]).dictionary_encode(),
        ),
    ),
    "times that no calendar has": (
        "",
        lambda f: parquet(
            f / "c.parquet",
            X=pa.array([1 << 62, -(1 << 62)], pa.timestamp("us")),
            Y=pa.array([(1 << 31) - 1, -(1 << 31)], pa.date32()),
        ),
    ),
    "no columns": (
        "d.parquet",
        lambda f: write_parquet_table(f / "d.parquet", pa.table({})),
    ),
    "ten thousand columns": (
        "10000 columns",
        lambda f: write_parquet_table(
            f / "e.parquet", pa.table({f"c{at}": [1] for at in range(10_000)})
        ),
    ),
    "one text a million times": (
        MUCH,
        lambda f: write_parquet_table(
            f / "f.parquet",
            pa.table(
                {
                    "NIK": pa.DictionaryArray.from_arrays(
                        pa.array(np.zeros(1_000_000, dtype="int32")), ["x" * 1_000_000]
                    )
                }
            ),
        ),
    ),
    "numbers a hundred million times": (
        MUCH,
        lambda f: write_parquet_table(
            f / "g.parquet",
            pa.table({f"c{at}": pa.repeat(pa.scalar(0, pa.int8()), 5_000_000) for at in range(90)}),
        ),
    ),
    "a name that is an identity twice": (
        "",
        lambda f: write_parquet_table(
            f / "h.parquet",
            pa.table([["a"], ["b"], ["c"]], names=["NIK", "DESA", "DESA"]),
        ),
    ),
    # Text.
    "one line without an end": (
        "one column only",
        lambda f: written(f / "b.csv", b"NIK" * (20 << 20)),
    ),
    "a line without an end under a header": (
        "b2.csv",
        lambda f: written(f / "b2.csv", b"NIK,DESA\n1," + b"x" * (60 << 20)),
    ),
    "ten million separators": (
        "columns",
        lambda f: written(f / "c.csv", b"NIK" + b"," * 10_000_000),
    ),
    "ten million separators under a header": (
        "",
        lambda f: written(f / "c2.csv", b"NIK,DESA\n1,a\n" + b"," * 10_000_000),
    ),
    "nothing but NUL": ("no table", lambda f: written(f / "d.csv", bytes(1 << 20))),
    "NUL after the sample": (
        "",
        lambda f: written(f / "e.csv", b"NIK,DESA\n" + b"1,a\n" * 90_000 + b"2,\0\n" * 9),
    ),
    "a quote that never closes": (
        "",
        lambda f: written(f / "f.csv", b'NIK,DESA\n1,"a\n' + b"2,Hajak\n" * (2 << 20)),
    ),
    "a quote in every other line": (
        "",
        lambda f: written(f / "g.csv", b"NIK,DESA\n" + b'1,"a\n2,b\n3,c"\n' * 90_000),
    ),
    "a cell longer than the limit of CSV": (
        "",
        lambda f: written(f / "h.csv", b'NIK,DESA\n1,"' + b"x" * 200_000 + b'"\n2,b\n'),
    ),
}
