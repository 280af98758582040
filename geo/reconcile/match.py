"""Who of the candidates is enrolled: by identity, by card number, then by likelihood.

Each person of one list goes to one of the other at most. Three outcomes: ``covered``,
``not_covered`` and ``check``. Precision comes before reach: who is only likely is to be checked by
a person, never taken off the list of those to visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..core.errors import mark
from .likelihood import (
    COMPARED,
    COVERED,
    LEAST,
    NAMES_DIFFER,
    compare_names,
    find_pairs,
    score_pairs,
)

Ints = npt.NDArray[np.int64]

OUTCOMES: Final = {
    "covered": mark("covered"),
    "not_covered": mark("not covered"),
    "check": mark("to be checked"),
}
HOW: Final = {
    "nik": mark("same NIK"),
    "card": mark("same card number"),
    "likely": mark("name, date of birth and village"),
    "nik_differs": mark("same NIK, but another name and date of birth"),
    "card_differs": mark("same card number, but another name and date of birth"),
    "unsure": mark("a similar person is enrolled"),
    "several": mark("several similar persons are enrolled"),
    "inactive": mark("enrolled, but inactive"),
    "repeated": mark("stands in the list of candidates more than once"),
    "": "",
}


@dataclass
class _State:
    """Findings so far, by position in the two lists."""

    outcome: npt.NDArray[np.object_]
    how: npt.NDArray[np.object_]
    likelihood: npt.NDArray[np.float64]
    partner: Ints
    free: npt.NDArray[np.bool_]

    def waiting(self) -> npt.NDArray[np.bool_]:
        """Candidates without a finding."""
        return np.asarray(self.how == "", dtype=bool)

    def record(
        self,
        left: Ints,
        right: Ints,
        outcome: str,
        how: str,
        likelihood: float | npt.NDArray[np.float64],
    ) -> None:
        """Keep pairs; those of the other list are taken where a pair is certain."""
        self.outcome[left], self.how[left] = outcome, how
        self.likelihood[left], self.partner[left] = likelihood, right
        if outcome == "covered":
            self.free[right] = False


def match_people(candidates: pd.DataFrame, enrolled: pd.DataFrame) -> pd.DataFrame:
    """Find each candidate among the people enrolled.

    Parameters
    ----------
    candidates, enrolled : pandas.DataFrame
        Tables of `geo.reconcile.people.People`.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``candidates``: ``outcome`` and ``how`` (keys of `OUTCOMES` and `HOW`),
        ``likelihood`` (0 to 1), ``partner`` (position in ``enrolled``, or -1) and ``repeated``
        (whether another row stands for the same candidate).
    """
    count = len(candidates)
    state = _State(
        np.full(count, "not_covered", dtype=object),
        np.full(count, "", dtype=object),
        np.zeros(count),
        np.full(count, -1, dtype="int64"),
        enrolled["active"].to_numpy(dtype=bool).copy(),
    )
    repeated = _find_repeated(candidates)
    state.how[repeated] = "repeated"
    for column in ("nik", "card"):
        _match_equal(candidates, enrolled, column, state)
    _match_likely(candidates, enrolled, state)
    _note_inactive(candidates, enrolled, state)
    return pd.DataFrame(
        {
            "outcome": state.outcome,
            "how": state.how,
            "likelihood": state.likelihood,
            "partner": state.partner,
            "repeated": repeated,
        },
        index=candidates.index,
    )


def _find_repeated(people: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Rows whose sound identity stands above already, under a name that is no other one."""
    numbered = people[["nik", "key", "spoken"]].assign(at=np.arange(len(people)))
    sound = numbered[numbered["nik"] != ""]
    first = sound.drop_duplicates("nik").set_index("nik")
    again = sound[sound["nik"].duplicated()]
    alike = _likeness(again, first.loc[again["nik"]]) >= NAMES_DIFFER
    repeated = np.zeros(len(people), dtype=bool)
    repeated[again["at"].to_numpy()[alike]] = True
    return repeated


