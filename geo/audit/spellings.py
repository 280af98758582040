"""Spellings of places in a file: what matching made of each, for a person to confirm or correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from ..core import codes
from ..counting.count import SUGGESTED, Trace
from ..gazetteer import normalise_name
from ..measures.dataset import Dataset

TEXTS: Final = ("province", "regency", "subdistrict", "village")
Standing = Literal["ambiguous", "unmatched", "likely", "confirmed"]
# Nothing is to be reviewed where the code or the very name says which village it is.
_CERTAIN: Final = ("code", "bps_code", "exact", "normalised")
_MOST_HITS: Final = 30


@dataclass(frozen=True)
class Spelling:
    """A place as the file spells it, and what it was taken for.

    Attributes
    ----------
    texts : dict of str to str
        ``province, regency, subdistrict, village`` as the file spells them.
    rows, people : int
        Active rows, and people placed by it (of several periods: in the largest).
    standing : str
        ``ambiguous`` or ``unmatched``: to decide; ``likely``: matched, but neither by code nor
        by name alone; ``confirmed``: by a confirmed spelling.
    method, score : str, float
        How it was matched and the probability that it is right (see
        `geo.gazetteer.match_places`).
    code : str
        Village it was matched to, or empty.
    suggested : tuple of str
        Codes of villages it may mean, the likeliest first.
    """

    texts: dict[str, str]
    rows: int
    people: int
    standing: Standing
    method: str
    score: float
    code: str
    suggested: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for the same spelling."""
        return "|".join(self.texts.values())


def list_spellings(records: pd.DataFrame, trace: Trace, data: Dataset) -> list[Spelling]:
    """Every spelling to confirm or review, those to decide first, each with the most people first.

    Parameters
    ----------
    records : pandas.DataFrame
        Normal form, as they were counted.
    trace : Trace
        What became of them.
    data : Dataset
        Villages that a spelling may mean.
    """
    places = trace.places
    certain = (places["match"] == "matched") & places["method"].isin(_CERTAIN)
    uncertain = places[(places["village"].str.len() > 1) & ~certain]
    table = uncertain.join(_sums(records, trace)).fillna({"rows": 0, "people": 0})
    table = table.sort_values(["rows", *TEXTS], ascending=[False, True, True, True, True])
    sums = table.groupby(list(TEXTS))[["rows", "people"]].transform("sum").astype("int64")
    first = table.assign(**sums).drop_duplicates(list(TEXTS))
    spellings = [_to_spelling(row, data) for row in first.to_dict("records")]
    return sorted(
        spellings, key=lambda s: (s.standing in ("likely", "confirmed"), -s.people, s.key)
    )


def _sums(records: pd.DataFrame, trace: Trace) -> pd.DataFrame:
    """Rows, and people of the largest period, by place."""
    active = trace.rows[trace.rows["place"] >= 0]
    facts = active.assign(
        rows=records["rows"].to_numpy()[active.index],
        people=records["people"].to_numpy()[active.index] * active["decides"],
    )
    sums = facts.groupby(["place", "period"], observed=True)[["rows", "people"]].sum()
    by_place = sums.groupby(level="place")
    return pd.DataFrame({"rows": by_place["rows"].sum(), "people": by_place["people"].max()})


def _to_spelling(row: dict[Any, Any], data: Dataset) -> Spelling:
    matched = row["match"] == "matched"
    confirmed: Standing = "confirmed" if row["method"] == "alias" else "likely"
    return Spelling(
        texts={name: row[name] for name in TEXTS},
        rows=row["rows"],
        people=row["people"],
        standing=confirmed if matched else row["match"],
        method=row["method"],
        score=float(row["score"]),
        code=row["place"] if matched else "",
        suggested=tuple(row[name] for name in SUGGESTED if row[name] in data.places.index),
    )


def likeliest_within(spelling: Spelling, data: Dataset) -> str:
    """Return the first suggested code, unless it lies in another subdistrict than the one named."""
    if not spelling.suggested:
        return ""
    first, named = spelling.suggested[0], spelling.texts["subdistrict"]
    above = data.names.get(codes.parent(first), "")
    return first if not named or normalise_name(named) == normalise_name(above) else ""


def find_villages(data: Dataset, text: str) -> list[str]:
    """Codes of the villages whose name or code has the text, names that begin with it first.

    Parameters
    ----------
    data : Dataset
        Villages to look among.
    text : str
        Part of a name or of a code, dotted or not; case does not matter. Several words are all
        looked for, also in the names of the places above.
    """
    words = text.casefold().split()
    if not words:
        return []
    names = data.search_names
    fits = pd.Series(True, index=names.index)
    for word in words:
        fits &= names.str.contains(word, regex=False)
    matching_names = names[fits]
    late = ~matching_names.str.startswith(words[0])
    return [str(code) for code in late.sort_values(kind="stable").index[:_MOST_HITS]]


def to_aliases(chosen: Mapping[str, str], spellings: list[Spelling], data: Dataset) -> pd.DataFrame:
    """Make a table of confirmed spellings as the workspace keeps it: texts and the code by key.

    What names no spelling or no village any more is left out.
    """
    rows = [
        s.texts | {"code": chosen[s.key]}
        for s in spellings
        if chosen.get(s.key, "") in data.places.index
    ]
    return pd.DataFrame(rows, columns=[*TEXTS, "code"])
