"""What tells people apart: inside this program a keyed number, not their identity.

The embedded engine writes nothing to disk, and what it groups and joins in memory is no identity
either: each becomes a number while it is read, by two keys that nothing but the memory of this
process knows. Numbers are also grouped faster than texts.

Equal identities have equal numbers. Different ones have the same with a chance of n²/2⁶⁵: one in
twenty thousand that a single person of 42 million is not counted. Identities that the table has
as whole numbers are all told apart, as the engine's hash of 64 bits gives each another.
"""

from __future__ import annotations

import secrets
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from ..enrolment import SYNTHETIC_PREFIX
from .engines import EMBEDDED

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table, Value

_NO_IDENTITY: Final = ("", "-", "0")
_SPACES: Final = " \t\n\r\v\f"
_KEYS: Final = (secrets.randbits(64), secrets.randbits(64))


def strip_identities(records: Table) -> Table:
    """Records whose identities have no spaces around them."""
    import ibis

    identity = records["identity"]
    if identity.type().is_integer():
        return records
    # To ask is cheaper than to strip.
    padded = reduce(or_, (identity.contains(space) for space in _SPACES))
    if not has_any(records.filter(padded)):
        return records
    return records.mutate(identity=ibis.ifelse(padded, identity.strip(), identity))


def has_any(records: Table) -> bool:
    """Whether there is a record: the first that is found will do."""
    return bool(records.limit(1).count().to_pandas())


def is_unknown(identity: Value) -> BooleanValue:
    """Whether there is no identity."""
    if identity.type().is_integer():
        return identity.isnull() | (identity == 0)
    return identity.isnull() | identity.isin(_NO_IDENTITY)


def is_synthetic(identity: Value) -> BooleanValue:
    """Whether it is one that the sample invents."""
    return identity.cast("string").startswith(SYNTHETIC_PREFIX)


def tell_apart(records: Table) -> Value:
    """Of each record what its person is told by: text or number, inside the program a keyed one.

    Parameters
    ----------
    records : ibis.Table
        With ``identity``.
    """
    import ibis

    identity = records["identity"]
    if ibis.get_backend(records).name != EMBEDDED:
        return identity
    first, second = (ibis.literal(key, "uint64") for key in _KEYS)
    return _hash(second, _hash(first, identity))


def hash_texts(table: Table, texts: list[str]) -> Value:
    """One number that stands for the texts of a record of the embedded engine, as for persons.

    Parameters
    ----------
    table : ibis.Table
        With ``texts``.
    texts : list of str
        Columns; a null is a text of its own.
    """
    import ibis

    return reduce(_hash, (table[name] for name in texts), ibis.literal(0, "uint64"))


def _hash(key: Value, value: Value) -> Value:
    """DuckDB's own, of a key and a value: to mix them bit by bit takes as long as the hash."""
    import ibis
    import ibis.expr.datatypes as dt

    def hashed(key: object, value: object) -> None: ...

    kind = ((key.type(), value.type()), dt.uint64)
    return ibis.udf.scalar.builtin(hashed, name="hash", signature=kind)(key, value)
