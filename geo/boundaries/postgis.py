"""Boundaries from a table of PostGIS, in the normal form.

psycopg reads the table; pyogrio's GDAL has no driver for PostgreSQL. Only the connection that the
user names is opened, and the table is read in a transaction that cannot write.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import geopandas as gpd
import pandas as pd
import shapely

from ..core.errors import EngineProblem, FileProblem, mark
from .layers import MAX_ROWS, RawLayer
from .normalise import normalise_layer
from .reading import Boundaries

_COLUMNS: Final = """
SELECT f_geometry_column, srid FROM geometry_columns
WHERE f_table_schema = %s AND f_table_name = %s ORDER BY 1 LIMIT 1
"""


def split_address(address: str) -> tuple[str, str, str]:
    """Connection, schema and table of ``postgresql://user@host/database/schema.table``.

    Raises
    ------
    FileProblem
        If the address names no table.
    """
    parts = urlsplit(address)
    path = parts.path.strip("/").split("/")
    if len(path) != 2 or not all(path):
        raise FileProblem(
            mark(
                "The address names no table; expected is "
                "postgresql://user@host/database/table, or …/schema.table."
            )
        )
    schema, _, table = path[1].rpartition(".")
    return urlunsplit(parts._replace(path=f"/{path[0]}")), schema or "public", table


def read_postgis(address: str) -> Boundaries:
    """Villages of a table of PostGIS.

    Parameters
    ----------
    address : str
        ``postgresql://user@host/database/schema.table``; the password may stand in the variable
        ``PGPASSWORD``.

    Raises
    ------
    EngineProblem
        If psycopg is not installed or the server does not answer.
    FileProblem
        If there is no such table of polygons.
    ColumnProblem
        If its rows are no villages (see `geo.boundaries.normalise.normalise_layer`).
    """
    try:
        import psycopg
    except ImportError as error:
        raise EngineProblem(
            mark("Reading PostGIS needs the package psycopg: pip install 'psycopg[binary]'.")
        ) from error
    connection, schema, table = split_address(address)
    try:
        with psycopg.connect(connection, connect_timeout=10) as database:
            database.read_only = True
            frame = _read_rows(database, schema, table)
    except psycopg.Error as error:
        # Its own words may repeat the address, and a password in it.
        raise EngineProblem(
            mark("The database did not give the table {table}: {reason}."),
            table=f"{schema}.{table}",
            reason=type(error).__name__,
        ) from None
    raw = RawLayer(frame, table, "PostGIS", misnamed=False, encoding="", left_out=())
    found = normalise_layer(raw, f"{schema}.{table}")
    return Boundaries(
        found.villages,
        f"PostGIS {schema}.{table}",
        None,
        approximate=False,
        audit=found.audit,
        unmatched=found.unmatched,
    )


def _read_rows(database: Any, schema: str, table: str) -> gpd.GeoDataFrame:
    """All columns of a table, with its first geometry column as geometry."""
    from psycopg import sql

    described = database.execute(_COLUMNS, (schema, table)).fetchone()
    if described is None:
        raise FileProblem(
            mark("The database has no table {table} with a geometry column."),
            table=f"{schema}.{table}",
        )
    geometry, number = described
    query = sql.SQL("SELECT *, ST_AsBinary({}) AS jangkau_wkb FROM {} LIMIT {}").format(
        sql.Identifier(geometry), sql.Identifier(schema, table), sql.Literal(MAX_ROWS)
    )
    cursor = database.execute(query)
    names = [column.name for column in cursor.description]
    rows = pd.DataFrame(cursor.fetchall(), columns=names)
    shapes = shapely.from_wkb(rows.pop("jangkau_wkb").to_numpy(dtype=object))
    fields = rows.drop(columns=geometry)
    return gpd.GeoDataFrame(fields, geometry=shapes, crs=number or None)
