"""The engines that count: DuckDB inside the program, Spark or PostgreSQL where the records are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..core.defaults import DEFAULT_MEMORY
from ..core.errors import EngineProblem, mark
from ..core.privacy import hide_numbers

if TYPE_CHECKING:
    from ibis.backends.sql import SQLBackend

EMBEDDED: Final = "duckdb"


@contextmanager
def open_engine(url: str = EMBEDDED, memory: str = DEFAULT_MEMORY) -> Iterator[SQLBackend]:
    """Connect to an engine, and disconnect at the end.

    Parameters
    ----------
    url : str
        ``duckdb``; ``spark://host:7077`` or ``spark://local[2]``; ``sc://host`` (Spark Connect);
        ``postgresql://user@host/database``.
    memory : str
        Most memory that DuckDB takes, such as ``1GB``. It writes nothing to disk; other engines
        have settings of their own.

    Raises
    ------
    EngineProblem
        If it is none of these, its package is not installed, or nobody answers there.
    """
    kind = url.partition("://")[0]
    opening = {
        "duckdb": lambda: _duckdb(memory),
        "spark": lambda: _spark(url),
        "sc": lambda: _spark(url),
        "postgresql": lambda: _postgresql(url),
        "postgres": lambda: _postgresql(url),
    }.get(kind)
    if opening is None:
        raise EngineProblem(
            mark(
                "{engine} is no known engine; there are duckdb, spark://…, sc://… and "
                "postgresql://…."
            ),
            engine=kind,
        )
    with engine_errors_in_one_line(kind), opening() as connected:
        yield connected


@contextmanager
def engine_errors_in_one_line(engine: str) -> Iterator[None]:
    """Turn what an engine says into one sentence; nothing of a record may stand in it."""
    try:
        yield
    except ImportError as error:
        raise EngineProblem(
            mark("{engine} needs the package {package}: pip install {package}."),
            engine=engine,
            package=_PACKAGES.get(engine, error.name or engine),
        ) from None
    except _failures() as error:
        raise EngineProblem(
            mark("{engine} cannot count: {reason}."), engine=engine, reason=_reason(error)
        ) from None


_PACKAGES: Final = {"spark": "pyspark", "sc": "pyspark", "postgresql": "psycopg[binary]"}


def _failures() -> tuple[type[Exception], ...]:
    """List the errors of the engines that are loaded."""
    import sys

    named = {
        "duckdb": ("Error",),
        "psycopg": ("Error",),
        "pyspark.errors": ("PySparkException",),
        "py4j.protocol": ("Py4JError",),
        "ibis.common.exceptions": ("IbisError", "TableNotFound"),
    }
    loaded = {module: sys.modules[module] for module in named if module in sys.modules}
    return tuple(getattr(loaded[m], name) for m in loaded for name in named[m])


def _reason(error: Exception) -> str:
    """Name the kind of failure and its first words, up to where a value can stand."""
    first_line = next((line for line in str(error).splitlines() if line.strip()), "")
    # Engines quote the value that they stumble over.
    safe = first_line.partition("'")[0].partition('"')[0]
    return f"{type(error).__name__}, {hide_numbers(safe)[:120].strip(' .:')}"


@contextmanager
def _duckdb(memory: str) -> Iterator[SQLBackend]:
    import ibis

    # No folder to spill to: in what is spilt lie remains of the pages that were read.
    engine = ibis.duckdb.connect(
        memory_limit=memory,
        temp_directory="",
        preserve_insertion_order=False,
        # Up to two million places with labels are counted in an array, faster than by hash.
        perfect_ht_threshold=21,
    )
    try:
        yield engine
    finally:
        engine.disconnect()


def count_bytes(engine: SQLBackend) -> int:
    """Most memory of DuckDB, in bytes."""
    setting_rows = engine.raw_sql("SELECT current_setting('memory_limit')").fetchall()
    number, unit = str(setting_rows[0][0]).split()
    return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


@contextmanager
def _spark(url: str) -> Iterator[SQLBackend]:
    import ibis
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder.appName("jangkau")
    # A day is a day: no zone may move a date.
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    if url.startswith("sc://"):
        session = builder.remote(url).getOrCreate()
    else:
        place = url.removeprefix("spark://")
        if place.startswith("local"):
            # Inside this process two hundred parts of a few rows each are nothing but work.
            builder = builder.config("spark.sql.shuffle.partitions", "2")
            builder = builder.config("spark.ui.enabled", "false").master(place)
        else:
            builder = builder.master(url)
        session = builder.getOrCreate()
    engine = ibis.pyspark.connect(session)
    try:
        yield engine
    finally:
        engine.disconnect()


@contextmanager
def _postgresql(url: str) -> Iterator[SQLBackend]:
    import ibis

    engine = ibis.connect(url.replace("postgresql://", "postgres://", 1))
    try:
        yield engine
    finally:
        engine.disconnect()
