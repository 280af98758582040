"""An import of which too few people were matched: stopped, with the likely cause."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ..core import codes
from ..core.errors import Note, QueryProblem, mark
from ..enrolment.reading import EnrolmentReading
from ..gazetteer import normalise_name
from ..gazetteer.names import split_regency
from ..gazetteer.places import read_region_names
from ..measures.dataset import Dataset
from .audit import Audit

SAMPLE_DENOMINATORS: Final = mark(
    "The eligible workers compared with are those of the synthetic sample; give your own, or the "
    "coverage means nothing."
)
_MOST: Final = 0.5
_SWAPPED: Final = mark(
    "There are fewer different villages than subdistricts: their columns may be swapped."
)
_OTHER_LEVEL: Final = mark(
    "Most names in the column of villages are those of subdistricts: the file may have no villages."
)
_OTHER_REGENCY: Final = mark("Most rows name {regency}, which the boundaries do not have.")
_NO_PLACE: Final = mark("Most rows name no village: choose the column that does.")
_UNKNOWN: Final = mark(
    "Look at the spellings that were not matched, at the columns chosen, and at the boundaries."
)


class TooFewMatched(QueryProblem):
    """Fewer people than the office accepts were matched; ``cause`` says why that may be."""

    def __init__(self, cause: Note, **facts: object) -> None:
        super().__init__(
            mark(
                "Only {matched} of {people} people ({share}) were matched to a village; at least "
                "{least} are expected. Nothing was saved."
            ),
            **facts,
        )
        self.cause = cause


def check_matched(
    audit: Audit, reading: EnrolmentReading, data: Dataset, *, least: float, accepted: bool
) -> None:
    """Refuse an import of which fewer than a share of its people were matched.

    Parameters
    ----------
    audit : Audit
        Of one period.
    reading : EnrolmentReading
        The file as read.
    data : Dataset
        What it was matched to.
    least : float
        Share of people that must be matched (setting ``least_matched``).
    accepted : bool
        Whether the user has seen it and wants to save all the same.

    Raises
    ------
    TooFewMatched
        If it is fewer and not accepted.
    """
    if accepted or not is_low(audit, least):
        return
    raise TooFewMatched(
        find_cause(reading.records, data),
        matched=audit.matched,
        people=audit.people,
        share=f"{audit.matched / audit.people:.0%}",
        least=f"{least:.0%}",
    )


def is_low(audit: Audit, least: float) -> bool:
    """Whether fewer than a share of the people of a period were matched."""
    return audit.matched < least * audit.people


def find_cause(records: pd.DataFrame, data: Dataset) -> Note:
    """Name the likely cause why so few people of a file were matched."""
    active = records[records["outcome"] == "active"]
    villages, subdistricts = (
        active[level].map(normalise_name) for level in ("village", "subdistrict")
    )
    if ((villages == "") & (active["code"] == "")).mean() > _MOST:
        return Note(_NO_PLACE)
    if regency := _find_other_regency(active["regency"], data):
        return Note(_OTHER_REGENCY, {"regency": regency})
    given, above = villages[villages != ""].nunique(), subdistricts[subdistricts != ""].nunique()
    if 0 < given < above:
        return Note(_SWAPPED)
    if villages.isin(_names_of(data.names, "subdistrict")).mean() > _MOST:
        return Note(_OTHER_LEVEL)
    return Note(_UNKNOWN)


def _find_other_regency(given: pd.Series, data: Dataset) -> str:
    """Find the regency that most rows name, where it is known in the country but not here."""
    spelled = given.map(lambda text: normalise_name(split_regency(text)[1]))
    named = spelled[spelled != ""]
    if len(named) <= _MOST * len(given):
        return ""
    often = named.mode().iloc[0]
    known = often in _names_of(read_region_names(), "regency")
    if not known or often in _names_of(data.names, "regency"):
        return ""
    return str(given[spelled == often].iloc[0])


def _names_of(names: pd.Series, level: codes.Level) -> frozenset[str]:
    of_level = names[names.index.str.len() == codes.length_of(level)]
    bare = of_level.map(lambda name: split_regency(name)[1] if level == "regency" else name)
    return frozenset(bare.map(normalise_name))
