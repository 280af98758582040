"""Which tables of a GeoPackage are read, and which are left alone.

A GeoPackage is a database: a view computes what it likes, for as long as it
likes, and a virtual table may read other files. Only ordinary tables that the
file lists as features are layers; SQLite itself says what is ordinary.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SYSTEM: Final = ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys")
_RESERVED: Final = ("gpkg_", "gpkgext_", "rtree_", "sqlite_")
_FEATURES: Final = "SELECT table_name FROM gpkg_contents WHERE lower(data_type) = 'features'"


@dataclass(frozen=True)
class Tables:
    """Tables of a GeoPackage.

    Attributes
    ----------
    layers : tuple of str
        Ordinary tables listed as features.
    left_out : tuple of str
        What is listed as features but is a view, a virtual table, or a table
        with computed columns.
    coordinate_systems : tuple of str
        Definitions of the coordinate systems.
    """

    layers: tuple[str, ...]
    left_out: tuple[str, ...]
    coordinate_systems: tuple[str, ...]


def read_tables(path: Path) -> Tables:
    """Look into a GeoPackage without computing anything it asks for.

    Raises
    ------
    ValueError
        If the database is no GeoPackage, or its own tables are views or virtual.
    sqlite3.Error
        If it is damaged.
    """
    # Without a journal beside it, the file is opened as it stands: nothing is written there.
    still = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    address = f"{path.absolute().as_uri()}?mode=ro{still}"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        kinds = {
            str(name).lower(): str(kind)
            for schema, name, kind, *_ in database.execute("PRAGMA table_list")
            if schema == "main"
        }
        if any(kinds.get(name) != "table" for name in _SYSTEM) or _disguised(kinds):
            raise ValueError("no GeoPackage")
        listed = [str(name) for (name,) in database.execute(_FEATURES)]
        layers = [n for n in listed if _is_plain(database, n, kinds.get(n.lower(), ""))]
        left_out = [n for n in listed if n not in layers and n.lower() in kinds]
        return Tables(tuple(layers), tuple(left_out), tuple(_definitions(database)))


def _disguised(kinds: dict[str, str]) -> bool:
    """Whether a table that GDAL asks of its own accord is computed."""
    return any(
        kind == "view" or (kind == "virtual" and not name.startswith("rtree_"))
        for name, kind in kinds.items()
        if name.startswith(_RESERVED)
    )


def _is_plain(database: sqlite3.Connection, name: str, kind: str) -> bool:
    """Whether a table is stored as it is read: no view, not virtual, no computed column."""
    if kind != "table" or name.lower().startswith(_RESERVED):
        return False
    columns = database.execute("SELECT hidden FROM pragma_table_xinfo(?)", (name,))
    return all(hidden == 0 for (hidden,) in columns)


def _definitions(database: sqlite3.Connection) -> Iterable[str]:
    for row in database.execute("SELECT * FROM gpkg_spatial_ref_sys"):
        yield from (value for value in row if isinstance(value, str))