def _likeness(left: pd.DataFrame, right: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Likeness of pairs of names, 0 to 1; 1 where one of them is not known."""
    if left.empty:
        return np.zeros(0)
    unknown = (left["key"] == "").to_numpy() | (right["key"] == "").to_numpy()
    return np.where(unknown, 1.0, compare_names(left, right))


def _pair_equal(
    candidates: pd.DataFrame, enrolled: pd.DataFrame, column: str, state: _State, *, active: bool
) -> tuple[Ints, Ints]:
    """Positions of people with the same number who are not matched yet, each once."""
    mine = candidates[column].to_numpy()
    left = np.flatnonzero(state.waiting() & (mine != ""))
    theirs = enrolled[column].to_numpy()
    wanted = state.free if active else ~enrolled["active"].to_numpy(dtype=bool)
    right = np.flatnonzero(wanted & (theirs != ""))
    listed = pd.DataFrame({"number": theirs[right], "right": right}).drop_duplicates("number")
    pairs = pd.DataFrame({"number": mine[left], "left": left}).merge(listed, on="number")
    return pairs["left"].to_numpy("int64"), pairs["right"].to_numpy("int64")


def _match_equal(
    candidates: pd.DataFrame, enrolled: pd.DataFrame, column: str, state: _State
) -> None:
    """Match by a number; who bears it under another name and date of birth is a question."""
    left, right = _pair_equal(candidates, enrolled, column, state, active=True)
    compared = list(COMPARED)
    differs = _are_others(candidates[compared].iloc[left], enrolled[compared].iloc[right])
    # Of several candidates with one number the first is the person, the others are a question.
    differs |= pd.Series(right).duplicated().to_numpy()
    state.record(left[~differs], right[~differs], "covered", column, 1.0)
    state.record(left[differs], right[differs], "check", f"{column}_differs", 0.5)


def _are_others(left: pd.DataFrame, right: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether names and dates of birth both say that pairs are two people."""
    alike = _likeness(left, right)
    one, other = left["birth"].to_numpy(), right["birth"].to_numpy()
    known = ~np.isnat(one) & ~np.isnat(other)
    another_birth = known & (one != other)
    others = ((alike < NAMES_DIFFER) & another_birth) | ((alike < NAMES_DIFFER / 2) & ~known)
    return np.asarray(others, dtype=bool)


def _match_likely(candidates: pd.DataFrame, enrolled: pd.DataFrame, state: _State) -> None:
    """Match who is left by name, date of birth, village and what is left of the identity."""
    left, right = np.flatnonzero(state.waiting()), np.flatnonzero(state.free)
    if not len(left) or not len(right):
        return
    mine, theirs = candidates[list(COMPARED)].iloc[left], enrolled[list(COMPARED)].iloc[right]
    pairs = find_pairs(mine, theirs)
    if pairs.empty:
        return
    pairs = pairs.assign(odds=score_pairs(pairs, mine, theirs))
    chosen = _one_to_one(pairs[pairs["odds"] >= LEAST])
    at, partner = left[chosen["left"].to_numpy()], right[chosen["right"].to_numpy()]
    likelihood = 1 / (1 + np.exp(-chosen["odds"].to_numpy()))
    sure = (chosen["odds"] >= COVERED).to_numpy()
    alone = chosen["alone"].to_numpy()
    for mask, outcome, how in (
        (sure & alone, "covered", "likely"),
        (sure & ~alone, "check", "several"),
        (~sure, "check", "unsure"),
    ):
        state.record(at[mask], partner[mask], outcome, how, likelihood[mask])


# A rival within this much of the odds leaves the question open.
_CLEAR: Final = 3.0


def _one_to_one(pairs: pd.DataFrame) -> pd.DataFrame:
    """Find the best pair of each candidate, no person twice, and whether no rival comes near."""
    ordered = pairs.sort_values(["odds", "left", "right"], ascending=[False, True, True])
    ordered = ordered.reset_index(drop=True)
    rival = np.zeros(len(ordered), dtype=bool)
    near = ordered["odds"]
    for side in ("left", "right"):
        best = near.groupby(ordered[side]).transform("max")
        second = near.where(ordered[side].duplicated()).groupby(ordered[side]).transform("max")
        rival |= ((second > best - _CLEAR) & (near > best - _CLEAR)).to_numpy()
    ordered["alone"] = ~rival
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    kept = []
    for at, (one, other) in enumerate(
        zip(ordered["left"].tolist(), ordered["right"].tolist(), strict=True)
    ):
        if one not in taken_left and other not in taken_right:
            taken_left.add(one)
            taken_right.add(other)
            kept.append(at)
    return ordered.iloc[kept]


def _note_inactive(candidates: pd.DataFrame, enrolled: pd.DataFrame, state: _State) -> None:
    """Who is found among inactive members alone is not covered, and that is said."""
    for column in ("nik", "card"):
        left, right = _pair_equal(candidates, enrolled, column, state, active=False)
        state.record(left, right, "not_covered", "inactive", 1.0)
