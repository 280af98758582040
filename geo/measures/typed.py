"""Numbers that a reader types into a filter, in the reader's format."""

from __future__ import annotations

from ..core.errors import QueryProblem, mark
from ..core.i18n import Language
from .query import LEAST_PRICE, LEAST_TARGET, MOST_PRICE


def read_target(text: str, language: Language, kept: float) -> float:
    """The target that a reader typed as percent, as a fraction.

    Parameters
    ----------
    text : str
        As typed; decimals in the reader's format.
    language : Language
        The reader's.
    kept : float
        The target in force, which stays where this one cannot be taken.

    Raises
    ------
    QueryProblem
        If the text is no number, or one outside 1 to 100.
    """
    value = language.read_decimal(text)
    if value is not None and LEAST_TARGET <= round(value / 100, 6) <= 1:
        return round(value / 100, 6)
    facts = {
        "low": language.decimal(LEAST_TARGET * 100),
        "high": language.decimal(100),
        "example": language.decimal(95.5),
        "kept": language.share(kept, 4),
    }
    if not text.strip():
        raise QueryProblem(
            mark(
                "A target is needed: a number from {low} to {high}, such as {example}. "
                "It stays at {kept}."
            ),
            **facts,
        )
    raise QueryProblem(
        mark(
            "{value} is no target: expected is a number from {low} to {high}, such as {example}. "
            "It stays at {kept}."
        ),
        value=text.strip()[:12],
        **facts,
    )


def read_people(text: str, language: Language, low: int, high: int) -> int | None:
    """The limit of people that a reader typed; None where the field is empty.

    Raises
    ------
    QueryProblem
        If the text is no whole number from ``low`` to ``high``.
    """
    if not text.strip():
        return None
    people = language.read_count(text)
    if people is None or not low <= people <= high:
        raise _out_of_range(text, language.count(low), language.count(high))
    return people


def read_rate(text: str, language: Language, low: float, high: float) -> float | None:
    """The limit of coverage that a reader typed as percent; None where the field is empty.

    Parameters
    ----------
    text, language : str, Language
        As typed, in the reader's format.
    low, high : float
        The least and the most it may be, as fractions.

    Returns
    -------
    float or None
        A fraction.

    Raises
    ------
    QueryProblem
        If the text is no number within the limits.
    """
    if not text.strip():
        return None
    value = language.read_decimal(text)
    if value is None or not low <= round(value / 100, 6) <= high:
        raise _out_of_range(text, language.decimal(low * 100), language.decimal(high * 100))
    return round(value / 100, 6)


def read_price(text: str, language: Language) -> int | None:
    """The own contribution that a reader typed, in rupiah; None where the field is empty.

    Raises
    ------
    QueryProblem
        If the text is no whole amount within the limits.
    """
    if not text.strip():
        return None
    rupiah = language.read_count(text)
    if rupiah is None or not LEAST_PRICE <= rupiah <= MOST_PRICE:
        raise _out_of_range(text, language.money(LEAST_PRICE), language.money(MOST_PRICE))
    return rupiah


def _out_of_range(text: str, low: str, high: str) -> QueryProblem:
    return QueryProblem(
        mark(
            "{value} cannot be used: expected is a number from {low} to {high}, or nothing for "
            "no limit."
        ),
        value=text.strip()[:12],
        low=low,
        high=high,
    )
