"""The factors from population to eligible workers, each with its margin and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from ..core.errors import QueryProblem, mark


@dataclass(frozen=True)
class Factor:
    """A share that a population is multiplied by.

    Attributes
    ----------
    key : str
        What it is called in options and files.
    label : str
        Message for the catalogue.
    value, low, high : float
        Fractions: the likely one, and its margin.
    source : str
        Message for the catalogue: where it is from, or that it is an assumption.
    """

    key: str
    label: str
    value: float
    low: float
    high: float
    source: str


# Kalimantan Tengah: 1,009,250 eligible workers (provincial figures, March 2025) of 2,825,290
# people (December 2024) are 35.7 %. The first two shares are assumptions; the third makes the
# product that ratio.
FACTORS: Final = (
    Factor(
        "working_age",
        mark("share of working age (15 and older)"),
        *(0.73, 0.71, 0.75),
        mark("assumption; replace it with the share of your regency"),
    ),
    Factor(
        "participation",
        mark("share of them who work"),
        *(0.66, 0.63, 0.69),
        mark("assumption; replace it with the figure of Sakernas"),
    ),
    Factor(
        "eligible_share",
        mark("share of workers whom the programme is for"),
        *(0.741, 0.68, 0.80),
        mark(
            "so chosen that the product is 35.7 %: 1,009,250 eligible of 2,825,290 people in "
            "Kalimantan Tengah (provincial figures, March 2025)"
        ),
    ),
)


def change_factors(given: Mapping[str, float]) -> tuple[Factor, ...]:
    """Give the factors other values; the margin keeps its width around a value given.

    Parameters
    ----------
    given : mapping of str to float
        Values by key, as fractions.

    Raises
    ------
    QueryProblem
        If a factor is not known, or no fraction.
    """
    known = {factor.key: factor for factor in FACTORS}
    for key, value in given.items():
        if key not in known or not 0 < value <= 1:
            raise QueryProblem(
                mark("{key} = {value} is no factor; expected is one of {known}, from 0 to 1."),
                key=key,
                value=value,
                known=", ".join(known),
            )
        old = known[key]
        if value != old.value:
            low = max(old.low / old.value * value, 0.0)
            high = min(old.high / old.value * value, 1.0)
            changed = mark("as given by the office")
            known[key] = replace(old, value=value, low=low, high=high, source=changed)
    return tuple(known.values())
