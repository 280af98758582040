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
from typing import TYPE_CHECKING, Final

from ..enrolment import SYNTHETIC_PREFIX
from .engines import EMBEDDED

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table, Value

_NO_IDENTITY: Final = ("", "-", "0")
_SPACES: Final = " \t\n\r\v\f"
_KEYS: Final = (secrets.randbits(64), secrets.randbits(64))


def is_padded(identity: Value) -> BooleanValue:
    """Whether there may be spaces around it; to ask is cheaper than to strip."""
    import ibis

    if identity.type().is_integer():
        return ibis.literal(False)
    padded = identity.contains(_SPACES[0])
    for space in _SPACES[1:]:
        padded = padded | identity.contains(space)
    return padded


def _strip(identity: Value) -> Value:
    import ibis

    return ibis.ifelse(is_padded(identity), identity.strip(), identity)


def is_known(identity: Value, padded: bool) -> BooleanValue:
    """Whether there is an identity; ``padded`` as for `tell_apart`."""
    if identity.type().is_integer():
        return identity.notnull() & (identity != 0)
    return identity.notnull() & (_strip(identity) if padded else identity).notin(_NO_IDENTITY)


def is_synthetic(identity: Value, padded: bool) -> BooleanValue:
    """Whether it is one that the sample invents; ``padded`` as for `tell_apart`."""
    text = identity.cast("string")
    return (_strip(text) if padded else text).startswith(SYNTHETIC_PREFIX)


def tell_apart(records: Table, padded: bool) -> Value:
    """Of each record what its person is told by: text or number, inside the program a keyed one.

    Parameters
    ----------
    records : ibis.Table
        With ``identity``.
    padded : bool
        Whether any identity has spaces around it.
    """
    import ibis

    identity = _strip(records["identity"]) if padded else records["identity"]
    if ibis.get_backend(records).name != EMBEDDED:
        return identity
    first, second = (ibis.literal(key, "uint64") for key in _KEYS)
    return _hash(_hash(identity) ^ first) ^ second


def _hash(value: Value) -> Value:
    """DuckDB's own; that of Ibis goes a long way through bits."""
    import ibis
    import ibis.expr.datatypes as dt

    def hashed(value: object) -> None: ...

    kind = ((value.type(),), dt.uint64)
    return ibis.udf.scalar.builtin(hashed, name="hash", signature=kind)(value)
