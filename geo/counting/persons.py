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

from ..enrolment.reading import SYNTHETIC_PREFIX
from .engines import EMBEDDED

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table, Value

_NO_IDENTITY: Final = ("", "-", "0")
_SPACES: Final = " \t\n\r\v\f"
# The first character behind all of them.
_VISIBLE: Final = "!"
_KEYS: Final = (secrets.randbits(64), secrets.randbits(64))


class PaddedIdentities(Exception):
    """There are identities with spaces around them: they must be stripped, and all asked anew."""


def strip_identities(records: Table) -> Table:
    """Strip the spaces around identities that are texts."""
    import ibis

    identity = records["identity"]
    stripped = ibis.ifelse(seems_padded(records), identity.strip(), identity)
    return records.mutate(identity=stripped)


def check_identities(records: Table) -> None:
    """Ask an engine whether identities must be stripped; the embedded one tells while it reads.

    Raises
    ------
    PaddedIdentities
        If they must.
    """
    import ibis

    if ibis.get_backend(records).name != EMBEDDED and has_any(
        records.filter(seems_padded(records))
    ):
        raise PaddedIdentities


def seems_padded(records: Table) -> BooleanValue:
    """Whether a record's identity may have spaces around it: cheaper to ask than to strip."""
    import ibis

    identity = records["identity"]
    if _is_number(identity):
        return ibis.literal(False)
    if ibis.get_backend(records).name != EMBEDDED:
        return reduce(or_, (identity.contains(space) for space in _SPACES))
    # By its first and last letter, compared bit by bit: no search through all of it.
    last = _builtin("array_extract", identity, ibis.literal(-1, "int64"), kind="string")
    return (identity < _VISIBLE) | (last < _VISIBLE)


def _is_number(identity: Value) -> bool:
    return bool(identity.type().is_integer())


def has_any(records: Table) -> bool:
    """Whether there is a record: the first that is found will do."""
    return bool(records.limit(1).count().to_pandas())


def is_unknown(identity: Value) -> BooleanValue:
    """Whether there is no identity."""
    if _is_number(identity):
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
    return _builtin("hash", key, value, kind="uint64")


def _builtin(name: str, first: Value, second: Value, *, kind: str) -> Value:
    """Call a function of DuckDB that Ibis does not know with two values."""
    import ibis

    def called(first: object, second: object) -> None: ...

    signature = ((first.type(), second.type()), ibis.dtype(kind))
    return ibis.udf.scalar.builtin(called, name=name, signature=signature)(first, second)
