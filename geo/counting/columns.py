"""What the columns of a table of records mean, by their names and types alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, get_args

from ..core.errors import ColumnProblem, mark
from ..enrolment.records import PLACE_COLUMNS
from ..enrolment.vocabulary import EXACT, Role, normal_header

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

_USED: Final = (
    *PLACE_COLUMNS,
    "identity",
    "segment",
    "programme",
    "status",
    "start",
    "end",
    "period",
)
_DATES: Final = ("start", "end")


def find_columns(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Name of the column of each role that is there.

    Parameters
    ----------
    names : iterable of str
        Names of the columns.
    given : mapping
        Roles by name, where the names do not say them.

    Raises
    ------
    ColumnProblem
        If a name or role is not known, or there is no identity or no place.
    """
    known = list(names)
    for name, role in given.items():
        if name not in known or role not in get_args(Role):
            raise ColumnProblem(
                mark("{name}={role} names no column of {names} or no role of {roles}."),
                name=name, role=role, names=", ".join(known), roles=", ".join(get_args(Role)),
            )  # fmt: skip
    found = {role: name for name, role in given.items()}
    spelled = [(EXACT.get(normal_header(name)), name) for name in known if name not in given]
    for (role, _), name in sorted((known, name) for known, name in spelled if known):
        found.setdefault(role, name)
    if "identity" not in found or not set(PLACE_COLUMNS) & set(found):
        raise ColumnProblem(
            mark("Expected are a column of identities and one of places; there are: {names}."),
            names=", ".join(known),
        )
    return {role: found[role] for role in _USED if role in found}


def take_columns(table: Table, roles: Mapping[str, str], period: str, segment: str) -> Table:
    """The columns of the roles under the names of the roles: texts, and the start as a date.

    ``period`` and ``segment`` are for tables that have none.

    Raises
    ------
    ColumnProblem
        If a date is kept as text.
    """
    import ibis

    taken: dict[str, Value] = {
        "segment": ibis.literal(segment),
        "period": ibis.literal(period),
        "programme": ibis.literal(""),
        "status": ibis.literal("aktif"),
        "start": ibis.null("date"),
        "end": ibis.literal(""),
    }
    for role, name in roles.items():
        column = table[name]
        if role in _DATES:
            _check_date(column, name)
            day = column.cast("date")
            taken[role] = day if role == "start" else day.cast("string")
        elif role == "identity":
            taken[role] = column if column.type().is_integer() else column.cast("string")
        else:
            taken[role] = column.cast("string")
    return table.select(**taken)


def _check_date(column: Value, name: str) -> None:
    if not (column.type().is_date() or column.type().is_timestamp()):
        raise ColumnProblem(
            mark(
                "The column {name} is no date in the table; make it one, as dates read either way."
            ),
            name=name,
        )
