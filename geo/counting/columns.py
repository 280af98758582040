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


def find_columns(names: Iterable[str], roles_by_name: Mapping[str, str]) -> dict[str, str]:
    """Name of the column of each role that is there.

    Parameters
    ----------
    names : iterable of str
        Names of the columns.
    roles_by_name : mapping
        Roles, where the names do not say them.

    Raises
    ------
    ColumnProblem
        If a name or role is not known, or there is no identity or no place.
    """
    names = list(names)
    for name, role in roles_by_name.items():
        if name not in names or role not in get_args(Role):
            raise ColumnProblem(
                mark("{name}={role} names no column of {names} or no role of {roles}."),
                name=name, role=role, names=", ".join(names), roles=", ".join(get_args(Role)),
            )  # fmt: skip
    columns = {role: name for name, role in roles_by_name.items()}
    meanings = [(EXACT.get(normal_header(n)), n) for n in names if n not in roles_by_name]
    for (role, _), name in sorted((meaning, name) for meaning, name in meanings if meaning):
        columns.setdefault(role, name)
    if "identity" not in columns or not set(PLACE_COLUMNS) & set(columns):
        raise ColumnProblem(
            mark("Expected are a column of identities and one of places; there are: {names}."),
            names=", ".join(names),
        )
    return {role: columns[role] for role in _USED if role in columns}


def take_columns(table: Table, roles: Mapping[str, str], period: str, segment: str) -> Table:
    """Select the columns of the roles and name them by role: texts, and the start as a date.

    ``period`` and ``segment`` are for tables that have none.

    Raises
    ------
    ColumnProblem
        If a date is kept as text.
    """
    import ibis

    selected: dict[str, Value] = {
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
            selected[role] = day if role == "start" else day.cast("string")
        elif role == "identity":
            selected[role] = column if column.type().is_integer() else column.cast("string")
        else:
            selected[role] = column.cast("string")
    return table.select(**selected)


def _check_date(column: Value, name: str) -> None:
    if not (column.type().is_date() or column.type().is_timestamp()):
        raise ColumnProblem(
            mark(
                "The column {name} is no date in the table; make it one, as dates read either way."
            ),
            name=name,
        )
